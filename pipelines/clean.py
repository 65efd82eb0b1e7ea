"""Clean pipeline (step 1): cleans the texts, and keeps the originals."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Self

from scrapy.crawler import Crawler

from pipelines.adapter import as_advertisement
from wildcrawl.analysis.dates import DateError, site_moment
from wildcrawl.analysis.ids import clean_id
from wildcrawl.analysis.text import clean_text
from wildcrawl.crawl.session import Session
from wildcrawl.items import Advertisement
from wildcrawl.months import CHINA
from wildcrawl.store import StoreError

logger = logging.getLogger(__name__)

TEXTS = ("url", "category", "price", "seller", "seller_id", "location", "posted_at")


class CleanPipeline:
    """Removes HTML, zero-width and look-alike characters, and dates the sighting.

    A spider may yield items of any type that Scrapy knows; from here on they are advertisements.
    """

    def __init__(self, session: Session | None = None) -> None:
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Session.of(crawler))

    def process_item(self, item: Any) -> Advertisement:
        ad = as_advertisement(item)
        ad.ad_id = self._id(ad)
        if ad.found_at is None:
            ad.found_at = datetime.now(UTC)
        clean(ad)
        return ad

    def _id(self, ad: Advertisement) -> str:
        """The id in one spelling, even while the store is unavailable."""
        try:
            return (
                self.session.spelled_id(ad.site, ad.ad_id) if self.session else clean_id(ad.ad_id)
            )
        except StoreError:
            return clean_id(ad.ad_id)


def clean(ad: Advertisement) -> None:
    """Cleans every text of `ad` in place, but for `ad_id`; cuts what no seller writes."""
    cut(ad)
    ad.original_title = ad.original_title or ad.title
    ad.original_description = ad.original_description or ad.description
    ad.title = clean_text(ad.title)
    ad.description = clean_text(ad.description)
    given = vars(ad)
    for name in TEXTS:
        if text := given[name]:
            given[name] = (_clean_again if len(text) <= _SHORT else clean_text)(text)
        elif text is None:
            given[name] = ""
    ad.posted_at = posted(ad.posted_at, ad.found_at or datetime.now(UTC))
    ad.image_urls = list(dict.fromkeys(url.strip() for url in ad.image_urls if url.strip()))
    if ad.images is None and ad.image_urls:
        ad.images = len(ad.image_urls)


_SHORT = 50
"""Characters of a text up to which its clean form is kept: sellers, places and prices recur."""
_clean_again = lru_cache(maxsize=1024)(clean_text)

LONGEST = {"description": 1_000_000, "original_description": 1_000_000}
"""Characters of a text that are kept; of the fields that are not named, LONGEST_OTHER."""
LONGEST_OTHER = 100_000
MOST_PICTURES = 1_000
"""Addresses of pictures that are kept of an advertisement; their number is counted before."""


_CUT = ("title", "description", "original_title", "original_description", *TEXTS)
_texts_of = attrgetter(*_CUT)


def cut(ad: Advertisement) -> None:
    """Cuts the texts and lists of `ad` to what can be an advertisement's; a cut is logged."""
    lengths = map(len, filter(None, _texts_of(ad)))
    if max(lengths, default=0) <= LONGEST_OTHER and len(ad.image_urls) <= MOST_PICTURES:
        return
    for name in _CUT:
        text = getattr(ad, name) or ""
        most = LONGEST.get(name, LONGEST_OTHER)
        if len(text) > most:
            logger.warning(
                "%s of %s %s has %d characters, of which the first %d are kept",
                name, ad.site, ad.ad_id[:40], len(text), most,
            )  # fmt: skip
            setattr(ad, name, text[:most])
    if len(ad.image_urls) > MOST_PICTURES:
        ad.images = len(ad.image_urls) if ad.images is None else ad.images
        ad.image_urls = ad.image_urls[:MOST_PICTURES]


def posted(text: str, seen: datetime) -> str:
    """The posting date as ISO 8601 in China's time; unchanged if it is not a date.

    >>> seen = datetime(2016, 12, 3, 16, 20, tzinfo=CHINA)
    >>> posted("1480752000000", seen), posted("3小时前", seen), posted("新上架", seen)
    ('2016-12-03T16:00:00+08:00', '2016-12-03T13:20:00+08:00', '新上架')
    """
    if not text:
        return text
    try:
        return site_moment(text, seen).astimezone(CHINA).isoformat(timespec="seconds")
    except DateError:
        return text
