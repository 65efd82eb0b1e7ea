"""Row identity: the site and the id by which the store knows the advertisement of a file's row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.analysis.site_names import SiteNames
    from wildcrawl.items import Advertisement
    from wildcrawl.store import Store
    from wildcrawl.store.known_ids import KnownIds


class RowIdentities:
    """Finds the advertisement that a row means, and counts what it had to correct.

    `names` are the declared sites; None: the rows name their site correctly.
    """

    def __init__(self, identities: KnownIds, store: Store, names: SiteNames | None = None) -> None:
        self._identities = identities
        self._store = store
        self._names = names
        self._sites: dict[str, str] = {}
        """Typed name to the site that it means."""
        self._spellings: dict[str, list[str]] = {}
        """Site to the other spellings under which the store has advertisements of it."""
        if names:
            for stored in store.first_months():
                site = names.find(stored)
                if site and site != stored:
                    self._spellings.setdefault(site, []).append(stored)
        self.unknown: Counter[str] = Counter()
        """Names that are not a declared site, with the number of rows."""
        self.read_as: Counter[tuple[str, str]] = Counter()
        """Typed names and the declared site as which they were read, with the number of rows."""
        self.restored = 0
        """Number of rows whose advertisement was found by more than the id."""
        self.dropped: Counter[str] = Counter()
        """Words in place of an address, with the number of rows."""

    def identify(self, ad: Advertisement) -> str:
        """Sets site and id of the advertisement that the row means; a sentence if it cannot.

        StoreError if the store is unavailable.
        """
        if self._names:
            ad.site = self._site(ad.site, self._names)
        origin = ad.origin
        if origin is None:
            return ""
        if origin.derived:
            ad.ad_id = self._identities.derived(ad.site, ad.url, ad.title, ad.seller)
        elif origin.doubt:
            known = self._identities.at_address(ad.site, ad.url) or origin.restored
            if not known:
                return f"{origin.doubt}; no advertisement in the store has this address"
            ad.ad_id = known
            self.restored += 1
        elif known := self._identities.with_zeros(ad) or self._identities.numbered(ad):
            ad.ad_id = known
            self.restored += 1
        if origin.words:
            self.dropped[origin.words] += 1
        self._take_stored_spelling(ad)
        return ""

    def _site(self, typed: str, names: SiteNames) -> str:
        if typed not in self._sites:
            self._sites[typed] = names.find(typed)
        site = self._sites[typed]
        if not site:
            self.unknown[typed] += 1
        elif site != typed:
            self.read_as[typed, site] += 1
        return site or typed

    def _take_stored_spelling(self, ad: Advertisement) -> None:
        """An advertisement that is stored under another spelling of its site keeps it."""
        for spelling in self._spellings.get(ad.site, ()):
            if self._store.known(spelling, [ad.ad_id]) and not self._store.known(
                ad.site, [ad.ad_id]
            ):
                ad.site = spelling
                return

    def notes(self) -> list[str]:
        """Sentences on what was corrected or taken as given, for the log."""
        found = []
        for (typed, site), rows in self.read_as.items():
            found.append(f"site '{typed}' is read as {site} ({_rows(rows)})")
        if self.restored:
            found.append(
                f"{_rows(self.restored)} with an ad_id that is damaged or a file's own number: the "
                "advertisement was found by its address or title"
            )
        if self.dropped:
            words = ", ".join(f"'{word[:20]}'" for word, _ in self.dropped.most_common(3))
            found.append(
                f"{_rows(self.dropped.total())} with words in place of a url ({words}): known by "
                "ad_id, or by title and seller"
            )
        return found

    def warnings(self) -> list[str]:
        """Sentences on sites that are not declared, for the log and the run."""
        assert self._names or not self.unknown
        return [
            f"site '{typed}' is not a declared site and is taken as given ({_rows(rows)})"
            + (f"; did you mean '{near}'?" if (near := self._nearest(typed)) else "")
            for typed, rows in self.unknown.items()
        ]

    def _nearest(self, typed: str) -> str:
        return self._names.nearest(typed) if self._names else ""


def _rows(number: int) -> str:
    return f"{number} row" if number == 1 else f"{number} rows"
