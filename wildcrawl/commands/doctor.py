"""`scrapy doctor`: checks everything that a month's work needs, a line each with the fix."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from wildcrawl.commands.common import all_sites, close_killed_runs, opened_store, plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.checkup import CHECKS, Check, Finding, Grade, fail, note, ok, rescue
from wildcrawl.crawl.locations import path_of, store_url_of
from wildcrawl.store import StoreError, sqlite_path

TOO_LONG = timedelta(days=35)
"""Time without a good search after which one of the months has none."""


class Command(QuietCommand):
    def short_desc(self) -> str:
        return "Check the store, the browser, the disk and the rest, with the fix of each fault"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}: store, clock, keywords and settings, evidence, disk, fonts, "
            "permissions, browser and driver, and the nodes of scrapy.cfg. A line each: ok, note "
            "(some work may need it) or FAIL. The exit code is 1 if anything fails."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--alert",
            action="store_true",
            help="send an alert if anything fails: WILDCRAWL_ALERT_URL, WILDCRAWL_ALERT_MAIL",
        )
        parser.add_argument(
            "--rescue",
            action="store_true",
            help="write to files what the logs kept beside the store have and the store lacks",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args:
            raise UsageError("scrapy doctor takes no arguments but --alert and --rescue")
        if opts.rescue:
            self.rescue()
            return
        checks: tuple[Check, ...] = (
            *CHECKS, check_further_settings, check_searches, check_browser, check_nodes
        )  # fmt: skip
        failed = []
        for check in checks:
            for finding in findings(check, self.settings):
                line = " ".join(str(finding).splitlines())
                print(line, flush=True)  # noqa: T201
                if finding.grade == Grade.FAIL:
                    self.exitcode = 1
                    failed.append(line)
        if failed and opts.alert:
            self.alert(failed)

    def rescue(self) -> None:
        """Writes what the store lacks of the logs beside it, and says how to import it."""
        assert self.settings is not None
        with plain_errors():
            done = list(rescue(self.settings))
        print("\n".join(done) or "no log beside the store has what the store lacks")  # noqa: T201

    def alert(self, failed: list[str]) -> None:
        """Sends an alert with the lines that failed."""
        from wildcrawl.crawl.alerts import check_alerts, send_alert

        assert self.settings is not None
        with plain_errors():
            check_alerts(self.settings)
        faults = "1 fault" if len(failed) == 1 else f"{len(failed)} faults"
        subject = f"wildcrawl: {faults} on {platform.node()}"
        for fault in send_alert(self.settings, subject, {"reason": "\n".join(failed)}):
            print(fault)  # noqa: T201


def findings(check: Check, settings: BaseSettings) -> Iterator[Finding]:
    """The findings of a check; one that fails itself is a finding and stops no other.

    What is wrong with the store is found by its own check alone.
    """
    name = getattr(check, "__name__", "check").removeprefix("check_")
    try:
        yield from check(settings)
    except StoreError:
        yield note(name, "not checked, since the store cannot be read")
    except Exception as error:
        yield fail(name, f"cannot be checked: {type(error).__name__}: {error}")


def check_further_settings(settings: BaseSettings) -> Iterator[Finding]:
    """The settings that only some commands read, or only the end of a crawl."""
    from wildcrawl.commands.desk import shared_sample_of
    from wildcrawl.commands.export import events_of
    from wildcrawl.crawl.alerts import check_alerts
    from wildcrawl.crawl.logs import log_format_of
    from wildcrawl.crawl.metrics import check_metrics
    from wildcrawl.crawl.session import second_reader_of
    from wildcrawl.evidence import EvidenceError
    from wildcrawl.evidence.retention import read_keep
    from wildcrawl.review.notices.letter_settings import load_letter_settings
    from wildcrawl.review.retention import read_retention

    readers: tuple[Callable[[], object], ...] = (
        lambda: check_alerts(settings),
        lambda: check_metrics(path_of(settings, "WILDCRAWL_METRICS")),
        lambda: log_format_of(settings),
        lambda: second_reader_of(settings),
        lambda: shared_sample_of(settings),
        lambda: events_of(settings),
        lambda: load_letter_settings(path_of(settings, "WILDCRAWL_NOTICES")),
        lambda: read_retention(str(settings.get("WILDCRAWL_KEEP") or "")),
        lambda: read_keep(str(settings.get("WILDCRAWL_EVIDENCE_KEEP") or "")),
        lambda: check_switched_on(settings),
    )
    valid = True
    for read in readers:
        try:
            read()
        except (ValueError, OSError, EvidenceError) as error:
            valid = False
            yield fail("settings", str(error))
    if valid:
        yield ok("settings", "those of alerts, metrics, logs, letters and retention are valid")


def check_switched_on(settings: BaseSettings) -> None:
    """ValueError for a name in WILDCRAWL_SWITCHED_ON of which there is no site to switch on."""
    given = {name.strip() for name in settings.getlist("WILDCRAWL_SWITCHED_ON")} - {""}
    unknown = sorted(given - {site.name for site in all_sites(settings)})
    if unknown:
        raise ValueError(
            f"WILDCRAWL_SWITCHED_ON: no site is named {', '.join(unknown)}; 'scrapy list' shows "
            "the names"
        )


def check_searches(settings: BaseSettings) -> Iterator[Finding]:
    """Automated sites that were searched before, and not well for longer than a month."""
    path = sqlite_path(store_url_of(settings))
    if path is not None and not path.exists():
        return
    now = datetime.now(UTC)
    sites = {
        site.name
        for site in all_sites(settings)
        if site.automated and site.is_on(settings) and not site.demo
    }
    with opened_store(settings) as store:
        close_killed_runs(store)
        begun = {name for name in store.run_bounds() if name in sites}
        good = {head.site for head in store.run_heads(now - TOO_LONG, begun) if head.is_good}
    missing = sorted(begun - good)
    if missing:
        some = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if missing[5:] else "")
        yield fail(
            "searches",
            f"{some}: no good search for {TOO_LONG.days} days; see 'scrapy sites', then search "
            "again",
        )
    elif begun:
        yield ok("searches", f"{len(begun)} sites, each searched in the last {TOO_LONG.days} days")


def check_browser(settings: BaseSettings) -> Iterator[Finding]:
    """The browser and Playwright's driver, which some sites need."""
    from wildcrawl.base_spiders.browser import NoBrowser, working_browser

    needing = [site.name for site in all_sites(settings) if site.automated and site.needs_browser]
    try:
        path = working_browser(str(settings.get("WILDCRAWL_BROWSER") or ""))
    except NoBrowser as error:
        some = ", ".join(needing[:3]) or "no site of this project"
        yield note("browser", f"{error}; needed by {len(needing)} sites: {some}")
    else:
        yield ok("browser", f"{path} and Playwright's driver start")


