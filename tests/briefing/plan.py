"""How many advertisements each site has of each species in each month."""

from __future__ import annotations

from tests.briefing.spread import spread
from wildcrawl.months import months_between

MONTHS = months_between("2012-01", "2016-12")
TOTALS = dict(
    zip(
        MONTHS,
        [
            *(2790, 2800, 2940, 2330, 2740, 2620, 1495, 1460, 1500, 1480, 1440, 1425),
            *(1390, 1180, 1420, 1350, 1310, 1260, 1220, 1190, 1150, 1170, 1140, 1146),
            *(1250, 1210, 1390, 1430, 1450, 1470, 1480, 1490, 1500, 1710, 1790, 1830),
            *(1980, 1620, 1870, 1930, 2110, 1940, 1830, 1720, 1470, 1690, 1430, 1315),
            *(985, 705, 940, 1020, 1454, 960, 905, 880, 845, 835, 830, 825),
        ],
        strict=True,
    )
)
ALL = sum(TOTALS.values())

SINCE = {
    "whale": "2015-01",
    "leopard": "2013-01",
    "helmeted_hornbill": "2013-04",
    "saiga": "2012-07",
    "pangolin": "2012-05",
    "tiger": "2012-01",
    "sea_turtle": "2012-01",
}
"""The rarer species and the month of their first advertisement; the last takes what is left."""
_PERMILLE = {
    "ivory": 632,
    "rhino_horn": 181,
    "sea_turtle": 77,
    "helmeted_hornbill": 47,
    "tiger": 40,
    "saiga": 16,
    "pangolin": 5,
    "leopard": 2,
    "whale": 1,
}
_FIRST_HALF_2012 = {
    "ivory": (1310, 1290, 1345, 480, 1325, 1300),
    "rhino_horn": (470, 480, 510, 505, 495, 480),
}
_FIXED = {("ivory", "2016-02"): 469, ("ivory", "2015-05"): 1351, ("rhino_horn", "2015-01"): 522}

LEADING = "bund_antiques"
_LEADING_YEARS = {"2012": 5004, "2013": 4030, "2014": 6480, "2015": 9621}
_LEADING_2016 = {"ivory": 4350, "rhino_horn": 853, "sea_turtle": 296}
_LEADING_2016_OTHERS = 428
_KINDS = ("antiques", "curios", "secondhand", "auction", "forum", "classifieds")
SITES = {LEADING: MONTHS[0]} | {
    f"{_KINDS[number % 6]}_{number:02d}": MONTHS[max(0, 2 * (number - 7)) + (number > 7) * 13]
    for number in range(1, 31)
}
"""Each site and the month of its first advertisement: eight at first, 31 in the end."""

Cells = dict[tuple[str, str], int]
"""(month, species) to a number of advertisements."""


def species_totals() -> dict[str, int]:
    """Each species' share of all; the printed shares add up to 100.1, so each is a little less."""
    over = sum(_PERMILLE.values()) - 1000
    weights = [share - over / len(_PERMILLE) for share in _PERMILLE.values()]
    nothing, everything = [0] * len(weights), [ALL] * len(weights)
    return dict(zip(_PERMILLE, spread(ALL, weights, nothing, everything), strict=True))


def cells() -> Cells:
    """How many advertisements of each species are new in each month."""
    totals = species_totals()
    ivory = _common("ivory", totals["ivory"], [470] * 60, [1350] * 60)
    below_ivory = [min(521, number - 1) for number in ivory]
    rhino = _common("rhino_horn", totals["rhino_horn"], [0] * 60, below_ivory)
    left = [all_ - i - r for all_, i, r in zip(TOTALS.values(), ivory, rhino, strict=True)]
    found = {"ivory": ivory, "rhino_horn": rhino}
    for species, since in SINCE.items():
        room = [number if month >= since else 0 for month, number in zip(MONTHS, left, strict=True)]
        found[species] = spread(totals[species], room, [0] * 60, room)
        left = [before - taken for before, taken in zip(left, found[species], strict=True)]
    return {
        (month, species): number
        for species, numbers in found.items()
        for month, number in zip(MONTHS, numbers, strict=True)
    }


def _common(species: str, total: int, low: list[int], high: list[int]) -> list[int]:
    low, high = list(low), list(high)
    fixed = dict(zip(MONTHS, _FIRST_HALF_2012[species], strict=False))
    fixed |= {month: number for (name, month), number in _FIXED.items() if name == species}
    for month, number in fixed.items():
        low[MONTHS.index(month)] = high[MONTHS.index(month)] = number
    weights = [number * _wave(month) for month, number in TOTALS.items()]
    return spread(total, weights, low, high)


def _wave(month: str) -> float:
    """A little up and down, so that no two months look the same."""
    return 1 + 0.08 * ((MONTHS.index(month) * 7 % 11) / 5 - 1)


def leading(of_all: Cells) -> Cells:
    """What of all advertisements the leading site has."""
    found: Cells = {}
    for year, total in _LEADING_YEARS.items():
        found |= _part(total, {cell: of_all[cell] for cell in of_all if cell[0][:4] == year})
    in_2016 = {cell: of_all[cell] for cell in of_all if cell[0] >= "2016"}
    for species, total in _LEADING_2016.items():
        found |= _part(total, {cell: in_2016[cell] for cell in in_2016 if cell[1] == species})
    others = {cell: number for cell, number in in_2016.items() if cell[1] not in _LEADING_2016}
    return found | _part(_LEADING_2016_OTHERS, others)


def _part(total: int, of_cells: Cells) -> Cells:
    most = list(of_cells.values())
    weights = [number * (2 * _wave(month) - 1) for (month, _), number in of_cells.items()]
    return dict(zip(of_cells, spread(total, weights, [0] * len(most), most), strict=True))


def by_site() -> dict[str, Cells]:
    """How many advertisements each site has of each species in each month."""
    of_all = cells()
    first = leading(of_all)
    found: dict[str, Cells] = {LEADING: first, **{site: {} for site in SITES if site != LEADING}}
    for (month, species), number in of_all.items():
        open_ = [site for site, since in SITES.items() if since <= month and site != LEADING]
        # In the month in which a site is taken up, its ivory is what is found first.
        least = [int(species == "ivory" and SITES[site] == month) for site in open_]
        weights = [1 / (2 + rank) for rank, _ in enumerate(open_)]
        rest = number - first[month, species]
        parts = spread(rest, weights, least, [rest] * len(open_))
        for site, part in zip(open_, parts, strict=True):
            found[site][month, species] = part
    return found
