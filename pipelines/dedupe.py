"""Dedupe pipeline (step 2): drops repeated advertisements of a run."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from pipelines.drops import Duplicate
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Advertisement, Key, Sighting


class DedupePipeline:
    """Passes items that add something: a new advertisement, a new keyword, a first sighting."""

    def __init__(self, session: Session, stats: StatsCollector) -> None:
        self.session = session
        self.stats = stats
        self.found_by: dict[Key, frozenset[str]] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        """One object for each set of keywords, since most advertisements share theirs."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        return cls(Session.of(crawler), crawler.stats)

    def process_item(self, item: Advertisement) -> Advertisement:
        key = (item.site, item.ad_id)
        before = self.found_by.get(key)
        if before is not None and isinstance(item, Sighting) and before >= set(item.found_by):
            self.stats.inc_value(Stat.DUPLICATES)
            raise Duplicate(f"{item.site} {item.ad_id} again")
        found_by = (before or frozenset()).union(item.found_by)
        self.found_by[key] = self._sets.setdefault(found_by, found_by)
        unmatched = self.session.unmatched.take_back(key)
        return item if unmatched is None else self._reconsider(unmatched, item)

    def _reconsider(self, earlier: Advertisement, item: Advertisement) -> Advertisement:
        """An unmatched advertisement found by another keyword, whose support may change that."""
        self.stats.inc_value(Stat.UNMATCHED, -1)
        whole = earlier if isinstance(item, Sighting) else item
        whole.found_by = list(dict.fromkeys(earlier.found_by + item.found_by))
        whole.received = item.received
        return whole
