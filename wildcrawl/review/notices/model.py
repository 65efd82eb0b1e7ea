"""Notified advertisements and rechecks: the model and its storage."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement
    from wildcrawl.store import DocumentStore

_TOO_SHORT = 6
"""A path of so few characters may stand on any page."""


class State(StrEnum):
    """What a recheck found; an error or a block proves nothing."""

    REMOVED = "removed"
    UP = "up"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Notified:
    """An advertisement of a notice: where it stands, the notice's month, and when it was written.

    `mark` is what its page shows of it: the title, or else the beginning of the description or
    the path of a picture. It is told once: a later notice does not move the moment.
    """

    site: str
    ad_id: str
    url: str
    mark: str
    month: str
    at: datetime


@dataclass(frozen=True)
class Check:
    """One visit to a notified advertisement; `reason` says what it showed."""

    site: str
    ad_id: str
    at: datetime
    state: State
    reason: str = ""


def mark_of(ad: Advertisement) -> str:
    """What the page of an advertisement shows as long as it is up; "" if nothing is known of it.

    >>> from wildcrawl.items import Advertisement
    >>> mark_of(Advertisement("mall", "7", image_urls=["http://mall.example/img/7.jpg?w=80"]))
    '/img/7.jpg'
    """
    picture = urlsplit(ad.image_urls[0]).path if ad.image_urls else ""
    return ad.title or ad.description[:60] or (picture if len(picture) > _TOO_SHORT else "")


_NOTIFIED, _CHECKS = "notified", "checks"


def notify(store: DocumentStore, ads: Iterable[Notified]) -> int:
    """Keeps what was notified; how many of them had not been before."""
    documents = {
        _key(ad.site, ad.ad_id): asdict(ad) | {"at": ad.at.isoformat(timespec="seconds")}
        for ad in ads
    }
    return len(store.put_documents(_NOTIFIED, documents, replace=False))


def notified(store: DocumentStore, site: str | None = None) -> list[Notified]:
    """What was notified, of one site or of all, oldest first."""
    found = [
        Notified(**each | {"at": datetime.fromisoformat(each["at"])})
        for each in store.documents(_NOTIFIED, prefix=_prefix(site)).values()
    ]
    return sorted(found, key=lambda ad: (ad.at, ad.site, ad.ad_id))


def keep_checks(store: DocumentStore, found: Iterable[Check]) -> None:
    """Keeps what a recheck found; earlier checks stay."""
    documents = {}
    for check in found:
        at = check.at.isoformat()
        documents[_key(check.site, check.ad_id, at)] = asdict(check) | {
            "at": at,
            "state": check.state.value,
        }
    store.put_documents(_CHECKS, documents)


def checks(store: DocumentStore, site: str | None = None) -> list[Check]:
    """All checks, of one site or of all, oldest first."""
    found = [
        Check(**each | {"at": datetime.fromisoformat(each["at"]), "state": State(each["state"])})
        for each in store.documents(_CHECKS, prefix=_prefix(site)).values()
    ]
    return sorted(found, key=lambda check: check.at)


def _key(*parts: str) -> str:
    return json.dumps(parts, ensure_ascii=False)


def _prefix(site: str | None) -> str:
    """What the keys of one site's documents begin with; "" for all sites.

    >>> _prefix("mall"), _key("mall", "7").startswith(_prefix("mall"))
    ('["mall", ', True)
    """
    return "" if site is None else f"{_key(site)[:-1]}, "
