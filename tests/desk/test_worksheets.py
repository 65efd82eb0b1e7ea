"""Worksheet pages: saving, checking and importing rows."""

from __future__ import annotations

import csv
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from tests.helpers.desk_data import (
    APP,
    FAIR,
    KEYWORDS,
    MONTH,
    SHEET,
    VOCABULARY,
    client_of,
    desk_in,
)
from tests.helpers.workbooks import BOOK, STYLES, edited, replaced
from wildcrawl.analysis.vocabulary import Vocabulary
from wildcrawl.desk.drafts import Drafts, key_of
from wildcrawl.tabular.worksheet import (
    ADS,
    SEARCH,
    Filled,
    WorksheetSite,
    read_worksheet,
    write_worksheet,
)

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from wildcrawl.desk import Desk

TERMS = [keyword.term for keyword in KEYWORDS]
JSON = {"Accept": "application/json"}
HOSTILE = '"><script>alert(1)</script><img src=http://seller.example/x>'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path)


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    return client_of(desk)


def save(client: FlaskClient, key: str = "", **typed: str) -> str:
    """Saves a row as the page's script does; returns the new key."""
    answer = client.post(f"{SHEET}/row", data={"key": key, **typed}, headers=JSON)
    assert answer.status_code == 200
    return str(answer.get_json()["key"])


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


# Reading


def test_the_first_page_lists_every_site_and_how_far_its_worksheet_is(
    client: FlaskClient,
) -> None:
    client.post(f"{SHEET}/tick", data={"term": "果冻", "tick": "x"})
    save(client, found_by="象牙", title="老象牙")
    save(client, found_by="象牙", title="老象牙", age_claim="ancient")
    page = text_of(client, "/")
    # The table without a searched site comes last.
    assert page.index(">Antiques fair<") < page.index("Searched by hand") < page.index(">An app<")
    assert "<strong>2 of 3 searched</strong>" in page
    assert "1 mistake<" in page
    save(client, found_by="象牙", title="老象牙", age_claim="ancient", images="x")
    assert "3 mistakes<" in text_of(client, "/")
    sheet = text_of(client, f"{SHEET}/")
    assert '<span class="soft">code word; mostly legal use</span>' in sheet
    chinese = client.get(f"{SHEET}/", headers={"Accept-Language": "zh"}).text
    assert '<span class="soft">暗语；多为合法用法</span>' in chinese
    assert "not started" in page
    # A site that a machine searches needs none.
    empty = text_of(client, "/?month=2026-10").split(">Antiques fair<")[1].split("</table>")[0]
    assert "not started" not in empty


def test_a_keyword_has_its_ready_link_or_the_steps(client: FlaskClient) -> None:
    page = text_of(client, f"{SHEET}/keyword?term=象牙")
    link = "https://fair.example/s?q=%E8%B1%A1%E7%89%99"
    assert f'href="{link}" target="_blank" rel="noreferrer noopener"' in page
    assert "Look through the three halls." in page
    by_app = text_of(client, f"/worksheets/app/{MONTH}/keyword?term=象牙")
    assert "fair.example" not in by_app
    assert '<details class="steps" open>' in by_app
    assert 'Open the app (<span lang="zh">应用</span>).' in by_app


