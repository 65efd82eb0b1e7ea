"""Round trips: an export opened, judged and saved in a spreadsheet, and read back."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.helpers.spreadsheets import (
    MAY,
    advertisements,
    brought_back,
    converted,
    excel,
    exported,
    soffice,
    table_of,
    typed_verdicts,
    write_book,
    write_csv,
)
from tests.helpers.store_fixtures import SQLITE_DAILY
from wildcrawl.analysis.return_keys import return_key
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.store import Store, open_store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.merge import TYPED_VERDICT
from wildcrawl.store.return_keys import KeysOfStore
from wildcrawl.tabular.keyed import Stored, other_advertisement
from wildcrawl.tabular.records import Record, read_records

NUMBER = 200
ON_MONGODB = 24
"""Advertisements there: the files are the same, and each verdict is searched through them all."""
Rows = list[list[str]]


@pytest.fixture
def full(store: Store, store_url: str) -> Store:
    """A store with NUMBER pending advertisements, or on MongoDB with ON_MONGODB."""
    number = NUMBER if store_url.startswith("sqlite") else ON_MONGODB
    store.record(list(advertisements(number)), "run-1")
    return store


def rows_of(store: Store, folder: Path) -> Rows:
    """The rows of advertisements.csv."""
    return table_of(exported(store, folder / "report")[0])


def assert_all_judged(store: Store, before: dict[str, Advertisement], verdict: str) -> None:
    """Every advertisement has the verdict, once in its history, and nothing else has changed."""
    after = {ad.ad_id: ad for ad in store.advertisements()}
    assert Counter(ad.verdict for ad in after.values()) == {verdict: len(before)}
    assert list(store.pending()) == []
    for ad in after.values():
        given = [(change.field, change.old, change.new) for change in ad.history]
        assert given == [(TYPED_VERDICT, "pending", verdict)]
        ad.verdict, ad.history = "pending", []
    assert after == before


def as_csv(path: Path, rows: Rows) -> Path:
    return write_csv(path, rows, "utf-8-sig")


SAVED = {
    "Excel, CSV UTF-8": lambda folder, rows: as_csv(folder / "a.csv", rows),
    "Excel, CSV in China": lambda folder, rows: write_csv(folder / "a.csv", rows, "gb18030"),
    "Excel in Europe": lambda folder, rows: write_csv(folder / "a.csv", rows, "utf-8-sig", ";"),
    "Excel, Unicode text": lambda folder, rows: write_csv(folder / "a.txt", rows, "utf-16", "\t"),
    "WPS, workbook": lambda folder, rows: write_book(folder / "a.xlsx", rows),
    "Google Sheets, TSV": lambda folder, rows: write_csv(folder / "a.tsv", rows, "utf-8", "\t"),
}


@SQLITE_DAILY
@pytest.mark.parametrize("program", SAVED)
def test_all_verdicts_reach_their_advertisements(full: Store, tmp_path: Path, program: str) -> None:
    before = {ad.ad_id: ad for ad in full.advertisements()}
    rows = typed_verdicts(
        [[excel(cell) for cell in row] for row in rows_of(full, tmp_path)], "有效"
    )
    path = SAVED[program](tmp_path, rows)
    assert sum(row[1] not in before for row in rows[1:]) > len(before) // 3
    assert brought_back(full, path) == []
    assert_all_judged(full, before, "valid")
    # Read again, nothing changes.
    assert brought_back(full, path) == []
    assert_all_judged(full, before, "valid")


@SQLITE_DAILY
def test_a_few_columns_with_the_key_are_enough(full: Store, tmp_path: Path) -> None:
    before = {ad.ad_id: ad for ad in full.advertisements()}
    rows = rows_of(full, tmp_path)
    key = rows[0].index("key")
    some = [["识别码", "判定"], *([row[key].lower(), "无效"] for row in reversed(rows[1:]))]
    assert brought_back(full, as_csv(tmp_path / "a.csv", some)) == []
    assert_all_judged(full, before, "irrelevant")


@SQLITE_DAILY
def test_a_file_without_the_key_column_is_read_by_its_ids(full: Store, tmp_path: Path) -> None:
    before = {ad.ad_id: ad for ad in full.advertisements()}
    rows = typed_verdicts(rows_of(full, tmp_path), "valid")
    assert brought_back(full, as_csv(tmp_path / "a.csv", [row[:-1] for row in rows])) == []
    after = {ad.ad_id: ad for ad in full.advertisements()}
    assert after.keys() == before.keys()
    assert {ad.verdict for ad in after.values()} == {"valid"}


# Keys that do not fit


def small(store: Store, number: int = 3) -> None:
    ads = [
        Advertisement("mall", f"00{n}", f"https://m.example/{n}", f"老象牙手镯 {n}号")
        for n in range(number)
    ]
    for ad in ads:
        ad.found_at, ad.species, ad.relevance = MAY, ["ivory"], "likely"
    store.record(ads, "run-1")


HEADER = ["key", "site", "ad_id", "url", "title", "verdict"]


def row(number: int, verdict: str = "valid", **given: str) -> list[str]:
    cells = {
        "key": return_key("mall", f"00{number}"),
        "site": "mall",
        "ad_id": str(number),
        "url": f"https://m.example/{number}",
        "title": f"老象牙手镯 {number}号",
        "verdict": verdict,
    }
    return [*(cells | given).values()]


def back(store: Store, folder: Path, *rows: list[str]) -> list[str]:
    path = as_csv(folder / "a.csv", [HEADER, *rows])
    return [str(rejection) for rejection in brought_back(store, path)]


def verdicts(store: Store) -> dict[str, str]:
    return {ad.ad_id: ad.verdict for ad in store.advertisements()}


PENDING = dict.fromkeys(("000", "001", "002"), "pending")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"key": "BCDFGHJKMNPQRSTV"}, "line 2: key: 'BCDFGHJKMNPQRSTV' is damaged"),
        ({"key": "6.12346E+11"}, "line 2: key: '6.12346E+11' is damaged"),
        ({"key": return_key("mall", "777")}, "is of no advertisement in this store"),
        ({"url": "https://m.example/9", "title": "猛犸象牙"}, "are another advertisement's"),
    ],
)
def test_a_key_that_does_not_fit_rejects_its_row(
    store: Store, tmp_path: Path, given: dict[str, str], reason: str
) -> None:
    small(store)
    (rejection,) = back(store, tmp_path, row(1, **given))
    assert reason in rejection
    assert verdicts(store) == PENDING


@pytest.mark.parametrize(
    "given",
    [
        {"title": "1-12"},
        {"url": "查看"},
        {"url": "", "title": ""},
        {"site": "淘宝"},
        {"ad_id": "6.12346E+11"},
        {"ad_id": ""},
    ],
)
def test_a_key_outweighs_damaged_cells(store: Store, tmp_path: Path, given: dict[str, str]) -> None:
    small(store)
    assert back(store, tmp_path, row(1, **given)) == []
    assert verdicts(store) == PENDING | {"001": "valid"}
    ads = {ad.ad_id: ad for ad in store.advertisements()}
    assert (ads["001"].url, ads["001"].title) == ("https://m.example/1", "老象牙手镯 1号")


def test_a_row_with_an_empty_key_is_a_new_advertisement(store: Store, tmp_path: Path) -> None:
    small(store)
    assert back(store, tmp_path, row(8, key=""), row(1)) == []
    assert verdicts(store) == PENDING | {"001": "valid", "8": "valid"}


def test_an_export_of_another_store_is_new_here_and_said(store: Store, tmp_path: Path) -> None:
    small(store)
    path = as_csv(tmp_path / "a.csv", [HEADER, row(1), row(7, ad_id="007"), row(8, ad_id="008")])
    records = read_records(path, ["ivory"], finder=KeysOfStore(store))
    assert all(isinstance(record, Record) for record in records)
    (note,) = records.notes
    assert note.startswith("2 rows have keys that this store does not know (lines 3, 4)")
    assert brought_back(store, path) == []
    assert verdicts(store) == PENDING | {"001": "valid", "007": "valid", "008": "valid"}


def test_a_row_reused_for_another_advertisement_is_rejected(store: Store, tmp_path: Path) -> None:
    small(store)
    other = {"ad_id": "001", "url": "https://m.example/77", "title": "猛犸象牙摆件"}
    (rejection,) = back(store, tmp_path, row(1, **other), row(2, ad_id="002", title="2-12"))
    assert "but the title and the url are another advertisement's" in rejection
    assert verdicts(store) == PENDING | {"002": "valid"}


@SQLITE_DAILY
@pytest.mark.parametrize(
    ("encoding", "keyed"),
    [("utf-8-sig", True), ("gbk", True), ("gbk", False), ("cp1252", False)],
)
def test_verdicts_on_hidden_contacts_come_back_and_no_text_is_replaced(
    store: Store, tmp_path: Path, encoding: str, *, keyed: bool
) -> None:
    small(store)
    (ad,) = [each for each in store.advertisements() if each.ad_id == "001"]
    ad.title, ad.url = "🐘牙雕❤️𠮷 电话13800138000", "https://m.example/1?tel=13800138000"
    ad.seller = "加微信abc12345"
    ad.description = "老料💰💰,可小刀"
    store.record([ad], "run-2")
    before = {each.ad_id: each for each in store.advertisements()}
    rows = typed_verdicts(rows_of(store, tmp_path), "valid")
    assert "13800138000" not in str(rows)
    # What a charset lacks, a spreadsheet writes as a question mark.
    rows = [[cell.encode(encoding, "replace").decode(encoding) for cell in row] for row in rows]
    if not keyed:
        rows = [row[:place] + row[place + 1 :] for row in rows for place in [rows[0].index("key")]]
    assert brought_back(store, write_csv(tmp_path / "a.csv", rows, encoding)) == []
    after = {each.ad_id: each for each in store.advertisements()}
    assert {each.verdict for each in after.values()} == {"valid"}
    for name in ("title", "original_title", "url", "seller", "description", "found_by", "species"):
        assert [getattr(each, name) for each in after.values()] == [
            getattr(each, name) for each in before.values()
        ]


def test_two_verdicts_for_one_advertisement_are_a_contradiction(
    store: Store, tmp_path: Path
) -> None:
    small(store)
    (rejection,) = back(store, tmp_path, row(1), row(2), row(1, "fake"), row(2), row(0, "pending"))
    assert rejection.startswith("line 4: verdict: 'fake' contradicts 'valid' in line 2")
    assert verdicts(store) == PENDING | {"001": "valid", "002": "valid"}


def test_a_verdict_of_the_desk_is_not_overruled_in_silence(store: Store, tmp_path: Path) -> None:
    small(store)
    store.judge("mall", "001", Decision(Verdict.FAKE, "anna", "", MAY + timedelta(days=1)))
    (rejection,) = back(store, tmp_path, row(1), row(2))
    assert rejection.startswith("line 2: verdict: 'valid' contradicts 'fake', given by anna")
    assert verdicts(store) == PENDING | {"001": "fake", "002": "valid"}
    assert back(store, tmp_path, row(1, "fake")) == []


def test_a_verdict_typed_before_can_be_changed_in_the_same_way(
    store: Store, tmp_path: Path
) -> None:
    small(store)
    store.record([Advertisement("mall", "001", found_at=MAY + timedelta(days=9))], "run-2")
    for verdict in ("valid", "fake"):
        assert back(store, tmp_path, row(1, verdict)) == []
        assert verdicts(store) == PENDING | {"001": verdict}


# What comes back changes decisions alone


def test_tags_are_a_persons_word_only_where_the_person_changed_them(
    store: Store, tmp_path: Path
) -> None:
    small(store)
    rows = rows_of(store, tmp_path)
    species, product = rows[0].index("species"), rows[0].index("product_type")
    rows[1][species], rows[2][product] = "犀角", "原料"
    assert brought_back(store, as_csv(tmp_path / "a.csv", rows)) == []
    ads = sorted(store.advertisements(), key=lambda ad: ad.ad_id)
    assert [ad.by_person for ad in ads] == [["species"], ["product_type"], []]
    assert [ad.species for ad in ads] == [["rhino_horn"], ["ivory"], ["ivory"]]


def test_empty_and_cut_cells_change_nothing(store: Store, tmp_path: Path) -> None:
    long = Advertisement("mall", "1", "https://m.example/1", "老象牙", found_at=MAY)
    long.description = "象牙" * 20_000 + "🐅" * 100
    long.image_urls = [f"https://m.example/{n:06}.jpg" for n in range(2_000)]
    long.species, long.relevance = ["ivory"], "likely"
    store.record([long], "run-1")
    (before,) = store.advertisements()
    listed, report = exported(store, tmp_path / "report")
    rows = typed_verdicts(table_of(listed), "valid")
    cut = [[cell[:32_767] for cell in row] for row in rows]
    bare = [rows[0], ["" if place > 2 else cell for place, cell in enumerate(rows[1][:-1])]]
    bare[1].append(rows[1][-1])
    for keyed in (True, False):
        for number, table in enumerate((cut, bare)):
            path = as_csv(tmp_path / f"{number}.csv", [r if keyed else r[:-1] for r in table])
            assert brought_back(store, path) == []
    assert brought_back(store, report) == []
    (after,) = store.advertisements()
    assert (after.verdict, after.description) == ("valid", before.description)
    assert after.image_urls == before.image_urls
    assert [change.field for change in after.history] == [TYPED_VERDICT]


# A real LibreOffice


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """LibreOffice and a profile for it; skipped, or failed if required, where it is missing."""
    program = soffice()
    if program is None:
        fault = "LibreOffice is not installed; scripts/libreoffice.sh installs it on Debian"
        if os.environ.get("WILDCRAWL_REQUIRE_LIBREOFFICE") == "1":
            pytest.fail(fault)
        pytest.skip(fault)
    return program, tmp_path_factory.mktemp("profile")


@pytest.mark.slow
@pytest.mark.parametrize("target", ["xlsx", "ods", "xls", "csv"])
def test_verdicts_come_back_through_libreoffice(
    sqlite_url: str, tmp_path: Path, office: tuple[str, Path], target: str
) -> None:
    program, profile = office
    for number in range(2):
        full = open_store(f"{sqlite_url}-{number}")
        full.record(list(advertisements(NUMBER)), "run-1")
        before = {ad.ad_id: ad for ad in full.advertisements()}
        path = judged(exported(full, tmp_path / f"report{number}")[number])
        folder = tmp_path / f"saved{number}"
        folder.mkdir()
        saved = converted(program, path, target, folder, profile)
        assert brought_back(full, saved) == []
        assert_all_judged(full, before, "valid")
        full.close()


def judged(path: Path) -> Path:
    """The exported file with verdicts in it."""
    if path.suffix == ".csv":
        return as_csv(path, typed_verdicts(table_of(path), "valid"))
    opened = load_workbook(path)
    sheet = opened["advertisements"]
    place = [cell.value for cell in sheet[1]].index("verdict") + 1
    for line in range(2, sheet.max_row + 1):
        sheet.cell(line, place, "valid")
    opened.save(path)
    return path


@pytest.mark.parametrize(
    ("url", "title", "is_other"),
    [
        ("", "", False),
        ("http://m.example/1/", "", False),
        # The beginning of a title is enough if it is long.
        ("https://m.example/9", "老象牙手镯 民国 圈口58 包", False),
        ("", "老象牙手镯　民国，圈口５８ 包浆", False),
        ("", "老象牙手镯", True),
        ("", "老象牙方章 清代 高6厘米 重80克", True),
        ("https://m.example/9", "", True),
        ("https://m.example/1", "猛犸象牙摆件", False),
    ],
)
def test_a_row_is_of_the_stored_advertisement_by_its_address_or_title(
    url: str, title: str, *, is_other: bool
) -> None:
    stored = Stored("mall", "001", "https://m.example/1", "老象牙手镯 民国 圈口58 包浆")
    assert bool(other_advertisement(stored, url, title)) == is_other
