"""List rereading: requests a page of a long list again, since goods may have been removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wildcrawl.base_spiders.closing_checks import ClosingChecks, mentioning
from wildcrawl.base_spiders.closing_evidence import Check, Shown, moved_up, unsorted
from wildcrawl.base_spiders.page_steps import HIGHEST
from wildcrawl.base_spiders.responses import PageError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from wildcrawl.base_spiders.extraction import Search
    from wildcrawl.base_spiders.searched import Ending
    from wildcrawl.base_spiders.short_pages import ReadPage


class ListRereading(ClosingChecks):
    """The part of a search that requests a page of a list again once the list has ended.

    It costs a request for each list of several pages without a stated total, and further ones where
    that page has moved. The search ends after them.
    """

    rereads_lists = True
    """Whether the site may be asked so much."""

    def close_search(self, search: Search, ending: Ending) -> Iterator[Request]:
        """Ends a search; before, the request for the page in the middle of a long list."""
        page = self.shrunk.begin(search, ending) if self.may_reread(search) else None
        request = self.reread_request(page)
        if request is None:
            self.end_search(search, ending)
        else:
            yield request

    def may_reread(self, search: Search) -> bool:
        """Whether a page of a list may be requested again.

        A cursor that names a result loses none; one that is a small number is a place in the list.
        """
        cursor = search.cursor
        is_place = cursor.isascii() and cursor.isdecimal() and int(cursor) <= HIGHEST
        return self.rereads_lists and not search.earlier and (not cursor or is_place)

    def reread_request(self, page: ReadPage | None) -> Request | None:
        """The request for a page of a list that has ended, which is not retried."""
        if page is None:
            return None
        request = self.search_request(replace(page.search, check=Check.MIDDLE), page.url)
        return request and request.replace(meta={**request.meta, "dont_retry": True})

    def reread(self, response: Response, search: Search) -> Iterator[Any]:
        """Compares a page of a list with what it showed; reads what has moved to it."""
        before = self.shrunk.rereads[search.phrase].asked
        if hash(response.body) == before.body:
            mentioned = frozenset(before.ids) - before.off_topic
            yield from self.after_reread(search, Shown(search.phrase, before.ids, mentioned))
            return
        try:
            _, page = self.read_answer(response)
        except PageError as error:
            self.logger.info("%s: %s, so it proves nothing", response.url, error)
            yield from self.after_reread(search, None)
            return
        rows = self.rows_checked(page, search)
        ids = [row["ad_id"] for row in rows]
        shown = Shown(search.phrase, ids, mentioning(rows, search.phrase))
        if moved := moved_up(ids, self.shrunk.pages_from(search)):
            self.shrunk.unsorted = unsorted(search.phrase, len(moved))
        if self.short_pages.grew(before, shown):
            yield from self.found_late(shown.unseen(search.ad_ids), search, rows)
            yield from self.after_reread(search, None)
            return
        yield from self.found_late(self.shrunk.compare(shown, search.ad_ids), search, rows)
        yield from self.after_reread(search, shown)

    def after_reread(self, search: Search, shown: Shown | None) -> Iterator[Request]:
        """The request for the next page of the list, or the end of its search."""
        request = self.reread_request(self.shrunk.go_on(search.phrase, shown))
        if request is not None:
            yield request
        else:
            ended = self.shrunk.rereads[search.phrase]
            self.end_search(ended.search, ended.ending)

    def end_search(self, search: Search, ending: Ending) -> None:
        """Records a search that has ended without a fault; a search implements it."""
        raise NotImplementedError
