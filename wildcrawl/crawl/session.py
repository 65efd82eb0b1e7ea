"""What one crawl shares: the store, the vocabulary, the tagger, the rate, and the run itself."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from wildcrawl import __version__
from wildcrawl.analysis.prices import parse_placeholders, parse_rate
from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.vocabulary import Vocabulary, load_vocabulary
from wildcrawl.crawl.locations import path_of, store_url_of
from wildcrawl.items import Advertisement, Run
from wildcrawl.review.ranking import Model, load_model
from wildcrawl.store import Store, open_store
from wildcrawl.utils import bundled_keywords

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

Key = tuple[str, str]
"""What an advertisement is known by: (site, ad_id)."""


class SettingError(ValueError):
    """A setting whose value cannot be used; the message names it and the mend."""


@dataclass(frozen=True)
class Rate:
    """Yuan for one US dollar, and the day on which that held."""

    cny_per_usd: Decimal
    day: date


def vocabulary_of(settings: BaseSettings) -> Vocabulary:
    """The vocabulary that the settings name; VocabularyError if it has a fault."""
    return load_vocabulary(path_of(settings, "WILDCRAWL_KEYWORDS"))


def rate_of(settings: BaseSettings) -> Rate:
    """The exchange rate of the settings; SettingError if it is none."""
    try:
        amount = parse_rate(str(settings.get("WILDCRAWL_RATE")))
    except ValueError as error:
        raise SettingError(f"WILDCRAWL_RATE: {error}") from None
    text = str(settings.get("WILDCRAWL_RATE_DATE"))
    try:
        return Rate(amount, date.fromisoformat(text))
    except ValueError:
        raise SettingError(
            f"WILDCRAWL_RATE_DATE: '{text}' is no day; write it as YYYY-MM-DD"
        ) from None


def placeholders_of(settings: BaseSettings) -> frozenset[Decimal]:
    """The placeholder prices of the settings; SettingError if one is no number."""
    try:
        return parse_placeholders(str(settings.get("WILDCRAWL_PLACEHOLDER_PRICES")))
    except ValueError as error:
        raise SettingError(f"WILDCRAWL_PLACEHOLDER_PRICES: {error}") from None


def ranking_of(settings: BaseSettings) -> Model | None:
    """The learned ranking of the settings, None if it is off; ModelError for a bad file."""
    path = path_of(settings, "WILDCRAWL_RANKING")
    return load_model(path) if path else None


def store_of(settings: BaseSettings) -> Store:
    """Opens the store that the settings name; StoreError if it cannot be reached."""
    return open_store(store_url_of(settings))


def check_settings(settings: BaseSettings) -> None:
    """Raises the first fault of the project's settings, an unreachable store among them."""
    vocabulary_of(settings)
    rate_of(settings)
    placeholders_of(settings)
    store_of(settings).close()


@dataclass(eq=False)
class Session:
    """Everything that the spider, the pipelines and the extensions of one crawl share."""

    settings: BaseSettings
    run: Run
    passed_over: dict[Key, Advertisement] = field(default_factory=dict)
    """What nothing matched in, kept for the run: another keyword may yet support it."""
    marks: dict[Key, str] = field(default_factory=dict)
    """What was read of advertisements whose own page costs a request, as `mark` gives it."""
    counted: set[Key] = field(default_factory=set)
    """Advertisements whose outcome stands in the stats already."""

    @classmethod
    def of(cls, crawler: Crawler) -> Session:
        """The session of `crawler`, made on first use."""
        session = _SESSIONS.get(crawler)
        if session is None:
            now = datetime.now(UTC)
            run = Run(
                id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}",
                site=crawler.spidercls.name,
                started=now,
            )
            session = _SESSIONS[crawler] = cls(crawler.settings, run)
        return session

    def mark(self, row: Mapping[str, object]) -> str:
        """A mark of what a search page shows and of the rules it was judged by.

        While both stay the same, what nothing matched in need not be fetched again.
        """
        shown = repr(sorted(row.items()))
        return hashlib.sha256(f"{self.rules_mark}\0{shown}".encode("utf-8", "replace")).hexdigest()[
            :24
        ]

    def remember_passed_over(self) -> None:
        """Has the store remember what nothing matched in, so that it costs no request again."""
        marks = {
            ad_id: self.marks[site, ad_id]
            for site, ad_id in self.passed_over
            if (site, ad_id) in self.marks
        }
        if marks:
            self.store.pass_over(self.run.site, marks)

    @cached_property
    def rules_mark(self) -> str:
        rules = path_of(self.settings, "WILDCRAWL_KEYWORDS") or bundled_keywords()
        return f"{__version__} {hashlib.sha256(rules.read_bytes()).hexdigest()}"

    @cached_property
    def store(self) -> Store:
        return store_of(self.settings)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return vocabulary_of(self.settings)

    @cached_property
    def tagger(self) -> Tagger:
        return Tagger(self.vocabulary)

    @cached_property
    def rate(self) -> Rate:
        return rate_of(self.settings)

    @cached_property
    def placeholders(self) -> frozenset[Decimal]:
        return placeholders_of(self.settings)


_SESSIONS: WeakKeyDictionary[Crawler, Session] = WeakKeyDictionary()
