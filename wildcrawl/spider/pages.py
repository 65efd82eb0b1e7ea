"""What a response is before it is read: a page, a block, or nothing that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse

from wildcrawl.charsets import NotAPage, charset_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.http import Response

# Wording of login walls and challenges that sites share; a site may declare more.
BLOCK_MARKS = (
    "验证码",
    "滑动验证",
    "滑块",
    "安全验证",
    "人机验证",
    "访问过于频繁",
    "异常访问",
    "请先登录",
    "登录后才能",
    'type="password"',
    "captcha",
)
BLOCK_ADDRESSES = ("login", "passport", "captcha", "verify", "antispider", "antibot", "punish")
SHORT_PAGE = 20_000
"""A challenge is a short page; a mark in a long one is somebody's text."""


class PageError(ValueError):
    """A page that cannot be used; `kind` names the stat that counts it."""

    kind = "unreadable"


class Unreadable(PageError):
    """Empty, binary, or not what was asked for."""


class Blocked(PageError):
    """A login wall, a captcha or another sign that the site wants no further requests."""

    kind = "blocked"


class Missing(PageError):
    """A soft 404: the site says that the page is not there, with a status that says it is."""

    kind = "missing"


class Withheld(PageError):
    """A page that the site shows to its members only, or no more; the others can be read."""

    kind = "withheld"


def readable(response: Response, charset: str) -> HtmlResponse:
    """The response as text in the charset it is really in; Unreadable if it is no text."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    try:
        encoding = charset_of(response.body, charset, content_type)
    except NotAPage as error:
        raise Unreadable(str(error)) from None
    return response.replace(cls=HtmlResponse, encoding=encoding)


def check_blocked(page: HtmlResponse, marks: Iterable[str] = ()) -> None:
    """Raises Blocked if a page that shows nothing of what was asked for is a challenge.

    `marks` are the site's own wordings. To be called only for such a page: a seller may write
    the same words.
    """
    if page.request is not None and "redirect_urls" in page.meta:
        address = page.url.lower()
        if any(word in address for word in BLOCK_ADDRESSES):
            raise Blocked(f"the site led to {page.url}")
    if len(page.body) > SHORT_PAGE:
        return
    for mark in (*BLOCK_MARKS, *marks):
        if mark in page.text:
            raise Blocked(f"the site asks for something else first ('{mark}')")
