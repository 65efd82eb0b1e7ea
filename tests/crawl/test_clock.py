"""Clock check: a site whose server has another day than this machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from wildcrawl.crawl.clock import ClockMiddleware, WrongClock
from wildcrawl.crawl.compression import ROBOTS
from wildcrawl.crawl.health import judge
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.stats import RunCounts
from wildcrawl.items import Run

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PAGE = Request("https://shop.example/s")
ROBOTS_TXT = Request("https://shop.example/robots.txt", meta={ROBOTS: 1})


def check(*answers: tuple[Request, timedelta | None, int]) -> Session:
    """Passes answers with a Date that is off by some time, and an Age, through the check."""
    session = Session(Settings(), Run("r", "shop", NOW))
    stopped: list[str] = []
    session.stop = stopped.append
    middleware = ClockMiddleware(session, lambda: NOW)
    for request, off, age in answers:
        headers = {"Date": format_datetime(NOW + off, usegmt=True)} if off is not None else {}
        response = Response(request.url, headers={**headers, "Age": str(age)})
        try:
            assert middleware.process_response(request, response) is response
        except WrongClock:
            assert stopped == ["wrong_clock"]
    return session


YEAR, HOURS, NONE = timedelta(days=365), timedelta(hours=8), timedelta()


@pytest.mark.parametrize("off", [-YEAR, YEAR])
def test_a_clock_a_year_off_stops_the_run_and_breaks_it(off: timedelta) -> None:
    fault = check((ROBOTS_TXT, off, 0), (PAGE, off, 0)).clock_fault
    assert "this machine's clock says 2026-11-29 12:00 UTC, the server of shop 202" in fault
    assert "set the clock" in fault
    judgement = judge(
        RunCounts(pages=1), {}, complete=True, searched=True, report=RunReport(clock_fault=fault)
    )
    assert (judgement.health, judgement.reason, judgement.comparable) == ("broken", fault, False)


@pytest.mark.parametrize(
    "answers",
    [
        [(PAGE, HOURS, 0), (PAGE, -YEAR, 0)],
        [(ROBOTS_TXT, -YEAR, 0)],
        [(ROBOTS_TXT, NONE, 0), (PAGE, -YEAR, 0)],
        [(PAGE, None, 0)],
        [(PAGE, -timedelta(days=3), 3 * 86400)],
    ],
    ids=["hours", "robots alone", "robots right", "no date", "cached"],
)
def test_small_differences_caches_and_silence_stop_nothing(
    answers: list[tuple[Request, timedelta | None, int]],
) -> None:
    assert check(*answers).clock_fault == ""
