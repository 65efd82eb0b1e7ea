"""Worksheets: written for a site, filled in, read back, and their run."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.helpers.crawling import environment, scrapy
from wildcrawl.analysis.vocabulary import Group, Keyword, load_vocabulary
from wildcrawl.items import Advertisement, Run
from wildcrawl.store import open_store
from wildcrawl.tabular.tables import RecordsError
from wildcrawl.tabular.worksheet import (
    AD_COLUMNS,
    ADS,
    GUIDE,
    LISTS,
    SEARCH,
    SEARCH_COLUMNS,
    Filled,
    Worksheet,
    WorksheetError,
    WorksheetSite,
    check_filled,
    read_filled,
    read_worksheet,
    write_worksheet,
)

KEYWORDS = (
    Keyword("象牙", "ivory", "name", ambiguous=False, since="2012-01"),
    Keyword("果冻", "ivory", "code", ambiguous=True, since="2014-01"),
    Keyword("犀角", "rhino_horn", "name", ambiguous=False, since="2012-01"),
)
GROUPS = {
    "ivory": Group("ivory", "Ivory", "象牙", KEYWORDS[:2]),
    "rhino_horn": Group("rhino_horn", "Rhino horn", "犀牛角", KEYWORDS[2:]),
}
TERMS = [keyword.term for keyword in KEYWORDS]
SITE = WorksheetSite(
    "fair",
    "Antiques fair",
    "古玩集市",
    "https://fair.example/",
    "https://fair.example/s?q={keyword}&p={page}",
    "gbk",
    ["Open the link.", "Look through the three halls."],
)


def blank(tmp_path: Path, ending: str, site: WorksheetSite = SITE) -> Path:
    path = tmp_path / f"blank.{ending}"
    write_worksheet(path, site, KEYWORDS, GROUPS)
    return path


def filled_book(
    tmp_path: Path,
    ads: Sequence[Mapping[str, str | int | None]],
    ticks: dict[str, str],
    site: WorksheetSite = SITE,
) -> Path:
    """A worksheet as an analyst fills it in: rows of Advertisements, ticks in Search."""
    book = load_workbook(blank(tmp_path, "xlsx", site))
    for line, ad in enumerate(ads, start=2):
        for name, value in ad.items():
            book[ADS].cell(line, AD_COLUMNS.index(name) + 1).value = value
    for row in book[SEARCH].iter_rows(min_row=2):
        tick = ticks.get(str(row[SEARCH_COLUMNS.index("keyword")].value))
        row[SEARCH_COLUMNS.index("nothing_found")].value = tick
    path = tmp_path / "filled.xlsx"
    book.save(path)
    return path


def filled_csv(tmp_path: Path, changes: dict[str, dict[str, str]], *added: dict[str, str]) -> Path:
    """The CSV worksheet with cells changed in the row of a keyword, and rows added."""
    with blank(tmp_path, "csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    path = tmp_path / "filled.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), restval="")
        writer.writeheader()
        for row in rows:
            writer.writerow(row | changes.get(row["found_by"], {}))
        writer.writerows(added)
    return path


def read(path: Path) -> Worksheet:
    return read_worksheet(path, SITE, TERMS, GROUPS)


# Writing


def test_the_search_sheet_leads_keyword_by_keyword(tmp_path: Path) -> None:
    sheet = load_workbook(blank(tmp_path, "xlsx"))[SEARCH]
    rows = list(sheet.iter_rows(values_only=True))
    assert [str(name).split("\n")[0] for name in rows[0]] == list(SEARCH_COLUMNS)
    link = "https://fair.example/s?q=%CF%F3%D1%C0&p=1"
    assert rows[1][:4] == ("Ivory 象牙", "象牙", None, link)
    assert "Guide" in str(rows[1][4])
    assert rows[1][5] is None
    assert [row[1] for row in rows[1:]] == TERMS
    assert rows[2][2] == "code word 暗语, mostly legal use 多为合法用法"
    assert sheet["D2"].hyperlink.target == link
    assert sheet.freeze_panes == "A2"


def test_drop_downs_offer_the_allowed_words(tmp_path: Path) -> None:
    book = load_workbook(blank(tmp_path, "xlsx"))
    offered = {}
    for rule in book[ADS].data_validations.dataValidation:
        column = AD_COLUMNS[book[ADS][str(rule.sqref).split(":")[0]].column - 1]
        sheet, _, cells = rule.formula1.replace("$", "").partition("!")
        words = [row[0].value for row in book[sheet][cells]]
        offered[column] = (words, rule.showErrorMessage)
    types = (
        "raw 原材料|semi_worked 半成品|worked_carved 成品（雕刻）|worked_uncarved 成品（无雕刻）"
    )
    assert offered == {
        "found_by": (TERMS, False),
        "species": (["ivory 象牙", "rhino_horn 犀牛角"], False),
        "product_type": ([*types.split("|"), "other 其他"], True),
        "age_claim": (["old 老", "new 新"], True),
        "verdict": (["pending 待审", "valid 有效", "irrelevant 无关", "fake 虚假"], True),
    }
    assert book[LISTS].sheet_state == "hidden"
    (tick,) = book[SEARCH].data_validations.dataValidation
    assert (str(tick.sqref), tick.formula1) == ("F2:F4", '"x"')


def test_the_guide_explains_every_column_in_both_languages(tmp_path: Path) -> None:
    rows = list(load_workbook(blank(tmp_path, "xlsx"))[GUIDE].iter_rows(values_only=True))
    explained = {row[0]: row[1:] for row in rows}
    assert explained["site"] == ("网站", "fair", None)
    assert [row[2] for row in rows[5:7]] == ["Open the link.", "Look through the three halls."]
    for name in AD_COLUMNS:
        label, english, chinese = explained[name]
        assert label
        assert english
        assert chinese


@pytest.mark.parametrize(
    ("charset", "query"),
    [("gb2312", "%CF%F3%D1%C0"), ("utf-8", "%E8%B1%A1%E7%89%99"), ("big5", "%B6H%A4%FA")],
)
def test_the_link_has_the_keyword_in_the_sites_charset(charset: str, query: str) -> None:
    site = WorksheetSite("s", search_url="https://s.example/{keyword}", charset=charset)
    assert site.link("象牙") == f"https://s.example/{query}"


def test_without_a_search_of_its_own_there_is_no_link(tmp_path: Path) -> None:
    site = WorksheetSite("fair", url="https://fair.example/", steps=["Walk."])
    sheet = load_workbook(blank(tmp_path, "xlsx", site))[SEARCH]
    assert [sheet.cell(2, column).value for column in (4, 5)] == [None, "1. Walk."]


def test_a_csv_worksheet_has_a_row_for_each_keyword(tmp_path: Path) -> None:
    with blank(tmp_path, "csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["site"], row["found_by"], row["title"]) for row in rows] == [
        ("fair", term, "") for term in TERMS
    ]
    assert rows[0]["search_link"] == "https://fair.example/s?q=%CF%F3%D1%C0&p=1"


FULL = """
import resource, signal, sys
from pathlib import Path
from tests.tabular.test_worksheet import GROUPS, KEYWORDS, SITE, write_worksheet
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))
try:
    write_worksheet(Path(sys.argv[1]), SITE, KEYWORDS, GROUPS)
