"""Recheck of advertisements that were reported to a site's operator: removed, or still up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from wildcrawl.base_spiders.block_detection import check_blocked
from wildcrawl.base_spiders.browser import NoBrowser
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.failures import GIVE_UP, REFUSED
from wildcrawl.base_spiders.own_words import words_of
from wildcrawl.base_spiders.responses import Blocked, PageError, folded, plain, readable
from wildcrawl.crawl.capturing import Capturing
from wildcrawl.crawl.evidence_settings import Level, level_of
from wildcrawl.crawl.received import ReceivedAnswers
from wildcrawl.crawl.robots import RobotsUnreachable
from wildcrawl.review.notices import Notified, Recheck, State, keep_checks
from wildcrawl.store import StoreError

GONE = (404, 410)
_REMOVED = re.compile(
    r"(?:已|被)(?:下架|删除|刪除|移除|关闭|失效|过期)|(?:商品|宝贝|信息|帖子|主题|页面|拍品)不存在"
    r"|(?:找不到|没有找到)[^。！!]{0,6}(?:商品|宝贝|信息|页面)|no longer available|not found"
    r"|(?:been|was) removed",
    re.IGNORECASE,
)
"""Words on a page without the advertisement's text that leave open whether it is up."""
MANY = 10
"""Checked advertisements from which on "all removed" more likely means a rebuilt site."""


