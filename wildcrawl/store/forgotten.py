"""Forgotten advertisements: what remains of one for the counts, without what names its seller."""

from __future__ import annotations

import hashlib
import hmac
import re
from copy import copy
from dataclasses import replace

from wildcrawl.items import Advertisement, Change
from wildcrawl.store.merge import TYPED_VERDICT

_PREFIX, _DIGITS = "forgotten-", 24
_PSEUDONYM = re.compile(rf"{_PREFIX}[0-9a-f]{{{_DIGITS}}}")
_EMPTIED = (
    "url", "title", "description", "category", "seller", "seller_id", "location", "posted_at",
    "note", "original_title", "original_description", "reason", "picture_text",
)  # fmt: skip
_FROM_LISTS = frozenset(
    {"verdict", TYPED_VERDICT, "species", "product_type", "age_claim", "by_person", "relevance"}
    | {"rate"}
)
"""Fields whose changes hold words of the vocabulary, verdicts and numbers, and no text."""
_PRICE = re.compile(r"[\d\s.,，:：~\-–—至到¥￥$€元块圆万千百/每克gGkK角]{1,40}")
_TELEPHONE = re.compile(r"(?:\d[\s\-]?){7,}")


def is_forgotten(ad_id: str) -> bool:
    """Whether this is the pseudonym of a forgotten advertisement.

    >>> is_forgotten("forgotten-0123456789abcdef01234567"), is_forgotten("612345678901")
    (True, False)
    """
    return bool(_PSEUDONYM.fullmatch(ad_id))


def pseudonym(ad: Advertisement, key: bytes) -> str:
    """The id under which `ad` is counted once it is forgotten; `key` is the store's secret.

    It depends on the moment of first sight, so that one which is found again and forgotten again
    has another. The same call gives the same, so that an interrupted forgetting can be completed.
    """
    first = ad.first_seen.isoformat(timespec="milliseconds") if ad.first_seen else ""
    name = f"{ad.site}\n{ad.ad_id}\n{first}".encode()
    return _PREFIX + hmac.new(key, name, hashlib.sha256).hexdigest()[:_DIGITS]


def remains_of(ad: Advertisement, ad_id: str) -> Advertisement:
    """What is kept of a judged advertisement under the pseudonym `ad_id`: nothing it says.

    Site, moments, species, tags, verdict with its name, and prices remain, so that counts do; a
    price that is more than a number is emptied, with what was read from it kept.
    """
    result = copy(ad)
    result.ad_id = ad_id
    for name in _EMPTIED:
        setattr(result, name, "")
    result.image_urls = []
    result.price = _plain_price(ad.price)
    result.history = [_without_texts(change) for change in ad.history]
    return result


def _plain_price(text: str) -> str:
    plain = _PRICE.fullmatch(text) and not _TELEPHONE.search(text)
    return text if plain else ""


def _without_texts(change: Change) -> Change:
    if change.field in _FROM_LISTS:
        return replace(change)
    return replace(change, old="", new="")
