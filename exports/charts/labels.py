"""Names as a drawing has room for them: shorter, in several lines, or away from each other."""

from __future__ import annotations

import re
import textwrap
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def brief(label: str) -> str:
    """A label without what stands in brackets; the table has it whole.

    >>> brief("Sea turtle (hawksbill)")
    'Sea turtle'
    """
    return re.sub(r"\s*[(（].*?[)）]$", "", label) or label


def wide(text: str) -> int:
    """How many letters wide a text is; characters of Chinese are twice as wide as Latin ones."""
    return sum(1 if ord(character) < 0x2E80 else 2 for character in text)


def fit(name: str, room: int) -> str:
    """A name as it has room for, in letters: whole, without its brackets, or cut.

    >>> fit("Sea turtle (hawksbill)", 12), fit("Helmeted hornbill", 12), fit("玳瑁", 12)
    ('Sea turtle', 'Helmeted ho…', '玳瑁')
    """
    if wide(name) <= room:
        return name
    name, used = brief(name), 0
    for place, character in enumerate(name):
        used += wide(character)
        if used > room:
            return f"{name[: place - 1].rstrip()}…"
    return name


def lines(text: str, room: int) -> list[str]:
    """A text in lines of about so many letters.

    >>> lines("China pledges to end its ivory trade", 20), lines("中国宣布停止象牙贸易", 12)
    (['China pledges to end', 'its ivory trade'], ['中国宣布停止', '象牙贸易'])
    """
    if wide(text) <= room:
        return [text]
    letters = room if text.isascii() else room // 2
    return textwrap.wrap(text, max(4, letters)) or [text]


def apart(places: Sequence[float], gap: float, highest: float = inf) -> list[float]:
    """The places of labels, moved where they would lie on each other; their order is kept.

    They are moved up, and down again from `highest` where they would lie above it.

    >>> apart([10, 10, 0], 4), apart([10, 10, 0], 4, highest=10)
    ([14.0, 10.0, 0.0], [10.0, 6.0, 0.0])
    """
    moved: dict[int, float] = {}
    order = sorted(range(len(places)), key=lambda each: (places[each], -each))
    lowest = -inf
    for number in order:
        lowest = moved[number] = max(float(places[number]), lowest + gap)
    for number in reversed(order):
        moved[number] = min(moved[number], float(highest))
        highest = moved[number] - gap
    return [moved[number] for number in range(len(places))]


def seen(places: Sequence[float], ranks: Sequence[float], gap: float) -> list[bool]:
    """Which labels along a line are written: those of the highest rank, none within `gap` of one.

    >>> seen([0, 1, 9], [5, 7, 1], 4)
    [False, True, True]
    """
    written: list[float] = []
    for number in sorted(range(len(places)), key=lambda each: -ranks[each]):
        if all(abs(places[number] - other) >= gap for other in written):
            written.append(places[number])
    return [place in written for place in places]
