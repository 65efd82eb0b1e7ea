"""`scrapy schedule MONTH`: schedules the month's searches on the nodes of scrapy.cfg."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from wildcrawl.commands.common import (
    all_sites,
    as_columns,
    find_site,
    opened_store,
    plain_errors,
    printable,
    say,
)
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.months import check_month, month_of

if TYPE_CHECKING:
    from wildcrawl.base_spiders import Site
    from wildcrawl.crawl.scheduling.dispatch import Nodes
    from wildcrawl.crawl.scheduling.jobs import Claim
    from wildcrawl.crawl.scheduling.nodes import Node
    from wildcrawl.crawl.scheduling.status import Month
    from wildcrawl.store import Store


SECRET = ("WILDCRAWL_STORE", "WILDCRAWL_ALERT_URL", "WILDCRAWL_ALERT_MAIL")
"""Settings that may hold a password."""
LOGS = 20
"""Logs that the status reads, of jobs that did not run; of the others it names the command."""
_NO_NODE = "its node is unknown"


class Command(QuietCommand):
    default_settings = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "[MONTH] [--sites …] [--nodes …] [--split …] [--again] [--status] [--logs SITE]"

    def short_desc(self) -> str:
        return "Schedule the month's searches as scrapyd jobs, or show their status or logs"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. MONTH is the current month in China, which is the default; with "
            "--status or --logs it may be an earlier one. A site that has a job or was searched "
            "this month is left out, unless --again is given. --split SITE=4 searches a large site "
            "in four jobs, which share its keywords and send one request at a time together; the "
            "last one puts them together to one run. -s NAME=VALUE is passed on to the "
            "jobs. The exit code is 1 if a node is away, a site found no node or, with --status, a "
            "search is not ok."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--sites", default="", help="only these sites, with commas between")
        parser.add_argument(
            "--nodes", default="", help="only these nodes of scrapy.cfg, with commas between"
        )
        parser.add_argument(
            "--split",
            default="",
            metavar="SITE=PARTS",
            help="search a site in parts by keywords, each a job of its own, this month; with "
            "commas between several, 1 undoes it",
        )
        parser.add_argument(
            "--again", action="store_true", help="search again what was already searched this month"
        )
        parser.add_argument(
            "--status", action="store_true", help="show the status of the month's searches"
        )
        parser.add_argument(
            "--logs",
            default="",
            metavar="SITE",
            help="show the end of the log of its last job",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if len(args) > 1:
            raise UsageError("give one month, for example: scrapy schedule 2026-11")
        with plain_errors():
            nodes = nodes_of(parted(opts.nodes))
            now = month_of(datetime.now(UTC))
            month = check_month(args[0]) if args else now
            named = parted(opts.sites)
            sites = wanted_sites(self.settings, named)
            with opened_store(self.settings) as store:
                if opts.logs:
                    site = find_site(self.settings, opts.logs).name
                    good = show_log(store, nodes, month, site)
                elif opts.status:
                    shown = [
                        site.name
                        for site in sites
                        if named or (site.is_on(self.settings) and not site.needs_sign_in)
                    ]
                    good = show_status(store, nodes, month, shown, others=not named)
                else:
                    check_now(month, now)
                    passed_on = settings_for_jobs(opts.set)
                    splits = checked_splits(self.settings, opts.split)
                    on = [site.name for site in sites if may_run(self.settings, site, bool(named))]
                    good = schedule(
                        store, nodes, month, on, passed_on, splits=splits, again=opts.again
                    )
        self.exitcode = 0 if good else 1


def parted(text: str) -> list[str]:
    """The names in a comma-separated text."""
    return [name.strip() for name in text.split(",") if name.strip()]


def nodes_of(names: Sequence[str]) -> list[Node]:
    """The nodes of scrapy.cfg; ValueError if there is none, or no scrapyd-client."""
    try:
        from wildcrawl.crawl.scheduling.nodes import find_nodes
    except ImportError:
        raise ValueError(
            "scrapyd-client is missing; install it: pip install -c constraints.txt -e '.[scrapyd]'"
        ) from None
    return find_nodes(names)


def check_now(month: str, now: str) -> None:
    """ValueError unless `month` is the current one."""
    if month != now:
        raise ValueError(
            f"{month} cannot be searched: a search finds what is on a site today, and counts it in "
            f"the current month in China, which is {now}; write 'scrapy schedule {now}'"
        )


def wanted_sites(settings: BaseSettings, names: Sequence[str]) -> list[type[Site]]:
    """The automated sites called `names`, or all but the bundled marketplaces."""

    if not names:
        return [site for site in all_sites(settings) if site.automated and not site.demo]
    sites = [find_site(settings, name) for name in names]
    for site in sites:
        if not site.automated:
            raise ValueError(
                f"{site.name} is searched by hand, not by a job; see 'scrapy worksheet {site.name}'"
            )
    return sites


def may_run(settings: BaseSettings, site: type[Site], named: bool) -> bool:
    """Whether a job may search `site`; if not, prints the reason."""
    if not site.is_on(settings):
        say(f"{site.name}: left out, off until it is in WILDCRAWL_SWITCHED_ON: {site.permission}")
        return False
    if site.needs_sign_in and not named:
        say(
            f"{site.name}: left out, a person's sign-in exists on one machine only; run "
            f"'scrapy crawl {site.name}' there, or if it is a node, --sites {site.name} "
            "--nodes NODE"
        )
        return False
    return True


def checked_splits(settings: BaseSettings, text: str) -> dict[str, int]:
    """The splits in `--split`; ValueError for a site that cannot be split so."""
    from wildcrawl.base_spiders import SearchSpider
    from wildcrawl.crawl.parts import parse_splits
    from wildcrawl.crawl.session import vocabulary_of

    splits = parse_splits(text)
    for name, number in splits.items():
        site = find_site(settings, name)
        if not (issubclass(site, SearchSpider) and site.can_resume()):
            raise ValueError(
                f"--split {name}: it is not searched keyword by keyword without a sign-in, and "
                "cannot be split"
            )
        keywords = len(vocabulary_of(settings).searched(month_of(datetime.now(UTC))))
        if number > keywords:
            raise ValueError(f"--split {name}={number}: there are only {keywords} keywords")
    return splits


def settings_for_jobs(options: Sequence[str]) -> dict[str, str]:
    """The settings in `-s NAME=VALUE`; ValueError for a secret, which process lists would show."""
    passed_on = {}
    for option in options:
        name, _, value = option.partition("=")
        if name in SECRET:
            raise ValueError(
                f"{name} may hold a password, and a job's arguments show in process lists and "
                f"logs; put {name} into scrapyd's environment, and into this one"
            )
        passed_on[name] = value
    return passed_on


def schedule(
    store: Store,
    nodes: Sequence[Node],
    month: str,
    sites: Sequence[str],
    settings: dict[str, str],
    *,
    splits: dict[str, int],
    again: bool,
) -> bool:
    """Schedules the sites' jobs, prints a line each; False if anything failed.

    `splits`: site to the number of parts in which it is searched from now on, this month.
    """
    from wildcrawl.crawl.parts import keep_splits
    from wildcrawl.crawl.scheduling.dispatch import Dispatch, ask_nodes
    from wildcrawl.crawl.scheduling.lock import scheduler_lease

    if not sites:
        raise ValueError("no site to search; name sites with --sites; 'scrapy sites' lists them")
    for site in sorted(set(splits) - set(sites)):
        raise ValueError(f"--split {site}: it is not among the sites to search; add it to --sites")
    with scheduler_lease(store, say=say) as lease:
        answers = ask_nodes(nodes, meanwhile=lease.renew)
        for fault in answers.faults.values():
            say(f"{fault}; its sites go to the other nodes")
        if len(set(answers.versions.values())) > 1:
            versions = ", ".join(f"{node} {version}" for node, version in answers.versions.items())
            say(f"the nodes have different versions ({versions}); deploy to all: scrapyd-deploy -a")
        if not answers.spiders:
            raise ValueError("no node can search, so nothing was scheduled; fix one of the nodes")
        keep_splits(store, month, splits)
        dispatch = Dispatch(store, lease, answers, month, say)
        dispatch.run(sites, settings, again=again)
    say(f"{dispatch.scheduled} scheduled for {month}; show their status: scrapy schedule --status")
    return not (answers.faults or dispatch.failed)


def show_log(store: Store, nodes: Sequence[Node], month: str, site: str) -> bool:
    """Prints the end of the log of the site's last job in the month; False if there is none."""
    from wildcrawl.crawl.parts import site_of
    from wildcrawl.crawl.scheduling.api import Client, NodeError
    from wildcrawl.crawl.scheduling.jobs import claims, newest

    mine = [each for each in newest(claims(store), month).values() if site_of(each.site) == site]
    claim = max(mine, key=lambda each: each.at, default=None)
    if claim is None:
        say(f"{site} has no job in {month}; scrapy schedule --status shows the others")
        return False
    node = next((node for node in nodes if node.name == claim.node), None)
    if node is None:
        say(f"{claim.id} is on {claim.node}, which scrapy.cfg lacks or --nodes leaves out")
        return False
    try:
        log = Client(node).log(site_of(claim.site), claim.id)
    except NodeError as error:
        say(str(error))
        return False
    if not log:
        say(f"{claim.id} has no log on {node}; it has not begun, or the log was deleted")
        return False
    # A monitored page may have put a terminal's control characters into it.
    say("\n".join(printable(line) for line in log.splitlines()))
    return True


