"""Numbers of a written report at the desk: each leads to a list with as many, and back."""

from __future__ import annotations

import random
import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import lxml.html  # type: ignore[import-untyped]
import pytest

from exports import NEEDED, export
from tests.exports.conftest import EMPTY
from tests.helpers.desk_data import client_of, desk_in
from tests.helpers.exports_data import context
from wildcrawl.desk.report_lists import with_lists
from wildcrawl.items import Advertisement
from wildcrawl.months import month_bounds
from wildcrawl.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

APRIL = datetime(2016, 4, 2, tzinfo=UTC)
SPECIES: tuple[list[str], ...] = (
    ["ivory"], ["rhino_horn", "ivory"], ["ivory", "pangolin"], [], ["general"], ["unlisted"],
)  # fmt: skip
PAGE = "/files/reports/made/index.html"
ROW = '<tr data-list="{}"><td>2016-05</td><td class="number">{}</td></tr>'
TABLE = (
    '<table data-list="statuses=valid"><thead><tr><th>Month</th><th data-list="{}">All</th></tr>'
    "</thead><tbody>{}</tbody></table>"
)


def made(number: int, chance: random.Random) -> Advertisement:
    return Advertisement(
        chance.choice(("fair", "app")),
        str(number),
        title="老象牙手镯",
        found_at=APRIL + timedelta(days=chance.randrange(58)),
        species=chance.choice(SPECIES),
        verdict=chance.choice(("valid", "valid", "pending", "", "fake", "irrelevant")),
        relevance=chance.choice(("likely", "likely", "set_aside", "second_reader", "none")),
        age_claim=chance.choice(("old", "new", "")),
    )


def reported(
    folder: Path, months: tuple[str, ...], lang: str = "en", *, include_pending: bool = False
) -> FlaskClient:
    """A desk with a store of 90 advertisements of chance, and the report of them."""
    chance = random.Random(14)
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        store.record([made(number, chance) for number in range(90)], "run-1")
        given = replace(context(*months), include_pending=include_pending)
        records = store.frames(*month_bounds(months[0], months[-1]), NEEDED)
        export(records, given, folder / "reports" / "made", formats=("html",), lang=lang)
    return client_of(replace(desk_in(folder), written={"reports": folder / "reports"}))


def links_of(page: str) -> list[tuple[str, str, str]]:
    """Address, text and id of each link to a list."""
    found = lxml.html.fromstring(page).xpath("//a[starts-with(@href, '/advertisements?')]")
    return [(each.get("href"), each.text_content(), each.get("id", "")) for each in found]


@pytest.mark.parametrize(
    ("months", "lang", "include_pending", "least"),
    [
        (("2016-05",), "en", False, 20),
        (("2016-04", "2016-05"), "zh", False, 35),
        (("2016-04", "2016-05"), "en", True, 35),
    ],
)
def test_every_number_has_a_list_of_as_many_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, months: tuple[str, ...], lang: str,
    include_pending: bool, least: int,
) -> None:  # fmt: skip
    monkeypatch.setattr("exports.charts.vega.vega_svg", lambda *_: EMPTY)
    client = reported(tmp_path, months, lang, include_pending=include_pending)
    folder = tmp_path / "reports"
    pages = [f"/files/reports/{each.relative_to(folder)}" for each in folder.rglob("*.html")]
    assert len(pages) == (1 if len(months) == 1 else 3)
    links = [(each, *link) for each in pages for link in links_of(client.get(each).text)]
    assert len(links) >= least
    for page, address, text, place in links:
        number = re.findall(r"[\d,]+", text)[-1]
        listed = client.get(address).text
        assert f'<small role="status">{number}</small>' in listed, (text, address)
        assert "The report has the same number." in listed
        if place:
            assert f'href="{page}#{place}"' in listed
    on_disk = (tmp_path / "reports" / "made" / "index.html").read_text(encoding="utf-8")
    assert "/advertisements?" not in on_disk
    assert "<script" not in client.get(PAGE).text


def test_the_main_tables_have_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exports.charts.vega.vega_svg", lambda *_: EMPTY)
    client = reported(tmp_path, ("2016-04", "2016-05"))
    page = lxml.html.fromstring(client.get(PAGE).text)
    for table in ("monthly", "species_share", "site_share", "site_species", "age_claims",
                  "waiting", "months"):  # fmt: skip
        assert page.xpath(f"//section[@id='{table}']//a[starts-with(@href, '/adv')]"), table
    # Columns of shares, and of what is no advertisement, have none.
    assert not page.xpath("//section[@id='coverage']//a[starts-with(@href, '/adv')]")
    assert not page.xpath("//td[contains(@class, 'share')]//a")


def test_a_list_says_when_the_report_had_another_number(tmp_path: Path) -> None:
    client = client_of(desk_in(tmp_path))
    listed = client.get(f"/advertisements?month=2016-05&report={PAGE}%23list-3&reported=7").text
    assert "The report says 7: the store has changed since it was written." in listed
    assert f'href="{PAGE}#list-3"' in listed
    for address in ("https://evil.example/", "//evil.example", "/sign-out", "javascript:1"):
        assert "Back to the report" not in client.get(f"/advertisements?report={address}").text


def test_numbers_link_only_by_filters_of_a_list(tmp_path: Path) -> None:
    app = client_of(desk_in(tmp_path)).application
    with app.test_request_context():
        for column, row, number in (
            ("", "month=2016-13", "5"),
            ("statuses=x", "month=2016-05", "5"),
            ("", "month=2016-05", "0"),
            ("", "month=2016-05", "–"),
            ("", "month=2016-05", "5.5%"),
        ):
            table = TABLE.format(column, ROW.format(row, number))
            assert "<a" not in with_lists(table, PAGE), (column, row, number)
        linked = with_lists(
            TABLE.format("leading=ivory", ROW.format("month=2016-05", "1,234")), PAGE
        )
        assert ">1,234</a></td>" in linked
        assert "month=2016-05&amp;leading=ivory&amp;statuses=valid&amp;" in linked
        assert "reported=1234" in linked
