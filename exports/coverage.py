"""Coverage: which monitored sites were searched in each month, from runs and imported records."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wildcrawl.items import Health
from wildcrawl.months import month_of, months_between

if TYPE_CHECKING:
    from exports.context import Context
    from wildcrawl.items import Run

GOOD = (Health.OK, Health.QUIET)
"""Health values of a run that searched its site; after others the site may have had more."""
SEARCHED = ""
NO_RUN = "no_run"
UNFINISHED = "unfinished"
LIMITED = "limited"
"""Why a site counts as not searched, besides the health of its last run (thin, broken, blocked)."""


@dataclass(frozen=True)
class Coverage:
    """The monitored sites of each month, and what was searched in it.

    states  by month, for every monitored site: SEARCHED, or why it was not
    terms   by month, the keywords searched on at least one site; a month that is missing has all
            keywords that were in use
    site_terms  by month and site, the keywords of its good runs; a site that is missing was
            searched without a run, or for keywords that are not known
    """

    states: Mapping[str, Mapping[str, str]]
    terms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    site_terms: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    known: bool = True
    """Whether runs were given; without them every monitored site counts as searched."""

    def monitored(self, month: str) -> list[str]:
        """Names of the sites monitored in `month`, sorted."""
        return sorted(self.states.get(month, ()))

    def searched(self, month: str) -> frozenset[str]:
        """Names of the sites searched in `month`."""
        states = self.states.get(month, {})
        return frozenset(site for site, state in states.items() if state == SEARCHED)

    def missed(self, month: str) -> dict[str, str]:
        """The monitored sites that were not searched in `month`, by name, each with the reason."""
        states = self.states.get(month, {})
        return {site: states[site] for site in sorted(states) if states[site] != SEARCHED}

    def is_gap(self, month: str) -> bool:
        """Whether no site was searched in `month`, so that its number is unknown."""
        return self.known and not self.searched(month)

    def keywords(self, month: str, in_use: Collection[str]) -> frozenset[str]:
        """The keywords searched in `month`, of those `in_use` in it."""
        used = frozenset(in_use)
        return used & self.terms[month] if month in self.terms else used

    def site_keywords(self, month: str, site: str, in_use: Collection[str]) -> frozenset[str]:
        """The keywords searched on `site` in `month`, of those `in_use` in it; none without a
        search. A site whose keywords are not known counts as searched for all of them.
        """
        if site not in self.searched(month):
            return frozenset()
        terms = self.site_terms.get(month, {}).get(site)
        return frozenset(in_use) if terms is None else terms.intersection(in_use)


def read_coverage(
    context: Context, first_months: Mapping[str, str], recorded: Collection[tuple[str, str]]
) -> Coverage:
    """Coverage of every month from the first that is read to the last of the period.

    `first_months` is the month since which each site is monitored, `recorded` the (site, month)
    pairs that have records.
    """
    last = context.months[-1]
    begun = [context.read_from or context.months[0], *(month for _, month in recorded)]
    months = months_between(min(begun), last)
    if context.runs is None:
        states = {
            month: {site: SEARCHED for site, since in first_months.items() if since <= month}
            for month in months
        }
        return Coverage(states, known=False)
    by_place = _by_place(context.runs)
    imported = _imported(months, first_months, recorded, by_place)
    states = {
        month: _states(month, first_months, imported[month], by_place.get(month, {}))
        for month in months
    }
    terms, site_terms = {}, {}
    for month in months:
        site_terms[month] = _site_terms(states[month], by_place.get(month, {}))
        searched = _terms(states[month], site_terms[month])
        if searched is not None:
            terms[month] = searched
    return Coverage(states, terms, site_terms)


Places = Mapping[str, Mapping[str, Sequence["Run"]]]
"""Runs by month and site; one that ends in the month after its start is in both."""


def _by_place(runs: Sequence[Run]) -> Places:
    places: dict[str, dict[str, list[Run]]] = {}
    for run in runs:
        ends = {month_of(run.started), month_of(run.finished or run.started)}
        for month in ends:
            places.setdefault(month, {}).setdefault(run.site, []).append(run)
    return places


def _imported(
    months: Sequence[str],
    first_months: Mapping[str, str],
    recorded: Collection[tuple[str, str]],
    places: Places,
) -> dict[str, set[str]]:
    """By month, the sites whose search is known from imported records alone.

    Records without a run were imported. A ledger lists what was found, so a site without a row in
    a month of the ledger had none: from its first record on it is searched as long as every month
    has imported records of any site. A month without any is a gap, after which a site needs a
    record to count again; and a site with a run of its own counts by its runs from then on.
    """
    records: dict[str, set[str]] = {}
    for site, month in recorded:
        records.setdefault(month, set()).add(site)
    run_since: dict[str, str] = {}
    for month in sorted(places):
        for site in places[month]:
            run_since.setdefault(site, month)
    active = {site for site, since in first_months.items() if since < months[0]}
    imported: dict[str, set[str]] = {}
    for month in months:
        rows = records.get(month, set()) - places.get(month, {}).keys()
        active = (active | rows) if rows else set()
        active = {site for site in active if run_since.get(site, "9999") > month}
        imported[month] = active | rows
    return imported


def _states(
    month: str,
    first_months: Mapping[str, str],
    imported: Collection[str],
    runs: Mapping[str, Sequence[Run]],
) -> dict[str, str]:
    begun = {site for site, since in first_months.items() if since <= month}
    # A site whose every run failed has not begun, but was to be searched in the months of its runs.
    tried = {site for site, own in runs.items() if _of(month, own)}
    return {
        site: SEARCHED if site in imported else _state(_of(month, runs.get(site, ())))
        for site in begun | tried
    }


def _of(month: str, runs: Sequence[Run]) -> list[Run]:
    """The runs that started in `month`, oldest first."""
    own = [run for run in runs if month_of(run.started) == month]
    return sorted(own, key=lambda run: run.started)


def _state(runs: Sequence[Run]) -> str:
    """SEARCHED after a good run, else the health of the last one."""
    if any(run.is_good for run in runs):
        return SEARCHED
    if not runs:
        return NO_RUN
    last = runs[-1]
    if not (last.finished and last.health):
        return UNFINISHED
    return LIMITED if last.health in GOOD else last.health


def _site_terms(
    states: Mapping[str, str], runs: Mapping[str, Sequence[Run]]
) -> dict[str, frozenset[str]]:
    """The keywords of the month's good runs, by searched site; those not known are missing."""
    terms = {}
    for site, state in states.items():
        good = [run for run in runs.get(site, ()) if run.is_good]
        if state == SEARCHED and good and all(run.keywords for run in good):
            terms[site] = frozenset(term for run in good for term in run.keywords)
    return terms


def _terms(
    states: Mapping[str, str], site_terms: Mapping[str, frozenset[str]]
) -> frozenset[str] | None:
    """The keywords of all searched sites; None if those of any are not known."""
    searched = [site for site, state in states.items() if state == SEARCHED]
    if any(site not in site_terms for site in searched):
        return None
    return frozenset().union(*(site_terms[site] for site in searched)) or None
