"""The briefing, reproduced: from the ledger's records, every figure comes out printed.

The report reads the records as the store would give them. Other tests compare some of them with
those of a store, and have some go in by the commands, on both stores, to compare the reports.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from parsel import Selector
from polars.testing import assert_frame_equal
from scrapy.utils.project import get_project_settings

from pipelines.price import apply_price
from tests.briefing import facts, records, social
from tests.briefing.plan import LEADING, MONTHS
from tests.exports.conftest import EMPTY
from tests.helpers.crawling import scrapy
from wildcrawl.analysis.prices import DEFAULT_PLACEHOLDERS, read_price
from wildcrawl.analysis.rates import Rate
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.commands import export as export_command
from wildcrawl.items import Advertisement, Relevance
from wildcrawl.months import months_between
from wildcrawl.store import Store, open_store
from wildcrawl.store.surveys import survey_frames
from wildcrawl.tabular.records import Record, read_records

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("briefing")]
PERIOD = ("--from", MONTHS[0], "--to", MONTHS[-1])
BATCH = 5_000
EVERY = 60
"""Interval of advertisements that also go in by the commands; all would take some minutes more."""
Row = dict[str, str]


@dataclass(frozen=True)
class Report:
    """An exported report: its files and the texts of its page."""

    folder: Path

    @cached_property
    def page(self) -> Selector:
        return Selector((self.folder / "index.html").read_text(encoding="utf-8"))

    @cached_property
    def text(self) -> str:
        return " ".join(" ".join(self.page.xpath("//main//text()").getall()).split())

    def rows(self, table: str) -> list[Row]:
        path = self.folder / "csv" / f"{table}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def row(self, table: str, **named: str) -> Row:
        """The one row with these cells."""
        (found,) = (row for row in self.rows(table) if named.items() <= row.items())
        return found

    def printed(self, table: str, *beginning: str) -> list[str]:
        """The cells that follow the given ones in a row of the page."""
        tables = self.page.css(f"table.{table} tbody tr")
        rows = [["".join(cell.css("::text").getall()).strip() for cell in row.css("th, td")]
                for row in tables]  # fmt: skip
        (found,) = (row for row in rows if row[: len(beginning)] == list(beginning))
        return found[len(beginning) :]


def fill(folder: Path, store: str, every: int = 1) -> int:
    """Imports the ledger and the surveys with the commands; returns how many advertisements."""
    number = records.write(folder / "ledger.csv", records.every(every))
    social.write(folder / "survey.xlsx")
    for name, file in (("records", "ledger.csv"), ("survey", "survey.xlsx")):
        done = scrapy("crawl", name, "-a", f"file={file}", folder=folder, WILDCRAWL_STORE=store)
        assert done.code == 0, done.err
        assert ": ok" in done.err
    return number


MADE = "2016-12-31T00:00:00+08:00"
OWN = {"site", "ad_id", "url", "title", "seller", "found_at"}
"""Columns in which an advertisement differs from others that are read alike."""


def fill_directly(folder: Path, store: str, every: int = 1) -> int:
    """Writes the ledger to the store as `fill` leaves it, without a crawl of the records.

    Rows that differ in the columns of OWN only are read once.
    """
    rows = list(records.every(every))
    read = _read_by_kind(folder, rows)
    ads = [
        replace(
            read[_kind(row)],
            site=row["site"],
            ad_id=row["ad_id"],
            url=row["url"],
            title=row["title"],
            seller=row["seller"],
            found_at=datetime.fromisoformat(row["found_at"]),
        )
        for row in rows
    ]
    opened = open_store(store)
    opened.record(ads, "ledger")
    opened.close()
    fill_surveys(folder, store)
    return len(rows)


def fill_surveys(folder: Path, store: str) -> None:
    """Imports the surveys with the command."""
    social.write(folder / "survey.xlsx")
    done = scrapy("crawl", "survey", "-a", "file=survey.xlsx", folder=folder, WILDCRAWL_STORE=store)
    assert done.code == 0, done.err


def frame_of_ledger(folder: Path, every: int = 1) -> pl.DataFrame:
    """The frame of a store with the ledger, though unsorted; only one row of each kind is stored.

    Storing all of them would take most of a minute.
    """
    rows = list(records.every(every))
    numbers: dict[tuple[str, ...], int] = {}
    for row in rows:
        numbers.setdefault(_kind(row), len(numbers))
    ads = [
        replace(ad, site="kind", ad_id=str(number), found_at=datetime.fromisoformat(MADE))
        for number, ad in enumerate(_read_by_kind(folder, rows).values())
    ]
    with_kinds = open_store(f"sqlite:///{folder / 'kinds.db'}")
    with_kinds.record(ads, "ledger")
    kinds = with_kinds.frame().with_columns(kind=pl.col("ad_id").cast(pl.Int64))
    with_kinds.close()
    own = pl.DataFrame(
        [{name: row[name] for name in sorted(OWN)} | {"kind": numbers[_kind(row)]} for row in rows]
    )
    seen = pl.col("found_at").str.to_datetime(time_unit="us", time_zone="UTC")
    read = own.with_columns(found_at=seen, first_seen=seen, last_seen=seen)
    replaced = [name for name in read.columns if name != "kind"]
    return read.join(kinds.drop(replaced), on="kind").select(kinds.columns).drop("kind")


class _Filled:
    """A store whose advertisements are those of a frame; all else is that of the given store."""

    def __init__(self, store: Store, ads: pl.DataFrame) -> None:
        self._store = store
        self._ads = ads

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def first_months(self) -> dict[str, datetime]:
        firsts = self._ads.group_by("site").agg(pl.col("first_seen").min())
        return dict(firsts.rows())

    def frames(
        self, start: datetime, end: datetime, columns: Sequence[str]
    ) -> Iterator[pl.DataFrame]:
        bounds = start.astimezone(UTC), end.astimezone(UTC)
        within = pl.col("first_seen").is_between(*bounds, closed="left")
        yield from self._ads.filter(within).select(columns).iter_slices(BATCH)


def _kind(row: Row) -> tuple[str, ...]:
    return tuple(value for name, value in row.items() if name not in OWN)


def _read_by_kind(folder: Path, rows: list[Row]) -> dict[tuple[str, ...], Advertisement]:
    """An advertisement of each kind of row, read from a file and with its price."""
    kinds = {_kind(row): row for row in rows}
    records.write(folder / "kinds.csv", kinds.values())
    rate = Rate(Decimal("6.89"), date(2017, 4, 14))
    found = {}
    for kind, row in zip(
        kinds, read_records(folder / "kinds.csv", load_vocabulary().groups), strict=True
    ):
        assert isinstance(row, Record)
        ad = row.advertisement
        apply_price(ad, read_price(ad.price, DEFAULT_PLACEHOLDERS), rate)
        ad.relevance = Relevance.LIKELY
        found[kind] = ad
    return found


def export(folder: Path, store: str, *options: str) -> Report:
    given = (*PERIOD, "-o", "report", *options)
    done = scrapy("export", *given, folder=folder, WILDCRAWL_STORE=store)
    assert done.code == 0, done.err
    return Report(folder / "report")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report of all five years; its figures are not drawn."""
    folder = tmp_path_factory.mktemp("briefing")
    url = f"sqlite:///{folder / 'store.db'}"
    fill_surveys(folder, url)
    settings = get_project_settings()
    settings.set("WILDCRAWL_STORE", url)
    ads = frame_of_ledger(folder)

    @contextmanager
    def filled(_settings: object) -> Iterator[_Filled]:
        store = open_store(url)
        yield _Filled(store, ads)
        store.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_command, "opened_store", filled)
        patch.setattr("exports.charts.vega.vega_svg", lambda _chart, _width: EMPTY)
        months = months_between(MONTHS[0], MONTHS[-1])
        options = export_command.ReportOptions()
        export_command.export_report(settings, months, folder / "report", options)
    return Report(folder / "report")


