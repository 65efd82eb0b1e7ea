"""Tables of a report: functions from the data set to a table, listed in TABLES."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.tables.advertisements import advertisements
from exports.tables.agreement import agreement
from exports.tables.comparable import comparable, comparable_searches
from exports.tables.comparisons import comparisons
from exports.tables.coverage import coverage
from exports.tables.expected import expected
from exports.tables.monthly import monthly
from exports.tables.prices import prices
from exports.tables.products import product_types
from exports.tables.removals import notified, removals
from exports.tables.reposts import reposts
from exports.tables.ruled_out import ruled_out
from exports.tables.sampled import sampled
from exports.tables.shares import price_kinds, site_share, species_share
from exports.tables.sites import age_claims, site_species
from exports.tables.social import social_accounts, social_summary, social_surveys
from exports.tables.waiting import waiting
from exports.tables.years import extremes, yearly

if TYPE_CHECKING:
    from exports.dataset import ReportData
    from exports.tables.table import Table

TABLES = (
    monthly,
    species_share,
    site_share,
    site_species,
    yearly,
    extremes,
    age_claims,
    product_types,
    prices,
    price_kinds,
    coverage,
    comparable,
    comparable_searches,
    comparisons,
    expected,
    sampled,
    waiting,
    agreement,
    ruled_out,
    social_surveys,
    social_summary,
    social_accounts,
    removals,
    notified,
    reposts,
    advertisements,
)


def make_tables(data: ReportData) -> dict[str, Table]:
    """All tables of the report, by name."""
    tables = (make(data) for make in TABLES)
    return {table.name: table for table in tables}
