"""What is seen in a person's browser: results, further ones on scrolling, or a challenge."""

from __future__ import annotations

import random
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as BrowserError

from wildcrawl.base_spiders.block_detection import leads_away
from wildcrawl.base_spiders.browser import seen, wait_for_any
from wildcrawl.base_spiders.browser_profiles import missing_cookies
from wildcrawl.base_spiders.extraction import XPATH

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from playwright.async_api import Page
    from playwright.async_api import Request as BrowserRequest
    from playwright.async_api import Response as BrowserResponse
    from scrapy.http import Response

CHALLENGES = (
    "[class*='baxia-dialog']",
    "iframe[src*='x5sec']",
    "iframe[src*='punish']",
    "iframe[src*='captcha']",
    "#nocaptcha, .nc-container, #nc_1_n1z",
    ".geetest_panel, .geetest_box, #captcha, [class*='captcha-container']",
    "[class*='login-modal'], [class*='loginDialog'], iframe[src*='login.']",
)
"""What a person sees of the challenges and login walls that several sites share."""
CARDS = "query => [...document.querySelectorAll(query)].map(card => card.outerHTML)"
AT_THE_END = "innerHeight + scrollY >= document.documentElement.scrollHeight - 4"


async def look(
    page: Page,
    marks: Iterable[str],
    challenges: Iterable[str],
    scrolls: int = 0,
    card: str = "",
    cards: list[str] | None = None,
) -> str:
    """Waits for what a page is to show and scrolls; returns the challenge that is seen, or "".

    What `card` selects goes into `cards` on the way: some pages drop what is out of sight.
    """
    await wait_for_any(page, [*marks, *challenges])
    for _ in range(scrolls):
        if await seen(page, challenges):
            break
        if cards is not None and card and not XPATH.match(card):
            cards += await page.evaluate(CARDS, card)
        await page.evaluate("window.scrollBy(0, window.innerHeight * 0.9)")
        await page.wait_for_timeout(random.uniform(400, 1200))  # noqa: S311
        if await page.evaluate(AT_THE_END):
            break
    return await seen(page, challenges)


async def restore_cookies(page: Page, folder: Path) -> None:
    """Gives the browser those cookies of the sign-in in `folder` that it forgot when it closed."""
    present = await page.context.cookies()
    missing = missing_cookies(folder, [dict(each) for each in present], time.time())
    if missing:
        await page.context.add_cookies(missing)  # type: ignore[arg-type]


def listen(page: Page, addresses: str, texts: list[str]) -> None:
    """Keeps in `texts` what the page itself fetches from addresses that match."""

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
    """The browser's own headers, its user agent followed by who asks and the contact."""
    headers = await playwright_request.all_headers()
    agent = headers.get("user-agent", "")
    name = (scrapy_request_data["headers"].get("User-Agent") or b"").decode()
    return headers | {"user-agent": name if agent in name else f"{agent} {name}".strip()}


def challenge_of(response: Response) -> str:
    """What the browser, or the address it was led to, says of a challenge; "" if nothing does."""
    for method in response.meta.get("playwright_page_methods", ()):
        if method.result:
            return f"a challenge is shown ({method.result})"
    assert response.request is not None
    if leads_away(response.url) and not leads_away(response.request.url):
        return f"the site led to {response.url}"
    return ""
