"""Repricing: converts the amounts on record again after the exchange rates were corrected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from wildcrawl.analysis.prices import usd
from wildcrawl.analysis.rates import Rate, Rates
from wildcrawl.items import Advertisement, Change, Key, PriceKind
from wildcrawl.months import CHINA
from wildcrawl.store import Store

FIELD = "rate"
"""Name in the history for a changed rate."""
BATCH = 500


@dataclass
class Repriced:
    """Number of amounts on record, and of those that change, by old and new rate."""

    amounts: int = 0
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)


def reprice(store: Store, rates: Rates, at: datetime, *, write: bool) -> Repriced:
    """Gives each amount in yuan the rate of its day, and keeps the old rate in the history.

    Repeating it changes nothing. Nothing is written unless `write` is true.
    """
    result = Repriced()
    keys: list[Key] = []
    for ad in store.advertisements():
        if not _has_amount(ad):
            continue
        result.amounts += 1
        old, new = _rate_of(ad), rates.on(price_day(ad))
        if old != new:
            result.changes[_text(old), _text(new)] += 1
            keys.append((ad.site, ad.ad_id))

    def change(ad: Advertisement) -> None:
        _apply(ad, rates, at)

    for start in range(0, len(keys) if write else 0, BATCH):
        store.revise(keys[start : start + BATCH], change)
    return result


def price_day(ad: Advertisement) -> date:
    """The day in China on which the stored price was first seen."""
    changes = [change.at for change in ad.history if change.field == "price"]
    moment = changes[-1] if changes else ad.first_seen
    return (moment or datetime.now(UTC)).astimezone(CHINA).date()


def _has_amount(ad: Advertisement) -> bool:
    return ad.price_kind == PriceKind.AMOUNT and ad.price_cny is not None


def _rate_of(ad: Advertisement) -> Rate | None:
    return Rate(ad.rate, ad.rate_date) if ad.rate and ad.rate_date else None


def _text(rate: Rate | None) -> str:
    return str(rate) if rate else ""


def _apply(ad: Advertisement, rates: Rates, at: datetime) -> None:
    old, new = _rate_of(ad), rates.on(price_day(ad))
    if ad.price_cny is None or not _has_amount(ad) or old == new:
        return
    ad.rate, ad.rate_date = new.cny_per_usd, new.day
    ad.price_usd = usd(ad.price_cny, new.cny_per_usd)
    ad.history = [*ad.history, Change(at, FIELD, _text(old), _text(new))]
