"""Sites whose results only a browser sees."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy_playwright.page import PageMethod

from wildcrawl.spider.html import HtmlSearchSpider

if TYPE_CHECKING:
    from playwright.async_api import Request as BrowserRequest
    from scrapy.settings import BaseSettings

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Without a window, and without the traffic that a browser makes of its own accord."""
WAIT_MS = 15_000
"""How long results may take to appear; after that the page is read as it is."""
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


class BrowserSearchSpider(HtmlSearchSpider):
    """Reads by selectors what a browser shows once the page's own script has run."""

    way = "browser"
    ready: ClassVar[str] = ""
    """What an advertisement's own page shows when it is complete; empty: the loaded page."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        try:
            path = find_browser(settings.get("WILDCRAWL_BROWSER", ""))
        except NoBrowser:
            # `check` says so before a crawl; reading a saved page needs none.
            return
        handler = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
        browser = {
            "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
            "PLAYWRIGHT_LAUNCH_OPTIONS": {
                "executable_path": path,
                "args": FLAGS,
            },
            "PLAYWRIGHT_ABORT_REQUEST": unneeded,
            "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 30_000,
        }
        settings.setdict(browser, priority="spider")

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        super().check(settings, arguments)
        find_browser(settings.get("WILDCRAWL_BROWSER", ""))

    def request_meta(self) -> dict[str, Any]:
        return {"playwright": True, "playwright_page_methods": [self._wait_for_results()]}

    def detail_meta(self) -> dict[str, Any]:
        methods = [PageMethod("wait_for_selector", self.ready, timeout=WAIT_MS)]
        return {"playwright": True, "playwright_page_methods": methods if self.ready else []}

    def _wait_for_results(self) -> PageMethod:
        either = ", ".join(query for query in (self.card, self.empty) if query)
        return PageMethod("wait_for_selector", either, timeout=WAIT_MS)
