"""Near-duplicates: advertisements with the same text or photograph, and what differs.

Texts are the same without blanks and punctuation; nearly the same texts and photographs are those
that `scrapy look` linked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from wildcrawl.review.looking.links import REPOST, SAME_PICTURE, links_of
from wildcrawl.store.search import Search

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wildcrawl.items import Advertisement, Key
    from wildcrawl.store import Store

MOST = 50
"""Near-duplicates of a group at most."""
LEAST_TITLE, LEAST_TEXT = 6, 20
"""Least letters of a title and of a description that is compared: shorter ones say too little."""
SAME_TEXT, NEARLY, PHOTOGRAPH = "same_text", "nearly_same_text", "same_photograph"
COMPARED = ("title", "description", "price", "category", "seller", "location", "posted_at")
"""Fields in which near-duplicates are compared."""
_SEARCHED = 60
_DIFFED = 2_000
_WORDS = 60
"""Characters of a text that are searched; what is found is compared as a whole."""


@dataclass(frozen=True)
class Near:
    """A near-duplicate, and why it is one: SAME_TEXT, NEARLY or PHOTOGRAPH."""

    ad: Advertisement
    why: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """A field that differs: the other's text in parts, each with whether the first one lacks it."""

    field: str
    parts: tuple[tuple[str, bool], ...]


def near_duplicates(store: Store, ad: Advertisement, most: int = MOST) -> list[Near]:
    """Up to `most` near-duplicates of `ad` on all sites, the first seen first."""
    reasons: dict[Key, dict[str, None]] = {}
    for kind, reason in ((REPOST, NEARLY), (SAME_PICTURE, PHOTOGRAPH)):
        for link in links_of(store, (ad.site, ad.ad_id), kind):
            if link.sure:
                reasons.setdefault(link.other, {})[reason] = None
    found = {(each.site, each.ad_id): each for each in _same_text(store, ad)}
    for key in found:
        reasons.setdefault(key, {})[SAME_TEXT] = None
        reasons[key].pop(NEARLY, None)
    reasons.pop((ad.site, ad.ad_id), None)
    chosen = dict(list(reasons.items())[:most])
    if missing := chosen.keys() - found.keys():
        found |= store.get_all(missing)
    members = [Near(found[key], tuple(why)) for key, why in chosen.items() if key in found]
    return sorted(members, key=lambda each: (str(each.ad.first_seen), each.ad.site, each.ad.ad_id))


def differences(ad: Advertisement, other: Advertisement) -> list[Difference]:
    """The compared fields in which `other` differs from `ad`."""
    return [
        Difference(name, tuple(_parts(getattr(ad, name), getattr(other, name))))
        for name in COMPARED
        if getattr(ad, name) != getattr(other, name)
    ]


def plain(text: str) -> str:
    """Letters and digits of a text, by which texts are compared.

    >>> plain("老 象牙，手镯（A）")
    '老象牙手镯a'
    """
    return "".join(filter(str.isalnum, text)).lower()


def _same_text(store: Store, ad: Advertisement) -> Iterable[Advertisement]:
    for name, least in (("title", LEAST_TITLE), ("description", LEAST_TEXT)):
        text = getattr(ad, name)
        wanted = plain(text)
        if len(wanted) < least:
            continue
        # The words that both have, whatever is between them.
        words = " ".join(re.findall(r"[^\W_]+", text))
        query = Search(text=words[:_WORDS])
        for other in store.search(query, most=_SEARCHED).ads:
            if plain(getattr(other, name)) == wanted:
                yield other


def _parts(before: str, after: str) -> Iterable[tuple[str, bool]]:
    # Comparing takes the product of both lengths; what follows counts as different.
    first, second, rest = before[:_DIFFED], after[:_DIFFED], after[_DIFFED:]
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for tag, _, _, start, end in matcher.get_opcodes():
        if end > start:
            yield second[start:end], tag != "equal"
    if rest:
        yield rest, rest != before[_DIFFED:]
