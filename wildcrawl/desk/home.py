"""Home page: the month at a glance, its sites with their worksheets, and what can be written."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from wildcrawl.desk.goods_names import goods_name
from wildcrawl.desk.languages import say
from wildcrawl.desk.messages import message
from wildcrawl.desk.month_coverage import MonthCoverage, read_month_coverage
from wildcrawl.desk.request_store import store_of_request
from wildcrawl.desk.views import SheetView, sheet_view
from wildcrawl.desk.written_files import reports_of
from wildcrawl.items import GOOD_HEALTH, Health
from wildcrawl.labels import HEALTH
from wildcrawl.months import MonthError, check_month, month_bounds, previous_month
from wildcrawl.review.coverage import IMPORTED, LIMITED, NO_RUN, NONE_IMPORTED, SEARCHED
from wildcrawl.review.month_counts import (
    COLUMNS,
    UNJUDGED,
    MonthCounts,
    Statuses,
    count_month,
)
from wildcrawl.store import StoreError
from wildcrawl.store.listing import GENERAL
from wildcrawl.tabular.worksheet import Filled, WorksheetError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from wildcrawl.analysis.vocabulary import Group
    from wildcrawl.desk.model import Desk, DeskSite
    from wildcrawl.items import RunHead
    from wildcrawl.store import Store

UNUSED = "unused"
"""State of a site that is not monitored so far."""
STATES: Mapping[str, tuple[str, str]] = {
    "ran": ("ran", "已运行"),
    "quiet": ("ran, with little found", "已运行，结果很少"),
    **{name: HEALTH[name] for name in (Health.THIN, Health.BROKEN, Health.BLOCKED, Health.KILLED)},
    "unfinished": ("not finished", "未结束"),
    LIMITED: ("limited to some pages", "只读取了部分页"),
    NO_RUN: ("not searched this month", "本月未搜索"),
    IMPORTED: ("no run; records imported", "未运行；记录来自导入"),
    NONE_IMPORTED: ("no run; no record among those imported", "未运行；导入的记录中没有"),
    UNUSED: ("not used so far", "尚未使用"),
}
"""States of a site in a month, in English and Chinese."""
WRONG = ("broken", "blocked", "killed", "thin", "unfinished", LIMITED, NO_RUN)
"""States that the page counts first, since the month's numbers lack something."""
SHORT = 5
"""Number of unused sites up to which a table lists them with the others."""


@dataclass(frozen=True)
class SiteLine:
    """A site's line on the home page.

    `state` is that of its last run in the month, or why it has none; one of STATES. `counted` is
    whether any run of the month searched the site to its end.
    """

    site: DeskSite
    counts: Statuses
    state: str
    last_run: datetime | None
    reason: str
    begun: bool
    sheet: SheetView | None
    problem: str = ""
    counted: bool = False

    @property
    def unused(self) -> bool:
        """Whether there is nothing of the site to show: no record, run or worksheet."""
        nothing = not (self.counts.found or self.last_run or self.begun or self.problem)
        return nothing and self.state == UNUSED

    @property
    def rank(self) -> int:
        """Place in its table: what lacks something, what was searched, then what was not."""
        mistakes = self.problem or (self.sheet and self.sheet.mistakes)
        if mistakes or (self.state in WRONG and not self.counted):
            return 0
        return 2 if self.unused else 1


@dataclass(frozen=True)
class SiteTable:
    """A table of the home page; `unused` are the sites that are folded."""

    title: str
    title_zh: str
    lines: Sequence[SiteLine]
    unused: Sequence[SiteLine]


Lack = tuple[str, str]
"""Label of a site that was not searched, and its run's reason."""


@dataclass(frozen=True)
class Glance:
    """The month at a glance: its counts, and the labels of species groups by name."""

    counts: MonthCounts
    species: Sequence[tuple[str, str, Statuses]]
    unjudged_percent: float = float(100 * UNJUDGED)


def pages(desk: Desk) -> Blueprint:
    """Blueprint of the home page."""
    home = Blueprint("home", __name__)

    @home.get("/")
    def index() -> str:
        return _page(desk, month_or_404(request.args.get("month") or f"{desk.today():%Y-%m}"))

    return home


def month_or_404(text: str) -> str:
    """The month in a URL; aborts with 404 if it is not valid."""
    try:
        return check_month(text)
    except MonthError as error:
        abort(404, message(str(error)))


def number_before(store: Store, month: str) -> int:
    """Advertisements of the month before, where the work is on the first days of a month."""
    before = previous_month(month)
    return int(store.month_numbers(before, before)["number"].sum())


