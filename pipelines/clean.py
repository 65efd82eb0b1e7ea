"""First step: text as a person reads it, the original kept beside it."""

from __future__ import annotations

from datetime import UTC, datetime

from wildcrawl.items import Advertisement
from wildcrawl.text import clean_text

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
    ad.image_urls = list(dict.fromkeys(url.strip() for url in ad.image_urls if url.strip()))
    if ad.images is None and ad.image_urls:
        ad.images = len(ad.image_urls)
