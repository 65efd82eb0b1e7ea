"""Schedule plan: which sites get a job, and on which node; pure rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from wildcrawl.crawl.parts import site_of, unit_of_run
from wildcrawl.items import GOOD_HEALTH, RunHead
from wildcrawl.months import CHINA, month_of

if TYPE_CHECKING:
    from wildcrawl.crawl.scheduling.api import Job

_LONG = timedelta(minutes=10)
"""How long before another run of its site a run must have been heard of to count as killed; more
than the clocks of two machines differ."""


def by_unit(runs: Iterable[RunHead]) -> list[RunHead]:
    """The runs, with the unit that they searched (`parts.unit_of`) as their site."""
    return [replace(run, site=unit_of_run(run)) if run.part else run for run in runs]


def is_done(run: RunHead, month: str) -> bool:
    """Whether `run` is a whole, satisfactory search of the site in `month`."""
    return (
        run.finished is not None
        and (run.complete or bool(run.part))
        and run.health in GOOD_HEALTH
        and month_of(run.started) == month
    )


def left_alone(
    site: str,
    month: str,
    jobs: Iterable[Job],
    runs: Iterable[RunHead],
    alive: Collection[str],
    *,
    again: bool,
) -> str:
    """The reason why `site` gets no job now; empty if it gets one.

    `alive`: ids of running runs, by hand or on a node that does not answer. `again`: sites that are
    done are searched once more.
    """
    for job in jobs:
        if job.site == site and job.state in ("pending", "running"):
            return f"{job.state} on {job.node} ({job.id})"
    mine = [run for run in runs if run.site == site]
    if any(run.id in alive for run in mine):
        return "running, by hand or on a node that does not answer"
    done = [run for run in mine if is_done(run, month)]
    if done and not again:
        return f"done {done[-1].started.astimezone(CHINA):%Y-%m-%d %H:%M} ({done[-1].health})"
    return ""


def unfinished(
    sites: Collection[str], jobs: Iterable[Job], runs: Iterable[RunHead]
) -> list[RunHead]:
    """The unfinished runs of `sites` that no node lists as running.

    One whose site another run has searched since its last heartbeat was killed.
    """
    known = {job.site for job in jobs if job.state in ("pending", "running")}
    runs = [run for run in runs if run.site in sites and run.site not in known]
    last: dict[str, datetime] = {}
    for run in runs:
        last[run.site] = max(run.started, last.get(run.site, run.started))
    return [run for run in runs if not run.finished and last[run.site] - _heard(run) < _LONG]


def surely_over(runs: Iterable[RunHead], jobs: Iterable[Job]) -> list[RunHead]:
    """Those of the unfinished `runs` whose node reports that their process has ended."""
    ended = {job.id for job in jobs if job.state == "finished"}
    return [run for run in runs if run.job in ended]


def without_end(runs: Iterable[RunHead], jobs: Iterable[Job]) -> list[RunHead]:
    """Those of the unfinished `runs` of which no node reports that they have ended."""
    ended = {job.id for job in jobs if job.state == "finished"}
    return [run for run in runs if run.job not in ended]


def _heard(run: RunHead) -> datetime:
    return datetime.fromisoformat(run.heard_of) if run.heard_of else run.started


def minutes(runs: Iterable[RunHead]) -> dict[str, float]:
    """The duration of each site's last whole search."""
    return {
        run.site: max((run.finished - run.started).total_seconds() / 60, 0.1)
        for run in runs
        if run.finished and (run.complete or run.part)
    }


def spread(
    sites: Sequence[str],
    able: Mapping[str, Collection[str]],
    busy: Iterable[Job],
    lasts: Mapping[str, float],
) -> dict[str, str]:
    """Site to node, so that all nodes finish at about the same time.

    `able`: node to its spiders. The longest search is assigned first, each to the node with the
    least work. A site that no node has is left out.
    """
    usual = sum(lasts.values()) / len(lasts) if lasts else 1.0
    load = dict.fromkeys(able, 0.0)
    for job in busy:
        if job.node in load and job.state != "finished":
            load[job.node] += lasts.get(job.site, usual)
    placed = {}
    for site in sorted(sites, key=lambda name: (-lasts.get(name, usual), name)):
        nodes = [node for node in able if site_of(site) in able[node]]
        if nodes:
            placed[site] = min(nodes, key=lambda node: load[node])
            load[placed[site]] += lasts.get(site, usual)
    return placed
