"""`scrapy demo`: a month on the bundled marketplaces, from the search to the report."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import UsageError

from wildcrawl.commands.common import all_sites, opened_store, plain_errors, say
from wildcrawl.commands.crawling import Crawled, crawl_site, crawled_line, quiet_options
from wildcrawl.commands.look import lines_of, look_at, options_of, processors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.session import vocabulary_of
from wildcrawl.months import month_of

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from wildcrawl.base_spiders import Site
    from wildcrawl.demo.tally import ReuseTally, Tally
    from wildcrawl.items import Key
    from wildcrawl.store import Store


MAKE = ("make report", "make desk")
"""The make targets that open the results of `make demo`."""
SETTINGS = "settings.sh"
"""The file with the demo's settings for a terminal, in the demo's folder."""
PICTURES = 100
"""Pictures between two lines of progress."""


class Command(QuietCommand):
    uses_store = False

    default_settings = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "[-o FOLDER] [--month 1|2]"

    def short_desc(self) -> str:
        return "Search the bundled marketplaces on this machine and write a report"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", dest="folder", default="demo", help="where to put it all (demo)")
        parser.add_argument(
            "--month",
            type=int,
            choices=(1, 2),
            default=1,
            help="the marketplaces' first month, or the second with new and changed ones",
        )

        parser.add_argument(
            "--make", action="store_true", help="end with the commands of make instead of scrapy's"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Imported here: Scrapy loads all commands each time, and only this one needs a server.
        from wildcrawl.commands.export import ReportOptions, export_report
        from wildcrawl.demo.tally import reuse_tally, tally
        from wildcrawl.demo.truth import load_truth

        assert self.settings is not None
        started = time.monotonic()
        if args:
            raise UsageError("scrapy demo takes no arguments but its options")
        folder = Path(opts.folder).resolve()
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{opts.folder} is a file; name a folder with -o", print_help=False)
        folder.mkdir(parents=True, exist_ok=True)
        own = own_settings(folder)
        for name, value in own.items():
            self.settings.set(name, value, priority="cmdline")
        write_settings(folder / SETTINGS, own, str(self.settings["WILDCRAWL_BROWSER"] or ""))
        with plain_errors(), marketplaces(opts.month) as base:
            self.settings.set("WILDCRAWL_DEMO_URL", base, priority="cmdline")
            say(f"The marketplaces listen on {base}; searching them for every keyword:")
            crawled = crawl_marketplaces(self.settings, folder, opts.month)
            look_at_pictures(self.settings)
            month = month_of(datetime.now(UTC))
            options = ReportOptions(include_pending=True)
            exported = export_report(self.settings, [month], folder / "report", options)
            truth = load_truth(opts.month)
            with opened_store(self.settings) as stored:
                reused = reuse_tally(truth, same_pictures(stored))
                counts = tally(
                    truth,
                    stored.advertisements(),
                    [keyword.term for keyword in vocabulary_of(self.settings).keywords],
                )
        report_tally(counts)
        report_reused(reused)
        report_requests(crawled)
        say(f"Done in {time.monotonic() - started:.0f} s. Open the report and the desk with:")
        settings = shlex.quote(shown_path(folder / SETTINGS))
        opened = MAKE if opts.make else opening_commands(exported.index, settings)
        say("\n".join(f"  {command}" for command in opened))
        say(f"All commands of a terminal work on this demo's store after\n  source {settings}")
        self.exitcode = 0 if all(crawl.ok for crawl in crawled) else 1


@contextmanager
def marketplaces(month: int, port: int | None = None) -> Iterator[str]:
    """Serves the marketplaces at their usual port, or at a free one if it is in use."""
    from wildcrawl.crawl.addresses import DEMO_URL
    from wildcrawl.demo.server import MarketplaceError, running_marketplaces

    usual = urlsplit(DEMO_URL).port if port is None else port
    with ExitStack() as serving:
        try:
            base = serving.enter_context(running_marketplaces(usual or 0, month))
        except MarketplaceError:
            say(f"Port {usual} is in use; 'scrapy recheck' will not find these marketplaces again.")
            base = serving.enter_context(running_marketplaces(0, month))
        yield base


def own_settings(folder: Path) -> dict[str, str]:
    """The settings with which commands work on the demo in `folder`, not on one's own store."""
    return {
        "WILDCRAWL_STORE": f"sqlite:///{folder / 'wildcrawl.db'}",
        "WILDCRAWL_EVIDENCE_DIR": str(folder / "evidence"),
        "WILDCRAWL_OUTPUT": str(folder),
        "WILDCRAWL_WORKSHEETS": str(folder / "worksheets"),
        "WILDCRAWL_DESK_DIR": str(folder / "desk"),
    }


