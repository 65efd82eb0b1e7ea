"""Comparable series, expected ranges by species and site, and the figure of sites and years."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from exports import Context, ReportSite
from exports.charts.lines import comparable_figure
from exports.charts.site_years import site_years_figure
from exports.comparable import FixedSet, fixed_set
from exports.dataset import ReportData, read_report_data
from exports.expected_range import Band, band
from exports.formats import Formats
from exports.narrative import comparable_sentences
from exports.tables import make_tables
from exports.tables.expected import LEAST
from exports.tables.sampled import interval
from exports.texts import texts_of
from tests.helpers.exports_data import GROUPS, ad, context, frame
from tests.helpers.made_runs import run
from wildcrawl.months import months_between

FIRST, SECOND, LATER = (keyword.term for keyword in GROUPS[0].keywords)
"""Keywords of ivory; the last one is in use since April 2016."""
SPRING = months_between("2016-03", "2016-05")
Row = dict[str, Any]


def found(month: str, site: str, *found_by: str) -> list[Row]:
    return [
        ad(f"{month}-03", site=site, ad_id=f"{month} {number}", found_by=terms)
        for number, terms in enumerate(found_by)
    ]


def data_of(rows: list[Row], given: Context) -> ReportData:
    return read_report_data(frame(*rows), given)


def rows_of(data: ReportData, name: str) -> list[tuple[Any, ...]]:
    return make_tables(data)[name].rows.rows()


def said(data: ReportData, lang: str = "en") -> str:
    formats = Formats(data.context, texts_of(lang))
    return " ".join(comparable_sentences(data, make_tables(data)["comparable"], formats))


GROWING = [
    *found("2016-03", "mall", FIRST),
    *found("2016-04", "mall", FIRST, LATER),
    *found("2016-04", "shop", FIRST),
    *found("2016-05", "mall", f"{LATER};{FIRST}", ""),
    *found("2016-05", "shop", FIRST, FIRST),
]
GROWING_RUNS = [
    run("mall", "2016-03", keywords=[FIRST, SECOND]),
    run("mall", "2016-04", keywords=[FIRST]),
    run("mall", "2016-04", keywords=[LATER]),
    run("mall", "2016-05", keywords=[FIRST, SECOND, LATER]),
    run("shop", "2016-03", "blocked"),
    run("shop", "2016-04", keywords=[FIRST]),
    run("shop", "2016-05", keywords=[FIRST]),
]


def test_the_fixed_set_is_what_good_runs_searched_in_every_month() -> None:
    data = data_of(GROWING, context(*SPRING, runs=GROWING_RUNS))
    assert fixed_set(data) == FixedSet(SPRING, {"mall": frozenset({FIRST})}, 2, same=False)
    assert rows_of(data, "comparable") == [
        ("2016-03", 1, 1, 1, 0), ("2016-04", 3, 2, 1, 0), ("2016-05", 4, 2, 1, 1),
    ]  # fmt: skip
    assert rows_of(data, "comparable_searches") == [("mall", FIRST)]
    words = said(data)
    assert "1 of 2 monitored websites (mall) and 1 keyword, over 3 months" in words
    assert "By which keyword 1 advertisement on these websites was found is not recorded" in words
    figure = comparable_figure(
        make_tables(data)["comparable"], Formats(data.context, texts_of("zh"))
    )
    assert figure is not None
    assert "固定搜索：每月1至1条" in figure.wide


def test_equal_series_of_the_fixed_set_are_one_line() -> None:
    runs = [run("mall", month) for month in SPRING] + [run("fair", SPRING[2])]
    rows = [*(ad(f"{month}-04", found_by=FIRST) for month in SPRING),
            ad(f"{SPRING[2]}-05", site="fair", ad_id="2", found_by=FIRST)]  # fmt: skip
    data = data_of(rows, context(*SPRING, runs=runs))
    figure = comparable_figure(
        make_tables(data)["comparable"], Formats(data.context, texts_of("en"))
    )
    assert figure is not None
    assert "Fixed set" in figure.wide
    assert "Fixed searches" not in figure.wide


def test_what_a_running_month_has_not_searched_yet_stays_in_the_fixed_set() -> None:
    runs = [run("mall", month, keywords=[FIRST, SECOND]) for month in SPRING[:2]]
    runs += [run("mall", SPRING[2], keywords=[FIRST])]
    now = datetime(2016, 5, 20, tzinfo=UTC)
    fixed = fixed_set(data_of(GROWING, context(*SPRING, runs=runs, made_at=now)))
    assert (list(fixed.months), fixed.keywords) == (
        SPRING[:2],
        {"mall": frozenset({FIRST, SECOND})},
    )
    afterwards = fixed_set(data_of(GROWING, context(*SPRING, runs=runs)))
    assert afterwards.keywords == {"mall": frozenset({FIRST})}


def test_months_that_were_all_searched_alike_compare_as_they_are() -> None:
    runs = [run(site, month) for month in SPRING[:2] for site in ("mall", "shop")]
    data = data_of(GROWING[:-4], context(*SPRING[:2], runs=runs))
    # The vocabulary grew in April, which these runs follow.
    assert not fixed_set(data).same
    runs = [replace(each, keywords=[FIRST]) for each in runs]
    data = data_of(GROWING[:-4], context(*SPRING[:2], runs=runs))
    assert fixed_set(data).same
    assert "so the months can be compared directly" in said(data)
    table = make_tables(data)["comparable"]
    assert table.rows["all"].to_list() == table.rows["fixed_sites"].to_list() == [1, 3]
    assert rows_of(data_of(GROWING, context("2016-05")), "comparable") == []


def test_a_month_without_a_search_and_keywords_not_recorded_have_no_number() -> None:
    runs = [run("mall", "2016-03"), run("mall", "2016-05"), run("shop", "2016-05")]
    rows = [*found("2016-03", "mall", "", ""), *found("2016-05", "mall", "")]
    data = data_of(rows, context(*SPRING, runs=runs))
    assert rows_of(data, "comparable") == [
        ("2016-03", 2, 2, None, 2), ("2016-04", None, None, None, None),
        ("2016-05", 1, 1, None, 1),
    ]  # fmt: skip
    assert "so the fixed searches have no series" in said(data)
    # No site was searched in both months.
    runs = [run("mall", "2016-03"), run("shop", "2016-05")]
    data = data_of(rows[:2], context(*SPRING, runs=runs))
    assert {row[2:] for row in rows_of(data, "comparable")} == {(None, None, None)}
    assert "No website was searched in each of the 2 months with a search" in said(data)
    assert rows_of(data, "comparable_searches") == []


def test_years_are_compared_on_the_fixed_searches() -> None:
    months = ("2015-12", "2016-01")
    rows = [*found("2015-12", "mall", *[FIRST] * 4), *found("2016-01", "mall", *[FIRST] * 3)]
    rows += found("2016-01", "new", *[FIRST] * 90)
    runs = [run("mall", month) for month in months] + [run("new", "2016-01")]
    words = said(data_of(rows, context(*months, runs=runs)))
    assert "By the fixed searches, 2016 had 3.0 a month on average, 25.0% fewer than 2015" in words


def expectations(rows: list[Row], given: Context) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {row[:2]: row[2:] for row in rows_of(data_of(rows, given), "expected")}


def test_each_species_and_site_has_a_range_or_says_why_not() -> None:
    months = months_between("2012-05", "2016-05")
    rows = []
    for month in months:
        number = 9 if month == "2016-05" else 2
        rows += found(month, "mall", *[FIRST] * number)
    rows += [
        ad(f"{month}-04", site="young", ad_id=month, species="rhino_horn") for month in months[-4:]
    ]
    runs = [run("mall", month) for month in months]
    runs += [run("young", month) for month in months[-4:]] + [run("late", "2016-05", "blocked")]
    given = context(*months, runs=runs)
    found_ranges = expectations(rows, given)
    assert found_ranges["ivory", "all"] == (9, 0, 6, "above", 18, 2, 2, "highest", 4)
    assert found_ranges["all", "mall"] == found_ranges["ivory", "all"]
    assert found_ranges["all", "young"] == (1, None, None, "too_little", 3, None, None,
                                            "too_little", 0)  # fmt: skip
    assert found_ranges["all", "late"][0] is None
    assert found_ranges["all", "late"][3] == "not_searched"
    # Rhino horn was searched for and not found before: one is no surprise.
    assert found_ranges["rhino_horn", "all"][:4] == (1, 0, 4, "within")
    # Pangolin is searched for since this month.
    assert found_ranges["pangolin", "all"][:5] == (0, None, None, "too_little", 0)
    now = replace(given, made_at=datetime(2016, 5, 20, tzinfo=UTC))
    assert {row[3] for row in expectations(rows, now).values()} == {"not_over", "not_searched"} - {
        "not_searched"
    }
    waiting = [*rows, *(ad("2016-05-09", ad_id=f"w{n}", verdict="pending") for n in range(9))]
    assert {row[3] for row in expectations(waiting, given).values()} == {"not_judged"}


def test_after_months_of_nothing_one_advertisement_is_not_unusual() -> None:
    assert band([0] * 12, LEAST) == Band(0, 3)
    assert band([100, 110, 90, 105, 95, 100]) == Band(70, 130)
    assert [interval(*each) for each in ((9, 10), (0, 5))] == [
        (Decimal("59.6"), Decimal("98.2")), (Decimal("0.0"), Decimal("43.4")),
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_figure_of_sites_and_years_tells_a_zero_from_a_gap(lang: str) -> None:
    months = months_between("2015-11", "2016-02")
    label = "<b>" + "古玩城" * 30
    sites = [
        ReportSite("mall", label, "2015-11", label),
        ReportSite("shop", "", "2016-01"),
        ReportSite("idle", ""),
    ]
    rows = [*found("2015-11", "mall", *[FIRST] * 3), *found("2016-01", "shop", FIRST)]
    runs = [run("mall", month) for month in months] + [run("shop", "2016-01")]
    data = data_of(rows, context(*months, sites=sites, runs=runs))
    table = make_tables(data)["site_species"]
    figure = site_years_figure(data, table, Formats(data.context, texts_of(lang)))
    assert figure is not None
    comma = "、" if lang == "zh" else ", "
    assert f"2015 3{comma}2016 0" in figure.wide
    assert f"2015 –{comma}2016 1" in figure.wide
    assert figure.legend in (
        "–: the website was not monitored or not searched in that year.",
        "–：该网站当年未监测或未搜索。",
    )
    for drawn in (figure.wide, figure.narrow):
        assert "&lt;b&gt;古玩城" in drawn
        assert "<b>" not in drawn
    many = [row for number in range(45) for row in found("2015-11", f"s{number:02d}", FIRST)]
    data = data_of(many, context(*months))
    table = make_tables(data)["site_species"]
    figure = site_years_figure(data, table, Formats(data.context, texts_of(lang)))
    assert figure is not None
    assert figure.wide.count(">s") == 40
    assert "2015 5" in figure.wide
