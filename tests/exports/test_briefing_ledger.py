"""Briefing ledger: its sums, made without the exporter, are the figures of the briefing."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median

import pytest

from tests.briefing import facts, records
from tests.briefing.plan import LEADING, MONTHS

pytestmark = pytest.mark.xdist_group("ledger")

Row = dict[str, str]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """Records of the file, each with its month in China."""
    path: Path = tmp_path_factory.mktemp("ledger") / "ledger.csv"
    records.write(path, records.rows())
    with path.open(encoding="utf-8", newline="") as file:
        return [row | {"month": row["found_at"][:7]} for row in csv.DictReader(file)]


def share(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def by_month(rows: list[Row], species: str = "") -> Counter[str]:
    return Counter(row["month"] for row in rows if species in ("", row["species"]))


def by_year(rows: list[Row]) -> Counter[str]:
    return Counter(row["month"][:4] for row in rows)


def test_all_are_valid_advertisements_of_the_five_years_each_known_by_its_own_id(
    rows: list[Row],
) -> None:
    assert {row["verdict"] for row in rows} == {"valid"}
    assert {row["month"] for row in rows} == set(MONTHS)
    assert all(row["found_at"].endswith("+08:00") for row in rows)
    assert len({(row["site"], row["ad_id"]) for row in rows}) == len(rows)
    assert 89_904 <= len(rows) <= 90_165


def test_every_month_is_filled_to_its_first_and_last_second_in_china(rows: list[Row]) -> None:
    starts = {row["month"] for row in rows if row["found_at"][8:19] == "01T00:00:00"}
    ends = {row["month"] for row in rows if row["found_at"][11:19] == "23:59:59"}
    assert starts == ends == set(MONTHS)


def test_shares_by_species(rows: list[Row]) -> None:
    counts = Counter(row["species"] for row in rows)
    assert {name: share(count, len(rows)) for name, count in counts.items()} == (
        facts.SPECIES_SHARES
    )


def test_the_leading_site(rows: list[Row]) -> None:
    sites = Counter(row["site"] for row in rows)
    assert sites.most_common(1) == [(LEADING, facts.LEADING_SITE_ADVERTISEMENTS)]
    assert share(sites[LEADING], len(rows)) == facts.LEADING_SITE_SHARE
    mine = [row for row in rows if row["site"] == LEADING]
    over_half = [m for m, count in by_month(mine).items() if 2 * count > by_month(rows)[m]]
    assert len(over_half) == 11
    of_2016 = Counter(row["species"] for row in mine if row["month"] >= "2016")
    shares = {name: share(of_2016[name], of_2016.total()) for name in facts.LEADING_SITE_2016}
    assert shares == facts.LEADING_SITE_2016


def test_age_claims_of_the_leading_site(rows: list[Row]) -> None:
    claims = Counter(row["age_claim"] for row in rows if row["site"] == LEADING)
    sample = claims["old"] + claims["new"]
    assert sample == facts.AGE_SAMPLE
    assert share(claims["old"], sample) == facts.OLD_SHARE
    assert share(claims["new"], sample) == facts.NEW_SHARE


def test_years(rows: list[Row]) -> None:
    years = by_year(rows)
    assert 24_500 <= years["2012"] < 25_500
    assert years["2014"] == 12 * 1500
    assert years["2015"] == 20_905
    assert years["2016"] > 10_000
    assert share(years["2016"] - years["2015"], years["2015"]) == Decimal("-46.5")
    assert share(years["2016"], years["2012"]) == Decimal("44.7")


def test_months(rows: list[Row]) -> None:
    months = by_month(rows)
    above = [m for m in MONTHS if m >= facts.SINCE and months[m] > 1500]
    assert above == facts.ABOVE_1500
    assert months["2016-05"] == 1454
    assert months["2016-12"] < 1000


def test_extremes_of_ivory_and_rhino_horn(rows: list[Row]) -> None:
    ivory, rhino = by_month(rows, "ivory"), by_month(rows, "rhino_horn")
    assert min(ivory.items(), key=lambda each: each[1]) == facts.IVORY_LEAST
    assert max(ivory.items(), key=lambda each: each[1]) == facts.IVORY_MOST
    assert [list(ivory.values()).count(ivory[month]) for month in ("2016-02", "2015-05")] == [1, 1]
    assert all(400 <= ivory[month] <= 1400 for month in MONTHS if month >= facts.SINCE)
    assert max(rhino.items(), key=lambda each: each[1]) == facts.RHINO_MOST
    assert [month for month in MONTHS if rhino[month] > ivory[month]] == [facts.RHINO_ABOVE_IVORY]


def test_sites_grow_to_those_of_december_2016(rows: list[Row]) -> None:
    first: dict[str, str] = {}
    for row in rows:
        first.setdefault(row["site"], row["month"])
    assert len(first) == facts.SITES_AT_END
    assert len(set(first.values())) == 24


def test_price_examples(rows: list[Row]) -> None:
    def prices(species: str, product_type: str, age_claim: str) -> list[str]:
        return [
            row["price"]
            for row in rows
            if (row["species"], row["product_type"], row["age_claim"])
            == (species, product_type, age_claim)
            and row["price"]
        ]

    def yuan(text: str) -> float:
        bare = text.strip("¥元").removesuffix("元/克")
        return 10_000 * float(bare[:-1]) if bare.endswith("万") else float(bare)

    modern = prices("ivory", "worked_uncarved", "new")
    assert "570元" in modern
    assert median(map(yuan, modern)) == 570
    qing = prices("ivory", "worked_uncarved", "old")
    assert median(map(yuan, qing)) == 4900
    cups = sorted(map(yuan, prices("rhino_horn", "worked_carved", "old")))
    assert 1000 < cups[0] < 10_000
    assert 2_000_000 < cups[-1] < 10_000_000
    by_gram = prices("rhino_horn", "raw", "new")
    assert all(price.endswith("/克") for price in by_gram)
    assert median(map(yuan, by_gram)) == 600
