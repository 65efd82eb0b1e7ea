"""What a response is before it is read: a page, a block, or nothing that can be read."""

from __future__ import annotations

import json
from typing import ClassVar

from scrapy.http import HtmlResponse, Response

from wildcrawl.analysis.charsets import NotAPage, charset_of
from wildcrawl.analysis.text import clean_text
from wildcrawl.crawl.stats import Stat


class PageError(ValueError):
    """A page that cannot be used; `stat` names what counts it."""

    stat: ClassVar[str] = Stat.PAGES_UNREADABLE


class Unreadable(PageError):
    """Empty, binary, or not what was asked for."""


class Blocked(PageError):
    """A login wall, a captcha or another sign that the site wants no further requests."""

    stat = Stat.PAGES_BLOCKED


class Missing(PageError):
    """A soft 404: the site says that the page is not there, with a status that says it is."""

    stat = Stat.PAGES_MISSING


class Withheld(PageError):
    """A page that the site shows to its members only, or no more; the others can be read."""

    stat = Stat.PAGES_WITHHELD


def readable(response: Response, charset: str) -> HtmlResponse:
    """The response as text in the charset it is really in; Unreadable if it is not text."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    try:
        encoding = charset_of(response.body, charset, content_type)
    except NotAPage as error:
        raise Unreadable(str(error)) from None
    return response.replace(cls=HtmlResponse, encoding=encoding)


def shows(page: HtmlResponse, text: str) -> bool:
    """Whether `text`, as it is kept of an advertisement, stands on the page."""
    return bool(text) and folded(clean_text(text)) in folded(plain(page))


def plain(page: HtmlResponse) -> str:
    """The page as it is, JSON without its escapes, then its text as advertisements' texts are kept.

    The first holds the addresses of pictures, the second what a person reads.
    """
    try:
        text = json.dumps(json.loads(page.text), ensure_ascii=False)
    except ValueError:
        text = page.text
    return f"{text}\n{clean_text(text)}"


def folded(text: str) -> str:
    """`text` without white space, of which a page may have more or less than what is kept."""
    return "".join(text.split())
