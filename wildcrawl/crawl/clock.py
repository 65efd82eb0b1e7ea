"""Clock check: this machine's clock against the Date header of the site's answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response

from wildcrawl.crawl.compression import ROBOTS
from wildcrawl.crawl.received import PICTURE
from wildcrawl.crawl.session import Session

MOST = timedelta(days=1)
"""Largest difference; servers that send their local time as GMT are half a day off at most."""
WRONG_CLOCK = "wrong_clock"
"""Finish reason of a run whose site's server has another time than this machine."""


class WrongClock(IgnoreRequest):
    """Raised for an answer that is not read, since this machine's clock seems to be wrong."""


class ClockMiddleware:
    """Stops a run before anything is stored if the site's server has another day than this machine.

    A search counts in the month of this clock, so a wrong one would put it into another month.
    One answer with the right time settles it, and robots.txt, which caches may keep for long, does
    not stop a run alone. The setting WILDCRAWL_CLOCK_CHECK=0 is for sites whose own clock is wrong.
    """

    def __init__(
        self, session: Session, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.session = session
        self.now = now
        self.settled = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("WILDCRAWL_CLOCK_CHECK"):
            raise NotConfigured
        return cls(Session.of(crawler))

    def process_response(self, request: Request, response: Response) -> Response:
        if self.settled or PICTURE in request.meta:
            return response
        there = date_of(response)
        if there is None:
            return response
        here = self.now()
        if abs(here - there) <= MOST:
            self.settled = True
        elif ROBOTS not in request.meta:
            fault = wrong_clock(here, there, self.session.run.site)
            self.session.clock_fault = fault
            if self.session.stop:
                self.session.stop(WRONG_CLOCK)
            raise WrongClock(fault)
        return response


def date_of(response: Response) -> datetime | None:
    """The moment in an answer's Date header; a cached answer is older by its Age. None without."""
    text = (response.headers.get("Date") or b"").decode("latin-1")
    age = (response.headers.get("Age") or b"").decode("latin-1").strip()
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if age.isascii() and age.isdigit() and len(age) < 9:
        moment += timedelta(seconds=int(age))
    return moment


def wrong_clock(here: datetime, there: datetime, site: str) -> str:
    """Sentence: that the two clocks differ, and what to do."""
    return (
        f"this machine's clock says {here:%Y-%m-%d %H:%M} UTC, the server of {site} "
        f"{there:%Y-%m-%d %H:%M}, so nothing was stored; set the clock, or if that of the site is "
        "wrong, search it with -s WILDCRAWL_CLOCK_CHECK=0"
    )
