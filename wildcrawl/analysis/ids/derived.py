"""Ids derived for advertisements whose site gives none."""

from __future__ import annotations

import hashlib

from wildcrawl.analysis.ids.addresses import canonical_address, find_address, names_one_page
from wildcrawl.analysis.text import nfkc

BY_TITLE = "t-"
"""Beginning of an id that is derived from title and seller."""


def derive_ad_id(url: str, title: str, seller: str) -> str:
    """Id from the canonical address, or from title and seller if the address names no page.

    A home page, a page of search results and words in place of an address name none: they stand
    for several advertisements. Without a title they are all there is. The id is the same on every
    run and machine. ValueError if there is neither an address nor a title.

    >>> derive_ad_id("http://example.org/a?y=2&x=1", "", "")
    'u-939ec252cbd6a982'
    """
    address = find_address(url)
    if names_one_page(address):
        return "u-" + _digest(canonical_address(address))
    if title.strip():
        return BY_TITLE + _digest(_folded(title) + "\n" + _folded(seller))
    if not url.strip():
        raise ValueError(
            "an advertisement without ad_id needs a url or a title, from which its id is derived"
        )
    return "u-" + _digest(canonical_address(address) or url.strip())


def is_derived(ad_id: str) -> bool:
    """Whether an id has the form of a derived one.

    >>> is_derived("u-939ec252cbd6a982"), is_derived("u-1")
    (True, False)
    """
    digest = ad_id[2:]
    return ad_id[:2] in ("u-", BY_TITLE) and len(digest) == 16 and set(digest) <= _HEX


_HEX = frozenset("0123456789abcdef")


def _folded(text: str) -> str:
    return " ".join(nfkc(text).split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
