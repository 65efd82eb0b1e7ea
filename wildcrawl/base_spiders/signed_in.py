"""Signed-in sites, read in a browser in which a person has signed in."""

from __future__ import annotations

import random
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response, TextResponse
from scrapy.settings import BaseSettings
from w3lib.html import remove_tags

from wildcrawl.base_spiders.block_detection import leads_away
from wildcrawl.base_spiders.browser import (
    FLAGS,
    BrowserSearchSpider,
    find_browser,
    may_sandbox,
    seen,
    settle,
    wait_for_any,
)
from wildcrawl.base_spiders.browser_profiles import (
    ProfileError,
    check_signed_in,
    held,
    missing_cookies,
    profile_folder,
)
from wildcrawl.base_spiders.extraction import XPATH, Row, Search, read_layout
from wildcrawl.base_spiders.growing_pages import STEADY_MS
from wildcrawl.base_spiders.responses import Blocked
from wildcrawl.base_spiders.site import FIXED
from wildcrawl.crawl.locations import path_of, project_folder
from wildcrawl.crawl.received import SCREENSHOT
from wildcrawl.crawl.stats import Stat

if TYPE_CHECKING:
    from playwright.async_api import Page
    from playwright.async_api import Request as BrowserRequest
    from playwright.async_api import Response as BrowserResponse
    from scrapy_playwright.page import PageMethod
    from twisted.python.failure import Failure

CHALLENGES = (
    "[class*='baxia-dialog']",
    "iframe[src*='x5sec']",
    "iframe[src*='punish']",
    "iframe[src*='captcha']",
    "#nocaptcha, .nc-container, #nc_1_n1z",
    ".geetest_panel, .geetest_box, #captcha, [class*='captcha-container']",
    "[class*='login-modal'], [class*='loginDialog'], iframe[src*='login.']",
)
"""Selectors of the visible challenges and login walls that several sites share."""
CARDS = "query => [...document.querySelectorAll(query)].map(card => card.outerHTML)"
AT_THE_END = "innerHeight + scrollY >= document.documentElement.scrollHeight - 4"


async def look(
    page: Page,
    marks: Iterable[str],
    challenges: Iterable[str],
    wait_ms: int,
    load_ms: int,
    scrolls: int = 0,
    card: str = "",
    cards: list[str] | None = None,
) -> str:
    """Waits until a page shows one of `marks`, scrolls; returns the visible challenge, or "".

    Collects what `card` selects in `cards` while scrolling: some pages drop cards out of sight.
    """
    marks, challenges = list(marks), list(challenges)
    await settle(page, [*marks, *challenges], load_ms)
    await wait_for_any(page, [*marks, *challenges], wait_ms)
    for _ in range(scrolls):
        if await seen(page, challenges):
            break
        if cards is not None and card and not XPATH.match(card):
            cards += await page.evaluate(CARDS, card)
        await page.evaluate("window.scrollBy(0, window.innerHeight * 0.9)")
        await page.wait_for_timeout(random.uniform(400, 1200))  # noqa: S311
        if await page.evaluate(AT_THE_END):
            # Some pages add further results a moment after their end is reached.
            await page.wait_for_timeout(STEADY_MS)
            if await page.evaluate(AT_THE_END):
                break
    return await seen(page, challenges)


async def restore_cookies(page: Page, folder: Path) -> None:
    """Gives the browser the session cookies of the sign-in in `folder`, which it has lost."""
    present = await page.context.cookies()
    missing = missing_cookies(folder, [dict(cookie) for cookie in present], time.time())
    if missing:
        await page.context.add_cookies(missing)  # type: ignore[arg-type]


def listen(page: Page, addresses: str, texts: list[str]) -> None:
    """Collects in `texts` the answers that the page itself fetches from matching addresses."""
    from playwright.async_api import Error as BrowserError

    async def keep(answer: BrowserResponse) -> None:
        if re.search(addresses, answer.url):
            with suppress(BrowserError):
                texts.append(await answer.text())

    if addresses:
        page.on("response", keep)


async def named_headers(
    *,
    browser_type_name: str,  # noqa: ARG001 (as scrapy-playwright calls it)
    playwright_request: BrowserRequest,
    scrapy_request_data: dict[str, Any],
) -> dict[str, str]:
    """The browser's own headers, with this program's name and contact after its user agent."""
    headers = await playwright_request.all_headers()
    agent = headers.get("user-agent", "")
    name = (scrapy_request_data["headers"].get("User-Agent") or b"").decode()
    return headers | {"user-agent": name if agent in name else f"{agent} {name}".strip()}


PACE = 16
"""Seconds between two pages: with Scrapy's jitter of a half, from 8 to 24."""


