"""Health of a run, judged by its counts: Scrapy reports a crawl of a changed site as finished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import comb
from statistics import median

from wildcrawl.analysis.singular import in_number
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.stats import RunCounts
from wildcrawl.items import GOOD_HEALTH, Health, PriceKind, Run

KEPT = 6
"""Number of the last good runs that make a baseline."""
ENOUGH = 3
"""Runs from which on they make a baseline; a run that a person accepted suffices alone."""
SLACK = 0.85
"""How far a field's share may fall below its baseline before the site counts as changed."""
SLACK_IN_PART = 0.6
"""The same for a search for some keywords only, which may find other goods."""
FAR_BELOW = 0.5
"""Share of the usual number of advertisements below which a run found few."""
SOME = 5
"""Usual number of advertisements from which on finding none is not chance."""
MANY_PRICES = 10
"""Prices that could not be read, from which on this is no chance."""
_CHANCE = 0.01
_MANY = 100


@dataclass(frozen=True)
class Baseline:
    """A site's good runs, newest first; empty where there are too few to compare with."""

    found: Sequence[int] = ()
    coverage: Mapping[str, Sequence[float]] = field(default_factory=dict)
    accepted: bool = False
    """Whether a person accepted a run, which overrides the `expect` of the spider."""

    @property
    def usual(self) -> float:
        """Advertisements in a usual run."""
        return median(self.found) if self.found else 0.0

    def fallen(self, coverage: Mapping[str, tuple[int, int]], slack: float) -> dict[str, str]:
        """A sentence for each field that is filled far less often than before."""
        return {
            name: f"{name} on {filled} of {total} advertisements ({filled / total:.0%}), where it "
            f"used to be on {median(shares):.0%} ({_runs(shares)})"
            for name, shares in self.coverage.items()
            for filled, total in [coverage.get(name, (0, 0))]
            if total and _is_low(filled, total, shares, slack)
        }

    def few(self, found: int) -> str:
        """A sentence if a whole run found far fewer advertisements than usual, else ""."""
        if not self.found or found >= FAR_BELOW * self.usual or found >= min(self.found):
            return ""
        return f"{found or 'no'} advertisements, where {self.usual:g} are usual " + (
            f"({_runs(self.found)})"
        )


def baseline_of(runs: Iterable[Run]) -> Baseline:
    """The baseline of one site from its good `runs`, oldest first.

    A run that a person accepted restarts the baseline.
    """
    runs = list(runs)
    good: list[Run] = []
    for run in reversed(runs):
        if _is_good(run):
            good.append(run)
        if run.accepted or len(good) == KEPT:
            break
    enough = 1 if any(run.accepted for run in good) else ENOUGH
    found = [run.found for run in good if run.in_full and run.health != Health.QUIET]
    coverage: dict[str, list[float]] = {}
    for run in good:
        for name, (filled, total) in run.coverage.items():
            if total:
                coverage.setdefault(name, []).append(filled / total)
    return Baseline(
        found if len(found) >= enough else (),
        {name: shares for name, shares in coverage.items() if len(shares) >= enough},
        accepted=any(run.accepted for run in runs),
    )


def _is_good(run: Run) -> bool:
    return run.complete and (run.accepted or run.health in GOOD_HEALTH)


def _is_low(filled: int, total: int, shares: Sequence[float], slack: float) -> bool:
    """Whether so few lie outside both the variation of earlier runs and mere chance."""
    usual = median(shares)
    if filled / total >= min(usual * slack, min(shares)):
        return False
    return total > _MANY or _tail(filled, total, usual) < _CHANCE


def _tail(filled: int, total: int, share: float) -> float:
    """The probability of at most `filled` of `total` if each is filled with probability `share`."""
    share = min(share, 0.98)
    return sum(
        comb(total, count) * share**count * (1 - share) ** (total - count)
        for count in range(filled + 1)
    )


def _runs(shares: Sequence[float]) -> str:
    return f"median of the last {len(shares)} good runs" if len(shares) > 1 else "as accepted"


def accept_as_baseline(runs: Iterable[Run], site: str) -> Run:
    """The last whole run of a site's `runs`, marked as the new baseline; not stored yet.

    ValueError if there is none: a partial, faulty or blocked run is no baseline.
    """
    whole = [run for run in runs if run.complete]
    if not whole:
        raise ValueError(
            f"{site} has no whole run without faults that could be accepted; make one: "
            f"scrapy crawl {site}"
        )
    run = whole[-1]
    if run.health != Health.OK:
        run.reason = f"accepted; it was {run.health}: {run.reason}"
    run.health, run.accepted = Health.OK.value, True
    return run


