"""Dispatch of a month's jobs to the nodes' queues."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from wildcrawl.crawl.heartbeat import SILENCE, close_killed, still_alive
from wildcrawl.crawl.parts import part_of, site_of, splits_of, units_left, units_of
from wildcrawl.crawl.scheduling import jobs as claiming
from wildcrawl.crawl.scheduling import plan
from wildcrawl.crawl.scheduling.api import Client, Job, NodeAwayError, NodeError, NodeSilentError
from wildcrawl.months import month_bounds

if TYPE_CHECKING:
    from wildcrawl.crawl.scheduling.lock import Lease
    from wildcrawl.crawl.scheduling.nodes import Node
    from wildcrawl.items import RunHead
    from wildcrawl.store import Store


@dataclass
class Nodes:
    """Spiders, versions and jobs of the nodes that answer; `faults` of the others; when asked."""

    clients: dict[str, Client] = field(default_factory=dict)
    spiders: dict[str, set[str]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    asked: datetime = field(default_factory=lambda: datetime.now(UTC))

    def leave(self, node: str, fault: str) -> None:
        """Excludes `node` from further jobs, with `fault` as the reason."""
        self.spiders.pop(node, None)
        self.faults[node] = fault


_OF_A_PART = {"CONCURRENT_REQUESTS": "1", "CONCURRENT_REQUESTS_PER_DOMAIN": "1"}
"""Settings of a part's job: all parts together have one request at a time."""
_PAUSE = 5.0
"""Seconds between two signs of life while nodes are asked."""


def ask_nodes(
    nodes: Sequence[Node],
    *,
    jobs_only: bool = False,
    meanwhile: Callable[[], None] = lambda: None,
) -> Nodes:
    """Requests the jobs of each node and, unless `jobs_only`, its spiders and version.

    All nodes are asked at once; `meanwhile` is called every few seconds until the last one answers.
    """
    found = Nodes()
    if not nodes:
        return found
    with ThreadPoolExecutor(len(nodes)) as pool:
        asked = [pool.submit(_ask_node, node, jobs_only=jobs_only) for node in nodes]
        left = set(asked)
        while left:
            _, left = wait(left, timeout=_PAUSE)
            meanwhile()
    for one in (future.result() for future in asked):
        found.clients |= one.clients
        found.spiders |= one.spiders
        found.versions |= one.versions
        found.jobs += one.jobs
        found.faults |= one.faults
    return found


def _ask_node(node: Node, *, jobs_only: bool) -> Nodes:
    """What one node answers."""
    found, client = Nodes(), Client(node)
    try:
        if node.project not in client.projects():
            found.faults[node.name] = (
                f"{node} has no project {node.project}; deploy it: scrapyd-deploy {node.name}"
            )
            return found
        found.jobs = client.jobs()
        found.clients[node.name] = client
        if not jobs_only:
            found.versions[node.name] = client.versions()[-1]
            found.spiders[node.name] = set(client.spiders(found.versions[node.name]))
    except NodeError as error:
        found.leave(node.name, str(error))
    return found


def search_begin(month: str) -> datetime:
    """The moment from which runs are read to schedule a month, or to show its status.

    Two months earlier: a run may go on from one month into the next, and its usual duration is that
    of the run before.
    """
    start, _ = month_bounds(month, month)
    return start - timedelta(days=62)