class ProfileBrowserSpider(BrowserSearchSpider):
    """Reads what a site shows to a person who has signed in with `scrapy login SITE`.

    It opens the search pages slowly, one at a time, scrolls like a person and reads what is shown,
    or what the page itself has fetched. It calls no API of the site, makes no signature and solves
    no captcha: at the first challenge it stops, and keeps what it has. It is off until somebody
    with permission switches it on. robots.txt applies here too: many of these sites allow their
    search to named search engines only; then the run ends as blocked, and `scrapy worksheet SITE`
    is the alternative. The user agent is the browser's own, followed by the name of this program
    and the contact.
    """

    way = "profile"
    needs_sign_in = True
    permission = (
        "it is read with a person's own sign-in, which needs that person's consent and the "
        "site's terms to allow it"
    )
    entry: ClassVar[str] = ""
    """Address at which a person signs in; empty: `home`."""
    max_pages = 3
    rereads_lists = False
    ambiguous_pages = 1
    run_pages: ClassVar[int] = 150
    """Maximum number of pages that a run opens."""
    scrolls: ClassVar[int] = 6
    """Number of times that a page is scrolled down to load further results."""
    challenges: ClassVar[tuple[str, ...]] = CHALLENGES
    """Selectors of visible challenges that are laid over a page."""
    answers: ClassVar[str] = ""
    """Regular expression of addresses from which the page itself fetches results as data; these are
    read by `other_layouts` for what the page does not show."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.opened = 0
        self.searches: deque[Request] = deque()
        self.details: deque[Request] = deque()
        self.hold = ExitStack()

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        if not cls.demo:
            pace = max(PACE, settings.getfloat("DOWNLOAD_DELAY"))
            settings.set("DOWNLOAD_DELAY", pace, priority=FIXED)

    @classmethod
    def browser_settings(cls, path: str) -> dict[str, Any]:
        return super().browser_settings(path) | {
            "CONCURRENT_REQUESTS": 1,
            "COOKIES_ENABLED": False,
            "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
            "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": named_headers,
        }

    @classmethod
    def can_resume(cls) -> bool:
        """False: what a site shows to a person is not kept for another run."""
        return False

    @classmethod
    def profile(cls, settings: BaseSettings) -> Path:
        """The folder of the browser profile with the person's sign-in."""
        return profile_folder(path_of(settings, "WILDCRAWL_PROFILES") or project_folder(), cls.name)

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        super().check(settings, arguments)
        if not arguments.get("worksheet"):
            check_signed_in(cls.profile(settings), cls.name)

    async def start(self) -> AsyncIterator[Any]:
        if not self.worksheet:
            try:
                self.reserve()
            except ProfileError as error:
                self.stats.inc_value(Stat.PAGES_FAILED)
                self.logger.error("%s", error)
                return
        async for produced in super().start():
            if isinstance(produced, Request):
                self.line_up(produced)
            else:
                yield produced
        for request in self.next_to_open():
            yield request

    def reserve(self) -> None:
        self.hold.enter_context(held(self.profile(self.settings)))

    def closed(self, reason: str) -> None:  # noqa: ARG002 (as Scrapy calls it)
        """Releases the profile."""
        self.hold.close()

    # Requests

    def line_up(self, request: Request) -> None:
        """Queues a request until the page before it is judged: after a challenge none is sent."""
        if "row" not in request.cb_kwargs:
            self.searches.append(request.replace(errback=self.search_page_failed))
        else:
            self.details.append(request)

    def next_to_open(self) -> Iterator[Request]:
        """The request for the next page, search pages first, if any is queued."""
        if not (self.searches or self.details):
            return
        if self.opened >= self.run_pages:
            raise CloseSpider("page_limit")
        yield (self.searches or self.details).popleft()

    def request_meta(self) -> dict[str, Any]:
        from scrapy_playwright.page import PageMethod

        cards: list[str] = []
        browse = PageMethod(
            look,
            self.result_marks(),
            self.challenges,
            self.wait_ms,
            self.load_ms,
            self.scrolls,
            self.card,
            cards,
        )
        return self.page_meta(browse, self.card_queries()) | {"cards": cards}

    def detail_meta(self) -> dict[str, Any]:
        from scrapy_playwright.page import PageMethod

        browse = PageMethod(look, [self.ready], self.challenges, self.wait_ms, self.load_ms)
        return self.page_meta(browse)

    def page_meta(self, browse: PageMethod, cards: Sequence[str] = ()) -> dict[str, Any]:
        """The `meta` of a request that opens a page in the person's browser; `cards` as there."""
        return {
            **self.opening([browse], cards),
            "playwright_context": "profile",
            "playwright_context_kwargs": {
                "user_data_dir": str(self.profile(self.settings).absolute()),
                "executable_path": find_browser(self.settings.get("WILDCRAWL_BROWSER", "")),
                "args": FLAGS,
                "chromium_sandbox": may_sandbox(),
                "ignore_https_errors": not self.verify_certificates,
            },
            "playwright_page_init_callback": self.prepare,
        }

    async def prepare(self, page: Page, request: Request) -> None:
        """Restores lost cookies, and collects the data that the page fetches."""
        await restore_cookies(page, self.profile(self.settings))
        listen(page, self.answers, request.meta.setdefault("answers", []))

    def most_checks(self) -> int:
        # They must not end the run at its limit.
        return max(0, min(3, self.run_pages - self.opened - len(self.details) - 1))

    # Answers

    def parse_results(self, response: Response, search: Search) -> Iterator[Any]:
        return self.one_page(self.judged(response, super().parse_results(response, search)))

    def parse_details(self, response: Response, row: Row) -> Iterator[Any]:
        return self.one_page(self.judged(response, super().parse_details(response, row)))

    def judged(self, response: Response, produced: Iterable[Any]) -> Iterator[Any]:
        """What a page yields; a challenge laid over it still counts as a block."""
        yield from produced
        challenge = self.challenge(response)
        if challenge:
            self.skip_page(response, Blocked(challenge))

    def challenge(self, response: Response) -> str:
        for method in response.meta.get("playwright_page_methods", ()):
            if method.result and method is not response.meta.get(SCREENSHOT):
                return f"the site shows a challenge ({method.result})"
        assert response.request is not None
        if leads_away(response.url) and not leads_away(response.request.url):
            return f"the site redirected to {response.url}"
        return ""

    def search_page_failed(self, failure: Failure) -> Iterator[Any]:
        """Counts a search page that could not be fetched, and goes on to the next."""
        return self.one_page(self.search_failed(failure))

    def details_failed(self, failure: Failure) -> Iterator[Any]:
        return self.one_page(super().details_failed(failure))

    def one_page(self, produced: Iterable[Any]) -> Iterator[Any]:
        """What a page yields, then the next request."""
        self.opened += 1
        for output in produced:
            if isinstance(output, Request):
                self.line_up(output)
            else:
                yield output
        yield from self.next_to_open()

    def read_rows(self, response: TextResponse) -> list[Row]:
        """The results that a page shows, or showed while scrolling.

        Data that it fetched fills the fields it does not show. Of results that it did not draw, it
        adds those of the layouts that are read `besides`; the others are named in the log.
        """
        rows = super().read_rows(response)
        meta = response.meta if response.request else {}
        by_id = {row["ad_id"]: row for row in rows}
        for row in self.rows_of(response, ["\n".join(meta.get("cards", ()))]):
            if row["ad_id"] and row["ad_id"] not in by_id:
                by_id[row["ad_id"]] = row
                rows.append(row)
        fetched = self.rows_of(response, meta.get("answers", ()))
        for row in fetched:
            known = by_id.get(row["ad_id"], {})
            known |= {name: value for name, value in row.items() if value and not known.get(name)}
        if not rows:
            rows = fetched
        undrawn = {row["ad_id"]: row for row in fetched if row["ad_id"]}.keys() - by_id.keys()
        if by_id and undrawn:
            listed = self.listed(response, meta.get("answers", ()))
            rows += [listed[ad_id] for ad_id in listed if ad_id in undrawn]
            dropped = len(undrawn - listed.keys())
            if dropped:
                self.stats.inc_value(Stat.ROWS_UNDRAWN, dropped)
                self.logger.warning(
                    "%s fetched %d results that it does not show; they are not recorded",
                    response.url,
                    dropped,
                )
        return [plain(row) for row in rows if row.get("url") or row.get("title")]

    def listed(self, response: TextResponse, texts: Iterable[str]) -> dict[str, Row]:
        """The rows by ad_id of the layouts that are read besides others."""
        besides = [layout for layout in self.other_layouts if layout.besides]
        pages = (response.replace(body=text.encode(), encoding="utf-8") for text in texts if text)
        rows = (
            row
            for page in pages
            for layout in besides
            for row in self.finished(page, read_layout(page, layout))
        )
        return {row["ad_id"]: row for row in rows if row["ad_id"]}

    def rows_of(self, response: TextResponse, texts: Iterable[str]) -> list[Row]:
        """The rows in further texts that were collected with a page."""
        pages = (response.replace(body=text.encode(), encoding="utf-8") for text in texts if text)
        return [row for page in pages for row in super(ProfileBrowserSpider, self).read_rows(page)]


def plain(row: Row) -> Row:
    """The row without the markup with which some sites' data highlights the keyword."""
    return row | {"title": remove_tags(row.get("title", ""))}
