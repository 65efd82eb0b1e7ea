"""Cover of a workbook: who made it, what it says, how to read it, and what is on its sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from exports.caveats import banners, title
from exports.charts.figure import INK, SOFT
from exports.formats import Formats
from exports.narrative import paragraphs
from exports.summary import Summary
from exports.writers import harmless
from wildcrawl.months import CHINA
from wildcrawl.utils import display_width

_WIDTHS = (34, 76, 10, 34)
_LINE, _SIZE = 15, 11
"""Height of a line in points, at that size of the letters."""
_WARNING, _LINK = "#8a1c00", "#0a5f94"
_HOW_TO_READ = ("labels", "filters", "empty", "back", "texts")


@dataclass(frozen=True)
class ContentsLine:
    """A sheet in the list of contents: its name, what it has, its rows and its CSV file."""

    sheet: str
    what: str
    rows: int | None = None
    file: str = ""


def write_cover(
    book: Any, sheet: Any, summary: Summary, formats: Formats, listed: Sequence[ContentsLine]
) -> None:
    """Writes the cover to the empty `sheet`."""
    texts, author = formats.texts, formats.context.author
    page = TextSheet(book, sheet, _WIDTHS)
    if author and author.organisation:
        page.text(author.organisation, bold=True, font_color=SOFT)
    page.text(texts.say("kicker"), font_color=SOFT)
    page.text(title(summary, formats), bold=True, font_size=20)
    if author and author.authors:
        page.text(texts.enumerate(author.authors))
    page.text(texts.made(formats.context.made_at.astimezone(CHINA)), font_color=SOFT)
    for banner in banners(summary, formats):
        page.text(banner, bold=True, font_color=_WARNING)
    page.blank()
    for sentences in paragraphs(summary, formats):
        page.text(texts.join(sentences))
    page.blank()
    page.text(texts.say("book.contents"), bold=True, font_size=14)
    _write_contents(page, formats, listed)
    page.blank()
    page.text(texts.say("book.reading"), bold=True, font_size=14)
    for name in _HOW_TO_READ:
        page.text(texts.say(f"book.reading.{name}", sheet=texts.say("advertisements.tab")))
    if author and (author.cite or author.licence or author.contact):
        page.blank()
        for name in ("cite", "licence", "contact"):
            if words := getattr(author, name):
                page.text(texts.say(name, text=words), font_color=SOFT)


def _write_contents(page: TextSheet, formats: Formats, listed: Sequence[ContentsLine]) -> None:
    headings = [formats.texts.say(f"book.{name}") for name in ("sheet", "what", "rows", "file")]
    page.row(headings, bold=True, bottom=1)
    for each in listed:
        page.row([each.sheet, each.what, each.rows, each.file], link=each.sheet)


def write_notes(book: Any, sheet: Any, heading: str, notes: Sequence[str]) -> None:
    """Writes the notes to the empty `sheet`, one below the other."""
    page = TextSheet(book, sheet, (sum(_WIDTHS),))
    page.text(heading, bold=True, font_size=14)
    for number, note in enumerate(notes, 1):
        page.text(f"{number}. {note}")


class TextSheet:
    """A sheet of texts that is written a line after another; `widths` are those of its columns."""

    def __init__(self, book: Any, sheet: Any, widths: Sequence[int]) -> None:
        self._book, self._sheet, self._widths, self._line = book, sheet, widths, 0
        sheet.hide_gridlines(2)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)

    def blank(self) -> None:
        """An empty line."""
        self._line += 1

    def text(self, text: str, **style: Any) -> None:
        """A paragraph over all columns, as high as its text."""
        look = self._look(**style)
        size = style.get("font_size", _SIZE)
        # A merged cell does not grow with its text.
        self._sheet.set_row(self._line, _height(text, sum(self._widths), size))
        if len(self._widths) > 1:
            last = len(self._widths) - 1
            self._sheet.merge_range(self._line, 0, self._line, last, "", look)
        self._sheet.write_string(self._line, 0, _clean(text), look)
        self._line += 1

    def row(self, cells: Sequence[str | int | None], link: str = "", **style: Any) -> None:
        """A cell in each column; the first opens the sheet `link`."""
        look, linked = self._look(**style), self._look(font_color=_LINK, underline=1)
        heights = [
            _height(str(cell or ""), width, _SIZE)
            for cell, width in zip(cells, self._widths, strict=True)
        ]
        self._sheet.set_row(self._line, max(heights))
        for place, cell in enumerate(cells):
            if isinstance(cell, int):
                number = self._look(num_format="#,##0", align="left")
                self._sheet.write_number(self._line, place, cell, number)
            elif link and place == 0:
                quoted = link.replace("'", "''")
                address = f"internal:'{quoted}'!A1"
                self._sheet.write_url(self._line, place, address, linked, string=str(cell))
            else:
                self._sheet.write_string(self._line, place, _clean(cell or ""), look)
        self._line += 1

    def _look(self, **style: Any) -> Any:
        plain = {"text_wrap": True, "valign": "top", "font_color": INK}
        return self._book.add_format(plain | style)


def _height(text: str, width: int, size: float) -> float:
    """Height in points of a text that is broken to `width` digits of the usual size."""
    room = int(width * _SIZE / size * 0.95)
    lines = sum(-(-max(1, display_width(part)) // room) for part in text.split("\n"))
    return lines * _LINE * size / _SIZE + 3


def _clean(text: str) -> str:
    """`text` without what XML forbids, and with what spreadsheets never run as a formula."""
    return str(harmless(pl.DataFrame({"text": [text]})).item() or "")
