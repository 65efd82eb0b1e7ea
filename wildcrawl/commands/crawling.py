"""Crawl processes: one site's crawl in a process of its own, isolated from the others."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from scrapy.settings import BaseSettings

from wildcrawl.base_spiders import RecordsSpider, Site
from wildcrawl.commands.common import opened_store
from wildcrawl.items import GOOD_HEALTH, Run
from wildcrawl.months import month_of


def add_again(parser: argparse.ArgumentParser) -> None:
    """Adds the option that searches what an unfinished run of the month has searched."""
    parser.add_argument(
        "--again",
        action="store_true",
        help="search every keyword, also those that a killed or stopped run of this month had "
        "searched",
    )


def check_crawl(
    spider: type[Site | RecordsSpider], settings: BaseSettings, arguments: dict[str, str]
) -> None:
    """Raises ValueError for what would stop a crawl; its run reports a missing browser."""
    from wildcrawl.base_spiders.browser import NoBrowser

    with suppress(NoBrowser):
        spider.check(settings, arguments)


@dataclass(frozen=True)
class Crawled:
    """The outcome of a crawl: its run, if one was recorded, and the process's exit code."""

    site: str
    run: Run | None
    exit_code: int

    @property
    def ok(self) -> bool:
        """Whether the crawl succeeded; a quiet site counts as a success."""
        well = self.run is not None and self.run.health in GOOD_HEALTH
        return well and self.exit_code == 0


def crawl_site(
    site: str, settings: BaseSettings, arguments: Mapping[str, str], options: Sequence[str] = ()
) -> Crawled:
    """Crawls `site` as `scrapy crawl` does, and returns the outcome.

    `options` are further options of `scrapy crawl`, for example ["-s", "DOWNLOAD_DELAY=5"].
    """
    command = [sys.executable, "-m", "scrapy", "crawl", site, *options]
    for name, value in arguments.items():
        command += ["-a", f"{name}={value}"]
    environment = os.environ | passed_on(settings)
    environment["SCRAPY_SETTINGS_MODULE"] = "wildcrawl.settings"
    before = {run.id for run in _runs(settings, site)}
    done = subprocess.run(command, env=environment, check=False)  # noqa: S603
    fresh = [run for run in _runs(settings, site) if run.id not in before and run.finished]
    return Crawled(site, fresh[-1] if fresh else None, done.returncode)


def put_together(
    settings: BaseSettings, run: Run, arguments: Mapping[str, str], options: Sequence[str]
) -> int:
    """Searches the whole site if the run of a part was its last one; the exit code.

    What the parts have searched is taken over, so that the site is asked for little more.
    """
    from wildcrawl.crawl.parts import is_last_part
    from wildcrawl.crawl.scheduling.plan import by_unit, is_done

    with opened_store(settings) as store:
        month = month_of(run.started)
        heads = by_unit(store.run_heads(run.started - timedelta(days=31), [run.site]))
        if not is_last_part(store, run, [head for head in heads if is_done(head, month)]):
            return 0
    # A job of scrapyd finds its code through its runner.
    runner = Path(sys.argv[0])
    module = "scrapyd.runner" if runner.parent.name == "scrapyd" else "scrapy"
    command = [sys.executable, "-m", module, "crawl", run.site]
    for name, value in arguments.items():
        if name not in ("part", "again"):
            command += ["-a", f"{name}={value}"]
    for option in options:
        command += ["-s", option]
    environment = os.environ | passed_on(settings)
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603


def passed_on(settings: BaseSettings) -> dict[str, str]:
    """The project's own settings as environment variables, which process lists do not show."""
    given = {name: settings[name] for name in settings if name.startswith("WILDCRAWL_")}
    return {name: "" if value is None else str(value) for name, value in given.items()}


def _runs(settings: BaseSettings, site: str) -> list[Run]:
    with opened_store(settings) as store:
        return store.runs(site)


def crawled_line(crawled: Crawled) -> str:
    """The outcome of a crawl in one line, also for a crawl without a run."""
    from wildcrawl.crawl.run_recorder import run_line

    if crawled.run is None:
        return (
            f"{crawled.site}: did not run (exit code {crawled.exit_code}); its log gives the reason"
        )
    return run_line(crawled.run)


def quiet_options() -> list[str]:
    """The options for a progress bar on a terminal, and for warnings only elsewhere."""
    return [] if sys.stderr.isatty() else ["-L", "WARNING"]
