"""What was notified and what was found since, in the store."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from wildcrawl.review.notices.model import Check, Notified, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NOTIFIED, _CHECKS = "notified", "checks"


class Keeper(Protocol):
    """What keeps small documents; a store does."""

    def keep(
        self, kind: str, documents: Mapping[str, dict[str, Any]], *, replace: bool = True
    ) -> set[str]:
        """Keeps documents by key; gives the keys that are new."""
        ...

    def kept(self, kind: str) -> dict[str, dict[str, Any]]:
        """All documents of a kind."""
        ...


def notify(store: Keeper, ads: Iterable[Notified]) -> int:
    """Keeps what was notified; how many of them had not been before."""
    documents = {
        _key(ad.site, ad.ad_id): asdict(ad) | {"at": ad.at.isoformat(timespec="seconds")}
        for ad in ads
    }
    return len(store.keep(_NOTIFIED, documents, replace=False))


def notified(store: Keeper, site: str | None = None) -> list[Notified]:
    """What was notified, of one site or of all, oldest first."""
    found = [
        Notified(**each | {"at": datetime.fromisoformat(each["at"])})
        for each in store.kept(_NOTIFIED).values()
        if site in (None, each["site"])
    ]
    return sorted(found, key=lambda ad: (ad.at, ad.site, ad.ad_id))


def keep_checks(store: Keeper, found: Iterable[Check]) -> None:
    """Keeps what a recheck found; earlier checks stay."""
    documents = {}
    for check in found:
        at = check.at.isoformat()
        documents[_key(check.site, check.ad_id, at)] = asdict(check) | {
            "at": at,
            "state": check.state.value,
        }
    store.keep(_CHECKS, documents)


def checks(store: Keeper, site: str | None = None) -> list[Check]:
    """All checks, of one site or of all, oldest first."""
    found = [
        Check(**each | {"at": datetime.fromisoformat(each["at"]), "state": State(each["state"])})
        for each in store.kept(_CHECKS).values()
        if site in (None, each["site"])
    ]
    return sorted(found, key=lambda check: check.at)


def _key(*parts: str) -> str:
    return json.dumps(parts, ensure_ascii=False)
