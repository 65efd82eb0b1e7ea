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
        self.pages: dict[str, Collection[str]] = {}
        self.groups: set[str] = set()

    def add(self, keyword: Keyword, ad_ids: Collection[str]) -> None:
        """Records the first page of a search for `keyword`, even an empty one."""
        self.pages[keyword.term] = set(ad_ids)
        self.groups.add(keyword.group)

    def message(self) -> str:
        """A sentence if the site ignores the keyword, else "".

        It does if nearly all keywords, of more than one species group, return mostly the same.
        """
        if len(self.pages) < ENOUGH or len(self.groups) < 2:
            return ""
        seen = Counter(ad_id for page in self.pages.values() for ad_id in page)
        everywhere = {
            ad_id for ad_id, count in seen.items() if count >= NEARLY_ALL * len(self.pages)
        }
        usual = median(len(page) for page in self.pages.values())
        if not everywhere or len(everywhere) < MOSTLY * usual:
            return ""
        return (
            f"the site ignores the keyword: {len(everywhere)} advertisements were returned for "
            f"nearly all of {len(self.pages)} keywords"
        )
