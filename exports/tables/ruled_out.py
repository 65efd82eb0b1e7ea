"""ruled_out.csv: what a person ruled out, by verdict and the reason given for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from exports.tables.table import COUNT, TEXT, Table, make_table
from wildcrawl.review.verdict_reasons import EXPLAINED

if TYPE_CHECKING:
    from exports.dataset import ReportData


def ruled_out(data: ReportData) -> Table:
    """One row for each verdict and reason, the most first; "" counts those without a reason."""
    counts: Counter[tuple[str, str]] = Counter()
    for month in data.context.months:
        for verdict in EXPLAINED:
            given = data.context.reasons.get((month, verdict), {})
            all_of_month = data.status_counts.get((month, verdict), 0)
            for reason, number in given.items():
                counts[verdict, reason] += number
            counts[verdict, ""] += all_of_month - sum(given.values())
    rows = [(verdict, reason, number) for (verdict, reason), number in counts.items() if number]
    rows.sort(key=lambda row: (row[0], not row[1], -row[2], row[1]))
    columns = {"verdict": TEXT, "reason": TEXT, "advertisements": COUNT}
    return make_table("ruled_out", columns, rows)
