"""Links from the numbers of a written report to their lists, made when the desk shows its page.

The page names in data-list the filters of a table, of its columns and of its rows; a number's
list has those of all three. The file itself stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from urllib.parse import parse_qs, urlencode

from flask import render_template, url_for

from wildcrawl.store.search import ListQuery

_TABLE = re.compile(r"<table\b[^>]*\bdata-list=\"[^\"]*\"[^>]*>.*?</table>", re.DOTALL)
_CELL = re.compile(r"<(?P<tag>tr|t[hd])\b(?P<attributes>[^>]*)>(?P<text>[^<]*)")
_SPAN = re.compile(r"<span data-list=\"(?P<query>[^\"]*)\">(?P<number>[\d,]+)</span>")
_LIST = re.compile(r"\bdata-list=\"([^\"]*)\"")
_NUMBER = re.compile(r"[1-9][\d,]*")
_META = re.compile(r"<meta name=\"wildcrawl:([a-z-]+)\" content=\"([^\"]*)\">")
_MAIN = "<main>"


class _Links:
    """Links of one page to lists, numbered, so that a list leads back to its number."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._number = 0

    def address(self, queries: Sequence[str], reported: int, place: str) -> str:
        """Address of a number's list; "" if its filters are not those of a list."""
        given: dict[str, list[str]] = {}
        for query in queries:
            given |= parse_qs(query)
        try:
            filters = ListQuery.from_parameters(given).to_parameters()
        except ValueError:
            return ""
        back = {"report": f"{self._page}#{place}", "reported": str(reported)}
        return f"{url_for('lists.advertisements')}?{urlencode({**filters, **back}, doseq=True)}"

    def link(self, queries: Sequence[str], number: str) -> str:
        """The number as a link to its list; the number itself if it has none."""
        self._number += 1
        place = f"list-{self._number}"
        address = self.address(queries, int(number.replace(",", "")), place)
        if not address:
            return number
        return f'<a id="{place}" href="{address.replace("&", "&amp;")}">{number}</a>'


def with_lists(html: str, page: str) -> str:
    """The page of a report, at the path `page`, with links from its numbers to their lists."""
    links = _Links(page)
    html = _TABLE.sub(lambda table: _linked_table(table[0], links), html)
    html = _SPAN.sub(
        lambda span: (
            f"<span>{links.link([unescape(span['query'])], span['number'])}</span>"
            if _NUMBER.fullmatch(span["number"])
            else span[0]
        ),
        html,
    )
    before, main, after = html.partition(_MAIN)
    return f"{before}{main}{_bar(before, links)}{after}" if main else html


def _linked_table(table: str, links: _Links) -> str:
    """The table with a link from each number whose row and column name their filters."""
    found = _LIST.search(table)
    whole = unescape(found[1]) if found else ""
    columns: list[str | None] = []
    row: str | None = None
    place = 0

    def linked(cell: re.Match[str]) -> str:
        nonlocal row, place
        own = _LIST.search(cell["attributes"])
        query = unescape(own[1]) if own else None
        if cell["tag"] == "tr":
            row, place = query, 0
            return cell[0]
        if row is None:
            columns.append(query)
            return cell[0]
        column = columns[place] if place < len(columns) else None
        place += 1
        if column is None or not _NUMBER.fullmatch(cell["text"]):
            return cell[0]
        start = cell[0][: cell.start("text") - cell.start()]
        return f"{start}{links.link([whole, row, column], cell['text'])}"

    return _CELL.sub(linked, table)


def _bar(head: str, links: _Links) -> str:
    """What the desk says above a report: its month, and the lists of its whole numbers."""
    facts = {name: unescape(content) for name, content in _META.findall(head)}
    if not {"list", "found", "left-out", "total", "period"} <= facts.keys():
        return ""
    lists = list(_whole_lists(facts, links))
    month = facts["period"].split(" ")[-1]
    return render_template("report_bar.html", lists=lists, month=month)


def _whole_lists(facts: dict[str, str], links: _Links) -> Iterator[tuple[str, int, str]]:
    """Status, number and address of each list of the report's whole period."""
    numbers = {"counted": facts["total"]}
    numbers |= {name: values[0] for name, values in parse_qs(facts["left-out"]).items()}
    for status, text in numbers.items():
        number = int(text) if text.isascii() and text.isdigit() else 0
        queries = [facts["list"]] if status == "counted" else [facts["found"], f"statuses={status}"]
        address = links.address(queries, number, "desk") if number else ""
        if address:
            yield status, number, address
