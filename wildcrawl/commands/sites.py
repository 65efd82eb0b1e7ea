"""`scrapy sites`: lists every site with its way of working, last run, volume and health."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from scrapy.exceptions import UsageError

from wildcrawl.commands.common import (
    all_sites,
    as_columns,
    check_sites,
    close_killed_runs,
    in_megabytes,
    opened_store,
    plain_errors,
)
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import evidence_place_of
from wildcrawl.items import GOOD_HEALTH
from wildcrawl.months import CHINA, month_bounds, month_of

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from wildcrawl.items import RunHead
    from wildcrawl.review.site_advice import Worked
    from wildcrawl.store import Store


@dataclass(frozen=True)
class SiteRow:
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
    problem: bool = False
    """Whether its last run is neither ok nor quiet, nor running."""


_FEW = 10_000
"""Captures from which on their size is not counted here, since all of them would be read."""
_MONTHS = 3
"""Months of which the size of the evidence is shown."""
HEADER = SiteRow(
    "site", "label", "way", "since", "last run", "ads in {}", "calls for", "health; advice"
)


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
        if args:
            raise UsageError("scrapy sites takes no arguments but --accept SITE")
        month = last_month(datetime.now(UTC))
        with plain_errors(), opened_store(self.settings) as store:
            if opts.accept:
                check_sites(self.settings, store, [opts.accept])
                print(accepted_line(store, opts.accept))  # noqa: T201
                return
            close_killed_runs(store)
            lines = site_lines(self.settings, store, month)
            evidence = evidence_line(self.settings, store)
        print(as_table(lines, month))  # noqa: T201
        if evidence:
            print(f"\n{evidence}")  # noqa: T201


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


def site_lines(settings: BaseSettings, store: Store, month: str) -> list[SiteRow]:
    """A line for each declared site and for each known from records only, problems first.

    The bundled marketplaces appear once they have been crawled, or while there are no others.
    """
    from wildcrawl.review.site_advice import Worked

    sites = all_sites(settings)
    start, end = month_bounds(month, month)
    volume = store.count_by_site(start, end)
    runs = _runs(store, start)
    only_demo = all(site.demo for site in sites)
    listed = []
    for site in sites:
        if site.demo and site.name not in runs and not only_demo:
            continue
        off = "" if site.is_on(settings) else site.permission
        worked = Worked(site.automated, off)
        way = f"{site.way} (off)" if off else site.way
        label = f"{site.label} {site.label_zh}".strip()
        listed.append(_Listed(site.name, label, way, site.since, worked))
    declared = {site.name for site in sites}
    for name, first in store.first_months().items():
        if name not in declared:
            worked = Worked(automated=False)
            listed.append(_Listed(name, "", "records", month_of(first), worked))
    lines = (
        _line(site, month, volume.get(site.name, 0), runs.get(site.name, [])) for site in listed
    )
    return sorted(lines, key=lambda line: not line.problem)


def _runs(store: Store, since: datetime) -> dict[str, list[RunHead]]:
    """Each site's first run, its last one, and those since `since`, oldest first."""
    runs: dict[str, dict[str, RunHead]] = {}
    for site, (first, last) in store.run_bounds().items():
        runs[site] = {first.id: first, last.id: last}
    for run in store.run_heads(since):
        runs.setdefault(run.site, {})[run.id] = run
    return {
        site: sorted(mine.values(), key=lambda run: (run.started, run.id))
        for site, mine in runs.items()
    }


class _Listed(NamedTuple):
    """A site to list: how and since which month it is searched."""

    name: str
    label: str
    way: str
    since: str
    worked: Worked


