"""Watch over a browser's page: its download ends if the page's own script blocks it for long.

Playwright's `evaluate`, `content` and `count` have no time limit, and wait for the page's script.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from playwright.async_api import Page

LOOK_S = 5.0
"""Seconds between two questions whether a page answers."""
SILENT_S = 30.0
"""Seconds for which a page may not answer."""

T = TypeVar("T")


class PageUnresponsive(Exception):
    """Raised for a page whose own script keeps it from answering."""


async def watched(work: Coroutine[Any, Any, T], page: Page) -> T:
    """The result of `work` on a page; PageUnresponsive once the page is silent for SILENT_S."""
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=LOOK_S))[0]:
            if not await _answers(page, task):
                raise PageUnresponsive(f"its own script blocked the page for {SILENT_S:g} seconds")
        return task.result()
    finally:
        await _ended(task)


async def _answers(page: Page, work: asyncio.Future[Any]) -> bool:
    """Whether a page evaluates an expression, or the work on it ends, within SILENT_S."""
    question = asyncio.ensure_future(page.evaluate("1"))
    try:
        # An error is an answer too: the page may lead on to another, or be closed.
        done, _ = await asyncio.wait(
            {question, work}, timeout=SILENT_S, return_when=asyncio.FIRST_COMPLETED
        )
        return bool(done)
    finally:
        await _ended(question)


async def _ended(task: asyncio.Future[Any]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await task