@pytest.mark.parametrize("address", ["", "keyword?term=象牙", "rows"])
def test_a_page_reads_its_worksheet_once(
    client: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    save(client, found_by="象牙", title="老象牙")
    read: list[str] = []
    load = desk.drafts.load

    def counted(site: WorksheetSite, month: str) -> Filled:
        read.append(month)
        return load(site, month)

    monkeypatch.setattr(desk.drafts, "load", counted)
    assert client.get(f"{SHEET}/{address}").status_code == 200
    assert read == [MONTH]


def test_drop_downs_offer_what_may_be_written_in_both_languages(client: FlaskClient) -> None:
    page = text_of(client, f"{SHEET}/keyword?term=象牙")
    for value, shown in (
        ("worked_carved", "worked, carved"),
        ("old", "old"),
        ("fake", "fake"),
    ):
        assert f'<option value="{value}">{shown}</option>' in page
    assert 'type="checkbox" name="species" value="rhino_horn"' in page


def test_texts_of_sellers_are_escaped(client: FlaskClient) -> None:
    save(client, found_by="象牙", title=HOSTILE, url="javascript:alert(1)", description=HOSTILE)
    for page in ("/", f"{SHEET}/", f"{SHEET}/rows", f"{SHEET}/keyword?term=象牙"):
        page = text_of(client, page)
        assert "<script>alert" not in page
        assert "<img" not in page
        assert 'href="javascript' not in page


# Saving


def test_filled_in_rows_survive_a_restart(desk: Desk) -> None:
    first = client_of(desk)
    first.post(f"{SHEET}/tick", data={"term": "犀角", "tick": "x"})
    save(first, found_by="象牙", title="=1+1", description="两行\r\n文字", species="ivory")
    page = text_of(client_of(desk), f"{SHEET}/keyword?term=象牙")
    assert 'value="=1+1"' in page
    assert "两行\n文字" in page
    assert 'value="ivory" checked' in page
    filled = desk.drafts.load(FAIR, MONTH)
    assert filled.ticks == {"犀角": "x"}
    typed = {"found_by": "象牙", "title": "=1+1", "description": "两行\n文字", "species": "ivory"}
    assert filled.rows == [typed | {"found_at": "2026-11-24"}]


def test_an_edited_row_stays_one_row(client: FlaskClient, desk: Desk) -> None:
    key = save(client, found_by="象牙", title="老")
    key = save(client, key, found_by="象牙", title="老象牙")
    key = save(client, key, found_by="象牙", title="老象牙", price="￥1200")
    assert desk.drafts.load(FAIR, MONTH).rows == [
        {"found_by": "象牙", "title": "老象牙", "price": "￥1200"}
    ]
    assert save(client, key, found_by="象牙", title="", price="") == ""
    assert desk.drafts.load(FAIR, MONTH).rows == []


def test_a_row_that_another_window_has_changed_loses_neither(
    client: FlaskClient, desk: Desk
) -> None:
    key = save(client, found_by="象牙", title="老象牙")
    save(client, key, found_by="象牙", title="老象牙", price="100")
    save(client, key, found_by="象牙", title="老象牙", seller="某")
    prices = [(row.get("price"), row.get("seller")) for row in desk.drafts.load(FAIR, MONTH).rows]
    assert prices == [("100", None), (None, "某")]


def test_many_windows_at_once_lose_nothing(desk: Desk) -> None:
    def fill(number: int, window: FlaskClient) -> None:
        for each in range(5):
            save(window, found_by="象牙", title=f"老象牙 {number}-{each}")

    # Made here: Python 3.11's ast.parse, with which an app compiles its routes, fails in threads.
    windows = [client_of(desk) for _ in range(4)]
    threads = [threading.Thread(target=fill, args=each) for each in enumerate(windows)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    titles = {row["title"] for row in desk.drafts.load(FAIR, MONTH).rows}
    assert titles == {f"老象牙 {number}-{each}" for number in range(4) for each in range(5)}


def test_a_new_row_is_found_on_the_day_it_is_written_down(client: FlaskClient, desk: Desk) -> None:
    typed = {"found_by": "象牙", "title": "老象牙"}
    answer = client.post(f"{SHEET}/row", data=typed, headers=JSON).get_json()
    assert answer["found_at"] == "2026-11-24"
    assert desk.drafts.load(FAIR, MONTH).rows == [typed | {"found_at": "2026-11-24"}]
    # Worksheets of past months are filled in later, on an unknown day.
    client.post("/worksheets/fair/2026-10/row", data=typed)
    assert desk.drafts.load(FAIR, "2026-10").rows == [typed]


def test_a_keyword_that_ended_is_listed_in_its_months_only(tmp_path: Path) -> None:
    ended = replace(KEYWORDS[1], until="2026-10")
    groups = {**VOCABULARY.groups}
    groups["ivory"] = replace(groups["ivory"], keywords=(KEYWORDS[0], ended))
    vocabulary = Vocabulary(groups)
    desk = desk_in(tmp_path)
    desk = replace(desk, vocabulary=vocabulary, drafts=Drafts(desk.drafts.folder, vocabulary))
    client = client_of(desk)
    assert "of 3</strong>" in client.get("/worksheets/fair/2026-10/").text
    assert "of 2</strong>" in client.get(f"{SHEET}/").text
    assert client.get(f"{SHEET}/keyword?term=果冻").status_code == 404
    late = {"found_by": "果冻", "title": "果冻料手镯"}
    client.post(f"{SHEET}/row", data=late)
    assert "is not a keyword" not in client.get(f"{SHEET}/rows").text
    assert "without a valid keyword" not in client.get(f"{SHEET}/").text
    listed = csv.DictReader(
        client.get(f"{SHEET}/worksheet.csv").get_data().decode("utf-8-sig").splitlines()
    )
    assert [row["found_by"] for row in listed if not row["title"]] == ["象牙", "犀角"]


def test_a_removed_row_can_be_put_back(client: FlaskClient, desk: Desk) -> None:
    row = {"found_by": "象牙", "title": "老象牙", "description": "一\n二", "note": '"quoted"'}
    row["found_at"] = "2026-11-03"
    key = save(client, **row)
    page = client.post(f"{SHEET}/remove", data={"key": key, "from": "象牙"}).text
    assert desk.drafts.load(FAIR, MONTH).rows == []
    assert "Restore the row" in page
    assert "&#34;quoted&#34;" in page
    save(client, **row)
    assert desk.drafts.load(FAIR, MONTH).rows == [row]
    gone = client.post(f"{SHEET}/remove", data={"key": "nothing"})
    assert "changed or removed in another window" in gone.text


def test_without_a_script_a_save_goes_back_to_the_keyword(client: FlaskClient) -> None:
    answer = client.post(
        f"{SHEET}/row", data={"key": "", "from": "象牙", "found_by": "象牙", "title": "老"}
    )
    assert answer.status_code == 302
    assert answer.location == f"{SHEET}/keyword?term=%E8%B1%A1%E7%89%99#new"
    ticked = client.post(f"{SHEET}/tick", data={"term": "果冻", "tick": "x"})
    assert ticked.location == f"{SHEET}/"
    client.post(f"{SHEET}/tick", data={"term": "果冻"})
    assert "0 of 3" not in text_of(client, f"{SHEET}/")
    assert "1</span> of 3" in text_of(client, f"{SHEET}/")


def test_a_broken_draft_is_reported_and_not_changed(client: FlaskClient, desk: Desk) -> None:
    path = desk.drafts.path(FAIR, MONTH)
    path.parent.mkdir()
    path.write_text("site,found_by,nothing_found\nfair,象牙,x\nfair,x\n", encoding="utf-8")
    before = path.read_bytes()
    answer = client.post(f"{SHEET}/tick", data={"term": "果冻", "tick": "x"})
    assert answer.status_code == 500
    assert "line 3" in answer.text
    assert path.name in text_of(client, "/")
    assert path.read_bytes() == before


# Mistakes


def test_a_mistake_is_reported_beside_its_field_when_saving(client: FlaskClient) -> None:
    typed = {"found_by": "象牙", "title": "老象牙", "images": "lots", "age_claim": "ancient"}
    answer = client.post(f"{SHEET}/row", data=typed, headers=JSON).get_json()
    assert set(answer["mistakes"]) == {"images", "age_claim"}
    assert "is not a whole number" in answer["mistakes"]["images"]
    page = text_of(client, f"{SHEET}/keyword?term=象牙")
    assert "&#39;lots&#39; is not a whole number" in page
    assert '<option value="ancient" selected>ancient</option>' in page
    assert page.count('aria-invalid="true"') == 2


def test_a_tick_with_rows_is_reported(client: FlaskClient) -> None:
    save(client, found_by="象牙", title="老象牙")
    ticked = client.post(f"{SHEET}/tick", data={"term": "象牙", "tick": "x"}, headers=JSON)
    assert "remove the tick" in ticked.get_json()["mistakes"][""]
    assert "remove the tick" in text_of(client, f"{SHEET}/")


def test_a_row_without_a_keyword_is_not_out_of_sight(client: FlaskClient) -> None:
    save(client, found_by="", title="老象牙")
    save(client, found_by="不在表中", title="牙雕")
    assert "2 rows without a valid keyword" in text_of(client, f"{SHEET}/")
    page = text_of(client, f"{SHEET}/rows")
    assert "found_by is empty" in page
    assert "is not a keyword of the vocabulary" in page


@pytest.mark.parametrize(
    "address",
    [
        "/worksheets/nowhere/2026-11/",
        "/worksheets/fair/2026-13/",
        "/worksheets/fair/..%2f..%2fetc/",
        f"{SHEET}/keyword?term=unknown",
        f"{SHEET}/worksheet.pdf",
        "/static/../app.py",
        "/?month=may",
    ],
)
def test_missing_sites_and_months_are_404(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


# Importing


def test_the_downloads_hold_what_is_filled_in(client: FlaskClient, tmp_path: Path) -> None:
    save(client, found_by="象牙", title="老象牙", verdict="valid")
    client.post(f"{SHEET}/tick", data={"term": "犀角", "tick": "x"})
    for ending in ("xlsx", "csv"):
        answer = client.get(f"{SHEET}/worksheet.{ending}")
        assert f"worksheet-fair-{MONTH}.{ending}" in answer.headers["Content-Disposition"]
        path = tmp_path / f"down.{ending}"
        path.write_bytes(answer.data)
        sheet = read_worksheet(path, FAIR, TERMS, desk_in(tmp_path).vocabulary.groups)
        assert [ad.title for ad in sheet.records] == ["老象牙"]
        assert (sheet.searched, sheet.unsearched) == (["象牙", "犀角"], ["果冻"])
    book = load_workbook(tmp_path / "down.xlsx")
    assert [book[ADS]["C2"].value, book[SEARCH]["F4"].value] == ["老象牙", "x"]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_an_uploaded_worksheet_is_merged(
    client: FlaskClient, desk: Desk, tmp_path: Path, ending: str
) -> None:
    save(client, found_by="象牙", title="老象牙", found_at="2026-11-03")
    client.post(f"{SHEET}/tick", data={"term": "犀角", "tick": "x"})
    there = {"found_by": "象牙", "title": "老象牙", "found_at": "2026-11-03"}
    new = {"found_by": "果冻", "title": "=1+1", "verdict": "maybe"}
    path = tmp_path / f"from Wang.{ending}"
    other = Filled({"犀角": "perhaps", "果冻": "x"}, [there, new])
    write_worksheet(path, FAIR, KEYWORDS, desk.vocabulary.groups, other)
    for _ in range(2):
        given = {"file": (BytesIO(path.read_bytes()), path.name)}
        assert client.post(f"{SHEET}/take-in", data=given).status_code == 302
        filled = desk.drafts.load(FAIR, MONTH)
        assert filled == Filled({"犀角": "x", "果冻": "x"}, [there, new])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("w.pdf", b"%PDF", "w.pdf is not a worksheet; give an .xlsx or .csv file"),
        ("w.xlsx", b"no zip", "w.xlsx is not an XLSX workbook"),
        ("w.csv", b"site,found_by,nothing_found\nmall,x,\n", "is a worksheet of &#39;mall&#39;"),
        ("", b"", "No file was uploaded; choose an XLSX or CSV file."),
    ],
)
def test_an_upload_that_is_not_a_worksheet_of_the_site_is_refused(
    client: FlaskClient, desk: Desk, name: str, content: bytes, message: str
) -> None:
    answer = client.post(f"{SHEET}/take-in", data={"file": (BytesIO(content), name)})
    assert answer.status_code == 400
    assert message in answer.text
    assert "/tmp" not in answer.text
    assert not desk.drafts.path(FAIR, MONTH).exists()


def odd_styles(path: Path) -> None:
    edited(path, {STYLES: lambda text: re.sub("<fills[ >]", "<fills><fill/></fills>\\g<0>", text)})


def chart_sheet(path: Path) -> None:
    edited(path, {BOOK: replaced("<sheets>", '<sheets><sheet name="图" sheetId="99"/>')})


def as_csv_name(path: Path) -> None:
    """The same workbook under the name of another kind of file."""


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("w.xlsx", odd_styles),
        ("w.xlsx", chart_sheet),
        ("w.csv", as_csv_name),
        ("w.xls", as_csv_name),
    ],
)
def test_an_odd_workbook_can_be_uploaded(
    client: FlaskClient, desk: Desk, tmp_path: Path, name: str, change: Callable[[Path], None]
) -> None:
    row = {"found_by": "象牙", "title": "老象牙", "verdict": "有效"}
    path = tmp_path / "w.xlsx"
    write_worksheet(path, FAIR, KEYWORDS, desk.vocabulary.groups, Filled({"犀角": "x"}, [row]))
    change(path)
    answer = client.post(f"{SHEET}/take-in", data={"file": (BytesIO(path.read_bytes()), name)})
    assert answer.status_code == 302
    assert desk.drafts.load(FAIR, MONTH) == Filled({"犀角": "x"}, [row])