except OSError as error:
    print(error)
"""


def test_temporary_files_without_room_are_named_and_the_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(b"earlier")
    command = [sys.executable, "-c", FULL, str(path)]
    result = subprocess.run(
        command, env=environment(), capture_output=True, text=True, check=True, timeout=120
    )
    assert re.fullmatch(r"the folder .* cannot be written: .*TMPDIR\n", result.stdout)
    assert [each.name for each in tmp_path.iterdir()] == ["w.xlsx"]
    assert path.read_bytes() == b"earlier"


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_text_that_looks_like_a_formula_is_harmless(tmp_path: Path, ending: str) -> None:
    keyword = Keyword("=1+1", "ivory", "code", ambiguous=True, since="2014-01")
    path = tmp_path / f"w.{ending}"
    write_worksheet(path, SITE, [keyword], GROUPS)
    if ending == "xlsx":
        cell = load_workbook(path)[SEARCH]["B2"]
        assert (cell.data_type, cell.value) == ("s", "'=1+1")
    else:
        assert ",'=1+1," in path.read_text(encoding="utf-8-sig")
    assert read_worksheet(path, SITE, ["=1+1"], GROUPS).unsearched == ["=1+1"]


# Reading


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_blank_worksheet_has_no_searched_keywords(tmp_path: Path, ending: str) -> None:
    assert read(blank(tmp_path, ending)) == Worksheet(unsearched=TERMS)


AD = {
    "found_by": "象牙",
    "url": "https://fair.example/7",
    "title": "老象牙手镯",
    "price": "￥1200",
    "found_at": "2016-05-03",
    "age_claim": "old",
}


def test_a_filled_workbook_gives_its_advertisements(tmp_path: Path) -> None:
    second: dict[str, str | int] = {
        "found_by": "象牙；犀角",
        "title": "牙雕",
        "price": 580,
        "images": 3,
    }
    sheet = read(filled_book(tmp_path, [AD, {}, second], {"果冻": "X"}))
    assert sheet.rejections == []
    assert [(ad.site, ad.title, ad.price, ad.found_by) for ad in sheet.records] == [
        ("fair", "老象牙手镯", "￥1200", ["象牙"]),
        ("fair", "牙雕", "580", ["象牙", "犀角"]),
    ]
    assert sheet.records[0].by_person == ["age_claim"]
    assert sheet.records[1].images == 3
    assert (sheet.searched, sheet.unsearched) == (["象牙", "果冻", "犀角"], [])


def test_a_filled_csv_gives_the_same(tmp_path: Path) -> None:
    added = {"site": "", "found_by": "象牙", "title": "牙雕", "price": "580"}
    path = filled_csv(tmp_path, {"象牙": AD, "果冻": {"nothing_found": "x"}}, added)
    sheet = read(path)
    assert sheet.rejections == []
    assert [(ad.site, ad.title) for ad in sheet.records] == [
        ("fair", "老象牙手镯"),
        ("fair", "牙雕"),
    ]
    assert (sheet.searched, sheet.unsearched) == (["象牙", "果冻"], ["犀角"])


@pytest.mark.parametrize(
    ("cell", "ad", "message"),
    [
        (
            "R",
            {"age_claim": "cheap"},
            "'cheap' is not a valid age claim; choose one of old, new, or leave it empty",
        ),
        (
            "A",
            {"found_by": "象芽"},
            "'象芽' is not a keyword of the vocabulary; did you mean '象牙'?",
        ),
        ("A", {"found_by": ""}, "found_by is empty; give the keyword that found it"),
        ("P", {"species": "ivry"}, "'ivry' is not a valid species group; did you mean 'ivory'?"),
        ("N", {"images": "lots"}, "'lots' is not a whole number from 0"),
        ("L", {"found_at": "May"}, "'May' is not a date"),
    ],
)
def test_a_mistake_is_named_by_its_cell_and_the_other_rows_are_read(
    tmp_path: Path, cell: str, ad: dict[str, str], message: str
) -> None:
    sheet = read(filled_book(tmp_path, [AD, AD | ad, AD | {"url": "https://fair.example/8"}], {}))
    assert [record.url for record in sheet.records] == [AD["url"], "https://fair.example/8"]
    (mistake,) = sheet.rejections
    assert str(mistake).startswith(f"{ADS}!{cell}3: {message}")


def test_a_mistake_in_a_csv_file_is_named_by_line_and_column(tmp_path: Path) -> None:
    sheet = read(filled_csv(tmp_path, {}, AD | {"site": "fair", "age_claim": "cheap"}))
    (mistake,) = sheet.rejections
    # Each keyword's row takes two lines, since the steps are on separate lines.
    assert str(mistake).startswith("line 8, age_claim: 'cheap' is not a valid age claim")


def test_an_invalid_tick_is_reported(tmp_path: Path) -> None:
    sheet = read(filled_book(tmp_path, [], {"果冻": "perhaps"}))
    assert [str(mistake) for mistake in sheet.rejections] == [
        f"{SEARCH}!F3: 'perhaps' is not a tick; write x, or leave it empty"
    ]
    assert sheet.searched == []


def test_a_tick_beside_advertisements_is_reported_and_loses_none(tmp_path: Path) -> None:
    sheet = read(filled_book(tmp_path, [AD], {"象牙": "x"}))
    assert len(sheet.records) == 1
    assert [str(mistake) for mistake in sheet.rejections] == [
        f"{SEARCH}!F2: '象牙' is ticked as nothing found but has advertisements, which are "
        "counted; remove the tick"
    ]
    assert [mistake.left_out for mistake in sheet.rejections] == [False]
    assert sheet.notes == ["1 ticked keyword has advertisements, which are counted"]


def test_the_rows_that_were_filled_in_are_counted(tmp_path: Path) -> None:
    ads = [AD, AD | {"url": "https://fair.example/8", "age_claim": "cheap"}]
    assert read(filled_book(tmp_path, ads, {"果冻": "perhaps"})).rows == 3
    assert read(filled_csv(tmp_path, {"象牙": AD, "果冻": {"nothing_found": "x"}})).rows == 2


def test_a_keyword_whose_only_row_is_rejected_is_not_searched(tmp_path: Path) -> None:
    sheet = read(filled_book(tmp_path, [AD | {"age_claim": "cheap"}], {}))
    assert sheet.unsearched == TERMS


@pytest.mark.parametrize(
    ("typed", "column", "meant"),
    [
        ("worked_carved 成品（雕刻）", "product_type", "worked_carved"),
        ("原料", "product_type", "raw"),
        ("Old", "age_claim", "old"),
        ("老", "age_claim", "old"),
        ("valid 有效", "verdict", "valid"),
        ("ivory 象牙; 犀牛角", "species", ["ivory", "rhino_horn"]),
    ],
)
def test_words_may_be_chosen_in_either_language(
    tmp_path: Path, typed: str, column: str, meant: str | list[str]
) -> None:
    (ad,) = read(filled_book(tmp_path, [AD | {column: typed}], {})).records
    assert getattr(ad, column) == meant


def test_a_keyword_neither_ticked_nor_with_a_row_is_a_gap(tmp_path: Path) -> None:
    sheet = read(filled_book(tmp_path, [AD], {"犀角": "x"}))
    assert (sheet.searched, sheet.unsearched) == (["象牙", "犀角"], ["果冻"])


# Half-filled worksheets

HALF = Filled(
    {"果冻": "x", "犀角": "perhaps", "不在表中": "x"},
    [
        {"found_by": "象牙", "title": "=1+1", "description": '两行\n，"引号"；\'撇号'},
        {"found_by": "象牙; 犀角", "ad_id": "12345678901234567890", "verdict": "ok"},
        {"title": "'-5", "url": "https://fair.example/?a=1&b=2#3"},
    ],
)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_half_filled_content_is_kept_as_typed(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"half.{ending}"
    write_worksheet(path, SITE, KEYWORDS, GROUPS, HALF)
    assert read_filled(path, SITE) == HALF


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_checking_filled_content_agrees_with_reading_its_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"half.{ending}"
    write_worksheet(path, SITE, KEYWORDS, GROUPS, HALF)
    before, after = check_filled(HALF, SITE, TERMS, GROUPS), read(path)
    assert (before.records, before.searched) == (after.records, after.searched)
    assert before.unsearched == after.unsearched == ["犀角"]
    fixed = [[fault.fix for fault in mistake.faults] for mistake in before.rejections]
    assert fixed == [[fault.fix for fault in mistake.faults] for mistake in after.rejections]
    if ending == "xlsx":
        assert [str(mistake) for mistake in before.rejections] == [
            str(mistake) for mistake in after.rejections
        ]


def test_a_mistake_says_in_which_row_and_columns_it_is() -> None:
    sheet = check_filled(HALF, SITE, TERMS, GROUPS)
    mistakes = [
        (mistake.sheet, mistake.line, [fault.column for fault in mistake.faults])
        for mistake in sheet.rejections
    ]
    assert mistakes == [
        (SEARCH, 4, ["nothing_found"]),
        (SEARCH, 5, ["keyword"]),
        (ADS, 3, ["verdict"]),
        (ADS, 4, ["found_by"]),
    ]


def test_a_half_filled_file_that_cannot_be_split_into_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.csv"
    path.write_text(
        'site,found_by,title,nothing_found\nfair,象牙,,x\nfair,象牙,"never closed,\n',
        encoding="utf-8",
    )
    with pytest.raises(WorksheetError, match="quotation marks"):
        read_filled(path, SITE)


def test_the_drop_downs_hold_any_number_of_species(tmp_path: Path) -> None:
    names = [f"species_{number}" for number in range(40)]
    many = {name: Group(name, "S", "物种", KEYWORDS[:1]) for name in names}
    keyword = Keyword("象牙", "species_0", "name", ambiguous=False, since="2012-01")
    path = tmp_path / "many.xlsx"
    write_worksheet(path, SITE, [keyword], many)
    for rule in load_workbook(path)[ADS].data_validations.dataValidation:
        assert len(rule.formula1) < 256


# Files that are not a worksheet of this site


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_worksheet_of_another_site_is_refused_by_name(tmp_path: Path, ending: str) -> None:
    path = blank(tmp_path, ending, WorksheetSite("mall"))
    with pytest.raises(WorksheetError, match="is a worksheet of 'mall', not of 'fair'"):
        read(path)


def test_rows_of_another_site_in_a_csv_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WorksheetError, match="is a worksheet of 'mall', not of 'fair'"):
        read(filled_csv(tmp_path, {}, AD | {"site": "mall"}))


def test_a_workbook_without_its_sheets_is_refused(tmp_path: Path) -> None:
    book = load_workbook(blank(tmp_path, "xlsx"))
    del book[SEARCH]
    path = tmp_path / "cut.xlsx"
    book.save(path)
    with pytest.raises(WorksheetError, match="has no sheet 'Search'; write a new one"):
        read(path)


def test_a_renamed_column_is_named(tmp_path: Path) -> None:
    book = load_workbook(blank(tmp_path, "xlsx"))
    book[ADS]["C1"] = "titel"
    path = tmp_path / "renamed.xlsx"
    book.save(path)
    with pytest.raises(WorksheetError, match="'titel' is not a known column; did you mean 'title'"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("w.xlsx", "no zip", "is not an XLSX workbook"),
        ("w.csv", "", "is empty"),
        ("w.csv", "found_by,title\n象牙,a\n", "the column 'site' is missing"),
        ("w.csv", "site,found_by,nothing_found\n,象牙,x\n", "does not name its site"),
        ("w.pdf", "x", "is not a worksheet; give an .xlsx or .csv file"),
    ],
)
def test_a_file_that_is_not_a_worksheet_is_refused(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RecordsError, match=message):
        read(path)


def test_only_workbooks_and_csv_files_are_written(tmp_path: Path) -> None:
    with pytest.raises(
        WorksheetError, match=r"is not a valid name of a worksheet; end it in \.xlsx or \.csv"
    ):
        write_worksheet(tmp_path / "w.ods", SITE, KEYWORDS, GROUPS)


# Runs of worksheets


def run_of(tmp_path: Path, filled: Filled) -> tuple[str, Run, list[Advertisement]]:
    """Reads a worksheet of the bundled fair board; returns log, run and advertisements."""
    site = WorksheetSite("demo_fair")
    vocabulary = load_vocabulary()
    write_worksheet(tmp_path / "w.xlsx", site, vocabulary.keywords, vocabulary.groups, filled)
    read_in = scrapy("crawl", "demo_fair", "-a", "worksheet=w.xlsx", folder=tmp_path)
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    (run,), ads = store.runs("demo_fair"), list(store.advertisements())
    store.close()
    assert read_in.code == ("rejected" in run.reason), read_in.err
    return read_in.err, run, ads


def test_a_zero_is_stored_with_the_run_and_a_gap_is_reported(tmp_path: Path) -> None:
    ad = {"found_by": "象牙手镯;老象牙", "ad_id": "B01-01", "title": "老象牙手镯 一只"}
    noise = {"found_by": "整牙", "ad_id": "B01-02", "title": "牙刷"}
    log, run, (kept,) = run_of(tmp_path, Filled({"象牙筷子": "x", "犀角": "x"}, [ad, noise]))
    assert kept.ad_id == "B01-01"
    assert run.keywords == ["象牙手镯", "象牙筷子", "整牙", "老象牙", "犀角"]
    assert run.yields == {
        "象牙手镯": (1, 0),
        "象牙筷子": (0, 0),
        "整牙": (1, 1),
        "老象牙": (1, 0),
        "犀角": (0, 0),
    }
    assert (run.health, run.reason) == ("thin", "107 keywords of the worksheet were not searched")
    assert "107 keywords are neither ticked nor have an advertisement" in log
    assert "象牙, 象牙手串, 象牙项链" in log


def test_a_worksheet_without_gaps_is_ok_even_if_nothing_was_found(tmp_path: Path) -> None:
    ticks = {keyword.term: "x" for keyword in load_vocabulary().keywords}
    _, run, ads = run_of(tmp_path, Filled(ticks))
    assert (run.health, run.reason, ads) == ("ok", "", [])
    assert len(run.yields) == len(ticks)


def test_an_advertisement_found_in_the_future_is_a_mistake(tmp_path: Path) -> None:
    ad = {"found_by": "象牙", "title": "老象牙", "found_at": "2099-01-01"}
    log, run, ads = run_of(tmp_path, Filled({}, [ad]))
    assert ads == []
    assert "Advertisements!L2: '2099-01-01' is in the future" in log
    assert run.health == "thin"
