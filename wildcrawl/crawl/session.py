"""Session of a crawl: its store, vocabulary, tagger, exchange rate and run, shared by all parts.

Every spider imports this module, so the text and price readers are imported where they are used.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from wildcrawl.analysis.ids import clean_id, derive_ad_id
from wildcrawl.analysis.rates import Rate, Rates, load_rates, parse_day, parse_rate
from wildcrawl.crawl.evidence_settings import evidence_settings_of
from wildcrawl.crawl.locations import path_of, store_url_of
from wildcrawl.crawl.logs import log_format_of
from wildcrawl.crawl.unmatched import UnmatchedCache
from wildcrawl.items import FileVerdict, RowOrigin, Run
from wildcrawl.months import CHINA
from wildcrawl.store import Store, StoreGoneError, existing_store, open_store
from wildcrawl.store.known_ids import KnownIds
from wildcrawl.utils import bundled_keywords

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from wildcrawl.analysis.tagging import Tagger
    from wildcrawl.analysis.vocabulary import Vocabulary
    from wildcrawl.review.ranking import Model
    from wildcrawl.review.second_reader.model import SecondReader


logger = logging.getLogger(__name__)

GONE = "store_gone"
"""Finish reason of a run whose store was deleted or replaced meanwhile."""


class SettingError(ValueError):
    """A setting whose value cannot be used; the message names it and the fix."""


def vocabulary_of(settings: BaseSettings) -> Vocabulary:
    """The vocabulary in the settings; VocabularyError if it has a fault."""
    from wildcrawl.analysis.vocabulary import load_vocabulary

    return load_vocabulary(path_of(settings, "WILDCRAWL_KEYWORDS"))


def rates_of(settings: BaseSettings) -> Rates:
    """The exchange rates of the settings; SettingError if one is not valid."""
    today = datetime.now(CHINA).date()
    try:
        amount = parse_rate(str(settings.get("WILDCRAWL_RATE")))
    except ValueError as error:
        raise SettingError(f"WILDCRAWL_RATE: {error}") from None
    try:
        default = Rate(amount, parse_day(str(settings.get("WILDCRAWL_RATE_DATE")), today))
    except ValueError as error:
        raise SettingError(f"WILDCRAWL_RATE_DATE: {error}") from None
    path = path_of(settings, "WILDCRAWL_RATES")
    try:
        return load_rates(path, default, today) if path else Rates(default)
    except ValueError as error:
        raise SettingError(f"WILDCRAWL_RATES: {error}") from None


def placeholders_of(settings: BaseSettings) -> frozenset[Decimal]:
    """The placeholder prices of the settings; SettingError if one is not a number."""
    from wildcrawl.analysis.prices import parse_placeholders

    try:
        return parse_placeholders(str(settings.get("WILDCRAWL_PLACEHOLDER_PRICES")))
    except ValueError as error:
        raise SettingError(f"WILDCRAWL_PLACEHOLDER_PRICES: {error}") from None


def ranking_of(settings: BaseSettings) -> Model | None:
    """The learned ranking of the settings, None if it is off; ModelError for a bad file."""
    from wildcrawl.review.ranking import load_model

    path = path_of(settings, "WILDCRAWL_RANKING")
    return load_model(path) if path else None


def second_reader_of(settings: BaseSettings) -> tuple[SecondReader, int]:
    """The second reader of the settings, and how many a month it raises, 0 for none.

    SettingError for a number that is not valid; ReaderError for a bad file.
    """
    from wildcrawl.review.second_reader.model import bundled_reader, load_reader

    value = str(settings.get("WILDCRAWL_SECOND_LOOK") or "0").strip()
    if not (value.isascii() and value.isdigit()):
        raise SettingError(
            f"WILDCRAWL_SECOND_LOOK: '{value}' is not a number of advertisements; give a whole "
            "number from 0"
        )
    path = path_of(settings, "WILDCRAWL_SECOND_READER")
    return load_reader(path) if path else bundled_reader(), int(value)


def store_of(settings: BaseSettings) -> Store:
    """Opens the store in the settings; StoreError if it cannot be reached."""
    return open_store(store_url_of(settings))


def check_jobdir(settings: BaseSettings) -> None:
    """SettingError if requests would be kept on the disk, to be resumed."""
    if settings.get("JOBDIR"):
        raise SettingError(
            f"JOBDIR={settings['JOBDIR']}: a crawl that is killed loses the requests in flight and "
            "resumes nothing, so that its counts would be wrong; leave JOBDIR out and crawl again: "
            "what is stored is known, and not counted twice"
        )


def check_settings(settings: BaseSettings) -> None:
    """Raises an error for the first fault in the project's settings, or of the store."""
    check_jobdir(settings)
    vocabulary_of(settings)
    rates_of(settings)
    placeholders_of(settings)
    second_reader_of(settings)
    evidence_settings_of(settings)
    log_format_of(settings)
    store = store_of(settings)
    try:
        store.check_intact()
    finally:
        store.close()


