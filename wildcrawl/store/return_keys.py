"""Return keys in a store: the advertisements that keys stand for, found in one pass."""

from __future__ import annotations

from collections.abc import Collection

from wildcrawl.analysis.return_keys import return_key
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.store.base import Store
from wildcrawl.store.identity import shows_earlier
from wildcrawl.store.merge import judged_directly
from wildcrawl.tabular.keyed import Stored, other_advertisement

_COLUMNS = ("site", "ad_id", "url", "title")


class KeysOfStore:
    """The Finder of a store.

    Keys are computed, not stored, so that a store of any age and kind is searched: a million
    advertisements take some seconds, once for a file, and only if ids of the file were changed.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def known(self, site: str, ad_ids: Collection[str]) -> set[str]:
        """Those of `ad_ids` that are stored for `site`."""
        return self._store.known(site, ad_ids)

    def by_key(self, keys: Collection[str]) -> dict[str, Stored]:
        """The stored advertisements with one of the return keys `keys`; StoreError if unread."""
        found = {}
        for frame in self._store.frames(columns=_COLUMNS):
            for site, ad_id, url, title in frame.select(_COLUMNS).iter_rows():
                key = return_key(site, ad_id)
                if key in keys:
                    found[key] = Stored(site, ad_id, url or "", title or "")
        return found

    def contradiction(self, ad: Advertisement) -> str:
        """Why a returned row is not taken: it is another advertisement's, or the desk decided."""
        stored = self._store.get(ad.site, ad.ad_id)
        if not stored:
            return ""
        known = Stored(stored.site, stored.ad_id, stored.url, stored.title)
        other = other_advertisement(known, ad.url, ad.title)
        if other or ad.verdict in ("", Verdict.PENDING):
            return other
        if shows_earlier(stored.history, ad):
            return (
                f"verdict: '{ad.verdict}' is of what had this id before '{stored.title[:60]}'; "
                "judge that at the desk, or in a new export"
            )
        if stored.verdict == ad.verdict or not judged_directly(stored.history):
            return ""
        by = f" by {stored.screened_by}" if stored.screened_by else ""
        return (
            f"verdict: '{ad.verdict}' contradicts '{stored.verdict}', given{by} at the desk; "
            "change it there, or write that verdict here"
        )
