"""Workbooks: odd and damaged ones, and cells compared with what a person sees in them."""

from __future__ import annotations

import io
import shutil
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from tests.helpers.crawling import ROOT
from tests.helpers.workbooks import BOOK, ODD, SHEET, book, edited, ods, replaced
from wildcrawl.desk.messages import in_chinese
from wildcrawl.items import Advertisement
from wildcrawl.tabular import books
from wildcrawl.tabular.books import open_book
from wildcrawl.tabular.books.cells import Value, typed
from wildcrawl.tabular.books.ods import OdsBook
from wildcrawl.tabular.records import Record, Records, read_records
from wildcrawl.tabular.tables import RecordsError, Rejection

XLS = ROOT / "tests" / "data" / "cells.xls"
"""What LibreOffice made of the cells of `cells`, in Excel's old format."""
MARKED = ROOT / "tests" / "data" / "marked"
"""What LibreOffice made of the workbook of `marked`, as .xls and .ods."""
SPECIES = ["ivory"]


def rows_of(path: Path) -> list[list[Value]]:
    """The rows of the first sheet."""
    with open_book(path) as opened:
        return [values for _, values in opened.rows(opened.names[0])]


def read(path: Path) -> tuple[list[Advertisement], list[Rejection], Records]:
    records = read_records(path, SPECIES)
    rows = list(records)
    ads = [row.advertisement for row in rows if isinstance(row, Record)]
    return ads, [row for row in rows if isinstance(row, Rejection)], records


