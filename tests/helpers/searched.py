"""Searches of made-up sites without a network: a whole run in one process, and its judgement."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from scrapy import Request
from scrapy.exceptions import CloseSpider

from tests.helpers.answered_run import AnsweredRun, Given, made, work
from wildcrawl.base_spiders import HtmlSearchSpider, JsonSearchSpider
from wildcrawl.crawl.health import Judgement, judge
from wildcrawl.crawl.stats import RunCounts
from wildcrawl.demo.site import DemoSite

KEYWORDS = ("象牙", "虎骨", "玳瑁", "犀角", "穿山甲")
Shown = tuple[int, str] | tuple[int, str, str]
"""Status and body of an answer, and the path that the site redirects to, if it does."""
Answer = Callable[[str, int], Shown]
"""A site's answer to a search: by keyword and page."""
NONE = '<p class="none">没有找到</p>'
"""What the site `Market` shows in place of results."""


class Searched:
    """An answered run of a search by keyword and page: its judgement, and the ids it found."""

    def __init__(
        self,
        site: type[Any],
        answer: Answer,
        store: str,
        keywords: str = ",".join(KEYWORDS),
        **arguments: str,
    ) -> None:
        self.answer = answer
        demo = "https://m.example"
        self.spider: Any = made(site, store, demo_url=demo, keywords=keywords, **arguments)
        self.run = AnsweredRun(self.spider)
        try:
            # In the order in which a site would be asked if all were equally urgent.
            work(self.run, self._given, asyncio.run(self._first()), urgent_first=False)
        except CloseSpider as closed:
            self.run.reason = closed.reason
        self.spider.session.store.close()

    async def _first(self) -> list[Request]:
        return [each async for each in self.spider.start()]

    def _given(self, request: Request) -> Given:
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        status, body, *led_to = self.answer(query.get("q", ""), int(query.get("page", 1)))
        return Given(body, status, led_to="".join(led_to))

    @property
    def reason(self) -> str:
        return self.run.reason

    @property
    def ids(self) -> set[str]:
        return self.run.found

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


Run = Callable[..., Searched]
"""The fixture `run`: searches a site, given its class and its answers."""


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
