"""Species pipeline (step 3): tags species group, product type, age claim and relevance."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from pipelines.drops import Unmatched
from wildcrawl.analysis.tagging.apply import apply_tagging, vouched_for
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Advertisement, Key, Relevance, Sighting
from wildcrawl.store import StoreError


class SpeciesPipeline:
    """Tags each advertisement; an unmatched one is counted and dropped."""

    def __init__(self, session: Session, stats: StatsCollector) -> None:
        self.session = session
        self.stats = stats
        self.let_through: set[Key] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        return cls(Session.of(crawler), crawler.stats)

    def process_item(self, item: Advertisement) -> Advertisement:
        if isinstance(item, Sighting):
            self._tag_title(item)
            return item
        tagger = self.session.tagger
        tagging = tagger.tag(
            item.title, item.description, item.category, item.found_by, price=item.price
        )
        key = (item.site, item.ad_id)
        if tagging.relevance == Relevance.NONE and not vouched_for(item):
            if self._known(key):
                # Left untagged, so that the stored advertisement keeps its tags.
                return item
            self.stats.inc_value(Stat.UNMATCHED)
            apply_tagging(item, tagging, tagger.fingerprint)
            self.session.unmatched.add(item)
            raise Unmatched(f"{item.site} {item.ad_id}: {tagging.reason}")
        apply_tagging(item, tagging, tagger.fingerprint)
        self.let_through.add(key)
        return item

    def _tag_title(self, sighting: Sighting) -> None:
        """Tags what a search page shows, in case it is another advertisement by now."""
        if sighting.title:
            tagger = self.session.tagger
            tagging = tagger.tag(
                sighting.title,
                sighting.description,
                sighting.category,
                sighting.found_by,
                price=sighting.price,
            )
            apply_tagging(sighting, tagging, tagger.fingerprint)

    def _known(self, key: Key) -> bool:
        """A sighting for a row with few fields of an advertisement that is already stored."""
        if key in self.let_through:
            return True
        site, ad_id = key
        if ad_id in self.session.unstored and site == self.session.run.site:
            return False
        try:
            return bool(self.session.store.known(site, [ad_id]))
        except StoreError:
            return False
