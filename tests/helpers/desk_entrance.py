"""Entrance of desks under test: fetches the cookie of a one-time token for browsers and clients."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from tests.helpers.desk_data import entrance
from wildcrawl.desk.app import close_app
from wildcrawl.local_server import server_of

if TYPE_CHECKING:
    from flask import Flask
    from playwright._impl._api_structures import SetCookieParam
    from playwright.sync_api import Browser, BrowserContext, Page

_COOKIES: list[SetCookieParam] = []
_BROWSERS: list[Browser] = []


def enter(address: str) -> str:
    """Uses the address that a desk printed for all browsers of `entering`; returns its start.

    Each of their pages and contexts, also later ones, has the cookie then.
    """
    base, _, _ = address.partition("enter?")
    name, value = cookie_of(address)
    cookie: SetCookieParam = {
        "name": name, "value": value, "url": base, "httpOnly": True, "sameSite": "Strict",
    }  # fmt: skip
    _COOKIES.append(cookie)
    for browser in _BROWSERS:
        for context in browser.contexts:
            context.add_cookies([cookie])
    return base


def cookie_of(address: str) -> tuple[str, str]:
    """Name and value of the cookie that the address with a one-time token sets."""
    with urlopen(address) as answer:
        cookies = SimpleCookie(answer.headers["Set-Cookie"])
    ((name, morsel),) = cookies.items()
    return name, morsel.value


def session_request(url: str) -> Request:
    """A request to a desk of `enter`, with its cookie."""
    cookie = next(each for each in _COOKIES if url.startswith(each["url"] or "none"))
    return Request(url, headers={"Cookie": f"{cookie['name']}={cookie['value']}"})


def entering(browser: Browser) -> Browser:
    """The browser, whose pages and contexts have the cookies of all desks of `enter`."""
    new_context, new_page = browser.new_context, browser.new_page

    def context(**options: Any) -> BrowserContext:
        made = new_context(**options)
        made.add_cookies(_COOKIES)
        return made

    def page(**options: Any) -> Page:
        made = new_page(**options)
        made.context.add_cookies(_COOKIES)
        return made

    browser.new_context = context  # type: ignore[method-assign]
    browser.new_page = page  # type: ignore[method-assign]
    _BROWSERS.append(browser)
    browser.on("disconnected", lambda closed: _BROWSERS.remove(closed))
    return browser


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serves a desk on loopback; gives the start of its addresses, which browsers have entered."""
    server = server_of(app, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield enter(f"http://127.0.0.1:{server.port}{entrance(app)}")
    finally:
        server.shutdown()
        thread.join()
        close_app(app)