def _page(desk: Desk, month: str) -> str:
    problem, counts, earlier = "", count_month([]), 0
    coverage = MonthCoverage({}, {})
    declared = {site.site.name for site in desk.sites}
    start, end = month_bounds(month, month)
    try:
        store = store_of_request(desk)
        counts = count_month(store.frames(start, end, COLUMNS))
        if not counts.total.found:
            earlier = number_before(store, month)
        coverage = read_month_coverage(store, month, counts.by_site.keys(), declared)
    except StoreError as error:
        problem = str(error)
    ordered = sorted(desk.sites, key=lambda site: site.site.label.lower())
    lines = []
    for site in ordered:
        name = site.site.name
        run = coverage.last_runs.get(name)
        in_month = run if run and run.started >= start else None
        covered = coverage.states.get(name, UNUSED)
        state = state_of(in_month) if in_month else covered
        counted = covered in SEARCHED
        lines.append(_line(desk, site, month, run, state, counts, counted=counted))
    undeclared = {
        name: each for name, each in sorted(counts.by_site.items()) if name not in declared
    }
    others = {name: state for name, state in coverage.states.items() if name not in declared}
    return render_template(
        "index.html",
        month=month,
        before=previous_month(month),
        earlier=earlier,
        glance=Glance(counts, _species(counts, desk.vocabulary.groups)),
        tables=_tables(lines),
        undeclared=undeclared,
        states=STATES,
        wrong=_wrong(lines, others),
        problem=problem,
        can_write=desk.write_report is not None,
        percent=percent,
        reports=reports_of(desk, month),
    )


def _tables(lines: Sequence[SiteLine]) -> list[SiteTable]:
    """The tables of sites, each with its unused sites apart unless they are few.

    Those of which no site is used come last.
    """
    lines = sorted(lines, key=lambda line: line.rank)
    by_hand = [line for line in lines if not line.site.automated and not line.site.demo]
    demo = [line for line in lines if line.site.demo]
    others = [line for line in lines if line.site.automated and not line.site.demo]
    tables = []
    for title, title_zh, own in (
        ("Searched by hand", "人工搜索", by_hand),
        ("Searched by machine", "自动搜索", others),
        ("Bundled marketplaces, for practice", "练习用的模拟网站", demo),
    ):
        unused = [line for line in own if line.unused]
        if len(unused) <= SHORT:
            tables.append(SiteTable(title, title_zh, own, []))
        else:
            used = [line for line in own if not line.unused]
            tables.append(SiteTable(title, title_zh, used, unused))
    tables.sort(key=lambda table: all(line.unused for line in table.lines))
    return [table for table in tables if table.lines or table.unused]


def _wrong(
    lines: Sequence[SiteLine], undeclared: Mapping[str, str]
) -> list[tuple[str, list[Lack]]]:
    """By state, the sites that the report lists as not searched, each with the run's reason.

    `undeclared` has the states of the monitored sites without a spider.
    """
    return [
        (
            name,
            [
                (_site_label(line.site), "" if name == NO_RUN else line.reason)
                for line in lines
                if line.state == name and not line.counted
            ]
            + [(site, "") for site, state in sorted(undeclared.items()) if state == name],
        )
        for name in WRONG
    ]


def _site_label(site: DeskSite) -> str:
    own = site.site
    return say(own.label, own.label_zh) or own.label or own.name


def percent(share: Fraction) -> str:
    """A share in percent with one decimal, halves up; more than none is never 0.0%.

    >>> percent(Fraction(1, 16)), percent(Fraction(1, 5000)), percent(Fraction(4999, 5000))
    ('6.3%', '<0.1%', '>99.9%')
    """
    tenths = int(1000 * share + Fraction(1, 2))
    if share and not tenths:
        return "<0.1%"
    if share != 1 and tenths == 1000:
        return ">99.9%"
    return f"{tenths // 10}.{tenths % 10}%"


def state_of(run: RunHead) -> str:
    """State of a site by its last run of the month; see STATES."""
    known = {Health.OK: "ran", Health.QUIET: "quiet", Health.THIN: "thin",
             Health.BROKEN: "broken", Health.BLOCKED: "blocked",
             Health.KILLED: "killed"}  # fmt: skip
    if run.health not in [*Health] or (run.part and run.health in GOOD_HEALTH):
        return "unfinished"
    if run.limited and run.health in GOOD_HEALTH:
        return LIMITED
    return known[Health(run.health)]


def _species(counts: MonthCounts, groups: dict[str, Group]) -> list[tuple[str, str, Statuses]]:
    """Name, label and numbers of each species group of the month, the most found first."""
    rows = [
        (name, goods_name(groups[name]) if name in groups else _without_label(name), each)
        for name, each in counts.by_species.items()
    ]
    return sorted(rows, key=lambda row: (-row[2].found, row[1]))


def _without_label(species: str) -> str:
    return say("no species", "无物种") if species == GENERAL else species


def _line(
    desk: Desk,
    site: DeskSite,
    month: str,
    run: RunHead | None,
    state: str,
    counts: MonthCounts,
    *,
    counted: bool,
) -> SiteLine:
    begun = desk.drafts.path(site.site, month).exists()
    sheet, problem = None, ""
    try:
        filled = desk.drafts.load(site.site, month) if begun else Filled()
        sheet = sheet_view(filled, site.site, desk.vocabulary, month) if begun else None
    except (WorksheetError, OSError) as error:
        problem = str(error)
    return SiteLine(
        site,
        counts.by_site.get(site.site.name, Statuses({})),
        state,
        run.started if run else None,
        run.reason if run else "",
        begun,
        sheet,
        problem,
        counted,
    )
