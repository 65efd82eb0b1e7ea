"""The tagger's reading of one text, in plain lines for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.analysis.tagging.result import Match
    from wildcrawl.analysis.tagging.tagger import Tagger


def explain(tagger: Tagger, title: str, description: str = "", category: str = "") -> str:
    """Every term found, with place, strength, supports and exclusion; then what follows.

    Positions count characters of the original from 0.
    """
    tagging = tagger.tag(title, description, category)
    lines = [_line(each) for each in tagging.matches] or ["no term found"]
    lines.append(f"relevance: {tagging.relevance} ({tagging.reason})")
    groups = tagger.vocabulary.groups
    species = [f"{each} ({groups[each].label_zh})" for each in tagging.species]
    lines.append(f"species: {', '.join(species) or 'none'}")
    lines.append(f"product type: {tagging.product_type or 'none'}")
    lines.append(f"age claim: {tagging.age_claim or 'none'}")
    return "\n".join(lines)


def _line(match: Match) -> str:
    place = f"{match.field} {match.start}-{match.end}"
    line = f"{match.term}: {place} '{match.text}', {match.group}, {match.strength}"
    if match.supports:
        line += f"; supported by {', '.join(match.supports)}"
    if match.excluded_by:
        line += f"; excluded: {match.excluded_by}"
    return line
