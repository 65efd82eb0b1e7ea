"""Constant results: a site that returns the same advertisements for every keyword."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Keyword

ENOUGH = 8
"""Keywords, of more than one species group, from which on equal results are not chance."""
NEARLY_ALL = 0.9
"""Share of the keywords that must return an advertisement for it to count as constant."""
MOSTLY = 0.8
"""Share of a usual first page that constant advertisements must make up."""


class ConstantResultsDetector:
    """Compares the first page of results of each keyword with those of the others."""

    def __init__(self) -> None:
        self.pages: dict[str, frozenset[str]] = {}
        self.groups: dict[str, str] = {}
        self.unmatched: set[str] = set()

    def add(self, keyword: Keyword, ad_ids: Collection[str], matches: bool = True) -> None:
        """Records the first page of a search for `keyword`, even an empty one.

        `matches`: an advertisement on it shows the keyword.
        """
        self.pages[keyword.term] = frozenset(ad_ids)
        self.groups[keyword.term] = keyword.group
        if not matches:
            self.unmatched.add(keyword.term)

    def _recommended(self) -> str:
        terms = self.unanswered()
        if not terms:
            return ""
        return (
            f"{len(terms)} of {len(self.pages)} keywords returned the same advertisements, in "
            "which the keyword does not occur: the site limits searches or recommends other goods"
        )

    def unanswered(self) -> set[str]:
        """The keywords whose first page shows the same advertisements, none with the keyword.

        Empty unless these are ENOUGH keywords, of more than one species group.
        """
        alike: dict[frozenset[str], set[str]] = {}
        for term in self.unmatched:
            if self.pages[term]:
                alike.setdefault(self.pages[term], set()).add(term)
        return {
            term
            for terms in alike.values()
            if len(terms) >= ENOUGH and len({self.groups[each] for each in terms}) > 1
            for term in terms
        }

    def message(self) -> str:
        """A sentence if the site ignores the keyword, else "".

        It does if nearly all keywords, of more than one species group, return mostly the same.
        """
        if len(self.pages) < ENOUGH or len(set(self.groups.values())) < 2:
            return ""
        seen = Counter(ad_id for page in self.pages.values() for ad_id in page)
        everywhere = {
            ad_id for ad_id, count in seen.items() if count >= NEARLY_ALL * len(self.pages)
        }
        usual = median(len(page) for page in self.pages.values())
        if not everywhere or len(everywhere) < MOSTLY * usual:
            return self._recommended()
        return (
            f"the site ignores the keyword: {len(everywhere)} advertisements were returned for "
            f"nearly all of {len(self.pages)} keywords"
        )
