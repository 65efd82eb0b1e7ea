"""JSON sites: answers of a search API read by JMESPath."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, ClassVar

from wildcrawl.analysis.result_totals import answered_total
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.extraction import (
    ResultPage,
    Row,
    absolute,
    apply_patterns,
    pick,
    search,
)
from wildcrawl.base_spiders.pager import answers_next
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
        says_more = not self.more or bool(search(self.more, answer))
        return ResultPage(
            rows,
            more=bool(rows) and says_more,
            total=answered_total(answer, len(rows)),
            promised=answers_next(answer),
            last=not says_more,
        )

    def read_details(self, response: TextResponse) -> Row:
        return absolute(response, pick(read_json(response), self.detail))


class JsonSearchSpider(JsonPages, SearchSpider):
    """A search that is answered with JSON, by a public API of the site."""

    way = "json"


# JSONP: a call of the page's own function, its one argument the data.
_CALL = re.compile(r"\s*(?:/\*.*?\*/)?\s*[\w$.?]+\s*\((.*)\)\s*;?\s*", re.DOTALL)


def read_json(response: TextResponse) -> Any:
    """The data of a JSON or JSONP answer; Unreadable, with line and column, if it is neither."""
    call = _CALL.fullmatch(response.text)
    try:
        return json.loads(call[1] if call else response.text)
    except ValueError as error:
        raise Unreadable(f"the answer is not JSON: {error}") from None