def check_nodes(settings: BaseSettings) -> Iterator[Finding]:
    """The scrapyd nodes, and their clocks."""
    try:
        from wildcrawl.crawl.scheduling.api import Client, NodeAwayError, NodeError
        from wildcrawl.crawl.scheduling.nodes import NodesError, find_nodes
    except ImportError:
        yield note("nodes", "scrapyd-client is missing, so there are none; see docs/operations.md")
        return
    try:
        nodes = find_nodes()
    except NodesError:
        yield note("nodes", "scrapy.cfg names none; crawls run on this machine alone")
        return
    for node in nodes:
        client = Client(node)
        try:
            if node.project not in client.projects():
                yield fail(
                    "nodes", f"{node} has no project {node.project}: scrapyd-deploy {node.name}"
                )
                continue
            there = client.time()
        except NodeError as error:
            if isinstance(error, NodeAwayError) and not has_jobs(settings):
                yield note("nodes", f"{error}; only scheduled searches need it, and none was made")
                continue
            yield fail("nodes", f"{error}; start scrapyd there, or remove it from scrapy.cfg")
            continue
        here = datetime.now(UTC)
        if there is not None and abs((there - here).total_seconds()) > 600:
            yield fail(
                "nodes",
                f"{node} says {there:%Y-%m-%d %H:%M} UTC, this machine {here:%Y-%m-%d %H:%M}; set "
                "the clock that is wrong",
            )
        else:
            yield ok("nodes", f"{node} answers")


def has_jobs(settings: BaseSettings) -> bool:
    """Whether a search was ever scheduled."""
    from wildcrawl.crawl.scheduling.jobs import claims

    path = sqlite_path(store_url_of(settings))
    if path is not None and not path.exists():
        return False
    with opened_store(settings) as store:
        return bool(claims(store))
