"""Derived state of a restored store: what lists and the queue show, from the records alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from wildcrawl.items import Key
from wildcrawl.store import Store

_BATCH = 500


def derive(store: Store) -> None:
    """Marks the advertisements that a recheck found removed, and those whose links are due.

    Both are kept beside the records and are not part of a backup.
    """
    last: dict[Key, tuple[str, bool]] = {}
    for _, check in store.each_document("checks"):
        key = (str(check["site"]), str(check["ad_id"]))
        if check["state"] != "unknown" and check["at"] >= last.get(key, ("", False))[0]:
            last[key] = (str(check["at"]), check["state"] == "removed")
    gone = {}
    for key, (at, removed) in last.items():
        ad = store.get(*key)
        if removed and ad and ad.last_seen and ad.last_seen <= datetime.fromisoformat(at):
            gone[key] = True
    store.set_removed(gone)
    silent = _without_text(store)
    while keys := list(islice(silent, _BATCH)):
        store.mark_links(keys)


def _without_text(store: Store) -> Iterator[Key]:
    return (
        (ad.site, ad.ad_id)
        for ad in store.advertisements()
        if not (ad.title.strip() or ad.description.strip())
    )
