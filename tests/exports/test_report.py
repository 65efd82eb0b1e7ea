"""Report export: month pages, languages, XLSX, events, expected bands, index."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from exports import ExportError, ReportSite, export, load_events, texts_of, write_collection
from exports.charts.figure import NARROW, WIDE
from exports.charts.lines import _panels
from exports.charts.series import Series
from exports.charts.vega import vega_svg
from exports.expected_range import band
from exports.formats import Formats
from exports.texts import LANGUAGES
from tests.helpers.exports_data import ad, amount, context, frame, social
from tests.helpers.made_reports import grid, page_of
from wildcrawl.months import months_between
from wildcrawl.tabular.records import Record, read_records

YEAR = months_between("2015-01", "2016-03")


def steady(*odd: tuple[str, int]) -> list[dict[str, Any]]:
    """Ten advertisements in each month of YEAR, except for the given months."""
    numbers = dict.fromkeys(YEAR, 10) | dict(odd)
    return [
        ad(f"{month}-05", ad_id=f"{month} {number}")
        for month, many in numbers.items()
        for number in range(many)
    ]


def test_parts_in_any_order_make_the_same_report(tmp_path: Path) -> None:
    rows = frame(*steady(("2016-01", 40)), *steady(("2015-02", 7)))
    whole = export(rows, context(*YEAR), tmp_path / "whole")
    shuffled = rows.sample(fraction=1, shuffle=True, seed=1)
    parts = export(shuffled.iter_slices(7), context(*YEAR), tmp_path / "parts")
    assert whole.lines == parts.lines
    for name, path in whole.csv.items():
        if name != "advertisements":
            assert parts.csv[name].read_bytes() == path.read_bytes()


@pytest.mark.usefixtures("drawn")
def test_the_same_records_make_the_same_page_to_the_byte(tmp_path: Path) -> None:
    rows = [
        ad(ad_id=f"{species} {kind}", species=species, product_type=kind)
        for species in ("ivory", "rhino_horn", "pangolin")
        for kind in ("raw", "worked_carved")
    ]
    given = context("2016-05", social=social())
    pages = {export(frame(*rows), given, tmp_path / str(n)).index.read_bytes() for n in range(2)}
    assert len(pages) == 1


def test_what_was_recorded_earlier_is_compared_with(tmp_path: Path) -> None:
    rows = frame(*steady(("2015-03", 20), ("2016-02", 5), ("2016-03", 10)))
    march = rows.filter(pl.col("first_seen").dt.strftime("%Y-%m") == "2016-03")
    before = rows.filter(pl.col("first_seen").dt.strftime("%Y-%m") < "2016-03")
    earlier = before.select("first_seen", "site", "species", "verdict", "relevance")
    given = context("2016-03", read_from="2011-03")
    done = export(march, given, tmp_path / "a", earlier=earlier)
    assert done.lines[1:4] == [
        "That is 100.0% more than in February 2016 (5).",
        "Between these two months, ivory rose most, from 5 to 10.",
        "Compared with March 2015 (20), March 2016 recorded 50.0% fewer.",
    ]
    assert export(rows, given, tmp_path / "b").lines == done.lines


def test_the_first_year_there_is_has_no_year_before(tmp_path: Path) -> None:
    given = context(*months_between("1990-01", "1990-02"), read_from="1990-01")
    done = export(frame(ad("1990-01-05"), ad("1990-02-05", ad_id="2")), given, tmp_path)
    assert "February 1990 had 1, as many as January 1990." in done.lines
    assert sorted(done.months) == ["1990-01", "1990-02"]


@pytest.mark.usefixtures("drawn")
def test_a_month_outside_its_band_is_marked_in_chart_and_text(tmp_path: Path) -> None:
    done = export(frame(*steady(("2016-02", 60))), context(*YEAR), tmp_path)
    assert list(done.summary.marked) == ["2016-02"]
    assert (
        "February 2016 was above the range expected from the preceding months (1 to 19)."
        in done.lines
    )
    page = page_of(done.index)
    drawing = page.get_element_by_id("figure-monthly").text_content()
    assert "Outside the expected range: February 2016." in drawing
    assert "expected" in drawing


@pytest.mark.parametrize(
    ("before", "low", "high"),
    [
        ([100] * 6, 70, 130),
        ([100, 900, 100, 100, 100, 100], 70, 130),
        ([0] * 6, 0, 0),
        ([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120], 0, 251),
    ],
)
def test_a_band_is_the_level_and_its_spread(before: list[int], low: int, high: int) -> None:
    found = band(before)
    assert found is not None
    assert (found.low, found.high) == (low, high)
    assert found.marks(high + 1)
    assert not found.marks(high)


def test_with_few_months_there_is_no_band() -> None:
    assert band([1000, 0, 1000, 0, 1000]) is None


def test_the_same_month_of_other_years_is_the_season(tmp_path: Path) -> None:
    rows = [
        ad(f"{year}-05-05", ad_id=f"{year} {number}")
        for year, many in ((2013, 4), (2014, 6), (2015, 5), (2016, 3))
        for number in range(many)
    ]
    lines = export(frame(*rows), context(read_from="2011-05"), tmp_path).lines
    assert "Of the May figures since 2013, that of 2016 was the lowest." in lines
    assert not any(
        "so few" in line
        for line in export(
            frame(*rows[:15]), context("2015-05", read_from="2011-05"), tmp_path
        ).lines
    )


def test_each_month_of_a_period_has_a_page(tmp_path: Path) -> None:
    done = export(frame(*steady(("2015-06", 3))), context(*YEAR), tmp_path)
    assert sorted(done.months) == YEAR
    page = page_of(done.months["2015-06"])
    assert grid(page, "monthly") == [["Jun 2015", "3", "3", "0", "0", "0"]]
    assert page.xpath("//nav//@href") == ["../index.html", "2015-05.html", "2015-07.html"]
    assert "That is 70.0% fewer than in May 2015 (10)." in page.text_content()
    assert not page.xpath("//script | //a[starts-with(@href, 'csv')]")
    listed = page_of(done.index).xpath("//ul[@class='months']//@href")
    assert listed == [f"months/{month}.html" for month in YEAR]
    assert all((tmp_path / each).is_file() for each in listed)


def test_pages_of_months_that_are_no_longer_in_the_period_go(tmp_path: Path) -> None:
    export(frame(*steady()), context(*YEAR), tmp_path)
    done = export(frame(*steady()), context(*YEAR[:2]), tmp_path)
    assert {path.stem for path in (tmp_path / "months").iterdir()} == set(done.months)


def test_both_languages_say_the_same_things() -> None:
    english, chinese = (LANGUAGES[lang] for lang in ("en", "zh"))
    assert english.values.keys() == chinese.values.keys()
    assert english.columns.keys() <= chinese.columns.keys()
    assert english.phrases.keys() == chinese.phrases.keys()
    for key, phrase in english.phrases.items():
        gaps = set(re.findall(r"{(\w+)}", phrase))
        assert gaps == set(re.findall(r"{(\w+)}", chinese.phrases[key])), key


def test_a_chinese_report_has_chinese_words_and_labels(tmp_path: Path) -> None:
    rows = [*steady(), amount("570", "82.73", ad_id="x", age_claim="old", product_type="raw")]
    sites = [ReportSite("mall", "The mall", label_zh="古玩城")]
    given = context(*YEAR, "2016-04", "2016-05", sites=sites, social=social())
    done = export(frame(*rows), given, tmp_path, lang="zh")
    assert done.lines[0] == "2015年1月至2016年5月在唯一受监测的网站古玩城共记录新增广告151条。"
    page = page_of(done.index)
    assert page.get("lang") == "zh"
    assert grid(page, "site_share") == [["古玩城", "151", "100.0%"]]
    assert page.xpath("//section[@id='species_share']//tbody//th/text()") == [
        "象牙", "犀角", "穿山甲鳞片及制品", "综合",
    ]  # fmt: skip
    for part in page.xpath("//h1 | //h2 | //th | //figcaption | //p | //li | //desc"):
        words = re.sub(
            r"CSV|csv\S*|USD|RMB|UTC|include-pending|rhino_horn", "", part.text_content()
        )
        assert not re.search(r"[A-Za-z]{4,}", words), words
    header = done.csv["species_share"].read_text(encoding="utf-8-sig").splitlines()
    assert header[:2] == [
        "species,species_label,advertisements,share_percent", "ivory,象牙,151,100.0",
    ]  # fmt: skip


def test_an_unknown_language_or_format_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="'fr' is not a valid language; choose one of en, zh"):
        export(frame(ad()), context(), tmp_path, lang="fr")
    with pytest.raises(
        ExportError,
        match="'odt' is not a valid format; choose one of html, csv, xlsx, figures, pdf",
    ):
        export(frame(ad()), context(), tmp_path, formats=["html", "odt"])


@pytest.mark.parametrize("name", ["csv/advertisements.csv", "report.xlsx"])
def test_exported_advertisements_can_be_imported_unchanged(tmp_path: Path, name: str) -> None:
    texts = ["=1", "'=1", "''-2", "-5", "＝1", "'", "象牙"]
    rows = [ad(ad_id=str(place), title=text) for place, text in enumerate(texts)]
    export(frame(*rows), context(), tmp_path, formats=["csv", "xlsx"])
    path = tmp_path / name
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        for other in book.sheetnames:
            if other != "advertisements":
                del book[other]
        book.save(path)
    read = list(read_records(path, ["ivory"]))
    assert all(isinstance(each, Record) for each in read), read
    assert [each.advertisement.title for each in read if isinstance(each, Record)] == texts


@pytest.mark.usefixtures("drawn")
def test_events_are_drawn_on_the_time_axis(tmp_path: Path) -> None:
    events = tmp_path / "events.yaml"
    events.write_text(
        "- {date: 2015-06-15, label: <b>A ban</b>, label_zh: 禁令}\n"
        "- {date: 2020-01-01, label: Later}\n",
        encoding="utf-8",
    )
    loaded = load_events(events)
    for lang, label in (("en", "<b>A ban</b>"), ("zh", "禁令")):
        given = context(*YEAR, events=loaded)
        page = page_of(export(frame(*steady()), given, tmp_path / lang, lang=lang).index)
        drawn = page.get_element_by_id("figure-monthly").xpath(".//*[local-name()='text']")
        assert label in [text.text_content() for text in drawn]
        assert label in page.get_element_by_id("notes").text_content()
        assert "Later" not in page.text_content()
        assert not page.xpath("//b")


def test_a_chinese_name_that_fits_its_panel_is_not_cut() -> None:
    name, months = "穿山甲鳞片及制品", ["2016-04", "2016-05"]
    formats = Formats(context(*months), texts_of("zh"))
    series = [Series(name, [1, 2])] * 5
    for width in (WIDE, NARROW):
        drawn = vega_svg(lambda width: _panels(series, months, formats, width), width)
        assert drawn.count(f">{name}<") == 5


def test_the_bundled_events_name_the_revised_law() -> None:
    assert date(2017, 1, 1) in [event.day for event in load_events()]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("date: 2017-01-01", "must be a list"),
        ("- {date: soon, label: x}", "entry 1: 'soon' is not a day"),
        ("- {date: 2017-01-01}", "entry 1: write date"),
        ("- {date: 2017-01-01, label: x, colour: red}", "entry 1: write date"),
        ("- {date: 2017-02-30, label: x}", "events.yaml cannot be read: day is out of range"),
        ("- {date: 2017-01-01, label: }", "entry 1: 'None' is not a label"),
        ("- {date: 2017-01-01, label: x, label_zh: [y]}", "entry 1: '['y']' is not a label"),
        ('- {date: 2017-01-01, label: "\\0 \\u200b"}', "is not a label; write a few words"),
        ("- [", "is not YAML in UTF-8"),
    ],
)
def test_a_mistake_in_the_events_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "events.yaml"
    path.write_text(text)
    with pytest.raises(ExportError, match=re.escape(message)):
        load_events(path)


def test_an_empty_or_missing_events_file(tmp_path: Path) -> None:
    (tmp_path / "events.yaml").write_text("# none\n")
    assert load_events(tmp_path / "events.yaml") == []
    with pytest.raises(ExportError, match="cannot be read"):
        load_events(tmp_path / "other.yaml")


def test_the_index_lists_all_reports_of_a_folder(tmp_path: Path) -> None:
    for name, months in (("2016-05", ["2016-05"]), ("2016-04", ["2016-04"]), ("two & <b>", YEAR)):
        given = context(*months, include_pending=name == "2016-04")
        export(frame(*steady()), given, tmp_path / name)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "index.html").write_text("<title>mine</title>")
    index = write_collection(tmp_path, texts_of("en"))
    assert index == tmp_path / "index.html"
    page = page_of(index)
    links = page.xpath("//ul[@class='reports']//a")
    assert [link.text_content() for link in links] == [
        "January 2015 to March 2016", "May 2016", "April 2016",
    ]  # fmt: skip
    assert links[0].get("href") == "two%20%26%20%3Cb%3E/index.html"
    items = [item.text_content() for item in page.xpath("//ul[@class='reports']/li")]
    assert "150 advertisements" in items[0]
    assert ["pending included" in item for item in items] == [False, False, True]
    assert not page.xpath("//script")
    write_collection(tmp_path, texts_of("zh"))
    assert page_of(index).xpath("//h1/text()") == ["报告"]


def test_the_index_is_in_one_language_for_reports_of_any_language(tmp_path: Path) -> None:
    for name, lang in (("a", "en"), ("b", "zh")):
        export(frame(ad()), context("2016-05"), tmp_path / name, lang=lang)
    export(frame(), context("2016-04"), tmp_path / "2016-04")
    older = (
        (tmp_path / "2016-04" / "index.html")
        .read_text(encoding="utf-8")
        .replace("2016-06-01T01:30:00+00:00", "1 &amp; June")
    )
    (tmp_path / "2016-04" / "index.html").write_text(older, encoding="utf-8")
    for lang, made in (
        ("en", "Generated on 1 June 2016, 09:30 (UTC+8)"),
        ("zh", "生成时间：2016年6月1日09:30（北京时间）"),
    ):
        index = write_collection(tmp_path, texts_of(lang))
        assert index is not None
        items = page_of(index).xpath("//ul[@class='reports']/li")
        lines = [" ".join(item.text_content().split()) for item in items]
        assert all(made in each for each in lines[:2])
        assert lines[2].endswith("1 & June")
        # Two reports of the same period are distinguished by their folders.
        assert [each[-2:] for each in lines[:2]] == [" b", " a"]
        assert "2016-04" not in lines[2]
    assert "1条广告" in lines[0]


def test_a_page_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    assert write_collection(tmp_path, texts_of("en")) is None
    assert (tmp_path / "index.html").read_text() == "mine"


def test_the_page_says_how_social_media_changed(tmp_path: Path) -> None:
    page = page_of(export(frame(ad()), context(social=social()), tmp_path).index)
    found = page.xpath("//section[@id='social_summary']//p[@class='finding']")[0].text_content()
    assert "3.5 advertisements and 10.5 images and videos a day" in found
    assert (
        "Compared with 2015 (4.5 advertisements and 13.5 images and videos a day), "
        "that is 22.2% fewer advertisements and 22.2% fewer images and videos." in found
    )
    assert grid(page, "social_summary") == [
        ["2016", "2", "3.5", "10.5", "−22.2%", "−22.2%", "4.5", "13.5"]
    ]


def test_a_report_of_surveys_alone_is_not_empty(tmp_path: Path) -> None:
    done = export(frame(), context(social=social()), tmp_path)
    assert any("3.5 advertisements and 10.5 images and videos a day" in each for each in done.lines)
    assert (
        "3.5 advertisements"
        in page_of(done.index).xpath("//div[@class='summary']")[0].text_content()
    )


def test_money_stays_exact_in_what_was_read(tmp_path: Path) -> None:
    rows = [amount("0.10", "0.01", ad_id=str(number)) for number in range(3)]
    done = export(frame(*rows), context(), tmp_path)
    line = done.csv["prices"].read_text(encoding="utf-8-sig").splitlines()[1].split(",")
    assert Decimal(line[5]) == Decimal("0.10")
