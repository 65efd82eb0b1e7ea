"""Recaptures: advertisements that a search left out, although their titles contain its keyword.

The searches of a run overlap: what one of them found and another one should have shown, and did
not, tells how much of the site's goods each of them shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from wildcrawl.analysis.text import normalise
from wildcrawl.base_spiders.closing_evidence import LEAST
from wildcrawl.base_spiders.searched import Ending

if TYPE_CHECKING:
    from wildcrawl.base_spiders.extraction import Row, Search

ENDS = (Ending.LAST, Ending.REPEATED, Ending.EMPTY, Ending.MISSING, Ending.STATED)
"""Endings of a list that its site has shown as a whole."""
SAID = 0.05
"""Share of the expected titles from which on what is missing is reported."""
MANY = 0.1
"""The same from which on pages that are short, too, have left results out."""
FIT = 2
"""Results that may be missing for each free place, as the longest page may be cut as well."""
SHORTEST = 2
"""Characters of a keyword below which it is in any title."""
_NAMED = 3


@dataclass(frozen=True)
class LeftOut:
    """What a search left out: titles with its keyword, of all those that the run found."""

    search: Search
    missed: frozenset[str]
    expected: int

    @property
    def share(self) -> float:
        """The share of the expected titles that it left out."""
        return len(self.missed) / self.expected


@dataclass
class Recaptures:
    """The titles that a run has found, and its searches that were read to their end."""

    titles: dict[str, str] = field(default_factory=dict)
    """Id to the folded title."""
    searches: list[Search] = field(default_factory=list)
    _additions: int = 0
    _left_out: tuple[object, list[LeftOut]] = (None, [])
    """What was found last, since several checks at the end of a run ask, and what of."""

    def add(self, rows: Iterable[Row]) -> None:
        """Records the titles of results."""
        for row in rows:
            title = _folded(str(row.get("title") or ""))
            if title:
                self.titles[row["ad_id"]] = title
        self._additions += 1

    def end(self, search: Search, ending: Ending) -> None:
        """Records a search that has ended; one that a limit ended need not show everything."""
        if ending in ENDS and not search.earlier and len(_folded(search.phrase)) >= SHORTEST:
            self.searches.append(search)

    def left_out(self) -> list[LeftOut]:
        """The searches that left something out, those with the most first.

        A title that a search showed under another id counts as shown. A list with as many results
        as the site states leaves out only what the site does not count.
        """
        state = self._additions, [(len(each.ad_ids), each.total) for each in self.searches]
        if self._left_out[0] != state:
            self._left_out = state, self._look()
        return self._left_out[1]

    def _look(self) -> list[LeftOut]:
        found = []
        titles = _SEPARATOR.join(dict.fromkeys(self.titles.values()))
        for search in self.searches:
            if search.total and len(search.ad_ids) >= search.total:
                continue
            expected = _with(_folded(search.phrase), titles)
            missed = expected - {self.titles.get(ad_id, "") for ad_id in search.ad_ids}
            if missed:
                found.append(LeftOut(search, frozenset(missed), len(expected)))
        return sorted(found, key=lambda each: -len(each.missed))

    def thin(self, free: Mapping[str, int], sparse: Collection[str]) -> str:
        """A sentence if searches left much out whose pages were short as well, else "".

        `free`: phrase to the results that its pages before the last show less than full ones;
        `sparse`: the phrases of which such a page is far shorter. If none is, the missing ones
        must about fit in the free places.
        """
        cut = [
            each
            for each in self.left_out()
            if each.search.phrase in free
            and len(each.missed) >= LEAST
            and each.share >= MANY
            and (
                each.search.phrase in sparse
                or LEAST <= len(self._of_like_searches(each)) <= FIT * free[each.search.phrase]
            )
        ]
        if not cut:
            return ""
        return (
            f"pages between others were shorter than a full one, and left out what other searches "
            f"found with the same keyword in its title ({_some(cut)}): the site does not show all "
            "that it has; run it again, with a longer 'pace', or with further keywords"
        )

    def _of_like_searches(self, left_out: LeftOut) -> set[str]:
        """What a search left out of those that also show results of it.

        A site that searches for words shows none of 象牙手镯 to 象牙.
        """
        shown = left_out.search.ad_ids
        alike = [each.ad_ids for each in self.searches if each.ad_ids & shown]
        return {self.titles.get(ad_id, "") for ad_ids in alike for ad_id in ad_ids} & (
            left_out.missed
        )

    def note(self) -> str:
        """A sentence about what searches left out for whatever reason, else ""."""
        found = self.left_out()
        missed = set().union(*(each.missed for each in found))
        expected = sum(each.expected for each in found)
        # A single one may have been posted while the run lasted.
        if len(missed) < 2 or sum(len(each.missed) for each in found) < SAID * expected:
            return ""
        return (
            f"{len(missed)} advertisements were found by other keywords only than the one in their "
            f"title ({_some(found)}): not certain that the site's search shows all that it has"
        )


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    return normalise(text).text.replace(" ", "")


_SEPARATOR = "\0"
"""Separator of titles in one text; folding leaves no such character."""


def _with(phrase: str, titles: str) -> set[str]:
    """Those of `titles`, a text with separators, that contain `phrase`.

    One search of the whole text, since there are as many phrases as keywords.
    """
    found = set()
    position = titles.find(phrase)
    while position >= 0:
        start = titles.rfind(_SEPARATOR, 0, position) + 1
        end = titles.find(_SEPARATOR, position)
        end = len(titles) if end < 0 else end
        found.add(titles[start:end])
        position = titles.find(phrase, end)
    return found


def _some(left_out: Iterable[LeftOut]) -> str:
    left_out = list(left_out)
    more = f" and {len(left_out) - _NAMED} more" if len(left_out) > _NAMED else ""
    named = [
        f"'{each.search.phrase}': {len(each.missed)} of {each.expected} missing"
        for each in left_out[:_NAMED]
    ]
    return ", ".join(named) + more
