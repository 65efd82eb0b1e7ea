"""Month coverage: the state of each monitored site in a month, read from the store for the desk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from wildcrawl.items import RunHead
from wildcrawl.months import month_bounds, month_of, previous_month
from wildcrawl.review.coverage import (
    begun_in,
    history_from,
    runs_by_month,
    site_states,
    without_runs,
)
from wildcrawl.store import Store
from wildcrawl.store.incomplete_imports import incomplete_imports


@dataclass(frozen=True)
class MonthCoverage:
    """Coverage of a month by site name.

    states     the state of each monitored site (`wildcrawl.review.coverage`)
    last_runs  the last run of each site up to the end of the month
    """

    states: Mapping[str, str]
    last_runs: Mapping[str, RunHead]


@dataclass(frozen=True)
class _Past:
    """What bears on the imported records of a month: months, their records and some runs."""

    months: list[str]
    recorded: set[tuple[str, str]]
    runs: list[RunHead]


def read_month_coverage(
    store: Store, month: str, recorded: Collection[str], declared: Collection[str]
) -> MonthCoverage:
    """Coverage of `month` by the report's rule.

    `recorded` are the sites with records of the month, `declared` those with a spider. Of earlier
    runs and months only those are read that bear on the result.
    """
    _, end = month_bounds(month, month)
    bounds = store.run_bounds()
    first_runs = {site: month_of(first.started) for site, (first, _) in bounds.items()}
    last = _last_runs(store, {site: run for site, (_, run) in bounds.items()}, end)
    first_seen = {site: month_of(at) for site, at in store.first_months().items() if at < end}
    begun = _begun(store, last, first_seen, declared)
    runs = _runs_in(store, month, last, recorded)
    idle = {site for site in begun if first_runs.get(site, "9999") > month} - {*recorded}
    past = _past(store, month, recorded, idle, first_runs, runs)
    known = {*declared, *first_seen}
    places = runs_by_month(run for run in past.runs if run.site in known and run.started < end)
    incomplete = incomplete_imports(store, month)
    states = site_states(past.months, begun, past.recorded, places, first_runs, incomplete)
    return MonthCoverage(states[month], last)


def _last_runs(store: Store, ends: Mapping[str, RunHead], end: datetime) -> dict[str, RunHead]:
    """The last run of each site before `end`, given the last of all."""
    later = {site for site, run in ends.items() if run.started >= end}
    found = {site: run for site, run in ends.items() if site not in later}
    for run in store.run_heads(sites=later) if later else ():
        if run.started < end:
            found[run.site] = run
    return found


def _begun(
    store: Store,
    last: Mapping[str, RunHead],
    first_seen: Mapping[str, str],
    declared: Collection[str],
) -> dict[str, str]:
    """The sites that are monitored, each since a month not after that of its last run."""
    begun = begun_in(first_seen, last.values(), declared)
    unsure = {*declared} & last.keys() - begun.keys()
    past = store.run_heads(sites=unsure) if unsure else ()
    until = (run for run in past if run.started <= last[run.site].started)
    return begun_in(begun, until, declared)


def _runs_in(
    store: Store, month: str, last: Mapping[str, RunHead], recorded: Collection[str]
) -> list[RunHead]:
    """The last runs, and the others by which the state of a site in `month` may be another.

    Those are the runs before one of the month that failed, and those that ended in the month for a
    site with records.
    """
    start, _ = month_bounds(month, month)
    own = {site for site, run in last.items() if run.started >= start}
    unsure = {site for site in own if not last[site].is_good}
    unsure |= {site for site in recorded if site in last} - own
    begin, _ = month_bounds(previous_month(month), month)
    more = store.run_heads(since=begin, sites=unsure) if unsure else []
    return [*last.values(), *more]


def _past(
    store: Store,
    month: str,
    recorded: Collection[str],
    idle: Iterable[str],
    first_runs: Mapping[str, str],
    runs: list[RunHead],
) -> _Past:
    """The months back to the one from which it is known whether a ledger covers `idle`.

    `idle` are the monitored sites without a run or a record in `month`. That month is the first of
    the history, one without imported records, or one since which each of them has a record.
    """
    left, floor, each = {*idle} - {*recorded}, history_from(month), month
    found = _Past([month], {(site, month) for site in recorded}, [*runs])
    sites: Collection[str] = recorded
    while left and each > floor and without_runs(each, sites, runs_by_month(found.runs)):
        each = previous_month(each)
        sites = store.count_by_site(*month_bounds(each, each)).keys()
        left -= {*sites}
        if all(first_runs.get(site, "9999") <= each for site in sites):
            begin, _ = month_bounds(previous_month(each), each)
            found.runs.extend(store.run_heads(since=begin, sites=sites) if sites else ())
        found.months.insert(0, each)
        found.recorded.update((site, each) for site in sites)
    return found
