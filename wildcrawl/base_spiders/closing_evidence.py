"""Closing evidence: comparison of a repeated or changed search with what its run has read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

LEAST = 3
"""Results from which on a difference is not chance."""
MANY = 0.3
"""Share of a page from which on a difference is not chance."""
MANY_IDS = 5
"""Results with another id than before from which on this is not chance."""
MOSTLY = 0.8
"""Share of the results that they must reach."""
SHUFFLED = 0.4
"""Share of the neighbours in another order than before from which on a page is sorted anew."""
FEW = 0.15
"""Share of the titles that a word of a narrower search may be in."""
_NAMED = 3


class Check(StrEnum):
    """What a request at the end of a run tests."""

    STOPPED = "stopped"
    """Whether a search that had results still has some, after several without."""
    EMPTY = "empty"
    """Whether a page without results has none when it is requested again."""
    BEFORE = "before"
    """Whether there is a page before the first one that was requested."""
    BETWEEN = "between"
    """Whether there is a page between two that links led to."""
    AGAIN = "again"
    """Whether the first search of the run still shows what it showed."""
    NO_COOKIES = "no cookies"
    """Whether a search shows more without the cookies that the site has set."""
    NARROWER = "narrower"
    """Whether a narrower search shows results that the list of the wider one left out."""
    SHORT = "short"
    """Whether a page that is shorter than others shows more when it is requested again."""
    WITHIN = "within"
    """Whether a page that begins within the first one shows results between it and the second."""
    FRAME = "frame"
    """Whether a frame within a page of results shows results that the page itself does not."""
    SHRUNK = "shrunk"
    """Whether results moved to a page already read, since others were removed."""
    MIDDLE = "middle"
    """Whether the list of a search moved while it was read; asked before the search ends."""
    NONSENSE = "nonsense"
    """Whether a word that does not exist finds nothing."""


@dataclass(frozen=True)
class Shown:
    """The results of a check: their ids in order, and whether each mentions its keyword."""

    phrase: str
    ids: Sequence[str] = ()
    mentions: frozenset[str] = frozenset()
    """Ids of the results that mention the keyword, or show no text."""

    def unseen(self, seen: Collection[str]) -> list[str]:
        """The results that mention the keyword and were not `seen` by its search."""
        return [each for each in self.ids if each in self.mentions and each not in seen]


def is_missed_page(shown: Shown, seen: Collection[str]) -> bool:
    """Whether a page mostly shows results of its search that were not `seen`."""
    return bool(shown.ids) and 2 * len(shown.unseen(seen)) > len(shown.ids)


def skipped_by(shown: Shown, seen: Collection[str]) -> int:
    """The number of results of a page between two that were not `seen`; 0 if they prove nothing.

    They are most of it, or those that it begins with, before results of the second page.

    >>> skipped_by(Shown("", list("xydefg"), frozenset("xydefg")), "abcdefg")
    2
    >>> skipped_by(Shown("", list("cdxefg"), frozenset("cdxefg")), "abcdefg")
    0
    """
    unseen = shown.unseen(seen)
    begins_with = len(unseen) > 1 and list(shown.ids[: len(unseen)]) == unseen
    return len(unseen) if begins_with or is_missed_page(shown, seen) else 0


def left_out(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """The results of a page that are missing when it is shown again, as by a filter; else [].

    A filter leaves out results between others, which keep their order. New goods only push the
    last results to the next page, and promoted goods at the beginning may change.

    >>> left_out(list("abcdefgh"), list("bdfhijkl"))
    ['c', 'e', 'g']
    >>> left_out(list("abcdefgh"), list("xyabcdef"))
    []
    """
    shown = set(now)
    kept = [each for each in before if each in shown]
    known = set(before)
    if len(kept) < 2 or kept != [each for each in now if each in known]:
        return []
    between = before[before.index(kept[0]) : before.index(kept[-1])]
    gone = [each for each in between if each not in shown]
    return gone if len(gone) >= LEAST and len(gone) >= MANY * len(before) else []


def changed_ids(before: Iterable[tuple[str, str]], now: Iterable[tuple[str, str]]) -> int:
    """How many results have another id than before, if these are most of them; else 0.

    Both are pairs of an id and a title; only titles that one result has are compared.

    >>> changed_ids([(f"x{n}", f"t{n}") for n in range(6)], [(f"y{n}", f"t{n}") for n in range(6)])
    6
    """
    one, other = _by_title(before), _by_title(now)
    both = one.keys() & other.keys()
    changed = sum(one[title] != other[title] for title in both)
    return changed if changed >= MANY_IDS and changed >= MOSTLY * len(both) else 0


def _by_title(results: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Title to id, of the results whose title no other one has."""
    results = list(results)
    counts = Counter(title for _, title in results)
    return {title: ad_id for ad_id, title in results if title and counts[title] == 1}


