"""A site that asks to be left alone for a while is: Retry-After is kept, for 429 and for 503."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import RetryMiddleware

from wildcrawl.crawl.middlewares import Pace
from wildcrawl.months import CHINA

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

TOO_MANY = 429
LATER = (TOO_MANY, 503)
"""Answers that say: not now."""
LONGEST = 300.0
"""Seconds that a run waits at once; a site that wants longer is left until another day."""
PATIENCE = 900.0
"""Seconds that a run waits in all."""
BACK_OFF = 15
"""Without a Retry-After the wait is so many times the delay, then double, and double again."""
STEP = 0.5
SLOWEST = 60.0
"""Seconds between requests beyond which no 429 makes a run slower."""


class PatientRetry(RetryMiddleware):
    """Scrapy's own, which asks again at once, but for the answers that say not to.

    While it waits nothing else is asked for either, since a crawl has one request under way.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.waited = 0.0

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        if response.status not in LATER or request.meta.get("dont_retry", False):
            return super().process_response(request, response)
        pace = Pace.of(self.crawler)
        now = datetime.now(UTC)
        asked = retry_after(response, now)
        wait = asked
        if wait is None:
            wait = BACK_OFF * pace.delay * 2 ** request.meta.get("retry_times", 0)
        too_long = wait > min(LONGEST, PATIENCE - self.waited)
        again = None if too_long else self._retry(request, f"answered {response.status}")
        if again is None:
            if asked is not None or response.status == TOO_MANY:
                pace.leave(wish(response, now))
            return response
        logger.info("%s answered %d; asking again in %.0f s", request.url, response.status, wait)
        self.waited += wait
        await self._sleep(wait)
        if response.status == TOO_MANY:
            pace.slow_to(min(2 * pace.delay, SLOWEST))
        return again if self.crawler.crawling else response

    async def _sleep(self, seconds: float) -> None:
        """Waits, though not for a crawl that somebody ends."""
        end = time.monotonic() + seconds
        while self.crawler.crawling and (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(STEP, left))


def retry_after(response: Response, now: datetime) -> float | None:
    """The seconds for which a site asks to be left alone, from 0; None if it does not say."""
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def wish(response: Response, now: datetime) -> str:
    """What a site says by such an answer, and until when it wants to be left alone."""
    wait = retry_after(response, now)
    if wait is None:
        return f"it answered {response.status}"
    until = (now + timedelta(seconds=wait)).astimezone(CHINA)
    return (
        f"it answered {response.status} and asks to be left alone until "
        f"{until:%Y-%m-%d %H:%M} in China"
    )