class RecheckSpider(CrawledSite):
    """Mixin before a site's own spider, whose requests it makes; each visit ends in a Check.

    One request at a time: the next is made when the last is judged. An error, a block or a page
    that shows something else proves nothing and counts as unknown. A block ends the run: the
    advertisements that were not visited get no check.
    """

    wanted: ClassVar[Sequence[Notified]] = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.checks: list[Recheck] = []
        self.unsaved: list[Recheck] = []
        self.unreached = 0
        self.left: Iterator[Notified] = iter(())

    async def start(self) -> AsyncIterator[Any]:
        self.left = iter(self.wanted)
        request = self.following()
        for first in self.after_visit([request] if request else []):
            yield first

    def following(self) -> Request | None:
        """The request for the next advertisement; None when all are judged."""
        for ad in self.left:
            request = self.visit(ad)
            if request:
                return request
            self.note(ad, State.UNKNOWN, "it has no address on the site")
        return None

    def visit(self, ad: Notified) -> Request | None:
        """The request for an advertisement's own page; None if its address is not known."""
        known = ad.url.startswith(("http://", "https://"))
        if self.domains():
            known = known and self.is_own(ad.url)
        if not (self.detail_url or known):
            return None
        request = self.detail_request({"ad_id": ad.ad_id, "url": ad.url})
        return request.replace(
            callback=self.visited,
            errback=self.failed,
            cb_kwargs={"ad": ad},
            meta=request.meta | {"handle_httpstatus_list": list(GONE)},
        )

    def visited(self, response: Response, ad: Notified) -> Request | None:
        """Judges a fetched page; returns the request for the next."""
        try:
            if response.status in GONE:
                state, why = State.REMOVED, f"the site answered with status {response.status}"
            else:
                state, why = self.judge(readable(response, self.charset), ad)
            if state == State.REMOVED:
                self.capture(response, ad)
            self.note(ad, state, why)
        except Blocked as error:
            self.note(ad, State.UNKNOWN, str(error))
            raise CloseSpider("blocked") from None
        except PageError as error:
            self.note(ad, State.UNKNOWN, str(error))
        return self.following()

    def capture(self, response: Response, ad: Notified) -> None:
        """Keeps the page by which an advertisement is known to be removed, as evidence."""
        if level_of(self.settings) == Level.OFF:
            return
        page = ReceivedAnswers.of(self.crawler).get(response)
        if page is not None:
            Capturing.of(self.crawler).keep_removed((ad.site, ad.ad_id), page)

    def judge(self, page: HtmlResponse, ad: Notified) -> tuple[State, str]:
        """The state that a readable page shows, and why; Blocked if it is a challenge."""
        text = plain(page)
        mark = next((mark for mark in self.gone if mark in text), None)
        if mark:
            return State.REMOVED, f"the site shows '{mark}'"
        if self.shows(page, text, ad):
            return State.UP, ""
        check_blocked(page, self.blocked)
        if "redirect_urls" in page.meta:
            return State.UNKNOWN, f"the site redirected to {page.url}"
        return State.UNKNOWN, "the page does not show the advertisement"

    def shows(self, page: HtmlResponse, text: str, ad: Notified) -> bool:
        """Whether the page shows the advertisement: its fingerprint, or any field of its own page.

        A page that the site redirected to may be a list of others with the same title.
        """
        if led_away(page, ad):
            return False
        if ad.mark and folded(ad.mark) in folded(text):
            return True
        if not self.own_page_fields() or "redirect_urls" in page.meta:
            return False
        if _REMOVED.search(words_of(page).own):
            return False
        try:
            return self.shows_advertisement(page)
        except PageError:
            return False

    def failed(self, failure: Failure) -> Request | None:
        """Notes a page that could not be fetched as unknown; a block ends the run."""
        ad = failure.request.cb_kwargs["ad"]  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, NoBrowser):
            self.logger.error("%s", error)
            raise CloseSpider("no_browser")
        if isinstance(error, HttpError):
            status = error.response.status
            self.note(ad, State.UNKNOWN, f"the site answered with status {status}")
            if status in REFUSED:
                raise CloseSpider("blocked")
        elif self.is_forbidden(failure):
            self.note(ad, State.UNKNOWN, "robots.txt forbids the visit")
        elif isinstance(error, IgnoreRequest) and not isinstance(error, RobotsUnreachable):
            self.note(ad, State.UNKNOWN, str(error) or "the request was not sent")
        else:
            self.note(ad, State.UNKNOWN, failure.getErrorMessage() or type(error).__name__)
            self.unreached += 1
            if self.unreached >= GIVE_UP and self.unreached == len(self.checks):
                raise CloseSpider("unreachable")
        return self.following()

    def note(self, ad: Notified, state: State, reason: str) -> None:
        """Stores a check at once, so that a crash never repeats a visit."""
        check = Recheck(ad.site, ad.ad_id, datetime.now(UTC), state, reason)
        self.checks.append(check)
        self.unsaved.append(check)
        self.save()

    def save(self) -> None:
        """Stores the checks that are not stored yet; an unavailable store leaves them for later."""
        try:
            keep_checks(self.session.store, self.unsaved)
        except StoreError as error:
            self.logger.error("%s; %d checks are not stored", error, len(self.unsaved))
        else:
            self.unsaved = []

    def closed(self, reason: str) -> None:  # noqa: ARG002 (as Scrapy calls it)
        self.save()
        self.session.store.close()

    def summary(self) -> str:
        """The outcome of the visits, in one line."""
        states = Counter(check.state for check in self.checks)
        line = (
            f"{self.name}: {len(self.checks)} of {len(self.wanted)} visited: "
            f"{states[State.REMOVED]} removed, {states[State.UP]} still up, "
            f"{states[State.UNKNOWN]} unknown"
        )
        if states[State.REMOVED] == len(self.checks) >= MANY:
            line += "; all of them were removed: check by hand whether the site has moved its pages"
        if self.session.evidence_fault:
            line += f"; their pages could not be captured: {self.session.evidence_fault}"
        reasons = Counter(c.reason for c in self.checks if c.state == State.UNKNOWN)
        return f"{line} ({reasons.most_common(1)[0][0]})" if reasons else line


def recheck_spider(site: type[CrawledSite], wanted: Sequence[Notified]) -> type[RecheckSpider]:
    """The spider that visits the `wanted` advertisements with the requests of the site's own."""
    made = type(f"Recheck{site.__name__}", (RecheckSpider, site), {"wanted": wanted})
    return cast("type[RecheckSpider]", made)


def led_away(page: HtmlResponse, ad: Notified) -> bool:
    """Whether the site redirected to an address without the same path or the advertisement's id."""
    led_from = page.meta.get("redirect_urls")
    if not led_from:
        return False
    before, after = (
        urlsplit(url)._replace(scheme="", netloc="") for url in (led_from[0], page.url)
    )
    named = rf"(?<![0-9a-zA-Z]){re.escape(ad.ad_id)}(?![0-9a-zA-Z])"
    return before != after and not re.search(named, after.geturl())
