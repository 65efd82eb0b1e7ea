"""JSON sites: answers of a search API read by JMESPath."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from wildcrawl.analysis.answers import NotJson, parse_answer, unfolded
from wildcrawl.analysis.result_totals import (
    answered_at_least,
    answered_page_size,
    answered_pages,
    answered_total,
    declared_at_least,
    declared_total,
)
from wildcrawl.base_spiders.answer_forms import AnswerForms
from wildcrawl.base_spiders.bare_answers import is_bare
from wildcrawl.base_spiders.block_detection import messages_of
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.extraction import (
    Fields,
    Layout,
    ResultPage,
    Row,
    absolute,
    apply_patterns,
    embedded,
    pick,
    search,
)
from wildcrawl.base_spiders.own_words import Block, Words
from wildcrawl.base_spiders.pager import answers_next
from wildcrawl.base_spiders.responses import Unreadable
from wildcrawl.base_spiders.search import SearchSpider
from wildcrawl.base_spiders.unread_entries import UnreadEntries
from wildcrawl.base_spiders.whole_hundreds import WholeHundreds
from wildcrawl.utils import lazy_pattern

if TYPE_CHECKING:
    from scrapy.http import TextResponse


_FILTER = lazy_pattern(r"\[\?(?:`[^`]*`|'[^']*'|\"[^\"]*\"|[^\]`'\"])*\]")
"""A filter of a JMESPath query, as in items[?type=='goods']."""
_KNOWN_BY = ("ad_id", "title")
"""Fields that show an object to be a result."""


class JsonPages(CrawledSite):
    """Reads results by JMESPath: `results` selects the list, `fields` are looked up in each."""

    queries: ClassVar[tuple[str, ...]] = ("results", "more", "cursor", "other_details")
    in_data = True
    data: ClassVar[str] = ""
    """The text before the JSON data in a script of the page, such as __NEXT_DATA__; empty: the
    answer itself is JSON."""
    results: ClassVar[str] = ""
    """Selects the list of results; null means that the answer is not a page of results."""
    more: ClassVar[str] = ""
    """Selects whether a further page exists; empty: pages are requested until one is empty."""
    total: ClassVar[str] = ""
    """Selects the number of all results; empty: the usual names (total, numFound, …) are read."""
    other_details: ClassVar[tuple[Layout, ...]] = ()
    """Layouts of an advertisement's own page, where that is HTML and not what `detail` reads."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unread_entries = UnreadEntries()
        self.answer_forms = AnswerForms()
        self.whole_hundreds = WholeHundreds()
        # An answer of results one a line is empty if there are none.
        self.empty_is_none = self.results in ("@", "[*]", "[]")
        self.last_form: tuple[Any, bool] | None = None
        """The data of the last answer, and whether it has the declared list; None: it was empty."""
        self.last_answer: tuple[Any, list[Any], list[Any], list[Row]] = ({}, [], [], [])
        """The data of the last page of results, its list without and with a filter, and its rows.

        A filter in the query leaves out some of the results on purpose.
        """

    def look_beside(self, response: TextResponse, phrase: str) -> None:
        answer, every, results, rows = self.last_answer
        self.unread_entries.add_code(answer, found=bool(rows))
        self.unread_entries.add_left_out(answer, len(every))
        if "?" not in self.results:
            read = [bool(row.get("ad_id") or row.get("url") or row.get("title")) for row in rows]
            self.unread_entries.add(answer, results, read, phrase)
        else:
            self.unread_entries.add_filtered(every, results, phrase)
        if self.data and rows:
            ids = [str(row.get("ad_id") or "") for row in rows]
            self.unread_boxes.add_links(response.selector.root, response.url, ids, phrase)
        for row in rows:
            self.whole_hundreds.add(
                str(row.get("ad_id") or row.get("url")), str(row.get("price") or "")
            )

    def compare_form(self, page: ResultPage, phrase: str, *, further: bool) -> None:
        if self.last_form and (page.recognised or page.bare):
            answer, listed = self.last_form
            found = bool(page.rows)
            self.answer_forms.add(answer, phrase, listed=listed, found=found, further=further)
        self.last_form = None

    def look_past_the_end(self, response: TextResponse) -> None:
        try:
            answer = self.data_of(response)
        except Unreadable:
            return
        self.unread_entries.add_code(answer, found=False, further=True)

    def unread_beside(self) -> str:
        return (
            super().unread_beside() or self.unread_entries.message() or self.answer_forms.message()
        )

    def beside_note(self) -> str:
        return self.unread_entries.note() or self.answer_forms.note() or self.whole_hundreds.note()

    def read_results(self, response: TextResponse) -> ResultPage:
        answer = self.data_of(response)
        results = self.as_list(search(self.results, answer))
        if not isinstance(results, list):
            # An answer within a text of another one, or one result a line.
            answer = unfolded(answer)
            results = self.list_in(answer)
        self.last_form = answer, isinstance(results, list)
        if not isinstance(results, list):
            return ResultPage([], more=False, recognised=False, bare=is_bare(answer))
        fields = self.shown(self.fields)
        first = self.first_results(response, results)
        picked = (apply_patterns(self.picked(result, fields), self.patterns) for result in first)
        rows = [absolute(response, row) for row in picked]
        every = self.unfiltered(answer, results)
        self.last_answer = (answer, every, results, rows)
        size = answered_page_size(answer, len(every))
        says_more = not self.more or bool(search(self.more, answer))
        cursor = read_cursor(self.cursor, answer) if self.cursor else None
        return ResultPage(
            rows,
            more=bool(rows) and says_more and (not self.cursor or bool(cursor)),
            total=self.total_of(answer, len(rows)),
            at_least=self.least_of(answer, len(rows)),
            pages=answered_pages(answer),
            places=size and size - (len(every) - len(results)),
            words=Words(tuple(Block(text, False, True) for text in messages_of(response))),
            promised=answers_next(answer),
            last=not says_more or cursor == "",
            cursor=cursor,
        )

    def data_of(self, response: TextResponse) -> Any:
        """The data of an answer, or of a script in it; Unreadable if it has none."""
        if not self.data:
            return read_json(response)
        data = embedded(response.text, self.data)
        if data is None:
            raise Unreadable(f"the page has no data after '{self.data}'")
        return data

    def as_list(self, results: Any) -> Any:
        """A list of results that an answer holds as an object: by number, or as a single result.

        Some servers write a list so if it lacks its first entry, or has only one.
        """
        if not isinstance(results, dict) or not results:
            return results
        if all(key.isdigit() and isinstance(each, dict) for key, each in results.items()):
            return list(results.values())
        own = pick(results, {name: self.fields[name] for name in _KNOWN_BY if name in self.fields})
        return [results] if own and all(own.values()) else results

    def list_in(self, answer: Any) -> Any:
        """The results of an answer whose form is not quite the declared one; None if it has none.

        Its lines may each be a result, or each hold the declared list.
        """
        results = self.as_list(search(self.results, answer))
        if isinstance(results, list) or not isinstance(answer, list | dict):
            return results
        lines = answer if isinstance(answer, list) else [answer]
        lists = [self.as_list(search(self.results, line)) for line in lines]
        if lists and all(isinstance(each, list) for each in lists):
            self.empty_is_none = isinstance(answer, list)
            return [result for each in lists for result in each]
        own = {name: self.fields[name] for name in _KNOWN_BY if name in self.fields}
        is_row = bool(own) and all(all(pick(line, own).values()) for line in lines)
        if not lines or not is_row:
            return results
        self.empty_is_none = True
        return lines

    def picked(self, result: Any, fields: Fields) -> Row:
        """The fields of a result, also where it is, or has, JSON within a text."""
        row = pick(result, fields)
        if any(row.get(name) for name in _KNOWN_BY):
            return row
        held = unfolded(result)
        return row if held == result else pick(held, fields)

    def total_of(self, answer: Any, shown: int) -> int | None:
        """The number of all results that an answer with `shown` of them gives."""
        declared = declared_total(search(self.total, answer)) if self.total else None
        return declared or answered_total(answer, shown)

    def unfiltered(self, answer: Any, results: list[Any]) -> list[Any]:
        """The list of an answer of which a filter in the query took the `results`."""
        if "?" not in self.results:
            return results
        every = search(_FILTER.sub("[]", self.results), answer)
        return every if isinstance(every, list) else results

    def least_of(self, answer: Any, shown: int) -> int | None:
        """The fewest results that a rounded total of an answer with `shown` of them stands for."""
        declared = declared_at_least(search(self.total, answer)) if self.total else None
        return declared or answered_at_least(answer, shown)

    def own_page_fields(self) -> Collection[str]:
        return self.detail or [name for layout in self.other_details for name in layout.fields]

    def read_details(self, response: TextResponse) -> Row:
        if self.other_details and not self.detail:
            from wildcrawl.base_spiders.html import fill, selected_by

            return absolute(response, fill(selected_by(response, self.other_details), response))
        return absolute(response, pick(self.data_of(response), self.detail))


class JsonSearchSpider(JsonPages, SearchSpider):
    """A search that is answered with JSON, by a public API of the site."""

    way = "json"


_NO_CURSOR: tuple[Any, ...] = (None, False, "", 0, -1, "0", "-1", [], {})
"""Values with which APIs mark the last page."""


def read_cursor(query: str, answer: Any) -> str | None:
    """The cursor of an answer; "" if it marks the last page, None if the answer has no such field.

    >>> read_cursor("data.next", {"data": {"next": None}}), read_cursor("data.next", {"data": {}})
    ('', None)
    """
    value = search(query, answer)
    if value not in _NO_CURSOR:
        return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    parent, _, name = query.rpartition(".")
    holder = search(parent, answer) if parent else answer
    given = value is not None or (isinstance(holder, dict) and name.strip('"') in holder)
    return "" if given else None


def read_json(response: TextResponse) -> Any:
    """The data of an answer, in any form of JSON; Unreadable, with its beginning, if it has none.

    The forms are those of `wildcrawl.analysis.answers`.
    """
    try:
        return parse_answer(response.text)
    except NotJson as error:
        raise Unreadable(str(error)) from None