def _line(site: _Listed, month: str, count: int, runs: Sequence[RunHead]) -> SiteRow:
    from wildcrawl.review.site_advice import advise

    advice = advise(site.worked, month, count, runs, site.since)
    problem = bool(runs) and _is_problem(runs, datetime.now(UTC))
    last, of_last = last_run(runs), health(runs)
    # Without a run and without a record the month is a gap, not a zero.
    counted = count or any(month_of(run.started) == month for run in runs)
    number = str(count) if counted else "–"
    name, label, way, since, _ = site
    return SiteRow(name, label, way, since, last, number, advice.way, of_last, advice.why, problem)


def _is_problem(runs: Sequence[RunHead], now: datetime) -> bool:
    """Whether the last search ended badly, or has not ended and gives no sign of life."""
    from wildcrawl.crawl.heartbeat import gives_signs

    last = runs[-1:] if not runs[-1].part else _newest_of_parts(runs)
    if any(run.health and run.health not in GOOD_HEALTH for run in last):
        return True
    ended = runs[-1].health and not runs[-1].part
    return not ended and not any(gives_signs(run, now) for run in last)


def evidence_line(settings: BaseSettings, store: Store) -> str:
    """The size of the evidence in the last months, in megabytes; "" if there is none."""
    from wildcrawl.evidence import EvidenceError, open_evidence
    from wildcrawl.evidence.captures import KIND
    from wildcrawl.evidence.usage import usage_of

    captures = store.each_document(KIND)
    if sum(1 for _ in islice(captures, _FEW)) == _FEW:
        return "Evidence: its size is counted by 'scrapy evidence --stats'"
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


def last_run(runs: Sequence[RunHead]) -> str:
    """When a site was last searched, in China."""
    return f"{runs[-1].started.astimezone(CHINA):%Y-%m-%d %H:%M}" if runs else "never"


def health(runs: Sequence[RunHead]) -> str:
    """The health of the last run, with the reason."""
    if not runs:
        return ""
    if runs[-1].part:
        return _health_of_parts(runs)
    return _with_reason(runs[-1], runs[-1].health or "not finished")


def _health_of_parts(runs: Sequence[RunHead]) -> str:
    """How many parts of a site are searched that are not yet put together, and what others are."""
    from wildcrawl.crawl.parts import parse_part
    from wildcrawl.crawl.scheduling.plan import is_done

    last = parse_part(runs[-1].part)
    assert last is not None
    newest, month = _newest_of_parts(runs), month_of(runs[-1].started)
    left = [run for run in newest if not is_done(run, month)]
    words = [f"{len(newest) - len(left)} of {last.of} parts are searched"]
    words += [_with_reason(run, f"{run.part} {run.health or 'not finished'}") for run in left]
    return "; ".join(words)


def _newest_of_parts(runs: Sequence[RunHead]) -> list[RunHead]:
    """The newest run of each part of the split that the last run belongs to."""
    from wildcrawl.crawl.parts import Part, parse_part

    last, month = parse_part(runs[-1].part), month_of(runs[-1].started)
    assert last is not None
    whole = max((run.started for run in runs if run.complete and not run.part), default=None)
    newest = {
        run.part: run
        for run in runs
        if month_of(run.started) == month and (whole is None or run.started > whole)
    }
    parts = (str(Part(number + 1, last.of)) for number in range(last.of))
    return [newest[part] for part in parts if part in newest]


def _with_reason(run: RunHead, word: str) -> str:
    return f"{word}: {run.reason}" if run.reason else word


def as_table(lines: list[SiteRow], month: str) -> str:
    """One line for each site in columns, a Chinese character in two places."""
    if not lines:
        return "No site is declared, and none is recorded."
    rows = [[cell.format(month) for cell in (*columns(HEADER), HEADER.health)]]
    for line in lines:
        said = "; ".join(part for part in (line.health, line.note) if part)
        rows.append([*columns(line), said])
    return as_columns(rows)


def columns(line: SiteRow) -> list[str]:
    """The cells of a line before the last, which is a sentence."""
    return [
        line.site, line.label, line.way, line.since, line.last_run, line.last_month, line.calls_for,
    ]  # fmt: skip
