"""Near-duplicates: advertisements with the same text or photograph, and what differs.

Texts are the same without blanks, punctuation and the width of digits; nearly the same texts and
photographs are those that `scrapy look` linked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

from wildcrawl.items import Advertisement, Key
from wildcrawl.review.looking.links import REPOST, SAME_PICTURE, links_of
from wildcrawl.store import Store
from wildcrawl.store.same_texts import have_same_text

MOST = 50
"""Near-duplicates of a group at most."""
SAME_TEXT, NEARLY, PHOTOGRAPH = "same_text", "nearly_same_text", "same_photograph"
COMPARED = ("title", "description", "price", "category", "seller", "location", "posted_at")
"""Fields in which near-duplicates are compared."""
STEPS = 250_000
"""Steps of a comparison of two texts at most, about 20 ms; ordinary texts need far fewer."""
_SAME = MOST + 1
"""Advertisements with the same text that are read, this one among them."""
_DIFFED = 2_000
_SHORT = 200
_PIECE = re.compile(r"(?:[a-z]+|[0-9]+)\s*|.", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Near:
    """A near-duplicate, and why it is one: SAME_TEXT, NEARLY or PHOTOGRAPH.

    `own` and `other` are the SHA-256 of the first pictures that match, of the advertisement that it
    is compared with and its own; "" without any.
    """

    ad: Advertisement
    why: tuple[str, ...]
    own: str = ""
    other: str = ""


@dataclass(frozen=True)
class Difference:
    """A field that differs: the other's text in parts, each with whether the first one lacks it."""

    field: str
    parts: tuple[tuple[str, bool], ...]


def near_duplicates(store: Store, ad: Advertisement, most: int = MOST) -> list[Near]:
    """Up to `most` near-duplicates of `ad` on all sites, the first seen first."""
    reasons: dict[Key, dict[str, None]] = {}
    pictures: dict[Key, tuple[str, str]] = {}
    for kind, reason in ((REPOST, NEARLY), (SAME_PICTURE, PHOTOGRAPH)):
        for link in links_of(store, (ad.site, ad.ad_id), kind):
            if link.sure:
                reasons.setdefault(link.other, {})[reason] = None
                if kind == SAME_PICTURE:
                    pictures.setdefault(link.other, (link.sha, link.other_sha))
    same = (each for each in store.same_texts(ad, _SAME) if have_same_text(ad, each))
    found = {(each.site, each.ad_id): each for each in same}
    for key in found:
        reasons.setdefault(key, {})[SAME_TEXT] = None
        reasons[key].pop(NEARLY, None)
    reasons.pop((ad.site, ad.ad_id), None)
    chosen = dict(list(reasons.items())[:most])
    if missing := chosen.keys() - found.keys():
        found |= store.get_all(missing)
    members = [
        Near(found[key], tuple(why), *pictures.get(key, ()))
        for key, why in chosen.items()
        if key in found
    ]
    return sorted(members, key=lambda each: (str(each.ad.first_seen), each.ad.site, each.ad.ad_id))


def differences(ad: Advertisement, other: Advertisement) -> list[Difference]:
    """The compared fields in which `other` differs from `ad`."""
    return [
        Difference(name, tuple(_parts(getattr(ad, name), getattr(other, name))))
        for name in COMPARED
        if getattr(ad, name) != getattr(other, name)
    ]


def _parts(before: str, after: str, steps: int = STEPS) -> Iterable[tuple[str, bool]]:
    """The parts of `after` in order, each with whether `before` lacks it, within about `steps`.

    Once the steps are used up, or behind _DIFFED characters, what is left counts as different.
    """
    start = _same_length(before, after)
    end = _same_length(before[start:][::-1], after[start:][::-1])
    yield from ((part, False) for part in [after[:start]] if part)
    middle = after[start : len(after) - end]
    old, new, rest = before[start : len(before) - end][:_DIFFED], middle[:_DIFFED], middle[_DIFFED:]
    # In long texts, words in letters and numbers are compared whole.
    cut = _PIECE.findall if len(old) + len(new) > 2 * _SHORT else list
    second: Sequence[str] = cut(new)
    matcher = _BoundedMatcher(cut(old), second, steps)
    for tag, _, _, begin, stop in matcher.get_opcodes():
        if stop > begin:
            yield "".join(second[begin:stop]), tag != "equal"
    yield from ((part, True) for part in [rest] if part)
    yield from ((part, False) for part in [after[len(after) - end :]] if end)


def _same_length(first: str, second: str) -> int:
    """The number of characters with which both texts begin."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(first), len(second)))


class _BoundedMatcher(SequenceMatcher[str]):
    """A matcher that finds nothing more after `steps`: pairs of equal pieces looked at.

    Their number grows with the cube of the length for texts of one piece repeated.
    """

    def __init__(self, first: Sequence[str], second: Sequence[str], steps: int) -> None:
        self._first = first
        self._numbers = Counter(second)
        self._steps = steps
        super().__init__(None, first, second, autojunk=False)

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        # Each piece is looked at, besides all its places in the other text.
        self._steps -= sum(1 + self._numbers[each] for each in self._first[alo:ahi])
        if self._steps < 0:
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)
