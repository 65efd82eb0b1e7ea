"""Screening progress: what is done and left of a month, and how fast, by person and site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl

from wildcrawl.items import QUEUED, Verdict
from wildcrawl.months import CHINA
from wildcrawl.store import DocumentStore

DAYS = "screening_days"
PAUSE = 300.0
"""Seconds between two verdicts after which the time between them was a pause."""
LEAST = 300.0
"""Seconds of screening from which on a rate by the hour means something."""
COLUMNS = ("site", "verdict", "screened_by", "relevance", "audit")
"""Columns of the frame that `progress_of` reads."""
_VERDICTS = (Verdict.VALID, Verdict.IRRELEVANT, Verdict.FAKE)


@dataclass
class VerdictCounts:
    """Numbers of verdicts on a site's advertisements, or by a person; `left` waits."""

    name: str
    verdicts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_VERDICTS, 0))
    left: int = 0

    @property
    def done(self) -> int:
        """Number of verdicts."""
        return sum(self.verdicts.values())


@dataclass(frozen=True)
class Progress:
    """Progress of a month: altogether, by site, and by person, the busiest first."""

    all: VerdictCounts
    sites: list[VerdictCounts]
    persons: list[VerdictCounts]


@dataclass(frozen=True)
class VerdictRate:
    """A person's verdicts on a day, and how many an hour between them, without pauses.

    Verdicts that were undone count as given. `per_hour` is None for less than LEAST seconds.
    """

    person: str
    day: str
    verdicts: int
    per_hour: float | None


def progress_of(frames: Iterable[pl.DataFrame]) -> Progress:
    """Progress of advertisements given as frames with COLUMNS.

    Those set aside count if they were judged, or are sampled for the audit.
    """
    altogether = VerdictCounts("")
    sites: dict[str, VerdictCounts] = {}
    persons: dict[str, VerdictCounts] = {}
    for frame in frames:
        for site, verdict, person, relevance, audit, number in (
            frame.group_by(*COLUMNS).len().iter_rows()
        ):
            waits = verdict in ("", Verdict.PENDING)
            if waits and relevance not in QUEUED and not audit:
                continue
            places = [altogether, sites.setdefault(site, VerdictCounts(site))]
            if not waits:
                places.append(persons.setdefault(person, VerdictCounts(person)))
            for place in places:
                if waits:
                    place.left += number
                else:
                    place.verdicts[verdict] = place.verdicts.get(verdict, 0) + number
    return Progress(
        altogether,
        sorted(sites.values(), key=lambda site: (-site.left, site.name)),
        sorted(persons.values(), key=lambda person: (-person.done, person.name)),
    )


def note_verdicts(store: DocumentStore, verdicts: Iterable[tuple[str, datetime]]) -> None:
    """Adds verdicts, each by a person at a moment and in order, to the counts of their days."""
    by_day: defaultdict[str, list[datetime]] = defaultdict(list)
    for person, at in verdicts:
        by_day[f"{at.astimezone(CHINA):%Y-%m-%d}\n{person}"].append(at)

    def change(documents: dict[str, dict[str, Any]]) -> None:
        for key, moments in by_day.items():
            day = documents.setdefault(key, {"verdicts": 0, "timed": 0, "ms": 0, "last": ""})
            for at in moments:
                last = datetime.fromisoformat(day["last"]) if day["last"] else None
                gap = (at - last).total_seconds() if last else PAUSE + 1
                if 0 <= gap <= PAUSE:
                    day["timed"] += 1
                    day["ms"] += round(gap * 1000)
                day["verdicts"] += 1
                day["last"] = at.astimezone(UTC).isoformat(timespec="milliseconds")

    if by_day:
        store.revise_documents(DAYS, list(by_day), change)


def rates(store: DocumentStore, day: str) -> list[VerdictRate]:
    """The rates of a day (YYYY-MM-DD in China), the most verdicts first."""
    found = []
    for key, counts in store.documents(DAYS, prefix=f"{day}\n").items():
        hours = counts["ms"] / 3_600_000
        per_hour = counts["timed"] / hours if counts["ms"] >= 1000 * LEAST else None
        found.append(VerdictRate(key.partition("\n")[2], day, counts["verdicts"], per_hour))
    return sorted(found, key=lambda rate: (-rate.verdicts, rate.person))
