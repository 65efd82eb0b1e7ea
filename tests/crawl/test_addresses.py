"""Addresses that are requested: public ones of the site's domains, and those that are named."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from scrapy import Request, resolver
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.datatypes import LocalCache
from scrapy.utils.misc import load_object
from scrapy.utils.project import get_project_settings

from tests.helpers.canary import Canary, canary
from tests.helpers.crawls import crawl
from tests.helpers.odd_site import Answer, Asked, odd_site, results
from tests.helpers.polite_spiders import PoliteSpider
from wildcrawl.base_spiders.browser_proxy import BrowserProxy
from wildcrawl.crawl import addresses
from wildcrawl.crawl.addresses import (
    AddressMiddleware,
    AddressRefused,
    LocalHosts,
    PublicAddresses,
    is_public,
)

SITE = "http://127.0.0.1:8765"
NAMES = {"public.example": "8.8.8.8", "inside.example": "10.0.0.5", "2130706433": "127.0.0.1"}


class Mall(PoliteSpider):
    """A site with public addresses."""

    name = "mall"
    home = "https://www.mall.example/"  # type: ignore[misc]
    search_url = "https://s.mall.example/?q={keyword}"
    further_domains: ClassVar[tuple[str, ...]] = ("other.example",)

    @classmethod
    def address(cls, settings: object, url: str) -> str:
        return url


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    async def address_of(host: str) -> str:
        if host in ("127.0.0.1", "localhost", "0x7f.1", "017700000001"):
            return "127.0.0.1"
        return NAMES.get(host, "8.8.4.4")

    monkeypatch.setattr(addresses, "address_of", address_of)


def refused(spider: type, url: str, *, led_from: str = "", **settings: str) -> str:
    """Why a request is refused, "" if it is not."""
    all_settings = get_project_settings()
    all_settings.setdict({"WILDCRAWL_DEMO_URL": SITE, **settings})
    crawler = Crawler(spider, all_settings)
    crawler.stats = MemoryStatsCollector(crawler)
    middleware = AddressMiddleware(crawler)
    request = Request(url, meta={"redirect_urls": [led_from]} if led_from else {})
    try:
        asyncio.run(middleware.process_request(request))
    except AddressRefused as error:
        assert middleware.message()
        return str(error)
    assert not middleware.message()
    return ""


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "[::1]", "[fe80::1]"),
        *("[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "017700000001", "localhost"),
        *("inside.example", "localhost.", "127.0.0.1:6379"),
    ],
)
def test_what_is_not_public_is_refused_however_it_is_spelled(host: str) -> None:
    class Anywhere(Mall):
        further_domains = ("127.0.0.1", host.partition(":6")[0])

    for spider in (Mall, Anywhere):
        assert "is not" in refused(spider, f"http://{host}/"), host


@pytest.mark.parametrize(
    "address",
    [
        *("::7f00:1", "::a00:1", "::ffff:0:7f00:1", "64:ff9b::a00:1", "64:ff9b:1::7f00:1"),
        *("2002:7f00:1::", "2001:0:1::1", "fec0::1", "fc00::1", "ff02::1", "5f00::1", "3fff::1"),
        *("192.0.0.8", "192.88.99.1", "100.64.0.1", "198.18.0.1", "240.0.0.1", "255.255.255.255"),
    ],
)
def test_an_address_of_no_site_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "64:ff9b::808:808"])
def test_an_address_of_the_public_network_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_site_leads_to_its_declared_domains_only() -> None:
    for url in ("https://mall.example/", "https://m.mall.example/1", "https://img.other.example/"):
        assert refused(Mall, url) == ""
    why = refused(Mall, "https://elsewhere.example/login", led_from="https://www.mall.example/")
    assert "elsewhere.example is not a domain that the site declares" in why
    for url in ("file:///etc/passwd", "ftp://mall.example/1", "data:text/html,x"):
        assert "address is not one of a site" in refused(Mall, url)


def test_a_host_is_excepted_by_the_settings_or_by_a_spider_of_this_machine() -> None:
    inside = {"further_domains": ("inside.example",)}
    spider = type("Inside", (Mall,), inside)
    url = "http://inside.example:8080/"
    assert "10.0.0.5, which is not a public address" in refused(spider, url)
    assert refused(spider, url, WILDCRAWL_LOCAL_HOSTS="inside.example") == ""
    assert refused(spider, url, WILDCRAWL_LOCAL_HOSTS="a.example, inside.example:8080") == ""
    assert refused(spider, url, WILDCRAWL_LOCAL_HOSTS="inside.example:80")
    # The developer's own site, and no other port of the same machine.
    assert refused(PoliteSpider, f"{SITE}/search") == ""
    # A demo at an address of its own was started by somebody.
    demo = type("Demo", (Mall,), {"further_domains": ("localhost",)})
    assert refused(demo, "http://localhost:81/")
    assert refused(demo, "http://localhost:81/", WILDCRAWL_DEMO_URL="http://localhost:81") == ""
    assert refused(PoliteSpider, "http://127.0.0.1:8766/")
    assert refused(PoliteSpider, "http://localhost:8765/")


def test_the_address_that_was_checked_is_never_looked_up_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from twisted.internet import reactor

    cache = LocalCache[str, Any]()
    monkeypatch.setattr(resolver, "dnscache", cache)
    settings = get_project_settings()
    made = load_object(settings["TWISTED_DNS_RESOLVER"])
    lookup = made.from_crawler(Crawler(Mall, settings), reactor)
    lookup._cache_result("8.8.8.8", "rebinding.mall.example")
    for number in range(20_000):
        lookup._cache_result("8.8.4.4", f"{number}.mall.example")
    # In a smaller cache the first would be looked up again, and be an address inside.
    assert cache["rebinding.mall.example"] == "8.8.8.8"
    # A request names a host as the page wrote it, with the dot at its end.
    for name in ("rebinding.mall.example.", "Rebinding.Mall.Example"):
        assert lookup.getHostByName(name).result == "8.8.8.8"


@pytest.fixture
def bird() -> Iterator[Canary]:
    with canary() as made:
        yield made


def test_a_site_leads_the_crawl_to_nothing_inside(bird: Canary, tmp_path: Path) -> None:
    inside = f"http://127.0.0.1:{bird.port}/latest/meta-data"
    ways: list[Callable[[Asked], Answer]] = [
        lambda asked: Answer(status=302, headers={"Location": inside}),
        lambda asked: Answer(f'<meta http-equiv="refresh" content="0;url={inside}">'),
        results,
    ]
    terms: list[str] = []

    def answer(asked: Asked) -> Answer:
        if asked.keyword not in terms:
            terms.append(asked.keyword)
        return ways[terms.index(asked.keyword) % 3](asked)

    with odd_site(answer) as site:
        run, ads, _ = crawl(site, tmp_path)
    assert bird.heard == []
    assert len(ads) == 2
    assert "addresses that are not requested (127.0.0.1 is not a public address)" in run.reason
    assert run.health == "broken"


def test_a_page_in_a_browser_reaches_nothing_inside(
    bird: Canary, browser: str, tmp_path: Path
) -> None:
    inside = f"127.0.0.1:{bird.port}"
    script = f"""<script>
        fetch("http://{inside}/fetch", {{mode: "no-cors"}}).catch(() => 0);
        fetch("/led").catch(() => 0);
        new WebSocket("ws://{inside}/socket");
        window.open("http://{inside}/popup");
        navigator.sendBeacon("http://localhost:{bird.port}/beacon", "x");
        const frame = document.createElement("iframe");
        frame.src = "http://0.0.0.0:{bird.port}/frame";
        document.body.append(frame);
        const form = document.createElement("form");
        form.method = "post"; form.target = "_blank"; form.action = "http://{inside}/form";
        document.body.append(form); form.submit();
    </script>"""

    def answer(asked: Asked) -> Answer:
        if asked.path == "/led":
            return Answer(status=302, headers={"Location": f"http://{inside}/redirect"})
        page = results(asked)
        page.body += script
        return page

    with odd_site(answer) as site:
        run, ads, result = crawl(site, tmp_path, spider="polite_browser", keywords="keywords=象牙")
    assert bird.heard == [], result.err
    assert "/led" in site.paths()
    assert len(ads) == 2
    assert "addresses that are not requested" in run.reason
    assert run.health == "ok"


def test_the_browsers_proxy_passes_one_request_on_and_refuses_by_closing(bird: Canary) -> None:
    noted: list[str] = []

    async def through() -> list[bytes]:
        local = LocalHosts([], [f"http://127.0.0.1:{bird.port}/"])
        proxy = BrowserProxy(
            PublicAddresses(lambda: local), lambda url, why: noted.append(f"{url} {why}")
        )
        await proxy.start()
        port = int(proxy.address.rpartition(":")[2])
        answers = []
        for target in (f"127.0.0.1:{bird.port}", f"127.0.0.1:{port}"):
            for line in (f"GET http://{target}/a?b=1 HTTP/1.1", f"CONNECT {target} HTTP/1.1"):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                head = f"{line}\r\nHost: {target}\r\nProxy-Connection: keep-alive\r\n\r\n"
                writer.write(head.encode() * 2)
                answers.append(await asyncio.wait_for(reader.read(), 10))
                writer.close()
        await proxy.close()
        return answers

    passed, tunnelled, *closed = asyncio.run(through())
    assert passed == b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret"
    assert tunnelled.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK")
    assert closed == [b"", b""]
    assert len(noted) == 2
    assert bird.heard[0].startswith("GET /a?b=1 HTTP/1.1\r\n")
    assert "Proxy-Connection" not in bird.heard[0].partition("\r\n\r\n")[0]
