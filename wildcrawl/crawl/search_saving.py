"""Search saving: stores each keyword that a run has searched to the end, for a run that continues.

Only an unfinished run is continued: one that was killed, or stopped by a person or a limit. At its
own end a run erases what it and the runs before it have saved.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from scrapy.http import Response

from wildcrawl.crawl.received import Received
from wildcrawl.crawl.saved_pages import SavedPage, from_document, size_of, to_document
from wildcrawl.crawl.session import Session
from wildcrawl.months import month_of
from wildcrawl.store import StoreError
from wildcrawl.store.documents import Document
from wildcrawl.store.search_progress import (
    SearchedKeyword,
    erase,
    keep,
    page_key,
    pages_of,
    searched_keywords,
)

logger = logging.getLogger(__name__)

STOPPED = ("shutdown", "closespider_timeout", "memusage_exceeded")
"""Finish reasons of a run that another one continues."""
OLD = timedelta(days=1)
"""Age from which on a search may show other goods, so that it is not compared with one of today."""
TAIL = 3
"""Keywords without results at the end of a killed run that are searched again: the site may have
stopped answering."""
MOST_BYTES = 20_000_000
"""Bytes of a keyword's pages above which it is not saved, and searched again."""
MOST_BYTES_OF_RUN = 200_000_000


class SearchSaving:
    """The saved searches of one site for one run; `mark` must be the same in both runs."""

    def __init__(self, session: Session, mark: str) -> None:
        self.session = session
        self.mark = mark
        self.site, self.run = session.run.site, session.run.id
        self.month = month_of(session.run.started)
        self.numbers = 0
        self.bytes = 0
        self._pages: dict[str, dict[tuple[str, int], Document]] = {}
        """Keyword to its pages so far, by phrase and number."""
        self._endings: dict[str, dict[str, str]] = {}
        self.found: Counter[str] = Counter()
        """Keyword to the number of its results."""
        self._spoilt: set[str] = set()
        """Keywords of which a page could not be read."""

    # What this run saves

    def add_page(
        self, term: str, phrase: str, page: int, response: Response, received: Received | None
    ) -> None:
        """Notes a page of results; one that is fetched again replaces the first."""
        if term in self._spoilt or self.bytes > MOST_BYTES_OF_RUN:
            return
        pages = self._pages.setdefault(term, {})
        pages[phrase, page] = to_document(response, received)
        if sum(map(size_of, pages.values())) > MOST_BYTES:
            self.spoil(term)

    def add_ending(self, term: str, phrase: str, ending: str) -> None:
        """Notes that a search ended at a page that does not exist, or at an error."""
        self._endings.setdefault(term, {})[phrase] = ending

    def spoil(self, term: str) -> None:
        """Notes that a page of a keyword could not be read, so that it is searched again."""
        self._spoilt.add(term)
        self._pages.pop(term, None)

    def complete(self, term: str, phrases: Sequence[str], *, turned: bool) -> None:
        """Stores a keyword whose searches have all ended; a store that is away saves nothing."""
        pages, endings = self._pages.pop(term, {}), self._endings.pop(term, {})
        if not pages or term in self._spoilt:
            return
        keys = {
            (phrase, page): page_key(self.site, self.run, self.numbers, phrases.index(phrase), page)
            for phrase, page in pages
        }
        searched = SearchedKeyword(
            self.site,
            self.run,
            self.numbers,
            self.month,
            self.mark,
            term,
            self.found[term],
            int(turned),
            datetime.now(UTC).isoformat(),
            tuple(phrases),
            tuple(endings.get(phrase, "") for phrase in phrases),
            tuple(keys.values()),
        )
        self.numbers += 1
        self.bytes += sum(map(size_of, pages.values()))
        try:
            keep(self.session.store, searched, {keys[place]: pages[place] for place in pages})
        except StoreError as error:
            logger.debug("'%s' is not saved as searched: %s", term, error)

    # What earlier runs have saved

    def resumable(self, terms: Collection[str]) -> list[SearchedKeyword]:
        """Those of `terms` that unfinished runs of the month have searched, in their order."""
        try:
            saved = searched_keywords(self.session.store, self.site)
            over = {run for run in {each.run for each in saved} if self._is_over(run)}
            erase(
                self.session.store,
                [each for each in saved if each.month != self.month and each.run in over],
            )
        except StoreError as error:
            logger.warning("%s; every keyword is searched from its start", error)
            return []
        mine = [
            each
            for each in saved
            if each.run in over and (each.month, each.mark) == (self.month, self.mark)
        ]
        latest = {each.term: each for each in _without_tail(mine)}
        chosen = sorted(each for each in latest.values() if each.term in terms)
        old = [each for each in chosen if self.is_old(each)]
        if old:
            # Something of today is needed to test how the site answers.
            chosen.remove(max(old, key=lambda each: each.found))
        return chosen

    def _is_over(self, run: str) -> bool:
        stored = self.session.store.get_run(run)
        return run != self.run and (stored is None or stored.finished is not None)

    @staticmethod
    def is_old(searched: SearchedKeyword) -> bool:
        """Whether a keyword was searched so long ago that its site may show other goods."""
        return abs(datetime.now(UTC) - datetime.fromisoformat(searched.at)) > OLD

    def pages(self, searched: SearchedKeyword) -> dict[tuple[int, int], SavedPage] | None:
        """The pages of a keyword by search and number; None if one is missing or damaged."""
        try:
            documents = pages_of(self.session.store, searched)
            if documents is None:
                return None
            return {_place(key): from_document(document) for key, document in documents.items()}
        except (StoreError, ValueError, KeyError) as error:
            logger.warning("%s; '%s' is searched again", error, searched.term)
            return None

    def end(self, reason: str, *, part: bool = False) -> None:
        """Erases what is saved, unless this run was stopped; StoreError if that fails.

        What a part of a site has saved is left to the search of the whole.
        """
        if reason not in STOPPED and not part:
            self._erase(own=True)

    def erase_earlier(self) -> None:
        """Erases what earlier runs have saved, so that no later run takes it over."""
        try:
            self._erase(own=False)
        except StoreError as error:
            logger.debug("what earlier runs have searched is not erased: %s", error)

    def _erase(self, *, own: bool) -> None:
        saved = searched_keywords(self.session.store, self.site)
        ended = {run for run in {each.run for each in saved} if self._is_over(run)}
        ended |= {self.run} if own else set()
        gone = [each for each in saved if each.run in ended and each.mark == self.mark]
        erase(self.session.store, gone)


def _place(key: str) -> tuple[int, int]:
    search, page = key.split("\n")[-2:]
    return int(search), int(page)


def _without_tail(searched: Sequence[SearchedKeyword]) -> list[SearchedKeyword]:
    """`searched`, without the last ones of each run if TAIL or more had no results."""
    kept = []
    for run in dict.fromkeys(each.run for each in searched):
        own = [each for each in searched if each.run == run]
        last = max((place for place, each in enumerate(own) if each.found), default=-1)
        kept += own if len(own) - last - 1 < TAIL else own[: last + 1]
    return kept
