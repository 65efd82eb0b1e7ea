"""Browser provider for scrapy-playwright: reports a browser that does not start in one sentence."""

from __future__ import annotations

import logging
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error
from scrapy_playwright.provider import PlaywrightBrowserProvider

from wildcrawl.base_spiders.browser import (
    WITHOUT_SANDBOX,
    NoBrowser,
    check_driver,
    driver_not_started,
    lacks_sandbox,
    not_started,
)

logger = logging.getLogger(__name__)


class Provider(PlaywrightBrowserProvider):  # type: ignore[misc]
    """Starts Playwright's driver and the browser; a request without them fails with NoBrowser."""

    fault: NoBrowser | None = None

    async def start(self) -> None:
        # Raised by the first request instead: Scrapy would log a traceback for it here, and go on.
        try:
            check_driver()
            await super().start()
        except NoBrowser as error:
            self.fault = error
        except Exception as error:
            # Playwright raises a plain Exception for a driver that ends at once.
            self.fault = driver_not_started(str(error))

    async def launch_browser(self) -> Browser:
        self._check()
        options = self.config.launch_options
        try:
            browser: Browser = await super().launch_browser()
        except Error as error:
            if options.get("chromium_sandbox") and lacks_sandbox(error.message):
                logger.warning(WITHOUT_SANDBOX)
                self.config.launch_options = {**options, "chromium_sandbox": False}
                return await self.launch_browser()
            raise not_started(options["executable_path"], error.message) from None
        return browser

    async def launch_persistent_context(self, context_kwargs: dict[str, Any]) -> BrowserContext:
        self._check()
        try:
            context: BrowserContext = await super().launch_persistent_context(context_kwargs)
        except Error as error:
            if context_kwargs.get("chromium_sandbox") and lacks_sandbox(error.message):
                logger.warning(WITHOUT_SANDBOX)
                return await self.launch_persistent_context(
                    {**context_kwargs, "chromium_sandbox": False}
                )
            raise not_started(context_kwargs["executable_path"], error.message) from None
        return context

    async def close(self) -> None:
        if self.fault is None:
            await super().close()

    def _check(self) -> None:
        if self.fault is not None:
            raise self.fault
