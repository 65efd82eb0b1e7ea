"""Gaps: a site or month that was not searched is not a zero, in tables, figures and sentences."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from exports import ReportSite, export
from tests.helpers.exports_data import GROUPS, ad, context, frame, social
from tests.helpers.made_reports import page_of, tables_of
from tests.helpers.made_runs import run
from wildcrawl.items import Run
from wildcrawl.months import months_between

YEAR = months_between("2015-01", "2016-03")
MONTHS = months_between("2016-03", "2016-05")


def limited(site: str, month: str) -> Run:
    """A run of which -a pages ended searches."""
    return replace(run(site, month), limited=True)


def found(site: str, month: str, number: int, species: str = "ivory") -> list[dict[str, Any]]:
    return [
        ad(f"{month}-03", site=site, ad_id=f"{month} {species} {place}", species=species)
        for place in range(number)
    ]


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ([run("shop", "2016-05")], ""),
        ([run("shop", "2016-05", "quiet")], ""),
        ([run("shop", "2016-05", "thin"), run("shop", "2016-05")], ""),
        ([], "shop (no_run)"),
        ([run("shop", "2016-05", "thin")], "shop (thin)"),
        ([run("shop", "2016-05", "broken")], "shop (broken)"),
        ([run("shop", "2016-05", "blocked")], "shop (blocked)"),
        ([run("shop", "2016-05", "")], "shop (unfinished)"),
        ([limited("shop", "2016-05")], "shop (limited)"),
        ([run("shop", "2016-05"), limited("shop", "2016-05")], ""),
    ],
)
def test_a_site_without_a_good_run_is_a_gap_and_one_with_it_a_zero(
    runs: list[Run], told: str
) -> None:
    rows = [*found("mall", "2016-05", 3), *found("shop", "2016-04", 2)]
    runs = [run("mall", "2016-05"), run("shop", "2016-04"), *runs]
    sites = [ReportSite("shop", "The shop", "2016-04")]
    tables = tables_of(rows, context(sites=sites, runs=runs))
    (month,) = tables["coverage"].select("sites", "sites_not_searched", "not_searched").rows()
    assert month == (2, bool(told), told)
    zero = (None, None, 1) if told else (0, Decimal("0.0"), 0)
    assert tables["site_share"].rows()[1] == ("shop", *zero)
    assert tables["monthly"]["sites_not_searched"].to_list() == [bool(told)]


def test_a_site_whose_first_run_is_blocked_is_told_in_that_month_alone() -> None:
    runs = [run("mall", month) for month in ("2016-04", "2016-05")]
    runs.append(run("shop", "2016-04", "blocked"))
    tables = tables_of(
        [], context("2016-04", "2016-05", sites=[ReportSite("mall", since="2016-04")], runs=runs)
    )
    assert tables["coverage"]["not_searched"].to_list() == ["shop (blocked)", ""]
    assert tables["coverage"]["sites"].to_list() == [2, 1]


def test_what_a_thin_run_found_is_counted_and_its_month_a_gap(tmp_path: Path) -> None:
    runs = [run("mall", "2016-04"), run("mall", "2016-05", "thin")]
    rows = [*found("mall", "2016-04", 9), *found("mall", "2016-05", 2)]
    given = context("2016-04", "2016-05", runs=runs)
    tables = tables_of(rows, given)
    assert tables["monthly"]["all"].to_list() == [9, 2]
    assert tables["coverage"]["sites_not_searched"].to_list() == [0, 1]
    assert tables["yearly"].rows()[0][:3] == ("2016", 11, Decimal("9.0"))
    assert tables["comparisons"].height == 0
    lines = export(frame(*rows), given, tmp_path).lines
    assert "No search of a website was completed in May 2016: a gap, not a zero." in lines
    assert not any("fewer" in line for line in lines)
    # A site with finds was searched, though not completely; one without any was not.
    runs = [
        run("mall", "2016-05"),
        run("shop", "2016-05", "broken"),
        run("fair", "2016-05", "thin"),
    ]
    rows = [*found("mall", "2016-05", 2), *found("shop", "2016-05", 1)]
    for lang, unsearched, banner in (
        (
            "en",
            "1 monitored website was not searched completely: shop (broken). "
            "1 monitored website was not searched: fair (thin).",
            "fair and shop were not searched completely in May 2016",
        ),
        (
            "zh",
            "有1个受监测网站未完成搜索：shop（出错）。有1个受监测网站没有搜索：fair（搜索不全）。",
            "2016年5月未完成对fair和shop的搜索",
        ),
    ):
        done = export(frame(*rows), context(runs=runs), tmp_path / lang, lang=lang)
        page = page_of(done.index)
        assert unsearched in page.text_content()
        assert banner in page.xpath("string(//p[@class='banner'])")
        package = json.loads((done.folder / "datapackage.json").read_text(encoding="utf-8"))
        assert package["title"] == page.xpath("string(//title)")
        assert banner in package["description"]
        assert unsearched in package["description"]


@pytest.mark.parametrize(
    ("lang", "told", "banner"),
    [
        (
            "en",
            "1 monitored website was not searched completely: shop (thin). "
            "1 monitored website was not searched: mall (thin).",
            "mall and shop were not searched completely in May 2016",
        ),
        (
            "zh",
            "有1个受监测网站未完成搜索：shop（搜索不全）。"
            "有1个受监测网站没有搜索：mall（搜索不全）。",
            "2016年5月未完成对mall和shop的搜索",
        ),
    ],
)
def test_a_month_known_by_an_import_that_rejected_rows_is_not_complete(
    tmp_path: Path, lang: str, told: str, banner: str
) -> None:
    rows = [*found("mall", "2016-04", 2), *found("shop", "2016-04", 2)]
    rows += [*found("shop", "2016-05", 1), *found("fair", "2016-05", 1)]
    thin = {("shop", "2016-05")}
    runs = [run("fair", "2016-05")]
    given = context("2016-05", read_from="2016-04", runs=runs, incomplete_imports=thin)
    coverage = tables_of(rows, given)["coverage"]
    # A rejected row may be of any site of the ledger.
    assert coverage.select("sites_not_searched", "not_searched").rows() == [
        (2, "mall (thin); shop (thin)")
    ]
    page = page_of(export(frame(*rows), given, tmp_path, lang=lang).index)
    assert told in page.text_content()
    assert banner in page.xpath("string(//p[@class='banner'])")
    searched = replace(given, runs=[run(site, "2016-05") for site in ("fair", "mall", "shop")])
    assert tables_of(rows, searched)["coverage"]["not_searched"].to_list() == [""]


@pytest.mark.usefixtures("drawn")
def test_a_month_without_a_run_is_no_zero_in_tables_figures_and_sentences(tmp_path: Path) -> None:
    searched = [month for month in YEAR if month not in ("2015-06", "2016-02")]
    runs = [run("mall", month) for month in searched]
    rows = [row for month in searched for row in found("mall", month, 10)]
    given = context(*YEAR, runs=runs)
    done = export(frame(*rows), given, tmp_path)
    tables = tables_of(rows, given)
    monthly = dict(tables["monthly"].select("month", "all").rows())
    assert [month for month in YEAR if monthly[month] is None] == ["2015-06", "2016-02"]
    ten, same = Decimal("10.0"), Decimal("0.0")
    assert tables["yearly"].rows() == [
        ("2015", 110, ten, None, Decimal("100.0"), 11),
        ("2016", 20, ten, same, Decimal("100.0"), 2),
    ]
    assert tables["extremes"].rows()[0] == ("all", 10, "2015-01", 10, "2015-01")
    assert tables["comparisons"].filter(pl.col("month") == "2016-03").height == 1
    assert (
        "No search of a website was completed in June 2015 and February 2016: a gap, not a zero."
        in done.lines
    )
    assert "No search was completed in February 2016, so March 2016 is not compared with it." in (
        done.lines
    )
    assert any("The 13 months with a search averaged 10.0, from 10" in line for line in done.lines)
    assert not any("100.0%" in line and "fewer" in line for line in done.lines)
    assert done.summary.marked == {}
    text = (tmp_path / "csv" / "monthly.csv").read_text(encoding="utf-8-sig").splitlines()
    assert text[6] == "2015-06,,,,,,1,"
    page = page_of(done.index)
    for name in ("monthly", "leading", "species", "stack", "share"):
        figure = page.get_element_by_id(f"figure-{name}")
        assert "Hatched: not searched." in figure.xpath("string(./p)")
        patterns = figure.xpath(".//*[local-name()='pattern']/@id")
        assert len(set(patterns)) == 2
        for pattern in patterns:
            assert figure.xpath(f".//*[@fill='url(#{pattern})']")
    june = page_of(done.months["2015-06"])
    said = june.xpath("string(//body)")
    assert "No search of a website was completed in June 2015" in said
    assert "No advertisements were counted" not in said
    assert june.xpath("string(//dl[@class='key']/div[1]/dd)") == "–"
    assert set(june.xpath("//section[@id='monthly']//tbody/tr/td/text()")) == {"–", "1"}
    listed = page.xpath("//ul[@class='months']/li[6]/span")[0]
    assert listed.text_content() == "–"


@pytest.mark.usefixtures("drawn")
def test_a_line_that_ends_in_a_gap_has_no_number_there(tmp_path: Path) -> None:
    rows = [*found("mall", "2016-03", 4), *found("mall", "2016-04", 7)]
    runs = [run("mall", "2016-03"), run("mall", "2016-04")]
    page = page_of(export(frame(*rows), context(*MONTHS, runs=runs), tmp_path).index)
    for name, labels in (("monthly", set()), ("leading", {"All", "Ivory"})):
        figure = page.get_element_by_id(f"figure-{name}")
        texts = {text.text_content() for text in figure.xpath(".//*[local-name()='text']")}
        assert labels <= texts
        assert not any("–" in text for text in texts)
        assert "All: 4 to 7 a month, 7 in April 2016." in figure.xpath("string(.)")


def test_a_searched_month_that_found_nothing_stays_a_zero(tmp_path: Path) -> None:
    runs = [run("mall", "2016-04"), run("mall", "2016-05")]
    given = context("2016-04", "2016-05", runs=runs)
    done = export(frame(*found("mall", "2016-04", 4)), given, tmp_path)
    assert done.lines[2] == "May 2016 had 0, 100.0% fewer than April 2016 (4)."
    assert tables_of(found("mall", "2016-04", 4), given)["monthly"]["all"].to_list() == [4, 0]
    assert "rovisional" not in page_of(done.index).xpath("string(//body)")
    assert not page_of(done.index).xpath("//p[@class='legend']")


def test_a_ledger_without_runs_covers_its_sites_as_long_as_it_has_no_break() -> None:
    rows = [
        *found("mall", "2015-01", 2), *found("stall", "2015-02", 1), *found("mall", "2015-03", 1),
        *found("mall", "2015-05", 1), *found("stall", "2015-06", 1), *found("fair", "2015-06", 1),
    ]  # fmt: skip
    months = months_between("2015-01", "2015-07")
    coverage = tables_of(rows, context(*months, runs=[]))["coverage"]
    assert coverage.select("sites", "not_searched").rows() == [
        (1, ""),
        (2, ""),
        (2, ""),
        (2, "mall (no_run); stall (no_run)"),
        (2, "stall (no_run)"),
        (3, ""),
        (3, "fair (no_run); mall (no_run); stall (no_run)"),
    ]


def test_a_site_with_runs_is_covered_by_them_alone_from_its_first_on() -> None:
    rows = [row for month in YEAR[:6] for row in found("mall", month, 1)]
    rows += [row for month in YEAR[:6] for row in found("stall", month, 1)]
    runs = [run("mall", "2015-03"), run("mall", "2015-04", "blocked"), run("mall", "2015-06")]
    coverage = tables_of(rows, context(*YEAR[:6], runs=runs))["coverage"]
    # The records of May were imported.
    assert coverage["not_searched"].to_list() == ["", "", "", "mall (blocked)", "", ""]
    no_record = [
        row for row in rows if f"{row['first_seen']:%Y-%m} {row['site']}" != "2015-05 mall"
    ]
    coverage = tables_of(no_record, context(*YEAR[:6], runs=runs))["coverage"]
    assert coverage["not_searched"].to_list()[4] == "mall (no_run)"


def test_a_run_over_the_end_of_a_month_searched_the_month_of_its_start() -> None:
    late = run("mall", "2016-04")
    # 31 May and 1 June in China.
    late.started, late.finished = (
        datetime(2016, 5, 31, 15, tzinfo=UTC),
        datetime(2016, 5, 31, 17, tzinfo=UTC),
    )
    rows = [ad("2016-05-31T15:30:00"), ad("2016-05-31T16:30:00", ad_id="2")]
    coverage = tables_of(rows, context("2016-05", "2016-06", runs=[late]))["coverage"]
    assert coverage["not_searched"].to_list() == ["", "mall (no_run)"]


def test_two_months_with_other_sites_are_compared_on_the_same_ones_alone(tmp_path: Path) -> None:
    runs = [run(site, "2016-04") for site in ("mall", "shop")]
    runs += [run("mall", "2016-05"), run("shop", "2016-05", "blocked"), run("fair", "2016-05")]
    rows = [*found("mall", "2016-04", 4), *found("shop", "2016-04", 6, "rhino_horn")]
    rows += [*found("mall", "2016-05", 9), *found("fair", "2016-05", 9, "pangolin")]
    sites = [ReportSite("shop", "The shop", "2016-04"), ReportSite("fair", "The fair")]
    given = context(read_from="2011-05", runs=runs, sites=sites)
    done = export(frame(*rows), given, tmp_path)
    assert done.lines[1:5] == [
        "On the one website searched in both, May 2016 had 9, 125.0% more than April 2016 (4).",
        "The websites searched differ: only in May 2016: The fair; only in April 2016: The shop.",
        "The keywords searched differ: 7 in May 2016, 5 in April 2016.",
        "1 monitored website was not searched: The shop (blocked).",
    ]
    assert "On the websites searched in both months, ivory rose most, from 4 to 9." in done.lines
    page = page_of(done.index)
    figures = " ".join(page.xpath("//dl[@class='key']")[0].text_content().split())
    assert "+125.0% May 2016 against April 2016, on the websites searched in both" in figures
    (row,) = tables_of(rows, given)["comparisons"].rows()
    assert row == (
        "2016-05", "2016-04", 18, 10, Decimal("80.0"),
        1, 9, 4, Decimal("125.0"), 7, 5, "fair", "shop",
    )  # fmt: skip
    assert page.xpath("//section[@id='comparisons']//tbody/tr")
    assert page.xpath("string(//p[@class='banner'])") == (
        "Provisional: The shop was not searched in May 2016."
    )
    bars = page.get_element_by_id("figure-sites").xpath("string(.//*[local-name()='desc'])")
    assert "The shop: not searched." in bars
    assert "Not searched completely: The shop (blocked)." in (
        page.get_element_by_id("figure-monthly").xpath("string(./p)")
    )


def test_without_a_site_in_both_months_there_is_no_same_series(tmp_path: Path) -> None:
    runs = [run("mall", "2016-03"), run("shop", "2016-04")]
    rows = [*found("mall", "2016-03", 4), *found("shop", "2016-04", 6)]
    done = export(frame(*rows), context("2016-03", "2016-04", runs=runs), tmp_path)
    assert "No website was searched in both months." in done.lines
    assert not any(" rose most" in line or " fell most" in line for line in done.lines)


def test_a_period_has_a_line_of_the_sites_searched_in_every_month(tmp_path: Path) -> None:
    runs = [run("mall", month) for month in YEAR]
    runs += [run("shop", month, "ok" if month < "2016" else "blocked") for month in YEAR]
    rows = [row for month in YEAR for row in found("mall", month, 5)]
    rows += [row for month in YEAR if month < "2016" for row in found("shop", month, 5)]
    given = context(*YEAR, runs=runs)
    assert tables_of(rows, given)["monthly"]["same_sites"].to_list() == [5] * len(YEAR)
    page = page_of(export(frame(*rows), given, tmp_path).index)
    legend = page.get_element_by_id("figure-monthly").xpath("string(./p)")
    assert "Dashed: on the one website that was searched in every month." in legend
    assert "Triangles: not every monitored website was searched completely." in legend
    assert "Dashed: websites that were searched" in (
        page.get_element_by_id("figure-growth").xpath("string(./p)")
    )


def test_a_species_of_which_no_keyword_was_searched_is_a_gap(tmp_path: Path) -> None:
    ivory = [keyword.term for keyword in GROUPS[0].keywords]
    runs = [run("mall", "2016-03"), run("mall", "2016-04", keywords=ivory)]
    rows = [*found("mall", "2016-03", 4), *found("mall", "2016-03", 2, "rhino_horn")]
    rows += found("mall", "2016-04", 3)
    given = context("2016-03", "2016-04", runs=runs)
    tables = tables_of(rows, given)
    assert tables["monthly"].select("ivory", "rhino_horn", "pangolin", "general").rows() == [
        (4, 2, 0, 0),
        (3, None, 0, None),
    ]
    assert tables["coverage"]["keywords"].to_list() == [4, 3]
    alone = context("2016-04", runs=runs)
    assert tables_of(rows, alone)["species_share"].rows()[:2] == [
        ("ivory", 3, Decimal("100.0")),
        ("rhino_horn", None, None),
    ]
    assert "Of the 5 keywords in use, 3 were searched." in (
        export(frame(*rows), alone, tmp_path).lines
    )
    assert tables["extremes"].rows()[2] == ("rhino_horn", 2, "2016-03", 2, "2016-03")
    lines = export(frame(*rows), given, tmp_path).lines
    assert "The keywords searched differ: 3 in April 2016, 4 in March 2016." in lines
    assert "Not every keyword in use was searched in April 2016." in lines
    assert not any(" fell most" in line for line in lines), "by one: no news"


def test_a_month_that_is_not_over_is_told(tmp_path: Path) -> None:
    given = context("2016-06", runs=[run("mall", "2016-06")])
    done = export(frame(*found("mall", "2016-06", 2)), given, tmp_path)
    assert any(line.startswith("June 2016 was not over when this report") for line in done.lines)
    done = export(frame(*found("mall", "2016-05", 2)), context(), tmp_path)
    assert not any("not over" in line for line in done.lines)


@pytest.mark.parametrize("first", ["2016-06", "2015-06"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_month_that_is_not_over_is_compared_with_nothing(
    tmp_path: Path, first: str, lang: str
) -> None:
    """The month as a report of its own, and as the last of a period; MADE_AT is in it."""
    months = months_between("2015-06", "2016-06")
    rows = [row for month in months[:-1] for row in found("mall", month, 8)]
    rows += found("mall", "2016-06", 17)
    given = context(*months_between(first, "2016-06"), runs=[run("mall", each) for each in months])
    done = export(frame(*rows), replace(given, read_from="2015-06"), tmp_path, lang=lang)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "112.5" not in page
    assert "+" not in "".join(done.lines)
    assert (done.summary.comparison, done.summary.year_before, done.summary.rose) == (None,) * 3
    assert "2016-06" not in done.summary.bands
    assert done.summary.season is None
    (said,) = [line for line in done.lines if "not over" in line or "尚未结束" in line]
    assert "comparisons" in said or "不作比较" in said
    tables = tables_of(rows, given)
    assert "2016-06" not in tables["comparisons"]["month"].to_list()
    assert set(tables["expected"]["against_expected"].to_list()) == {"not_over"}
    why = {"en": "June 2016 is not compared: it was", "zh": "2016年6月在本报告生成时尚未结束"}
    assert f'<p class="nothing">{why[lang]}' in page
    if first == "2015-06":
        assert tables["yearly"].select("monthly_average", "change_percent").rows() == [
            (Decimal("8.0"), None),
            (Decimal("8.0"), Decimal("0.0")),
        ]
        assert tables["yearly"]["advertisements"].to_list() == [56, 57]
        assert tables["extremes"].rows()[0] == ("all", 8, "2015-06", 8, "2015-06")
        assert "112.5" not in (tmp_path / "months" / "2016-06.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("drawn")
def test_groups_that_the_vocabulary_lacks_are_told_and_keep_their_columns(tmp_path: Path) -> None:
    months = ("2016-04", "2016-05")
    rows = [*found("mall", "2016-04", 90, "bear"), *found("mall", "2016-05", 75, "coral;ivory")]
    rows += found("mall", "2016-05", 10)
    rows += [ad("2016-05-04", ad_id="none", species="")]
    done = export(frame(*rows), context(*months), tmp_path)
    (warning,) = done.warnings
    assert "the vocabulary lacks" in warning
    assert "bear (90) and coral (75)" in warning
    assert "Bear leads" not in done.lines
    assert (
        "bear accounted for the largest share, 51.1% (90), followed by coral with 42.6%."
        in done.lines
    )
    page = page_of(done.index)
    assert warning in page.get_element_by_id("notes").text_content()
    header = done.csv["monthly"].read_text(encoding="utf-8-sig").splitlines()[0]
    assert header.split(",")[2:8] == ["ivory", "rhino_horn", "pangolin", "general", "bear", "coral"]
    shares = tables_of(rows, context(*months))["species_share"].rows()
    assert shares[-3:] == [
        ("general", 1, Decimal("0.6")),
        ("bear", 90, Decimal("51.1")),
        ("coral", 75, Decimal("42.6")),
    ]
    for name in ("species", "stack"):
        drawn = page.get_element_by_id(f"figure-{name}").xpath(".//*[local-name()='text']")
        assert {"bear", "coral"} <= {text.text_content() for text in drawn}
    assert export(frame(ad()), context(), tmp_path).warnings == []


def test_a_month_in_which_a_site_was_missed_is_neither_the_fewest_nor_in_the_average(
    tmp_path: Path,
) -> None:
    months = months_between("2016-02", "2016-05")
    runs = [run("mall", month) for month in months]
    runs += [run("shop", month, "broken" if month == "2016-04" else "ok") for month in months]
    rows = [row for month in months for row in found("mall", month, 4)]
    rows += [row for month in months if month != "2016-04" for row in found("shop", month, 6)]
    given = context(*months, runs=runs)
    assert tables_of(rows, given)["extremes"].rows()[0] == ("all", 10, "2016-02", 10, "2016-02")
    lines = export(frame(*rows), given, tmp_path).lines
    assert any(
        line.startswith("The 3 months in which every monitored website was searched averaged 10.0")
        for line in lines
    )


def test_an_average_over_missed_months_says_that_it_may_be_too_low(tmp_path: Path) -> None:
    runs = [run("mall", month) for month in MONTHS]
    runs += [run("shop", month, "ok" if month == "2016-05" else "broken") for month in MONTHS]
    rows = [row for month in MONTHS for row in found("mall", month, 4)]
    given = context(*MONTHS, sites=[ReportSite("shop", since="2016-03")], runs=runs)
    lines = export(frame(*rows), given, tmp_path).lines
    assert any(line.startswith("On average there were 4.0 a month") for line in lines)
    assert any("the average and the fewest may be too low" in line for line in lines)


def test_where_the_sites_differ_only_the_same_ones_are_compared(tmp_path: Path) -> None:
    runs = [run("mall", "2016-04"), run("mall", "2016-05"), run("shop", "2016-05")]
    rows = [
        *found("mall", "2016-04", 4),
        *found("mall", "2016-05", 5),
        *found("shop", "2016-05", 9),
    ]
    lines = export(frame(*rows), context("2016-05", read_from="2016-04", runs=runs), tmp_path).lines
    compared = [line for line in lines if "April 2016" in line]
    assert compared[0] == (
        "On the one website searched in both, May 2016 had 5, 25.0% more than April 2016 (4)."
    )
    assert not any(line.startswith("May 2016 had 14") for line in lines)


def test_shares_of_nothing_are_empty_and_not_zero() -> None:
    tables = tables_of(
        [], context(sites=[ReportSite("mall", since="2016-05")], runs=[run("mall", "2016-05")])
    )
    assert tables["site_share"].rows() == [("mall", 0, None, 0)]
    assert set(tables["species_share"]["share_percent"]) == {None}
    assert set(tables["price_kinds"]["share_percent"]) == {None}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_was_not_searched_is_said_once(tmp_path: Path, lang: str) -> None:
    runs = [run("mall", "2016-04"), run("mall", "2016-05", "blocked")]
    done = export(frame(*found("mall", "2016-04", 4)), context("2016-05", runs=runs), tmp_path,
                  lang=lang)  # fmt: skip
    page = page_of(done.index)
    (said,) = page.xpath("//p[@class='nothing']")
    assert said.text_content().startswith("No search" if lang == "en" else "本期没有完成任何搜索")
    assert [each.get("id") for each in page.xpath("//section")] == [
        "monthly", "species_share", "coverage", "notes",
    ]  # fmt: skip


@pytest.mark.usefixtures("drawn")
def test_a_month_with_too_few_before_it_is_told_in_a_line(tmp_path: Path) -> None:
    runs = [run("mall", month) for month in MONTHS]
    rows = [row for month in MONTHS for row in found("mall", month, 4)]
    page = page_of(export(frame(*rows), context(*MONTHS, runs=runs), tmp_path).index)
    section = page.get_element_by_id("expected")
    assert "May 2016 is not compared: too few preceding months" in section.text_content()
    assert not section.xpath(".//table")


@pytest.mark.parametrize(("lang", "others"), [("en", "2 more months"), ("zh", "另外2个月")])
def test_months_that_are_not_named_are_counted(tmp_path: Path, lang: str, others: str) -> None:
    given = context(*months_between("2016-01", "2016-10"), runs=[run("mall", "2015-12")])
    page = page_of(export(frame(), given, tmp_path, lang=lang).index)
    assert others in page.text_content()


def test_a_report_of_surveys_alone_has_their_product_types(tmp_path: Path) -> None:
    given = context("2016-05", runs=[run("mall", "2016-05", "blocked")], social=social())
    page = page_of(export(frame(), given, tmp_path).index)
    assert page.get_element_by_id("product_types").xpath(".//tbody/tr")
    assert "price_kinds" not in [each.get("id") for each in page.xpath("//section")]
