"""Comparable series: advertisements on a fixed set of sites and keywords, month by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exports.dataset import ReportData


@dataclass(frozen=True)
class FixedSet:
    """What was searched in every month of a period with a search, by good runs.

    months    the months with a search
    keywords  by site that was searched in all of them, the keywords searched on it in all of them
    monitored number of sites monitored in any of them
    same      whether nothing else was searched in any month, so that all months compare
    """

    months: Sequence[str]
    keywords: Mapping[str, frozenset[str]]
    monitored: int
    same: bool

    @property
    def sites(self) -> list[str]:
        """The sites, by name."""
        return sorted(self.keywords)

    @property
    def terms(self) -> set[str]:
        """All keywords, each searched on at least one of the sites in every month."""
        return {term for terms in self.keywords.values() for term in terms}

    @property
    def searches(self) -> int:
        """Number of pairs of a site and a keyword."""
        return sum(map(len, self.keywords.values()))


@dataclass(frozen=True)
class Comparable:
    """Numbers of a month: all, those on the fixed sites, and of these those of fixed searches.

    `unattributed` is how many on the fixed sites do not say by which keyword they were found;
    they are in no search. None where a number is not known.
    """

    month: str
    all: int | None
    sites: int | None
    searches: int | None
    unattributed: int | None


def fixed_set(data: ReportData) -> FixedSet:
    """The sites and keywords that were searched in every month of the period with a search.

    A running month is left out, since more sites and keywords may follow.
    """
    coverage = data.coverage
    over = [month for month in data.covered_months if not data.context.is_running(month)]
    months = over or data.covered_months
    in_use = {month: data.context.keywords(month) for month in months}
    searched = [coverage.searched(month) for month in months]
    everywhere = frozenset.intersection(*searched) if searched else frozenset()
    any_site = frozenset.union(*searched) if searched else frozenset()
    by_site = {
        site: [coverage.site_keywords(month, site, in_use[month]) for month in months]
        for site in any_site
    }
    keywords = {site: frozenset.intersection(*by_site[site]) for site in sorted(everywhere)}
    same = everywhere == any_site and all(len(set(terms)) == 1 for terms in by_site.values())
    monitored = {site for month in months for site in data.sites(month)}
    return FixedSet(months, keywords, len(monitored), same)


def comparable_series(data: ReportData, fixed: FixedSet) -> list[Comparable]:
    """The numbers of every month of the period; see `Comparable`.

    An advertisement counts under a search if any of the keywords that found it was searched on
    its site in every month.
    """
    totals, counts = data.count("month"), _counts(data, fixed)
    attributed = any(searches for _, searches, _ in counts.values())
    rows = []
    for month in data.context.months:
        whole = totals[(month,)]
        if data.is_gap(month):
            rows.append(Comparable(month, whole or None, None, None, None))
            continue
        sites, searches, unknown = counts.get(month, (0, 0, 0))
        rows.append(
            Comparable(
                month,
                whole,
                sites if fixed.keywords else None,
                # A store that never recorded keywords has no such series, not one of zeros.
                searches if fixed.searches and (attributed or not sum(totals.values())) else None,
                unknown if fixed.keywords else None,
            )
        )
    return rows


def _counts(data: ReportData, fixed: FixedSet) -> dict[str, tuple[int, int, int]]:
    """By month, the numbers on the fixed sites, of fixed searches, and without a keyword."""
    sites: Counter[str] = Counter()
    searches: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for (month, site, found_by), number in data.count("month", "site", "found_by").items():
        terms = fixed.keywords.get(site)
        if terms is None:
            continue
        sites[month] += number
        found = [term.strip() for term in (found_by or "").split(";") if term.strip()]
        if not found:
            unknown[month] += number
        elif terms.intersection(found):
            searches[month] += number
    return {month: (sites[month], searches[month], unknown[month]) for month in sites}
