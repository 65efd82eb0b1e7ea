"""Schedule status: one line per site; pure rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from wildcrawl.crawl.parts import part_of, site_of, units_of
from wildcrawl.items import GOOD_HEALTH, Health
from wildcrawl.months import CHINA, month_of

if TYPE_CHECKING:
    from wildcrawl.crawl.scheduling.api import Job
    from wildcrawl.crawl.scheduling.jobs import Claim
    from wildcrawl.items import RunHead

HEADER = ("site", "state", "health", "node", "started", "new", "seen", "note")


_PLACED = timedelta(seconds=30)
"""How long a claim may be without its job, which a scheduler is giving to a node."""


@dataclass(frozen=True)
class Standing:
    """Status of one site; `wrong` if it needs a person's attention."""

    site: str
    state: str
    node: str = ""
    note: str = ""
    run: RunHead | None = None
    wrong: bool = False

    def cells(self) -> list[str]:
        """The cells of the site's line, in the order of HEADER."""
        run = self.run
        return [
            self.site,
            self.state,
            run.health if run else "",
            self.node,
            _shown(run.started) if run else "",
            str(run.new) if run and run.finished else "",
            str(run.seen) if run and run.finished else "",
            self.note,
        ]


@dataclass(frozen=True)
class Month:
    """State of a month: jobs on the nodes that answer, runs, claims, and ids of running runs."""

    month: str
    jobs: Sequence[Job]
    runs: Sequence[RunHead]
    claims: Mapping[str, Claim]
    alive: Collection[str]
    away: Mapping[str, str]
    """Node that does not answer to the reason."""
    silent: Collection[str] = ()
    """Ids of runs without a recent sign of life, which may have been killed."""
    asked: datetime | None = None
    """When the nodes were asked for their jobs."""

    @cached_property
    def _by_site(self) -> dict[str, list[RunHead]]:
        found: dict[str, list[RunHead]] = {}
        for run in self.runs:
            found.setdefault(run.site, []).append(run)
        return found

    @cached_property
    def _jobs_by_site(self) -> dict[str, list[Job]]:
        found: dict[str, list[Job]] = {}
        for job in self.jobs:
            found.setdefault(job.site, []).append(job)
        return found

    def standings(self, site: str, parts: int, why: Callable[[Claim], str]) -> list[Standing]:
        """The status of a site; of one in several `parts`, also theirs until these are joined."""
        whole = self.standing(site, why)
        if parts == 1 or whole.state != "not scheduled":
            return [whole]
        of_parts = [self.standing(unit, why) for unit in units_of(site, parts)]
        done = sum(each.state == "finished" and not each.wrong for each in of_parts)
        note = f"{done} of {parts} parts are searched"
        if done == parts:
            note += "; 'scrapy schedule' puts them together"
        return [Standing(site, "in parts", note=note, wrong=done == parts), *of_parts]

    def standing(self, site: str, why: Callable[[Claim], str]) -> Standing:
        """The status of `site`; `why` gives the reason for a job without a run, from its log."""
        runs = [run for run in self._by_site.get(site, ()) if self._counts(run)]
        last = runs[-1] if runs else None
        claim = self.claims.get(site)
        for state in ("running", "pending"):
            for job in self._jobs_by_site.get(site, ()):
                if job.state == state:
                    run = next((run for run in runs if run.job == job.id), None)
                    if run and run.finished:
                        # It ended between the node's answer and the store's.
                        continue
                    return Standing(site, "running" if run else state, job.node, job.id, run)
        if last and last.id in self.alive:
            return Standing(site, "running", note="by hand, or on a node that does not answer")
        if claim and _came_to_nothing(claim, runs):
            if claim.node in self.away:
                note = f"{self.away[claim.node]}; 'scrapy schedule' gives the site to another"
                return Standing(site, "unknown", claim.node, note, wrong=True)
            if self._is_being_placed(claim):
                return Standing(site, "pending", claim.node, claim.id)
            return Standing(site, "did not run", claim.node, why(claim), wrong=True)
        if last is None:
            return Standing(site, "not scheduled")
        return self._of_run(last, claim.node if claim and claim.id == last.job else "")

    def _is_being_placed(self, claim: Claim) -> bool:
        """Whether a scheduler has just stored the claim, and gives the node its job next."""
        known = any(job.id == claim.id for job in self._jobs_by_site.get(claim.site, ()))
        return bool(self.asked and not known and claim.at > (self.asked - _PLACED).isoformat())

    def _of_run(self, run: RunHead, node: str) -> Standing:
        """The status of a site without a job, by its last run."""
        if not run.finished and run.id in self.silent:
            note = f"last sign of life {_last_sign(run)}; 'scrapy schedule' waits for the next"
            return Standing(run.site, "silent", node, note, run, True)
        if not run.finished or run.health == Health.KILLED:
            return Standing(run.site, "killed", node, "'scrapy schedule' searches again", run, True)
        return Standing(run.site, "finished", node, run.reason, run, run.health not in GOOD_HEALTH)

    def _counts(self, run: RunHead) -> bool:
        """Whether a run is the month's search, and not a trial with some keywords."""
        if run.id in self.alive:
            return True
        whole = run.complete or run.part or (run.health == Health.KILLED and run.in_full)
        return month_of(run.started) == self.month and bool(run.job or whole)


def _came_to_nothing(claim: Claim, runs: Iterable[RunHead]) -> bool:
    """Whether the job of `claim` has neither a run nor a later one that replaced it."""
    return not any(run.job == claim.id or run.started.isoformat() > claim.at for run in runs)


def _last_sign(run: RunHead) -> str:
    return _shown(datetime.fromisoformat(run.heard_of) if run.heard_of else run.started)


def summary(standings: Collection[Standing]) -> str:
    """How many sites are in each state; one in parts is one site.

    >>> summary([Standing("mall", "finished"), Standing("shop", "killed", wrong=True)])
    '2 sites: 1 finished, 1 killed; 1 needs attention'
    >>> summary([Standing("mall", "in parts"), Standing("mall.1of2", "killed", wrong=True)])
    '1 site: 1 in parts; 1 needs attention'
    """
    states = Counter(each.state for each in standings if not part_of(each.site))
    named = ", ".join(f"{number} {state}" for state, number in states.most_common())
    wrong = len({site_of(each.site) for each in standings if each.wrong})
    needs = f"; {wrong} {'needs' if wrong == 1 else 'need'} attention" if wrong else ""
    sites = states.total()
    return f"{sites} {'site' if sites == 1 else 'sites'}: {named}{needs}"


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%m-%d %H:%M}"


def log_reason(log: str) -> str:
    """The last error in a job's log, or a hint if there is none.

    >>> log_reason("2026-11-24 [x] INFO: a\\n2026-11-24 [x] ERROR: the disk is full\\n")
    'the disk is full'
    """
    for line in reversed(log.splitlines()):
        for level in (" CRITICAL: ", " ERROR: "):
            if level in line:
                return line.partition(level)[2]
    return f"{'its log has no error' if log else 'it has no log'}; scrapyd's own log may say why"
