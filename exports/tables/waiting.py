"""waiting.csv: advertisements that wait for a verdict, by site and species."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from exports.tables.table import COUNT, TEXT, Table, make_table

if TYPE_CHECKING:
    from exports.dataset import ReportData


def waiting(data: ReportData) -> Table:
    """One row for each site and species with advertisements that wait, the most first."""
    keys = ("site", "species")
    rows = data.waiting.group_by(keys).agg(pl.col("number").sum())
    rows = rows.sort("number", *keys, descending=[True, False, False])
    return make_table("waiting", {"site": TEXT, "species": TEXT, "waiting": COUNT}, rows.rows())
