"""Run of a spider in this process: each request is answered by a function, without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import isawaitable
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import HtmlResponse
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings
from twisted.python.failure import Failure

from wildcrawl.base_spiders import CrawledSite
from wildcrawl.crawl.health import Judgement, judge
from wildcrawl.crawl.middlewares import SiteThrottleMiddleware
from wildcrawl.crawl.stats import RunCounts, Stat
from wildcrawl.items import Advertisement

MOST = 2_000
"""Requests after which a run has no end."""


@dataclass
class Given:
    """An answer of a site."""

    body: str | bytes = ""
    status: int = 200
    cookie: str = ""
    charset: str = "utf-8"
    led_to: str = ""
    """Path to which the site redirects, if it does."""


@dataclass
class AnsweredRun:
    """What a run has asked for and found."""

    spider: CrawledSite
    requests: list[Request] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)
    reason: str = "finished"

    @property
    def found(self) -> set[str]:
        """The ids of the advertisements."""
        return {item.ad_id for item in self.items if isinstance(item, Advertisement)}

    def judgement(self) -> Judgement:
        """The health of the run."""
        return judge(
            RunCounts.from_stats(self.spider.stats.get_stats()),
            self.spider.expect,
            complete=self.spider.whole,
            searched=True,
            finish_reason=self.reason,
            report=self.spider.run_report(),
        )


def made(
    site: type[CrawledSite], store: str = "", *, demo_url: str = "", **arguments: str
) -> CrawledSite:
    """The spider of `site`, with an engine that can be closed; `store` is opened when used."""
    settings = get_project_settings()
    if demo_url:
        settings.set("WILDCRAWL_DEMO_URL", demo_url, priority="cmdline")
    if store:
        settings.set("WILDCRAWL_STORE", store, priority="cmdline")
    crawler = Crawler(site, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    middlewares = SimpleNamespace(middlewares=[SiteThrottleMiddleware(crawler)])
    downloader = SimpleNamespace(slots={}, middleware=middlewares)
    crawler.engine = SimpleNamespace(downloader=downloader)  # type: ignore[assignment]
    return site.from_crawler(crawler, **arguments)


@contextmanager
def answered_run(
    site: type[CrawledSite], answer: Callable[[Request], Given], store: str = "", **arguments: str
) -> Iterator[AnsweredRun]:
    """Runs a search to its end, one request after another, the more urgent ones first.

    Cookies that an answer sets are sent with all later requests. `store` is the URL of a store
    with earlier runs; by default a new one.
    """
    with TemporaryDirectory() as folder:
        spider = made(site, store or f"sqlite:///{folder}/store.db", **arguments)
        run = AnsweredRun(spider)
        try:
            spider.stats.set_value(Stat.KEYWORDS, len(spider.keywords))
            work(run, answer, spider.after_visit(spider.first_requests()))
            yield run
        finally:
            spider.session.store.close()


def work(
    run: AnsweredRun,
    answer: Callable[[Request], Given],
    first: Iterable[Request],
    *,
    urgent_first: bool = True,
) -> None:
    """Answers the requests `first` and all that follow; CloseSpider ends the run."""
    waiting = list(first)
    cookies: list[str] = []
    while waiting and len(run.requests) < MOST:
        if urgent_first:
            waiting.sort(key=lambda request: -request.priority)
        request = waiting.pop(0)
        if cookies and not request.meta.get("dont_merge_cookies"):
            request.headers["Cookie"] = "; ".join(cookies)
        run.requests.append(request)
        given = answer(request)
        if given.cookie:
            cookies.append(given.cookie)
        try:
            for output in _produced(request, given):
                (waiting if isinstance(output, Request) else run.items).append(output)
        except CloseSpider as error:
            run.reason = error.reason
            break
    run.items += run.spider.as_shown()


def _produced(request: Request, given: Given) -> list[Any]:
    body = given.body if isinstance(given.body, bytes) else given.body.encode(given.charset)
    headers = {"Set-Cookie": given.cookie} if given.cookie else {}
    sent = request
    if given.led_to:
        request.meta["redirect_urls"] = [request.url]
        sent = request.replace(url=urljoin(request.url, given.led_to))
    response = HtmlResponse(
        sent.url, given.status, headers, body, request=sent, encoding=given.charset
    )
    if given.status < 400:
        assert callable(request.callback)
        output = request.callback(response, **request.cb_kwargs)
    else:
        failure = Failure(HttpError(response, f"status {given.status}"))  # type: ignore[no-untyped-call]
        failure.request = request  # type: ignore[attr-defined]
        assert request.errback is not None
        output = request.errback(failure)
    assert not isawaitable(output)
    return list(output or ())
