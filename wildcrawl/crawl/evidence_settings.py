"""Evidence settings: what is captured, where it is kept, and the limits of its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from wildcrawl.crawl.locations import evidence_place_of
from wildcrawl.utils import did_you_mean, public_address

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

STATED = (
    "WILDCRAWL_EVIDENCE",
    "WILDCRAWL_EVIDENCE_PICTURES",
    "WILDCRAWL_EVIDENCE_PICTURE_BYTES",
    "WILDCRAWL_EVIDENCE_PIXELS",
    "WILDCRAWL_TIMESTAMP_URL",
    "ROBOTSTXT_OBEY",
    "USER_AGENT",
    "DOWNLOAD_DELAY",
    "DOWNLOAD_MAXSIZE",
    "DOWNLOAD_VERIFY_CERTIFICATES",
)
"""The settings that evidence states: those of its capture in the records, and of its export."""

_BASES = ("wildcrawl.base_spiders", "scrapy", "builtins")
"""Modules of the classes whose values are those of any site."""
_UNSTATED = frozenset({
    "confidence", "evidence", "headers", "label", "label_zh", "name", "permission", "steps",
    "steps_zh",
})  # fmt: skip
"""Attributes for people, and the headers, which requests show and which may hold a token."""


class Level(StrEnum):
    """What is captured of an advertisement: nothing, its page, or its page and pictures."""

    OFF = "off"
    PAGES = "pages"
    PICTURES = "pictures"


@dataclass(frozen=True)
class EvidenceSettings:
    """The settings of the evidence; `place` is a folder or an address."""

    level: Level
    place: str
    pictures: int
    """Most pictures of one advertisement."""
    picture_bytes: int
    """Most bytes of one picture."""
    pixels: int
    """Most pixels of one picture."""
    authority: str = ""
    """The URL of the authority that time-stamps the custody log; "" for none."""


def level_of(settings: BaseSettings) -> Level:
    """The level in WILDCRAWL_EVIDENCE; ValueError for any other value."""
    value = str(settings.get("WILDCRAWL_EVIDENCE") or "").strip().lower()
    if value not in [*Level]:
        raise ValueError(
            f"WILDCRAWL_EVIDENCE: '{value}' is not a valid level of evidence; choose one of "
            f"{', '.join(Level)}{did_you_mean(value, Level)}"
        )
    return Level(value)


def evidence_settings_of(settings: BaseSettings) -> EvidenceSettings:
    """The evidence settings; ValueError for the first that is not valid."""
    return EvidenceSettings(
        level_of(settings),
        evidence_place_of(settings),
        _number(settings, "WILDCRAWL_EVIDENCE_PICTURES", 0),
        _number(settings, "WILDCRAWL_EVIDENCE_PICTURE_BYTES", 1),
        _number(settings, "WILDCRAWL_EVIDENCE_PIXELS", 1),
        _authority(settings),
    )


def stated_settings(settings: BaseSettings) -> dict[str, str]:
    """The settings that evidence states, by name, without secrets; "" for one that is not set."""
    values = {name: settings.get(name) for name in STATED}
    stated = {name: "" if value is None else str(value) for name, value in values.items()}
    name = "WILDCRAWL_TIMESTAMP_URL"
    return stated | {name: public_address(stated[name])}


def stated_declaration(spider: type) -> dict[str, Any]:
    """What a site's spider declares of how it is searched and read, by attribute, plain values."""
    declared = {
        name: value
        for each in reversed(spider.__mro__)
        if not each.__module__.startswith(_BASES)
        for name, value in vars(each).items()
        if isinstance(value, (str, int, float, tuple, dict)) and not name.startswith("_")
    }
    return {name: value for name, value in declared.items() if name not in _UNSTATED}


def _authority(settings: BaseSettings) -> str:
    url = str(settings.get("WILDCRAWL_TIMESTAMP_URL") or "").strip()
    if url:
        # Only then, since its libraries are slow to import.
        from wildcrawl.evidence import EvidenceError
        from wildcrawl.evidence.seals import check_authority

        try:
            check_authority(url)
        except EvidenceError as error:
            raise ValueError(str(error)) from None
    return url


def _number(settings: BaseSettings, name: str, least: int) -> int:
    text = str(settings.get(name)).strip().replace("_", "")
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise ValueError(
            f"{name}: '{text}' is not a whole number from {least}; write for example {name}=50"
        )
    return int(text)
