"""Sites whose search answers with an HTML page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from wildcrawl.spider.base import SiteSpider
from wildcrawl.spider.layout import Layout, apply_patterns, read_layout, select
from wildcrawl.spider.results import ResultPage, Row, absolute

if TYPE_CHECKING:
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
    other_layouts: ClassVar[tuple[Layout, ...]] = ()
    """Further ways in which the site shows results; the first that shows any is read."""
    other_details: ClassVar[tuple[Layout, ...]] = ()
    """Further places on an advertisement's page, for the fields that `detail` does not find."""

    def read_results(self, response: TextResponse) -> ResultPage:
        rows = self.read_rows(response)
        if not rows:
            nothing = bool(self.empty and select(response.selector, self.empty))
            return ResultPage([], more=False, recognised=nothing)
        if not self.next_page:
            return ResultPage(rows)
        following = select(response.selector, self.next_page).get()
        url = response.urljoin(following.strip()) if following else None
        return ResultPage(rows, next_url=url, more=bool(url))

    def read_rows(self, response: TextResponse) -> list[Row]:
        """The results on a page, in the first layout that shows any."""
        for layout in (Layout(self.card, self.fields), *self.other_layouts):
            rows = read_layout(response, replace(layout, fields=self.shown(layout.fields)))
            if rows:
                return [absolute(response, apply_patterns(row, self.patterns)) for row in rows]
        return []

    def read_details(self, response: TextResponse) -> Row:
        details: Row = {}
        for layout in (Layout(fields=self.detail), *self.other_details):
            for row in read_layout(response, layout)[:1]:
                details |= {name: row[name] for name in row if not details.get(name)}
        return absolute(response, details)