def write_settings(path: Path, own: Mapping[str, str], browser: str) -> None:
    """Writes a shell file after which `scrapy` works on the demo, in any folder."""
    given = {**own, "SCRAPY_SETTINGS_MODULE": "wildcrawl.settings"}
    if browser:
        given["WILDCRAWL_BROWSER"] = browser
    lines = [
        f"# In a terminal: source {shlex.quote(str(path))}",
        "# Commands then work on this demo; in a new terminal they work on your own store again.",
        *(f"export {name}={shlex.quote(value)}" for name, value in given.items()),
        f"export PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def shown_path(path: Path) -> str:
    """A path as one would type it in the current folder."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def opening_commands(report: Path, settings: str) -> tuple[str, str]:
    """The shell commands that open the report and the desk of a demo with the file `settings`."""
    page = [sys.executable, "-m", "webbrowser", "-t", report.as_uri()]
    return shlex.join(page), f"source {settings} && scrapy desk"


def crawl_marketplaces(settings: Settings, folder: Path, month: int) -> list[Crawled]:
    """Crawls every marketplace, one line each."""
    runs = []
    for site in all_sites(settings):
        if not site.demo:
            continue
        without = browser_fault(settings) if site.needs_browser else ""
        if without:
            say(f"  {site.name}: left out, since {without}")
            continue
        arguments = arguments_of(site, settings, folder, month)
        crawled = crawl_site(site.name, settings, arguments, quiet_options())
        say(f"  {crawled_line(crawled)}")
        runs.append(crawled)
    return runs


def browser_fault(settings: Settings) -> str:
    """Why no browser works on this machine, and what to install; "" if one does."""
    from wildcrawl.base_spiders.browser import NoBrowser, working_browser

    try:
        working_browser(str(settings.get("WILDCRAWL_BROWSER") or ""))
    except NoBrowser as error:
        return str(error)
    return ""


def arguments_of(site: type[Site], settings: Settings, folder: Path, month: int) -> dict[str, str]:
    """The spider arguments of a marketplace: the one searched by hand gets a filled worksheet."""
    from wildcrawl.demo.worksheet import write_filled_worksheet

    if site.automated:
        return {}
    path = folder / f"worksheet-{site.name}.xlsx"
    base = str(settings["WILDCRAWL_DEMO_URL"])
    write_filled_worksheet(
        path, site.worksheet_site(settings), vocabulary_of(settings), base, month
    )
    return {"worksheet": str(path)}


def look_at_pictures(settings: Settings) -> None:
    """Reads the captured pictures and links those of the same photograph."""
    say("Looking at the captured pictures (about a minute):")
    done = look_at(settings, options_of(settings, processors(), None), progress=pictures_done)
    say("\n".join(f"  {line}" for line in lines_of(done)))


def pictures_done(done: int, total: int) -> None:
    """Prints a line for every PICTURES pictures that were read, and for the last."""
    if done % PICTURES == 0 or done == total:
        say(f"  {done:,} of {total:,} pictures")
    if done == total:
        say("  Comparing them with each other (another minute):")


def same_pictures(store: Store) -> list[tuple[Key, Key]]:
    """Pairs of advertisements of which a picture shows the same photograph."""
    from wildcrawl.review.looking.links import SAME_PICTURE

    return [
        ((link["site"], link["ad_id"]), (link["other_site"], link["other_ad"]))
        for link in store.documents(SAME_PICTURE).values()
    ]


def report_reused(reused: ReuseTally) -> None:
    """Prints the number of reused photographs found, against those planted."""
    say(
        f"Reused photographs found: {reused.found} of {reused.planted} (cropped, mirrored, marked, "
        "saved again, in a screenshot), counting those of which the link is not sure."
    )


def report_tally(counts: Tally) -> None:
    """Prints the number of advertisements found, against those planted."""
    say(f"Found {counts.found} of {counts.planted} planted advertisements of wildlife products;")
    say(
        f"of {counts.decoys} decoys, {counts.decoys_kept} were kept for an analyst to reject, "
        f"{counts.decoys_set_aside} were set aside with a reason, and the rest matched nothing."
    )


def report_requests(crawled: list[Crawled]) -> None:
    """Prints the number of requests, and what they were for."""
    runs = [crawl.run for crawl in crawled if crawl.run is not None]
    made = sum(run.requests for run in runs)
    search_pages = sum(run.pages for run in runs)
    say(
        f"{made} requests: {search_pages} search pages, and {made - search_pages} for the pages "
        "of new advertisements and robots.txt."
    )
