"""site_species.csv and age_claims.csv: species and age claims by site."""

from __future__ import annotations

from exports.dataset import AGE_CLAIMS, ReportData
from exports.rounding import share
from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table

CLAIMS = AGE_CLAIMS[:-1]
"""Age claims without `none`, which most advertisements have."""


def largest_first(data: ReportData) -> list[str]:
    """Sites with advertisements in the period, largest first, then by name."""
    counts = data.count("site")
    return [site for (site,) in sorted(counts, key=lambda key: (-counts[key], key))]


def site_species(data: ReportData) -> Table:
    """Share of each species in a site's year; species without advertisements have no row."""
    counts = data.count("site", "month", "species")
    years = sorted({month[:4] for month in data.context.months})
    by_year: dict[tuple[str, str, str], int] = {}
    for (site, month, name), number in counts.items():
        key = (site, month[:4], name)
        by_year[key] = by_year.get(key, 0) + number
    rows = []
    for site in largest_first(data):
        for year in years:
            numbers = [
                (species, by_year.get((site, year, species), 0)) for species in data.context.species
            ]
            whole = sum(number for _, number in numbers)
            rows += [(site, year, species, n, share(n, whole)) for species, n in numbers if n]
    columns = {"site": TEXT, "year": TEXT, "species": TEXT}
    return make_table(
        "site_species", columns | {"advertisements": COUNT, "share_percent": PERCENT}, rows
    )


def age_claims(data: ReportData) -> Table:
    """Shares of old and new among the advertisements with an age claim: all sites, then each.

    `sample` is the number of advertisements with a claim; sites without one have no row.
    """
    counts = data.count("site", "age_claim")
    sites = {site: [counts[site, claim] for claim in CLAIMS] for site in largest_first(data)}
    everywhere = [sum(column) for column in zip(*sites.values(), strict=True)] or [0] * len(CLAIMS)
    rows = []
    for site, numbers in [("all", everywhere), *sites.items()]:
        sample = sum(numbers)
        if sample or (site == "all" and (sites or data.covered_months)):
            rows += [
                (site, claim, number, share(number, sample), sample)
                for claim, number in zip(CLAIMS, numbers, strict=True)
            ]
    columns = {"site": TEXT, "claim": TEXT, "advertisements": COUNT}
    return make_table("age_claims", columns | {"share_percent": PERCENT, "sample": COUNT}, rows)
