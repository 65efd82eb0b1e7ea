"""Species pipeline (step 3): tags species group, product type, age claim and relevance."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Self

from pipelines.drops import Unmatched
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Advertisement, Key, Relevance, Sighting, Verdict
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from wildcrawl.analysis.tagging import Tagging

AUDIT_ONE_IN = 50
"""Share of set-aside advertisements that the analyst screens anyway (audit): 2%."""


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
            return item
        tagging = self.session.tagger.tag(
            item.title, item.description, item.category, item.found_by
        )
        key = (item.site, item.ad_id)
        if tagging.relevance == Relevance.NONE and not _vouched_for(item):
            if self._known(key):
                # Left untagged, so that the stored advertisement keeps its tags.
                return item
            self.stats.inc_value(Stat.UNMATCHED)
            apply_tagging(item, tagging)
            self.session.unmatched.add(item)
            raise Unmatched(f"{item.site} {item.ad_id}: {tagging.reason}")
        apply_tagging(item, tagging)
        self.let_through.add(key)
        return item

    def _known(self, key: Key) -> bool:
        """A sighting for a row with few fields of an advertisement that is already stored."""
        if key in self.let_through:
            return True
        site, ad_id = key
        try:
            return bool(self.session.store.known(site, [ad_id]))
        except StoreError:
            return False


def apply_tagging(ad: Advertisement, tagging: Tagging) -> None:
    """Writes the tagger's result into `ad`; values given by a person stay."""
    ad.species = ad.species or list(tagging.species)
    ad.product_type = ad.product_type or tagging.product_type
    if "age_claim" not in ad.by_person:
        ad.age_claim = ad.age_claim or tagging.age_claim
    ad.terms = list(tagging.terms)
    ad.relevance = tagging.relevance.value
    ad.reason = tagging.reason
    ad.strength, ad.supports = tagging.strength, tagging.supports
    if ad.relevance == Relevance.NONE and _vouched_for(ad):
        ad.relevance = Relevance.LIKELY.value
        ad.reason = "recorded by a person"
    ad.audit = ad.relevance == Relevance.SET_ASIDE and chosen_for_audit(ad.site, ad.ad_id)


def _vouched_for(ad: Advertisement) -> bool:
    return "species" in ad.by_person or ad.verdict not in ("", Verdict.PENDING)


def chosen_for_audit(site: str, ad_id: str) -> bool:
    """Whether this advertisement is in the audited share; the same in every run."""
    digest = hashlib.sha256(f"{site}\0{ad_id}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % AUDIT_ONE_IN == 0