def moved_up(now: Sequence[str], before: Sequence[Sequence[str]]) -> list[str]:
    """The results of a first page that were on later pages `before`, if it was sorted anew.

    New goods push others on to later pages, sold ones let some come forward, and some programs move
    a few to the top: all of them keep the order of the rest. A forum sorted by the last reply shows
    the threads with one first, then the others from the first one on.

    >>> moved_up(list("ydxbza"), ["abcdef", "uvwxyz"]), moved_up(list("efxyuz"), ["abcdef", "xyuz"])
    (['y', 'x', 'z'], [])
    >>> moved_up(list("yubwac"), ["abcdef", "uvwxyz"])
    []
    """
    moved = [each for each in now if any(each in page for page in before[1:])]
    order = [each for page in before for each in page]
    places = [order.index(each) for each in now if each in order]
    falls = sum(one > other for one, other in pairwise(places))
    if _is_bump(now, before[0] if before else (), moved):
        return []
    many = len(moved) >= LEAST and len(moved) >= MANY * len(now)
    return moved if many and falls >= max(2, SHUFFLED * (len(places) - 1)) else []


def unsorted(phrase: str, moved: int) -> str:
    """The sentence about a list of which a page showed results of later pages afterwards."""
    return (
        f"{moved} results of later pages of '{phrase}' were on an earlier page when this was "
        "requested again: the site sorts its results anew with each request, so that some may be "
        "missing; add the site's sort order to search_url"
    )


def round_end(phrase: str, seen: int, pages: int, most: int) -> str:
    """The sentence about a list that ends with a full page; the longest has `most` results.

    A cap of one keyword leaves other lists longer, and so do promoted goods on their pages.
    """
    if most > seen:
        return (
            f"the list of '{phrase}' ends with a full page {pages}, at exactly {seen} results, "
            f"where the longest has {most}: not certain that these are all; search more narrowly"
        )
    return (
        f"the list of '{phrase}' ends with a full page {pages}, at exactly {seen} results, so the "
        f"site may show no more of any list; search more narrowly, or declare max_pages = {pages} "
        "only if the site never shows a further page"
    )


def _is_bump(now: Sequence[str], first: Sequence[str], moved: Sequence[str]) -> bool:
    """Whether results were put in front of a `first` page that is else the same."""
    head = now[: now.index(moved[-1]) + 1] if moved else ()
    rest = [each for each in now[len(head) :] if each in first]
    return len(rest) > 1 and rest == [each for each in first if each not in head][: len(rest)]


def narrowing_word(titles: Iterable[str], phrase: str) -> str:
    """Two characters that a few of the titles share; "" if there are none.

    A word in few titles makes a list so short that its first page shows what is left out of the
    list for `phrase`.

    >>> narrowing_word(["象牙手镯老", "清代象牙手镯", "象牙印章", "象牙笔筒"], "象牙")
    '手镯'
    """
    titles = list(titles)
    counts: Counter[str] = Counter()
    for title in titles:
        rest = title.replace(phrase, " ")
        pairs = {rest[index : index + 2] for index in range(len(rest) - 1)}
        counts.update(pair for pair in pairs if all("\u4e00" <= each <= "\u9fff" for each in pair))
    fit = [pair for pair in counts if 2 <= counts[pair] <= max(2.0, FEW * len(titles))]
    return max(sorted(fit), key=lambda pair: counts[pair], default="")


@dataclass
class ClosingEvidence:
    """What the checks at the end of a run have found."""

    asked_empty: int = 0
    """Pages without results that were requested again."""
    refound: dict[str, int] = field(default_factory=dict)
    """Phrase to the number of results that such a page then showed."""
    before: dict[str, int] = field(default_factory=dict)
    """Phrase to the number of results, not seen, on the page before the first one."""
    first_page: int = 0
    """The number of that page."""
    between: str = ""
    """Sentence: which page was skipped."""
    filtered: str = ""
    """Sentence: what the first search of the run left out when it was repeated."""
    ids: str = ""
    """Sentence: that results have other ids with each request."""
    unsorted: str = ""
    """Sentence: that a list is sorted anew with each request."""
    cookies: str = ""
    """Sentence: what the site leaves out for a visitor with its cookies."""
    framed: str = ""
    """Sentence: what a frame within a page of results showed."""
    narrower: str = ""
    """Sentence: what a narrower search showed."""
    unknown: str = ""
    """Sentence: that a list ends at a round number, if no narrower search had results."""
    exceeded: bool = False
    """Whether another list is far longer, so that this number may be chance."""

    def broken(self) -> str:
        """A sentence if pages or goods were left out because of a declaration, else ""."""
        if self.before:
            named = ", ".join(f"'{phrase}': {count}" for phrase, count in self.before.items())
            return (
                f"page {self.first_page}, before the first one requested, shows results that were "
                f"never read ({named}); declare first_page = {self.first_page}"
            )
        return self.ids or self.between or self.cookies

    def thin(self) -> str:
        """A sentence if the site answered some searches with less than it has, else ""."""
        if self.refound:
            named = [f"'{phrase}': {count}" for phrase, count in self.refound.items()]
            more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
            return (
                f"{len(named)} of {self.asked_empty} pages without results showed some when they "
                f"were requested again ({', '.join(named[:_NAMED])}{more}): the site answers with "
                "nothing now and then; run it again, with a longer 'pace'"
            )
        return self.filtered or self.unsorted or self.framed or self.narrower
