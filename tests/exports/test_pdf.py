"""PDF of a report: the pages on which its sections begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from scrapy.settings import Settings

from exports.page import css_text
from exports.pdf import page_numbers
from tests.helpers.fonts import font_environment
from wildcrawl.commands.export import pdf_printer


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


@pytest.mark.slow
@pytest.mark.parametrize(("fonts", "boxes"), [("dejavu", True), ("chinese", False)])
def test_a_pdf_is_printed_to_a_relative_folder_and_warned_of_without_a_chinese_font(
    browser: str,
    fonts: str,
    boxes: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name, value in font_environment(fonts, tmp_path / "font").items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    Path("index.html").write_text("<meta charset=utf-8><p>象牙手镯</p>", encoding="utf-8")
    pdf_printer(Settings({"WILDCRAWL_BROWSER": browser}))(Path("index.html"), Path("report.pdf"))
    assert len(PdfReader("report.pdf").pages) == 1
    assert ("boxes for Chinese characters" in caplog.text) == boxes
    assert ("install fonts-noto-cjk" in caplog.text) == boxes
