"""Sites whose results only a browser sees."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from wildcrawl.base_spiders.extraction import XPATH
from wildcrawl.base_spiders.html import HtmlSearchSpider

if TYPE_CHECKING:
    from playwright.async_api import Page
    from playwright.async_api import Request as BrowserRequest
    from scrapy.settings import BaseSettings

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Without the traffic that a browser makes of its own accord."""
FLAGS = ["--headless", *QUIET]
LOOK_MS = 250
UNNEEDED = ("image", "media", "font")


class NoBrowser(ValueError):
    """No Chromium on this machine."""


def find_browser(named: str = "") -> str:
    """The path of the browser: the one named, or the first Chromium on PATH; NoBrowser if none.

    `named` is the setting WILDCRAWL_BROWSER.
    """
    for name in [named] if named else BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    if named:
        raise NoBrowser(f"WILDCRAWL_BROWSER: '{named}' is no program; give a Chromium's path")
    raise NoBrowser(
        "this site needs a browser and none was found; install Chromium, or name one in "
        "WILDCRAWL_BROWSER"
    )


def unneeded(request: BrowserRequest) -> bool:
    """Whether the browser may leave this out: the adverts' text is all that is read."""
    return request.resource_type in UNNEEDED


async def seen(page: Page, queries: Iterable[str]) -> str:
    """The first of `queries` (CSS or XPath) that a person sees something of; "" if none."""
    for query in queries:
        located = page.locator(f"xpath={query}" if XPATH.match(query) else query)
        if await located.first.is_visible():
            return query
    return ""


async def wait_for_any(page: Page, queries: Iterable[str], wait_ms: int) -> str:
    """Waits until a person sees one of `queries`, and returns it; "" after `wait_ms`."""
    wanted = [query for query in queries if query]
    end = time.monotonic() + wait_ms / 1000
    while wanted:
        found = await seen(page, wanted)
        if found or time.monotonic() > end:
            return found
        await page.wait_for_timeout(LOOK_MS)
    return ""


class BrowserSearchSpider(HtmlSearchSpider):
    """Reads by selectors what a browser shows once the page's own script has run."""

    way = "browser"
    ready: ClassVar[str] = ""
    """What an advertisement's own page shows when it is complete; empty: the loaded page."""
    wait_ms: ClassVar[int] = 15_000
    """Milliseconds that results may take to appear; after that the page is read as it is."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        try:
            path = find_browser(settings.get("WILDCRAWL_BROWSER", ""))
        except NoBrowser:
            # `check` says so before a crawl; reading a saved page needs none.
            return
        settings.setdict(cls.browser_settings(path), priority="spider")

    @classmethod
    def browser_settings(cls, path: str) -> dict[str, Any]:
        """Scrapy settings by which requests go through the browser at `path`."""
        handler = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
        return {
            "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
            "PLAYWRIGHT_LAUNCH_OPTIONS": {"executable_path": path, "args": FLAGS},
            "PLAYWRIGHT_ABORT_REQUEST": unneeded,
            "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 30_000,
        }

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        super().check(settings, arguments)
        if not arguments.get("worksheet"):
            find_browser(settings.get("WILDCRAWL_BROWSER", ""))

    def request_meta(self) -> dict[str, Any]:
        from scrapy_playwright.page import PageMethod

        method = PageMethod(wait_for_any, self.result_marks(), self.wait_ms)
        return {"playwright": True, "playwright_page_methods": [method]}

    def detail_meta(self) -> dict[str, Any]:
        from scrapy_playwright.page import PageMethod

        methods = [PageMethod(wait_for_any, [self.ready], self.wait_ms)]
        return {"playwright": True, "playwright_page_methods": methods if self.ready else []}

    def result_marks(self) -> list[str]:
        """What a page of results shows when it is complete: its cards, or that there are none."""
        cards = [self.card, *(each.card for each in self.other_layouts if not each.data)]
        return [query for query in (*cards, self.empty) if query]
