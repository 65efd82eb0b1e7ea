"""Home page: the numbers of the month, the state of its sites, report and notices by buttons."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.helpers.desk_cards import FOUND, ad, judge, keep
from tests.helpers.desk_data import MONTH, client_of, desk_in
from tests.helpers.page_words import words_of
from wildcrawl.desk import ReadIn
from wildcrawl.desk.home import STATES, state_of
from wildcrawl.desk.model import Told
from wildcrawl.items import Health, Run
from wildcrawl.labels import HEALTH
from wildcrawl.months import next_month
from wildcrawl.review.month_counts import COLUMNS, count_month
from wildcrawl.store import open_store


def keep_run(folder: Path, started: datetime, health: str, reason: str = "") -> None:
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        run = Run("fair-1", "fair", started, started, health=health, reason=reason)
        store.save_run(run)


def test_the_numbers_of_the_month_are_those_of_the_report(tmp_path: Path) -> None:
    keep(
        tmp_path,
        *(ad(str(number)) for number in range(4)),
        ad("5", species=["rhino_horn", "ivory"]),
        ad("6", relevance="set_aside"),
        ad("7", species=[]),
        replace(ad("8"), site="market"),
        ad("9", found_at=FOUND - timedelta(days=40)),
    )
    client = client_of(desk_in(tmp_path))
    for ad_id, verdict in (("0", "valid"), ("1", "fake"), ("2", "irrelevant")):
        judge(client, ad_id, verdict)
    words = words_of(client.get(f"/?month={FOUND:%Y-%m}").text)
    shown = "Found {} Pending {} Valid {} Irrelevant {} Fake {} Set aside {}"
    assert shown.format(8, 4, 1, 1, 1, 1) in words
    assert "A report written now is provisional : 4 of 7 (57.1%) wait for a verdict" in words
    for row in ("Rhino horn 1 1 0 0 0 0", "Ivory 6 2 1 1 1 1", "no species 1 1 0 0 0 0",
                "market 1 1 0 0 0 0"):  # fmt: skip
        assert row in words, row
    assert "Antiques fair antiques, web pages 7 3 1 1 1 1" in words
    page = words_of(client.get("/?month=2020-01").text)
    assert "Nothing is stored for this month. Open a website below to search it by hand" in page


def test_a_month_without_records_leads_to_the_one_before(tmp_path: Path) -> None:
    keep(tmp_path, *(ad(str(number)) for number in range(3)))
    client = client_of(desk_in(tmp_path))
    page = client.get(f"/?month={next_month(MONTH)}").text
    assert f"Nothing is stored for this month. {MONTH} has 3 advertisements" in words_of(page)
    assert f'<a href="/?month={MONTH}">' in page
    assert "has 3 advertisements" not in client.get(f"/?month={MONTH}").text


def test_numbers_of_the_progress_open_their_lists_and_an_empty_month_the_one_before(
    tmp_path: Path,
) -> None:
    keep(tmp_path, *(ad(str(number)) for number in range(3)))
    client = client_of(desk_in(tmp_path))
    for number in range(2):
        judge(client, str(number), "valid")
    page = client.get(f"/progress?month={FOUND:%Y-%m}").text
    (address,) = re.findall(r'<a href="(/advertisements[^"]+)">2</a>', page)
    assert "Advertisements 2 " in words_of(client.get(address.replace("&amp;", "&")).text)
    assert ">0</a>" not in page
    assert "has 3 advertisements" not in page
    following = client.get(f"/progress?month={next_month(f'{FOUND:%Y-%m}')}").text
    assert f'<a href="/progress?month={FOUND:%Y-%m}">{FOUND:%Y-%m} has 3 adver' in following


def test_every_health_has_a_state_and_a_name() -> None:
    now = datetime(2026, 11, 3, tzinfo=UTC)
    runs = [Run("1", "fair", now, now, health=health) for health in Health]
    assert len({state_of(run) for run in runs} & {*STATES}) == len(Health)
    assert {*HEALTH} == {*Health}
    in_parts = Run("1", "fair", now, now, health="ok", part="1/2", limited=True)
    assert state_of(in_parts) == "unfinished"


@pytest.mark.parametrize(
    ("health", "shown"),
    [
        ("ok", ""),
        ("broken", "Broken : Antiques fair (no results)"),
        ("blocked", "Blocked : Antiques fair"),
        ("killed", "Run killed : Antiques fair"),
        ("", "Not finished : Antiques fair"),
    ],
)
def test_sites_that_the_month_lacks_are_listed(tmp_path: Path, health: str, shown: str) -> None:
    keep_run(tmp_path, datetime(2026, 11, 3, tzinfo=UTC), health, "no results" if shown else "")
    client = client_of(desk_in(tmp_path))
    words = words_of(client.get(f"/?month={MONTH}").text)
    assert ("Missing this month" in words) is bool(shown)
    assert shown in words
    # Monitored from its first run that was not refused, as in the report.
    later = words_of(client.get("/?month=2026-12").text)
    assert ("Not searched this month : Antiques fair" in later) is (health == "ok")
    assert "Missing this month" not in words_of(client.get("/?month=2026-10").text)


def test_sites_without_a_run_have_the_state_of_their_imported_records(tmp_path: Path) -> None:
    """A ledger with an empty month, a gap, and a site with a failed run and no spider."""
    months = {"ledger": (7, 10, 11), "app": (7, 8), "fair": (8,)}
    records = [
        replace(
            ad(f"{site}{month}"), site=site, verdict="valid",
            found_at=datetime(2026, month, 5, 4, tzinfo=UTC),
        )
        for site, own in months.items() for month in own
    ]  # fmt: skip
    moment = datetime(2026, 10, 9, tzinfo=UTC)
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        store.record(records, "imported")
        store.save_run(Run("r1", "ledger", moment, moment, health="blocked", reason="403"))
    client = client_of(desk_in(tmp_path))
    lacking = []
    for number in range(7, 12):
        page = client.get(f"/?month=2026-{number:02}").text
        lacks = re.search(r"<h2>Missing this month</h2><ul>(.*?)</ul>", page, re.DOTALL)
        lacking.append(words_of(lacks[1]) if lacks else "")
    assert lacking == [
        "",
        "",
        "Not searched this month : An app, Antiques fair, ledger",
        "Blocked : ledger Not searched this month : An app, Antiques fair",
        "Not searched this month : An app, Antiques fair",
    ]
    words = words_of(client.get("/?month=2026-08").text)
    assert (
        "An app auctions, by hand 1 0 1 0 0 0 0 imported; none is open here; begin one no run;"
        in words
    )
    assert "Antiques fair antiques, web pages 1 0 1 0 0 0 0 no run; records imported" in words
    # An empty worksheet would say nothing of what was imported.
    page = client.get("/?month=2026-08").text
    assert 'href="/advertisements?sites=app&amp;month=2026-08">An app</a>' in page
    assert 'href="/worksheets/app/2026-08/">begin one</a>' in page
    assert 'href="/worksheets/app/2026-11/">An app</a>' in client.get("/?month=2026-11").text


def test_a_site_that_was_searched_by_hand_lacks_no_worksheet(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    by_hand = replace(desk, sites=[replace(desk.sites[0], automated=False), desk.sites[1]])
    keep(tmp_path, ad("1"))
    address = f"/?month={FOUND:%Y-%m}"
    assert words_of(client_of(by_hand).get(address).text).count("not started") == 1
    keep_run(tmp_path, FOUND, Health.OK)
    words = words_of(client_of(by_hand).get(address).text)
    assert words.count("not started") == 1
    assert words.index("not started") > words.index("An app auctions, by hand")
    assert "imported; none is open here; begin one 2026-11-03" in words
    # A site that a machine searches has the column where another one of its table needs it.
    assert "not needed" not in words
    mixed = replace(desk, sites=[replace(each, demo=True) for each in desk.sites])
    assert "not needed 2026-11-03" in words_of(client_of(mixed).get(address).text)


def test_unused_sites_are_folded(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    fair = desk.sites[0]
    more = [replace(fair, site=replace(fair.site, name=f"m{n}", label=f"M{n}")) for n in range(6)]
    keep(tmp_path, ad("1"))
    page = client_of(replace(desk, sites=[*desk.sites, *more])).get(f"/?month={FOUND:%Y-%m}").text
    folded = page[page.index("<details>") : page.index("</details>")]
    assert "6 websites not used so far" in folded
    assert [name for name in ("M0", "M5", "Antiques fair") if name in folded] == ["M0", "M5"]
    assert "not used so far" not in client_of(desk).get(f"/?month={FOUND:%Y-%m}").text


def test_tables_without_a_used_site_come_last_and_folded(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    fair = desk.sites[0]
    manual = replace(fair, automated=False)
    by_hand = [
        replace(manual, site=replace(fair.site, name=f"m{n}", label=f"M{n}")) for n in range(6)
    ]
    machine = replace(fair, automated=True)
    shop = replace(machine, site=replace(fair.site, name="shop", label="A shop"))
    keep(tmp_path, ad("1"))
    keep_run(tmp_path, FOUND, Health.BLOCKED, "captcha")
    client = client_of(replace(desk, sites=[shop, machine, *by_hand]))
    page = client.get(f"/?month={FOUND:%Y-%m}").text
    assert page.index("Searched by machine") < page.index("Searched by hand")
    # What was blocked comes before what is not used, whatever their names.
    assert page.index(">Antiques fair</a>") < page.index(">A shop</a>")
    folded = page[page.index("<details>") : page.index("</details>")]
    assert ("6 websites not used so far" in folded, "M5" in folded) == (True, True)


def test_report_and_notices_are_written_by_buttons_alone(tmp_path: Path) -> None:
    written: list[tuple[str, ...]] = []

    def report(month: str, lang: str) -> ReadIn:
        written.append(("report", month, lang))
        return ReadIn("/reports/index.html", ("1 advertisement",))

    def notices(month: str, _tell: Told) -> ReadIn:
        written.append(("notices", month))
        return ReadIn("the folder is full", ok=False)

    plain = desk_in(tmp_path)
    assert "Write the report" not in client_of(plain).get("/").text
    client = client_of(replace(plain, write_report=report, write_notices=notices))
    assert "Write the report" in client.get("/").text
    for name in ("report", "notices"):
        address = f"/months/{MONTH}/{name}"
        assert client.get(address).status_code == 405
        assert client.post(address, headers={"Origin": "http://evil.example"}).status_code == 403
        assert client.post(f"/months/2026-13/{name}").status_code == 404
    assert written == []
    done = client.post(
        f"/months/{MONTH}/report", headers={"Accept-Language": "zh"}, follow_redirects=True
    )
    assert (done.status_code, "/reports/index.html" in done.text) == (200, True)
    failed = client.post(f"/months/{MONTH}/notices", follow_redirects=True)
    assert (failed.status_code, "the folder is full" in failed.text) == (500, True)
    assert written == [("report", MONTH, "zh"), ("notices", MONTH)]


def test_a_month_without_records_counts_nothing() -> None:
    empty = count_month([pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))])
    assert (empty.total.found, empty.total.provisional, empty.by_site) == (0, False, {})
