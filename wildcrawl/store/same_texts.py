"""Hashes of titles and descriptions, by which a store finds advertisements with the same text.

Texts are the same without blanks, punctuation, the width of letters and digits, and their case.
Each store keeps the hashes beside the advertisement, indexed, and writes both together.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

from wildcrawl.analysis.text import nfkc

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement

LEAST = {"title": 6, "description": 20}
"""Fields that are compared, with the least letters of their texts: shorter ones say too little."""

_OUTSIDE = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Letters and digits of a text, by which texts are compared.

    >>> plain("老 象牙，手镯（Ａ）５８圈口")
    '老象牙手镯a58圈口'
    """
    # In this order, since normalizing takes several times as long for a text with punctuation.
    return nfkc(_OUTSIDE.sub("", text)).lower()


def text_hash(field: str, text: str) -> int | None:
    """The hash of a field's text, in 64 bits with a sign; None for one that is too short.

    >>> text_hash("title", "老象牙 手镯") is None
    True
    >>> text_hash("title", "老象牙手镯，58") == text_hash("title", "老 象牙 手镯５８")
    True
    """
    letters = plain(text)
    if len(letters) < LEAST[field]:
        return None
    named = f"{field}\0{letters}".encode("utf-8", "replace")
    return int.from_bytes(blake2b(named, digest_size=8).digest(), signed=True)


def text_hashes(ad: Advertisement) -> list[int]:
    """The hashes of an advertisement's texts, at most one for each field."""
    found = (text_hash(field, getattr(ad, field)) for field in LEAST)
    return [each for each in found if each is not None]


def have_same_text(ad: Advertisement, other: Advertisement) -> bool:
    """Whether both have the same title or description, which equal hashes alone do not prove."""
    return any(
        len(letters := plain(getattr(ad, field))) >= least
        and letters == plain(getattr(other, field))
        for field, least in LEAST.items()
    )
