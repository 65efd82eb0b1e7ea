"""Home page: all sites with their last run and the progress of this month's worksheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from wildcrawl.desk.request_store import store_of_request
from wildcrawl.desk.views import SheetView, sheet_view
from wildcrawl.months import CHINA, MonthError, check_month
from wildcrawl.store import StoreError
from wildcrawl.tabular.worksheet import Filled, WorksheetError

if TYPE_CHECKING:
    from wildcrawl.desk.model import Desk, DeskSite
    from wildcrawl.items import RunHead


@dataclass(frozen=True)
class SiteLine:
    """A site's line on the home page."""

    site: DeskSite
    last_run: str
    health: str
    reason: str
    begun: bool
    sheet: SheetView | None
    problem: str = ""


def pages(desk: Desk) -> Blueprint:
    """Blueprint of the home page."""
    home = Blueprint("home", __name__)

    @home.get("/")
    def index() -> str:
        month = month_or_404(request.args.get("month") or f"{desk.today():%Y-%m}")
        problem, runs = _latest_runs(desk)
        ordered = sorted(desk.sites, key=lambda site: site.site.label.lower())
        lines = [_line(desk, site, month, runs.get(site.site.name)) for site in ordered]
        by_hand = [line for line in lines if not line.site.automated and not line.site.demo]
        demo = [line for line in lines if line.site.demo]
        others = [line for line in lines if line not in by_hand and line not in demo]
        tables = [
            ("Searched by hand", "人工搜索", by_hand),
            ("Searched by machine", "自动搜索", others),
            ("Bundled marketplaces, for practice", "练习用的模拟网站", demo),
        ]
        return render_template("index.html", month=month, tables=tables, problem=problem)

    return home


def month_or_404(text: str) -> str:
    """The month in a URL; aborts with 404 if it is not valid."""
    try:
        return check_month(text)
    except MonthError as error:
        abort(404, str(error))


def _latest_runs(desk: Desk) -> tuple[str, dict[str, RunHead]]:
    """The store's problem, "" if there is none, and the last run of each site."""
    try:
        bounds = store_of_request(desk).run_bounds()
        return "", {site: last for site, (_, last) in bounds.items()}
    except StoreError as error:
        return str(error), {}


def _line(desk: Desk, site: DeskSite, month: str, run: RunHead | None) -> SiteLine:
    begun = desk.drafts.path(site.site, month).exists()
    sheet, problem = None, ""
    try:
        filled = desk.drafts.load(site.site, month) if begun else Filled()
        sheet = sheet_view(filled, site.site, desk.vocabulary, month) if begun else None
    except (WorksheetError, OSError) as error:
        problem = str(error)
    started = f"{run.started.astimezone(CHINA):%Y-%m-%d %H:%M}" if run else ""
    health = (run.health or "not finished") if run else ""
    return SiteLine(site, started, health, run.reason if run else "", begun, sheet, problem)