LABELS = {
    "ivory": "Ivory (elephant)",
    "rhino_horn": "Rhino horn",
    "sea_turtle": "Sea turtle (hawksbill)",
    "helmeted_hornbill": "Helmeted hornbill",
    "tiger": "Tiger products",
    "saiga": "Saiga antelope",
    "pangolin": "Pangolin",
    "leopard": "Leopard products",
    "whale": "Whale products",
}


def whole(text: str) -> int:
    return int(Decimal(text).quantize(Decimal(1), ROUND_HALF_UP))


def test_vocabulary_and_websites_of_december_2016(report: Report) -> None:
    row = report.row("coverage", month="2016-12")
    assert row["keywords"] == str(facts.KEYWORDS_AT_END)
    assert row["sites"] == str(facts.SITES_AT_END)
    assert report.printed("coverage", "Dec 2016")[:2] == [row["sites"], row["keywords"]]
    for column in ("sites", "keywords", "species"):
        course = [int(each[column]) for each in report.rows("coverage")]
        assert course == sorted(course)
        assert course[0] < course[-1], "websites, keywords and species all grew"


@pytest.mark.parametrize("species", facts.SPECIES_SHARES)
def test_shares_by_species(report: Report, species: str) -> None:
    share = facts.SPECIES_SHARES[species]
    row = report.row("species_share", species=species)
    assert Decimal(row["share_percent"]) == share
    assert report.printed("species_share", LABELS[species])[-1] == f"{share}%"


