"""Matched terms of a card: parts of a text, each with the reason why it is marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wildcrawl.analysis.tagging.tagger import Match


@dataclass(frozen=True)
class TextPart:
    """A part of a text; `counted` or `excluded` terms are marked, other parts have no `match`."""

    text: str
    match: Match | None = None

    @property
    def excluded(self) -> bool:
        """Whether it is a term that does not count, since something excludes it."""
        return bool(self.match and self.match.excluded_by)


def marked(text: str, matches: Sequence[Match], field: str) -> list[TextPart]:
    """`text` in parts: the matched terms of `field`, and what is between them.

    Of terms that overlap the one that counts is marked, then the earlier, then the longer.
    """
    wanted = [match for match in matches if match.field == field and match.end <= len(text)]
    taken: list[Match] = []
    for match in sorted(wanted, key=lambda each: (bool(each.excluded_by), each.start, -each.end)):
        if match.start < match.end and all(
            match.end <= other.start or match.start >= other.end for other in taken
        ):
            taken.append(match)
    parts, at = [], 0
    for match in sorted(taken, key=lambda each: each.start):
        if match.start > at:
            parts.append(TextPart(text[at : match.start]))
        parts.append(TextPart(text[match.start : match.end], match))
        at = match.end
    if at < len(text):
        parts.append(TextPart(text[at:]))
    return parts


def distinct(matches: Iterable[Match]) -> list[Match]:
    """The matches with different texts or reasons, those that count first."""
    known = {
        (each.text, each.term, each.strength, each.supports, each.excluded_by): each
        for each in reversed(list(matches))
    }
    return sorted(known.values(), key=lambda each: (bool(each.excluded_by), each.start))
