"""What a text holds that speaks for a code word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.analysis.tagging.attributes import AGE_PARTS, speaks
from wildcrawl.analysis.tagging.patterns import Part
from wildcrawl.analysis.tagging.scan import Hit, Scan, covered, overlaps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wildcrawl.analysis.tagging.terms import Found
    from wildcrawl.analysis.vocabulary import Support

NEEDED = 2
"""So many points make a code word count."""
_SIGN_POINTS = 2


class Evidence:
    """The signs and supports of one text, gathered once for all its code words."""

    __slots__ = ("_age", "_codes", "_found", "_ready", "_signs", "_supports", "known", "scan")

    def __init__(self, scan: Scan, found: list[Found], known: Iterable[str]) -> None:
        self.scan = scan
        self.known = known
        self._found = found
        self._ready = False
        self._age: bool | None = None

    def points(self, code: Found) -> int:
        """How much speaks for a code word; nothing counts that lies within the word itself.

        Each sign of its group two points; each kind of support its own; one each for another
        code of the group, for a keyword of the group that the search found it by, for an age.
        """
        if not self._ready:
            self._gather()
        group, hit, term = code.term.group, code.hit, code.term.term
        signs: dict[str, None] = {}
        for at, word in self._signs.get(group, ()):
            if word != term and not overlaps(at, hit):
                signs[word] = None
        supports: dict[str, str] = {}
        weight = int(self._aged())
        for at, support, word in self._supports:
            if not overlaps(at, hit):
                if support.name not in supports:
                    weight += support.points
                supports[support.name] = word
        others = self._codes.get(group, {})
        further = [each for each, at in others.items() if each != term and not overlaps(at, hit)]
        came = ("found by a keyword of its group",) if group in self.known else ()
        code.signed = bool(signs)
        code.supports = (*sorted(signs), *supports.values(), *sorted(further), *came)
        return _SIGN_POINTS * len(signs) + weight + len(further) + len(came)

    def context(self, name: Found) -> bool:
        """Whether anything in the text fits a disguised name."""
        scan = self.scan
        for part in (Part.PRODUCT, Part.SUPPORT, Part.CATEGORY_SUPPORT, Part.SIGN):
            for at in scan.hits[part]:
                if not overlaps(at, name.hit):
                    name.supports = (scan.text[at[0] : at[1]],)
                    return True
        return self._aged()

    def _gather(self) -> None:
        self._ready = True
        scan, hits = self.scan, self.scan.hits
        veils = hits[Part.HARMLESS] + hits[Part.COVER]
        self._signs: dict[str, list[tuple[Hit, str]]] = {}
        for hit in hits[Part.SIGN]:
            if not covered(hit, veils):
                group, word = hit[2]
                self._signs.setdefault(group, []).append((hit, word))
        self._supports: list[tuple[Hit, Support, str]] = [
            (hit, hit[2], scan.text[hit[0] : hit[1]])
            for part in (Part.SUPPORT, Part.CATEGORY_SUPPORT)
            for hit in hits[part]
            if scan.in_category(hit) == (part == Part.CATEGORY_SUPPORT)
        ]
        self._codes: dict[str, dict[str, Hit]] = {}
        for each in self._found:
            if each.excluded is None and each.strength != "mark":
                self._codes.setdefault(each.term.group, {}).setdefault(each.term.term, each.hit)

    def _aged(self) -> bool:
        if self._age is None:
            scan = self.scan
            self._age = any(
                speaks(scan, part, hit) for part in AGE_PARTS for hit in scan.hits[part]
            )
        return self._age
