"""`scrapy sites`: every site, how it is worked, and how it fares."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from wildcrawl.commands.common import all_sites, as_columns, opened_store, plain_errors
from wildcrawl.months import CHINA, month_bounds, month_of

if TYPE_CHECKING:
    import argparse

    from wildcrawl.items import Run
    from wildcrawl.spider import SiteSpider
    from wildcrawl.store import Store

AUTOMATED_ABOVE = 50
"""More advertisements a month than this call for automated search (briefing, ways of working)."""


@dataclass(frozen=True)
class SiteLine:
    """One site as the table shows it."""

    site: str
    label: str
    way: str
    since: str
    last_run: str
    last_month: str
    health: str
    calls_for: str


HEADER = SiteLine("site", "label", "way", "since", "last run", "ads in {}", "health", "calls for")


class Command(ScrapyCommand):
    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        return "Show every site: its way of working, last run, volume and health"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        month = last_month(datetime.now(UTC))
        with plain_errors(), opened_store(self.settings) as store:
            lines = site_lines(all_sites(self.settings), store, month)
        print(as_table(lines, month))  # noqa: T201


def last_month(now: datetime) -> str:
    """The calendar month in China before the one of `now`."""
    first = now.astimezone(CHINA).replace(day=1)
    return month_of(first - timedelta(days=1))


def site_lines(sites: list[type[SiteSpider]], store: Store, month: str) -> list[SiteLine]:
    """A line for each declared site and for each that is known from records alone.

    The bundled marketplaces appear once they have been crawled, or while there are no others.
    """
    volume = dict(
        store.frame(*month_bounds(month, month), columns=["site"])["site"]
        .value_counts()
        .iter_rows()
    )
    latest = {run.site: run for run in store.runs()}
    only_demo = all(site.demo for site in sites)
    lines = [
        site_line(
            site.name,
            f"{site.label} {site.label_zh}".strip(),
            site.way,
            site.since,
            latest.get(site.name),
            volume.get(site.name, 0),
        )
        for site in sites
        if not site.demo or site.name in latest or only_demo
    ]
    declared = {site.name for site in sites}
    for name, first in sorted(store.first_months().items()):
        if name not in declared:
            count = volume.get(name, 0)
            lines.append(site_line(name, "", "records", month_of(first), latest.get(name), count))
    return lines


def site_line(name: str, label: str, way: str, since: str, run: Run | None, count: int) -> SiteLine:
    """The line of one site; `count` is its advertisements of the last month."""
    started = f"{run.started.astimezone(CHINA):%Y-%m-%d %H:%M}" if run else "never"
    health = (run.health or "not finished") if run else ""
    if run and run.reason:
        health = f"{health}: {run.reason}"
    calls_for = "automated search" if count > AUTOMATED_ABOVE else "manual search"
    return SiteLine(name, label, way, since, started, str(count), health, calls_for)


def as_table(lines: list[SiteLine], month: str) -> str:
    """The lines in columns, Chinese characters taking two places each."""
    if not lines:
        return "No site is declared and none has been recorded."
    header = [cell.format(month) for cell in astuple(HEADER)]
    rows = [header, *(list(astuple(line)) for line in lines)]
    # The health may be a sentence, so it stands last.
    rows = [[*row[:6], row[7], row[6]] for row in rows]
    return as_columns(rows)
