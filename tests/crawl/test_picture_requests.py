"""Requests for pictures: which addresses are public, at what pace, and when a host is given up."""

from __future__ import annotations

import asyncio
import ipaddress
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Request
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.project import get_project_settings

from tests.helpers.polite_spiders import PoliteSpider
from wildcrawl.crawl import addresses, picture_requests
from wildcrawl.crawl.addresses import is_public
from wildcrawl.crawl.middlewares import SiteClosed
from wildcrawl.crawl.picture_requests import (
    GIVE_UP,
    GIVE_UP_HOST,
    PictureRefused,
    PictureRequestsMiddleware,
    check_scheme,
    picture_request,
    skipped_for,
)
from wildcrawl.crawl.received import PICTURE
from wildcrawl.crawl.robots import RobotsUnreachable
from wildcrawl.crawl.skips import PictureSkipped, Skip

DEMO = "http://127.0.0.1:8765"


@pytest.fixture
def middleware() -> PictureRequestsMiddleware:
    settings = get_project_settings()
    settings.set("WILDCRAWL_DEMO_URL", DEMO)
    crawler = Crawler(PoliteSpider, settings)
    slot = SimpleNamespace(closing=None)
    crawler.engine = SimpleNamespace(running=True, _slot=slot)  # type: ignore[assignment]
    return PictureRequestsMiddleware(crawler)


def check(middleware: PictureRequestsMiddleware, url: str) -> None:
    asyncio.run(middleware.check_address(url))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1"),
        *("fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1"),
    ],
)
def test_an_address_that_is_not_of_the_public_network(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_of_the_public_network(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("data:image/png;base64,AAAA", "a data: address"),
        ("javascript:alert(1)", "a javascript: address"),
        ("file:///etc/passwd", "a file: address"),
        ("ftp://img.example/1.jpg", "a ftp: address"),
        ("/1.jpg", "no address"),
        ("", "no address"),
        ("http:///1.jpg", "an address whose host is ambiguous"),
        ("http://user@img.example/1.jpg", "an address whose host is ambiguous"),
        ("http://mall.example\\@10.0.0.1/1.jpg", "an address whose host is ambiguous"),
        ("http://img.example%2f@10.0.0.1/", "an address whose host is ambiguous"),
        ("http://[::1/1.jpg", "not a valid address"),
        ("http://img.example:99999/1.jpg", "not a valid address"),
    ],
)
def test_an_address_that_is_not_requested(url: str, words: str) -> None:
    with pytest.raises(PictureSkipped) as raised:
        check_scheme(url)
    assert (raised.value.skip, str(raised.value)) == (Skip.ADDRESS, words)


