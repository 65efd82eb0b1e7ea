"""comparisons.csv: months compared with earlier ones, in all and on the sites searched in both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from exports.comparison import compare, year_before
from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table
from wildcrawl.months import previous_month

if TYPE_CHECKING:
    from exports.dataset import ReportData


def comparisons(data: ReportData) -> Table:
    """A row for every month and the one before it, and for the last month and a year before.

    Pairs of which one month was not searched, not read, not judged or not over have no row. The
    first columns count all sites, the later ones the `sites_in_both` months. `only_now` and
    `only_before` name the sites searched in one of the months alone, with `keywords` and
    `keywords_before` the numbers of keywords searched.
    """
    columns = {"month": TEXT, "before": TEXT, "advertisements": COUNT}
    columns |= {"advertisements_then": COUNT, "change_percent": PERCENT, "sites_in_both": COUNT}
    columns |= {"same_sites": COUNT, "same_sites_then": COUNT, "same_sites_change_percent": PERCENT}
    columns |= {"keywords": COUNT, "keywords_then": COUNT, "only_now": TEXT, "only_before": TEXT}
    return make_table("comparisons", columns, list(_rows(data)))


def _rows(data: ReportData) -> Iterator[tuple[Any, ...]]:
    last = data.context.months[-1]
    pairs = [(month, previous_month(month)) for month in data.context.months]
    for month, before in [*pairs, (last, year_before(last))]:
        compared = compare(data, month, before)
        if compared is None:
            continue
        same = compared.same
        yield (
            month,
            before,
            compared.now,
            compared.then,
            compared.percent,
            len(same.sites),
            same.now,
            same.then,
            same.percent,
            same.keywords_now,
            same.keywords_then,
            "; ".join(same.only_now),
            "; ".join(same.only_before),
        )
