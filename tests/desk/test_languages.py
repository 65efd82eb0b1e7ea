"""Languages and keys of the desk: chosen once, complete, and safe against damaged cookies."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.etree  # type: ignore[import-untyped]
import lxml.html  # type: ignore[import-untyped]
import pytest

from tests.helpers.desk_cards import ad, keep
from tests.helpers.desk_data import SHEET, client_of, desk_in
from tests.helpers.page_words import words_of
from wildcrawl.desk.keys import DEFAULTS, KeysError, checked, cookie_of, keys_of

PAGES = ("/", "/screen/", "/preferences", "/screen/session", f"{SHEET}/", f"{SHEET}/rows",
         f"{SHEET}/keyword?term=象牙", "/nowhere", "/sellers", "/advertisements",
         "/screen/group?site=fair&ad_id=1", "/surveys/")  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")


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


def unmarked(page: str) -> list[str]:
    """Chinese texts of a page that it does not mark as Chinese."""
    found = []
    for each in lxml.html.fromstring(page).find("body").iter(lxml.etree.Element):
        for text in (each.text, *(child.tail for child in each)):
            languages = [each.get("lang"), *(above.get("lang") for above in each.iterancestors())]
            if CHINESE.search(text or "") and next(filter(None, languages)) != "zh":
                found.append(f"{each.tag}: {text}")
    return found


def test_chinese_of_sellers_is_marked_on_english_pages(tmp_path: Path) -> None:
    given: dict[str, object] = {
        "description": "祖上传下来的老物件，包浆自然。" * 4,
        "price": "面议",
        "seller": "藏友",
        "location": "北京",
        "category": "古玩",
        "note": "备注",
        "original_title": "原题",
    }
    keep(tmp_path, ad("1", "老象牙手镯", **given), ad("2", "老象牙手镯", **given), ad("3", "牙雕"))
    client = client_of(desk_in(tmp_path))
    client.post(f"{SHEET}/row", data={"found_by": "象牙", "title": "老象牙", "price": "面议"})
    account = {"year": 2026, "account": "甲店", "status": "active", "formerly": "乙店"}
    client.post("/surveys/account", data=account)
    client.post("/surveys/survey", data={"survey": "2026-1", "date": "2026-05-12"})
    client.post("/screen/unsure", data={"site": "fair", "ad_id": "3", "by": "Li", "note": "疑点"})
    judged = {"site": "fair", "ad_id": "2", "by": "Li", "was": "pending", "verdict": "fake"}
    client.post("/screen/verdict", data={**judged, "note": "树脂"})
    for address in (*PAGES, "/screen/ad?site=fair&ad_id=2", "/screen/ad?site=fair&ad_id=3",
                    "/surveys/survey?survey=2026-1", "/surveys/sheet?survey=2026-1&account=甲店",
                    "/surveys/account?account=甲店&year=2026"):  # fmt: skip
        page = client.get(address, headers={"Accept-Language": "en"}).text
        assert unmarked(page) == [], address


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
