"""Unfinished months: a report with too much unjudged says so everywhere and compares nothing."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from exports import ExportError, export, texts_of, write_collection
from exports.dataset import read_report_data
from exports.expected_range import course
from exports.judging import JudgedCounts
from tests.helpers.exports_data import ad, context, frame
from tests.helpers.made_reports import page_of
from wildcrawl.months import months_between


def many(month: str, **numbers: int) -> list[dict[str, Any]]:
    """Advertisements of a month by verdict."""
    return [
        ad(f"{month}-05", ad_id=f"{month} {verdict} {number}", verdict=verdict)
        for verdict, count in numbers.items()
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("waiting", "judged", "unfinished"),
    [(0, 0, False), (0, 10, False), (5, 95, False), (6, 94, True), (51, 950, True), (1, 0, True)],
)
def test_a_month_is_unfinished_if_more_than_a_twentieth_waits(
    waiting: int, judged: int, unfinished: bool
) -> None:
    assert JudgedCounts(waiting, judged).unfinished == unfinished


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "en",
            "a5 (1), a6 (1) and 3 more species (3).",
        ),
        (
            "zh",
            "a5（1）、a6（1）和另外3个物种（3）。",
        ),
    ],
)
def test_what_waits_beyond_the_named_species_is_named_and_counted(
    tmp_path: Path, lang: str, told: str
) -> None:
    rows = [
        ad(ad_id=f"{number}", verdict="pending", species=f"a{min(number, 11)}")
        for number in range(1, 13)
    ]
    done = export(frame(*rows), context(), tmp_path, lang=lang)
    (line,) = [line for line in done.lines if "3 more" in line or "另外3" in line]
    assert line.endswith(told)


def test_a_provisional_report_says_so_everywhere_and_compares_nothing(tmp_path: Path) -> None:
    rows = [*many("2016-04", valid=40), *many("2016-05", valid=33, pending=490)]
    rows += [ad(ad_id=str(n), verdict="pending", relevance="set_aside") for n in range(50)]
    rows += [ad(ad_id=f"r{n}", verdict="pending", relevance="second_reader") for n in range(2)]
    given = context(read_from="2011-05")
    formats = ("html", "csv", "xlsx", "figures")
    done = export(frame(*rows), given, tmp_path / "may", formats=formats)
    assert done.lines[:3] == [
        "Provisional: in May 2016, 490 of the 523 advertisements to be judged still wait for a "
        "verdict (93.7%).",
        "The queue also has 2 that the second reader raised; they are not counted without a "
        "verdict.",
        "So far 33 new advertisements have been judged valid, on 1 of 1 monitored website.",
    ]
    assert "In all, 490 await a verdict: by website, mall (490); by species, ivory (490)." in (
        done.lines
    )
    assert not any(
        word in line
        for line in done.lines
        for word in ("more than", "fewer", "leads", "accounted for")
    )
    page = page_of(done.index)
    titles = page.xpath(
        "//head/title | //h1 | //section[not(@id='notes')]//h2 | //caption | //figcaption"
    )
    assert len(titles) == 24
    assert titles.pop(0).text_content().endswith("(provisional)")
    assert all(title.xpath(".//*[@class='mark']/text()") == ["provisional"] for title in titles)
    figures = page.xpath("//dl[@class='key']/div")
    assert [figure.xpath("string(./dd)") for figure in figures] == ["33", "490"]
    assert all(each.xpath(".//*[@class='mark']/text()") == ["provisional"] for each in figures)
    waiting = page.xpath("//section[@id='waiting']//tbody/tr")
    assert [row.text_content().strip() for row in waiting] == ["mall490490"]
    assert "more than 5% of a month waits" in page.get_element_by_id("notes").text_content()
    names = {path.name for path in (tmp_path / "may").rglob("*.*") if path.is_file()}
    unmarked = {name for name in names if not Path(name).stem.endswith("-provisional")}
    assert unmarked == {"datapackage.json", "index.html", "advertisements.csv"}
    package = json.loads((done.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["title"] == "New advertisements, May 2016 (provisional)"
    assert done.lines[0] in package["description"]
    assert page.xpath("string(//p[@class='banner'])") in package["description"]
    links = page.xpath("//a[@class='csv']/@href")
    assert len(links) == 11
    links += page.xpath("//p[@class='saved']//@href[not(starts-with(., '#'))]")
    drawn = [*(tmp_path / "may" / "figures").glob("*.svg")]
    # A picture is used without its page.
    assert all("(provisional)</text>" in each.read_text(encoding="utf-8") for each in drawn)
    assert len(drawn) == len(page.xpath("//figure"))
    assert all((tmp_path / "may" / link).is_file() for link in links)
    assert done.xlsx == tmp_path / "may" / "report-provisional.xlsx"
    book = openpyxl.load_workbook(done.xlsx)
    cover = " ".join(str(row[0]) for row in book["Cover"].iter_rows(values_only=True))
    assert all(line in cover for line in done.lines[:-1])
    # Whoever exports is sent to the desk; readers of the report are not.
    assert "scrapy desk" in done.lines[-1]
    assert "scrapy desk" not in cover + page.text_content()
    assert "New advertisements, May 2016 (provisional)" in cover
    headers: list[Any] = [sheet.oddHeader for sheet in book.worksheets]
    assert all("(provisional)" in header.left.text for header in headers)


@pytest.mark.usefixtures("drawn")
def test_a_judged_report_replaces_the_provisional_one(tmp_path: Path) -> None:
    formats = ("html", "csv", "xlsx")
    export(frame(*many("2016-05", valid=1, pending=9)), context(), tmp_path, formats=formats)
    done = export(frame(*many("2016-05", valid=10)), context(), tmp_path, formats=formats)
    assert not list(tmp_path.rglob("*provisional*"))
    assert "rovisional" not in page_of(done.index).xpath("string(//body)")
    assert done.summary.provisional is None
    assert "Ivory accounted for the largest share, 100.0% (10)." in done.lines


def test_pending_that_are_counted_are_unjudged_all_the_same(tmp_path: Path) -> None:
    rows = frame(*many("2016-05", valid=1, pending=9))
    done = export(rows, context(include_pending=True), tmp_path)
    assert done.lines[1].startswith("With those not yet judged, 10 new advertisements are counted")
    page = page_of(done.index)
    assert "(provisional) (pending included)" in page.xpath("string(//head/title)")
    titles = page.xpath("//h1 | //caption")
    marks = [title.xpath(".//*[@class='mark']/text()") for title in titles]
    assert marks == [["provisional", "pending included"]] * len(titles)


@pytest.mark.usefixtures("drawn")
def test_an_unfinished_month_of_a_period_is_marked_on_its_own_page_and_in_the_index(
    tmp_path: Path,
) -> None:
    months = months_between("2016-03", "2016-05")
    rows = [row for month in months for row in many(month, valid=20)]
    rows += many("2016-04", pending=2)
    done = export(frame(*rows), context(*months), tmp_path / "spring", name_folder=True)
    assert done.folder == tmp_path / "spring-provisional"
    assert {path.name for path in done.months.values()} == {
        "2016-03.html", "2016-04-provisional.html", "2016-05.html",
    }  # fmt: skip
    assert sorted(done.months) == months
    for path in [done.index, *done.months.values()]:
        for link in page_of(path).xpath("//nav//@href | //ul[@class='months']//@href"):
            assert (path.parent / link).is_file(), link
    assert "provisional" not in page_of(done.months["2016-03"]).xpath("string(//body)")
    may = page_of(done.months["2016-05"]).xpath("string(//div[@class='summary'])")
    assert "Too many advertisements of April 2016 wait for a verdict to compare May 2016" in may
    assert "fewer" not in may
    figure = page_of(done.index).get_element_by_id("figure-monthly")
    assert "Provisional: April 2016." in figure.xpath("string(./p)")
    index = write_collection(tmp_path, texts_of("en"))
    assert index is not None
    assert page_of(index).xpath("//li//*[@class='mark']/text()") == ["provisional"]


def test_a_final_report_is_refused_while_too_much_waits(tmp_path: Path) -> None:
    months = ("2016-04", "2016-05")
    rows = frame(*many("2016-04", valid=99, pending=1), *many("2016-05", valid=33, pending=4901))
    given = context(*months, final=True)
    for name_folder in (False, True):
        with pytest.raises(ExportError, match=r"4,901 of 4,934 \(99.3%\) in 2016-05; .*desk"):
            export(rows, given, tmp_path / "new" / "report", name_folder=name_folder)
        assert not list(tmp_path.iterdir())
    done = export(rows, context("2016-04", final=True), tmp_path / "april")
    assert done.lines[-1] == "1 new advertisement of the month waits for a verdict."
    assert "rovisional" not in page_of(done.index).xpath("string(//body)")
    with pytest.raises(ExportError, match="leave out --include-pending"):
        context(final=True, include_pending=True)


def test_a_month_that_is_not_over_has_no_final_report() -> None:
    with pytest.raises(ExportError, match=r"2016-06 is not over, .* leave out --final"):
        context("2016-05", "2016-06", final=True)
    assert context("2016-05", final=True).final


def test_an_unfinished_month_is_not_held_against_what_months_led_to_expect(tmp_path: Path) -> None:
    months = months_between("2015-01", "2016-05")
    rows = [row for month in months for row in many(month, valid=20)]
    rows = [row for row in rows if f"{row['first_seen']:%Y-%m}" not in ("2016-02", "2016-05")]
    rows += [*many("2016-02", valid=1, pending=19), *many("2016-05", valid=21)]
    given = context(read_from="2015-01")
    done = export(frame(*rows), given, tmp_path)
    assert done.summary.bands["2016-05"].low <= 20 <= done.summary.bands["2016-05"].high
    data = read_report_data(frame(*rows), context(read_from="2015-01"))
    assert course(data)["2016-05"] == 21
    assert "2016-02" not in course(data), "its 1 of 20 would widen the range"
    period = export(frame(*rows), context(*months), tmp_path / "period")
    assert period.summary.bands == {}


def test_a_year_with_an_unfinished_month_is_not_compared(tmp_path: Path) -> None:
    rows = [*many("2014-12", valid=8), *many("2015-12", valid=1, pending=9)]
    rows += many("2016-01", valid=4)
    months = months_between("2014-12", "2016-01")
    done = export(frame(*rows), context(*months), tmp_path)
    extremes = done.csv["extremes"].read_text(encoding="utf-8-sig").splitlines()
    assert extremes[1] == "all,0,2015-01,8,2014-12"
    years = done.summary.years
    compared = [(year["change_percent"], year["percent_of_first_year"]) for year in years]
    assert compared == [(None, Decimal("100.0")), (None, None), (None, Decimal("50.0"))]
    assert [year["advertisements"] for year in years] == [8, 1, 4]


def test_advertisements_without_a_species_lead_nothing(tmp_path: Path) -> None:
    rows = [ad("2016-05-04", ad_id=f"g{number}", species="") for number in range(5)]
    alone = export(frame(*rows), context(), tmp_path / "alone")
    assert not any("in general leads" in line for line in alone.lines)
    done = export(frame(*rows, ad("2016-05-05", ad_id="i")), context(), tmp_path / "both")
    assert any("the largest share, 16.7% (1)" in line for line in done.lines)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Ivory and rhino horn accounted for the largest shares, 40.0% (2) each."),
        ("zh", "象牙和犀角并列居首，各占40.0%（2条）。"),
    ],
)
def test_none_of_several_with_one_number_leads_alone(tmp_path: Path, lang: str, said: str) -> None:
    kinds = ("ivory", "ivory", "rhino_horn", "rhino_horn", "sea_turtle")
    rows = [ad("2016-05-04", ad_id=f"t{n}", species=each) for n, each in enumerate(kinds)]
    assert said in export(frame(*rows), context(), tmp_path, lang=lang).lines


def test_of_many_with_one_number_none_is_named(tmp_path: Path) -> None:
    rows = [ad("2016-05-04", ad_id=f"t{n}", site=f"s{n}") for n in range(5)]
    lines = export(frame(*rows), context(), tmp_path).lines
    assert not any("leading website" in line for line in lines)
