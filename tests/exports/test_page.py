"""Report page: the rows of the files, escaped texts, true sentences."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import lxml.html  # type: ignore[import-untyped]
import pytest
from jinja2 import FileSystemBytecodeCache

from exports import Context, Exported, ReportSite, export
from exports.charts import figure
from exports.formats import Formats, us_dollars, yuan
from exports.narrative import removal_sentences
from exports.page import environment
from exports.texts import texts_of
from tests.helpers.exports_data import (
    GROUPS,
    RATE_DATE,
    ad,
    amount,
    context,
    frame,
    group,
    per_gram,
    social,
)
from tests.helpers.made_reports import grid, page_of
from wildcrawl.months import months_between
from wildcrawl.review.looking.after_removal import Reposts
from wildcrawl.review.notices import Removal
from wildcrawl.store import OtherRules

HOSTILE = '"><script>alert(1)</script><img src=http://seller.example/x onerror=alert(2)>{{ 7*7 }}'


def make(folder: Path, *rows: dict[str, Any], given: Context | None = None) -> tuple[Exported, Any]:
    done = export(frame(*rows), given or context(), folder)
    return done, lxml.html.fromstring(done.index.read_text(encoding="utf-8"))


def plain(cell: str) -> str:
    cell = cell.replace(",", "").removesuffix("%").removesuffix(".00")
    return re.sub(r"^[+−-](?=[0-9])", lambda sign: "-" if sign[0] != "+" else "", cell)


def test_the_page_has_the_same_rows_as_the_files(tmp_path: Path) -> None:
    rows = [
        amount("1234567.5", "179182.51", age_claim="old", site="mall"),
        amount("570", "82.70", product_type="raw", site="shop", ad_id="2"),
        per_gram("600", species="rhino_horn", ad_id="3"),
        *(ad("2016-04-02T00:00:00", ad_id=f"a{number}") for number in range(1500)),
    ]
    given = context("2016-04", "2016-05", social=social())
    done, page = make(tmp_path, *rows, given=given)
    words = {
        "unknown": "not stated",
        "none": "no claim",
        "per_gram": "per gram",
        "absent": "no price",
    }
    words |= {"on_request": "on request", "placeholder": "placeholder (such as 999999, 1)"}
    words |= {"foreign": "other currency", "invalid": "not readable"}
    words |= {"semi_worked": "semi-worked", "worked_carved": "worked, carved"}
    words |= {"all": "All", "web": "websites", "social": "social media", "": "–"}
    words |= {"2016-04": "Apr 2016", "2016-05": "May 2016"}
    words |= {each.name: each.label for each in GROUPS}
    words |= {"old_claims": "old, of the ages claimed", "suspended": "suspended by the platform"}
    words |= {"quit": "closed by its owner", "moved": "moved to another account"}
    elsewhere = ("comparable", "comparable_searches", "expected", "prices")
    for name, path in done.csv.items():
        if name in ("advertisements", "comparisons", "waiting", "ruled_out", *elsewhere):
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *lines = list(csv.reader(file))
        # The page leaves out columns on searches that have nothing to tell, and the only year.
        kept = [
            place
            for place, column in enumerate(header)
            if (name, column) not in (("monthly", "same_sites"), ("site_species", "year"))
            and (
                "not_searched" not in column or any(line[place] not in ("", "0") for line in lines)
            )
        ]
        header, *lines = [[row[place] for place in kept] for row in [header, *lines]]
        wanted = []
        for line in lines:
            cells = [
                str(us_dollars(Decimal(cell))) if column.endswith("_usd") else words.get(cell, cell)
                for column, cell in zip(header, line, strict=True)
            ]
            wanted.append([plain(cell) for cell in cells])
        if name == "yearly":
            # A single year compares with none, so the page leaves its row to the file.
            assert len(wanted) == 1
            wanted = []
        assert [[plain(cell) for cell in row] for row in grid(page, name)] == wanted, name


@pytest.mark.usefixtures("drawn")
def test_texts_of_sellers_are_escaped(tmp_path: Path) -> None:
    row = ad(title=HOSTILE, site=HOSTILE, url="javascript:alert(1)", price="<b>1</b>")
    done, page = make(tmp_path, row, ad(site="mall"))
    assert not page.xpath("//script | //img | //iframe | //object | //form | //b")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    hostile = [cells for cells in grid(page, "advertisements") if cells[1] == HOSTILE]
    ((_, site, _, title, price, url),) = hostile
    assert (site, title, price, url) == (HOSTILE, HOSTILE, "<b>1</b>", "javascript:alert(1)")
    assert HOSTILE in page.xpath("//dl[@class='key']")[0].text_content()
    assert any(HOSTILE in line for line in done.lines)


@pytest.mark.usefixtures("drawn")
def test_labels_of_the_vocabulary_are_text_too_in_the_drawings(tmp_path: Path) -> None:
    groups = (group("ivory", HOSTILE, "象牙", "2012-01"), GROUPS[-1])
    _, page = make(tmp_path, ad(), given=context("2016-04", "2016-05", groups=groups))
    assert not page.xpath("//script | //img")
    drawn = page.xpath("//figure//*[local-name()='text']")
    assert any(text.text_content().startswith(HOSTILE[:20]) for text in drawn)


@pytest.mark.usefixtures("drawn")
def test_nothing_is_loaded_and_no_sellers_address_is_a_link(tmp_path: Path) -> None:
    _, page = make(
        tmp_path, ad(url="http://seller.example/1", image_urls="http://seller.example/x")
    )
    assert page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0].startswith(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    links = page.xpath("//@href | //@src | //@action | //*[local-name()='use']/@*")
    assert set(links) - {"data:,"} == {
        f"csv/{name}.csv"
        for name in (
            "monthly", "species_share", "site_share", "site_species", "expected",
            "age_claims", "product_types", "price_kinds", "coverage", "advertisements",
        )
    }  # fmt: skip
    style = page.xpath("//style")[0].text_content()
    assert not re.search(r"url\(|@import", style)


@pytest.mark.parametrize(("months", "number"), [(["2016-05"], 24), (["2016-04", "2016-05"], 33)])
def test_pending_is_said_in_every_title(tmp_path: Path, months: list[str], number: int) -> None:
    given = context(*months, include_pending=True)
    _, page = make(tmp_path, ad(verdict="pending"), given=given)
    titles = page.xpath(
        "//head/title | //h1 | //section[not(@id='notes')]//h2 | //caption | //figcaption"
    )
    assert len(titles) == number
    assert all("pending included" in title.text_content() for title in titles)
    _, page = make(tmp_path, ad())
    assert "pending included" not in page.text_content()


def test_equal_leaders_share_their_key_figure(tmp_path: Path) -> None:
    def key_figures(*species: str) -> list[str]:
        rows = (ad(ad_id=str(number), species=name) for number, name in enumerate(species))
        _, page = make(tmp_path, *rows)
        return [" ".join(each.itertext()).strip() for each in page.xpath("//dl[@class='key']/div")]

    shared = key_figures("ivory", "rhino_horn")[1]
    assert " ".join(shared.split()) == "50.0% ivory and rhino horn, share of each"
    assert "100.0% ivory, share of all" in " ".join(key_figures("ivory")[1].split())


def test_a_provisional_report_says_its_share_once(tmp_path: Path) -> None:
    waiting = [ad(verdict="pending", ad_id=str(number)) for number in range(3)]
    _, page = make(tmp_path, ad(), *waiting)
    assert page.xpath("//main")[0].text_content().count("75.0%") == 1
    key = [" ".join(each.itertext()).split()[0] for each in page.xpath("//dl[@class='key']/div")]
    assert key == ["1", "3"]


def test_what_waits_has_a_row_for_each_site_and_a_column_for_each_species(tmp_path: Path) -> None:
    wait = [("mall", "ivory"), ("mall", "tiger"), ("market", "tiger"), ("market", "tiger")]
    rows = [
        ad(site=site, species=species, verdict="pending", ad_id=str(number))
        for number, (site, species) in enumerate([*wait, ("fair", "ivory")])
    ]
    _, page = make(tmp_path, *rows)
    assert grid(page, "waiting") == [
        ["mall", "2", "1", "1"], ["market", "2", "2", "0"], ["fair", "1", "0", "1"],
    ]  # fmt: skip
    heads = [each.text_content().strip() for each in page.xpath("//section[@id='waiting']//th")]
    assert heads[:4] == ["Website", "Waiting", "Tiger", "Ivory"]


def test_prices_are_a_median_and_a_range_and_an_only_one_is_printed_once(tmp_path: Path) -> None:
    rows = (amount("1234567.5", "179182.51"), amount("570", "82.74", ad_id="2"))
    _, page = make(tmp_path, *rows, per_gram("600", species="rhino_horn", ad_id="3"))
    assert [row[4:] for row in grid(page, "prices")] == [
        ["2", "617,568.75", "570–1,234,567.50", "89,632.60", "82.70–179,182.50"],
        ["1", "600", "", "87.10", ""],
    ]


@pytest.mark.usefixtures("drawn")
def test_prices_of_several_species_alone_are_still_explained(tmp_path: Path) -> None:
    priced = ad(species="ivory;rhino_horn", price_kind="amount", price_cny=Decimal(5))
    _, page = make(tmp_path, priced)
    assert "that is 1 price" in page.xpath("//section[@id='prices']")[0].text_content()


def test_an_empty_report_says_so_and_prints_zeros(tmp_path: Path) -> None:
    waiting = [ad(verdict="pending", ad_id=str(number)) for number in range(3)]
    done, page = make(tmp_path, *waiting)
    assert done.summary.total == 0
    assert done.lines == [
        "Provisional: in May 2016, 3 of the 3 advertisements to be judged still wait for a "
        "verdict (100.0%).",
        "No advertisements were counted in May 2016.",
        "In all, 3 await a verdict: by website, mall (3); by species, ivory (3).",
        "Until they are judged, this summary makes no comparisons.",
        "To count them as well, export with --include-pending.",
        "They are judged at the desk (scrapy desk).",
    ]
    assert grid(page, "monthly") == [["May 2016", "0", "0", "0", "0", "0"]]
    assert "No rows in this period." in page.xpath("//main")[0].text_content()
    assert not page.xpath("//section[@id='prices']")
    assert done.csv["prices"].is_file()
    assert make(tmp_path)[0].lines == ["No advertisements were counted in May 2016."]


def test_the_summary_says_what_the_tables_have(tmp_path: Path) -> None:
    rows = [
        *(ad("2016-03-02T00:00:00", ad_id=f"3{number}") for number in range(4)),
        *(ad("2016-04-02T00:00:00", ad_id=f"4{number}") for number in range(8)),
        *(ad(ad_id=f"5{number}", species="rhino_horn", site="shop") for number in range(3)),
    ]
    sites = [ReportSite("mall", "The mall", "2016-01"), ReportSite("idle", since="2016-01")]
    given = context("2016-03", "2016-04", "2016-05", sites=sites)
    done, page = make(tmp_path, *rows, given=given)
    assert done.lines == [
        "15 new advertisements were recorded from March 2016 to May 2016, on 2 of 3 monitored "
        "websites.",
        "On average there were 5.0 a month; the most in April 2016 (8), the fewest in May 2016 "
        "(3).",
        "Ivory accounted for the largest share, 80.0% (12), followed by rhino horn with 20.0%.",
        "The leading website, The mall, accounted for 80.0% of all advertisements (12).",
        "On the 2 websites searched in both, May 2016 had 0, 100.0% fewer than April 2016 (8).",
        "The websites searched differ: only in May 2016: shop.",
        "The keywords searched differ: 7 in May 2016, 5 in April 2016.",
        "On the websites searched in both months, ivory fell most, from 8 to 0.",
    ]
    figures = page.xpath("//dl[@class='key']")[0].text_content()
    assert all(figure in figures for figure in ("15", "−100.0%", "80.0%", "The mall"))
    summary = page.xpath("//div[@class='summary']")[0].text_content()
    assert all(line in summary for line in done.lines)


def test_one_advertisement_is_spoken_of_as_one(tmp_path: Path) -> None:
    judged = [ad(ad_id=f"j{number}", verdict="irrelevant") for number in range(18)]
    done, page = make(tmp_path, ad(), ad(ad_id="2", verdict="pending"), *judged)
    assert done.lines[0] == (
        "1 new advertisement was recorded in May 2016, on mall, the only website monitored."
    )
    # The only website has no share worth telling.
    assert not any("leading website" in line for line in done.lines)
    assert "share of all" in page.xpath("string(//dl[@class='key'])")
    assert "mall" not in page.xpath("string(//dl[@class='key'])")
    assert done.lines[-1] == "1 new advertisement of the month waits for a verdict."
    figure = page.xpath("//dl[@class='key']/div")[0]
    assert " ".join(figure.text_content().split()) == "1 new advertisement"


def of_months(numbers: dict[str, int]) -> list[dict[str, Any]]:
    """A number of advertisements for each month."""
    return [
        ad(f"{month}-03", ad_id=f"{month} {place}")
        for month, number in numbers.items()
        for place in range(number)
    ]


def test_a_report_of_years_begins_with_how_the_last_one_changed(tmp_path: Path) -> None:
    months = months_between("2014-01", "2016-12")
    many = {"2014": 4, "2015": 10, "2016": 5}
    rows = of_months({month: many[month[:4]] for month in months})
    _, page = make(tmp_path, *rows, given=context(*months))
    lede, whole, last = (
        each.text_content() for each in page.xpath("//div[@class='summary']/p")[:3]
    )
    assert lede.endswith("2016 had 60, or 5.0 a month, 50.0% fewer than 2015 (10.0 a month).")
    assert "The monthly average of 2016 is 125.0% of that of 2014." in whole
    assert last.startswith("December 2016 had 5, as many as November 2016.")
    _, page = make(tmp_path, *rows, given=context(*months[10:]))
    whole = page.xpath("//div[@class='summary']/p")[1].text_content()
    assert "is 125.0% of that of 2014, which has only 2 months here." in whole
    figures = " ".join(page.xpath("//dl[@class='key']")[0].text_content().split())
    assert "−50.0% 2016 against 2015, by monthly average" in figures


def test_months_outside_their_band_are_named_together(tmp_path: Path) -> None:
    months = months_between("2015-01", "2016-05")
    odd = {"2015-10": 70, "2016-01": 80, "2016-03": 0}
    rows = of_months({month: odd.get(month, 20) for month in months})
    done, page = make(tmp_path, *rows, given=context(*months))
    assert done.lines[-2:] == [
        "October 2015 and January 2016 were above the range expected from the preceding months.",
        "March 2016 was below the range expected from the preceding months.",
    ]
    note = page.xpath("//section[@id='monthly']//p[@class='note']")[0].text_content()
    assert note.endswith("a month outside it is marked.")
    assert "Expected range: the median" in page.get_element_by_id("notes").text_content()


def test_nothing_is_said_of_what_is_not_there(tmp_path: Path) -> None:
    _, page = make(tmp_path, ad(), given=context(read_from="2011-05", not_stored=0))
    text = " ".join(page.text_content().split())
    assert "grey band" not in text
    assert "No advertisement of this period is left out." in text
    assert "matched no keyword" not in text
    _, empty = make(tmp_path / "empty", given=context())
    assert "No advertisement of this period is left out." not in empty.text_content()
    done, _ = make(tmp_path, ad(), given=context("2016-04", "2016-05"))
    month = lxml.html.fromstring(done.months["2016-05"].read_text(encoding="utf-8"))
    assert "The file has all of them" in page.get_element_by_id("advertisements").text_content()
    assert "file" not in month.get_element_by_id("advertisements").text_content()


@pytest.mark.parametrize(
    ("read_from", "before", "sentence"),
    [
        ("2016-04", 4, "That is 75.0% fewer than in April 2016 (4)."),
        ("2015-05", 1, "That is as many as in April 2016."),
        ("2016-04", 0, None),
        ("2016-05", 4, None),
        ("", 4, None),
    ],
)
def test_one_month_is_compared_if_the_month_before_was_read(
    tmp_path: Path, read_from: str, before: int, sentence: str | None
) -> None:
    rows = [ad("2016-04-02T00:00:00", ad_id=f"4{number}") for number in range(before)]
    done, _ = make(tmp_path, ad(), *rows, given=context(read_from=read_from))
    assert done.summary.total == 1
    assert [line for line in done.lines if line.startswith("That is")] == (
        [sentence] if sentence else []
    )


def test_a_month_with_none_is_told_once_there_were_any(tmp_path: Path) -> None:
    early = ad("2016-02-02T00:00:00", ad_id="2")
    done, _ = make(tmp_path, ad(), early, given=context(read_from="2015-05"))
    assert "April 2016 had none." in done.lines


def test_texts_that_several_searches_left_unmatched_are_said_to_be_at_most_so_many(
    tmp_path: Path,
) -> None:
    _, page = make(tmp_path, ad(), given=context(not_stored=1234, unmatched_again=True))
    notes = page.xpath("//section[@id='notes']")[0].text_content()
    assert "At most 1,234 further ones matched no keyword" in notes
    assert "A further 1,234" not in notes


def test_the_notes_name_rule_rate_and_what_was_left_out(tmp_path: Path) -> None:
    rows = [
        amount("650", "100.00")
        | {"rate": Decimal("6.5"), "rate_date": RATE_DATE.replace(year=2016)},
        ad(verdict="irrelevant"),
        ad(verdict="fake"),
        ad(verdict="fake"),
        ad(verdict="pending", relevance="set_aside"),
    ]
    _, page = make(tmp_path, *rows, given=context(not_stored=1234))
    notes = page.xpath("//section[@id='notes']")[0].text_content()
    assert "0 pending, 1 judged irrelevant, 2 judged fake, 1 set aside" in notes
    assert "A further 1,234 matched no keyword" in notes
    assert "USD 1 = RMB 6.89 (rate of 14 April 2017)" in notes
    assert "recorded at RMB 6.50 (14 April 2016)" in notes
    assert "calendar month in China (UTC+8)" in notes


def test_the_notes_say_that_dollars_are_of_several_rates(tmp_path: Path) -> None:
    def notes(*rates: str) -> str:
        rows = [
            amount("650", "100.00", ad_id=str(place))
            | {"rate": Decimal(rate), "rate_date": RATE_DATE.replace(day=place + 1)}
            for place, rate in enumerate(rates)
        ]
        _, page = make(tmp_path, *rows)
        return str(page.xpath("//section[@id='notes']")[0].text_content())

    several = notes("6.5", "6.6")
    assert "recorded at RMB 6.50 (1 April 2017) and RMB 6.60 (2 April 2017)" in several
    assert "converted at different rates" in several
    many = notes("6.5", "6.6", "6.4", "6.7", "6.8", "6.55")
    assert "at 6 rates, the lowest and highest of which are RMB 6.40 (3 April 2017)" in many
    assert "different rates" not in notes("6.5")


def test_the_notes_tell_how_much_the_filter_misses(tmp_path: Path) -> None:
    def notes(set_aside: int, judged: int, valid: int, sampled: int = 0) -> str:
        verdicts = ["valid"] * valid + ["irrelevant"] * (judged - valid)
        verdicts += ["pending"] * (set_aside - judged)
        aside = [
            ad(
                ad_id=f"aside{place}",
                relevance="set_aside",
                verdict=verdict,
                audit=place < max(judged, sampled),
            )
            for place, verdict in enumerate(verdicts)
        ]
        # In another month, so not in this one's sample.
        early = ad("2016-04-10T04:00:00", ad_id="early", relevance="set_aside", audit=True)
        _, page = make(tmp_path, ad(), early, *aside, given=context())
        text: str = page.xpath("//section[@id='notes']")[0].text_content()
        return " ".join(text.split())

    known = notes(set_aside=1500, judged=30, valid=3)
    assert "30 from the audited 2% were judged and 3 of these are valid" in known
    assert "10.0% (95% confidence: 3.5% to 25.6%)" in known
    assert "an estimated 150 valid advertisements" in known
    unknown = notes(set_aside=1500, judged=0, valid=0, sampled=30)
    assert "of 1,500 set aside, none of the audited 2% has been judged yet" in unknown
    assert "of 15 set aside, none fell into the sample" in notes(set_aside=15, judged=0, valid=0)
    assert "the filter misses" not in notes(set_aside=0, judged=0, valid=0)


def test_what_became_of_notices_is_said_in_all(tmp_path: Path) -> None:
    removals = [Removal("mall", 1200, 700, 300, 650, 400, 100), Removal("shop", 3, 1, 1, 1, 2, 0)]
    _, page = make(tmp_path, ad(), given=replace(context(), removals=removals))
    found = page.xpath("//section[@id='removals']//p[@class='finding']")[0].text_content()
    assert found == (
        "Operators were notified of 1,203: 701 (58.3%) had been removed when last rechecked, 301 "
        "within 7 days and 651 within 30; 402 remained up, and the status of 100 is not known."
    )
    note = page.xpath("//section[@id='removals']//p[@class='note']")[0].text_content()
    assert "The file notified.csv lists each of them." in note
    _, page = make(tmp_path, ad())
    assert not page.xpath("//section[@id='removals']")


@pytest.mark.parametrize(
    ("week", "month", "lines"),
    [
        (0, 0, []),
        (0, 3, ["Counted separately are those not removed whose 30 days are not over: 3.",
                "For 3 it is not clear whether they were removed within 30 days"]),
        (2, 0, ["For 2 it is not clear whether they were removed within 7 days"]),
        (2, 3, ["Counted separately are those not removed whose term is not over: 2 for 7 days",
                "For 2 it is not clear whether they were removed within 7 days, and for 3"]),
    ],
)  # fmt: skip
def test_terms_of_which_there_is_nothing_to_say_are_not_named(
    week: int, month: int, lines: list[str]
) -> None:
    removal = Removal("mall", 9, 0, 0, 0, 9, 0)
    running = replace(removal, not_yet_7_days=week, not_yet_30_days=month)
    unclear = replace(removal, unclear_7_days=week, unclear_30_days=month)
    # A term of 7 days is not over only if that of 30 is not.
    given = [unclear] if week > month else [running, unclear]
    formats = Formats(replace(context(), removals=given), texts_of("en"))
    (said,) = removal_sentences(formats.context, formats)
    assert all(line in said for line in lines)
    assert " 0 " not in said.partition("status of")[2].partition("known.")[2]
    assert ("clear" in said) == bool(lines)


def test_the_page_names_no_command_and_the_export_says_what_to_do(tmp_path: Path) -> None:
    given = replace(
        context(),
        other_rules=OtherRules(12, 3),
        reposts=Reposts((), 4, 1),
        removals=[Removal("mall", 9, 9, 0, 0, 0, 0)],
    )
    for lang in ("en", "zh"):
        done = export(frame(ad()), given, tmp_path / lang, lang=lang)
        assert "scrapy" not in page_of(done.index).text_content()
        told = " ".join(done.lines)
        assert "scrapy retag" in told
        assert "scrapy look" in told
    done = export(frame(ad()), context(), tmp_path / "plain")
    assert "scrapy" not in " ".join(done.lines)


def test_a_report_of_one_year_and_one_channel_repeats_neither_in_its_rows(tmp_path: Path) -> None:
    _, page = make(tmp_path, ad(product_type="raw"), ad(ad_id="2", species="rhino_horn"))
    assert page.xpath("//section[@id='site_species']//h2")[0].text == "Species on each website"
    assert grid(page, "site_species")[0] == ["mall", "Ivory", "1", "50.0%"]
    assert grid(page, "product_types")[0] == ["Ivory", "raw", "1", "100.0%"]
    _, page = make(tmp_path, ad(), ad(ad_id="2"), given=context(social=social()))
    assert grid(page, "product_types")[0][0] == "websites"


def test_product_types_of_a_survey_alone_are_not_said_to_be_on_websites(tmp_path: Path) -> None:
    _, page = make(tmp_path, given=context(social=social()))
    assert grid(page, "product_types")[0][0] == "social media"
    note = page.xpath("//section[@id='product_types']")[0].text_content()
    assert "advertisements on that channel" in note
    assert "on websites" not in note


@pytest.mark.usefixtures("drawn")
def test_drawings_have_words_for_who_cannot_see_them(tmp_path: Path) -> None:
    rows = [ad(), ad("2016-04-02T00:00:00", ad_id="2", species="rhino_horn")]
    _, page = make(tmp_path, *rows, given=context("2016-04", "2016-05"))
    drawings = page.xpath("//figure//*[local-name()='svg']")
    assert len(drawings) == 12
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    spoken = {}
    for drawing in drawings:
        title, words = (
            page.get_element_by_id(each) for each in drawing.get("aria-labelledby").split()
        )
        assert title.text_content()
        spoken[title.get("id").rsplit("-", 2)[0]] = words.text_content()
    for name in ("leading", "species"):
        assert "Rhino horn: 0 to 1 a month, 0 in May 2016." in spoken[name]
    assert "All: 1 to 1 a month, 1 in May 2016." in spoken["monthly"]
    assert "Ivory: 100.0% in May 2016." in spoken["share"]
    assert "Keywords: 5 in April 2016, 7 in May 2016." in spoken["growth"]


def test_no_two_colours_of_a_stack_are_the_same_grey() -> None:
    def grey(colour: str) -> float:
        """L*, the perceived lightness, of a colour."""
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [((part + 0.055) / 1.055) ** 2.4 for part in parts]
        light = sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
        return float(116 * light ** (1 / 3) - 16)

    greys = [grey(colour) for colour in figure.STACK]
    ordered = sorted(greys)
    assert min(b - a for a, b in pairwise(ordered)) > 7
    assert min(abs(b - a) for a, b in pairwise(greys)) > 20


def test_one_month_is_drawn_as_bars_by_species(tmp_path: Path) -> None:
    _, page = make(tmp_path, ad(), *(ad(ad_id=n, species="rhino_horn") for n in "23"))
    figure = page.get_element_by_id("figure-monthly")
    assert (
        figure.xpath("./figcaption")[0].text_content().strip()
        == "Advertisements in May 2016, by species"
    )
    words = figure.xpath(".//*[local-name()='desc']")[0].text_content()
    assert words.endswith("All: 3. Rhino horn: 2. Ivory: 1. Pangolin: 0. General: 0.")


def test_the_newest_advertisements_are_shown_latest_first(tmp_path: Path) -> None:
    rows = [
        ad(f"2016-05-{day:02d}T00:00:00", ad_id=str(day), title=f"第{day}") for day in range(1, 26)
    ]
    _, page = make(tmp_path, *rows)
    shown = grid(page, "advertisements")
    assert [row[3] for row in shown] == [f"第{day}" for day in range(25, 5, -1)]
    assert shown[0][0] == "2016-05-25 08:00"
    assert "The latest 20 of 25" in page.xpath("//section[@id='advertisements']")[0].text_content()


def test_a_long_title_is_cut_on_the_page_and_whole_in_the_csv(tmp_path: Path) -> None:
    long, short = "象牙" * 160, "牙雕" * 60
    done, page = make(tmp_path, ad(title=long), ad(ad_id="2", title=short))
    assert {row[3] for row in grid(page, "advertisements")} == {f"{'象牙' * 60}…", short}
    assert long in (done.folder / "csv" / "advertisements.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("cents", "printed"),
    [
        ("82.73", "82.70"),
        ("711.18", "711.20"),
        ("87.08", "87.10"),
        ("0.05", "0.10"),
        ("1234.55", "1,234.60"),
    ],
)
def test_dollars_are_printed_as_the_briefing_prints_them(cents: str, printed: str) -> None:
    assert us_dollars(Decimal(cents)) == printed


@pytest.mark.parametrize(("amount_", "printed"), [("4900.00", "4,900"), ("12.50", "12.50")])
def test_yuan_have_fen_only_where_there_are_any(amount_: str, printed: str) -> None:
    assert yuan(Decimal(amount_)) == printed


def test_websites_with_nothing_are_folded_up_and_named(tmp_path: Path) -> None:
    sites = [ReportSite(name, f"The {name}", "2016-05") for name in ("barn", "fair", "kiosk")]
    for number, folded in ((2, []), (3, ["The barn", "The fair", "The kiosk"])):
        given = context(sites=sites[:number])
        _, page = make(tmp_path / str(number), ad(), given=given)
        section = page.get_element_by_id("site_share")
        rows = section.xpath(".//tbody/tr")
        assert len(rows) == number + 1, "as many as in the file"
        within = section.xpath(".//details//tbody/tr/th")
        assert [name.text_content() for name in within] == folded
        named = [" ".join(each.text_content().split()) for each in section.xpath(".//summary")]
        assert named == (["3 websites with 0: The barn, The fair, The kiosk"] if folded else [])


def test_a_page_is_made_where_no_folder_can_hold_compiled_templates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_given: object) -> str:
        raise RuntimeError("no folder that only this user can write to")

    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr(FileSystemBytecodeCache, "_get_default_cache_dir", refused)
    assert environment.__wrapped__().bytecode_cache is None
    monkeypatch.undo()
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert environment.__wrapped__().bytecode_cache is None
