"""Links of notices: the address of an advertisement on the site itself, or where it leads to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from wildcrawl.analysis.contacts import hide_in_address
from wildcrawl.analysis.text import one_line

_UNSAFE = re.compile(r"[\\\s\x00-\x20\x7f<>\"`{}|^]")


class PageLink(NamedTuple):
    """An address on the site itself (`url`), or else the host that an address leads to."""

    url: str = ""
    leads_to: str = ""


def link_of(address: str, is_own: Callable[[str], bool]) -> PageLink:
    """The link of an advertisement's address.

    Only an address with http or https, without a user's name, that `is_own` accepts is listed as
    it is; of another only the host is named, in the ASCII form of its name (punycode).

    >>> link_of("http://mall.example/1?tel=138", lambda url: "mall.example" in url)
    PageLink(url='http://mall.example/1?tel=▒▒▒', leads_to='')
    >>> link_of("https://mаll.example/1", lambda url: False).leads_to
    'xn--mll-6cd.example'
    """
    address = one_line(address)
    if not address:
        return PageLink()
    try:
        parts = urlsplit(address)
        host, named = parts.hostname or "", "@" in parts.netloc
    except ValueError:
        return PageLink(leads_to="?")
    if parts.scheme.lower() not in ("http", "https") or not host or _UNSAFE.search(address):
        return PageLink(
            leads_to=f"{ascii_host(parts.scheme or '?')}: {ascii_host(host)}".strip(": ")
        )
    if not named and is_own(address):
        return PageLink(hide_in_address(address))
    return PageLink(leads_to=ascii_host(host))


def ascii_host(host: str) -> str:
    """A host's name in the letters that cannot be taken for others, at most 80 of them."""
    try:
        name = host.encode("idna").decode()
    except UnicodeError:
        name = host.encode("ascii", "backslashreplace").decode()
    return re.sub(r"[^\w.:\\-]", "?", name)[:80]
