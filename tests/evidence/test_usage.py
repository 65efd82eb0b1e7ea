"""Usage: captures and bytes by month in China, each object counted once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.helpers.evidence import AT, captured
from wildcrawl.evidence import Capture, CaptureKind, Evidence
from wildcrawl.evidence.usage import MonthUsage, usage_of

NEXT_DAY = AT + timedelta(days=1)


def test_usage_is_told_by_month_and_site(evidence: Evidence) -> None:
    assert usage_of(evidence).months == []
    first = captured(evidence)
    evidence.add(
        [
            Capture("mall", "7", first.at, "r", CaptureKind.PICTURE, "data:,", skipped="why"),
            evidence.reuse(Capture("fair", "1", NEXT_DAY, "r", CaptureKind.PICTURE, "u"), first),
        ],
        "run r",
    )
    # 16:00 UTC on the last of May is June in China.
    at = datetime(2026, 5, 31, 16, tzinfo=UTC)
    later = captured(evidence, "8", b"other", at=at, kind=CaptureKind.SCREENSHOT)
    lost = captured(evidence, "9", b"lost", at=at)
    unused = evidence.objects.put(b"unused")
    size = evidence.objects.size
    sizes = size(first.record), size(later.record)
    evidence.objects.delete(lost.record)
    usage = usage_of(evidence)
    assert usage.months == [
        MonthUsage("2026-05", "fair", pictures=1),
        MonthUsage("2026-05", "mall", pages=1, skipped=1, objects=1, size=sizes[0]),
        MonthUsage("2026-06", "mall", pages=1, screenshots=1, objects=1, size=sizes[1], missing=1),
    ]
    assert (usage.unused, usage.unused_size) == (1, size(unused))
    assert (usage.objects, usage.size) == evidence.objects.usage()
