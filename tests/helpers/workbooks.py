"""Workbooks as other programs write them: XLSX files with edited parts, and an ODS file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

ROWS: tuple[list[object], ...] = (
    ["site", "ad_id", "url", "title", "price"],
    ["mall", "A1", "https://m.example/1", "老象牙手镯", 3500],
    ["mall", "0012", "https://m.example/2", "老象牙牌", 280.5],
)
Edit = Callable[[str], str]


def book(path: Path, *rows: Sequence[object], sheet: str = "Advertisements") -> Path:
    """A workbook with one sheet of `rows`, by default ROWS."""
    made = Workbook()
    made.worksheets[0].title = sheet
    for row in rows or ROWS:
        made.worksheets[0].append(list(row))
    made.save(path)
    return path


def edited(path: Path, edits: Mapping[str, Edit], added: Mapping[str, str] | None = None) -> Path:
    """The XLSX file at `path` with parts edited as text, and others added."""
    with ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    for name, edit in edits.items():
        before = parts[name].decode()
        after = edit(before)
        assert after != before, name
        parts[name] = after.encode()
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
        for name, text in (added or {}).items():
            file.writestr(name, text)
    return path


SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
BOOK_RELS = "xl/_rels/workbook.xml.rels"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def replaced(old: str, new: str) -> Edit:
    """An edit that replaces a text everywhere."""
    return lambda text: text.replace(old, new)


def _strict(text: str) -> str:
    return text.replace(_MAIN, _STRICT).replace(_RELATIONS, _STRICT_RELATIONS)


def _prefixed(text: str) -> str:
    text = text.replace(f'xmlns="{_MAIN}"', f'xmlns:x="{_MAIN}"')
    for name in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
        text = text.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>")
        text = text.replace(f"</{name}>", f"</x:{name}>")
    return text


def _without_places(text: str) -> str:
    for letter in "ABCDE":
        for line in range(1, 4):
            text = text.replace(f'r="{letter}{line}" ', "")
    for line in range(1, 4):
        text = text.replace(f'<row r="{line}" ', "<row ").replace(f'<row r="{line}">', "<row>")
    return text


ODD: dict[str, Callable[[Path], Path]] = {
    "an empty fill": lambda path: edited(
        book(path), {STYLES: replaced("<fills ", "<fills><fill/></fills><fills ")}
    ),
    "a list of extensions in a fill": lambda path: edited(
        book(path),
        {STYLES: replaced("<patternFill", '<extLst><ext uri="{x}"/></extLst><patternFill')},
    ),
    "a sheet of a chart": lambda path: edited(
        book(path),
        {
            BOOK: replaced(
                "<sheets>",
                f'<sheets><sheet name="图" sheetId="9" r:id="rId99" xmlns:r="{_RELATIONS}"/>',
            ),
            BOOK_RELS: replaced(
                "</Relationships>",
                f'<Relationship Id="rId99" Type="{_RELATIONS}/chartsheet" '
                'Target="chartsheets/sheet1.xml"/></Relationships>',
            ),
        },
        {"xl/chartsheets/sheet1.xml": f'<chartsheet xmlns="{_MAIN}"/>'},
    ),
    "strict Open XML": lambda path: edited(
        book(path), dict.fromkeys((SHEET, STYLES, BOOK, BOOK_RELS), _strict)
    ),
    "prefixed names": lambda path: edited(book(path), {SHEET: _prefixed}),
    "cells without places": lambda path: edited(book(path), {SHEET: _without_places}),
    "odd properties": lambda path: edited(
        book(path),
        {"docProps/core.xml": lambda _: "<coreProperties><created>yesterday</created>"},
    ),
    "a wrong dimension": lambda path: edited(
        book(path), {SHEET: replaced('ref="A1:E3"', 'ref="A1"')}
    ),
    "an unknown style": lambda path: edited(book(path), {SHEET: replaced("<c r=", '<c s="99" r=')}),
    "no styles": lambda path: edited(book(path), {BOOK_RELS: replaced("styles.xml", "none.xml")}),
    "folders in the other direction": lambda path: edited(
        book(path), {BOOK_RELS: replaced("/xl/worksheets/sheet1.xml", "worksheets\\sheet1.xml")}
    ),
}
"""Workbooks that have ROWS in them, each odd in one way."""


def ods(path: Path, body: str, manifest: str = "<manifest/>", styles: str = "") -> Path:
    """An OpenDocument spreadsheet whose sheets are the XML `body`, with automatic `styles`."""
    names = {
        "office": "office:1.0", "table": "table:1.0", "text": "text:1.0",
        "calcext": "calcext:1.0", "xlink": "xlink", "style": "style:1.0",
    }  # fmt: skip
    spaces = " ".join(f'xmlns:{name}="urn:{urn}"' for name, urn in names.items())
    content = (
        f"<office:document-content {spaces}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", manifest)
    return path
