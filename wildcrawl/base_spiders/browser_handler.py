"""Download handler of browser spiders: the browser's network is that of the crawl."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any
from urllib.request import getproxies

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from wildcrawl.base_spiders.browser_proxy import BrowserProxy
from wildcrawl.base_spiders.page_watch import PageUnresponsive, watched
from wildcrawl.crawl.addresses import AddressMiddleware
from wildcrawl.crawl.downloads import GuardedDownloads

logger = logging.getLogger(__name__)

CLOSE_S = 10
"""Seconds that a page that does not answer may take to close."""
PAGES_CLOSED = "playwright/page_count/closed"
"""scrapy-playwright's stat of the pages that it closed."""


class BrowserHandler(GuardedDownloads, ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Opens pages in a browser whose proxy refuses addresses that are not public."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.proxy: BrowserProxy | None = None

    async def _launch(self) -> None:
        proxies = getproxies()
        if proxies.get("http") or proxies.get("https"):
            logger.warning(
                "the browser uses the proxy of the environment, which must itself refuse addresses "
                "of the network that it is in"
            )
        else:
            addresses = AddressMiddleware.of(self._crawler)
            self.proxy = BrowserProxy(addresses.public, addresses.note)
            await self.proxy.start()
            self.config.launch_options = {**self.config.launch_options, **self._through_proxy()}
        await super()._launch()

    async def _create_browser_context(
        self, name: str, context_kwargs: dict[str, Any] | None, spider: Any = None
    ) -> Any:
        if (context_kwargs or {}).get("user_data_dir"):
            # The browser of a profile is started with its context.
            context_kwargs = {**(context_kwargs or {}), **self._through_proxy()}
        return await super()._create_browser_context(name, context_kwargs, spider)

    async def _download_request_with_page(
        self, request: Request, page: Page, spider: Spider
    ) -> Response:
        work = super()._download_request_with_page(request, page, spider)
        try:
            response: Response = await watched(work, page)
        except (PageUnresponsive, BrowserError):
            # scrapy-playwright would log a traceback for a page that is open.
            with suppress(BrowserError, TimeoutError):
                if not page.is_closed():
                    await asyncio.wait_for(page.close(), CLOSE_S)
                    self.stats.inc_value(PAGES_CLOSED)
            raise
        return response

    async def _close(self) -> None:
        await super()._close()
        if self.proxy is not None:
            await self.proxy.close()

    def _through_proxy(self) -> dict[str, Any]:
        """Options of a browser that sends everything through the proxy, loopback included."""
        if self.proxy is None:
            return {}
        return {"proxy": {"server": self.proxy.address, "bypass": "<-loopback>"}}
