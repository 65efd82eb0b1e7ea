"""`scrapy export`: its input, its files and its error messages."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.helpers.crawling import scrapy
from wildcrawl.items import Advertisement, Run
from wildcrawl.months import month_of, next_month
from wildcrawl.store import open_store

pytestmark = pytest.mark.xdist_group("export")

RECORDS = """\
site,ad_id,title,price,found_at,species,verdict
mall,1,老象牙手串,4900,2015-05-03,ivory,valid
mall,2,老象牙手串,600,2016-04-03,ivory,valid
mall,3,老象牙手串,600,2016-05-03,ivory,valid
mall,4,犀角杯,600,2016-05-31T23:59:59+08:00,rhino_horn,valid
mall,5,犀角杯,600,2016-06-01,rhino_horn,valid
mall,6,犀角杯,600,2016-05-09,rhino_horn,fake
forum,7,犀角杯,600,2016-05-09,rhino_horn,irrelevant
forum,8,犀角杯,600,2016-07-09,rhino_horn,pending
forum,9,犀角杯,600,2016-07-09,rhino_horn,valid
mall,10,犀角杯,600,2016-08-09,rhino_horn,valid
"""


PAGE = ("--format", "html,csv")
"""Formats without files of the figures, which take the most time."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that has the records."""
    folder = tmp_path_factory.mktemp("export")
    (folder / "records.csv").write_text(RECORDS, encoding="utf-8")
    done = scrapy("crawl", "records", "-a", "file=records.csv", folder=folder)
    assert done.code == 0, done.err
    return folder


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_period_has_a_page_for_each_month_and_an_index_over_all(folder: Path) -> None:
    done = scrapy("export", "--from", "2016-04", "--to", "2016-06", folder=folder)
    assert done.code == 0, done.err
    assert scrapy("export", "2016-05", *PAGE, folder=folder).code == 0
    report = folder / "reports" / "2016-04_2016-06"
    assert [row[:3] for row in table(report / "csv" / "monthly.csv")[1:]] == [
        ["2016-04", "1", "1"],
        ["2016-05", "2", "1"],
        ["2016-06", "1", "0"],
    ]
    assert sorted(path.name for path in (report / "months").glob("*.html")) == [
        "2016-04.html", "2016-05.html", "2016-06.html",
    ]  # fmt: skip
    assert (report / "index.html").as_uri() in done.out
    index = (folder / "reports" / "index.html").read_text(encoding="utf-8")
    assert "2016-04_2016-06/index.html" in index
    assert "2016-05/index.html" in index


def test_one_month_is_compared_with_those_before_it(folder: Path) -> None:
    done = scrapy("export", "2016-05", "-o", "out", *PAGE, folder=folder)
    assert done.code == 0, done.err
    assert "2 new advertisements were recorded in May 2016, on 1 of 2" in done.out
    same = "On the one website searched in both, May 2016 had 2, 100.0% more than"
    assert f"{same} April 2016 (1)." in done.out
    assert f"{same} May 2015 (1)." in done.out
    assert not (folder / "index.html").exists()


def test_an_unfinished_month_is_provisional_and_not_final(folder: Path) -> None:
    done = scrapy("export", "2016-07", *PAGE, folder=folder)
    assert done.code == 0, done.err
    assert done.out.startswith("Provisional: in July 2016, 1 of the 2 advertisements")
    assert "more than" not in done.out
    assert "the largest share" not in done.out
    report = folder / "reports" / "2016-07-provisional"
    assert (report / "index.html").as_uri() in done.out
    assert (report / "csv" / "monthly-provisional.csv").is_file()
    final = scrapy("export", "2016-07", "--final", "-o", "final", folder=folder)
    assert final.code == 2
    assert "1 of 2 (50.0%) in 2016-07; judge them at the desk: scrapy desk" in final.err
    assert not (folder / "final").exists()
    after = scrapy("export", "2016-08", "--final", "-o", "august", *PAGE, folder=folder)
    assert after.code == 0, after.err
    assert "Too many advertisements of July 2016 wait for a verdict" in after.out
    page = (folder / "august" / "index.html").read_text(encoding="utf-8")
    assert "rovisional" not in page.partition("<body>")[2]
    assert (folder / "august" / "csv" / "monthly.csv").is_file()


def test_runs_and_groups_of_the_store_reach_the_report(folder: Path) -> None:
    september = datetime(2016, 9, 5, tzinfo=UTC)
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    ad = Advertisement(site="mall", ad_id="b1", title="熊胆", species=["bear"], verdict="valid")
    ad.found_at, ad.relevance = september, "likely"
    store.record([ad], "by hand")
    store.save_run(Run("s1", "demo_shop", september, september, health="blocked"))
    store.close()
    done = scrapy("export", "2016-09", "-o", "september", *PAGE, folder=folder)
    assert done.code == 0, done.err
    assert "the vocabulary lacks, counted in columns of their own: bear (1)" in done.err
    assert "1 monitored website was not searched: Cloud Boutique (blocked)." in done.out
    csv_folder = folder / "september" / "csv"
    header, row = table(csv_folder / "monthly.csv")
    assert dict(zip(header, row, strict=True))["bear"] == "1"
    assert table(csv_folder / "coverage.csv")[1][-2:] == ["1", "demo_shop (blocked)"]
    shares = {line[0]: line[1:] for line in table(csv_folder / "site_share.csv")[1:]}
    assert shares["demo_shop"] == ["", "", "1"]
    assert shares["forum"] == ["0", "0.0", "0"], "the ledger has no break"


