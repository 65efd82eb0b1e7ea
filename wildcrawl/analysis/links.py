"""Links of a page, made absolute."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin

from wildcrawl.analysis.text import stream_safe


def join_address(base: str, url: str) -> str:
    """`urljoin(base, url)` in linear time; one that is not valid leads nowhere.

    The page is read nevertheless: sellers write addresses too.

    >>> join_address("https://shop.example/list?q=1", "/item/7.html")
    'https://shop.example/item/7.html'
    >>> join_address("https://shop.example/", "http://[b")
    'http://%5Bb'
    """
    if _PLAIN_PATH.fullmatch(url) and (origin := _ORIGIN.match(base)):
        return origin[0] + url
    safe = stream_safe(url)
    try:
        return urljoin(base, safe)
    except ValueError:
        return urljoin(base, quote(safe, safe=_RESERVED))


_PLAIN_PATH = re.compile(r"(?:/(?!\.)[\w.%~-]+)+(?:\?[\w.%~&=-]+)?", re.ASCII)
_ORIGIN = re.compile(r"https?://[a-z0-9.:-]+(?=/|$)")
_RESERVED = "!#$%&'()*+,/:;=?@~"
"""Marks of addresses, but for brackets, within which only a number may stand."""
