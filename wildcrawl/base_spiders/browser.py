"""Browser spiders: sites whose results only a browser shows, and the browser that reads them."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import CloseSpider

from wildcrawl.base_spiders.data_requests import DATA, DataNotAnswered, PageData, SiteData
from wildcrawl.base_spiders.extraction import XPATH, select
from wildcrawl.base_spiders.growing_pages import LOOK_MS, Growth, grow
from wildcrawl.base_spiders.html import HtmlSearchSpider
from wildcrawl.base_spiders.page_watch import PageUnresponsive
from wildcrawl.base_spiders.responses import Unreadable
from wildcrawl.base_spiders.screenshots import screenshot
from wildcrawl.crawl.evidence_settings import Level, level_of
from wildcrawl.crawl.received import SCREENSHOT
from wildcrawl.crawl.run_report import RunReport

if TYPE_CHECKING:
    from playwright.async_api import Page
    from playwright.async_api import Request as BrowserRequest
    from scrapy import Request
    from scrapy.http import Response, TextResponse
    from scrapy.settings import BaseSettings
    from scrapy_playwright.page import PageMethod
    from twisted.python.failure import Failure

    from wildcrawl.base_spiders.extraction import ResultPage, Search
    from wildcrawl.base_spiders.responses import PageError

logger = logging.getLogger(__name__)

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Not around the proxy.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
]
"""Flags that stop the requests which a browser makes by itself."""
FLAGS = ["--headless", *QUIET]
WITHOUT_SANDBOX = (
    "Chromium runs without its sandbox, which this machine does not allow; a page that breaks into "
    "the browser has the rights of this program"
)
START_MS = 60_000
"""Milliseconds that a browser may take to start."""
DRIVER_S = 60
"""Seconds that Playwright's driver may take to print its version."""
LINGER_MS = 5_000
"""Milliseconds that a page may load on after its results have become visible."""
GOTO = {"wait_until": "commit"}
"""How the browser opens a page: `settle` waits for its content."""
NO_HANDLERS = dict.fromkeys(("file", "data", "ftp", "s3"))
"""Schemes that no page may lead to."""
VISIBLE = "wildcrawl_visible"
"""Key in a request's `meta`: the page method that finds which of its results is visible."""
UNNEEDED = ("image", "media", "font")
"""Types of resources that the browser does not load."""


class NoBrowser(ValueError):
    """A browser is missing or does not start; the message says why and what to install."""


def find_browser(named: str = "") -> str:
    """The path of the browser: the one named, or the first Chromium on PATH; NoBrowser if none.

    `named` is the setting WILDCRAWL_BROWSER.
    """
    for name in [named] if named else BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    if named:
        raise NoBrowser(
            f"WILDCRAWL_BROWSER: '{named}' is not a program; give the path of a Chromium"
        )
    raise NoBrowser(
        "no browser was found; install Chromium, or give the path of one in WILDCRAWL_BROWSER"
    )


def working_browser(named: str = "") -> str:
    """The path from `find_browser`, after the browser was started and closed once.

    Takes a second or two. NoBrowser if there is none, or if it or Playwright's driver does not
    start.
    """
    faults = []
    path = ""
    try:
        path = find_browser(named)
    except NoBrowser as error:
        faults.append(str(error))
    try:
        check_driver()
    except NoBrowser as error:
        faults.append(str(error))
    if faults:
        raise NoBrowser("; and ".join(faults))
    # Not at the top: crawls use the asynchronous interface only.
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            # Whether it can have its sandbox shows only when it is started with it.
            for sandbox in (True, False) if may_sandbox() else (False,):
                try:
                    playwright.chromium.launch(
                        executable_path=path,
                        args=FLAGS,
                        timeout=START_MS,
                        chromium_sandbox=sandbox,
                    ).close()
                    break
                except Error as error:
                    if not (sandbox and lacks_sandbox(error.message)):
                        raise not_started(path, error.message) from None
    except NoBrowser:
        raise
    except Exception as error:
        # Playwright raises a plain Exception for a driver that ends at once.
        raise driver_not_started(str(error)) from None
    return path


def may_sandbox() -> bool:
    """Whether Chromium may try its sandbox; it has none as root."""
    return os.name != "posix" or os.geteuid() != 0


def lacks_sandbox(message: str) -> bool:
    """Whether Chromium did not start, with Playwright's `message`, for want of its sandbox."""
    return "sandbox" in message.lower()


def check_driver() -> None:
    """Raises NoBrowser if Playwright's driver, a Node.js program, does not start here."""
    # Not at the top: only a crawl that uses a browser needs it.
    from playwright._impl._driver import compute_driver_executable
    from playwright._impl._errors import Error

    try:
        program, _ = compute_driver_executable()
        done = subprocess.run(  # noqa: S603
            [program, "--version"], capture_output=True, text=True, timeout=DRIVER_S, check=False
        )
    except (Error, OSError, subprocess.TimeoutExpired) as error:
        why = str(error)
    else:
        if done.returncode == 0:
            return
        why = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[0]
    raise driver_not_started(why)


