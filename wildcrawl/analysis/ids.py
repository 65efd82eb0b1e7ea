"""Ids derived for advertisements whose site gives none."""

from __future__ import annotations

import hashlib
import unicodedata

from w3lib.url import canonicalize_url


def derive_ad_id(url: str, title: str, seller: str) -> str:
    """Id from the canonical address, or from title and seller if there is no address.

    The id is the same on every run and machine. ValueError if there is neither an address nor
    a title.

    >>> derive_ad_id("http://example.org/a?y=2&x=1", "", "")
    'u-939ec252cbd6a982'
    """
    if url.strip():
        return "u-" + _digest(_canonical(url.strip()))
    if not title.strip():
        raise ValueError(
            "an advertisement without ad_id needs a url or a title, from which its id is derived"
        )
    return "t-" + _digest(_folded(title) + "\n" + _folded(seller))


def _canonical(url: str) -> str:
    # On pages made by script, the part after #/ or #! identifies the advertisement.
    fragment = url.partition("#")[2]
    try:
        return str(canonicalize_url(url, keep_fragments=fragment.startswith(("/", "!"))))
    except ValueError:
        return url


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
