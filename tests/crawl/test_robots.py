"""robots.txt by RFC 9309: what counts as allowed, as forbidden, and as unreachable."""

from __future__ import annotations

import asyncio
import gzip
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.http import Response
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings

from wildcrawl.analysis.compression import BadBody
from wildcrawl.crawl.compression import STOPPED, WholeBodyMiddleware
from wildcrawl.crawl.middlewares import SiteClosed
from wildcrawl.crawl.robots import READ, RobotsTxtMiddleware, RobotsUnreachable
from wildcrawl.crawl.stats import Stat

DENY = b"User-agent: *\nDisallow: /s\n"
PAGE = Request("http://h/s?q=1")


class Mall(Spider):
    name = "mall"


class Site:
    """A site that gives one answer for its robots.txt, through the layer of compression."""

    def __init__(self, answer: Response | Exception) -> None:
        self.answer = answer
        self.asked: list[Request] = []
        settings = get_project_settings()
        settings.set("RETRY_ENABLED", value=False, priority="cmdline")
        crawler = Crawler(Mall, settings)
        crawler.stats = self.stats = MemoryStatsCollector(crawler)
        crawler.engine = SimpleNamespace(download_async=self.download)  # type: ignore[assignment]
        self.bodies = WholeBodyMiddleware.from_crawler(crawler)
        self.middleware = RobotsTxtMiddleware(crawler)

    async def download(self, request: Request) -> Any:
        self.asked.append(request)
        await asyncio.sleep(0)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.bodies.process_response(request, self.answer)

    def visit(self, *requests: Request) -> list[BaseException | None]:
        """What the middleware raises for requests that are made at once."""

        async def all_at_once() -> list[BaseException | None]:
            made = (self.middleware.process_request(request) for request in requests)
            return await asyncio.gather(*made, return_exceptions=True)

        return asyncio.run(all_at_once())


def rules(body: bytes, status: int = 200, flags: tuple[str, ...] = (), **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response("http://h/robots.txt", status, named, body, list(flags))


@pytest.mark.parametrize(
    "answer",
    [
        rules(DENY),
        rules(b"\xef\xbb\xbf" + DENY),
        rules(DENY.decode().encode("utf-16")),
        rules(DENY.decode().encode("utf-16-be")),
        rules(DENY.replace(b"\n", b"\r")),
        rules("# 禁止抓取\n".encode("gbk") + DENY),
        rules(b"user-agent:wildcrawl\nDISALLOW:/s\n\nUser-agent: *\nDisallow:\n"),
        rules(DENY + b"# x\n" * 300_000, flags=(STOPPED,)),
        rules(gzip.compress(DENY), Content_Encoding="gzip"),
        rules(gzip.compress(DENY + b"# x\n" * 3_000_000), Content_Encoding="gzip"),
        rules(gzip.compress(DENY * 5000)[:-40], flags=(STOPPED,), Content_Encoding="gzip"),
        rules(b"<html><body><pre>\nUser-agent: *\nDisallow: /s\n</pre></body></html>"),
        rules(b"# " + b"x" * 512_000 + b"\n" + DENY),
        rules(b"\0" + DENY),
    ],
)
def test_rules_in_any_form_are_kept(answer: Response) -> None:
    (refused,) = Site(answer).visit(PAGE)
    assert isinstance(refused, IgnoreRequest)
    assert not isinstance(refused, RobotsUnreachable)


@pytest.mark.parametrize(
    "answer",
    [
        rules(b""),
        rules(b"User-agent: *\nDisallow:\n"),
        rules(b"User-agent: *\nDisallow: /admin\n"),
        rules(DENY, 404),
        rules(DENY, 403),
        rules(b"", 401),
        rules(b"", 410),
        rules(b"", 204),
        rules("<html><title>首页</title></html>".encode(), Content_Type="text/html"),
        rules(b"\x89PNG\r\n\x1a\n\0\0\0"),
        IgnoreRequest("max redirections reached"),
    ],
)
def test_missing_rules_allow_everything(answer: Response | Exception) -> None:
    assert Site(answer).visit(PAGE) == [None]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (DownloadFailedError("reset"), "the connection was closed"),
        (DownloadConnectionRefusedError("refused"), "the connection was refused"),
        (DownloadTimeoutError("slow"), "no answer in time"),
        (ResponseDataLossError(), "it was cut short"),
        (BadBody("its br body is faulty (x)"), "its br body is faulty"),
        (rules(DENY, 500), "status 500"),
        (rules(b"", 503), "status 503"),
        (rules(b"", 429), "status 429"),
        (rules(gzip.compress(DENY * 900)[:-9], Content_Encoding="gzip"), "cut short"),
        (rules(b"\x1f\x8b\x08" + bytes(range(200)), Content_Encoding="gzip"), "gzip body"),
        (rules(b"\x1b\x1f\x00\xf8\x8d\x94n\xdc" * 30, Content_Encoding="br"), "br body"),
    ],
)
def test_rules_that_cannot_be_fetched_allow_nothing(
    answer: Response | Exception, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    site = Site(answer)
    faults = site.visit(PAGE, PAGE, Request("http://h/elsewhere"))
    assert [type(fault) for fault in faults] == [RobotsUnreachable] * 3
    assert reason in str(faults[0])
    assert len(site.asked) == 1
    assert "nothing counts as allowed" in caplog.text
    expected = answer.status if isinstance(answer, Response) and answer.status >= 400 else None
    assert site.stats.get_value(Stat.ROBOTS_DOWN) == expected


def test_a_page_in_place_of_rules_is_said(caplog: pytest.LogCaptureFixture) -> None:
    Site(rules(b"<!DOCTYPE html><title>Shop</title>")).visit(PAGE)
    assert "http://h/robots.txt is a page without rules" in caplog.text


def test_a_site_that_was_closed_in_the_meantime_is_not_remembered_as_without_rules() -> None:
    site = Site(SiteClosed("it answered 403"))
    assert isinstance(site.visit(PAGE)[0], SiteClosed)
    site.answer = rules(DENY)
    assert isinstance(site.visit(PAGE)[0], IgnoreRequest)
    assert len(site.asked) == 2


def test_a_robots_txt_is_read_up_to_a_megabyte_and_other_pages_in_full() -> None:
    site = Site(rules(DENY))
    site.visit(PAGE)
    (robots,) = site.asked
    assert READ >= 500 * 1024
    site.middleware.received(bytes(READ - 1), robots)
    with pytest.raises(StopDownload) as stopped:
        site.middleware.received(b"x", robots)
    assert stopped.value.fail is False
    site.middleware.received(bytes(READ + 1), PAGE)


def test_a_robots_txt_is_fetched_with_at_most_five_redirects() -> None:
    site = Site(rules(DENY))
    site.visit(PAGE)
    assert site.asked[0].meta["redirect_ttl"] == 5
    assert site.asked[0].meta["dont_obey_robotstxt"]
