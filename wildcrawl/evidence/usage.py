"""Usage: numbers and bytes of captures, by month and site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wildcrawl.evidence.archive import Evidence
from wildcrawl.evidence.captures import CaptureKind
from wildcrawl.months import month_of


@dataclass
class MonthUsage:
    """Captures of one site in one month (China), and the objects and bytes that they added.

    An object counts in the month and site of its first capture. `missing` objects are named by
    captures, but are not in the object store; `lost` ones neither, as a person declared.
    """

    month: str
    site: str
    pages: int = 0
    pictures: int = 0
    screenshots: int = 0
    skipped: int = 0
    objects: int = 0
    size: int = 0
    missing: int = 0
    lost: int = 0


@dataclass
class EvidenceUsage:
    """Usage by month and site, and the objects that no capture needs."""

    months: list[MonthUsage]
    unused: int
    unused_size: int

    @property
    def objects(self) -> int:
        """Number of all objects."""
        return sum(month.objects for month in self.months) + self.unused

    @property
    def size(self) -> int:
        """Bytes of all objects."""
        return sum(month.size for month in self.months) + self.unused_size


_COLUMNS = {
    CaptureKind.PAGE: "pages",
    CaptureKind.PICTURE: "pictures",
    CaptureKind.SCREENSHOT: "screenshots",
}


def usage_of(evidence: Evidence) -> EvidenceUsage:
    """Numbers and bytes of all captures, by month and site."""
    sizes = evidence.objects.sizes()
    rows: dict[tuple[str, str], MonthUsage] = {}
    first: dict[str, tuple[datetime, MonthUsage]] = {}
    for capture in evidence.captures.all():
        name = (month_of(capture.at), capture.site)
        row = rows.setdefault(name, MonthUsage(*name))
        column = "skipped" if capture.skipped else _COLUMNS[capture.kind]
        setattr(row, column, getattr(row, column) + 1)
        for sha in capture.objects:
            if sha not in first or capture.at < first[sha][0]:
                first[sha] = (capture.at, row)
    evidence.lost.found(first.keys() & sizes.keys())
    lost = evidence.lost.among(first.keys() - sizes.keys())
    for sha, (_, row) in first.items():
        row.objects += sha in sizes
        row.missing += sha not in sizes and sha not in lost
        row.lost += sha in lost
        row.size += sizes.get(sha, 0)
    unused = [size for sha, size in sizes.items() if sha not in first]
    return EvidenceUsage([rows[name] for name in sorted(rows)], len(unused), sum(unused))
