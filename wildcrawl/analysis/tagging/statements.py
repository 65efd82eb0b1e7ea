"""Statements of a text about a material: what the goods, or a part of them, are made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wildcrawl.analysis.tagging.patterns import Role
from wildcrawl.analysis.tagging.scan import FIELDS, Hit, Scan

if TYPE_CHECKING:
    from wildcrawl.analysis.tagging.terms import TermMatch
    from wildcrawl.analysis.vocabulary import Rules

_INSET = re.compile("(?:原配|镶|嵌|贴|[一两三四几][块片粒颗枚圈层段条])$")
"""What precedes the name of a part that is set into other goods."""
_OF_PART = re.compile("([盖塞座托]子?|[扣链绳]子|隔[珠片]|配[珠饰])[是为系用]?$")
"""What precedes the material of a part beside the goods."""
_PART = 4
"""Characters before a material in which its part is named."""
_AS_PART = re.compile(
    "(?:盖钮|盖子?|钮|纽|[笔刀伞杖]?柄|[笔伞]?杆|把手?|笔管|徽|轸子?|先角|嵌件|饰片|塞子?|流|提梁)(?![色纹])"
)
"""A part behind the name of its material: 象牙盖钮."""
_SENTENCE = frozenset(" ,，、。；：:;!！?？()（）[]【】/|\n\t")


def offered_with(scan: Scan, hit: Hit, matches: list[TermMatch], words: list[Hit]) -> bool:
    """Whether the title lists a name beside another material that the description states.

    Both are offered then: 河马牙一颗搭象牙尖一个, 河马的弯.
    """
    title = scan.bounds[0]
    if FIELDS[scan.field(hit[0])] != "description":
        return False
    return any(word[2] is hit[2] and word[0] < title for word in words) and any(
        match.strength == "name"
        and match.excluded is None
        and match.hit[0] < title
        # 骆驼骨 象牙工 is worked as ivory is.
        and not scan.text.startswith("工", match.hit[1])
        for match in matches
    )


def says_so(scan: Scan, match: TermMatch, rules: Rules) -> bool:
    """Whether the text says that a part is made of a name: 柄是象牙, 镶一块玳瑁, 真象牙.

    What kind of goods has that part, and what its other parts are made of, rules nothing out.
    """
    if match.strength != "name" or match.excluded is not None:
        return False
    start, end, _ = match.hit
    text = scan.text
    if match.term.term[0] == "真" or text.endswith("真", 0, start):
        return True
    if not (_breaks(scan, end, text[end : end + 1]) or text.startswith(rules.states_after, end)):
        return False
    before = text[max(0, start - 4) : start].rstrip()
    return (
        before.endswith(rules.states_before)
        or _INSET.search(before) is not None
        or any(
            at[1] == start
            for at in scan.hits[Role.PRODUCT]
            if at[1] - at[0] > 1 and at[0] > scan.bounds[1]
        )
    )


def names_part(scan: Scan, match: TermMatch) -> bool:
    """Whether the title names a part of other goods that is made of a name: 紫砂壶 象牙盖钮."""
    firm = match.strength == "name" and match.excluded is None
    end = match.hit[1]
    return firm and end < scan.bounds[0] and _AS_PART.match(scan.text, end) is not None


def of_part(scan: Scan, hit: Hit) -> bool:
    """Whether a description says what a part is made of that no title names: 盖子是珊瑚的."""
    if hit[0] < scan.bounds[1]:
        return False
    part = _OF_PART.search(scan.text, max(scan.bounds[1], hit[0] - _PART), hit[0])
    return part is not None and part[1] not in scan.text[: scan.bounds[0]]


def stated(scan: Scan, hit: Hit, rules: Rules) -> bool:
    """Whether the text states that the product is made of this material.

    In a description the bare name is enough; a title needs a word such as "made of".
    """
    before, after = scan.text[max(0, hit[0] - 4) : hit[0]], scan.text[hit[1] : hit[1] + 4]
    worded_before = before.rstrip().endswith(rules.states_before)
    worded_after = after.startswith(rules.states_after)
    opens = worded_before or _breaks(scan, hit[0], before[-1:])
    closes = worded_after or _breaks(scan, hit[1], after[:1])
    if FIELDS[scan.field(hit[0])] != "description" and not (worded_before or worded_after):
        return False
    return opens and closes


def _breaks(scan: Scan, position: int, neighbour: str) -> bool:
    return not neighbour.isalnum() or any(
        character in _SENTENCE for character in scan.gap(position)
    )