@dataclass(eq=False)
class Session:
    """The objects that the spider, the pipelines and the extensions of one crawl share."""

    settings: BaseSettings
    run: Run
    reject: Callable[[RowOrigin, str], None] | None = None
    """Takes a row that the store did not record, and the reason; None: it is logged."""
    flush: Callable[[], object] | None = None
    """Writes what is buffered to the store; set by the pipeline that writes."""
    evidence_fault: str = ""
    """Why captures could not be written, as a sentence; "" if they could."""
    evidence_gone: str = ""
    """That objects of earlier captures are missing, as a sentence; "" if none of a sample is."""
    evidence_gone_before: bool = False
    """Whether an earlier run said so too."""
    run_stored: bool = False
    """Whether the run is stored, as unfinished, so that its absence shows a lost store."""
    store_gone: str = ""
    """Why the store that was opened is not there any more, as a sentence; "" while it is."""
    store_fault: str = ""
    """What of the run the store does not have, as a sentence; "" if it has everything."""
    clock_fault: str = ""
    """That the site's server has another day than this machine, as a sentence; else ""."""
    failed: bool = False
    """Whether the run or a part of it could not be stored, so that the command fails."""
    verdicts: list[FileVerdict] = field(default_factory=list)
    """Verdicts of the rows of a file that the store took, for the custody log."""
    verdicts_noted: bool = False
    """Whether rows with verdicts are noted in the store, until the custody log has them."""
    file: Path | None = None
    """The file that is imported; None for a crawl, and for a worksheet from the desk."""
    unstored: Set[str] = frozenset()
    """Ids of the latest page of results that the store does not have, as it was asked at once."""
    stop: Callable[[str], object] | None = None
    """Ends the crawl early with a finish reason; None if nothing is crawled."""

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

    @cached_property
    def file_digest(self) -> str:
        """SHA-256 of the file that is imported; "" if there is none."""
        if self.file is None or not self.file.is_file():
            return ""
        with self.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @cached_property
    def unmatched(self) -> UnmatchedCache:
        rules = path_of(self.settings, "WILDCRAWL_KEYWORDS") or bundled_keywords()
        return UnmatchedCache(self.run.site, rules)

    @cached_property
    def store(self) -> Store:
        return store_of(self.settings)

    def lose_store(self, error: StoreGoneError) -> None:
        """Ends the run, since the store is not the one that took what the run had stored."""
        if self.store_gone:
            return
        self.store_gone = str(error)
        logger.error("%s", error)
        if self.stop:
            self.stop(GONE)

    def reopen_store(self) -> None:
        """Opens what is now in the place of a lost store; StoreError if nothing is there."""
        self.store.close()
        self.store = existing_store(store_url_of(self.settings))

    @cached_property
    def identities(self) -> KnownIds:
        return KnownIds(self.store)

    def spelled_id(self, site: str, ad_id: str) -> str:
        """An id in one spelling, or in the one in which the store of this run has it."""
        return self.identities.given(site, ad_id) if self.has_store else clean_id(ad_id)

    def derived_id(self, site: str, url: str, title: str, seller: str) -> str:
        """The id of an advertisement whose site shows none, as the store of this run has it.

        ValueError if there is neither an address nor a title.
        """
        if self.has_store:
            return self.identities.derived(site, url, title, seller)
        return derive_ad_id(url, title, seller)

    @property
    def has_store(self) -> bool:
        """Whether the store is open; reading a saved page must not create one."""
        return "store" in vars(self)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return vocabulary_of(self.settings)

    @cached_property
    def tagger(self) -> Tagger:
        from wildcrawl.analysis.tagging import Tagger
        from wildcrawl.analysis.tagging.fingerprint import fingerprint

        # Asked for in any case; the tagger then uses the same memory again, 5 MB.
        fingerprint(self.vocabulary)
        return Tagger(self.vocabulary)

    @cached_property
    def rates(self) -> Rates:
        return rates_of(self.settings)

    @cached_property
    def placeholders(self) -> frozenset[Decimal]:
        return placeholders_of(self.settings)


_SESSIONS: WeakKeyDictionary[Crawler, Session] = WeakKeyDictionary()