def test_a_row_that_an_uploaded_workbook_hides_is_taken_in_and_said(
    client: FlaskClient, desk: Desk, tmp_path: Path
) -> None:
    row = {"found_by": "象牙", "title": "老象牙"}
    path = tmp_path / "w.xlsx"
    write_worksheet(path, FAIR, KEYWORDS, desk.vocabulary.groups, Filled({}, [row]))
    opened = load_workbook(path)
    opened["Advertisements"].row_dimensions[2].hidden = True
    opened.save(path)
    data = {"file": (BytesIO(path.read_bytes()), "w.xlsx")}
    page = client.post(f"{SHEET}/take-in", data=data).get_data(as_text=True)
    assert "hidden rows of sheet" in page
    assert "(lines 2)" in page
    assert desk.drafts.load(FAIR, MONTH) == Filled({}, [row])


def test_no_damaged_workbook_is_an_error_of_the_desk(
    client: FlaskClient, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "w.xlsx"
    write_worksheet(path, FAIR, KEYWORDS, desk.vocabulary.groups, Filled())
    whole = path.read_bytes()
    with ZipFile(path) as file:
        parts = [name for name in file.namelist() if name.startswith("xl/")]
    damaged = [whole[: len(whole) // 2], whole.replace(b"sheet1", b"sheet7"), b"", whole[:4]]
    for part in parts:
        path.write_bytes(whole)
        edited(path, {part: lambda text: text[: len(text) // 2]})
        damaged.append(path.read_bytes())
    for content in damaged:
        for name in ("w.xlsx", "w.xls", "w.ods"):
            data = {"file": (BytesIO(content), name)}
            answer = client.post(f"{SHEET}/take-in", data=data)
            assert answer.status_code in (302, 400), answer.text
            assert "/tmp" not in answer.text


def test_importing_passes_the_content_and_shows_mistakes_and_gaps(
    client: FlaskClient,
) -> None:
    key = save(client, found_by="象牙", title="老象牙", images="lots")
    page = client.post(f"{SHEET}/read-in").text
    assert "fair with 1 rows" in page
    assert "is not a whole number" in page
    assert page.count("keyword?term=") == 3
    save(client, key, found_by="象牙", title="老象牙", images="3")
    assert client.post(f"{SHEET}/read-in").text.count("keyword?term=") == 2


# Access


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.2"])
def test_a_foreign_host_name_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_cannot_change_anything(
    client: FlaskClient, desk: Desk, headers: dict[str, str]
) -> None:
    for action in ("tick", "row", "remove", "take-in", "read-in"):
        data = {"term": "象牙", "tick": "x", "title": "x", "found_by": "象牙"}
        answer = client.post(f"{SHEET}/{action}", data=data, headers=headers)
        assert answer.status_code == 403
    assert not desk.drafts.path(FAIR, MONTH).exists()


def test_the_desks_own_pages_can(client: FlaskClient) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    data = {"term": "象牙", "tick": "x"}
    assert client.post(f"{SHEET}/tick", data=data, headers=headers).status_code == 302


def test_another_machine_is_refused(client: FlaskClient) -> None:
    assert client.get("/", environ_base={"REMOTE_ADDR": "192.168.0.3"}).status_code == 403


@pytest.mark.parametrize("address", ["/", f"{SHEET}/", "/nowhere", "/static/desk.js"])
def test_every_answer_says_what_a_page_may_load(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_rows_are_identified_by_their_content() -> None:
    assert key_of({"title": "a", "url": "b"}) == key_of({"url": "b", "title": "a"})
    assert key_of({"title": "a"}) != key_of({"url": "a"})
    assert APP.link("象牙") == ""
