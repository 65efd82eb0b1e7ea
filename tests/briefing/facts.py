"""What the briefing says, as a person looks it up."""

from __future__ import annotations

from decimal import Decimal

D = Decimal

SPECIES_SHARES = {
    "ivory": D("63.2"),
    "rhino_horn": D("18.1"),
    "sea_turtle": D("7.7"),
    "helmeted_hornbill": D("4.7"),
    "tiger": D("4.0"),
    "saiga": D("1.6"),
    "pangolin": D("0.5"),
    "leopard": D("0.2"),
    "whale": D("0.1"),
}
LEADING_SITE_ADVERTISEMENTS, LEADING_SITE_SHARE = 31_062, D("34.5")
LEADING_SITE_2016 = {"ivory": D("73.4"), "rhino_horn": D("14.4"), "sea_turtle": D("5.0")}
AGE_SAMPLE, OLD_SHARE, NEW_SHARE = 1199, D("90.2"), D("9.8")
SITES_AT_END = 31
KEYWORDS_AT_END = 112

ABOVE_1500 = [
    *(f"2014-{month}" for month in (10, 11, 12)),
    *(f"2015-{month:02d}" for month in (1, 2, 3, 4, 5, 6, 7, 8, 10)),
]
"""The months above 1 500, of those from July 2012 on: 2012 has 25 000, most in its first half."""
SINCE = "2012-07"
IVORY_LEAST, IVORY_MOST = ("2016-02", 469), ("2015-05", 1351)
RHINO_MOST, RHINO_ABOVE_IVORY = ("2015-01", 522), "2012-04"

SURVEYS_2016 = [(146, 856), (107, 517), (133, 647), (102, 487), (185, 1014)]
SURVEYS_2015 = (D(227), D(1236))
"""The averages of advertisements, and of images and videos."""
ACCOUNTS = {"active": 27, "suspended": 16, "quit": 15}
ACTIVE_2015, ACTIVE_2016 = (D(115), D(596)), (135, 704)
IVORY_SOCIAL_TYPES = {
    "raw": D("11.0"),
    "semi_worked": D("13.0"),
    "worked_carved": D("36.0"),
    "worked_uncarved": D("40.0"),
}

PRICES = [
    # species, product type, age claim, kind, the figure, RMB, USD as the briefing prints it
    ("ivory", "worked_uncarved", "new", "amount", "median", D(570), "82.70"),
    ("ivory", "worked_uncarved", "old", "amount", "median", D(4900), "711.20"),
    ("rhino_horn", "raw", "new", "per_gram", "median", D(600), "87.10"),
]
