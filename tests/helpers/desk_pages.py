"""Desk pages in a browser: keys pressed once a card takes them."""

from __future__ import annotations

from playwright.sync_api import Page


def ready(page: Page) -> None:
    """Waits until the card on the page takes keys."""
    page.locator("html[data-ready]").wait_for(state="attached")


def judge_by(page: Page, key: str) -> None:
    """Presses a key that judges the card, and waits for the next one."""
    ready(page)
    with page.expect_navigation():
        page.keyboard.press(key)
    ready(page)
