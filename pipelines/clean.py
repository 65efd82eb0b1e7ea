"""First step: text as a person reads it, the original kept beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wildcrawl.dates import DateError, parse_moment
from wildcrawl.months import CHINA
from wildcrawl.text import clean_text

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement

TEXTS = ("url", "category", "price", "seller", "seller_id", "location", "posted_at")


class CleanPipeline:
    """Takes HTML, zero-width and look-alike characters out, and dates the sighting."""

    def process_item(self, item: Advertisement) -> Advertisement:
        clean(item)
        if item.found_at is None:
            item.found_at = datetime.now(UTC)
        return item


def clean(ad: Advertisement) -> None:
    """Cleans every text of `ad` in place; `ad_id` stays as the site writes it."""
    ad.original_title = ad.original_title or ad.title
    ad.original_description = ad.original_description or ad.description
    ad.title = clean_text(ad.title)
    ad.description = clean_text(ad.description)
    for name in TEXTS:
        setattr(ad, name, clean_text(getattr(ad, name)))
    ad.posted_at = posted(ad.posted_at)
    ad.image_urls = list(dict.fromkeys(url.strip() for url in ad.image_urls if url.strip()))
    if ad.images is None and ad.image_urls:
        ad.images = len(ad.image_urls)


def posted(text: str) -> str:
    """When it was posted, as ISO 8601 in China's time; as the site writes it if that is no date.

    Sites' programs also give seconds or milliseconds since 1970.

    >>> posted("1480752000000"), posted("2016-05-03 14:20"), posted("三天前")
    ('2016-12-03T16:00:00+08:00', '2016-05-03T14:20:00+08:00', '三天前')
    """
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        moment = datetime.fromtimestamp(int(text[:10]), CHINA)
    else:
        try:
            moment = parse_moment(text).astimezone(CHINA)
        except DateError:
            return text
    return moment.isoformat(timespec="seconds")