def driver_not_started(why: str) -> NoBrowser:
    """The error for Playwright's driver, with `why` it does not start and what to install."""
    if "libatomic" in why:
        fix = "install libatomic1 (Debian: apt-get install libatomic1)"
    else:
        fix = "install what it needs, or a Node.js and give its path in PLAYWRIGHT_NODEJS_PATH"
    return NoBrowser(f"Playwright's driver does not start ({why}); {fix}")


def not_started(path: str, message: str) -> NoBrowser:
    """The error for the browser at `path`, with the reason from Playwright's `message`."""
    match = re.search(r"\[err\] (.+)", message) or re.search(r"(exitCode=\d+)", message)
    why = match[1] if match else message.partition("\n")[0]
    return NoBrowser(
        f"the browser {path} does not start ({why.strip()}); reinstall it (Debian: apt-get "
        "install chromium-headless-shell), or give the path of another in WILDCRAWL_BROWSER"
    )


def unneeded(request: BrowserRequest) -> bool:
    """Whether the browser may skip a request, since only the advertisements' text is read."""
    return request.resource_type in UNNEEDED


async def seen(page: Page, queries: Iterable[str]) -> str:
    """The first of `queries` (CSS or XPath) that selects something visible; "" if none does."""
    for query in queries:
        located = page.locator(f"xpath={query}" if XPATH.match(query) else query)
        # Pages keep hidden copies of what they show, often before it.
        if await located.locator("visible=true").count():
            return query
    return ""


async def settle(page: Page, queries: Iterable[str], wait_ms: int) -> bool:
    """Waits until a page has loaded, or shows one of `queries` and loads no further.

    A page that is still loading LINGER_MS after its results became visible, or after `wait_ms`, is
    stopped, since some wait for a tracker for ever. Returns whether it has loaded.
    """
    from playwright.async_api import Error as BrowserError

    wanted = [query for query in queries if query]
    end = time.monotonic() + wait_ms / 1000
    while time.monotonic() < end:
        # A page that leads on to another has no document for a moment.
        with suppress(BrowserError):
            state = await page.evaluate("document.readyState")
            if state == "complete":
                return True
            if state == "interactive" and wanted and await seen(page, wanted):
                end = min(end, time.monotonic() + LINGER_MS / 1000)
        await page.wait_for_timeout(LOOK_MS)
    with suppress(BrowserError):
        await page.evaluate("window.stop()")
    # scrapy-playwright waits for the load of a page after each method, and fails without it.
    page.wait_for_load_state = _loaded  # type: ignore[method-assign]
    logger.warning("%s did not load to its end and is read as it is", page.url)
    return False


async def _loaded(*_: object, **__: object) -> None:
    """Stands in for the wait for a page that loads no further."""


async def wait_for_any(page: Page, queries: Iterable[str], wait_ms: int) -> str:
    """Waits until one of `queries` selects something visible; returns it, "" after `wait_ms`."""
    wanted = [query for query in queries if query]
    end = time.monotonic() + wait_ms / 1000
    while wanted:
        visible = await seen(page, wanted)
        if visible or time.monotonic() > end:
            return visible
        await page.wait_for_timeout(LOOK_MS)
    return ""


