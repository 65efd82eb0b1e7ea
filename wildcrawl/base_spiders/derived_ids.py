"""Derived and renewed ids: those that are not the site's, or under which it is counted anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from wildcrawl.analysis.text import squeezed

if TYPE_CHECKING:
    from wildcrawl.base_spiders.extraction import Row
    from wildcrawl.store.base import Address

ENOUGH = 6
"""Advertisements from which on a share of them is not chance."""
MOST = 0.5
SOME = 0.1
"""Share of derived ids that is said."""
RENEWED = 0.8
"""Share of the new advertisements that equal earlier ones from which on their ids have changed."""
AGAIN = 0.1
"""Share of a run's advertisements that may have kept their ids nevertheless."""
_SPEAKING = 6
"""Characters of a title from which on two equal ones are hardly of two advertisements."""


class DerivedIdsDetector:
    """Compares the advertisements whose ids come from their addresses with each other."""

    def __init__(self) -> None:
        self.found = 0
        self.derived = 0
        self._alike: dict[tuple[str, ...], set[str]] = {}

    def add(self, row: Row, *, derived: bool) -> None:
        """Records an advertisement that is new to this run; `derived`: the site shows no id."""
        self.found += 1
        if not derived:
            return
        self.derived += 1
        title = squeezed(row.get("title", ""))
        pictures = row.get("image_urls") or [""]
        rest = (
            squeezed(row.get("price", "")),
            row.get("seller_id") or squeezed(row.get("seller", "")) or pictures[0],
        )
        if row["ad_id"].startswith("u-") and title and (any(rest) or len(title) >= _SPEAKING):
            self._alike.setdefault((title, *rest), set()).add(row["ad_id"])

    def repeated(self) -> str:
        """A sentence if most advertisements are shown at several addresses, else ""."""
        several = [ids for ids in self._alike.values() if len(ids) > 1]
        repeated = sum(len(ids) for ids in several)
        if repeated < ENOUGH or repeated < MOST * self.derived:
            return ""
        return (
            f"{repeated} of {self.derived} advertisements with an id from their address are equal "
            f"in title, price and seller to another ({len(several)} different ones): the site "
            "shows one advertisement at several addresses; declare how its id is read (ad_id in "
            "fields or patterns)"
        )

    def unread(self) -> str:
        """A sentence if most ids are missing, for a site that declares how they are read."""
        if self.found < ENOUGH or self.derived <= MOST * self.found:
            return ""
        return (
            f"{self.derived} of {self.found} advertisements show no id where the spider looks for "
            "it, so that their ids are derived; fix ad_id"
        )

    def some(self) -> str:
        """A sentence if several ids are missing, for a site that declares how they are read."""
        if self.derived < ENOUGH or self.derived <= SOME * self.found:
            return ""
        return (
            f"{self.derived} of {self.found} advertisements show no id where the spider looks for "
            "it, so that theirs are derived from their addresses or titles"
        )

    def note(self) -> str:
        """A sentence if most ids are derived, for a site that declares none; else ""."""
        if self.derived <= MOST * self.found:
            return ""
        return (
            f"the ids of {self.derived} of {self.found} advertisements are derived from their "
            "addresses or titles, since none is shown"
        )


_WHOLE = 0.95
"""Share of a site that came anew from which on its sellers did not list it again."""
_SEVERAL = 3


class RenewedIdsDetector:
    """Compares what a run found under new ids with what earlier runs found under others.

    A site whose ids or addresses change from run to run has each advertisement counted anew.
    """

    def __init__(self) -> None:
        self._new: set[str] = set()
        self._again = 0
        self.whole = False
        """Whether all of a site with several sellers came anew, which no seller's habit is."""

    def add(self, ids: Iterable[str], known: Collection[str]) -> None:
        """Records the ids of advertisements that are new to this run; `known` are stored ones."""
        for ad_id in ids:
            if ad_id in known:
                self._again += 1
            else:
                self._new.add(ad_id)

    def has_own(self, derived: Collection[str]) -> bool:
        """Whether most of the new advertisements have ids of the site's own, not `derived` ones."""
        return 2 * len(self._new & set(derived)) < len(self._new)

    def message(self, stored: Iterable[Address]) -> str:
        """A sentence if hardly any of the site's `stored` ones were found under their ids."""
        if len(self._new) < ENOUGH:
            return ""
        new: Counter[tuple[str, str]] = Counter()
        earlier: Counter[tuple[str, str]] = Counter()
        for each in stored:
            if len(title := squeezed(each.title)) >= _SPEAKING:
                (new if each.ad_id in self._new else earlier)[title, squeezed(each.seller)] += 1
        renewed, total = (new & earlier).total(), new.total()
        if renewed < max(ENOUGH, RENEWED * total) or self._again > AGAIN * (self._again + total):
            return ""
        sellers = {seller for _, seller in new & earlier if seller}
        self.whole = not self._again and renewed >= _WHOLE * total and len(sellers) >= _SEVERAL
        return (
            f"{renewed} of {total} new advertisements have the title and seller of one of earlier "
            "runs whose id was not found again: if they were not listed anew, the ids, or the "
            "addresses from which they are derived, change from run to run, so that advertisements "
            "are counted anew; declare how an id that stays is read (ad_id in fields or patterns)"
        )
