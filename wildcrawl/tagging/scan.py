"""One pass over an advertisement: its folded text, and every word found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wildcrawl.tagging.patterns import Part
from wildcrawl.text import FIELD, Normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wildcrawl.tagging.patterns import Patterns

FIELDS = ("title", "description", "category")


class Hit(NamedTuple):
    """A word found from `start` up to `end` of the folded text."""

    start: int
    end: int
    value: object


class Scan:
    """The hits of one advertisement, by the part that they play, each list in reading order."""

    __slots__ = ("bounds", "folded", "hits", "original", "respelt", "text")

    def __init__(self, patterns: Patterns, title: str, description: str, category: str) -> None:
        self.original = FIELD.join(
            each.replace(FIELD, " ") for each in (title, description, category)
        )
        self.folded = patterns.normaliser(self.original)
        self.text = self.folded.text
        self.respelt: list[tuple[int, int]] = []
        self._read(patterns)
        if self.hits[Part.SPELLING] and self._respell():
            self._read(patterns)

    def _read(self, patterns: Patterns) -> None:
        text = self.text
        first = text.index(FIELD)
        self.bounds = (first, text.index(FIELD, first + 1))
        self.hits: list[list[Hit]] = [[] for _ in Part]
        hits, entries, worded = self.hits, patterns.entries, patterns.worded
        for index, start, end in patterns.find(text, overlapping=True):
            if worded[index] and not _whole(text, start, end):
                continue
            for part, value in entries[index]:
                hits[part].append(Hit(start, end, value))

    def _respell(self) -> bool:
        """Writes disguised words plainly; says whether there were any."""
        chosen: list[Hit] = []
        for hit in sorted(self.hits[Part.SPELLING], key=lambda each: (each[0], -each[1])):
            after = chosen[-1].end if chosen else 0
            if hit.start >= after and not covered(hit, self.hits[Part.HARMLESS]):
                chosen.append(hit)
        pieces: list[str] = []
        offsets: list[int] = []
        position = 0
        for hit in chosen:
            plain = str(hit.value)
            pieces += (self.text[position : hit.start], plain)
            offsets.extend(self.folded.offsets[position : hit.start])
            length = sum(map(len, pieces))
            self.respelt.append((length - len(plain), length))
            first, last = self.folded.offsets[hit.start], self.folded.offsets[hit.end - 1]
            offsets.extend([first] * (len(plain) - 1) + [last])
            position = hit.end
        pieces.append(self.text[position:])
        offsets.extend(self.folded.offsets[position:])
        self.text = "".join(pieces)
        self.folded = Normalised(self.text, offsets)
        return bool(chosen)

    def field(self, position: int) -> int:
        """The field (0 title, 1 description, 2 category) in which a folded position lies."""
        first, second = self.bounds
        return 0 if position < first else 1 if position < second else 2

    def place(self, hit: Hit) -> tuple[str, int, int, str]:
        """A hit in the original: field, start and end in that field, and the text there."""
        start, end = self.folded.span(hit.start, hit.end)
        field = self.field(hit.start)
        before = self.original.rfind(FIELD, 0, start) + 1
        return FIELDS[field], start - before, end - before, self.original[start:end]

    def gap(self, position: int) -> str:
        """What the original has between a folded character and the one before it."""
        offsets = self.folded.offsets
        if not 0 < position < len(offsets):
            return ""
        return self.original[offsets[position - 1] + 1 : offsets[position]]

    def alone(self, hit: Hit) -> bool:
        """Whether nothing Chinese or lettered touches a hit in the original."""
        start, end = self.folded.span(hit.start, hit.end)
        around = self.original[start - 1 : start] + self.original[end : end + 1]
        return not any(each.isalnum() for each in around)


def covered(hit: Hit, covers: Sequence[Hit]) -> bool:
    """Whether a longer hit lies over this one."""
    start, end = hit[0], hit[1]
    length = end - start
    for cover in covers:
        if cover[0] <= start and cover[1] >= end and cover[1] - cover[0] > length:
            return True
    return False


def overlaps(hit: Hit, other: Hit) -> bool:
    """Whether two hits share a character."""
    return hit[0] < other[1] and other[0] < hit[1]


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a word with letters at its edges is not part of a longer word."""
    if start and _letter(text[start]) and _letter(text[start - 1]):
        return False
    return not (end < len(text) and _letter(text[end - 1]) and _letter(text[end]))


def _letter(character: str) -> bool:
    return character.isascii() and character.isalnum()
