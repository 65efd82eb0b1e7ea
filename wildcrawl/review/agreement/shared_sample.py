"""Shared sample: the advertisements that two persons judge, chosen by a hash of their keys."""

from __future__ import annotations

import hashlib

from wildcrawl.items import Key

SHARE = 0.03
"""Default share of advertisements that two persons judge."""


def is_shared(key: Key, share: float) -> bool:
    """Whether an advertisement is in the sample; the same on every machine and in every month.

    `share` is from 0 to 1; a larger sample contains every smaller one.
    """
    name = f"shared\0{key[0]}\0{key[1]}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(name).digest()[:8]) < share * 2**64
