"""Sites whose search answers with JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

import jmespath

from wildcrawl.spider.base import SiteSpider
from wildcrawl.spider.pages import Unreadable
from wildcrawl.spider.results import LISTS, ResultPage, Row, absolute

if TYPE_CHECKING:
    from scrapy.http import TextResponse


class JsonSearchSpider(SiteSpider):
    """Reads results by JMESPath: `results` selects the list, `fields` are looked up in each."""

    way = "json"
    results: ClassVar[str] = ""
    """Selects the list of results; null there means that the answer is not what was asked for."""
    more: ClassVar[str] = ""
    """Selects whether a further page exists; empty: pages are asked for until one is empty."""

    def read_results(self, response: TextResponse) -> ResultPage:
        answer = read_json(response)
        results = jmespath.search(self.results, answer)
        if not isinstance(results, list):
            return ResultPage([], more=False, recognised=False)
        rows = [absolute(response, pick(result, self.fields)) for result in results]
        more = bool(rows) and (not self.more or bool(jmespath.search(self.more, answer)))
        return ResultPage(rows, more=more)

    def read_details(self, response: TextResponse) -> Row:
        return absolute(response, pick(read_json(response), self.detail))


def read_json(response: TextResponse) -> Any:
    """The answer as data; Unreadable, with the place of the fault, if it is no JSON."""
    try:
        return json.loads(response.text)
    except ValueError as error:
        raise Unreadable(f"the answer is no JSON: {error}") from None


def pick(result: Any, queries: dict[str, str]) -> Row:
    """Each field's value in `result` as text; "" or [] where there is none."""
    row: Row = {}
    for name, query in queries.items():
        value = jmespath.search(query, result)
        if name in LISTS:
            row[name] = [str(each) for each in value or [] if each]
        else:
            row[name] = "" if value is None else str(value)
    return row
