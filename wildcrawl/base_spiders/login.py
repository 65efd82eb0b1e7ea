"""Login: a person signs in to a site in a browser, whose profile later crawls use."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildcrawl.base_spiders.browser import BROWSERS, QUIET, NoBrowser, may_sandbox
from wildcrawl.base_spiders.browser_profiles import ProfileError, held, keep_cookies, make_private

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOOK_MS = 1000
"""Milliseconds between two looks at whether the person is done."""
WINDOWLESS = "headless"
"""Part of the program's name of a browser without a window."""


class NoDisplay(ValueError):
    """The machine cannot show a window."""


def check_display(site: str, folder: Path) -> None:
    """Raises NoDisplay if this machine cannot show a browser's window."""
    has_display = sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if not has_display:
        raise NoDisplay(
            f"scrapy login {site} opens a browser's window and this machine has no display; run "
            f"it on a desktop, then copy its folder {folder} to the same place here, readable "
            "by you alone (it holds cookies: whoever has it is signed in as you)"
        )


def find_window_browser(named: str = "") -> str:
    """The path of a browser with a window: `named`, if it has one, else the first on PATH."""
    for name in (named, *BROWSERS):
        path = shutil.which(name) if name else None
        if path and WINDOWLESS not in Path(path).name:
            return path
    raise NoBrowser(
        "signing in needs a browser with a window and none was found; install Chromium, or name "
        "one in WILDCRAWL_BROWSER"
    )


def sign_in(
    folder: Path,
    address: str,
    browser: str,
    done: Callable[[Page], bool],
    flags: list[str] | None = None,
) -> int:
    """Opens `address` with the profile `folder` until `done` or the window is closed.

    Returns the number of cookies saved. ProfileError if the profile is in use, or the browser
    does not open.
    """
    from playwright.sync_api import Error as BrowserError
    from playwright.sync_api import sync_playwright

    make_private(folder)
    with held(folder), sync_playwright() as playwright:
        try:
            context = playwright.chromium.launch_persistent_context(
                str(folder),
                executable_path=browser,
                headless=False,
                no_viewport=True,
                args=QUIET if flags is None else flags,
                chromium_sandbox=may_sandbox(),
            )
        except BrowserError as error:
            why = error.message.splitlines()[0]
            raise ProfileError(f"{browser} does not open with {folder}: {why}") from None
        page = context.pages[0] if context.pages else context.new_page()
        cookies: list[Any] = []
        # Errors while the window closes are expected; the last cookies seen are saved.
        with suppress(BrowserError):
            page.goto(address)
        with suppress(BrowserError):
            while context.pages and not done(page):
                cookies = context.cookies() or cookies
                context.pages[0].wait_for_timeout(LOOK_MS)
            cookies = context.cookies() or cookies
        with suppress(BrowserError):
            context.close()
    keep_cookies(folder, cookies)
    return len(cookies)
