"""Workbook of a report: labels, real numbers and dates, charts, long lists, reading back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import get_column_letter

from exports import Exported, ReportSite, export
from exports.author import Author
from exports.texts import LANGUAGES
from exports.workbook import book as writer
from exports.workbook import rows as xml
from exports.workbook.columns import CellKind
from tests.helpers.exports_data import GROUPS, ad, amount, context, frame, per_gram, social
from tests.helpers.made_runs import run
from wildcrawl.tabular.records import Record, read_records
from wildcrawl.tabular.words import ColumnWords

AUTHOR = Author(organisation="=Watch & <Co>\x0b", authors=("A. Li",), licence="CC BY 4.0")
ROWS = [
    amount("4900.5", "711.25", first_seen="2016-04-30T16:00:00", title="=1+2", ad_id="007"),
    per_gram("600", species="rhino_horn", ad_id="2", seller="-5", title="\x01\ufffea"),
    ad(ad_id="3", title=" a_x0041_&<b>\n牙 ", species="ivory;pangolin", age_claim="old"),
    ad("2015-12-03T00:00:00", ad_id="12345678901234567890", title="长" * 16_000 + "𠮷" * 16_000),
]
SITES = [
    ReportSite("mall", "The mall", "2015-12", label_zh="古玩城"),
    ReportSite("idle", since="2015-12"),
]
MONTHS = ("2015-12", "2016-01", "2016-02", "2016-03", "2016-04", "2016-05")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """A report in English."""
    given = context(*MONTHS, social=social(), sites=SITES, author=AUTHOR)
    folder = tmp_path_factory.mktemp("en")
    return export(frame(*ROWS), given, folder, formats=["csv", "xlsx"])


@pytest.fixture(scope="module")
def book(made: Exported) -> Iterator[Any]:
    """Its workbook."""
    assert made.xlsx
    opened = openpyxl.load_workbook(made.xlsx)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """A report of one month in Chinese."""
    folder = tmp_path_factory.mktemp("zh")
    given = context(sites=SITES)
    return export(frame(*ROWS), given, folder, formats=["csv", "xlsx"], lang="zh")


def values(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def width_of(sheet: Any, column: int) -> float:
    """Width of a column, which a file may give for several at once."""
    given = sheet.column_dimensions.values()
    width: float = next(each.width for each in given if each.min <= column <= each.max)
    return width


def test_the_sheets_are_cover_charts_tables_notes_and_lists(made: Exported, book: Any) -> None:
    assert made.xlsx == made.index == made.folder / "report.xlsx"
    names = book.sheetnames
    assert names[:3] == ["Cover", "Charts", "Advertisements by month"]
    assert names[-2:] == ["Notes", "advertisements"]
    assert "Social media surveys" in names
    assert "Removed after notice" not in names, "it has no rows"
    cover = values(book["Cover"])
    # What begins like a formula is text, and what XML forbids is gone.
    assert cover[0][0] == "'=Watch & <Co>"
    texts = [row[0] for row in cover]
    assert "New advertisements, December 2015 to May 2016" in texts
    assert all(any(line in str(text) for text in texts) for line in made.lines)
    listed = {row[0]: row for row in cover if row[3]}
    assert listed["advertisements"][2:] == (4, "csv/advertisements.csv")
    assert set(listed) - {"Sheet"} == set(names[2:]) - {"Notes"}
    links = {cell.hyperlink.location for row in book["Cover"] for cell in row if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in names[1:]}
    assert any("calendar month in China" in str(row[0]) for row in values(book["Notes"]))


def test_no_name_of_a_sheet_is_cut() -> None:
    for texts in LANGUAGES.values():
        for phrase in texts.phrases:
            table, _, kind = phrase.rpartition(".")
            if kind == "title" and f"{table}.note" in texts.phrases:
                name = texts.phrases.get(f"{table}.tab") or texts.phrases[phrase]
                assert len(name) <= 31, name


def test_numbers_and_dates_are_real_and_look_as_on_the_page(book: Any) -> None:
    months = values(book["Advertisements by month"])
    assert months[0][:4] == ("Month", "All", "Ivory", "Rhino horn")
    assert months[6] == (datetime(2016, 5, 1), 3, 2, 1, 0, 0, 0, None)  # noqa: DTZ001
    shares = book["Share by species"]
    assert values(shares)[1] == ("Ivory", 3, 75)
    assert shares["C2"].number_format == '#,##0.0"%"'
    years = book["Advertisements by year"]
    assert values(years)[2][:3] == (2016, 3, 0.6)
    assert [cell.number_format for cell in years[3]][:3] == ["0", "#,##0", "#,##0.0"]
    prices = book["Prices asked"]
    assert values(prices)[1][:4] == ("Ivory", "not stated", "no claim", "amount")
    assert prices["F2"].number_format == "#,##0.00"
    assert [cell.data_type for cell in prices[2]][4:] == ["n"] * 7


def test_readers_that_trust_the_stated_size_of_a_sheet_read_every_row(
    made: Exported, book: Any
) -> None:
    assert made.xlsx
    reading = openpyxl.load_workbook(made.xlsx, read_only=True)
    for name in book.sheetnames[2:]:
        assert len(values(reading[name])) == book[name].max_row, name
    reading.close()


def test_every_table_has_a_header_that_remains_and_filters(book: Any) -> None:
    for sheet in book.worksheets[2:]:
        if sheet.title == "Notes":
            continue
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions, sheet.title
        assert all(cell.font.bold for cell in sheet[1])
        for cell in sheet[1]:
            width = width_of(sheet, cell.column)
            assert width > len(cell.value), cell.value
            if "yyyy" in sheet.cell(2, cell.column).number_format:
                # Narrower columns show ##### instead of a moment.
                assert width > len(sheet.cell(2, cell.column).number_format)


def test_charts_are_native_and_follow_the_cells(made: Exported) -> None:
    assert made.xlsx
    with ZipFile(made.xlsx) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if "charts/chart" in name]
        assert parts.testzip() is None
    assert len(charts) == 5
    references = set(re.findall(r"<c:f>([^<]+)</c:f>", "".join(charts)))
    assert "'Advertisements by month'!$B$2:$B$7" in references
    assert "'Share by website'!$A$2:$A$3" in references
    assert "<c:v>The mall</c:v>" in "".join(charts), "programs that do not calculate show them too"


def test_a_chart_has_a_second_line_of_the_sites_searched_throughout(tmp_path: Path) -> None:
    runs = [run("mall", "2016-04"), run("mall", "2016-05"), run("shop", "2016-05")]
    sites = [ReportSite("mall", since="2016-04"), ReportSite("shop", since="2016-04")]
    given = context("2016-04", "2016-05", sites=sites, runs=runs)
    rows = [ad("2016-04-05"), ad(ad_id="2"), ad(ad_id="3", site="shop")]
    done = export(frame(*rows), given, tmp_path, formats=["xlsx"])
    assert done.xlsx
    with ZipFile(done.xlsx) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    assert re.findall(r"<c:val>.*?<c:f>([^<]+)</c:f>", chart) == [
        "'Advertisements by month'!$B$2:$B$3",
        "'Advertisements by month'!$H$2:$H$3",
    ]


def test_no_cell_is_a_formula_and_texts_are_whole(book: Any) -> None:
    assert not any(cell.data_type == "f" for sheet in book for line in sheet for cell in line)
    header, first, second, third, fourth = values(book["advertisements"])
    assert header[0] == "site", "the header has the names of the columns"
    place = {name: number for number, name in enumerate(header)}
    assert first[place["ad_id"]] == "12345678901234567890"
    # Characters outside the basic plane count twice.
    assert first[place["title"]] == "长" * 16_000 + "𠮷" * 8383
    assert second[place["first_seen"]] == datetime(2016, 5, 1)  # noqa: DTZ001
    assert second[place["title"]] == "'=1+2"
    assert (second[place["ad_id"]], second[place["price_cny"]]) == ("007", 4900.5)
    assert (third[place["seller"]], third[place["title"]]) == ("'-5", "a")
    assert fourth[place["title"]] == " a_x005F_x0041_&<b>\n牙 "
    sheet = book["advertisements"]
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"pending,valid,irrelevant,fake"'
    assert str(choice.sqref) == f"{get_column_letter(place['verdict'] + 1)}2:" + (
        f"{get_column_letter(place['verdict'] + 1)}5"
    )


@pytest.mark.parametrize("lang", ["made", "chinese"])
def test_the_list_is_read_back(lang: str, request: pytest.FixtureRequest) -> None:
    done: Exported = request.getfixturevalue(lang)
    groups = {group.name: group for group in GROUPS}
    assert done.xlsx
    for path in (done.xlsx, done.csv["advertisements"]):
        read = list(read_records(path, groups, words=ColumnWords(groups)))
        assert all(isinstance(each, Record) for each in read), read
        ads = {
            each.advertisement.ad_id: each.advertisement
            for each in read
            if isinstance(each, Record)
        }
        ad_ = ads["3"]
        assert ad_.title == "a_x0041_&<b>\n牙"
        assert ad_.species == ["ivory", "pangolin"]
        assert (ad_.site, ad_.age_claim, ad_.verdict) == ("mall", "old", "valid")
        assert ads["007"].title == "=1+2"


def test_a_chinese_report_has_labels_beside_the_codes(chinese: Exported) -> None:
    assert chinese.xlsx
    opened = openpyxl.load_workbook(chinese.xlsx)
    assert opened.sheetnames[:3] == ["封面", "图表", "各月广告数"]
    assert opened.sheetnames[-1] == "广告"
    assert not {"各年广告数", "最低和最高月份"} & set(opened.sheetnames)
    assert values(opened["各网站占比"])[1][0] == "古玩城"
    for sheet in opened.worksheets[2:-2]:
        for row in values(sheet):
            assert not any(re.search("[a-z_]{4,}", str(cell)) for cell in row if cell != "idle")
    header, first = values(opened["广告"])[:2]
    named = dict(zip(header, first, strict=True))
    assert named["verdict\n判定"] == "valid 有效"
    assert named["site_label\n网站（中文）"] == "古玩城"
    (choice,) = opened["广告"].data_validations.dataValidation
    assert choice.formula1 == '"pending 待审,valid 有效,irrelevant 无关,fake 虚假"'
    kinds = chinese.csv["price_kinds"].read_text(encoding="utf-8-sig").splitlines()
    assert kinds[0] == "kind,kind_label,advertisements,share_percent"
    assert "on_request,面议,0,0.0" in kinds
    missed = chinese.csv["coverage"].read_text(encoding="utf-8-sig").splitlines()
    assert missed[0].endswith(",not_searched,not_searched_label")
    package = (chinese.folder / "datapackage.json").read_text(encoding="utf-8")
    assert '"title": "标价方式（中文）"' in package


def test_a_list_longer_than_a_sheet_continues_on_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "ROWS", 3)
    monkeypatch.setattr(writer, "_AT_ONCE", 2)
    rows = [ad(ad_id=str(number)) for number in range(7)]
    done = export(frame(*rows), replace(context(), sites=SITES), tmp_path, formats=["xlsx"])
    assert done.xlsx
    opened = openpyxl.load_workbook(done.xlsx)
    names = ["advertisements", "advertisements 2", "advertisements 3"]
    assert opened.sheetnames[-3:] == names
    sheets = [values(opened[name]) for name in names]
    assert [len(sheet) for sheet in sheets] == [4, 4, 2]
    assert [row[1] for sheet in sheets for row in sheet[1:]] == [str(number) for number in range(7)]
    assert len({sheet[0] for sheet in sheets}) == 1
    read = list(read_records(done.xlsx, {"ivory"}))
    assert [each.advertisement.ad_id for each in read if isinstance(each, Record)] == [
        str(number) for number in range(7)
    ]


def test_a_workbook_of_nothing_opens(tmp_path: Path) -> None:
    done = export(frame(), context(), tmp_path, formats=["xlsx"])
    assert done.xlsx
    opened = openpyxl.load_workbook(done.xlsx)
    assert "Charts" not in opened.sheetnames
    assert len(values(opened["advertisements"])) == 1
    assert list(read_records(done.xlsx, {"ivory"})) == []


def test_a_cell_holds_the_beginning_of_a_long_text_and_no_half_of_a_letter() -> None:
    assert xml.fitting("长" * 16_383) == "长" * 16_383
    assert xml.fitting("𠮷" * 20_000) == "𠮷" * (xml.MOST // 2)
    assert xml.fitting("长" * 40_000) == "长" * xml.MOST


def test_rows_are_written_as_a_spreadsheet_has_them() -> None:
    rows = pl.DataFrame({"a": ["x & y", None], "b": [1, 2], "m": ["2016-05", None]})
    kinds = [CellKind.TEXT, CellKind.COUNT, CellKind.MONTH]
    written = xml.rows_xml(rows, kinds, ["1", "", "2"], 2)
    # Between elements, blanks and lines say nothing.
    assert re.sub(r">\s+<", "><", written.decode().strip()) == (
        '<row r="2"><c r="A2" s="1" t="inlineStr"><is><t>x &amp; y</t></is></c>'
        '<c r="B2"><v>1</v></c><c r="C2" s="2"><v>42491</v></c></row>'
        '<row r="3"><c r="B3"><v>2</v></c></row>'
    )
