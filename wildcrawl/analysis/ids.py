"""Derived ids for advertisements that have none of their own."""

from __future__ import annotations

import hashlib
import unicodedata

from w3lib.url import canonicalize_url


def derive_ad_id(url: str, title: str, seller: str) -> str:
    """A stable id: of the canonical address, or of title and seller where there is no address.

    The same advertisement gives the same id on every run and every machine. ValueError if
    there is neither an address nor a title.

    >>> derive_ad_id("http://example.org/a?y=2&x=1", "", "")
    'u-939ec252cbd6a982'
    """
    if url.strip():
        return "u-" + _digest(_canonical(url.strip()))
    if not title.strip():
        raise ValueError("an advertisement without ad_id needs a url or a title to be known by")
    return "t-" + _digest(_folded(title) + "\n" + _folded(seller))


def _canonical(url: str) -> str:
    # Where pages are made by script, the part after #/ or #! names the advertisement.
    fragment = url.partition("#")[2]
    try:
        return str(canonicalize_url(url, keep_fragments=fragment.startswith(("/", "!"))))
    except ValueError:
        return url


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