def show_status(
    store: Store, nodes: Sequence[Node], month: str, sites: Sequence[str], *, others: bool
) -> bool:
    """Prints the month's status, a line for each site, problems first; False if there are any.

    `others`: sites that were scheduled by name are shown, too.
    """
    from wildcrawl.crawl.parts import site_of, splits_of, units_of
    from wildcrawl.crawl.scheduling.dispatch import ask_nodes
    from wildcrawl.crawl.scheduling.jobs import claims, newest
    from wildcrawl.crawl.scheduling.status import HEADER, summary

    answers = ask_nodes(nodes, jobs_only=True)
    for fault in answers.faults.values():
        say(fault)
    claimed = newest(claims(store), month)
    names = sorted({*sites, *(map(site_of, claimed) if others else ())})
    if not names:
        say(f"nothing was scheduled for {month}")
        return True
    splits = splits_of(store, month)
    units = [*names, *(unit for name in splits for unit in units_of(name, splits[name]))]
    months = _month(store, month, units, claimed, answers)
    why = _first_logs(answers)
    standings = [
        standing for name in names for standing in months.standings(name, splits.get(name, 1), why)
    ]
    standings.sort(key=lambda standing: not standing.wrong)
    say(as_columns([list(HEADER), *(standing.cells() for standing in standings)]))
    say(summary(standings))
    return not any(standing.wrong for standing in standings)


