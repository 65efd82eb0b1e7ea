"""UnmatchedCache: unmatched advertisements, remembered so that none is fetched again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cached_property
from importlib.resources.abc import Traversable

from wildcrawl import __version__
from wildcrawl.items import Advertisement, Key
from wildcrawl.store import Store


class UnmatchedCache:
    """The unmatched advertisements of one run, and those that earlier runs of its site stored.

    Within a run they are kept whole: a later keyword may still support one. For later runs the
    store keeps a fingerprint of the search page's fields and of the rules; while both stay the
    same, the advertisement's own page is not fetched again.
    """

    def __init__(self, site: str, rules: Traversable) -> None:
        """`rules` is the vocabulary's file."""
        self.site = site
        self.rules = rules
        self.hold: Callable[[Advertisement], object] | None = None
        """Called with each advertisement that is added, while it has its page."""
        self._ads: dict[Key, Advertisement] = {}
        self._known: set[str] = set()
        self._fingerprints: dict[str, str] = {}

    def add(self, ad: Advertisement) -> None:
        """Adds an unmatched advertisement, without its page, which `hold` may keep."""
        if self.hold:
            self.hold(ad)
        ad.received = None
        self._ads[ad.site, ad.ad_id] = ad

    def ads(self) -> list[Advertisement]:
        """The unmatched advertisements of this run."""
        return list(self._ads.values())

    def take_back(self, key: Key) -> Advertisement | None:
        """Removes and returns an advertisement that was added, None if it was not."""
        return self._ads.pop(key, None)

    def __contains__(self, key: Key) -> bool:
        """Whether the advertisement was unmatched, in this run or in an earlier one."""
        site, ad_id = key
        return key in self._ads or (site == self.site and ad_id in self._known)

    def known(self, rows: Mapping[str, Mapping[str, object]], store: Store) -> set[str]:
        """The ids of those `rows` (by ad_id) that an earlier run stored and that are unchanged.

        Also remembers the fingerprints of all `rows` for `save`. StoreError if the store is
        unavailable.
        """
        fingerprints = {ad_id: self._fingerprint(row) for ad_id, row in rows.items()}
        self._fingerprints |= fingerprints
        known = store.unmatched(self.site, fingerprints)
        self._known |= known
        return known

    def forget(self, ad_id: str) -> None:
        """Excludes an advertisement from `save`, since its own page could not be read."""
        self._fingerprints.pop(ad_id, None)

    def save(self, store: Store) -> None:
        """Stores the fingerprints of what this run added; StoreError if that fails."""
        fingerprints = {
            ad_id: self._fingerprints[ad_id]
            for site, ad_id in self._ads
            if site == self.site and ad_id in self._fingerprints
        }
        if fingerprints:
            store.save_unmatched(self.site, fingerprints)

    def _fingerprint(self, row: Mapping[str, object]) -> str:
        text = f"{self._rules_fingerprint}\0{sorted(row.items())!r}"
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]

    @cached_property
    def _rules_fingerprint(self) -> str:
        return f"{__version__} {hashlib.sha256(self.rules.read_bytes()).hexdigest()}"
