"""Spiders of sites at WILDCRAWL_DEMO_URL that are crawled by the rules of real sites."""

from __future__ import annotations

from typing import Any, ClassVar

from wildcrawl.base_spiders import BrowserSearchSpider, HtmlSearchSpider, JsonSearchSpider
from wildcrawl.crawl.middlewares import SiteThrottleMiddleware
from wildcrawl.demo.site import DemoSite


class Polite(DemoSite):
    """Site with delays like a real one, but short enough for a test."""

    demo = False
    kind = "antiques"
    home = "/"
    custom_settings: dict[str, Any] | None = {
        "DOWNLOAD_DELAY": 0.04,
        "AUTOTHROTTLE_START_DELAY": 0.04,
    }

    def closed(self: Any, reason: str) -> None:
        slots = self.crawler.engine.downloader.slots
        throttle = SiteThrottleMiddleware.of(self.crawler)
        least = throttle.min_delay
        for name, slot in slots.items():
            line = "slot %s: at least %g, delay at least that: %s, jitter %g"
            self.logger.info(line, name, least, slot.delay >= least, slot.jitter)


class PoliteSpider(Polite, HtmlSearchSpider):
    name = "polite_site"
    label = "Polite site"
    search_url = "/search?key={keyword}&page={page}"
    max_pages = 1
    card = "li"
    empty = "p.none"
    fields: ClassVar = {
        "ad_id": "::attr(data-id)",
        "url": "a::attr(href)",
        "title": "a::text",
        "price": ".price::text",
    }
    expect: ClassVar = {"advertisements": 1, "title": 1.0}


class UnverifiedSpider(PoliteSpider):
    """Site without a valid certificate."""

    name = "unverified_site"
    verify_certificates = False


class PoliteDetailsSpider(PoliteSpider):
    """Site with its advertisements on another host."""

    name = "polite_details"
    detail: ClassVar = {"description": "#text::text"}

    @classmethod
    def address(cls, settings: Any, url: str) -> str:
        whole: str = super().address(settings, url)
        return whole.replace("127.0.0.1", "localhost") if url == cls.detail_url else whole

    detail_url = "/item/{ad_id}"


class PicturedSpider(PoliteSpider):
    """Site with pictures on its page of results."""

    name = "pictured_site"
    fields: ClassVar = PoliteSpider.fields | {
        "image_urls": "img::attr(src), a::attr(data-picture)",
    }
    expect: ClassVar = {"advertisements": 1}


class PicturedDetailsSpider(PicturedSpider):
    """Site with pictures on the advertisements' own pages."""

    name = "pictured_details"
    fields: ClassVar = PoliteSpider.fields
    detail: ClassVar = {"description": "#text::text", "image_urls": "#text img::attr(src)"}


class PoliteBrowserSpider(Polite, BrowserSearchSpider):
    name = "polite_browser"
    label = "Polite browser"
    search_url = PoliteSpider.search_url
    max_pages = 1
    card, empty, fields = PoliteSpider.card, PoliteSpider.empty, PoliteSpider.fields
    expect: ClassVar = {"advertisements": 1}
    wait_ms = 5_000


class ScrolledSpider(PoliteBrowserSpider):
    """Site whose results come on one page, as it is scrolled."""

    name = "scrolled_site"
    search_url = "/search?key={keyword}"
    max_pages = BrowserSearchSpider.max_pages


class PicturedBrowserSpider(PoliteBrowserSpider):
    """Site with pictures on a page that is read in a browser."""

    name = "pictured_browser"
    fields = PicturedSpider.fields


class PoliteJsonSpider(Polite, JsonSearchSpider):
    name = "polite_json"
    label = "Polite JSON"
    search_url = "/api?key={keyword}&page={page}"
    max_pages = 1
    results = "data.list"
    fields: ClassVar = {"ad_id": "id", "title": "title"}
    expect: ClassVar = {"advertisements": 1, "title": 1.0}


class PoliteFormSpider(PoliteSpider):
    """Site with a session, and a form with a token in it."""

    name = "polite_form"
    first_visit = "/enter"
    search_url = "/form"
    search_form = "form"


class SlowSpider(PoliteSpider):
    name = "slow_site"
    pace = 7.5
