"""JSON sites: answers of a search API read by JMESPath."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from wildcrawl.analysis.answers import NotJson, parse_answer
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.extraction import (
    ResultPage,
    Row,
    absolute,
    apply_patterns,
    pick,
    search,
)
from wildcrawl.base_spiders.responses import Unreadable
from wildcrawl.base_spiders.search import SearchSpider

if TYPE_CHECKING:
    from scrapy.http import TextResponse


class JsonPages(CrawledSite):
    """Reads results by JMESPath: `results` selects the list, `fields` are looked up in each."""

    results: ClassVar[str] = ""
    """Selects the list of results; null means that the answer is not a page of results."""
    more: ClassVar[str] = ""
    """Selects whether a further page exists; empty: pages are requested until one is empty."""

    def read_results(self, response: TextResponse) -> ResultPage:
        answer = read_json(response)
        results = search(self.results, answer)
        if not isinstance(results, list):
            return ResultPage([], more=False, recognised=False)
        fields = self.shown(self.fields)
        picked = (apply_patterns(pick(result, fields), self.patterns) for result in results)
        rows = [absolute(response, row) for row in picked]
        more = bool(rows) and (not self.more or bool(search(self.more, answer)))
        return ResultPage(rows, more=more)

    def read_details(self, response: TextResponse) -> Row:
        return absolute(response, pick(read_json(response), self.detail))


class JsonSearchSpider(JsonPages, SearchSpider):
    """A search that is answered with JSON, by a public API of the site."""

    way = "json"


def read_json(response: TextResponse) -> Any:
    """The data of an answer, in any form of JSON; Unreadable, with its beginning, if it has none.

    The forms are those of `wildcrawl.analysis.answers`.
    """
    try:
        return parse_answer(response.text)
    except NotJson as error:
        raise Unreadable(str(error)) from None
