"""Second-reader pipeline (at the end of a run): raises some of what the rules passed over."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from pipelines.price import apply_price
from wildcrawl.analysis.prices import read_price
from wildcrawl.analysis.tagging.relevance import GENERAL
from wildcrawl.base_spiders.resumed_search import ResumedSearch
from wildcrawl.crawl.capturing import Capturing
from wildcrawl.crawl.evidence_settings import Level, level_of
from wildcrawl.crawl.held_pages import HeldPages
from wildcrawl.crawl.received import Received
from wildcrawl.crawl.session import Session, second_reader_of
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Advertisement, Relevance, Sighting, Verdict
from wildcrawl.months import CHINA
from wildcrawl.review.second_reader.raising import (
    Candidates,
    give_back,
    is_settled,
    mark,
    raise_stored,
    reserve,
    share_of_run,
)
from wildcrawl.store import Outcome, StoreError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from wildcrawl.items import Key
    from wildcrawl.review.second_reader.model import SecondReader

logger = logging.getLogger(__name__)


class SecondReaderPipeline:
    """Scores what this run set aside and what matched nothing, and raises the best.

    It closes after the store's pipeline, which by then has written what was set aside. What
    matched nothing is stored only if it is raised.
    """

    def __init__(
        self, session: Session, stats: StatsCollector, reader: SecondReader, most: int
    ) -> None:
        self.session = session
        self.stats = stats
        self.reader = reader
        self.most = most
        self.candidates = Candidates(reader, session.vocabulary, most, self._is_settled)
        self.pages = HeldPages(most)
        self.crawler: Crawler | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        reader, most = second_reader_of(crawler.settings)
        if not most:
            raise NotConfigured
        pipeline = cls(Session.of(crawler), crawler.stats, reader, most)
        pipeline.crawler = crawler
        automated = getattr(crawler.spidercls, "automated", True)
        if automated and level_of(crawler.settings) != Level.OFF:
            pipeline.session.unmatched.hold = pipeline._hold
        return pipeline

    def process_item(self, item: Advertisement) -> Advertisement:
        if not isinstance(item, Sighting):
            self._consider(item)
        return item

    def _hold(self, ad: Advertisement) -> None:
        """Holds the page of what matched nothing, if it may be raised at the end of the run."""
        if isinstance(ad.received, Received) and (score := self.candidates.score(ad)) is not None:
            self.pages.add((ad.site, ad.ad_id), score, ad.received)

    def _is_settled(self, key: Key) -> bool:
        site, ad_id = key
        if ad_id in self.session.unstored and site == self.session.run.site:
            return False
        try:
            return is_settled(self.session.store, key)
        except StoreError:
            # What is raised is looked at once more when it is written.
            return False

    def _consider(self, ad: Advertisement) -> None:
        aside = ad.relevance == Relevance.SET_ASIDE and ad.verdict in ("", Verdict.PENDING)
        if aside and not ad.by_person:
            self.candidates.add(ad)

    def _consider_taken_over(self) -> None:
        """What a killed run had set aside, in the run that continues it."""
        spider = self.crawler.spider if self.crawler else None
        if isinstance(spider, ResumedSearch):
            for ad in spider.finds_before():
                self._consider(ad)

    def close_spider(self) -> None:
        if self.session.store_gone or self.session.store_fault:
            return
        unmatched = self.session.unmatched.ads()
        for ad in unmatched:
            self.candidates.add(ad)
        try:
            self._consider_taken_over()
            if self.candidates.above:
                self._raise({(ad.site, ad.ad_id) for ad in unmatched})
        except StoreError as error:
            logger.warning("%s; the second reader raised nothing more", error)

    def _raise(self, unmatched: set[tuple[str, str]]) -> None:
        store, now = self.session.store, datetime.now(UTC)
        best = self.candidates.best()
        wanted = min(len(best), share_of_run(store, self.session.run.site, now, self.most))
        chosen = best[: reserve(store, now, wanted, self.candidates.above, self.most)]
        aside = [each.key for each in chosen if each.key not in unmatched]
        raised = raise_stored(store, aside, self.reader) if aside else 0
        raised += self._store([each.ad for each in chosen if each.key in unmatched])
        give_back(store, now, len(chosen) - raised)
        self.stats.inc_value(Stat.RAISED, raised)
        left = self.candidates.above - len(chosen)
        logger.info(
            "the second reader raised %d of %d above its threshold%s",
            raised,
            self.candidates.above,
            f"; the month's number of {self.most} leaves out {left}" if left else "",
        )

    def _store(self, ads: list[Advertisement]) -> int:
        for ad in ads:
            self._complete(ad)
        outcomes = self.session.store.record(ads, self.session.run.id) if ads else []
        stored = [pair for pair in zip(ads, outcomes, strict=True) if pair[1] != Outcome.CONFLICT]
        for ad, outcome in stored:
            self.session.unmatched.take_back((ad.site, ad.ad_id))
            self.stats.inc_value(Stat.UNMATCHED, -1)
            self.stats.inc_value(Stat.SET_ASIDE if outcome == Outcome.NEW else Stat.SEEN)
            self._capture(ad)
        return len(stored)

    def _capture(self, ad: Advertisement) -> None:
        """Captures the page of what is raised; its pictures are left to the next run."""
        page = self.pages.get((ad.site, ad.ad_id))
        if page is None or self.crawler is None:
            return
        capturing = Capturing.of(self.crawler)
        try:
            due = capturing.due(ad)
        except StoreError as error:
            logger.warning("%s; %s %s remains due", error, ad.site, ad.ad_id)
            return
        if due and capturing.keep_page(due, page):
            capturing.finish(due, whole=False)

    def _complete(self, ad: Advertisement) -> None:
        """Adds what the steps add that an unmatched advertisement has not passed."""
        session = self.session
        price = read_price(ad.price, session.placeholders)
        day = (ad.found_at or datetime.now(UTC)).astimezone(CHINA).date()
        apply_price(ad, price, session.rates.on(day))
        tagging = session.tagger.tag(
            ad.title, ad.description, ad.category, ad.found_by, price=ad.price
        )
        groups = [match.group for match in tagging.matches]
        ad.species = ad.species or list(dict.fromkeys(groups)) or [GENERAL]
        mark(ad, self.reader)
