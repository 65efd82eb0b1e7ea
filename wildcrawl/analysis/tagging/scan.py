"""Scan of one advertisement: its folded text, and all words of the vocabulary in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import islice
from typing import Any

from wildcrawl.analysis.tagging.patterns import Patterns, Role
from wildcrawl.analysis.text import FIELD, Normalised

FIELDS = ("title", "category", "description")
"""Fields of an advertisement in reading order, the longest last."""
MOST_HITS = 2000
"""Hits per text, at most; it bounds the time for one text."""
_MOST_MEASURES = 100
HEAD = 40
"""Characters that begin a post without a title and say what it is about."""
_NEAR = 40
"""Characters between two words of one statement, at most."""
_OTHER = "other_material"
"""Reason of which a word says that a clause is about another material."""
_CARVING = ("雕", "刻")
"""Words before a plant or a thing that make it a subject: 刻竹."""
_PAUSE = re.compile(rf"[\s,，、。；;：:!！?？()（）|/+＋{FIELD}]")
_STOP = re.compile(r"[。！!？?；;\n]")


Hit = tuple[int, int, Any]
"""Start and end (exclusive) of a word in the folded text, and its value."""
_NO_HITS: list[Hit] = []
_NO_CLAUSE: frozenset[int] = frozenset()


class Scan:
    """Hits of one advertisement: a list for each Role, in reading order.

    `any_term` is whether the text has a term; without one there are no lists.
    """

    __slots__ = (
        "_asides",
        "_ends",
        "_foreign",
        "_measures",
        "_own",
        "_pauses",
        "age_steps",
        "any_term",
        "bounds",
        "folded",
        "hits",
        "original",
        "patterns",
        "respelt",
        "text",
    )

    def __init__(self, patterns: Patterns, title: str, description: str, category: str) -> None:
        original = f"{title}{FIELD}{category}{FIELD}{description}"
        if original.count(FIELD) > len(FIELDS) - 1:
            fields = (text.replace(FIELD, " ") for text in (title, category, description))
            original = FIELD.join(fields)
        self.original = original
        self.patterns = patterns
        self.folded = patterns.normaliser(original)
        self.text = self.folded.text
        self.respelt: list[tuple[int, int]] = []
        self._asides: list[tuple[int, int]] | None = None
        self._ends: dict[int, int] | None = None
        self._measures: list[Hit] | None = None
        self._pauses: list[int] | None = None
        self._own: frozenset[int] | None = None
        self._foreign: frozenset[int] | None = None
        self.age_steps: list[int] | None = None
        """Steps of the age words that claim an age; None until `attributes.age_steps` is asked."""
        self._read(patterns)
        if self.any_term and self.hits[Role.SPELLING] and self._respell():
            self._read(patterns)

    def _read(self, patterns: Patterns) -> None:
        text = self.text
        opens = text.index(FIELD)
        closes = text.index(FIELD, opens + 1)
        self.bounds = (opens, closes)
        self.any_term = False
        self.hits: list[list[Hit]] = []
        if not patterns.terms_in(text):
            return
        occurrences = patterns.find(text, True)
        if len(occurrences) > MOST_HITS:
            del occurrences[MOST_HITS:]
            terms = patterns.terms
            if all(occurrence[0] >= terms for occurrence in occurrences):
                return
        self.any_term = True
        # Most roles have no hit in a text, and share one list.
        hits = [_NO_HITS] * Role.COUNT
        self.hits = hits
        entries, elsewhere, worded = patterns.entries, patterns.elsewhere, patterns.worded
        for index, start, end in occurrences:
            if worded[index] and not _whole(text, start, end):
                continue
            for role, value in (entries if opens < start < closes else elsewhere)[index]:
                if found := hits[role]:
                    found.append((start, end, value))
                else:
                    hits[role] = [(start, end, value)]

    def _respell(self) -> bool:
        """Replaces disguised words with plain ones; returns whether there were any."""
        chosen: list[Hit] = []
        # What a longer term or a harmless word reads plainly is not a disguise.
        plain = self.hits[Role.HARMLESS] + self.hits[Role.TERM]
        for hit in sorted(self.hits[Role.SPELLING], key=lambda hit: (hit[0], -hit[1])):
            after = chosen[-1][1] if chosen else 0
            within = any(word[0] < hit[0] < word[1] for word in self.hits[Role.HARMLESS])
            if hit[0] >= after and not within and not covered(hit, plain):
                chosen.append(hit)
        pieces: list[str] = []
        offsets: list[int] = []
        position = 0
        for hit in chosen:
            word = str(hit[2])
            pieces += (self.text[position : hit[0]], word)
            offsets.extend(self.folded.offsets[position : hit[0]])
            length = sum(map(len, pieces))
            self.respelt.append((length - len(word), length))
            first, last = self.folded.offsets[hit[0]], self.folded.offsets[hit[1] - 1]
            offsets.extend([first] * (len(word) - 1) + [last])
            position = hit[1]
        pieces.append(self.text[position:])
        offsets.extend(self.folded.offsets[position:])
        self.text = "".join(pieces)
        self.folded = Normalised(self.text, None, offsets)
        return bool(chosen)

    @property
    def measures(self) -> list[Hit]:
        """Numbers with a unit, each with its Support; None for a quantity."""
        if self._measures is None:
            self._measures = [
                (self._decimal(found.start()), found.end(), support)
                for pattern, support in self.patterns.measures
                for found in islice(pattern.finditer(self.text), _MOST_MEASURES)
            ]
        return self._measures

    def _decimal(self, start: int) -> int:
        """Start of the number with decimals of which the digits at `start` are the last part."""
        whole = start - 1
        if whole < 1 or self.original[self.folded.offsets[whole]] not in ".．":
            return start
        while whole and self.text[whole - 1].isdigit():
            whole -= 1
        return whole if whole < start - 1 else start

    def field(self, position: int) -> int:
        """Index in FIELDS of the field of a folded position."""
        first, second = self.bounds
        return 0 if position < first else 1 if position < second else 2

    def place(self, hit: Hit) -> tuple[str, int, int, str]:
        """Original place of a hit: field, start and end in that field, and text."""
        start, end = self.folded.span(hit[0], hit[1])
        field = self.field(hit[0])
        before = self.original.rfind(FIELD, 0, start) + 1
        return FIELDS[field], start - before, end - before, self.original[start:end]

    def word_before(self, end: int) -> int | None:
        """Start of the longest term or word of a reason that ends at `end`; None without one."""
        if self._ends is None:
            ends: dict[int, int] = {}
            for role in (Role.WORD, Role.TERM):
                for start, stop, _ in self.hits[role]:
                    if stop not in ends or start < ends[stop]:
                        ends[stop] = start
            self._ends = ends
        return self._ends.get(end)

    def gap(self, position: int) -> str:
        """Original text between a folded character and the one before it."""
        cut = self.folded.cuts.get(position)
        return self.original[cut[0] : cut[1]] if cut else ""

    def clause(self, position: int) -> int:
        """Number of the clause of a folded position, from 0: commas, spaces and fields end one."""
        if self._pauses is None:
            self._pauses = [found.start() for found in _PAUSE.finditer(self.original)]
        return bisect_right(self._pauses, self.folded.offsets[position])

    @property
    def own(self) -> frozenset[int]:
        """The clauses that have a term."""
        if self._own is None:
            self._own = frozenset(self.clause(hit[0]) for hit in self.hits[Role.TERM])
        return self._own

    @property
    def foreign(self) -> frozenset[int]:
        """The clauses that name another material and have no term: 紫檀老料."""
        if self._foreign is None:
            for hit in self.hits[Role.WORD]:
                if hit[2].name == _OTHER:
                    break
            else:
                self._foreign = _NO_CLAUSE
                return _NO_CLAUSE
            known = self.hits[Role.PRODUCT]
            self._foreign = frozenset(
                self.clause(hit[0])
                for hit in self.hits[Role.WORD]
                if hit[2].name == _OTHER
                and not covered(hit, known)
                and not self.text.endswith(_CARVING, 0, hit[0])
            ).difference(self.own)
        return self._foreign

    def alone(self, hit: Hit) -> bool:
        """Whether no letter, digit or Chinese character is adjacent to a hit in the original."""
        start, end = hit[0], hit[1]
        text, cuts = self.text, self.folded.cuts
        if start and start not in cuts and text[start - 1].isalnum():
            return False
        return end in cuts or not text[end : end + 1].isalnum()

    def joined(self, hit: Hit) -> bool:
        """Whether a gap parts a word into the ends of two others: 56口 红底 names no 口红."""
        start, end = hit[0], hit[1]
        if not self.folded.cuts or not self.folded.has_gap(start, end):
            return False
        text, cuts = self.text, self.folded.cuts
        before, after = text[start - 1 : start], text[end : end + 1]
        return start not in cuts and end not in cuts and before.isalnum() and after.isalnum()

    def follows(self, hit: Hit, after: Hit) -> bool:
        """Whether `after` begins directly behind a hit, or behind one space."""
        end = hit[1]
        return after[0] == end or (after[0] == end + 1 and self.text[end] == " ")

    @property
    def asides(self) -> list[tuple[int, int]]:
        """Spans about other goods in a description: from an aside word to the sentence's end."""
        if self._asides is None:
            spans: list[tuple[int, int]] = []
            offsets = self.folded.offsets
            for start, end, _ in self.hits[Role.ASIDE]:
                if start < self.bounds[1] or (spans and end <= spans[-1][1]):
                    continue
                stop = _STOP.search(self.original, offsets[end - 1])
                spans.append((end, bisect_left(offsets, stop.start()) if stop else len(self.text)))
            self._asides = spans
        return self._asides

    @property
    def head(self) -> tuple[int, int]:
        """Span of the title, or of what begins a post without one."""
        first, second = self.bounds
        return (0, first) if first else (second + 1, second + 1 + HEAD)

    def remains(self, group: str) -> list[Hit]:
        """Words that show that a group's animal itself is offered: remains, and marks."""
        remains, signs = self.hits[Role.REMAINS], self.hits[Role.SIGN]
        if not remains and not signs:
            return _NO_HITS
        marks = [hit for hit in signs if hit[2] in self.patterns.marks]
        return [
            *(hit for hit in remains if hit[2] == group),
            *(hit for hit in marks if hit[2][0] == group),
        ]

    def one_sentence(self, hit: Hit, other: Hit) -> bool:
        """Whether two hits stand near each other, with no end of a sentence between."""
        first, last = (hit, other) if hit[0] < other[0] else (other, hit)
        if last[0] - first[1] > _NEAR:
            return False
        offsets = self.folded.offsets
        return not _STOP.search(self.original, offsets[first[1] - 1] + 1, offsets[last[0]])

    def in_category(self, hit: Hit) -> bool:
        """Whether a hit is in the category."""
        return self.bounds[0] < hit[0] < self.bounds[1]


def covered(hit: Hit, covers: Sequence[Hit]) -> bool:
    """Whether a longer hit includes this one."""
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
