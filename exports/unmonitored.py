"""Unmonitored species: advertisements counted in months without a keyword of their species."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exports.context import GENERAL

if TYPE_CHECKING:
    from exports.dataset import ReportData
    from exports.formats import Formats


@dataclass(frozen=True)
class Unmonitored:
    """Number of a species' advertisements in months that the coverage table leaves it out of."""

    species: str
    number: int
    first: str
    last: str


def unmonitored(data: ReportData) -> list[Unmonitored]:
    """Species that were counted in months in which none of their keywords was monitored.

    Advertisements without a species are left out: they count under `general` in any month. So are
    groups that the vocabulary lacks, which have a note of their own.
    """
    counts: dict[str, Counter[str]] = {}
    for (month, species), number in data.count("month", "species").items():
        counts.setdefault(species, Counter())[month] = number
    found = []
    for group in data.context.groups:
        months = {
            month: number
            for month, number in counts.get(group.name, Counter()).items()
            if not any(keyword.monitored(month) for keyword in group.keywords)
        }
        if months and group.name not in (GENERAL, *data.unlisted):
            total = sum(months.values())
            found.append(Unmonitored(group.name, total, min(months), max(months)))
    return found


def cautions(data: ReportData, formats: Formats) -> list[str]:
    """Sentences on records that do not agree with the vocabulary; none if all do."""
    say, context = formats.texts.say, data.context
    lines = []
    named = [
        say(
            "notes.unmonitored_species",
            species=formats.species(each.species),
            number=f"{each.number:,}",
            months=formats.texts.period(each.first, each.last),
        )
        for each in unmonitored(data)
    ]
    if named:
        lines.append(say("notes.unmonitored", species=formats.texts.enumerate(named)))
    others = context.other_rules
    if others.open or others.judged:
        lines.append(
            say(
                "notes.other_rules",
                number=f"{others.open + others.judged:,}",
                open=f"{others.open:,}",
                judged=f"{others.judged:,}",
            )
        )
    return lines
