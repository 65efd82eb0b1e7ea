"""Limits of files that people send: one made to fill the memory is refused in a sentence."""

from __future__ import annotations

import re
import time
from collections import deque
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.helpers.workbooks import SHEET, book, edited
from wildcrawl.tabular import books, text_tables
from wildcrawl.tabular.books import limits, open_book, parts, read_directly
from wildcrawl.tabular.books.merged import with_merged
from wildcrawl.tabular.files import open_table
from wildcrawl.tabular.tables import RecordsError

MOMENT = datetime(2026, 5, 3, 4, 5)  # noqa: DTZ001 (a cell has no zone)
ROWS: list[list[object]] = [["site", "moment"], ["mall", MOMENT], ["=1+1", 2.5], [None, True]]


def rows(path: Path) -> list[tuple[int, list[object]]]:
    with open_book(path) as opened:
        return [(number, list(row)) for name in opened.names for number, row in opened.rows(name)]


def fault(path: Path) -> str:
    with pytest.raises(RecordsError) as caught:
        rows(path)
    return str(caught.value)


@pytest.fixture
def distant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads each workbook in a process of its own, as a large one."""
    monkeypatch.setattr(books, "AT_ONCE", 0)


def test_a_large_workbook_is_read_as_a_small_one_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = book(tmp_path / "a.xlsx", *ROWS)
    linked = '<hyperlinks><hyperlink ref="A2" location="b"/></hyperlinks></worksheet>'
    edited(path, {SHEET: lambda text: text.replace("</worksheet>", linked)})
    at_once = rows(path)
    monkeypatch.setattr(books, "AT_ONCE", 0)
    monkeypatch.setattr(limits, "BATCH", 2)
    assert rows(path) == at_once
    assert at_once[1] == (2, ["mall", MOMENT])
    damaged = tmp_path / "b.xlsx"
    damaged.write_bytes(path.read_bytes()[:-300])
    assert "is not an XLSX workbook that can be read" in fault(damaged)


@pytest.mark.usefixtures("distant")
def test_reading_stops_at_a_limit_of_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(limits, "MEMORY", 48 << 20)
    path = book(tmp_path / "a.xlsx")
    # One row whose cells only end with it.
    cells = "<c><v>1</v></c>" * 400_000
    edited(
        path, {SHEET: lambda text: text.replace("<sheetData>", f"<sheetData><row>{cells}</row>")}
    )
    assert "is too large to be read: it takes more than 48 MiB" in fault(path)


def test_what_a_small_file_unpacks_to_is_known_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(limits, "MOST_UNPACKED", 100_000)
    path = book(tmp_path / "a.xlsx")
    with ZipFile(path, "a", ZIP_DEFLATED) as file:
        file.writestr("xl/media/image1.png", b"0" * 200_000)
    assert path.stat().st_size < 20_000
    assert "it unpacks to" in fault(path)


def test_rows_cells_and_texts_are_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", *ROWS)
    assert len(rows(path)) == len(ROWS)
    for name, most, words in (
        ("MOST_ROWS", 3, "more than 3 rows"),
        ("MOST_CELLS", 5, "more than 5 cells"),
        ("LONGEST_CELL", 3, "a cell of 6 characters"),
        ("MOST_TEXT", 5, "more than 5 characters"),
    ):
        with monkeypatch.context() as lowered:
            lowered.setattr(limits, name, most)
            assert words in fault(path)


SHEETS = {
    "rows": ("<row r='1'/>" * 40, "more than 30 rows"),
    "cells": ("<x:row>" + "<x:c><x:v>1</x:v></x:c>" * 40 + "</x:row>", "more than 30 cells"),
    "texts": ("<si><t>a</t></si>" * 40, "more than 30 texts"),
    "links": ("<row/>" + "<hyperlink/>" * 200, "more than 150 tags between two rows"),
    "ods": (
        "<table:table-row/>" + "<table:covered-table-cell/>" * 40,
        "more than 30 cells",
    ),
}


@pytest.mark.parametrize(("content", "words"), SHEETS.values(), ids=SHEETS)
def test_a_large_workbook_is_counted_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str, words: str
) -> None:
    for module in (books, limits):
        monkeypatch.setattr(module, "AT_ONCE", 0)
    for name, most in (("ROWS", 30), ("CELLS", 30), ("SHARED", 30), ("TOGETHER", 150)):
        monkeypatch.setattr(limits, f"MOST_{name}", most)
    monkeypatch.setattr(books, "DistantBook", lambda path: pytest.fail(f"{path} is read"))
    monkeypatch.setattr(parts, "_BLOCK", 100)
    path = tmp_path / "a.xlsx"
    with ZipFile(path, "w") as file:
        file.writestr("sheet.bin", f"<sheet>{content}</sheet>")
    assert f"is too large to be read: in its part 'sheet.bin' it has {words}" in fault(path)


@pytest.mark.parametrize("size", [1, 7, 64, 257, 1000])
def test_a_part_is_counted_alike_in_blocks_of_any_size(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(parts, "_BLOCK", size)
    sheet = "<row r='1'><c r='A1'><v>1</v></c>" + "<c/>" * 9 + "</row><cols/><row>" + "a" * 400
    *_, last = parts.counted(BytesIO(f"{sheet}</row><si/></sheet>".encode()))
    assert (last.rows, last.cells, last.texts) == (2, 10, 1)


def test_what_stands_for_many_cells_is_counted_before_it_is_made(tmp_path: Path) -> None:
    page = tmp_path / "a.xls"
    page.write_text(f"<table><tr>{'<td colspan=16384>a</td>' * 3}</tr></table>", "utf-8")
    assert "row 1 has 32768 cells" in fault(page)
    cell = '<table:table-cell table:number-columns-repeated="{}">{}</table:table-cell>'
    for cells in (
        cell.format(10**12, "") + cell.format(1, "<text:p>a</text:p>"),
        cell.format(10**12, "<text:p>a</text:p>") * 2,
    ):
        path = tmp_path / "a.ods"
        with ZipFile(path, "w") as file:
            file.writestr(
                "content.xml",
                '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">'
                f'<table:table table:name="s"><table:table-row>{cells}</table:table-row>'
                "</table:table></office:document-content>",
            )
        assert re.search(r"a row has (10{11}|32768)", fault(path))


def test_a_text_without_an_end_of_line_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(text_tables, "_LONGEST_LINE", 1000)
    for name, text in (
        ("a.csv", "site,title\nmall," + "a" * 2000),
        ("b.csv", "site," * 500),
        ("c.jsonl", '{"site": "' + "a" * 2000 + '"}'),
    ):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        with pytest.raises(RecordsError, match=r"line \d has more than 1,000 characters"):
            list(open_table(path).rows())


@pytest.mark.usefixtures("distant")
def test_a_reader_that_is_left_early_leaves_no_process(tmp_path: Path) -> None:
    with open_book(book(tmp_path / "a.xlsx")) as opened:
        next(iter(opened.rows(opened.names[0])))
        assert isinstance(opened, limits.DistantBook)
        processes = list(opened._running)
        assert processes
    assert all(process.returncode is not None for process in processes)
    with read_directly(tmp_path / "a.xlsx") as opened:
        assert isinstance(opened, limits.LimitedBook)


def test_merged_cells_that_overlap_take_no_longer_than_their_rows() -> None:
    rows = 20_000
    spans = [(number, 10**9, 1) for number in range(1, rows)]
    began = time.process_time()
    last = deque(with_merged(((n, [n, "x"]) for n in range(1, rows)), spans), maxlen=1)
    assert last.pop() == (rows - 1, [rows - 1, "x"])
    assert time.process_time() - began < 5
