"""HTML reader: the tables of a web page that a shop or an office system saved as .xls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html  # type: ignore[import-untyped]

from wildcrawl.tabular.books.cells import MOST_COLUMNS, Value, linked
from wildcrawl.tabular.books.hidden import Hidden
from wildcrawl.tabular.text_tables import find_charset

_CELLS = ("td", "th")


class HtmlBook:
    """An open page of tables; `names` are "table 1", "table 2", …"""

    def __init__(self, path: Path) -> None:
        charset = find_charset(path)
        text = path.read_text(encoding=charset, errors="replace").replace("\0", "")
        # Without its declaration, which lxml rejects in decoded text.
        text = text[text.find("?>") + 2 :] if text.lstrip().startswith("<?xml") else text
        tables = html.document_fromstring(text).iter("table") if text.strip() else iter(())
        self._tables = {f"table {number}": table for number, table in enumerate(tables, start=1)}
        self.names = list(self._tables)
        self.hidden = Hidden()

    def rows(self, name: str) -> Iterator[tuple[int, list[Value]]]:
        """The rows of a table with their numbers, from 1."""
        for number, row in enumerate(self._tables[name].iter("tr"), start=1):
            values: list[Value] = []
            for cell in row.iterchildren(*_CELLS):
                values.append(_value(cell))
                width = cell.get("colspan", "1")
                wide = len(width) < 6 and width.isdecimal()
                values += [None] * (min(int(width), MOST_COLUMNS) - 1 if wide else 0)
                if len(values) > MOST_COLUMNS:
                    raise ValueError(f"row {number} has {len(values)} cells")
            yield number, values

    def close(self) -> None:
        """Frees the memory of the page."""
        self._tables.clear()


def _value(cell: etree._Element) -> Value:
    url = next((link.get("href", "") for link in cell.iter("a")), "")
    return linked(_text(cell), url)


def _text(cell: etree._Element) -> str:
    """Text as a browser shows it: a line for each <br> and block, blanks joined."""
    parts: list[str] = []
    for element in cell.iter():
        if element is not cell and element.tag in ("br", "p", "div", "li"):
            parts.append("\n")
        if isinstance(element.tag, str) and element.text:
            parts.append(_joined(element.text))
        if element is not cell and element.tail:
            parts.append(_joined(element.tail))
    lines = (line.strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _joined(text: str) -> str:
    outer = " " if text[:1].isspace() else ""
    return f"{outer}{' '.join(text.split())}{' ' if text[-1:].isspace() else ''}"