def test_the_leading_site(report: Report) -> None:
    first = report.rows("site_share")[0]
    assert (first["site"], first["advertisements"]) == (LEADING, "31062")
    assert Decimal(first["share_percent"]) == facts.LEADING_SITE_SHARE
    assert report.printed("site_share", LEADING) == ["31,062", "34.5%"]


@pytest.mark.parametrize("species", facts.LEADING_SITE_2016)
def test_the_leading_sites_species_of_2016(report: Report, species: str) -> None:
    row = report.row("site_species", site=LEADING, year="2016", species=species)
    share = facts.LEADING_SITE_2016[species]
    assert Decimal(row["share_percent"]) == share
    assert report.printed("site_species", LEADING, "2016", LABELS[species])[-1] == f"{share}%"


@pytest.mark.parametrize(("claim", "share"), [("old", "90.2"), ("new", "9.8")])
def test_the_leading_sites_age_claims(report: Report, claim: str, share: str) -> None:
    row = report.row("age_claims", site=LEADING, claim=claim)
    assert (row["share_percent"], row["sample"]) == (share, str(facts.AGE_SAMPLE))
    assert report.printed("age_claims", LEADING, claim)[-2:] == [f"{share}%", "1,199"]


def test_years(report: Report) -> None:
    years = {row["year"]: row for row in report.rows("yearly")}
    total = sum(int(row["advertisements"]) for row in years.values())
    assert 89_904 <= total <= 90_165
    assert f"{total:,} new advertisements" in report.text
    assert 24_500 <= int(years["2012"]["advertisements"]) < 25_500
    assert Decimal(years["2014"]["monthly_average"]) == 1500
    assert years["2015"]["advertisements"] == "20905"
    assert Decimal(years["2015"]["monthly_average"]) > 1700
    assert int(years["2016"]["advertisements"]) > 10_000
    assert years["2016"]["change_percent"] == "-46.5"
    assert years["2016"]["percent_of_first_year"] == "44.7"
    assert report.printed("yearly", "2014")[1] == "1,500.0"
    assert report.printed("yearly", "2015")[0] == "20,905"
    assert report.printed("yearly", "2016")[2].strip("−-") == "46.5%"
    assert report.printed("yearly", "2016")[3] == "44.7%"


def test_months(report: Report) -> None:
    months = {row["month"]: int(row["all"]) for row in report.rows("monthly")}
    assert list(months) == MONTHS
    above = [month for month, number in months.items() if number > 1500 and month >= facts.SINCE]
    assert above == facts.ABOVE_1500
    assert months["2016-05"] == 1454
    assert months["2016-12"] < 1000
    assert report.printed("monthly", "May 2016")[0] == "1,454"


def test_extremes(report: Report) -> None:
    ivory = report.row("extremes", species="ivory")
    assert (ivory["lowest_month"], int(ivory["lowest"])) == facts.IVORY_LEAST
    assert (ivory["highest_month"], int(ivory["highest"])) == facts.IVORY_MOST
    rhino = report.row("extremes", species="rhino_horn")
    assert (rhino["highest_month"], int(rhino["highest"])) == facts.RHINO_MOST
    lowest_and_highest = ["469", "Feb 2016", "1,351", "May 2015"]
    assert report.printed("extremes", LABELS["ivory"]) == lowest_and_highest
    assert report.printed("extremes", LABELS["rhino_horn"])[2:] == ["522", "Jan 2015"]
    rows = report.rows("monthly")
    assert all(400 <= int(row["ivory"]) <= 1400 for row in rows if row["month"] >= facts.SINCE)
    above = [row["month"] for row in rows if int(row["rhino_horn"]) > int(row["ivory"])]
    assert above == [facts.RHINO_ABOVE_IVORY]


@pytest.mark.parametrize("example", facts.PRICES)
def test_price_examples(
    report: Report, example: tuple[str, str, str, str, str, Decimal, str]
) -> None:
    species, product_type, age_claim, kind, figure, cny, usd = example
    row = report.row(
        "prices", species=species, product_type=product_type, age_claim=age_claim, kind=kind
    )
    assert Decimal(row[f"{figure}_cny"]) == cny
    tenth = Decimal(row[f"{figure}_usd"]).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert tenth == Decimal(usd)
    texts = (report.page.css("table.prices tbody tr").xpath("string()")).getall()
    line = next(text for text in texts if usd in text)
    assert LABELS[species] in line
    assert f"{cny:,}" in line


def test_old_rhino_horn_costs_a_few_thousand_to_several_million(report: Report) -> None:
    row = report.row("prices", species="rhino_horn", age_claim="old", kind="amount")
    assert 2000 < Decimal(row["min_cny"]) < 10_000
    assert 2_000_000 < Decimal(row["max_cny"]) < 10_000_000


