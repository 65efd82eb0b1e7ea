"""Postal addresses: a street or an estate with its house number, in a named town or by its word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wildcrawl.analysis.contacts.spans import Kind, Span

_HAN = "一-龥"
_PART = r"(?:号楼|号院|号|弄|栋|幢|座|室|层|楼|单元|铺|摊位|档口)"
HOUSE = re.compile(
    r"(?:路|街|巷|弄|道|胡同|村|小区|花园|公寓|大厦|城|广场|市场|苑|坊)"
    rf"(?:[东西南北中][段路街]?|[a-z]?\d{{0,2}}区|[{_HAN}]{{0,2}})\s?[a-z]?\d{{1,5}}{_PART}"
    rf"(?>(?:[{_HAN}]{{0,4}}[a-z]?\d{{1,5}}{_PART}){{0,4}})(?:[a-z]?\d{{1,5}}(?![\d{_HAN}.]))?"
)
"""A street or an estate with a house number, in a folded text."""
_LONGEST = 34
_ANNOUNCED = re.compile(
    r"(?:(?:收[货件]|见面|看货|店铺?|家庭|联系)?(?:地址|住址|店址)|家住|住在|面交|自提)[^\w\n]{0,3}"
)
_TOWN = re.compile(
    r"(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北"
    r"|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)"
    rf"(?:省|市|[{_HAN}]{{0,3}}自治区)?|[{_HAN}]{{2}}[市县区镇]"
)
_BREAK = re.compile(r"[^\w \-]|\n")


def place_spans(folded: str) -> Iterator[Span]:
    """Postal addresses in a folded text."""
    for house in HOUSE.finditer(folded):
        first = max(0, house.start() - _LONGEST)
        before = folded[first : house.start()]
        if announced := list(_ANNOUNCED.finditer(before)):
            yield Span(first + announced[-1].end(), house.end(), Kind.POSTAL)
            continue
        breaks = [match.end() for match in _BREAK.finditer(before)]
        town = _TOWN.search(before, breaks[-1] if breaks else 0)
        if town:
            yield Span(first + town.start(), house.end(), Kind.POSTAL)
