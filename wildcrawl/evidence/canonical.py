"""Canonical JSON: the one text of a value, over which hashes are computed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from wildcrawl.store.documents import clean_surrogates


def canonical(value: Any) -> str:
    """`value` as JSON with sorted keys and no spaces; texts as every store keeps them.

    >>> canonical({"b": [1, "象牙"], "a": None})
    '{"a":null,"b":[1,"象牙"]}'
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return clean_surrogates(text)


def digest(value: Any) -> str:
    """SHA-256, in hex, of the canonical JSON of `value`.

    >>> digest({})
    '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
    """
    return hashlib.sha256(canonical(value).encode()).hexdigest()