@pytest.mark.parametrize("url", ["http://img.example/1.jpg", "https://Img-1.Example.CN:8443/a.jpg"])
def test_an_ordinary_address_is_requested(url: str) -> None:
    check_scheme(url)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.1:8766", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "localhost"),
        *("2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "0", "169.254.169.254"),
    ],
)
def test_no_spelling_of_an_own_address_passes(
    middleware: PictureRequestsMiddleware, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_by(monkeypatch, {"localhost": "127.0.0.1", "0": "0.0.0.0"})
    with pytest.raises(PictureSkipped, match="not a public address") as raised:
        check(middleware, f"http://{host}/1.jpg")
    assert raised.value.skip == Skip.PRIVATE
    request = picture_request(f"http://{host}/1.jpg", "https://mall.example/", 1)
    with pytest.raises(PictureRefused):
        asyncio.run(middleware.process_request(request))


def resolve_by(monkeypatch: pytest.MonkeyPatch, names: dict[str, str]) -> list[str]:
    """Has host names resolved by `names`, others as the C library reads numbers."""
    asked: list[str] = []

    async def resolved(host: str) -> str:
        import socket

        asked.append(host)
        return names.get(host) or socket.inet_ntoa(socket.inet_aton(host))

    monkeypatch.setattr(addresses, "address_of", resolved)
    return asked


def test_a_name_is_resolved_once_and_must_be_public(
    middleware: PictureRequestsMiddleware, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve_by(monkeypatch, {"img.example": "8.8.8.8", "rebound.example": "192.168.0.1"})
    for _ in range(2):
        check(middleware, "https://img.example/1.jpg")
        with pytest.raises(PictureSkipped, match=r"at 192\.168\.0\.1, which is not a public"):
            check(middleware, "https://rebound.example/1.jpg")
    assert asked == ["img.example", "rebound.example"]
    with pytest.raises(PictureSkipped, match="has no address") as raised:
        check(middleware, "https://unknown.example/1.jpg")
    assert raised.value.later


def test_the_bundled_marketplaces_alone_may_be_on_this_machine(
    middleware: PictureRequestsMiddleware,
) -> None:
    check(middleware, f"{DEMO}/img/1.jpg")
    with pytest.raises(PictureSkipped):
        check(middleware, "http://127.0.0.1:8766/img/1.jpg")


def test_pages_are_not_checked(middleware: PictureRequestsMiddleware) -> None:
    asyncio.run(middleware.process_request(Request("http://10.0.0.1/intranet")))


def test_a_host_that_does_not_answer_is_left_alone(middleware: PictureRequestsMiddleware) -> None:
    for _ in range(GIVE_UP_HOST):
        asyncio.run(middleware.turn("https://a.example/1.jpg"))
        middleware.not_answered("https://a.example/1.jpg")
    with pytest.raises(PictureSkipped, match="its host does not answer") as raised:
        asyncio.run(middleware.turn("https://a.example/2.jpg"))
    assert raised.value.later
    asyncio.run(middleware.turn("https://b.example/1.jpg"))
    for number in range(GIVE_UP):
        middleware.not_answered(f"https://c{number}.example/1.jpg")
    with pytest.raises(PictureSkipped, match="no host of pictures answers"):
        asyncio.run(middleware.turn("https://b.example/1.jpg"))
    middleware.answered("https://b.example/1.jpg")
    asyncio.run(middleware.turn("https://d.example/1.jpg"))


def test_a_host_that_asks_for_it_is_left_alone_at_once(
    middleware: PictureRequestsMiddleware,
) -> None:
    middleware.not_answered("https://a.example/1.jpg", for_good=True)
    with pytest.raises(PictureSkipped):
        asyncio.run(middleware.turn("https://a.example/2.jpg"))


def parsed(middleware: PictureRequestsMiddleware, delay: float, meta: dict[str, Any]) -> None:
    rules = ProtegoRobotParser(f"User-agent: *\nCrawl-delay: {delay}\n".encode(), None)
    middleware.robots_parsed(rules, Request("https://a.example/1.jpg", meta=meta))


def test_the_crawl_delay_of_a_pictures_host_is_kept(
    middleware: PictureRequestsMiddleware, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    clock = SimpleNamespace(monotonic=lambda: 1_000 + sum(slept))
    monkeypatch.setattr(picture_requests, "time", clock)
    monkeypatch.setattr(picture_requests, "asyncio", SimpleNamespace(sleep=sleep))
    parsed(middleware, 20, {PICTURE: True})
    for url in ("https://a.example/1.jpg", "https://b.example/1.jpg"):
        asyncio.run(middleware.turn(url))
    assert not slept
    asyncio.run(middleware.turn("https://a.example/2.jpg"))
    assert sum(slept) == pytest.approx(20)
    parsed(middleware, 3600, {PICTURE: True})
    with pytest.raises(PictureSkipped, match="asks for 3600 seconds"):
        asyncio.run(middleware.turn("https://a.example/3.jpg"))


def test_no_picture_is_requested_once_the_crawl_ends(
    middleware: PictureRequestsMiddleware,
) -> None:
    middleware.crawler.engine._slot.closing = object()  # type: ignore[union-attr]
    with pytest.raises(PictureSkipped, match="the crawl ended"):
        asyncio.run(middleware.turn("https://a.example/1.jpg"))


def test_a_picture_may_take_no_longer_than_a_page(middleware: PictureRequestsMiddleware) -> None:
    middleware.seconds = 7
    request = picture_request(f"{DEMO}/1.jpg", "https://mall.example/item?id=1", 10)
    asyncio.run(middleware.process_request(request))
    assert request.meta["download_timeout"] == 7
    assert request.meta["download_maxsize"] == 10
    assert request.headers["Referer"] == b"https://mall.example/"


@pytest.mark.parametrize(
    ("error", "skip", "later"),
    [
        (PictureSkipped(Skip.TYPE, "x"), Skip.TYPE, False),
        (PictureRefused(PictureSkipped(Skip.PRIVATE, "x")), Skip.PRIVATE, False),
        (IgnoreRequest("Forbidden by robots.txt"), Skip.ROBOTS, False),
        (RobotsUnreachable("status 500", 500), Skip.UNANSWERED, True),
        (SiteClosed("it answered 403"), Skip.STOPPED, True),
        (IgnoreRequest("max redirections reached"), Skip.STATUS, False),
        (IgnoreRequest("its body (9 B) exceeded DOWNLOAD_MAXSIZE (5 B)"), Skip.BYTES, False),
        (DownloadCancelledError("too large"), Skip.BYTES, False),
        (DownloadTimeoutError(), Skip.UNANSWERED, True),
        (OSError("odd"), Skip.UNANSWERED, True),
    ],
)
def test_a_failed_download_has_a_reason(error: Exception, skip: Skip, later: bool) -> None:
    skipped = skipped_for(error)
    assert (skipped.skip, skipped.later) == (skip, later)
    assert str(skipped)
