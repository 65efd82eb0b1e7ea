"""Model of notices: notified advertisements and rechecks, and their storage."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from wildcrawl.items import Advertisement
from wildcrawl.store import DocumentStore, Store

_TOO_SHORT = 6
"""Characters up to which a picture's path is too common to identify a page."""


class State(StrEnum):
    """Result of a recheck; errors and blocks are UNKNOWN."""

    REMOVED = "removed"
    UP = "up"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Notified:
    """An advertisement reported in a notice: its URL, the notice's month and moment.

    `mark` is a text by which its page is recognised: the title, or else the beginning of the
    description or the path of a picture. Later notices do not change the moment.
    """

    site: str
    ad_id: str
    url: str
    mark: str
    month: str
    at: datetime


@dataclass(frozen=True)
class Recheck:
    """A recheck of a notified advertisement; `reason` explains its state."""

    site: str
    ad_id: str
    at: datetime
    state: State
    reason: str = ""


def mark_of(ad: Advertisement) -> str:
    """Text by which the page of an advertisement is recognised; "" if there is none.

    >>> from wildcrawl.items import Advertisement
    >>> mark_of(Advertisement("mall", "7", image_urls=["http://mall.example/img/7.jpg?w=80"]))
    '/img/7.jpg'
    """
    picture = urlsplit(ad.image_urls[0]).path if ad.image_urls else ""
    return ad.title or ad.description[:60] or (picture if len(picture) > _TOO_SHORT else "")


_NOTIFIED, _CHECKS = "notified", "checks"


def notify(store: DocumentStore, ads: Iterable[Notified]) -> int:
    """Stores notified advertisements; returns how many are new."""
    documents = {
        _key(ad.site, ad.ad_id): asdict(ad) | {"at": ad.at.isoformat(timespec="seconds")}
        for ad in ads
    }
    return len(store.put_documents(_NOTIFIED, documents, replace=False))


def notified(store: DocumentStore, site: str | None = None) -> list[Notified]:
    """Notified advertisements of one site or of all, oldest first."""
    ads = [
        Notified(**document | {"at": datetime.fromisoformat(document["at"])})
        for document in store.documents(_NOTIFIED, prefix=_prefix(site)).values()
    ]
    return sorted(ads, key=lambda ad: (ad.at, ad.site, ad.ad_id))


def keep_checks(store: Store, results: Iterable[Recheck]) -> None:
    """Stores checks, in addition to earlier ones, and whether they found something removed."""
    results = list(results)
    documents = {}
    for check in results:
        at = check.at.isoformat()
        documents[_key(check.site, check.ad_id, at)] = asdict(check) | {
            "at": at,
            "state": check.state.value,
        }
    store.put_documents(_CHECKS, documents)
    last = sorted(results, key=lambda check: check.at)
    store.set_removed(
        {
            (check.site, check.ad_id): check.state == State.REMOVED
            for check in last
            if check.state != State.UNKNOWN
        }
    )


def checks(store: DocumentStore, site: str | None = None) -> list[Recheck]:
    """Checks of one site or of all, oldest first."""
    results = [
        Recheck(
            **document
            | {"at": datetime.fromisoformat(document["at"]), "state": State(document["state"])}
        )
        for document in store.documents(_CHECKS, prefix=_prefix(site)).values()
    ]
    return sorted(results, key=lambda check: check.at)


def _key(*parts: str) -> str:
    return json.dumps(parts, ensure_ascii=False)


def _prefix(site: str | None) -> str:
    """Prefix of the keys of one site's documents; "" for all sites.

    >>> _prefix("mall"), _key("mall", "7").startswith(_prefix("mall"))
    ('["mall", ', True)
    """
    return "" if site is None else f"{_key(site)[:-1]}, "