def _month(
    store: Store, month: str, units: Sequence[str], claimed: Mapping[str, Claim], answers: Nodes
) -> Month:
    """The month's runs and jobs; runs whose process has ended are closed.

    The nodes answered before the store is read: what ended in between has its result.
    """
    from wildcrawl.crawl.heartbeat import close_killed, gives_signs, is_over
    from wildcrawl.crawl.scheduling.dispatch import search_begin
    from wildcrawl.crawl.scheduling.plan import by_unit, surely_over, unfinished
    from wildcrawl.crawl.scheduling.status import Month

    since, now = search_begin(month), datetime.now(UTC)
    runs = by_unit(store.run_heads(since))
    doubtful = unfinished(set(units), answers.jobs, runs)
    over = [run for run in doubtful if is_over(run, now)] + surely_over(doubtful, answers.jobs)
    if close_killed(store, over):
        runs = by_unit(store.run_heads(since))
    gone = {run.id for run in over}
    alive = {run.id for run in doubtful if run.id not in gone and gives_signs(run, now)}
    silent = {run.id for run in doubtful} - gone - alive
    return Month(month, answers.jobs, runs, claimed, alive, answers.faults, silent, answers.asked)


def _first_logs(answers: Nodes) -> Callable[[Claim], str]:
    """A function that reads from a job's log why it failed; of LOGS jobs, and names the others'."""
    from wildcrawl.crawl.parts import site_of
    from wildcrawl.crawl.scheduling.api import NodeError
    from wildcrawl.crawl.scheduling.status import log_reason

    shown = 0

    def why(claim: Claim) -> str:
        nonlocal shown
        shown += 1
        if shown > LOGS:
            return f"'scrapy schedule --logs {claim.site}' shows its log"
        client = answers.clients.get(claim.node)
        try:
            if client is None:
                return _NO_NODE
            return log_reason(client.log(site_of(claim.site), claim.id))
        except NodeError as error:
            return str(error)

    return why
