"""Month coverage: which sites are monitored in a month and were searched, as the report counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.items import Health
from wildcrawl.months import month_bounds, month_of, previous_month

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from wildcrawl.items import RunHead
    from wildcrawl.store import Store

MISSING = "missing"
IMPORTED = "imported"
NONE_IMPORTED = "none_imported"
UNUSED = "unused"
LIMITED = "limited"
"""States of a site in a month besides those of its last run."""
BEGUN = (Health.OK, Health.QUIET, Health.THIN)
"""Health of runs that searched their site, at least in part."""
HISTORY_YEARS = 5
"""Years before the month in which records show whether a site was monitored all along."""


def states_in(
    store: Store, month: str, recorded: Collection[str], last: Mapping[str, RunHead]
) -> dict[str, str]:
    """State of each site that the report monitors in `month` and that has no run in it.

    `recorded` are the sites with records of the month, `last` the last run of each site up to its
    end. MISSING is not searched; IMPORTED and NONE_IMPORTED count as searched, since records
    without a run were imported, and a ledger lists what was found. Sites that are not in the
    result, and have no run in the month, are not monitored in it.
    """
    start, end = month_bounds(month, month)
    first = {site: month_of(seen) for site, seen in store.first_months().items() if seen < end}
    run = {site for site, head in last.items() if head.started >= start}
    begun = (first.keys() | {*recorded} | _begun(store, last, run | first.keys())) - run
    crossing = {site for site, head in last.items() if head.finished and head.finished >= start}
    imported = {*recorded} - run - crossing
    idle = {site for site in begun - imported if site in first and site not in last}
    quiet = _ledger(store, month, idle, first) if imported else set()
    return {
        site: IMPORTED if site in imported else NONE_IMPORTED if site in quiet else MISSING
        for site in begun
    }


def searched_by_run(store: Store, month: str, last: Mapping[str, RunHead]) -> frozenset[str]:
    """The sites with a good run in `month`; a later one that failed does not undo it."""
    start, end = month_bounds(month, month)
    own = {site: head for site, head in last.items() if head.started >= start}
    good = {site for site, head in own.items() if head.is_good}
    failed = own.keys() - good
    if failed:
        heads = store.run_heads(since=start, sites=failed)
        good |= {head.site for head in heads if head.started < end and head.is_good}
    return frozenset(good)


def _begun(store: Store, last: Mapping[str, RunHead], known: Collection[str]) -> set[str]:
    """The other sites with a finished run that was not refused, up to the last one."""
    begun = {site for site, head in last.items() if _reached(head)}
    unsure = last.keys() - begun - {*known}
    if unsure:
        heads = store.run_heads(sites=unsure)
        past = (each for each in heads if each.started <= last[each.site].started)
        begun |= {each.site for each in past if _reached(each)}
    return begun


def _reached(run: RunHead) -> bool:
    return run.finished is not None and run.health in BEGUN


def _ledger(store: Store, month: str, idle: set[str], first: Mapping[str, str]) -> set[str]:
    """Those of the sites without a run or a record in `month` that its ledger covers.

    That is so from a site's first record on, as long as every month has imported records.
    """
    runs = {site: month_of(earliest.started) for site, (earliest, _) in store.run_bounds().items()}
    floor = f"{int(month[:4]) - HISTORY_YEARS}{month[4:]}"
    left, covered, each = set(idle), set[str](), previous_month(month)
    while left and each >= floor:
        counts = store.count_by_site(*month_bounds(each, each))
        rows = {site for site in counts if runs.get(site, "9999") > each}
        if not rows:
            return covered
        covered |= left & rows
        left -= rows
        each = previous_month(each)
    return covered | {site for site in left if first[site] < floor}
