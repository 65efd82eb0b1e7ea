"""Coverage of a report: the sites and keywords searched in each month of its period."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wildcrawl.months import months_between
from wildcrawl.review import coverage as rule

if TYPE_CHECKING:
    from exports.context import Context
    from wildcrawl.items import Run

SEARCHED = ""
"""State of a searched site; the others say why it was not (`wildcrawl.review.coverage`)."""


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
    _searched: dict[str, frozenset[str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def monitored(self, month: str) -> list[str]:
        """Names of the sites monitored in `month`, sorted."""
        return sorted(self.states.get(month, ()))

    def searched(self, month: str) -> frozenset[str]:
        """Names of the sites searched in `month`."""
        if month not in self._searched:
            states = self.states.get(month, {})
            found = frozenset(site for site, state in states.items() if state == SEARCHED)
            self._searched[month] = found
        return self._searched[month]

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
    places = rule.runs_by_month(context.runs)
    first_runs = rule.first_run_months(places)
    found = rule.site_states(
        months, first_months, recorded, places, first_runs, context.incomplete_imports
    )
    states = {
        month: {site: SEARCHED if state in rule.SEARCHED else state for site, state in own.items()}
        for month, own in found.items()
    }
    terms, site_terms = {}, {}
    for month in months:
        site_terms[month] = _site_terms(states[month], places.get(month, {}))
        searched = _terms(states[month], site_terms[month])
        if searched is not None:
            terms[month] = searched
    return Coverage(states, terms, site_terms)


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
