"""Searches of made-up sites without a network: a whole run in one process, and its judgement."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import parse_qs, urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings
from twisted.python.failure import Failure

from wildcrawl.base_spiders import HtmlSearchSpider, JsonSearchSpider
from wildcrawl.crawl.health import Judgement, judge
from wildcrawl.crawl.middlewares import SiteThrottleMiddleware
from wildcrawl.crawl.stats import RunCounts
from wildcrawl.demo.site import DemoSite
from wildcrawl.items import Advertisement

KEYWORDS = ("象牙", "虎骨", "玳瑁", "犀角", "穿山甲")
Shown = tuple[int, str] | tuple[int, str, str]
"""Status and body of an answer, and the path that the site redirects to, if it does."""


class Searched:
    """A run without a network: its judgement, and the ids of what it found."""

    def __init__(
        self,
        site: type[Any],
        answer: Callable[[str, int], Shown],
        store: str,
        keywords: str = ",".join(KEYWORDS),
        **arguments: str,
    ) -> None:
        settings = get_project_settings()
        settings.setdict({"WILDCRAWL_STORE": store, "WILDCRAWL_DEMO_URL": "https://m.example"})
        crawler = Crawler(site, settings)
        crawler.stats = MemoryStatsCollector(crawler)
        throttle = SimpleNamespace(middlewares=[SiteThrottleMiddleware(crawler)])
        downloader = SimpleNamespace(slots={}, middleware=throttle)
        crawler.engine = SimpleNamespace(downloader=downloader)  # type: ignore[assignment]
        self.spider = site.from_crawler(crawler, keywords=keywords, **arguments)
        self.answer = answer
        self.ids: set[str] = set()
        self.reason = "finished"
        try:
            self._run()
        except CloseSpider as closed:
            self.reason = closed.reason
        self.spider.session.store.close()

    def _run(self) -> None:
        async def first() -> list[Any]:
            return [each async for each in self.spider.start()]

        waiting = asyncio.run(first())
        while waiting:
            for each in self._ask(waiting.pop(0)):
                if isinstance(each, Request):
                    waiting.append(each)
                elif isinstance(each, Advertisement):
                    self.ids.add(each.ad_id)

    def _ask(self, request: Request) -> Iterator[Any]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        status, body, *led_to = self.answer(query.get("q", ""), int(query.get("page", 1)))
        assert request.callback
        assert request.errback
        if status == 200:
            page = TextResponse(request.url, body=body.encode(), request=request)
            if led_to:
                request.meta["redirect_urls"] = [request.url]
                sent = request.replace(url=urljoin(request.url, led_to[0]))
                page = page.replace(url=sent.url, request=sent)
            yield from request.callback(page, **request.cb_kwargs) or ()
            return
        refused = Response(request.url, status=status, request=request)
        failure: Any = Failure(HttpError(refused))  # type: ignore[no-untyped-call]
        failure.request = request
        yield from request.errback(failure) or ()

    @property
    def judgement(self) -> Judgement:
        return judge(
            RunCounts.from_stats(self.spider.stats.get_stats()),
            {},
            complete=False,
            searched=True,
            finish_reason=self.reason,
            report=self.spider.run_report(),
        )


class Market(DemoSite, HtmlSearchSpider):
    name = "market"
    label = "Market"
    kind = "antiques"
    home = "/"
    search_url = "/search?q={keyword}&page={page}"
    card = "li.item"
    empty = "p.none"
    fields: ClassVar = {"ad_id": "::attr(data-id)", "title": "a::text", "url": "a::attr(href)"}


class Linked(Market):
    next_page = "a.following::attr(href)"


class Api(DemoSite, JsonSearchSpider):
    name = "api"
    label = "Api"
    kind = "antiques"
    home = "/"
    search_url = "/api?q={keyword}&page={page}"
    results = "items"
    fields: ClassVar = {"ad_id": "id", "title": "title"}
