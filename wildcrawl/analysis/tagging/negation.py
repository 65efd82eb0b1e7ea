"""Negation scope: whether a text denies a word, compares with it, or names a style by it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.analysis.tagging.scan import Hit, Scan
    from wildcrawl.analysis.vocabulary import Rules

_REACH = 12
"""Characters before a word in which its negation begins."""
_MOST_JOINED = 6
"""Words of one enumeration that a negation reaches over."""
_JOINERS = ("或者", "或是", "以及", *"和或跟与及")
_JOINER_ENDS = frozenset(joiner[-1] for joiner in _JOINERS)
_LISTING = "、/／"


def negated(scan: Scan, hit: Hit, rules: Rules) -> bool:
    """Whether a negation reaches a hit, or the text only compares with it.

    A negation reaches the word directly behind it and what is joined to that: 不是树脂、牛骨或猛犸.
    A word of `contrasts` directly behind the hit has the same effect: 猛犸旁边的真象牙.
    """
    text, patterns = scan.text, scan.patterns
    end = hit[1]
    after = text[end : end + 1]
    if after == " ":
        end += 1
        after = text[end : end + 1]
    if after in patterns.contrast_starts and text.startswith(rules.contrasts, end):
        return True
    start = hit[0]
    for _ in range(_MOST_JOINED):
        if not start:
            return False
        last = text[start - 1]
        if last in patterns.negation_ends or last.isspace():
            before = text[max(0, start - _REACH) : start].rstrip()
            if before.endswith(rules.negations):
                return True
        joined = _joined_before(scan, start)
        if joined is None:
            return False
        start = joined
    return False


def _joined_before(scan: Scan, start: int) -> int | None:
    """Start of the word that an enumeration joins to the one at `start`; None without one."""
    end = start
    text = scan.text
    last = text[start - 1]
    if last == " ":
        end -= 1
        if scan.original[scan.folded.offsets[end]] not in _LISTING:
            return None
    elif last in _JOINER_ENDS and text.endswith(_JOINERS, 0, start):
        end -= next(len(joiner) for joiner in _JOINERS if text.endswith(joiner, 0, start))
    elif (gap := scan.gap(start).strip()) and gap.strip(_LISTING):
        return None
    return scan.word_before(end)


_LISTED = re.compile(
    r"(?:[0-9.一二两三四五六七八九十百千半几]|公斤|千克|厘米|[个只对根支枝条件枚颗块片张副套克斤段节]"
    r"|切块|原料|制品|雕件|[ 、+＋/／,，和与及或跟]){0,12}"
)


def listed(scan: Scan, hit: Hit, other: Hit) -> bool:
    """Whether two names stand in one list, with no more than numbers between: 象牙2根、虎牙1颗."""
    first, last = sorted((hit, other))
    if scan.field(first[0]) != scan.field(last[0]) or first[1] > last[0]:
        return False
    between = scan.original[scan.folded.offsets[first[1] - 1] + 1 : scan.folded.offsets[last[0]]]
    return _LISTED.fullmatch(between) is not None


def names_style(scan: Scan, hit: Hit, styles: Sequence[str], terms: Sequence[Hit]) -> bool:
    """Whether a word such as 仿 names a style or a period by what follows it: 仿竹节, 仿青铜觚.

    A period directly before the name of a material dates a copy of it (仿清代象牙), unless the
    goods are named before: 犀角仿商爵杯.
    """
    text, start = scan.text, hit[1]
    if not text.startswith(tuple(styles), start):
        return False
    for style in styles:
        if text.startswith(style, start):
            end = start + len(style)
            copied = any(term[0] == end for term in terms) and not scan.gap(end)
            return not copied or bool(hit[0] and text[hit[0] - 1].isalnum())
    return False
