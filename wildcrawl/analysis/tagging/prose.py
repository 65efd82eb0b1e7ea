"""Prose: a title that tells of a thing in words of no list, and by no word offers it.

Offers name goods and their attributes, or an owner speaks: 奶奶留下的象牙镯，换季清柜子.
"""

from __future__ import annotations

import re

from wildcrawl.analysis.prices import asks_price
from wildcrawl.analysis.tagging.attributes import AGE_ROLES
from wildcrawl.analysis.tagging.patterns import Role
from wildcrawl.analysis.tagging.scan import Scan
from wildcrawl.analysis.text import FIELD

_MUCH = 5
"""Characters of a title that are in no word of the vocabulary, at least."""
_BESIDE = 4
"""Of those, the ones between the same pauses as the name, at least: 木匠用 is an attribute."""
_OFFERING = (Role.SUPPORT, Role.SALE, Role.OWNER)
_CATEGORIES = (Role.CATEGORY_SUPPORT, Role.CATEGORY_PRODUCT)
_KNOWN = (
    *(Role.TERM, Role.SPELLING, Role.PRODUCT, Role.NO_PRODUCT, Role.SIGN, Role.COVER),
    *(Role.HARMLESS, Role.NO_AGE, *AGE_ROLES),
)
_PAUSE = r"(?:^|$|[\s,，。、!！~～;；])"
_SAID = re.compile(
    rf"{_PAUSE}(?:[出转卖让售甩换][^版口生现土境让身发水]|.{{0,3}}[出转卖售甩]{_PAUSE})"
    rf"|[出转卖售让]{_PAUSE}"
    # 虎皮一张; but 一张虎皮 is anybody's.
    rf"|[0-9一二三四五六七八九十两几半]+小?[截段节包个只对根支枝条件枚颗块片张副套把尊座串方瓶箱盒双本幅粒]{_PAUSE}"
)
"""What a seller says at a pause, and how many there are behind the name."""
_HEAD = 3
"""Characters of a thing's own name behind that of its material, at most: 象牙雕花瓶."""
_PLACES = frozenset("里下上中内外间")
_HAN = re.compile("[\u3400-\u9fff]+")


def prose(scan: Scan, price: str) -> str:
    """The longest part of a title of prose that is in no word of the vocabulary; "" of an offer."""
    title, text = scan.bounds[0], scan.text
    if title < _MUCH + _BESIDE or _offers(scan, title, price):
        return ""
    letters = list(text[:title])
    names: set[int] = set()
    for role in _KNOWN:
        for start, end, _ in scan.hits[role]:
            if end <= title:
                letters[start:end] = "\0" * (end - start)
                if role == Role.TERM:
                    names.update(range(start, end))
    pauses = [at for at in range(title) if text[at] == " " or scan.gap(at)]
    much = beside = 0
    for first, last in zip([0, *pauses], [*pauses, title], strict=True):
        told = sum(map(len, _HAN.findall("".join(letters[first:last]))))
        much += told
        if not names.isdisjoint(range(first, last)):
            beside = max(beside, told)
    if much < _MUCH or beside < _BESIDE:
        return ""
    parts: list[str] = _HAN.findall("".join(letters))
    return max(parts, key=len)


def _offers(scan: Scan, title: int, price: str) -> bool:
    """Whether a text has a price, a size, a word of selling or of an owner, or a fit category."""
    if any(scan.hits[role] for role in _OFFERING) or asks_price(price):
        return True
    if any(scan.in_category(hit) for role in _CATEGORIES for hit in scan.hits[role]):
        return True
    if any(title - hit[1] <= _HEAD and _owned(scan.text, hit[0]) for hit in scan.hits[Role.TERM]):
        return True
    return bool(scan.measures) or _SAID.search(scan.original.split(FIELD)[0]) is not None


def _owned(text: str, start: int) -> bool:
    """Whether a clause says whose or whence the thing at `start` is: 修路时弄的虎骨.

    A place is a headline's: 机场X光下的犀牛角.
    """
    return text[max(0, start - 1) : start] == "的" and text[start - 2 : start - 1] not in _PLACES
