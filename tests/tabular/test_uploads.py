"""Uploaded worksheets: read in a process with limits, and refused before they fill the memory."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from tests.helpers.desk_data import FAIR, KEYWORDS, VOCABULARY
from wildcrawl.tabular.worksheet import Filled, WorksheetError, uploads, write_worksheet
from wildcrawl.tabular.worksheet.uploads import check_upload, read_upload


def with_parts(path: Path, parts: dict[str, bytes]) -> None:
    with ZipFile(path, "a", ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


@pytest.fixture
def worksheet(tmp_path: Path) -> Path:
    path = tmp_path / "from Wang.xlsx"
    filled = Filled({"犀角": "x"}, [{"found_by": "象牙", "title": "老象牙", "note": "第一\n第二"}])
    write_worksheet(path, FAIR, KEYWORDS, VOCABULARY.groups, filled)
    return path


def test_a_worksheet_is_read_in_another_process_as_in_this_one(worksheet: Path) -> None:
    opened = load_workbook(worksheet)
    opened["Advertisements"].row_dimensions[2].hidden = True
    opened.save(worksheet)
    filled = read_upload(worksheet, FAIR)
    (note,) = filled.notes
    assert note.startswith("hidden rows of sheet 'Advertisements' were read like the others (lines")
    assert filled.ticks == {"犀角": "x"}
    assert filled.rows == [{"found_by": "象牙", "title": "老象牙", "note": "第一\n第二"}]


def test_a_reader_that_needs_too_much_memory_ends_alone(
    worksheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CSV file is within the limits of size, and its content is more than the memory given."""
    small = uploads.MEMORY
    code = "import wildcrawl.tabular.worksheet.uploads as u; u.MEMORY = 1 << 20; u.main()"
    run = subprocess.run

    def with_less(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        return run([*command[:2], code], **options)

    monkeypatch.setattr(subprocess, "run", with_less)
    large = worksheet.with_name("large.csv")
    rows = "".join(f"fair,象牙,,{number:0200}\n" for number in range(20_000))
    large.write_text(f"site,found_by,nothing_found,title\n{rows}", encoding="utf-8")
    with pytest.raises(WorksheetError, match=f"within {small >> 20} MiB of memory"):
        read_upload(large, FAIR)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda path: with_parts(path, {"xl/x.bin": bytes(65 << 20)}), "more than 64 MiB"),
        (
            lambda path: with_parts(path, {f"xl/{number}": b"" for number in range(501)}),
            "the most is 500",
        ),
        (
            lambda path: with_parts(path, {"xl/worksheets/sheet9.xml": b"<row/>" * 20_001}),
            "more than 20000 rows",
        ),
        (
            lambda path: with_parts(path, {"xl/worksheets/sheet9.xml": b"<c />" * 1_000_001}),
            "or 1000000 cells",
        ),
    ],
)
def test_a_workbook_made_to_fill_the_memory_is_refused_unopened(
    worksheet: Path, change: Callable[[Path], None], message: str
) -> None:
    change(worksheet)
    assert worksheet.stat().st_size < 200_000
    with pytest.raises(WorksheetError, match=message):
        check_upload(worksheet)
