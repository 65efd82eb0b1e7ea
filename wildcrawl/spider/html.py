"""Sites whose search answers with an HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wildcrawl.spider.base import SiteSpider
from wildcrawl.spider.results import LISTS, ResultPage, Row, absolute

if TYPE_CHECKING:
    from parsel import Selector, SelectorList
    from scrapy.http import TextResponse


class HtmlSearchSpider(SiteSpider):
    """Reads result pages by selectors: CSS, or XPath where a selector begins with / or (."""

    way = "html"
    card: ClassVar[str] = ""
    """Selects one search result; `fields` are looked up inside it."""
    empty: ClassVar[str] = ""
    """Selects the site's word for "nothing found"."""
    next_page: ClassVar[str] = ""
    """Selects the address of the next page; empty: pages are counted up in `search_url`."""

    def read_results(self, response: TextResponse) -> ResultPage:
        cards = select(response.selector, self.card)
        rows = [absolute(response, read_fields(card, self.fields)) for card in cards]
        if not rows:
            nothing = bool(self.empty and select(response.selector, self.empty))
            return ResultPage([], more=False, recognised=nothing)
        if not self.next_page:
            return ResultPage(rows)
        following = select(response.selector, self.next_page).get()
        url = response.urljoin(following.strip()) if following else None
        return ResultPage(rows, next_url=url, more=bool(url))

    def read_details(self, response: TextResponse) -> Row:
        return absolute(response, read_fields(response.selector, self.detail))


def select(node: Selector, query: str) -> SelectorList[Selector]:
    """What `query` selects below `node`: XPath if it begins with / ./ or (, else CSS."""
    if query.startswith(("/", "./", "(")):
        return node.xpath(query)
    return node.css(query)


def read_fields(node: Selector, queries: dict[str, str]) -> Row:
    """Each field's text below `node`, its pieces joined; "" or [] where nothing is selected."""
    row: Row = {}
    for name, query in queries.items():
        found = [text for text in (each.strip() for each in select(node, query).getall()) if text]
        row[name] = found if name in LISTS else " ".join(found)
    return row