def test_few_prices_are_amounts(report: Report) -> None:
    shares = {row["kind"]: Decimal(row["share_percent"]) for row in report.rows("price_kinds")}
    assert shares["on_request"] > 20
    assert shares["placeholder"] > 15


def test_social_surveys(report: Report) -> None:
    rows = [row for row in report.rows("social_surveys") if row["year"] == "2016"]
    figures = [(int(row["advertisements"]), int(row["images_and_videos"])) for row in rows]
    assert figures == facts.SURVEYS_2016
    assert (sum(ads for ads, _ in figures), sum(shown for _, shown in figures)) == (673, 3521)
    assert {row["accounts"] for row in rows} == {"58"}
    assert report.printed("social_surveys", "2016", "2016-5")[-2:] == ["185", "1,014"]


def test_social_averages_and_their_change(report: Report) -> None:
    row = report.row("social_summary", year="2016")
    averages = row["average_advertisements"], row["average_images_and_videos"]
    assert tuple(map(whole, averages)) == (135, 704)
    # The briefing prints -40.6%, which does not follow from its own averages.
    assert row["change_percent"] == "-40.7"
    assert row["images_and_videos_change_percent"] == "-43.0"
    before = report.row("social_summary", year="2015")
    assert Decimal(before["average_advertisements"]) == facts.SURVEYS_2015[0]
    assert Decimal(before["average_images_and_videos"]) == facts.SURVEYS_2015[1]
    assert "that is 40.7% fewer advertisements and 43.0% fewer images and videos" in report.text


def test_social_accounts(report: Report) -> None:
    rows = {row["status"]: row for row in report.rows("social_accounts")}
    assert {name: int(row["accounts"]) for name, row in rows.items()} == facts.ACCOUNTS
    active = rows["active"]
    assert Decimal(active["advertisements_before"]) == facts.ACTIVE_2015[0]
    assert Decimal(active["images_and_videos_before"]) == facts.ACTIVE_2015[1]
    now = active["advertisements_now"], active["images_and_videos_now"]
    assert tuple(map(whole, now)) == facts.ACTIVE_2016
    assert whole(active["advertisements_change_percent"]) == 17
    assert whole(active["images_and_videos_change_percent"]) == 18
    assert "+17.0%" in report.printed("social_accounts", "active")
    assert "+18.2%" in report.printed("social_accounts", "active")


@pytest.mark.parametrize("product_type", facts.IVORY_SOCIAL_TYPES)
def test_ivory_on_social_media_by_product_type(report: Report, product_type: str) -> None:
    row = report.row("product_types", channel="social", species="ivory", product_type=product_type)
    share = facts.IVORY_SOCIAL_TYPES[product_type]
    assert Decimal(row["share_percent"]) == share
    rows = report.page.css("table.product_types tbody tr").xpath("string()").getall()
    assert any(f"{share}%" in text and LABELS["ivory"] in text for text in rows)


def test_the_records_are_read_as_a_store_gives_them(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'directly.db'}"
    fill_directly(tmp_path, url, EVERY)
    store = open_store(url)
    stored, first = store.frame(), store.first_months()
    # The report reads the frame in any order, by the months of its rows.
    read = _Filled(store, frame_of_ledger(tmp_path, EVERY))
    start, end = stored["first_seen"].min(), stored["first_seen"].max()
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    before_the_last = pl.concat(read.frames(start, end, stored.columns))
    assert_frame_equal(before_the_last, store.frame(start, end), check_row_order=False)
    assert before_the_last.height < stored.height > 1500
    assert read.first_months() == first
    store.close()


@pytest.mark.slow
def test_the_commands_and_both_stores_print_the_same_report(
    sqlite_url: str, mongodb_url: str, tmp_path: Path
) -> None:
    printed: list[dict[str, str]] = []
    stored: list[list[pl.DataFrame]] = []
    directly = f"sqlite:///{tmp_path / 'directly.db'}"
    ways = ((fill, sqlite_url), (fill, mongodb_url), (fill_directly, directly))
    for number, (way, url) in enumerate(ways):
        folder = tmp_path / str(number)
        folder.mkdir()
        imported = way(folder, url, EVERY)
        report = export(folder, url, "--format", "csv")
        paths = sorted((report.folder / "csv").glob("*.csv"))
        printed.append({path.name: path.read_text(encoding="utf-8-sig") for path in paths})
        store = open_store(url)
        stored.append([store.frame(), *survey_frames(store)])
        store.close()
        assert stored[-1][0].height == imported > 1500
    for left, right in zip(*stored[:2], strict=True):
        assert_frame_equal(left, right)
    assert printed[0] == printed[1]
    # What is written directly was not tagged: its matched terms are missing.
    for tables in printed:
        del tables["advertisements.csv"]
    assert printed[0] == printed[2]
