"""Earlier ids: those that earlier versions derived."""

from __future__ import annotations

import hashlib

from w3lib.url import canonicalize_url


def earlier_id(url: str) -> str:
    """The id that earlier versions derived from an address."""
    plain = canonicalize_url(url, keep_fragments=url.partition("#")[2].startswith(("/", "!")))
    return "u-" + hashlib.sha256(plain.encode()).hexdigest()[:16]
