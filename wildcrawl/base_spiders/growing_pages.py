"""Growing pages: results that a browser shows late, or only as a visitor scrolls down."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wildcrawl.base_spiders.extraction import XPATH

if TYPE_CHECKING:
    from playwright.async_api import Page

LOOK_MS = 250
"""Milliseconds between two looks at a page."""
STEADY_MS = 1_000
"""Milliseconds without further results after which a page that may grow is complete."""
PATIENT_MS = 2_500
"""As STEADY_MS, on the first pages of a site, whose pace is not known."""
NONE_MS = 3_000
"""Milliseconds for which a page that shows no results is watched for late ones."""
WATCHED = 2
"""Pages with results, and as many without, that are watched on any site."""
_LEAST_GONE = 2
_SHARE_GONE = 0.2
"""Share of its first results from which on a page drops them; fewer may be changing advertising."""


@dataclass
class Growth:
    """How a site's pages change while they are read, by themselves or as a visitor scrolls."""

    pages: int = 0
    """Pages of results that were watched."""
    grew: bool = False
    slowest_ms: float = 0
    """Longest time that further results took to appear."""
    unfinished: int = 0
    """Pages that were still growing when they were read."""
    most: int = 0
    """Results on the longest page."""
    without: int = 0
    """Pages without results that were watched to the end."""
    late: bool = False
    """Whether results appeared on a page that had none at first."""
    unfilled: int = 0
    """Pages of which most places for results stayed empty."""
    in_sight_only: int = 0
    """Pages that hold only the results in sight, and drop others as they are scrolled."""

    def steady_ms(self, number: int) -> int:
        """Milliseconds without further results after which a page with a `number` is complete.

        It is only waited for on the first pages, on those that are longer than any before, and on
        sites whose pages do grow.
        """
        if self.pages < WATCHED:
            return PATIENT_MS
        return self.pace_ms() if self.grew or number > self.most else 0

    def pace_ms(self) -> int:
        """Milliseconds within which further results have appeared so far, and as many again."""
        return max(STEADY_MS, int(2 * self.slowest_ms))

    def none_ms(self) -> int:
        """Milliseconds for which a page without results is watched, as `steady_ms`."""
        return NONE_MS if self.late or self.without < WATCHED else 0

    def note(self) -> str:
        """A sentence if pages were read while they were still growing, else ""."""
        if not self.unfinished:
            return ""
        return (
            f"{_pages(self.unfinished)} showed ever more results while being scrolled: not certain "
            "that all are read"
        )

    def thin(self) -> str:
        """A sentence if pages stayed mostly empty, or hold only the results in sight, else ""."""
        if self.unfilled:
            return (
                f"most places for results on {_pages(self.unfilled)} stayed empty, so that some "
                "were not read; raise wait_ms, or read the data that the page loads "
                "(JsonSearchSpider)"
            )
        if not self.in_sight_only:
            return ""
        return (
            f"{_pages(self.in_sight_only)} held only the results in sight and dropped others while "
            "being scrolled, so that some were not read; read the data that the page loads "
            "(JsonSearchSpider)"
        )


def _pages(number: int) -> str:
    return "1 page" if number == 1 else f"{number} pages"


