"""Languages and keys of the desk: chosen once, complete, and safe against damaged cookies."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.desk.test_screening import ad, keep
from tests.helpers.desk_data import SHEET, client_of, desk_in
from wildcrawl.desk.keys import DEFAULTS, KeysError, checked, cookie_of, keys_of

PAGES = ("/", "/screen/", "/preferences", "/screen/session", f"{SHEET}/", f"{SHEET}/rows",
         f"{SHEET}/keyword?term=象牙", "/nowhere", "/sellers", "/advertisements",
         "/screen/group?site=fair&ad_id=1", "/surveys/")  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def words_of(page: str, *, without_lang: str = "") -> str:
    """The text of a page, without the elements in the language `without_lang`."""
    page = re.sub(r"<(script|style|title).*?</\1>", "", page, flags=re.DOTALL)
    if without_lang:
        page = re.sub(
            rf'<(\w+)[^>]* lang="{without_lang}"[^>]*>.*?</\1>', "", page, flags=re.DOTALL
        )
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_every_page_is_in_one_language_and_says_where_it_is_another(tmp_path: Path) -> None:
    keep(tmp_path, ad("1", "Carving", found_by=[], terms=[], price=""))
    client = client_of(desk_in(tmp_path))
    for page in PAGES:
        english = client.get(page, headers={"Accept-Language": "de,en;q=0.8,zh;q=0.5"}).text
        chinese = client.get(page, headers={"Accept-Language": "zh-Hans-CN,en;q=0.8"}).text
        assert '<html lang="en"' in english, page
        assert '<html lang="zh"' in chinese, page
        shown = words_of(english, without_lang="zh")
        assert not CHINESE.search(shown), (page, shown)
        assert CHINESE.search(words_of(chinese)), page
    for word in ("Undo", "Saved", "pending", "Irrelevant", "Judged by", "Unsure", "Reason"):
        assert word not in words_of(client.get("/screen/", headers={"Accept-Language": "zh"}).text)


def test_a_chosen_language_is_kept_and_leads_back(tmp_path: Path) -> None:
    client = client_of(desk_in(tmp_path))
    answer = client.post("/language", data={"lang": "zh", "back": "/screen/?anew=1"})
    assert answer.headers["Location"] == "/screen/?anew=1"
    assert '<html lang="zh"' in client.get("/", headers={"Accept-Language": "en"}).text
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "screen", ""):
        answer = client.post("/language", data={"lang": "en", "back": elsewhere})
        assert answer.headers["Location"] == "/", elsewhere
    assert client.post("/language", data={"lang": "fr"}).status_code == 404
    assert client.get("/language?lang=zh").status_code == 405, "a link changes nothing"


def test_keys_are_letters_that_differ() -> None:
    assert keys_of(cookie_of(checked({"valid": "X"})))["valid"] == "x"
    assert set(keys_of("off").values()) == {""}
    for damaged in ("valid=", "valid=xx", "valid=i", "=&&=", "nothing=q", "valid=é"):
        assert keys_of(damaged) == DEFAULTS, damaged
    for chosen in ({"valid": "1"}, {"valid": "i"}, {"valid": ""}, {"note": "牙"}):
        with pytest.raises(KeysError):
            checked(chosen)