FAILED = (Health.BROKEN, Health.BLOCKED, Health.KILLED)
"""Health values that need attention."""
NO_BASELINE = Baseline()
NO_REPORT = RunReport()
_RAN_OUT = ("finished", "unreachable", "unrecognised", None)
"""Scrapy's finish reasons of a run that was neither stopped nor limited."""


@dataclass(frozen=True)
class Judgement:
    """The health of a run, and a sentence that gives the reason."""

    health: Health
    reason: str
    comparable: bool = False
    """Whether the run shows the site's condition, so that later runs may be compared with it."""


def judge(
    counts: RunCounts,
    expect: Mapping[str, float],
    *,
    complete: bool,
    searched: bool,
    limited: bool | None = None,
    site: str = "SITE",
    finish_reason: str = "finished",
    report: RunReport = NO_REPORT,
    baseline: Baseline = NO_BASELINE,
) -> Judgement:
    """Judges a run by its counts, its spider's expectations and the site's baseline.

    `complete`: the whole site was searched for the whole vocabulary, so that the number of
    advertisements can be compared. `limited`: a person set a limit; by default, a run that is not
    complete. `searched`: the run sent requests to the site; a worksheet or a records file is judged
    by its errors, and a worksheet by its gaps.

    Captures that could not be written break the run, but show nothing of the site, so that later
    runs may be compared with it all the same. A run whose advertisements are not all in the store
    is broken, and no search of the site that could be compared or need not be repeated.
    """
    if report.clock_fault:
        return Judgement(Health.BROKEN, report.clock_fault)
    limited = not complete if limited is None else limited
    scope = _Scope(complete, searched, limited, site, finish_reason)
    judgement = _judge_site(counts, expect, scope, report, baseline)
    judgement = _noted(judgement, [*report.notes, report.pages_due])
    faults = [fault for fault in (report.store_fault, report.evidence_fault) if fault]
    if faults:
        judgement = Judgement(
            judgement.health if judgement.health in FAILED else Health.BROKEN,
            "; ".join(filter(None, (judgement.reason, *faults))),
            judgement.comparable and not report.store_fault,
        )
    return replace(judgement, reason=in_number(judgement.reason))


@dataclass(frozen=True)
class _Scope:
    """What a run set out to do, and how it ended; the arguments of `judge`."""

    complete: bool
    searched: bool
    limited: bool
    site: str
    finish_reason: str


def _judge_site(
    counts: RunCounts,
    expect: Mapping[str, float],
    scope: _Scope,
    report: RunReport,
    baseline: Baseline,
) -> Judgement:
    """Judges what a run shows of its site."""
    complete, limited = scope.complete, scope.limited
    found = counts.found
    blocked = _blocked(counts, report.blocked_by, scope.site)
    if blocked:
        return Judgement(Health.BLOCKED, blocked)
    if report.robots_fault:
        return Judgement(Health.BROKEN, f"{report.robots_fault}, so no page was requested")
    if report.no_browser:
        return Judgement(Health.BROKEN, report.no_browser)
    faults = _faults(counts, report)
    if not scope.searched:
        return _judge_file(counts, faults)
    # A run that a person accepted overrides the declared expectations.
    expect = {} if baseline.accepted else expect
    wrong = [
        *filter(None, (faults, _moved_ids(counts))),
        *_lost(counts.coverage, expect, baseline, limited=limited),
    ]
    if scope.finish_reason not in _RAN_OUT:
        wrong.append(f"stopped early ({scope.finish_reason})")
        health = Health.BROKEN if len(wrong) > 1 else Health.THIN
        return Judgement(health, "; ".join(wrong))
    least = int(expect.get("advertisements", 0)) if complete else 0
    few = _few(found, least, baseline, complete=complete)
    if few and not found and (least or baseline.usual >= SOME) and complete:
        wrong.append(few)
    comparable = not limited and not faults and not _moved_ids(counts)
    if wrong:
        judgement = Judgement(Health.BROKEN, "; ".join(wrong), comparable)
    elif report.unread:
        judgement = Judgement(Health.THIN, report.unread)
    elif few and report.unanswered:
        judgement = Judgement(Health.THIN, f"{few}; {report.unanswered} keywords got no answer")
    else:
        # A few pages may fail on a bad day, but it is said which part was not searched.
        unanswered = f"{report.unanswered} keywords got no answer" if report.unanswered else ""
        reason = "; ".join(filter(None, (few, unanswered, report.limits)))
        judgement = Judgement(Health.QUIET if few else Health.OK, reason, comparable)
    return _noted(judgement, [_unread_prices(counts.prices)])