async def grow(
    page: Page,
    cards: Sequence[str],
    wait_ms: int,
    growth: Growth,
    awaited: Callable[[], bool] = lambda: False,
) -> None:
    """Scrolls down a page of results until it shows no more of them, or `wait_ms` are over.

    `cards` select the results. Empty places for results are waited for until a script has filled
    them, and a page without any is watched for a while, since scripts may show "nothing found"
    until the results arrive. Either lasts while data is `awaited` that may hold results.
    """
    if not cards:
        return
    now = time.monotonic()
    end = now + wait_ms / 1000
    found = await _filled(page, cards, end, growth, awaited)
    if not found:
        return
    number = _filled_of(found)
    steady_ms, growth.pages = growth.steady_ms(number), growth.pages + 1
    now = time.monotonic()
    last, steady = now, now + steady_ms / 1000
    first = set(found)
    while now < min(end, steady):
        await _scroll_down(page, cards)
        await page.wait_for_timeout(LOOK_MS)
        now = time.monotonic()
        found = await shown(page, cards)
        more = _filled_of(found)
        if more > number:
            growth.slowest_ms = max(growth.slowest_ms, 1000 * (now - last))
            number, growth.grew, last, steady = more, True, now, now + steady_ms / 1000
        elif awaited():
            steady = max(steady, now + growth.pace_ms() / 1000)
    growth.unfilled += 2 * number < len(found)
    growth.unfinished += now < min(steady, last + growth.pace_ms() / 1000)
    growth.most = max(growth.most, number)
    growth.in_sight_only += drops_results(first, set(await shown(page, cards)))
    await page.evaluate("window.scrollTo(0, 0)")


def drops_results(first: Collection[str], last: Collection[str]) -> bool:
    """Whether a page that was scrolled holds others in place of the results that it held first.

    >>> drops_results({"a", "b", "c"}, {"d", "e", "f"}), drops_results({"a"}, {"a", "b"})
    (True, False)
    """
    gone, new = set(first) - set(last), set(last) - set(first)
    return bool(new) and len(gone) >= _LEAST_GONE and len(gone) >= _SHARE_GONE * len(first)


async def _filled(
    page: Page, cards: Sequence[str], end: float, growth: Growth, awaited: Callable[[], bool]
) -> list[str]:
    """The results once most are filled, as `shown`; none if the page stays without any."""
    begun = time.monotonic()
    none_until = min(end, begun + growth.none_ms() / 1000)
    had_none = False
    while True:
        found = await shown(page, cards)
        now = time.monotonic()
        if found and (2 * _filled_of(found) >= len(found) or now > end):
            growth.late = growth.late or had_none
            return found
        if not found and now > (end if awaited() else none_until):
            growth.without += 1
            return []
        had_none = had_none or not found
        if any(found):
            await _to_empty(page, cards)
        await page.wait_for_timeout(LOOK_MS)


def _filled_of(found: Sequence[str]) -> int:
    """How many of the places for results have one."""
    return sum(map(bool, found))


async def _to_empty(page: Page, cards: Iterable[str]) -> None:
    """Scrolls to the first place for a result that is empty; some are filled once in sight."""
    for query in cards:
        await page.locator(_named(query)).evaluate_all(_SCROLL_TO_EMPTY)


async def shown(page: Page, cards: Iterable[str]) -> list[str]:
    """What tells each result of a page from others: its address, or its text; "" if empty."""
    found = [await page.locator(_named(query)).evaluate_all(_TELLING) for query in cards]
    return [str(each) for several in found if isinstance(several, list) for each in several]


async def _scroll_down(page: Page, cards: Iterable[str]) -> None:
    """Scrolls the page to its end, and the boxes within it that hold its last result."""
    await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    for query in cards:
        await page.locator(_named(query)).evaluate_all(_SCROLL_BOXES)
    await _to_empty(page, cards)


def _named(query: str) -> str:
    return f"xpath={query}" if XPATH.match(query) else query


_TELLING: Any = """cards => cards.map(card => {
  const link = card.matches('a[href]') ? card : card.querySelector('a[href]');
  return String(link ? link.href : card.innerText || '').trim().slice(0, 500);
})"""
_SCROLL_TO_EMPTY: Any = """cards => {
  const empty = cards.find(card =>
    !card.matches('a[href]') && !card.querySelector('a[href]') && !card.innerText);
  if (empty) empty.scrollIntoView();
}"""
_SCROLL_BOXES: Any = """cards => {
  let box = cards[cards.length - 1];
  while ((box = box && box.parentElement)) {
    if (box.scrollHeight > box.clientHeight) box.scrollTop = box.scrollHeight;
  }
}"""
