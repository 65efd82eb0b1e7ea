"""Constant results: a site that returns the same advertisements for every keyword."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
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
BESIDE = 3
"""Pages with results of their own beside the same advertisements, which are then a fixed block."""


@dataclass(frozen=True)
class ConstantResults:
    """A sentence if a site shows the same for many keywords, else "", and these keywords."""

    message: str = ""
    terms: frozenset[str] = frozenset()


class ConstantResultsDetector:
    """Compares the first page of results of each keyword with those of the others."""

    def __init__(self) -> None:
        self.pages: dict[str, dict[str, bool]] = {}
        """Keyword to its first page: ids, and whether the advertisement mentions the keyword."""
        self.groups: dict[str, str] = {}

    def add(self, keyword: Keyword, ads: Mapping[str, bool]) -> None:
        """Records the first page of a search for `keyword`, even an empty one.

        `ads`: ids of the advertisements, and whether each mentions the keyword.
        """
        self.pages[keyword.term] = self.pages.get(keyword.term, {}) | dict(ads)
        self.groups[keyword.term] = keyword.group

    def message(self) -> str:
        """A sentence if the site ignores keywords or shows other goods for them, else ""."""
        return self.judge().message

    def unanswered(self) -> frozenset[str]:
        """The keywords that the site did not answer with results of their own."""
        return self.judge().terms

    def judge(self) -> ConstantResults:
        """The judgement of all first pages."""
        if len(self.pages) < ENOUGH or len(set(self.groups.values())) < 2:
            return ConstantResults()
        return self._for_nearly_all() or self._in_place_of_results() or ConstantResults()

    def _for_nearly_all(self) -> ConstantResults | None:
        """The site ignores the keyword: nearly all searches return mostly the same."""
        seen = Counter(ad_id for page in self.pages.values() for ad_id in page)
        everywhere = {
            ad_id for ad_id, count in seen.items() if count >= NEARLY_ALL * len(self.pages)
        }
        usual = median(len(page) for page in self.pages.values())
        if not everywhere or len(everywhere) < MOSTLY * usual or self._is_block(everywhere):
            return None
        return ConstantResults(
            f"the site ignores the keyword: {len(everywhere)} advertisements were returned for "
            f"nearly all of {len(self.pages)} keywords",
            frozenset(self.pages),
        )

    def _in_place_of_results(self) -> ConstantResults | None:
        """The site shows a few advertisements for keywords that these do not mention."""
        unmentioned: dict[str, set[str]] = {}
        for term, page in self.pages.items():
            for ad_id, mentions in page.items():
                if not mentions:
                    unmentioned.setdefault(ad_id, set()).add(term)
        recurring = {
            ad_id
            for ad_id, terms in unmentioned.items()
            if len(terms) >= ENOUGH and len({self.groups[term] for term in terms}) > 1
        }
        alone = {
            term
            for term, page in self.pages.items()
            if page and recurring.issuperset(page) and not all(page.values())
        }
        if len(alone) < ENOUGH or self._is_block(recurring):
            return None
        return ConstantResults(
            f"the site shows other goods in place of results: {len(recurring)} advertisements were "
            f"all that it returned for {len(alone)} of {len(self.pages)} keywords, which they do "
            "not mention; if these searches found nothing, declare the words for it in 'empty'",
            frozenset(alone),
        )

    def _is_block(self, ad_ids: set[str]) -> bool:
        """Whether these advertisements are also shown beside results that mention the keyword."""
        beside = sum(
            any(ad_id in ad_ids and not mentions for ad_id, mentions in page.items())
            and any(mentions and ad_id not in ad_ids for ad_id, mentions in page.items())
            for page in self.pages.values()
        )
        return beside >= BESIDE
