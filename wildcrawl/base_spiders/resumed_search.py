"""Resumed search: continues a killed or stopped run of the month with the keywords it lacks.

The pages of keywords that it had searched to the end are read again from the store, through the
same code as pages of the site. So the run is judged by all of them, an advertisement whose own
page was not fetched yet is fetched now, and what is stored already is a sighting.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.exceptions import CloseSpider

from wildcrawl import __version__
from wildcrawl.base_spiders.extraction import Search
from wildcrawl.base_spiders.list_rereading import ListRereading
from wildcrawl.base_spiders.paging import PagingCheck
from wildcrawl.base_spiders.searched import Ending
from wildcrawl.crawl.evidence_settings import Level, level_of
from wildcrawl.crawl.received import ReceivedAnswers
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.search_saving import SearchSaving
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Advertisement, Health, Relevance
from wildcrawl.store import StoreError
from wildcrawl.store.search_progress import count_finds_of

if TYPE_CHECKING:
    from scrapy.http import Response

    from wildcrawl.analysis.vocabulary import Keyword
    from wildcrawl.crawl.saved_pages import SavedPage
    from wildcrawl.store.search_progress import SearchedKeyword

_NOT_OF_A_SEARCH = ("name", "label", "label_zh", "evidence", "confidence", "expect", "permission")
"""Declarations that decide nothing of what a search asks for and how it is read."""


_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class ResumedSearch(ListRereading):
    """The part of a search that saves its finished keywords, and takes over those of a run before.

    Not with a person's sign-in, since what such pages show is not saved.
    """

    paging: PagingCheck

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.resumed: dict[str, SearchedKeyword] = {}
        """Keywords that are taken over from an earlier run."""

    @classmethod
    def can_resume(cls) -> bool:
        """Whether searches are saved, and those of an unfinished run or of a part taken over."""
        return True

    @cached_property
    def saving(self) -> SearchSaving | None:
        """The saved searches; None if there is no run in a store to save them for."""
        if not self.can_resume() or not self.session.run_stored:
            return None
        return SearchSaving(self.session, self.search_mark())

    def search_mark(self) -> str:
        """A fingerprint of the declarations and arguments that decide what a search shows."""
        declared = {
            name: value
            for name in dir(type(self))
            if not name.startswith("_") and name not in _NOT_OF_A_SEARCH
            for value in [getattr(type(self), name)]
            if isinstance(value, str | int | float | tuple | dict)
        }
        given = (self.keywords_wanted, self.pages_wanted, self.settings.get("WILDCRAWL_DEMO_URL"))
        text = _ADDRESS.sub("", repr((__version__, sorted(declared.items()), given)))
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]

    # Saving

    def save_page(self, response: Response, search: Search) -> None:
        """Notes a page of results for a run that may continue this one."""
        if self.saving is None or search.keyword.term in self.resumed:
            return
        off = level_of(self.settings) == Level.OFF
        received = None if off else ReceivedAnswers.of(self.crawler).get(response)
        term, phrase = search.keyword.term, search.phrase
        self.saving.add_page(term, phrase, search.page, response, received)

    def save_ending(self, search: Search, ending: Ending) -> None:
        """Notes a search that ended at a page that does not exist, or at an error."""
        if self.saving is not None and search.keyword.term not in self.resumed:
            self.saving.add_ending(search.keyword.term, search.phrase, ending)

    def spoil(self, keyword: Keyword) -> None:
        """Notes that a keyword was not searched to its end."""
        if self.saving is not None:
            self.saving.spoil(keyword.term)

    def save_found(self, search: Search) -> None:
        """Notes the number of results of a search that has ended."""
        if self.saving is not None:
            self.saving.found[search.keyword.term] += len(search.ad_ids)

    def save_searched(self, keyword: Keyword) -> None:
        """Stores a keyword all of whose searches have ended."""
        if self.saving is None or keyword.term in self.resumed:
            return
        self.saving.complete(keyword.term, self.phrases(keyword), turned=self.paging.turned)

    def ended(self, reason: str) -> None:
        super().ended(reason)
        if self.saving is not None and not self.worksheet:
            self.saving.end(reason, part=bool(self.session.run.part))

    # Taking over

    def resume(self) -> Iterator[Any]:
        """The items and requests of the keywords that an unfinished run has searched."""
        if self.saving is None:
            return
        if self.again:
            self.saving.erase_earlier()
            return
        keywords = {keyword.term: keyword for keyword in self.keywords}
        found = self.saving.resumable(keywords)
        self.paging.turned = any(each.turned for each in found)
        for searched in found:
            keyword = keywords[searched.term]
            pages = self.saving.pages(searched)
            if pages is None or list(searched.phrases) != self.phrases(keyword):
                continue
            self.resumed[keyword.term] = searched
            self.stats.inc_value(Stat.KEYWORDS_RESUMED)
            self.searches_left[keyword.term] = len(searched.phrases)
            for number in range(len(searched.phrases)):
                own = {page: saved for (search, page), saved in pages.items() if search == number}
                yield from self._read_again(keyword, searched, number, own)

    def _read_again(
        self, keyword: Keyword, searched: SearchedKeyword, number: int, pages: dict[int, SavedPage]
    ) -> Iterator[Any]:
        """Reads the saved pages of one search, and goes on where they end."""
        phrase, old = searched.phrases[number], SearchSaving.is_old(searched)
        search, request = Search(keyword, phrase, self.first_page, earlier=old), None
        while saved := pages.get(search.page):
            following = None
            for output in self._read_page_again(saved, search, request):
                if self._goes_on(output, search):
                    following = output
                else:
                    yield self._as_of(saved, output)
            if following is None:
                return
            search, request = following.cb_kwargs["search"], following
        if searched.endings[number]:
            self.end_search(search, Ending(searched.endings[number]))
            yield from self.closing_checks()
        elif request is not None:
            yield request

    def _read_page_again(
        self, saved: SavedPage, search: Search, request: Request | None
    ) -> Iterator[Any]:
        """What a saved page yields; the request for it, if the store fails meanwhile."""
        try:
            yield from self.parse_results(saved.response, search)
        except StoreError as error:
            self.logger.warning("%s; '%s' is searched again", error, search.phrase)
            request = request or self.search_request(search)
            if request is not None:
                yield request
        except CloseSpider as closed:
            if self.session.stop:
                self.session.stop(closed.reason)
        except Exception:
            self.stats.inc_value(Stat.ERRORS)
            self.logger.exception("a saved page of '%s' could not be read", search.phrase)

    def _goes_on(self, output: Any, search: Search) -> bool:
        """Whether an output of a page is the request for the next one of its search."""
        further = output.cb_kwargs.get("search") if isinstance(output, Request) else None
        return (
            isinstance(further, Search)
            and further.check is None
            and further.phrase == search.phrase
            and further.page > search.page
        )

    def _as_of(self, page: SavedPage, output: Any) -> Any:
        """An output; an advertisement was seen when its page was fetched."""
        if isinstance(output, Advertisement):
            output.found_at = page.at
            output.received = page.received
            if page.received is not None:
                page.received.ad_ids.append(output.ad_id)
        return output

    def may_reread(self, search: Search) -> bool:
        return super().may_reread(search) and search.keyword.term not in self.resumed

    def resumed_note(self) -> str:
        """A sentence about keywords that were taken over, else ""."""
        if not self.resumed:
            return ""
        runs = sorted({each.run for each in self.resumed.values()})
        return (
            f"{len(self.resumed)} of {len(self.keywords)} keywords are taken over from "
            f"{'an earlier run' if len(runs) == 1 else f'{len(runs)} earlier runs'} of this month "
            f"({', '.join(runs)})"
        )

    def new_before(self) -> tuple[int, int]:
        """How many advertisements were new, and set aside, in runs whose numbers are unknown.

        Those of killed runs, and of parts that this run puts together.
        """
        found = Counter(ad.relevance == Relevance.SET_ASIDE for ad in self.finds_before())
        return found[False], found[True]

    def finds_before(self) -> list[Advertisement]:
        """What this run takes over from runs whose numbers are unknown; StoreError.

        No two runs count the same ones.
        """
        store, runs = self.session.store, {each.run for each in self.resumed.values()}
        known = list(filter(None, map(store.get_run, sorted(runs))))
        counted = [run for run in known if run.health == Health.KILLED or run.part]
        if not counted:
            return []
        mine = count_finds_of(store, [run.id for run in counted], self.session.run.id)
        counted = [run for run in counted if run.id in mine]
        if not counted:
            return []
        ids, since = {run.id for run in counted}, min(run.started for run in counted)
        return [
            ad
            for ad in store.advertisements(since, site=self.name)
            if ad.first_run in ids and ad.ad_id in self.finds
        ]

    def run_report(self) -> RunReport:
        report = super().run_report()
        if not self.resumed:
            return report
        try:
            return replace(report, new_before=self.new_before())
        except StoreError as error:
            self.logger.warning("%s; what earlier runs found counts as seen", error)
            return report

    # A search implements these

    def phrases(self, keyword: Keyword) -> list[str]:
        """The texts to search for `keyword`, one search each."""
        raise NotImplementedError
