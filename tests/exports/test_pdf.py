"""PDF of a report: the pages on which its sections begin."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfWriter

from exports.page import css_text
from exports.pdf import page_numbers


def test_pages_are_counted_from_one_and_places_have_the_ids_of_their_elements(
    tmp_path: Path,
) -> None:
    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(200, 200)
    writer.add_named_destination("/monthly", 0)
    writer.add_named_destination("/notes", 2)
    writer.write(tmp_path / "report.pdf")
    assert page_numbers(tmp_path / "report.pdf") == {"monthly": 1, "notes": 3}


def test_a_running_head_cannot_end_its_quotes_or_the_style() -> None:
    shown = css_text('监测 "A" </style>\n\\}')
    assert not set(shown) & set('"<>/\n}')
    assert shown.startswith("监测 \\22 A")