@dataclass
class Dispatch:
    """One round of scheduling; `failed` if a site or a node could not be given its jobs."""

    store: Store
    lease: Lease
    nodes: Nodes
    month: str
    say: Callable[[str], None]
    scheduled: int = 0
    failed: bool = False
    again: bool = False
    """Whether what an unfinished run has searched is searched again, too."""

    def run(self, sites: Sequence[str], settings: Mapping[str, str], *, again: bool) -> None:
        """Schedules a job for each of `sites` that needs one; `settings` are passed to the jobs."""
        since = search_begin(self.month)
        splits = splits_of(self.store, self.month, sites) if sites else {}
        all_units = [*sites, *(unit for site in splits for unit in units_of(site, splits[site]))]
        heads = plan.by_unit(self.store.run_heads(since))
        doubtful = plan.unfinished(all_units, self.nodes.jobs, heads)
        close_killed(self.store, plan.surely_over(doubtful, self.nodes.jobs))
        doubtful = plan.without_end(doubtful, self.nodes.jobs)
        if doubtful:
            names = ", ".join(sorted({run.site for run in doubtful}))
            self.say(
                f"waiting up to {SILENCE:.0f} s for a sign of life of unfinished runs: {names}"
            )
        self.lease.renew()
        alive = still_alive(self.store, doubtful, self._wait)
        close_killed(self.store, doubtful, alive)
        # Runs that ended during the wait have their health by now.
        runs = plan.by_unit(self.store.run_heads(since))
        done = {run.site for run in runs if plan.is_done(run, self.month)}
        units = [
            unit
            for site in sites
            for unit in (
                units_left(site, splits[site], done, again=again) if site in splits else [site]
            )
        ]
        of_site: dict[str, list[RunHead]] = {}
        for run in runs:
            of_site.setdefault(run.site, []).append(run)
        jobs: dict[str, list[Job]] = {}
        for job in self.nodes.jobs:
            jobs.setdefault(job.site, []).append(job)
        waiting = []
        for site in units:
            mine, own = of_site.get(site, ()), jobs.get(site, ())
            reason = plan.left_alone(site, self.month, own, mine, alive, again=again)
            whole = site_of(site)
            if not reason and whole != site:
                mine, own = of_site.get(whole, ()), jobs.get(whole, ())
                reason = plan.left_alone(whole, self.month, own, mine, alive, again=True)
            if reason:
                self.say(f"{site}: {reason}")
            else:
                waiting.append(site)
        latest = claiming.newest(claiming.claims(self.store), self.month)
        self.again = again
        self._place(waiting, latest, plan.minutes(runs), settings)

    def _wait(self, seconds: float) -> None:
        """Waits, and shows other schedulers that this one is alive."""
        time.sleep(seconds)
        self.lease.renew()

    def _place(
        self,
        waiting: list[str],
        latest: dict[str, claiming.Claim],
        lasts: Mapping[str, float],
        settings: Mapping[str, str],
    ) -> None:
        while waiting:
            placed = plan.spread(waiting, self.nodes.spiders, self.nodes.jobs, lasts)
            for site in sorted(set(waiting) - set(placed)):
                self.failed = True
                waiting.remove(site)
                self.say(f"{site}: no answering node has this spider; deploy the project")
            for site, node in placed.items():
                waiting.remove(site)
                latest[site] = claiming.next_claim(latest, site, self.month, node)
                if not self._put(latest[site], settings):
                    waiting.append(site)
                    break

    def _put(self, claim: claiming.Claim, settings: Mapping[str, str]) -> bool:
        """Puts one job into its node's queue; False if another node must be used."""
        self.lease.renew()
        # Before the request: a job without a claim could not be superseded.
        claiming.keep(self.store, claim)
        try:
            part = part_of(claim.site)
            arguments = {"part": part} if part else {}
            if self.again:
                arguments["again"] = "1"
            given = {**_OF_A_PART, **settings} if part else settings
            client = self.nodes.clients[claim.node]
            client.schedule(site_of(claim.site), claim.id, given, arguments)
        except NodeSilentError as error:
            self.failed = True
            self.say(f"{claim.site}: {error}; check with --status whether it took the job")
        except NodeError as error:
            self.failed = True
            self.nodes.leave(claim.node, str(error))
            away = isinstance(error, NodeAwayError)
            self.say(f"{error}{'' if away else ' (job not taken)'}; its sites go to other nodes")
            return False
        else:
            self.scheduled += 1
            self.nodes.jobs.append(Job(claim.id, claim.site, claim.node, "pending"))
            self.say(f"{claim.site}: scheduled on {claim.node} ({claim.id})")
        return True
