"""Counting rules: status, month and species, compared with sums in plain Python."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from exports import ExportError, ReportSite, spill
from exports.dataset import read_report_data
from exports.formats import Formats
from exports.summary import summarise
from exports.tables import make_tables
from exports.texts import texts_of
from exports.unmonitored import Unmonitored, cautions, unmonitored
from tests.helpers.exports_data import GROUPS, ad, context, frame
from tests.helpers.made_reports import tables_of
from wildcrawl.analysis.vocabulary import Group, Keyword
from wildcrawl.items import ADVERTISEMENT_COLUMNS
from wildcrawl.months import MonthError, months_between
from wildcrawl.store import OtherRules

BEIJING = timezone(timedelta(hours=8))
MONTHS = months_between("2016-03", "2016-07")


def many_rows() -> list[dict[str, Any]]:
    """600 advertisements around the period, with every verdict, relevance and species case."""
    chance = random.Random(20160430)
    start = datetime(2016, 2, 25, tzinfo=UTC)
    return [
        ad(
            (start + timedelta(minutes=chance.randrange(60 * 24 * 160))).strftime("%FT%T"),
            ad_id=str(number),
            site=chance.choice(["mall", "forum", "shop", "from records"]),
            species=chance.choice(
                ["ivory", "ivory;rhino_horn", "rhino_horn", " pangolin ;ivory", "", "mammoth", ";"]
            ),
            verdict=chance.choice(["valid", "valid", "pending", "irrelevant", "fake", ""]),
            relevance=chance.choice(["likely", "likely", "set_aside", ""]),
            price_kind=chance.choice(["on_request", "placeholder", "range", "absent", "", "odd"]),
        )
        for number in range(600)
    ]


def expected(rows: list[dict[str, Any]], include_pending: bool) -> list[tuple[str, str, str, str]]:
    """Month, species, site and price kind of each counted row, by the documented rules."""
    found = []
    for row in rows:
        month = row["first_seen"].astimezone(BEIJING).strftime("%Y-%m")
        waits = row["verdict"] in ("pending", "") and row["relevance"] != "set_aside"
        if month in MONTHS and (row["verdict"] == "valid" or (include_pending and waits)):
            first = row["species"].split(";")[0].strip()
            species = first or "general"
            kind = row["price_kind"] if row["price_kind"] not in ("", "odd") else "absent"
            found.append((month, species, row["site"], kind))
    return found


def share(part: int, whole: int) -> Decimal:
    exact = Decimal(100 * part) / Decimal(whole)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


@pytest.mark.parametrize("include_pending", [False, True])
def test_all_tables_agree_with_sums_made_row_by_row(include_pending: bool) -> None:
    rows = many_rows()
    counted = expected(rows, include_pending)
    got = tables_of(rows, context(*MONTHS, include_pending=include_pending))

    by_month = Counter((month, species) for month, species, _, _ in counted)
    # The vocabulary lacks mammoth, which keeps a column of its own.
    names = [*(group.name for group in GROUPS), "mammoth"]
    monthly = got["monthly"].drop("sites_not_searched", "same_sites")
    assert monthly.columns == ["month", "all", *names]
    assert monthly.rows() == [
        (month, sum(numbers), *numbers)
        for month in MONTHS
        for numbers in [[by_month[month, name] for name in names]]
    ]
    whole = len(counted)
    for table, place, order in (
        ("species_share", 1, names),
        ("site_share", 2, None),
        ("price_kinds", 3, None),
    ):
        numbers = Counter(each[place] for each in counted)
        rows_of_table = got[table].rows()
        for name, number, percent, *_ in rows_of_table:
            assert (number, percent) == (numbers[name], share(numbers[name], whole))
        assert sum(row[1] for row in rows_of_table) == whole
        assert order is None or [row[0] for row in rows_of_table] == order


def test_the_month_begins_at_midnight_in_china() -> None:
    rows = [
        ad("2016-04-30T15:59:59", ad_id="april"),
        ad("2016-04-30T16:00:00", ad_id="may"),
        ad("2016-05-31T15:59:59", ad_id="may too"),
        ad("2016-05-31T16:00:00", ad_id="june"),
    ]
    monthly = tables_of(rows, context("2016-04", "2016-05", "2016-06"))["monthly"]
    assert monthly["all"].to_list() == [1, 2, 1]
    counted = tables_of(rows, context("2016-05"))["advertisements"]
    assert sorted(counted["ad_id"]) == ["may", "may too"]


def test_a_later_sighting_does_not_move_an_advertisement() -> None:
    seen_again = ad("2016-04-10T00:00:00") | {"last_seen": datetime(2016, 5, 20, tzinfo=UTC)}
    monthly = tables_of([seen_again], context("2016-04", "2016-05"))["monthly"]
    assert monthly["all"].to_list() == [1, 0]


@pytest.mark.parametrize(
    ("verdict", "relevance", "counted", "counted_with_pending"),
    [
        ("valid", "likely", 1, 1),
        ("valid", "set_aside", 1, 1),
        ("pending", "likely", 0, 1),
        ("pending", "set_aside", 0, 0),
        ("pending", "none", 0, 0),
        ("irrelevant", "likely", 0, 0),
        ("fake", "likely", 0, 0),
        ("fake", "set_aside", 0, 0),
    ],
)
def test_a_persons_verdict_decides(
    verdict: str, relevance: str, counted: int, counted_with_pending: int
) -> None:
    records = frame(ad(verdict=verdict, relevance=relevance))
    assert read_report_data(records, context()).total == counted
    assert read_report_data(records, context(include_pending=True)).total == counted_with_pending


def test_what_is_left_out_is_counted_by_reason() -> None:
    rows = [
        ad(verdict="pending"),
        ad(verdict="pending", relevance="set_aside"),
        ad(verdict="irrelevant"),
        ad(verdict="irrelevant", relevance="set_aside"),
        ad(verdict="fake"),
        ad("2016-06-10T00:00:00", verdict="fake"),
        ad(),
    ]
    left_out = read_report_data(frame(*rows), context()).left_out
    assert left_out == {"pending": 1, "set_aside": 1, "irrelevant": 2, "fake": 1}


def test_months_and_species_without_advertisements_print_0() -> None:
    monthly = tables_of([], context("2016-04", "2016-05"))["monthly"]
    nothing = (0, 0, 0, 0, 0, 0, None)
    assert monthly.rows() == [("2016-04", *nothing), ("2016-05", *nothing)]
    assert tables_of([], context())["species_share"].rows() == [
        (group.name, 0, None) for group in GROUPS
    ]


def test_shares_round_halves_up() -> None:
    rows = [
        ad(ad_id=str(number), species="pangolin" if number else "ivory") for number in range(16)
    ]
    shares = dict(
        tables_of(rows, context())["species_share"].select("species", "share_percent").rows()
    )
    # 1/16 is 6.25%, 15/16 is 93.75%: floats and banker's rounding would print 6.2 for the first.
    assert (shares["ivory"], shares["pangolin"]) == (Decimal("6.3"), Decimal("93.8"))


def test_sites_are_largest_first_and_idle_ones_have_0() -> None:
    sites = [
        ReportSite("idle", "Idle", "2016-01"),
        ReportSite("later", "Later", "2016-06"),
        ReportSite("mall", "The mall", "2016-01"),
    ]
    rows = [
        ad(site="mall"),
        ad(site="zoo"),
        ad(site="zoo"),
        ad(site="bay"),
        ad(site="z", verdict="fake"),
    ]
    shares = tables_of(rows, context(sites=sites))["site_share"]
    assert shares.rows() == [
        ("zoo", 2, Decimal("50.0"), 0),
        ("bay", 1, Decimal("25.0"), 0),
        ("mall", 1, Decimal("25.0"), 0),
        ("idle", 0, Decimal("0.0"), 0),
        ("z", 0, Decimal("0.0"), 0),
    ]


def test_a_keyword_that_ended_counts_in_the_months_before() -> None:
    ended = Keyword("玳瑁", "sea_turtle", "name", ambiguous=False, since="2012-01", until=MONTHS[1])
    turtle = Group("sea_turtle", "Sea turtle", "玳瑁", (ended,))
    groups = [*context(*MONTHS).groups, turtle]
    rows = tables_of([], replace(context(*MONTHS), groups=groups))["coverage"]["keywords"].to_list()
    without = tables_of([], context(*MONTHS))["coverage"]["keywords"].to_list()
    assert [now - before for now, before in zip(rows, without, strict=True)] == [
        1, 1, *[0] * (len(MONTHS) - 2),
    ]  # fmt: skip


def test_species_counted_without_a_monitored_keyword_are_reported() -> None:
    rows = [
        ad("2016-03-20T00:00:00", ad_id="1", species="pangolin"),
        ad("2016-04-20T00:00:00", ad_id="2", species="pangolin;ivory"),
        ad("2016-04-21T00:00:00", ad_id="3", species="pangolin", verdict="irrelevant"),
        ad("2016-05-20T00:00:00", ad_id="4", species="pangolin"),
        ad("2016-03-20T00:00:00", ad_id="5", species="ivory;pangolin"),
        ad("2016-03-20T00:00:00", ad_id="6", species=""),
    ]
    given = context(*MONTHS)
    data = read_report_data(frame(*rows), given)
    assert unmonitored(data) == [Unmonitored("pangolin", 2, "2016-03", "2016-04")]
    (said,) = cautions(data, Formats(given, texts_of("en")))
    assert "monitored: Pangolin 2 (March 2016 to April 2016)." in said
    (said,) = cautions(data, Formats(given, texts_of("zh")))
    assert "穿山甲鳞片及制品2条（2016年3月至2016年4月）" in said
    assert cautions(read_report_data(frame(*rows[3:]), given), Formats(given, texts_of("en"))) == []


def test_other_rules_are_a_note_of_the_report() -> None:
    given = replace(context(*MONTHS), other_rules=OtherRules(1200, 3))
    (said,) = cautions(read_report_data(frame(), given), Formats(given, texts_of("en")))
    assert said.startswith("1,203 advertisements on record were tagged by other rules")
    assert "1,200 without a verdict" in said


def test_coverage_grows_with_sites_keywords_and_species() -> None:
    sites = [
        ReportSite("mall", since="2016-03"),
        ReportSite("forum", since="2016-05"),
        ReportSite("shop"),
    ]
    rows = [
        # The last evening of April in UTC is May in China.
        ad("2016-04-30T17:00:00", site="shop", verdict="irrelevant"),
        ad("2016-04-30T15:00:00", site="from records"),
    ]
    coverage = tables_of(rows, context(*MONTHS, sites=sites))["coverage"]
    assert coverage.columns == [
        "month", "sites", "keywords", "species", "sites_not_searched", "not_searched",
    ]  # fmt: skip
    assert coverage.rows() == [
        ("2016-03", 1, 4, 2, 0, ""),
        ("2016-04", 2, 5, 2, 0, ""),
        ("2016-05", 4, 7, 3, 0, ""),
        ("2016-06", 4, 7, 3, 0, ""),
        ("2016-07", 4, 7, 3, 0, ""),
    ]


def test_a_site_with_an_advertisement_was_monitored_even_before_its_declared_month() -> None:
    rows = [ad("2016-05-10T10:00:00", site="mall", verdict="valid")]
    tables = tables_of(rows, context(*MONTHS, sites=[ReportSite("mall", since="2016-11")]))
    assert tables["coverage"]["sites"].to_list() == [0, 0, 1, 1, 1]
    assert tables["site_share"].rows() == [("mall", 1, Decimal("100.0"), 0)]


def test_price_kinds_are_in_the_order_of_their_definition() -> None:
    kinds = tables_of([ad(price_kind="range")], context())["price_kinds"]
    assert kinds["kind"].to_list() == [
        "amount", "per_gram", "on_request", "placeholder", "range", "foreign", "invalid", "absent",
    ]  # fmt: skip
    assert kinds.filter(pl.col("advertisements") > 0).rows() == [("range", 1, Decimal("100.0"))]


def test_a_frame_without_a_column_is_refused_by_name() -> None:
    with pytest.raises(ExportError, match="lack the columns verdict, price_cny"):
        read_report_data(frame(ad()).drop("verdict", "price_cny"), context())


def test_moments_without_a_time_zone_are_refused() -> None:
    naive = frame(ad()).with_columns(pl.col("first_seen").dt.replace_time_zone(None))
    with pytest.raises(ExportError, match="first_seen"):
        read_report_data(naive, context())


@pytest.mark.parametrize("months", [[], ["2016-13"], ["2016-05", "2016-07"], "2016-05"])
def test_a_period_is_months_in_a_row(months: Any) -> None:
    with pytest.raises(MonthError):
        context(months=months)


def test_a_vocabulary_without_the_general_group_is_refused() -> None:
    with pytest.raises(ExportError, match=r"general.*keywords\.yaml"):
        context(groups=GROUPS[:3])


def test_a_rate_of_zero_is_refused() -> None:
    with pytest.raises(ExportError, match="WILDCRAWL_RATE"):
        context(rate=Decimal(0))


def test_a_months_view_counts_what_a_report_of_that_month_counts() -> None:
    rows = many_rows()
    period = read_report_data(frame(*rows), context(*MONTHS))
    views = list(period.by_month())
    assert [view.context.months for view in views] == [[month] for month in MONTHS]
    for view, month in zip(views, MONTHS, strict=True):
        alone = read_report_data(frame(*rows), context(month))
        assert view.total == alone.total > 0
        assert view.left_out == alone.left_out
        ours, theirs = make_tables(view), make_tables(alone)
        assert list(ours) == list(theirs)
        for name, table in ours.items():
            assert_frame_equal(table.rows, theirs[name].rows)


def test_spilled_advertisements_are_read_back_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill, "_HELD", 2)
    files = spill.SpillFiles(tmp_path)
    for first, second in (("5", "3"), ("4", "1")):
        rows = frame(ad(ad_id=first), ad(ad_id=second)).select(ADVERTISEMENT_COLUMNS)
        files.add(rows.select(pl.lit("2016-05").alias("month"), pl.all()))
    assert len(list(files.folder.iterdir())) == 2, "nothing is held in memory"
    assert files.month("2016-05")["ad_id"].to_list() == ["1", "3", "4", "5"]
    assert files.month("2016-04").is_empty()


def test_a_vocabulary_of_general_keywords_alone_has_no_species_that_rose() -> None:
    rows = [ad("2016-04-05", species="general"), *(
        ad(ad_id=f"{number}", species="general") for number in range(9)
    )]  # fmt: skip
    data = read_report_data(frame(*rows), context("2016-04", "2016-05", groups=GROUPS[-1:]))
    summary = summarise(data, make_tables(data))
    assert (summary.total, summary.rose, summary.fell) == (10, None, None)
    assert [leader.name for leader in summary.species] == []
