"""Site throttle: look-up, closing, and delays."""

from __future__ import annotations

from collections import deque
from html import escape
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.project import get_project_settings
from twisted.internet.defer import Deferred

from wildcrawl.crawl.middlewares import (
    RefreshMiddleware,
    SiteClosed,
    SiteThrottleMiddleware,
)
from wildcrawl.crawl.received import PICTURE


class Mall(Spider):
    name = "mall"


def crawler_with(*middlewares: type[SiteThrottleMiddleware], slot: Any = None) -> Crawler:
    """A running crawler with these downloader middlewares."""
    crawler = Crawler(Mall, get_project_settings())
    made = [middleware(crawler) for middleware in middlewares]
    downloader = SimpleNamespace(
        slots={"mall": slot} if slot else {},
        per_slot_settings={},
        middleware=SimpleNamespace(middlewares=made),
    )
    crawler.engine = SimpleNamespace(downloader=downloader)  # type: ignore[assignment]
    crawler.extensions = SimpleNamespace(middlewares=[])  # type: ignore[assignment]
    return crawler


def test_a_crawl_whose_settings_lack_the_throttle_says_so() -> None:
    crawler = crawler_with(SiteThrottleMiddleware)
    assert SiteThrottleMiddleware.of(crawler).slot == "mall"
    with pytest.raises(RuntimeError, match=r"lacks .*SiteThrottleMiddleware"):
        SiteThrottleMiddleware.of(crawler_with())


def test_a_closed_site_gets_no_further_request_and_keeps_the_first_reason() -> None:
    waiting: Deferred[Any] = Deferred()
    failures: list[Any] = []
    waiting.addErrback(failures.append)
    slot = SimpleNamespace(queue=deque([(Request("https://a/"), waiting)]))
    throttle = SiteThrottleMiddleware.of(crawler_with(SiteThrottleMiddleware, slot=slot))
    request = Request("https://mall.example/")
    throttle.process_request(request)
    assert request.meta["download_slot"] == "mall"
    throttle.close_site("it answered 403")
    throttle.close_site("it answered 429")
    assert [str(failure.value) for failure in failures] == ["it answered 403"]
    with pytest.raises(SiteClosed, match="it answered 403"):
        throttle.process_request(request)


def test_a_crawl_delay_is_read_for_the_agent_of_the_settings() -> None:
    crawler = crawler_with(SiteThrottleMiddleware)
    crawler.settings.set("ROBOTSTXT_USER_AGENT", "monitor", priority="cmdline")
    throttle = SiteThrottleMiddleware.of(crawler)
    rules = b"User-agent: monitor\nCrawl-delay: 9\n\nUser-agent: wildcrawl\nCrawl-delay: 30\n"
    throttle.robots_parsed(ProtegoRobotParser(rules, None), Request("https://mall.example/"))
    assert throttle.delay == 9
    assert not throttle.slow_to(4)
    assert throttle.delay == 9


@pytest.mark.parametrize(("pace", "kept"), [(7.5, 7.5), (1, 2)])
def test_a_declared_pace_is_the_shortest_pause_whatever_a_slot_is_given(
    pace: float, kept: float
) -> None:
    slot = SimpleNamespace(delay=0.5, jitter=0.5)
    crawler = crawler_with(SiteThrottleMiddleware, slot=slot)
    assert crawler.engine
    slots = crawler.engine.downloader.per_slot_settings
    slots["mall"] = {"delay": 0.1, "concurrency": 1}
    throttle = SiteThrottleMiddleware.of(crawler)
    throttle.opened(Mall(pace=pace))
    assert (throttle.delay, slot.delay, slot.jitter) == (kept, kept, 0)
    assert slots["mall"] == {"delay": kept, "jitter": 0, "concurrency": 1}


def test_the_crawl_delay_of_a_pictures_host_slows_no_page_until_one_of_it_is_requested() -> None:
    throttle = SiteThrottleMiddleware.of(crawler_with(SiteThrottleMiddleware))
    rules = ProtegoRobotParser(b"User-agent: *\nCrawl-delay: 40\n", None)
    before = throttle.delay
    throttle.robots_parsed(rules, Request("https://img.example/1.jpg", meta={PICTURE: True}))
    throttle.process_request(Request("https://mall.example/"))
    throttle.process_request(Request("https://img.example/2.jpg", meta={PICTURE: True}))
    assert throttle.delay == before
    throttle.process_request(Request("https://img.example/page.html"))
    assert throttle.delay == 40


@pytest.mark.parametrize(
    "head",
    [
        '<base href="http://[b">',
        '<meta http-equiv="refresh" content="0; url=http://[b">',
        '<meta http-equiv="refresh" content="0; url=http://a:99999999/">',
        '<base href="http://[b"><meta http-equiv="refresh" content="0; url=/next">',
    ],
)
def test_a_page_that_leads_to_an_invalid_address_is_read_itself(head: str) -> None:
    page = HtmlResponse("http://mall.example/", body=f"{head}<p>象牙".encode(), encoding="utf-8")
    middleware = RefreshMiddleware.from_crawler(crawler_with())
    assert middleware.process_response(Request(page.url), page) is page


@pytest.mark.parametrize(
    ("wait", "in_header", "followed"),
    [(0, False, True), (0, True, True), (60, False, False), (60, True, False)],
)
def test_a_refresh_is_followed_unless_the_page_is_shown_for_long(
    wait: int, in_header: bool, followed: bool
) -> None:
    refresh = f"{wait}; url=/next?a=1&b=2"
    page = HtmlResponse("http://mall.example/", body=b"<p>", encoding="utf-8")
    if in_header:
        page = page.replace(headers={"Refresh": refresh})
    else:
        tag = f'<meta http-equiv="refresh" content="{escape(refresh)}">'
        page = page.replace(body=tag.encode())
    middleware = RefreshMiddleware.from_crawler(crawler_with())
    answer = middleware.process_response(Request(page.url), page)
    assert answer.url == ("http://mall.example/next?a=1&b=2" if followed else page.url)


def test_a_page_that_leads_to_itself_again_is_read() -> None:
    page = HtmlResponse(
        "http://mall.example/", headers={"Refresh": "5; url=/"}, body=b"<p>", encoding="utf-8"
    )
    middleware = RefreshMiddleware.from_crawler(crawler_with())
    once = middleware.process_response(Request(page.url), page)
    assert isinstance(once, Request)
    assert middleware.process_response(once, page) is page


@pytest.mark.parametrize("by_header", [True, False])
@pytest.mark.parametrize(("bodies", "asked"), [(["a", "a"], 1), (["a", "b", "c", "d", "e"], 4)])
def test_a_page_that_leads_to_itself_is_read_once_it_stays_the_same(
    by_header: bool, bodies: list[str], asked: int
) -> None:
    middleware = RefreshMiddleware.from_crawler(crawler_with())
    url = "http://mall.example/search?q=1"
    request: Request | Response = Request(url)
    for number, body in enumerate(bodies):
        assert isinstance(request, Request), number
        tag = "" if by_header else f'<meta http-equiv="refresh" content="2; url={url}">'
        headers = {"Refresh": f"2; url={url}"} if by_header else {}
        page = HtmlResponse(
            url, headers=headers, body=f"{tag}<p>{body}".encode(), encoding="utf-8", request=request
        )
        request = middleware.process_response(request, page)
    assert request is page
    assert page.request is not None
    assert page.request.meta["redirect_times"] == asked
