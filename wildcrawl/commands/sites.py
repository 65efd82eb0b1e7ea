"""`scrapy sites`: lists every site with its way of working, last run, volume and health."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from wildcrawl.commands.common import (
    all_sites,
    as_columns,
    in_megabytes,
    opened_store,
    plain_errors,
)
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import evidence_place_of
from wildcrawl.months import CHINA, month_bounds, month_of
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from wildcrawl.items import Run
    from wildcrawl.store import Store


@dataclass(frozen=True)
class SiteLine:
    """One site's line in the table."""

    site: str
    label: str
    way: str
    since: str
    last_run: str
    last_month: str
    calls_for: str
    health: str
    """The last column, since it may be a sentence."""
    note: str = ""
    """Advice if the volume calls for another way of working, or for none yet."""


_MONTHS = 3
"""Months of which the size of the evidence is shown."""
HEADER = SiteLine("site", "label", "way", "since", "last run", "ads in {}", "calls for", "health")


class Command(QuietCommand):
    def syntax(self) -> str:
        return "[--accept SITE]"

    def short_desc(self) -> str:
        return "List every site: its way of working, last run, volume and health"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--accept",
            metavar="SITE",
            help="accept its last whole run as the site's new baseline, for example after a "
            "redesign: later runs are compared with it",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        month = last_month(datetime.now(UTC))
        with plain_errors(), opened_store(self.settings) as store:
            if opts.accept:
                print(accepted_line(store, opts.accept))  # noqa: T201
                return
            close_killed_runs(store)
            lines = site_lines(self.settings, store, month)
            evidence = evidence_line(self.settings, store)
        print(as_table(lines, month))  # noqa: T201
        if evidence:
            print(f"\n{evidence}")  # noqa: T201


def close_killed_runs(store: Store) -> None:
    """Closes runs that were certainly killed; a store that is only read is left as it is."""
    from wildcrawl.crawl.heartbeat import close_killed, is_over

    now = datetime.now(UTC)
    with suppress(StoreError):
        close_killed(store, [run for run in store.runs() if is_over(run, now)])


def last_month(now: datetime) -> str:
    """The calendar month in China before the one of `now`."""
    first = now.astimezone(CHINA).replace(day=1)
    return month_of(first - timedelta(days=1))


def accepted_line(store: Store, site: str) -> str:
    """Accepts the last whole run of a site as its new baseline, and prints it."""
    from wildcrawl.crawl.health import accept_as_baseline

    run = accept_as_baseline(store.runs(site), site)
    store.save_run(run)
    return (
        f"{site}: later runs are compared with the run of "
        f"{run.started.astimezone(CHINA):%Y-%m-%d %H:%M} and its {run.found} advertisements"
    )


def site_lines(settings: BaseSettings, store: Store, month: str) -> list[SiteLine]:
    """A line for each declared site and for each known from records only.

    The bundled marketplaces appear once they have been crawled, or while there are no others.
    """
    from wildcrawl.review.site_advice import Worked, advise

    sites = all_sites(settings)
    volume = dict(
        store.frame(*month_bounds(month, month), columns=["site"])["site"]
        .value_counts()
        .iter_rows()
    )
    runs: dict[str, list[Run]] = {}
    for run in store.runs():
        runs.setdefault(run.site, []).append(run)
    first = store.first_months()
    only_demo = all(site.demo for site in sites)
    lines = []
    for site in sites:
        name, mine = site.name, runs.get(site.name, [])
        if site.demo and not mine and not only_demo:
            continue
        off = "" if site.is_on(settings) else site.permission
        worked = Worked(site.automated, off)
        count = volume.get(name, 0)
        advice = advise(worked, month, count, mine)
        lines.append(
            SiteLine(
                site=name,
                label=f"{site.label} {site.label_zh}".strip(),
                way=f"{site.way} (off)" if off else site.way,
                since=site.since,
                last_run=last_run(mine),
                last_month=str(count),
                calls_for=advice.way,
                health=health(mine),
                note=advice.why,
            )
        )
    declared = {site.name for site in sites}
    recorded = [name for name in sorted(first) if name not in declared]
    for name in recorded:
        count, mine = volume.get(name, 0), runs.get(name, [])
        advice = advise(Worked(automated=False), month, count, mine)
        since, when = month_of(first[name]), last_run(mine)
        lines.append(
            SiteLine(
                name, "", "records", since, when, str(count), advice.way, health(mine), advice.why
            )
        )
    return lines


def evidence_line(settings: BaseSettings, store: Store) -> str:
    """The size of the evidence in the last months, in megabytes; "" if there is none."""
    from wildcrawl.evidence import EvidenceError, open_evidence
    from wildcrawl.evidence.usage import usage_of

    try:
        usage = usage_of(open_evidence(store, evidence_place_of(settings)))
    except EvidenceError as error:
        return f"Evidence: its size cannot be read: {error}"
    if not usage.objects and not usage.months:
        return ""
    months: dict[str, int] = {}
    for row in usage.months:
        months[row.month] = months.get(row.month, 0) + row.size
    latest = sorted(months.items(), reverse=True)[:_MONTHS]
    by_month = ", ".join(f"{in_megabytes(size)} in {month}" for month, size in latest)
    return f"Evidence: {by_month}; {in_megabytes(usage.size)} in all ('scrapy evidence --stats')"


def last_run(runs: list[Run]) -> str:
    """When a site was last searched, in China."""
    return f"{runs[-1].started.astimezone(CHINA):%Y-%m-%d %H:%M}" if runs else "never"


def health(runs: list[Run]) -> str:
    """The health of the last run, with the reason."""
    if not runs:
        return ""
    word = runs[-1].health or "not finished"
    return f"{word}: {runs[-1].reason}" if runs[-1].reason else word


def as_table(lines: list[SiteLine], month: str) -> str:
    """The lines in columns, a Chinese character in two places; then the notes."""
    if not lines:
        return "No site is declared, and none is recorded."
    rows = [[cell.format(month) for cell in astuple(HEADER)[:-1]]]
    rows += [list(astuple(line))[:-1] for line in lines]
    notes = [f"  {line.site}: {line.note}" for line in lines if line.note]
    table = as_columns(rows)
    if not notes:
        return table
    return "\n".join([table, "", "Advice on the way of working:", *notes])
