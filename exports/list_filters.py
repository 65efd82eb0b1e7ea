"""List filters: by which the desk lists the advertisements that a number of the report counts.

The page carries them as queries in data-list, which do nothing until the desk shows the page: a
number's list has the filters of its table, its row and its column. Shares, averages and numbers
of which there is no equal list have none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from exports.dataset import counted_statuses
from wildcrawl.review.month_counts import WAITING

if TYPE_CHECKING:
    from exports.context import Context

Filters = Mapping[str, object]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class TableLists:
    """Queries of a table's lists: of all its numbers, of its columns by name, and of each row."""

    table: str
    columns: Mapping[str, str]
    row: Callable[[Row], str]


@dataclass(frozen=True)
class _Listed:
    """How a table's numbers are listed: its row's filters, and those of its columns.

    `table` are the filters of all its numbers beside the statuses that the report counts;
    `waits` whether it counts what waits instead.
    """

    row: Callable[[Context, Row], Filters]
    columns: Callable[[Context], Mapping[str, Filters]] = field(
        default=lambda _: {"advertisements": {}}
    )
    table: Callable[[Context], Filters] = field(default=lambda _: {})
    waits: bool = False


def period_query(context: Context) -> str:
    """Query of all advertisements of the report's period, of whatever status."""
    return _encoded(_period(context))


def counted_query(context: Context) -> str:
    """Query of the advertisements that the report counts."""
    return _encoded({**_period(context), "statuses": counted_statuses(context)})


def month_query(context: Context, month: str) -> str:
    """Query of the advertisements that the report counts of a month."""
    return _encoded({"month": month, "statuses": counted_statuses(context)})


def lists_of(table: str, context: Context) -> TableLists | None:
    """The queries of a table; None if its numbers have no lists."""
    listed = _LISTED.get(table)
    if listed is None:
        return None
    statuses = (WAITING,) if listed.waits else counted_statuses(context)
    return TableLists(
        _encoded({**listed.table(context), "statuses": statuses}),
        {name: _encoded(filters) for name, filters in listed.columns(context).items()},
        lambda row: _encoded(listed.row(context, row)),
    )


def _encoded(filters: Filters) -> str:
    return urlencode(filters, doseq=True)


def _period(context: Context) -> Filters:
    return _range(context.months[0], context.months[-1])


def _last_month(context: Context) -> Filters:
    return {"month": context.months[-1]}


def _range(first: str, last: str) -> Filters:
    return {"month": first} if first == last else {"month": first, "until": last}


def _of_month(_context: Context, row: Row) -> Filters:
    return {"month": row["month"]}


def _of_year(context: Context, row: Row) -> Filters:
    months = [month for month in context.months if month.startswith(row["year"])]
    return _range(months[0], months[-1])


_FILTERS = {"site": "sites", "species": "leading", "claim": "age_claim"}
"""Filters of a list by the column of a table that names their value."""


def _of_names(_context: Context, row: Row) -> Filters:
    """Filters of the site, species and age claim that a row names; `all` is none."""
    named = ((filter_, row.get(column, "all")) for column, filter_ in _FILTERS.items())
    return {filter_: name for filter_, name in named if name != "all"}


def _of_year_and_names(context: Context, row: Row) -> Filters:
    return {**_of_year(context, row), **_of_names(context, row)}


_LISTED = {
    "monthly": _Listed(
        _of_month,
        lambda context: {"all": {}, **{name: {"leading": name} for name in context.species}},
    ),
    "species_share": _Listed(_of_names, table=_period),
    "site_share": _Listed(_of_names, table=_period),
    "site_species": _Listed(_of_year_and_names),
    "yearly": _Listed(_of_year),
    "age_claims": _Listed(_of_names, table=_period),
    "expected": _Listed(_of_names, table=_last_month),
    "comparable": _Listed(_of_month, lambda _: {"all": {}}),
    "comparisons": _Listed(_of_month),
    "waiting": _Listed(
        _of_names,
        lambda context: {"waiting": {}, **{name: {"leading": name} for name in context.species}},
        _period,
        waits=True,
    ),
}  # fmt: skip
