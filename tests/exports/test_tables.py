"""Tables of years, sites, claims, types and surveys, compared with sums in plain Python."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl
import pytest

from exports import Context
from exports.dataset import read_report_data
from exports.formats import Formats
from exports.tables import make_tables
from exports.texts import texts_of
from tests.helpers.exports_data import GROUPS, ad, context, frame, social
from wildcrawl.months import months_between
from wildcrawl.review.agreement import Agreement
from wildcrawl.review.looking.after_removal import AfterRemoval, Reposts
from wildcrawl.review.notices import Removal

MONTHS = months_between("2014-11", "2016-02")
NAMES = [*(group.name for group in GROUPS), "unheard"]
"""Species groups of the rows; the vocabulary lacks the last one."""
Row = dict[str, Any]


def tables_of(rows: list[Row], given: Context) -> dict[str, list[tuple[Any, ...]]]:
    tables = make_tables(read_report_data(frame(*rows), given))
    return {name: table.rows.rows() for name, table in tables.items()}


def share(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def many_rows() -> list[Row]:
    chance = random.Random(20140101)
    return [
        ad(
            f"{chance.choice([*MONTHS, '2014-10', '2016-03'])}-{chance.randrange(2, 28):02d}",
            ad_id=str(number),
            site=chance.choice(["mall", "mall", "mall", "forum", "shop"]),
            species=chance.choice(["ivory", "ivory;pangolin", "rhino_horn", "pangolin", "unheard"]),
            product_type=chance.choice(["raw", "semi_worked", "other", "", "odd"]),
            age_claim=chance.choice(["old", "old", "old", "new", "", "odd"]),
            verdict=chance.choice(["valid", "valid", "valid", "fake"]),
        )
        for number in range(900)
    ]


def counted(rows: list[Row]) -> list[Row]:
    """The valid ones of the period; at noon UTC, the day is the same in China."""
    found = []
    for row in rows:
        month = f"{row['first_seen']:%Y-%m}"
        if month in MONTHS and row["verdict"] == "valid":
            first = row["species"].split(";")[0]
            found.append(row | {"month": month, "first": first})
    return found


def test_site_species_are_shares_of_a_sites_year() -> None:
    rows = many_rows()
    numbers = Counter((r["site"], r["month"][:4], r["first"]) for r in counted(rows))
    sites = Counter(r["site"] for r in counted(rows))
    expected = []
    for site in sorted(sites, key=lambda name: (-sites[name], name)):
        for year in ("2014", "2015", "2016"):
            whole = sum(numbers[site, year, name] for name in NAMES)
            expected += [
                (site, year, name, number, share(number, whole))
                for name in NAMES
                if (number := numbers[site, year, name])
            ]
    assert tables_of(rows, context(*MONTHS))["site_species"] == expected


def test_years_are_compared_by_the_months_that_are_counted() -> None:
    rows = many_rows()
    numbers = Counter(r["month"][:4] for r in counted(rows))
    averages = {y: Decimal(numbers[y]) / n for y, n in (("2014", 2), ("2015", 12), ("2016", 2))}
    table = tables_of(rows, context(*MONTHS))["yearly"]
    for (year, number, average, change, of_first, _), before in zip(
        table, [None, "2014", "2015"], strict=True
    ):
        tenth = Decimal("0.1")
        assert number == numbers[year]
        assert average == averages[year].quantize(tenth, ROUND_HALF_UP)
        ratio = 100 * averages[year] / averages["2014"]
        assert of_first == ratio.quantize(tenth, ROUND_HALF_UP)
        moved = before and 100 * (averages[year] / averages[before] - 1)
        assert change == (moved and moved.quantize(tenth, ROUND_HALF_UP))


def test_the_year_after_an_empty_one_has_no_change() -> None:
    rows = [ad("2015-05-02", ad_id="1")]
    afterwards = datetime(2017, 1, 5, tzinfo=UTC)
    given = context(*months_between("2014-01", "2016-12"), made_at=afterwards)
    table = tables_of(rows, given)["yearly"]
    nothing = Decimal("0.0")
    assert table == [
        ("2014", 0, nothing, None, None, 12),
        ("2015", 1, Decimal("0.1"), None, None, 12),
        ("2016", 0, nothing, Decimal("-100.0"), None, 12),
    ]


def test_extremes_name_the_first_of_equal_months() -> None:
    rows = [
        *(ad("2015-02-02", ad_id=f"a{number}") for number in range(3)),
        *(ad("2015-03-02", ad_id=f"b{number}") for number in range(3)),
        ad("2015-04-02", ad_id="c", species="pangolin"),
    ]
    table = tables_of(rows, context(*months_between("2015-01", "2015-05")))["extremes"]
    assert table == [
        ("all", 0, "2015-01", 3, "2015-02"),
        ("ivory", 0, "2015-01", 3, "2015-02"),
        ("rhino_horn", 0, "2015-01", 0, "2015-01"),
        ("pangolin", 0, "2015-01", 1, "2015-04"),
        ("general", 0, "2015-01", 0, "2015-01"),
    ]


def test_age_claims_are_shares_of_those_who_claim() -> None:
    rows = many_rows()
    numbers = Counter((r["site"], r["age_claim"]) for r in counted(rows))
    sites = Counter(r["site"] for r in counted(rows))
    expected = []
    for site in ["all", *sorted(sites, key=lambda name: (-sites[name], name))]:
        own = {
            claim: sum(
                n for (each, c), n in numbers.items() if c == claim and site in (each, "all")
            )
            for claim in ("old", "new")
        }
        sample = sum(own.values())
        expected += [(site, c, n, share(n, sample), sample) for c, n in own.items()]
    assert tables_of(rows, context(*MONTHS))["age_claims"] == expected


def test_without_any_claim_all_has_zeros_and_no_shares() -> None:
    assert tables_of([ad()], context())["age_claims"] == [
        ("all", "old", 0, None, 0),
        ("all", "new", 0, None, 0),
    ]


def test_product_types_are_shares_of_a_species() -> None:
    rows = many_rows()
    known = ["raw", "semi_worked", "worked_carved", "worked_uncarved", "other", "unknown"]
    numbers = Counter(
        (r["first"], r["product_type"] if r["product_type"] in known else "unknown")
        for r in counted(rows)
    )
    expected = []
    for name in NAMES:
        whole = sum(numbers[name, kind] for kind in known)
        expected += [
            ("web", name, kind, number, share(number, whole))
            for kind in known
            if (number := numbers[name, kind])
        ]
    assert tables_of(rows, context(*MONTHS))["product_types"] == expected


def test_social_posts_are_a_channel_of_their_own() -> None:
    table = tables_of([ad(product_type="raw")], context(social=social()))["product_types"]
    assert table == [
        ("web", "ivory", "raw", 1, Decimal("100.0")),
        ("social", "ivory", "raw", 3, Decimal("42.9")),
        ("social", "ivory", "worked_carved", 3, Decimal("42.9")),
        ("social", "ivory", "unknown", 1, Decimal("14.3")),
    ]


def test_surveys_of_the_period_are_listed_and_averaged_by_year() -> None:
    both = tables_of([], context(*months_between("2015-01", "2016-12"), social=social()))
    assert both["social_surveys"] == [
        ("2015", "2015-05-10", "2015-05-10", 4, 6, 18),
        ("2015", "2015-06-10", "2015-06-10", 4, 3, 9),
        ("2016", "2016-05-09", "2016-05-09", 4, 5, 15),
        ("2016", "2016-05-20", "2016-05-20", 4, 2, 6),
    ]
    assert both["social_summary"] == [
        ("2015", 2, Decimal("4.5"), Decimal("13.5"), *[None] * 4),
        (
            *("2016", 2, Decimal("3.5"), Decimal("10.5"), Decimal("-22.2"), Decimal("-22.2")),
            *(Decimal("4.5"), Decimal("13.5")),
        ),
    ]
    one = tables_of([], context("2016-05", social=social()))
    assert [row[1] for row in one["social_surveys"]] == ["2016-05-09", "2016-05-20"]
    assert one["social_summary"] == both["social_summary"][1:]
    assert tables_of([], context("2016-04", social=social()))["social_summary"] == []


def test_accounts_active_in_both_years_are_compared() -> None:
    table = tables_of([], context(social=social()))["social_accounts"]
    # Of 2015's 6 + 3 advertisements, a and b had 2 + 2 and 1 + 1; of 2016's all 5 + 2.
    moved = Decimal("16.7")
    assert table == [
        (
            "active",
            2,
            Decimal("3.0"),
            Decimal("3.5"),
            moved,
            Decimal("9.0"),
            Decimal("10.5"),
            moved,
        ),
        ("quit", 1, *[None] * 6),
        ("suspended", 1, *[None] * 6),
    ]


def test_accounts_without_a_year_before_have_no_averages() -> None:
    given = social()
    only = replace(given, accounts=given.accounts.filter(pl.col("year") == 2016))
    assert tables_of([], context(social=only))["social_accounts"][0] == ("active", 2, *[None] * 6)


def test_accounts_that_fell_silent_have_an_average_of_0() -> None:
    given = social()
    early = pl.col("date").dt.year() == 2015
    counts = ("advertisements", "images", "videos")
    silent = replace(
        given,
        posts=given.posts.filter(early),
        surveys=given.surveys.with_columns(
            *(pl.when(early).then(name).otherwise(0).alias(name) for name in counts)
        ),
    )
    row = tables_of([], context(social=silent))["social_accounts"][0]
    zero, lost = Decimal("0.0"), Decimal("-100.0")
    assert row == ("active", 2, Decimal("3.0"), zero, lost, Decimal("9.0"), zero, lost)


def test_a_survey_of_totals_alone_has_no_part_in_the_averages_of_accounts() -> None:
    given = social()
    first = given.surveys["survey"].to_list()[-1]
    totals = replace(given, posts=given.posts.filter(pl.col("survey") != first))
    tables = tables_of([], context(social=totals))
    assert tables["social_summary"][0][2] == Decimal("3.5")
    now = given.posts.filter(pl.col("date").dt.year() == 2016, pl.col("survey") != first).height
    assert tables["social_accounts"][0][3] == Decimal(now).quantize(Decimal("0.1"))


def test_accounts_in_a_year_without_an_itemised_survey_have_no_averages() -> None:
    given = social()
    later = replace(given, posts=given.posts.filter(pl.col("date").dt.year() == 2016))
    table = tables_of([], context(social=later))["social_accounts"]
    assert table[0] == ("active", 2, *[None] * 6)


@pytest.mark.parametrize("name", ["social_surveys", "social_summary", "social_accounts"])
def test_without_surveys_their_tables_are_empty(name: str) -> None:
    assert tables_of([ad()], context())[name] == []


def test_the_day_of_a_survey_decides_its_month() -> None:
    given = social()
    moved = given.surveys.with_columns(pl.lit(date(2016, 5, 31)).alias("date"))
    table = tables_of([], context("2016-06", social=replace(given, surveys=moved)))
    assert table["social_surveys"] == []


def test_sampled_shares_have_their_interval_by_year() -> None:
    rows = [
        *(ad("2015-12-05", ad_id=f"a{n}", age_claim="new" if n else "old") for n in range(3)),
        *(ad("2016-01-05", ad_id=f"b{n}", age_claim="old" if n < 9 else "new") for n in range(10)),
        ad("2016-01-06", ad_id="none"),
        *(
            ad("2016-01-07", ad_id=f"c{n}", relevance="set_aside", audit=n < 9,
               verdict="" if n > 7 else "valid" if n == 0 else "irrelevant")
            for n in range(50)
        ),
    ]  # fmt: skip
    found = tables_of(rows, context("2015-12", "2016-01"))["sampled"]
    dec = Decimal
    # The limits are those of R's binom.confint(method = "wilson").
    assert found == [
        ("2015", "old_claims", 1, 3, 3, dec("33.3"), dec("6.1"), dec("79.2")),
        ("2016", "old_claims", 9, 10, 12, dec("90.0"), dec("59.6"), dec("98.2")),
        ("2016", "missed", 1, 8, 50, dec("12.5"), dec("2.2"), dec("47.1")),
    ]
    assert tables_of([ad()], context())["sampled"] == []


def test_agreement_on_the_shared_sample() -> None:
    given = Agreement(100, 89, 0.6765, 0.5048, 0.8482)
    table = tables_of([ad()], context(agreement=given, unsettled=3))["agreement"]
    dec = Decimal
    assert table == [(100, 89, dec("89.0"), dec("0.68"), dec("0.50"), dec("0.85"), 3)]
    # As changes have it, with a minus and not a hyphen.
    assert Formats(context(), texts_of("en")).cell("kappa_low", dec("-0.12")) == "−0.12"
    table = tables_of([ad()], context(agreement=Agreement(9, 9)))["agreement"]
    assert table == [(9, 9, dec("100.0"), None, None, None, 0)]
    for none in (None, Agreement(0, 0)):
        assert tables_of([ad()], context(agreement=none))["agreement"] == []


def test_what_was_removed_after_notice() -> None:
    rows = [Removal("forum", 4, 1, 1, 1, 2, 1), Removal("mall", 10, 6, 2, 5, 4, 0)]
    assert tables_of([ad()], context(removals=rows))["removals"] == [
        ("forum", 4, 1, 1, 1, 2, 1, 0, None, 0, 0, 0, 0, 0, None),
        ("mall", 10, 6, 2, 5, 4, 0, 0, None, 0, 0, 0, 0, 0, None),
    ]
    address = "http://shop.example/?tel=13800138000"
    again = [
        AfterRemoval("shop", f"{number}", address, date(2016, 6, number), verdict, how, *of)
        for number, verdict, how, of in (
            (1, "valid", ("text", "picture"), ("mall", "a", date(2016, 5, 30))),
            (2, "pending", ("text",), ("mall", "a", date(2016, 5, 30))),
            (3, "fake", ("picture",), ("mall", "b", date(2016, 5, 30))),
        )
    ]
    given = context(removals=rows, reposts=Reposts(tuple(again), checked=5, compared=4))
    tables = tables_of([ad()], given)
    assert [row[-1] for row in tables["removals"]] == [0, 1]
    assert tables["reposts"][0] == (
        "mall", "a", "2016-05-30", "shop", "1", "http://shop.example/?tel=▒▒▒", "2016-06-01",
        "text; picture", "valid",
    )  # fmt: skip
    assert len(tables["reposts"]) == 3
    # What was not compared is not known, which is another thing than none.
    given = context(removals=rows, reposts=Reposts(checked=5))
    assert [row[-1] for row in tables_of([ad()], given)["removals"]] == [None, None]
    assert tables_of([ad()], context())["removals"] == []