def test_a_month_that_has_not_begun_is_refused(folder: Path) -> None:
    following = next_month(month_of(datetime.now(UTC)))
    for months in ((following,), ("--from", "2016-05", "--to", following)):
        done = scrapy("export", *months, "-o", "early", folder=folder)
        assert done.code == 2
        assert f"{following} has not begun" in done.err
    assert not (folder / "early").exists()


def test_formats_language_and_events_are_chosen(folder: Path) -> None:
    (folder / "events.yaml").write_text("- {date: 2016-05-05, label: Raid, label_zh: 查处}\n")
    months = ("--from", "2016-04", "--to", "2016-05")
    choices = ("--format", "html", "--format", "xlsx", "--lang", "zh", "-o", "chosen")
    done = scrapy("export", *months, *choices, folder=folder, WILDCRAWL_EVENTS="events.yaml")
    assert done.code == 0, done.err
    assert "2016年4月至2016年5月共记录新增广告3条" in done.out
    assert "查处" in (folder / "chosen" / "index.html").read_text(encoding="utf-8")
    assert not list((folder / "chosen").glob("csv/*.csv"))
    book = openpyxl.load_workbook(folder / "chosen" / "report.xlsx")
    assert book["各物种占比"]["B2"].value == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2016-13",), "'2016-13' is not a month"),
        (("--from", "2016-05", "--to", "2016-04"), "ends (2016-04) before it starts"),
        (
            ("2016-05", "--format", "odt"),
            "'odt' is not a valid format; choose one of html, csv, xlsx, figures, pdf",
        ),
        (("2016-05", "--lang", "fr"), "'fr' is not a valid language; choose one of en, zh"),
    ],
)
def test_a_mistake_is_one_sentence(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    done = scrapy("export", *arguments, "-o", "wrong", folder=folder)
    assert done.code == 2
    assert said in done.out + done.err
    assert "Traceback" not in done.err
    assert not (folder / "wrong").exists()


def test_a_site_that_nobody_searched_yet_is_a_gap_and_no_zero(folder: Path) -> None:
    assert scrapy("export", "2026-11", "-o", "november", *PAGE, folder=folder).code == 0
    shares = table(folder / "november" / "csv" / "site_share.csv")[1:]
    assert sorted(shares) == [["forum", "", "", "1"], ["mall", "", "", "1"]]


def test_a_store_in_which_nothing_was_recorded_yet_is_named(tmp_path: Path) -> None:
    done = scrapy("export", "2016-05", folder=tmp_path, WILDCRAWL_STORE="sqlite:///typo.db")
    assert done.code == 0
    assert f"Nothing is recorded yet in sqlite:///{tmp_path / 'typo.db'}." in done.err
    assert "No search of a website was completed in May 2016: a gap, not a zero." in done.out


def test_corrected_rates_are_applied_to_what_is_on_record(tmp_path: Path) -> None:
    folder = tmp_path
    rows = [f"mall,{day},老象牙手串,600,2016-05-{day},ivory,valid" for day in ("02", "03", "31")]
    header = RECORDS.partition("\n")[0]
    (folder / "records.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    assert scrapy("crawl", "records", "-a", "file=records.csv", folder=folder).code == 0
    (folder / "rates.yaml").write_text("rates:\n  2016-05-03: 6.5\n", encoding="utf-8")
    given = {"WILDCRAWL_RATES": "rates.yaml"}
    dry = scrapy("rates", "--dry-run", folder=folder, **given)
    assert "3 amounts in yuan are on record; the rate of 2 would change." in dry.out
    assert "6.89 (2017-04-14)  6.5 (2016-05-03)  2" in dry.out
    assert "2 changed." in scrapy("rates", folder=folder, **given).out
    assert "0 changed." in scrapy("rates", folder=folder, **given).out
    assert scrapy("export", "2016-05", "-o", "priced", *PAGE, folder=folder, **given).code == 0
    names, *lines = table(folder / "priced" / "csv" / "advertisements.csv")
    shown = [dict(zip(names, line, strict=True)) for line in lines]
    assert {(row["rate_date"], float(row["rate"]), row["price_usd"]) for row in shown} == {
        ("2017-04-14", 6.89, "87.08"),
        ("2016-05-03", 6.5, "92.31"),
    }
    (folder / "rates.yaml").write_text("rates:\n  2016-05-03: 65\n", encoding="utf-8")
    refused = scrapy("rates", folder=folder, **given)
    assert refused.code == 2
    assert "rates.yaml, line 2: '65' is not an exchange rate" in refused.err
