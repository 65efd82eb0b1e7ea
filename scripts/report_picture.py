"""Picture of a report for README: docs/report.png, of a judged month of made-up advertisements.

Run: python -m scripts.report_picture [FILE]

The report is an ordinary one, exported from a temporary store; the advertisements, their numbers
and the names of the websites are made up and the same on every run. Needs a Chromium, which
`scripts/browser.sh` finds.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from exports import NEEDED, Context, ReportSite, export
from wildcrawl.analysis.prices import usd
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.base_spiders.browser import FLAGS, working_browser
from wildcrawl.items import Advertisement
from wildcrawl.months import month_bounds, months_between, previous_month
from wildcrawl.store import open_store

FIRST, MONTH = "2025-01", "2026-10"
RATE, RATE_DATE = Decimal("7.10"), date(2026, 10, 1)
WIDTH, HEIGHT, SCALE = 1000, 1085, 1.5
SITES = {
    "mall": "Harbour Antiques Mall",
    "fair": "Old Street Fair",
    "pavilion": "Jade Pavilion Auctions",
    "forum": "Scholars' Studio Forum",
    "lane": "Lantern Lane",
}
SITE_WEIGHTS = (36, 24, 18, 13, 9)
SPECIES = {
    "ivory": 55, "rhino_horn": 15, "sea_turtle": 8, "tiger": 7, "helmeted_hornbill": 6,
    "pangolin": 4, "saiga": 3, "whale": 1, "leopard": 1,
}  # fmt: skip


def made_up() -> Iterator[Advertisement]:
    """Advertisements of all months, by month; a few of each were judged irrelevant."""
    chance = random.Random(7)
    for place, month in enumerate(months_between(FIRST, MONTH)):
        start, end = month_bounds(month, month)
        for number in range(chance.randrange(270, 310) - 4 * place):
            seen = start + (end - start) * chance.random()
            asked = Decimal(chance.randrange(20, 900) * 10)
            yield Advertisement(
                site=chance.choices([*SITES], SITE_WEIGHTS)[0],
                ad_id=f"{place:02}{number:04}",
                url=f"https://shop.example/item/{place:02}{number:04}",
                title="摆件",
                price=str(asked),
                found_at=seen,
                first_seen=seen,
                last_seen=seen + timedelta(days=3),
                species=chance.choices([[name] for name in SPECIES], [*SPECIES.values()])[0],
                product_type=chance.choice(["raw", "semi_worked", "worked_carved"]),
                age_claim=chance.choice(["old", "new", ""]),
                verdict=chance.choices(["valid", "irrelevant"], [95, 5])[0],
                relevance="likely",
                price_kind="amount",
                price_cny=asked,
                price_usd=usd(asked, RATE),
                price_amount=asked,
                price_currency="CNY",
                rate=RATE,
                rate_date=RATE_DATE,
            )


def made_report(folder: Path) -> Path:
    """The page of the month's report, made in `folder`."""
    store = open_store(f"sqlite:///{folder}/picture.db")
    store.record(list(made_up()), "picture")
    context = Context(
        months=[MONTH],
        groups=tuple(load_vocabulary().groups.values()),
        sites=[ReportSite(name, label=label, since=FIRST) for name, label in SITES.items()],
        rate=RATE,
        rate_date=RATE_DATE,
        made_at=datetime(2026, 11, 2, 2, 30, tzinfo=UTC),
        read_from=FIRST,
    )
    earlier: pl.DataFrame = store.month_numbers(FIRST, previous_month(MONTH))
    records = store.frames(*month_bounds(MONTH, MONTH), NEEDED)
    done = export(records, context, folder / "report", earlier=earlier)
    store.close()
    return done.index


def take(page: Path, picture: Path) -> None:
    """Saves the top of the page as a desktop browser shows it."""
    from playwright.sync_api import sync_playwright

    browser = working_browser(os.environ.get("WILDCRAWL_BROWSER", ""))
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        size = {"width": WIDTH, "height": HEIGHT}
        opened = launched.new_page(viewport=size, device_scale_factor=SCALE)  # type: ignore[arg-type]
        opened.goto(page.as_uri())
        opened.screenshot(path=picture)
        launched.close()


def main() -> None:
    """Makes the picture."""
    picture = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/report.png")
    with TemporaryDirectory() as folder:
        take(made_report(Path(folder)), picture)
    print(f"Wrote {picture}")


if __name__ == "__main__":
    main()
