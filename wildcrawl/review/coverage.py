"""Coverage rule: which monitored sites were searched in a month, by runs or imported records.

The report counts by it, and the desk's home page lists by it what a month lacks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from wildcrawl.items import GOOD_HEALTH, Health, RunHead
from wildcrawl.months import check_month, month_of

RAN = "ran"
IMPORTED = "imported"
NONE_IMPORTED = "none_imported"
SEARCHED = (RAN, IMPORTED, NONE_IMPORTED)
"""States of a site that was searched: by a good run, by imported records of its own, or by a ledger
that has none of it."""
NO_RUN = "no_run"
UNFINISHED = "unfinished"
LIMITED = "limited"
"""States of a site that was not searched, besides the health of its last run (thin, broken, …)."""
BEGUN = (*GOOD_HEALTH, Health.THIN)
"""Health of the runs from which a site is monitored: the site was not refused."""
HISTORY_YEARS = 5
"""Years before a month whose records are read to see how it continues them."""

AnyRun = TypeVar("AnyRun", bound=RunHead)
RunPlaces = Mapping[str, Mapping[str, Sequence[AnyRun]]]
"""Runs by month and site; one that ends in another month than it started is in both."""


def history_from(month: str) -> str:
    """The first month of which records are read to compare `month` with."""
    return check_month(max("1990-01", f"{int(month[:4]) - HISTORY_YEARS}{month[4:]}"))


def begun_in(
    recorded: Mapping[str, str], runs: Iterable[RunHead], sites: Collection[str]
) -> dict[str, str]:
    """Site to the month since which it is monitored.

    That is the month of its first record, in `recorded`, or of the first run that was not refused,
    if it is one of `sites`.
    """
    begun = dict(recorded)
    for run in runs:
        if run.site in sites and run.finished and run.health in BEGUN:
            month = month_of(run.started)
            begun[run.site] = min(month, begun.get(run.site, month))
    return begun


def runs_by_month(runs: Iterable[AnyRun]) -> dict[str, dict[str, list[AnyRun]]]:
    """The runs of each month and site."""
    places: dict[str, dict[str, list[AnyRun]]] = {}
    for run in runs:
        for month in {month_of(run.started), month_of(run.finished or run.started)}:
            places.setdefault(month, {}).setdefault(run.site, []).append(run)
    return places


def first_run_months(places: RunPlaces[AnyRun]) -> dict[str, str]:
    """Site to the month of its first run."""
    first: dict[str, str] = {}
    for month in sorted(places):
        for site in places[month]:
            first.setdefault(site, month)
    return first


def without_runs(month: str, sites: Iterable[str], places: RunPlaces[AnyRun]) -> frozenset[str]:
    """Those of `sites`, which have records of `month`, whose records were imported."""
    return frozenset(sites) - places.get(month, {}).keys()


def site_states(
    months: Sequence[str],
    first_months: Mapping[str, str],
    recorded: Collection[tuple[str, str]],
    places: RunPlaces[AnyRun],
    first_runs: Mapping[str, str],
    incomplete: Collection[tuple[str, str]] = (),
) -> dict[str, dict[str, str]]:
    """By month, the state of each site that is monitored in it.

    months        consecutive months; a site monitored since before the first one counts as covered
                  by the ledger before it
    first_months  the month since which each site is monitored
    recorded      the (site, month) pairs that have records
    places        the runs of `months`, and of the month before
    first_runs    the month of the first run of each site
    incomplete    the (site, month) pairs of a file with rejected rows, also of these alone; a row
                  of them may be of another site of the month's ledger; "" is a site not known
    """
    by_month: dict[str, set[str]] = {}
    for site, month in recorded:
        by_month.setdefault(month, set()).add(site)
    ledger = {site for site, since in first_months.items() if since < months[0]}
    states = {}
    for month in months:
        rows = without_runs(month, by_month.get(month, ()), places)
        ledger = _ledger(month, ledger, rows, first_runs)
        own = _month_states(month, first_months, rows, ledger, places.get(month, {}))
        thin = {
            site
            for site, each in incomplete
            if each == month and own.get(site, IMPORTED) in (IMPORTED, NONE_IMPORTED)
        }
        doubted = thin | {site for site, state in own.items() if thin and state == NONE_IMPORTED}
        states[month] = own | dict.fromkeys(doubted - {""}, Health.THIN.value)
    return states


def _ledger(
    month: str, before: Collection[str], rows: Collection[str], first_runs: Mapping[str, str]
) -> set[str]:
    """The sites that imported records cover in `month`, after those that they covered `before`.

    Records without a run were imported. A ledger lists what was found, so a site without a row in
    a month of the ledger had none: from its first record on it is searched as long as every month
    has imported records of any site. A month without any is a gap, after which a site needs a
    record to count again; and a site with a run of its own counts by its runs from then on.
    """
    covered = {*before, *rows} if rows else set()
    return {site for site in covered if first_runs.get(site, "9999") > month}


def _month_states(
    month: str,
    first_months: Mapping[str, str],
    rows: Collection[str],
    ledger: Collection[str],
    runs: Mapping[str, Sequence[RunHead]],
) -> dict[str, str]:
    begun = {site for site, since in first_months.items() if since <= month}
    own = {site: started_in(month, each) for site, each in runs.items()}
    # A site whose every run failed has not begun, but was to be searched in the months of its runs.
    tried = {site for site, each in own.items() if each}
    states = {}
    for site in begun | tried:
        if site in rows:
            states[site] = IMPORTED
        elif site in ledger:
            states[site] = NONE_IMPORTED
        else:
            states[site] = _run_state(own.get(site, ()))
    return states


def started_in(month: str, runs: Iterable[AnyRun]) -> list[AnyRun]:
    """The runs that started in `month`, oldest first."""
    own = [run for run in runs if month_of(run.started) == month]
    return sorted(own, key=lambda run: run.started)


def _run_state(runs: Sequence[RunHead]) -> str:
    """RAN after a good run, else the health of the last one, or why it has none."""
    if any(run.is_good for run in runs):
        return RAN
    if not runs:
        return NO_RUN
    last = runs[-1]
    if not (last.finished and last.health):
        return UNFINISHED
    return LIMITED if last.health in GOOD_HEALTH else last.health