def cells(path: Path) -> Path:
    """A workbook with cells of every kind."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["site", "ad_id", "url", "title", "price", "posted_at", "note"])
    link = ["m", "1", "查看", "手镯", 0.35, datetime(2016, 5, 3, 14, 30), True]  # noqa: DTZ001
    sheet.append(link)
    sheet["C2"].hyperlink = "https://m.example/1"
    sheet["E2"].number_format = "0%"
    formula = '=HYPERLINK("https://m.example/2?a=1","查看")'
    sheet.append(["m", "2", formula, "a_x000D_\nb", 1200, 42493, False])
    sheet["F3"].number_format = 'yyyy"年"m"月"d"日"'
    sheet.append(["m", "3", "https://m.example/3", " 两 端 ", 580.1, timedelta(hours=30), "合并"])
    sheet.merge_cells("G4:H5")
    sheet.append(["m", 612345678901, "", "零\u200b宽", 1e-7, date(2016, 5, 1), ""])
    made.save(path)
    return path


CELLS = [
    ["m", "1", "查看", "手镯", "0.35", "2016-05-03T14:30:00", "TRUE"],
    ["m", "2", "查看", "a\nb", "1200", "2016-05-03", "FALSE"],
    ["m", "3", "https://m.example/3", " 两 端 ", "580.1", "1 day, 6:00:00", "合并"],
    ["m", "612345678901", "", "零\u200b宽", "0.0000001", "2016-05-01", "合并"],
]


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_workbook_is_read(tmp_path: Path, kind: str) -> None:
    ads, rejections, records = read(ODD[kind](tmp_path / "records.xlsx"))
    assert (rejections, records.notes) == ([], [])
    assert [(ad.site, ad.ad_id, ad.url, ad.title, ad.price) for ad in ads] == [
        ("mall", "A1", "https://m.example/1", "老象牙手镯", "3500"),
        ("mall", "0012", "https://m.example/2", "老象牙牌", "280.5"),
    ]


def test_cells_are_the_text_that_a_person_would_type(tmp_path: Path) -> None:
    path = cells(tmp_path / "cells.xlsx")
    rows = [[typed(value) for value in row[:7]] for row in rows_of(path)[1:]]
    # Its result is missing, since no spreadsheet has calculated it.
    assert rows[1][2] == ""
    rows[1][2] = "查看"
    assert [row + [""] * (7 - len(row)) for row in rows] == CELLS


def test_a_verdict_merged_over_rows_is_that_of_each(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["site", "ad_id", "title", "verdict"])
    for number in range(1, 5):
        sheet.append(["m", str(number), "老象牙手镯", "valid" if number in (1, 4) else None])
    sheet.merge_cells("D2:D4")
    sheet.merge_cells("A5:A900")
    made.save(tmp_path / "merged.xlsx")
    rows = rows_of(tmp_path / "merged.xlsx")
    assert [row[3] for row in rows[1:5]] == ["valid"] * 4
    assert not any(map(any, rows[5:])), "no row is made of a merged cell alone"


def test_cells_of_the_old_format_are_the_same() -> None:
    rows = [[typed(value) for value in row[:7]] for row in rows_of(XLS)[1:5]]
    # The old format has no durations: they are moments from 1900 on.
    assert rows[2][5] == "1900-01-01T06:00:00"
    rows[2][5] = "1 day, 6:00:00"
    assert [row + [""] * (7 - len(row)) for row in rows] == CELLS
    assert typed(rows_of(XLS)[5][3]) == "#DIV/0!"


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_a_link_under_a_word_is_the_address(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"cells.{ending}"
    if ending == "xls":
        shutil.copy(XLS, path)
    else:
        cells(path)
    ads = {ad.ad_id: ad for ad in read(path)[0]}
    assert ads["1"].url == "https://m.example/1"
    assert ads["3"].url == "https://m.example/3"
    if ending == "xlsx":
        assert ads["2"].url == "https://m.example/2?a=1"


def test_links_over_several_cells_and_to_a_place_in_a_page(tmp_path: Path) -> None:
    rows = [["site", "url", "title"], *(["m", "查看", f"手镯{n}"] for n in range(3))]
    path = edited(
        book(tmp_path / "records.xlsx", *rows),
        {
            SHEET: replaced(
                "<pageMargins",
                '<hyperlinks><hyperlink ref="B2:B3" r:id="rId1" location="lot3" xmlns:r="x"/>'
                '<hyperlink ref="B4" location="Sheet2!A1"/></hyperlinks><pageMargins',
            )
        },
        {
            "xl/worksheets/_rels/sheet1.xml.rels": '<Relationships><Relationship Id="rId1" '
            'Type="x/link" Target="https://m.example/p" TargetMode="External"/></Relationships>'
        },
    )
    assert [ad.url for ad in read(path)[0]] == [*["https://m.example/p#lot3"] * 2, ""]


def test_an_error_or_an_uncalculated_formula_rejects_its_row_alone(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["site", "ad_id", "title", "price_cny"])
    sheet.append(["m", "1", "#DIV/0!", ""])
    sheet["C2"].data_type = "e"
    sheet.append(["m", "2", '=A1&"象牙"', ""])
    sheet.append(["m", "3", "老象牙", "#REF!"])
    sheet["D4"].data_type = "e"
    made.save(tmp_path / "records.xlsx")
    ads, rejections, _ = read(tmp_path / "records.xlsx")
    assert [ad.ad_id for ad in ads] == ["3"]
    assert list(map(str, rejections)) == [
        "line 2: title holds the error #DIV/0!; write its value",
        "line 3: title holds the error a formula without a result; write its value",
    ]


def test_a_cell_far_out_costs_no_memory(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    edit = replaced("</sheetData>", f"{far}</sheetData>")
    path = edited(book(tmp_path / "records.xlsx"), {SHEET: edit})
    ads, rejections, _ = read(path)
    assert len(ads) == 2
    assert [rejection.line for rejection in rejections] == [1_048_576]


@pytest.mark.parametrize(
    ("ending", "distant"),
    [("xlsx", False), ("ods", False), ("xlsx", True)],
    ids=["xlsx", "ods", "xlsx in another process"],
)
def test_what_a_workbook_hides_is_read_and_said(
    tmp_path: Path, ending: str, distant: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if distant:
        monkeypatch.setattr(books, "AT_ONCE", 0)
    path = tmp_path / f"records.{ending}"
    if ending == "xlsx":
        opened = Workbook()
        for row in (["site", "title"], ["甲店", "象牙一"], ["甲店", "象牙二"], ["甲店", "象牙三"]):
            opened.worksheets[0].append(row)
        for line in (3, 9):
            opened.worksheets[0].row_dimensions[line].hidden = True
        for column in "BD":
            opened.worksheets[0].column_dimensions[column].hidden = True
        opened.worksheets[0].sheet_state = "hidden"
        opened.create_sheet("Notes")
        opened.active = 1
        opened.save(path)
    else:
        rows = [ods_row(*map(ods_cell, row)) for row in (("site", "title"), ("甲店", "象牙一"))]
        hidden = ods_row(*map(ods_cell, ("甲店", "象牙二")), more=' table:visibility="filter"')
        columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
        named = '<style:style style:name="ta1" style:family="table">'
        style = f'{named}<style:table-properties table:display="false"/></style:style>'
        body = f"{columns}{''.join(rows)}{hidden}"
        sheet = '<table:table table:name="Sheet" table:style-name="ta1">'
        ods(path, f"{sheet}{body}</table:table>", styles=style)
    ads, _, records = read(path)
    assert "象牙二" in [ad.title for ad in ads]
    *of_sheet, of_rows, of_columns = records.notes
    assert of_rows.startswith("hidden rows of sheet 'Sheet' were read like the others (lines 3)")
    assert of_columns.startswith(
        "hidden columns of sheet 'Sheet' were read like the others (title)"
    )
    assert [note.partition(";")[0] for note in of_sheet] == [
        "sheet 'Sheet' is hidden and was read like the others"
    ]


def test_rows_that_are_struck_out_are_read_and_said(tmp_path: Path) -> None:
    rows: list[list[object]] = [["site", "title", "price"]]
    rows += (["甲店", f"象牙{number}", 5] for number in (1, 2, 3))
    path = book(tmp_path / "records.xlsx", *rows)
    opened = load_workbook(path)
    for cell in opened.worksheets[0][3]:
        cell.font = Font(strike=True)
    opened.worksheets[0]["C4"].font = Font(strike=True)
    opened.save(path)
    ads, _, records = read(path)
    assert len(ads) == 3
    (note,) = records.notes
    assert note.startswith("struck-out rows of sheet 'Advertisements' were read like the others")
    assert "(lines 3)" in note
    assert "加了删除线" in in_chinese(note)


def marked(path: Path) -> Path:
    """A workbook with a struck-out row, an id with zeros and a price in 万."""
    rows: list[list[object]] = [["site", "ad_id", "title", "price"]]
    rows += (["甲店", number, f"象牙{number}", 35] for number in (41, 42, 43))
    opened = load_workbook(book(path, *rows))
    sheet = opened.worksheets[0]
    for cell in sheet[3]:
        cell.font = Font(strike=True)
    for line in (2, 3, 4):
        sheet.cell(line, 2).number_format = "00000"
        sheet.cell(line, 4).number_format = '0"万"'
    opened.save(path)
    return path


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_what_only_a_format_shows_is_read_of_every_kind_of_workbook(
    tmp_path: Path, ending: str
) -> None:
    # The others are what LibreOffice made of the first.
    path = marked(tmp_path / "m.xlsx") if ending == "xlsx" else MARKED.with_suffix(f".{ending}")
    ads, rejections, records = read(path)
    assert [(ad.ad_id, ad.price) for ad in ads] == [
        (f"000{number}", "35万") for number in (41, 42, 43)
    ]
    assert not rejections
    (note,) = records.notes
    assert note.startswith("struck-out rows of sheet")
    assert "(lines 3)" in note


def test_moments_count_from_1904_where_a_workbook_says_so(tmp_path: Path) -> None:
    rows: tuple[list[object], ...] = (["site", "title", "posted_at"], ["m", "a", date(2016, 5, 3)])
    path = edited(
        book(tmp_path / "records.xlsx", *rows),
        {BOOK: replaced("<workbookPr/>", '<workbookPr date1904="1"/>')},
    )
    assert read(path)[0][0].posted_at == "2020-05-04"


def test_texts_in_parts_are_whole_and_without_readings(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["site", "title"])
    sheet.append(["m", CellRichText("老", TextBlock(InlineFont(b=True), "象牙"), "手镯")])
    made.save(tmp_path / "records.xlsx")
    reading = "</r><rPh><t>xiangya</t></rPh>"
    path = edited(tmp_path / "records.xlsx", {SHEET: replaced("</r></is>", f"{reading}</is>")})
    assert read(path)[0][0].title == "老象牙手镯"


@pytest.mark.parametrize(
    ("code", "price"),
    [
        ('"US$"#,##0', "US$1200.5"),
        ("[$$-409]#,##0.00", "$1200.5"),
        ("[$HK$-C04]#,##0", "HK$1200.5"),
        ('_("$"* #,##0.00_);_("$"* (#,##0.00)', "$1200.5"),
        ("#,##0.00\\ [$€-407]", "1200.5€"),
        ("[$¥-411]#,##0", "JP¥1200.5"),
        ('0.0"万"', "1200.5万"),
        ('0.0,"万"', "1200.5"),
        ("[$¥-804]#,##0.00", "1200.5"),
        ('"￥"#,##0', "1200.5"),
        ('#,##0"元"', "1200.5"),
        ("#,##0.00", "1200.5"),
        ("0.00E+00", "1200.5"),
        ("[Red]0;[Blue]-0", "1200.5"),
    ],
)
def test_the_unit_that_a_format_shows_belongs_to_the_price(
    tmp_path: Path, code: str, price: str
) -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["site", "title", "price"])
    sheet.append(["m", "老象牙", 1200.5])
    sheet["C2"].number_format = code
    made.save(tmp_path / "records.xlsx")
    assert read(tmp_path / "records.xlsx")[0][0].price == price


# Choice of the sheet


def test_the_sheet_of_records_is_found_by_its_header(tmp_path: Path) -> None:
    made = Workbook()
    made.worksheets[0].append(["month", "all"])
    more = {"site_share": ["site", "share_percent"], "more": ["site", "title", "again"]}
    for name in ("site_share", "advertisements", "more", "advertisements 2"):
        sheet = made.create_sheet(name)
        sheet.append(more.get(name, ["site", "title"]))
        sheet.append([f"of {name}", "老象牙"])
    made.save(tmp_path / "report.xlsx")
    ads, _, records = read(tmp_path / "report.xlsx")
    assert [ad.site for ad in ads] == ["of advertisements", "of advertisements 2"]
    (note,) = records.notes
    assert note.startswith("read the sheet 'advertisements'; 'more' also has the columns")
    with pytest.raises(RecordsError, match="has no sheet 'none'; it has 'Sheet', 'site_share'"):
        read_records(tmp_path / "report.xlsx", SPECIES, sheet="none")


def test_of_several_sheets_of_records_a_person_chooses(tmp_path: Path) -> None:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name in ("备份", "小王"):
        sheet = made.create_sheet(name)
        sheet.append(["site", "title"])
        sheet.append([f"of {name}", "老象牙"])
    made.worksheets[0].sheet_state = "hidden"
    made.active = 1
    made.save(tmp_path / "records.xlsx")
    with pytest.raises(RecordsError, match=r"several sheets of records: '备份', '小王'; .* -a 'sh"):
        read_records(tmp_path / "records.xlsx", SPECIES)
    chosen = list(read_records(tmp_path / "records.xlsx", SPECIES, sheet="小王"))
    assert [row.advertisement.site for row in chosen if isinstance(row, Record)] == ["of 小王"]


@pytest.mark.parametrize("name", ["5月", "广告 2"])
def test_no_sheet_of_records_is_left_out_beside_the_preferred_one(
    tmp_path: Path, name: str
) -> None:
    made = Workbook()
    made.worksheets[0].title = "广告"
    made.worksheets[0].append(["site", "title"])
    made.worksheets[0].append(["m", "老象牙"])
    other = made.create_sheet(name)
    other.append(["网站", "标题", "价格"])
    made.save(tmp_path / "records.xlsx")
    assert len(read(tmp_path / "records.xlsx")[0]) == 1, "a blank sheet is no fault"
    other.append(["m", "老象牙牌", "300"])
    made.save(tmp_path / "records.xlsx")
    with pytest.raises(RecordsError, match=f"several sheets of records: '广告', '{name}'; "):
        read(tmp_path / "records.xlsx")


def test_a_sheet_goes_on_in_another_one_also_in_the_other_language(tmp_path: Path) -> None:
    made = Workbook()
    made.worksheets[0].title = "Sheet1"
    for sheet, header, title in (
        (made.worksheets[0], ["site", "title"], "老象牙"),
        (made.create_sheet("Sheet1 2"), ["网站", "标题"], "老象牙牌"),
    ):
        sheet.append(header)
        sheet.append(["m", title])
    made.save(tmp_path / "records.xlsx")
    assert [ad.title for ad in read(tmp_path / "records.xlsx")[0]] == ["老象牙", "老象牙牌"]


def test_without_a_sheet_of_records_the_file_is_refused(tmp_path: Path) -> None:
    made = Workbook()
    made.worksheets[0].append(["month", "all"])
    made.create_sheet("two").append(["species", "share_percent"])
    made.save(tmp_path / "report.xlsx")
    with pytest.raises(RecordsError, match="has no sheet of records among 'Sheet', 'two'"):
        read_records(tmp_path / "report.xlsx", SPECIES)


def test_a_title_above_the_header_and_a_header_again_are_no_records(tmp_path: Path) -> None:
    header = ["序号", "网站", "标题"]
    rows = [
        ["2016年5月广告"],
        [],
        header,
        ["1", "mall", "老象牙"],
        header,
        ["2", "mall", "老象牙牌"],
    ]
    ads, rejections, _ = read(book(tmp_path / "records.xlsx", *rows))
    assert [ad.title for ad in ads] == ["老象牙", "老象牙牌"]
    assert rejections == []


# Other formats, and files that are not what their name says


def ods_cell(text: str, more: str = "") -> str:
    return ods_string(f"<text:p>{text}</text:p>", more)


def ods_string(content: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}>{content}</table:table-cell>'


def ods_row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_an_open_document_is_read(tmp_path: Path) -> None:
    header = ods_row(
        *map(ods_cell, ("site", "ad_id", "url", "title", "price", "posted_at", "note"))
    )
    number = '<table:table-cell office:value-type="currency" office:value="1200"/>'
    day = '<table:table-cell office:value-type="date" office:date-value="2016-05-03"/>'
    comment = "<office:annotation><text:p>secret</text:p></office:annotation>"
    link = '<text:a xlink:href="https://m.example/1">查看</text:a>'
    note = ods_string(f'{comment}<text:p>a<text:s text:c="2"/>b</text:p><text:p>c</text:p>')
    first = ods_row(*map(ods_cell, ("m", "0042", link, "手镯")), number, day, note)
    formula = 'table:formula="of:=HYPERLINK(&quot;https://m.example/2&quot;;&quot;查看&quot;)"'
    gap = '<table:table-cell table:number-columns-repeated="3"/>'
    blank = ods_row(
        '<table:table-cell table:number-columns-repeated="16384"/>',
        more='table:number-rows-repeated="3"',
    )
    second = ods_row(
        ods_cell("m"),
        ods_cell("2"),
        ods_cell("查看", formula),
        ods_cell("牌"),
        gap,
        '<table:table-cell table:number-columns-repeated="16377"/>',
    )
    error = ods_row(
        ods_cell("m"),
        ods_cell("3"),
        ods_cell(""),
        ods_cell("#N/A", 'calcext:value-type="error"'),
        gap,
    )
    rest = ods_row(
        '<table:table-cell table:number-columns-repeated="16384"/>',
        more='table:number-rows-repeated="1048000"',
    )
    body = f'<table:table table:name="甲">{header}{first}{blank}{second}{error}{rest}</table:table>'
    ads, rejections, _ = read(ods(tmp_path / "records.ods", body))
    assert [(ad.ad_id, ad.url, ad.title) for ad in ads] == [
        ("0042", "https://m.example/1", "手镯"),
        ("2", "https://m.example/2", "牌"),
    ]
    assert (ads[0].price, ads[0].posted_at, ads[0].note) == ("1200", "2016-05-03", "a  b\nc")
    assert list(map(str, rejections)) == ["line 7: title holds the error #N/A; write its value"]


@pytest.mark.parametrize(
    ("currency", "price"), [("", "1200"), ("CNY", "1200"), ("USD", "USD 1200")]
)
def test_a_currency_of_an_open_document_belongs_to_the_price(
    tmp_path: Path, currency: str, price: str
) -> None:
    more = f'office:currency="{currency}"' if currency else ""
    cell = f'<table:table-cell office:value-type="currency" {more} office:value="1200"/>'
    header = ods_row(*map(ods_cell, ("site", "title", "price")))
    row = ods_row(ods_cell("m"), ods_cell("手镯"), cell)
    body = f'<table:table table:name="甲">{header}{row}</table:table>'
    assert read(ods(tmp_path / "records.ods", body))[0][0].price == price


PAGE = """<html><meta charset="{charset}"><table><tr><td>报表</td></tr></table>
<table><tr><th>网站</th><th>编号</th><th>链接</th><th>标题</th></tr>
<tr><td>mall</td><td style="mso-number-format:'@'">0012</td>
<td><a href="https://m.example/1">查看</a></td><td>老象牙<br>手镯</td></tr></table></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_web_page_saved_as_xls_is_read(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "records.xls"
    path.write_bytes(PAGE.format(charset=charset).encode(charset))
    (ad,), rejections, _ = read(path)
    assert (ad.site, ad.ad_id, ad.url) == ("mall", "0012", "https://m.example/1")
    assert (ad.title, rejections) == ("老象牙\n手镯", [])


def test_a_file_is_read_by_its_content_where_its_name_misleads(tmp_path: Path) -> None:
    named = {"book.csv": "xlsx", "book.xls": "xlsx", "old.xlsx": "xls", "text.xls": "text"}
    for name, kind in named.items():
        path = tmp_path / name
        if kind == "xlsx":
            book(tmp_path / "book.xlsx").rename(path)
        elif kind == "xls":
            shutil.copy(XLS, path)
        else:
            path.write_bytes("网站\t标题\nmall\t老象牙\n".encode("gb18030"))
        assert read(path)[0], name


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(**parts: str) -> bytes:
    data = io.BytesIO()
    with ZipFile(data, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"", "is empty (0 bytes)"),
        ("a.xls", b"", "is empty (0 bytes)"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "is protected with a password"),
        ("a.xlsx", OLE + "WordDocument".encode("utf-16-le"), "is a text document"),
        ("a.xls", OLE, "save it as XLSX"),
        ("a.xlsx", zipped(word__document_dot_xml="<x/>"), "is a text document"),
        ("a.xlsx", zipped(xl__workbook_dot_bin="x"), "is a binary workbook (XLSB)"),
        ("a.xlsx", zipped(a="x"), "is not an XLSX workbook that can be read"),
        ("a.xlsx", b"PK\x03\x04 cut short", "is not an XLSX workbook that can be read"),
        ("a.ods", zipped(content_dot_xml="<broken"), "is not an ODS workbook that can be read"),
        ("a.xlsb", b"x", "'.xlsb' is not a supported file type"),
        (
            "a.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "is an XML spreadsheet of 2003",
        ),
        ("a.xls", b"<html><p>nothing here</p></html>", "is empty"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_fix(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RecordsError) as raised:
        read_records(path, SPECIES)
    assert message in str(raised.value)


def test_the_sheets_of_an_open_document_are_read_in_one_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sheet(name: str, *rows: str) -> str:
        cells = "".join(ods_row(ods_cell(row)) for row in rows)
        return f'<table:table table:name="{name}">{cells}</table:table>'

    # Two sheets of one name, and an empty one, are read as far as the file has them.
    sheets = [sheet("a", "1", "2"), sheet("b"), sheet("c", "3", "4"), sheet("a", "5"), sheet("d")]
    path = ods(tmp_path / "a.ods", "".join(sheets))
    opened: list[str] = []
    unpack = ZipFile.open

    def noted(file: ZipFile, name: str, *rest: Any) -> IO[bytes]:
        opened.append(name)
        return unpack(file, name, *rest)

    monkeypatch.setattr(ZipFile, "open", noted)
    with closing(OdsBook(path)) as document:
        assert document.names == ["a", "b", "c", "d"]
        before = len(opened)
        begun = {name: next(document.rows(name), None) for name in document.names}
        assert begun == {"a": (1, ["1"]), "b": None, "c": (1, ["3"]), "d": None}
        # One reading is for the merged cells.
        assert len(opened) == before + 2
        first, other = document.rows("a"), document.rows("c")
        beside = [next(first), next(other), next(first), next(other), next(first)]
        assert [value for _, (value,) in beside] == ["1", "3", "2", "4", "5"]


def test_a_protected_open_document_is_named(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", "", "<manifest><encryption-data/></manifest>")
    with pytest.raises(RecordsError, match="protected with a password"):
        read_records(path, SPECIES)


def test_every_part_cut_short_or_damaged_is_a_records_error(tmp_path: Path) -> None:
    with ZipFile(book(tmp_path / "records.xlsx")) as file:
        names = file.namelist()
    for name in names:
        path = edited(book(tmp_path / "records.xlsx"), {name: lambda text: text[: len(text) // 2]})
        try:
            ads, _, _ = read(path)
        except RecordsError as error:
            assert str(path) in str(error)  # noqa: PT017
        else:
            # Parts without values are not looked at.
            assert [ad.ad_id for ad in ads] == ["A1", "0012"], name


def test_dates_are_read_in_chinas_time(tmp_path: Path) -> None:
    rows: tuple[list[object], ...] = (["site", "title", "found_at"], ["m", "a", date(2016, 5, 3)])
    (ad,), _, _ = read(book(tmp_path / "records.xlsx", *rows))
    assert ad.found_at == datetime(2016, 5, 2, 16, tzinfo=UTC)