def _unread_prices(prices: Mapping[str, int]) -> str:
    """A sentence if most prices of a run could not be read, else "".

    >>> _unread_prices({"invalid": 30, "amount": 2}).split(",")[0]
    '30 of 32 prices could not be read'
    """
    unread = prices.get(PriceKind.INVALID, 0)
    total = sum(prices.values()) - prices.get(PriceKind.ABSENT, 0)
    if unread < MANY_PRICES or 2 * unread <= total:
        return ""
    return (
        f"{unread} of {total} prices could not be read, so that figures of prices lack them; "
        "compare one with the site: digits may be hidden, or a point before three digits (12.000) "
        "may be one of decimals or of thousands"
    )


MOVED = 6
"""Known ids with another advertisement from which on these are not ids used again."""
MOVED_SHARE = 0.3
"""Share of the known ids that they must reach."""


def _moved_ids(counts: RunCounts) -> str:
    """A sentence if many ids of earlier runs show another advertisement, else ""."""
    if counts.reused < max(MOVED, MOVED_SHARE * counts.seen):
        return ""
    return (
        f"{counts.reused} of {counts.seen} ids from earlier runs now show another advertisement: "
        "ad_id may be a place in the list; fix ad_id"
    )


def _judge_file(counts: RunCounts, faults: str) -> Judgement:
    """The verdict on a run from a file: with rejected rows or unsearched keywords it is thin."""
    reasons = [faults] if faults else []
    if counts.keywords_unsearched:
        reasons.append(f"{counts.keywords_unsearched} keywords of the worksheet were not searched")
    if counts.rejected:
        reasons.append(
            f"{counts.rejected} of {counts.rows} rows were rejected; the log gives the reasons"
        )
    health = Health.BROKEN if faults else Health.THIN if reasons else Health.OK
    return Judgement(health, "; ".join(reasons))


def _noted(judgement: Judgement, notes: Sequence[str]) -> Judgement:
    """The judgement with notes added to its reason."""
    return replace(judgement, reason="; ".join(filter(None, [judgement.reason, *notes])))


def _blocked(counts: RunCounts, blocked_by: str, site: str) -> str:
    """A sentence if the site or its robots.txt refuses the crawl, else ""."""
    if counts.pages_blocked:
        shut = f"the site refused further requests after {counts.found} advertisements"
        return f"{shut}: {blocked_by}" if blocked_by else shut
    if counts.pages_forbidden and counts.robots_down:
        return (
            f"robots.txt could not be fetched (status {counts.robots_down}), so no page was "
            "requested"
        )
    if counts.pages_forbidden:
        return f"robots.txt forbids the search; search by hand: scrapy worksheet {site}"
    return ""


def _few(found: int, least: int, baseline: Baseline, *, complete: bool) -> str:
    """A sentence if a run found fewer advertisements than expected, or none at all; else ""."""
    if complete and (few := baseline.few(found)):
        return few
    if found < least:
        return f"{found or 'no'} advertisements, expected at least {least}"
    return "" if found else "no advertisements; the site has none for what was searched"


def _lost(
    covered: Mapping[str, tuple[int, int]],
    expect: Mapping[str, float],
    baseline: Baseline,
    *,
    limited: bool,
) -> list[str]:
    """A sentence for each field that too many advertisements lack."""
    below = {
        name: f"{name} on {filled} of {total} advertisements, expected {share:.0%}"
        for name, share in expect.items()
        for filled, total in [covered.get(name, (0, 0))]
        if name != "advertisements" and filled < share * SLACK * total
    }
    fallen = baseline.fallen(covered, SLACK_IN_PART if limited else SLACK)
    return list((below | fallen).values())


TOLERATED = 0.05
"""The number of pages that may fail on a bad day without the site counting as broken."""


def _faults(counts: RunCounts, report: RunReport) -> str:
    """The faults beyond their tolerated number of pages, as a sentence; "" if there are none."""
    tolerated = TOLERATED * (counts.pages + counts.details)
    faults = (
        (counts.errors, 0, "errors in the code" if counts.keywords else "errors, as logged"),
        (counts.pages_missing, tolerated, "pages that the site reports as missing"),
        (
            counts.pages_unrecognised + report.unrecognised_pages,
            tolerated,
            "pages that show neither results nor 'nothing found'",
        ),
        (counts.pages_unreadable, tolerated, "unreadable pages"),
        (counts.pages_failed + report.failed_pages, tolerated, "pages that could not be fetched"),
        (counts.store_errors, tolerated, "failed writes to the store"),
    )
    sentences = [f"{count} {words}" for count, limit, words in faults if count > limit]
    doubts = (
        report.misread,
        report.same_results,
        report.paging,
        report.lacking,
        report.doubtful_ids,
    )
    sentences += [each for each in doubts if each]
    return ", ".join(sentences)
