"""What a text holds that speaks for a code word."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from wildcrawl.tagging.attributes import AGE_PARTS, speaks
from wildcrawl.tagging.patterns import Part
from wildcrawl.tagging.scan import Hit, Scan, covered, overlaps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wildcrawl.tagging.terms import Found

NEEDED = 2
"""So many points make a code word count."""
_SIGN_POINTS = 2


class Evidence:
    """The signs and supports of one text, gathered once for all its code words."""

    def __init__(self, scan: Scan, found: list[Found], known: Iterable[str]) -> None:
        self.scan = scan
        self.known = known
        self._found = found

    def points(self, code: Found) -> int:
        """How much speaks for a code word; nothing counts that lies within the word itself.

        Each sign of its group two points; each kind of support its own; one each for another
        code of the group, for a keyword of the group that the search found it by, for an age.
        """
        group, hit = code.term.group, code.hit
        signs = {
            word
            for at, word in self._signs.get(group, ())
            if word != code.term.term and not overlaps(at, hit)
        }
        supports = {
            name: (points, word)
            for at, name, points, word in self._supports
            if not overlaps(at, hit)
        }
        others = self._codes.get(group, {})
        further = {
            term for term, at in others.items() if term != code.term.term and not overlaps(at, hit)
        }
        came = ("found by a keyword of its group",) if group in self.known else ()
        code.signed = bool(signs)
        words = (word for _, word in supports.values())
        code.supports = (*sorted(signs), *words, *sorted(further), *came)
        weight = sum(points for points, _ in supports.values())
        return _SIGN_POINTS * len(signs) + weight + len(further) + len(came) + self._aged

    def context(self, name: Found) -> bool:
        """Whether anything in the text fits a disguised name."""
        scan = self.scan
        for part in (Part.PRODUCT, Part.SUPPORT, Part.CATEGORY_SUPPORT, Part.SIGN):
            for at in scan.hits[part]:
                if not overlaps(at, name.hit):
                    name.supports = (scan.text[at[0] : at[1]],)
                    return True
        return self._aged

    @cached_property
    def _signs(self) -> dict[str, list[tuple[Hit, str]]]:
        hits = self.scan.hits
        veils = hits[Part.HARMLESS] + hits[Part.COVER]
        signs: dict[str, list[tuple[Hit, str]]] = {}
        for hit in hits[Part.SIGN]:
            if not covered(hit, veils):
                group, word = hit[2]
                signs.setdefault(group, []).append((hit, word))
        return signs

    @cached_property
    def _supports(self) -> list[tuple[Hit, str, int, str]]:
        scan = self.scan
        return [
            (hit, hit[2].name, hit[2].points, scan.text[hit[0] : hit[1]])
            for part in (Part.SUPPORT, Part.CATEGORY_SUPPORT)
            for hit in scan.hits[part]
            if scan.in_category(hit) == (part == Part.CATEGORY_SUPPORT)
        ]

    @cached_property
    def _codes(self) -> dict[str, dict[str, Hit]]:
        codes: dict[str, dict[str, Hit]] = {}
        for each in self._found:
            if each.excluded is None and each.strength != "mark":
                codes.setdefault(each.term.group, {}).setdefault(each.term.term, each.hit)
        return codes

    @cached_property
    def _aged(self) -> bool:
        scan = self.scan
        return any(speaks(scan, part, hit) for part in AGE_PARTS for hit in scan.hits[part])
