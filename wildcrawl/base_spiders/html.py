"""Sites whose search answers with an HTML page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from wildcrawl.base_spiders.described import (
    described_rows,
    fill,
    fill_undeclared,
    says_nothing_found,
)
from wildcrawl.base_spiders.extraction import Layout, apply_patterns, read_layout, select
from wildcrawl.base_spiders.results import ResultPage, Row, absolute
from wildcrawl.base_spiders.search import SiteSpider
from wildcrawl.base_spiders.structured_data import FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from scrapy.http import TextResponse


REL_NEXT = "(//link | //a)[contains(concat(' ', @rel, ' '), ' next ')]/@href"


class HtmlSearchSpider(SiteSpider):
    """Reads result pages by selectors: CSS, or XPath where a selector begins with / or (.

    Without a `card` it reads results, and their own pages, as the pages themselves describe them
    for machines (schema.org); with one, that only completes what selectors find on own pages.
    """

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

    @property
    def described(self) -> bool:
        """Whether results are read as the page describes them: nothing else is declared."""
        return not (self.card or self.other_layouts)

    def own_page_fields(self) -> Collection[str]:
        if self.described and not self.detail:
            return [name for name in FIELDS if name not in ("ad_id", "url")]
        return self.detail

    def read_results(self, response: TextResponse) -> ResultPage:
        rows = self.read_rows(response)
        if not rows:
            return ResultPage([], more=False, recognised=self.shows_nothing(response))
        query = self.next_page or self.next_by_standard
        if not query:
            return ResultPage(rows)
        following = select(response.selector, query).get()
        url = response.urljoin(following.strip()) if following else None
        return ResultPage(rows, next_url=url, more=bool(url))

    @property
    def next_by_standard(self) -> str:
        """Where the next page stands if nothing is declared: as the standard has it."""
        return "" if "{page}" in self.search_url or not self.described else REL_NEXT

    def shows_nothing(self, response: TextResponse) -> bool:
        """Whether a page without results says that there are none."""
        if self.empty:
            return bool(select(response.selector, self.empty))
        return self.described and says_nothing_found(response)

    def read_rows(self, response: TextResponse) -> list[Row]:
        """The results on a page, in the first layout that shows any."""
        layouts = () if self.described else (Layout(self.card, self.fields), *self.other_layouts)
        found = (
            read_layout(response, replace(layout, fields=self.shown(layout.fields)))
            for layout in layouts
        )
        rows = described_rows(response) if self.described else next(filter(None, found), [])
        return [absolute(response, apply_patterns(row, self.patterns)) for row in rows]

    def read_details(self, response: TextResponse) -> Row:
        details = fill(self.selected(response), response)
        return absolute(response, fill_undeclared(details, response, self.detail))

    def shows_advertisement(self, response: TextResponse) -> bool:
        if self.own_page_fields() is self.detail:
            return any(self.selected(response).values())
        return bool(fill({}, response))

    def selected(self, response: TextResponse) -> Row:
        """What the declared selectors find on an advertisement's own page."""
        details: Row = {}
        for layout in (Layout(fields=self.detail), *self.other_details):
            for row in read_layout(response, layout)[:1]:
                details |= {name: row[name] for name in row if not details.get(name)}
        return details
