"""Price pipeline (step 4): reads kind, amount and currency, and converts to US dollars."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from wildcrawl.analysis.prices import Price, read_price, usd
from wildcrawl.analysis.rates import Rate
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Advertisement, PriceKind, Sighting
from wildcrawl.months import CHINA

_SHORT = 50
"""Characters of a price up to which what was read of it is kept, since prices recur."""


class PricePipeline:
    """Reads the price's text, and keeps the text itself."""

    def __init__(self, session: Session, stats: StatsCollector) -> None:
        self.rates = session.rates
        self.placeholders = session.placeholders
        self.stats = stats
        self._read = lru_cache(maxsize=1024)(self._price_of)

    def _price_of(self, text: str) -> Price:
        return read_price(text, self.placeholders)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        return cls(Session.of(crawler), crawler.stats)

    def process_item(self, item: Advertisement) -> Advertisement:
        if isinstance(item, Sighting) and not item.price:
            return item
        text = item.price
        read = self._read if len(text) <= _SHORT else self._read.__wrapped__
        price = read(text)
        apply_price(item, price, self.rates.on(_day(item)))
        self.stats.inc_value(Stat.PRICE + price.kind)
        return item


def _day(ad: Advertisement) -> date:
    """The day in China on which the price was seen."""
    return (ad.found_at or datetime.now(CHINA)).astimezone(CHINA).date()


def apply_price(ad: Advertisement, price: Price, rate: Rate) -> None:
    """Writes `price` into `ad`; in yuan and dollars only for an amount in yuan."""
    ad.price_kind = price.kind.value
    ad.price_amount = price.amount
    ad.price_currency = price.currency
    ad.price_cny = ad.price_usd = ad.rate = ad.rate_date = None
    if price.kind == PriceKind.AMOUNT and price.amount is not None:
        ad.price_cny = price.amount
        ad.price_usd = usd(price.amount, rate.cny_per_usd)
        ad.rate, ad.rate_date = rate.cny_per_usd, rate.day