class BrowserSearchSpider(HtmlSearchSpider):
    """Reads, by selectors, pages that a browser has rendered with their own scripts."""

    way = "browser"
    needs_browser = True
    ready: ClassVar[str] = ""
    """Selects what a complete advertisement's own page shows; empty: it is complete once loaded."""
    no_browser = ""
    """Why no browser works; empty while one does."""
    wait_ms: ClassVar[int] = 15_000
    """Milliseconds that results may take to appear; after that the page is read as it is."""
    load_ms: ClassVar[int] = 30_000
    """Milliseconds that a page may load; after that it is read as it is."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        try:
            path = find_browser(settings.get("WILDCRAWL_BROWSER", ""))
        except NoBrowser:
            # `start` reports it; reading a saved page or a worksheet needs none.
            return
        settings.setdict(cls.browser_settings(path), priority="spider")

    @classmethod
    def browser_settings(cls, path: str) -> dict[str, Any]:
        """Scrapy settings by which requests go through the browser at `path`."""
        handler = "wildcrawl.base_spiders.browser_handler.BrowserHandler"
        return {
            "DOWNLOAD_HANDLERS": {"http": handler, "https": handler, **NO_HANDLERS},
            "PLAYWRIGHT_BROWSER_PROVIDER": "wildcrawl.base_spiders.browser_provider.Provider",
            "PLAYWRIGHT_LAUNCH_OPTIONS": {
                "executable_path": path,
                "args": FLAGS,
                "chromium_sandbox": may_sandbox(),
                "timeout": START_MS,
            },
            "PLAYWRIGHT_ABORT_REQUEST": unneeded,
            "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 30_000,
        }

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        super().check(settings, arguments)
        if not arguments.get("worksheet"):
            find_browser(settings.get("WILDCRAWL_BROWSER", ""))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.growth = Growth()
        self.site_data = SiteData()
        self.unresponsive = 0
        """Pages that their own scripts kept from answering."""

    def run_report(self) -> RunReport:
        report = super().run_report()
        notes = filter(None, [self.growth.note(), self._unresponsive_note()])
        return replace(
            report,
            no_browser=self.no_browser,
            unread=report.unread or self.growth.thin() or self.site_data.thin(),
            notes=(*report.notes, *notes),
        )

    def _unresponsive_note(self) -> str:
        if not self.unresponsive:
            return ""
        pages = "1 page" if self.unresponsive == 1 else f"{self.unresponsive} pages"
        return f"{pages} could not be read: its own script blocked the browser's page"

    async def start(self) -> AsyncIterator[Any]:
        if not self.worksheet:
            try:
                find_browser(self.settings.get("WILDCRAWL_BROWSER", ""))
            except NoBrowser as error:
                self.no_browser = str(error)
                return
        async for request in super().start():
            yield request

    def request_failed(self, failure: Failure) -> None:
        """Counts a failed request; without a browser, the first one ends the run."""
        if isinstance(failure.value, NoBrowser):
            self.no_browser = str(failure.value)
            raise CloseSpider("no_browser")
        self.unresponsive += isinstance(failure.value, PageUnresponsive)
        super().request_failed(failure)

    def request_meta(self) -> dict[str, Any]:
        from scrapy_playwright.page import PageMethod

        marks = self.result_marks()
        waiting = PageMethod(wait_for_any, marks, self.wait_ms)
        cards, data = self.card_queries(), PageData(self.site_data, self.is_own)
        methods = [
            PageMethod(settle, marks, self.load_ms),
            waiting,
            PageMethod(grow, cards, self.wait_ms, self.growth, data.awaited),
            PageMethod(data.read, cards),
        ]
        watch = {"playwright_page_init_callback": data.watch, DATA: data}
        return {**self.opening(methods, cards), VISIBLE: waiting, **watch}

    def read_results(self, response: TextResponse) -> ResultPage:
        page = super().read_results(response)
        data = response.meta.get(DATA) if response.request is not None else None
        if data is not None and data.fault and not page.rows:
            raise data.fault
        if not page.rows and self._is_in_shadow(response):
            raise Unreadable(
                "the browser shows results that the page's HTML lacks (in shadow roots of its "
                "elements); read the data that the page loads (JsonSearchSpider)"
            )
        return page

    def _is_in_shadow(self, response: TextResponse) -> bool:
        """Whether the browser showed results that are not in the HTML, as in a shadow root."""
        waiting = response.meta.get(VISIBLE) if response.request is not None else None
        cards = self.card_queries()
        return (
            waiting is not None
            and waiting.result in cards
            and not any(select(response.selector, card) for card in cards)
        )

    def not_read(self, response: Response, search: Search, error: PageError) -> Iterator[Request]:
        """Requests a page again whose data did not arrive; else as any page that is not read."""
        sent = response.request
        if isinstance(error, DataNotAnswered) and sent is not None:
            again = get_retry_request(sent, spider=self, reason="data not answered")
            if again is not None:
                yield again
                return
        yield from super().not_read(response, search, error)

    def shows_nothing(self, response: TextResponse) -> bool:
        """Whether a page reports that there are no results, and not only in a hidden element."""
        waiting = response.meta.get(VISIBLE) if response.request is not None else None
        hidden = waiting is not None and waiting.result == ""
        return not hidden and super().shows_nothing(response)

    def detail_meta(self) -> dict[str, Any]:
        from scrapy_playwright.page import PageMethod

        methods = [PageMethod(settle, [self.ready], self.load_ms)]
        if self.ready:
            methods.append(PageMethod(wait_for_any, [self.ready], self.wait_ms))
        return self.opening(methods)

    def opening(self, methods: list[PageMethod], cards: Sequence[str] = ()) -> dict[str, Any]:
        """The `meta` of a request that opens a page, and what is done on it.

        The last is a screenshot, for the evidence, unless that is off. `cards` select the results
        of the page.
        """
        from scrapy_playwright.page import PageMethod

        meta: dict[str, Any] = {
            "playwright": True,
            "playwright_page_goto_kwargs": dict(GOTO),
            "playwright_page_methods": methods,
        }
        if not self.verify_certificates:
            meta["playwright_context_kwargs"] = {"ignore_https_errors": True}
        level = level_of(self.settings)
        if level != Level.OFF:
            pictures = level == Level.PICTURES
            meta[SCREENSHOT] = PageMethod(screenshot, cards, pictures=pictures)
            methods.append(meta[SCREENSHOT])
        return meta

    def result_marks(self) -> list[str]:
        """Selectors of a complete page of results: its cards, or that there are none."""
        return [query for query in (*self.card_queries(), self.empty) if query]

    def card_queries(self) -> list[str]:
        """Selectors of the results of a page."""
        cards = [self.card, *(layout.card for layout in self.other_layouts if not layout.data)]
        return [query for query in cards if query]
