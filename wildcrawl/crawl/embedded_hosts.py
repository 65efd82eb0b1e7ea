"""Embedded hosts: where a page takes its own pictures from, and not where its links lead."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from parsel import Selector

_LINKS = ("a", "area", "form", "base", "iframe", "frame", "object", "embed")
"""Elements whose addresses a person follows, or whose content is another page."""
_ATTRIBUTES = f"//*[not({' or '.join(f'self::{name}' for name in _LINKS)})]/@*"
_CODE = "//script/text() | //style/text()"
_SLASHES = r"(?:\\?/){2}"
_HOST = r"(?P<host>\[[0-9a-f:.]+\](?::\d+)?|[^\s/\\\"'<>()?#&;,]+)"
_ADDRESS = re.compile(rf"(?:^|[\s,(\"'=])(?:https?:)?{_SLASHES}{_HOST}", re.IGNORECASE)
"""An address in an attribute: alone, in a list of sources, or in the url() of a style."""
_QUOTED = re.compile(
    rf"(?:(?:\bsrc|\bsrcset)\s*=\s*\\?[\"']|[\"'(])(?:https?:)?{_SLASHES}{_HOST}", re.IGNORECASE
)
"""An address in data or a script: a whole text, or the source in a piece of HTML."""


def embedded_hosts(text: str, url: str) -> frozenset[str]:
    """The hosts, with their ports, from which the page `text` at `url` takes pictures or data.

    The page's own host, and those in attributes, styles, scripts and JSON; not those of links, nor
    of addresses in a text that a person reads.

    >>> page = '<img src="//img.example/1.jpg"><a href="http://away.example/2.jpg">more</a>'
    >>> sorted(embedded_hosts(page, "https://mall.example/item/1"))
    ['img.example', 'mall.example']
    """
    hosts = {urlsplit(url).netloc.rpartition("@")[2].lower()}
    if text.lstrip()[:1] in ("{", "["):
        hosts.update(_hosts(_QUOTED, text))
        return frozenset(hosts)
    selector = Selector(text or "<html/>")
    for value in selector.xpath(_ATTRIBUTES).getall():
        hosts.update(_hosts(_ADDRESS, value))
    for code in selector.xpath(_CODE).getall():
        hosts.update(_hosts(_QUOTED, code))
    return frozenset(hosts)


def _hosts(pattern: re.Pattern[str], text: str) -> set[str]:
    return {match["host"].rpartition("@")[2].lower() for match in pattern.finditer(text)}
