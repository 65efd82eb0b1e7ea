"""Screenshots of pages in a browser, and the same with the pictures that the evidence holds.

The browser of a crawl loads no pictures, since these are fetched one at a time. Once that is done,
the page is drawn again from a snapshot of it, without any request.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildcrawl.base_spiders.extraction import XPATH
from wildcrawl.crawl.card_shots import MOST_CARDS, Shot, read_cards
from wildcrawl.crawl.page_snapshot import (
    MOST_PICTURES,
    PagePicture,
    checked_snapshot,
    read_addresses,
    with_pictures,
)

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page, Route

logger = logging.getLogger(__name__)

TALLEST = 10_000
"""Pixels of a page's height that a screenshot shows."""
SHOT_MS = 10_000
"""Milliseconds that a screenshot may take."""
SNAPSHOT_S = 10
"""Seconds that a snapshot may take."""
REDRAW_S = 40
"""Seconds that drawing a page again may take."""


async def screenshot(page: Page, cards: Sequence[str] = (), *, pictures: bool = False) -> Shot:
    """A PNG of a page from its top, at most TALLEST pixels of it, and where its `cards` are.

    Empty if the browser makes none. With `pictures` it can be drawn again with those.
    """
    from playwright.async_api import Error as BrowserError

    try:
        shot = await _shot(page, cards)
        return await _redrawable(page, cards, shot) if pictures else shot
    except BrowserError as error:
        logger.warning("no screenshot of %s: %s", page.url, error.message.partition("\n")[0])
        return Shot()


async def _shot(page: Page, cards: Sequence[str]) -> Shot:
    size = page.viewport_size or {"width": 1280, "height": 720}
    shown = min(await _height(page) or size["height"], TALLEST)
    clip = {"x": 0, "y": 0, "width": size["width"], "height": shown}
    found = [each for query in cards for each in await _boxes(page, query)]
    image = await page.screenshot(
        full_page=True,
        clip=clip,  # type: ignore[arg-type]
        scale="css",
        timeout=SHOT_MS,
    )
    return Shot(image, read_cards(found, size["width"], shown))


async def _height(page: Page) -> int:
    """Pixels of a page's height; 0 if its own scripts have changed what that is."""
    from playwright.async_api import Error as BrowserError

    try:
        height = await page.evaluate("document.documentElement.scrollHeight")
    except BrowserError as error:
        logger.debug("no height of %s: %s", page.url, error.message.partition("\n")[0])
        return 0
    return height if isinstance(height, int) and height > 0 else 0


_BOXES = """(cards, most) => cards.slice(0, most).map(card => {
  const box = card.getBoundingClientRect();
  const links = [card, ...card.querySelectorAll('a[href]')].slice(0, 100);
  return {
    left: box.left + window.scrollX, top: box.top + window.scrollY,
    width: box.width, height: box.height,
    html: String(card.outerHTML).slice(0, 200000),
    links: links.map(link => link.href).filter(href => typeof href === 'string'),
  };
})"""
"""Boxes of cards on the page, with what shows whose they are."""


async def _boxes(page: Page, query: str) -> list[Any]:
    """Boxes, HTML and links of the elements that `query` selects; [] if they are not as asked."""
    from playwright.async_api import Error as BrowserError

    named = f"xpath={query}" if XPATH.match(query) else query
    try:
        found = await page.locator(named).evaluate_all(_BOXES, MOST_CARDS)
    except BrowserError as error:
        # The page's own scripts may have changed what boxes are; its screenshot is kept.
        logger.debug("no cards of %s: %s", page.url, error.message.partition("\n")[0])
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


_PICTURES = """most => {
  const urls = [...document.images].slice(0, most).map(image => image.currentSrc || image.src);
  for (const styled of [...document.querySelectorAll('[style*="url("]')].slice(0, most)) {
    const found = /url\\(["']?([^"')]+)/.exec(getComputedStyle(styled).backgroundImage);
    if (found) urls.push(new URL(found[1], document.baseURI).href);
  }
  return urls.map(url => String(url).split('#')[0]);
}"""
"""Addresses of the pictures on the page."""


async def _redrawable(page: Page, cards: Sequence[str], shot: Shot) -> Shot:
    """The shot with what it takes to draw the page again; as it is if the browser gives none."""
    from playwright.async_api import Error as BrowserError

    snapshot = b""
    pictures: tuple[str, ...] = ()
    try:
        pictures = read_addresses(await page.evaluate(_PICTURES, MOST_PICTURES))
        if pictures:
            async with asyncio.timeout(SNAPSHOT_S):
                snapshot = await _snapshot(page)
    except (BrowserError, TimeoutError) as error:
        logger.debug("no snapshot of %s: %s", page.url, _first_line(error))
    if not snapshot:
        return Shot(shot.image, shot.cards)
    size = page.viewport_size or {"width": 1280, "height": 720}
    redraw = Redraw(page.context, snapshot, tuple(cards), (size["width"], size["height"]))
    return Shot(shot.image, shot.cards, pictures, redraw)


async def _snapshot(page: Page) -> bytes:
    session = await page.context.new_cdp_session(page)
    found = await session.send("Page.captureSnapshot", {"format": "mhtml"})
    await session.detach()
    return checked_snapshot(found.get("data"))


@dataclass(frozen=True)
class Redraw:
    """Draws a page from its snapshot, in the browser of `context`; `size` is in pixels."""

    context: BrowserContext
    snapshot: bytes
    cards: tuple[str, ...]
    size: tuple[int, int]

    async def __call__(self, pictures: Mapping[str, PagePicture]) -> Shot:
        """The shot with `pictures` by their addresses on the page; empty if it cannot be drawn."""
        from playwright.async_api import Error as BrowserError

        try:
            async with asyncio.timeout(REDRAW_S):
                return await self._drawn(pictures)
        except (BrowserError, OSError, ValueError) as error:
            logger.warning("a page is not drawn again with its pictures: %s", _first_line(error))
            return Shot()

    async def _drawn(self, pictures: Mapping[str, PagePicture]) -> Shot:
        file = await asyncio.to_thread(_written, with_pictures(self.snapshot, pictures))
        try:
            async with self._page() as page:
                await page.route("**", _only(file.as_uri()))
                await page.goto(file.as_uri(), wait_until="load", timeout=SHOT_MS)
                return await _shot(page, self.cards)
        finally:
            with suppress(OSError):
                file.unlink()

    @asynccontextmanager
    async def _page(self) -> AsyncIterator[Page]:
        """A page without network: of a context of its own, or of that of a browser profile."""
        from playwright.async_api import Error as BrowserError

        browser = self.context.browser
        own = None
        width, height = self.size
        if browser is not None:
            own = await browser.new_context(
                viewport={"width": width, "height": height}, offline=True, java_script_enabled=False
            )
        page = await (own or self.context).new_page()
        try:
            yield page
        finally:
            with suppress(BrowserError):
                await (page if own is None else own).close()


def _only(url: str) -> Callable[[Route], Any]:
    """Lets a page load `url` and nothing else."""

    async def handle(route: Route) -> None:
        await (route.continue_() if route.request.url == url else route.abort())

    return handle


def _written(data: bytes) -> Path:
    number, name = tempfile.mkstemp(prefix="wildcrawl-page-", suffix=".mhtml")
    file = Path(name)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
    except OSError:
        file.unlink(missing_ok=True)
        raise
    return file


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
