"""Return keys of many advertisements at once: the keys of `return_key`, a column at a time."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import polars as pl

from wildcrawl.analysis.return_keys import MODULUS, PAIRS, WEIGHTED


def return_keys(rows: pl.DataFrame) -> pl.Series:
    """The return key of each row by its `site` and `ad_id`.

    >>> return_keys(pl.DataFrame({"site": ["taobao"], "ad_id": ["612345678901"]})).to_list()
    ['RXNVSVJKBNNKSRDW']
    """
    names = rows.select(pl.concat_str("site", "ad_id", separator="\0").cast(pl.Binary)).to_series()
    hashes = pl.Series([sha256(name).digest()[:8] for name in names], dtype=pl.Binary)
    left = hashes.bin.reinterpret(dtype=pl.UInt64, endianness="big")
    pairs, weights = _letters()
    code, check = [], pl.zeros(rows.height, pl.UInt64, eager=True)
    for weight in weights:
        place, left = left % len(PAIRS), left // len(PAIRS)
        code.append(pairs.gather(place))
        check += weight.gather(place)
    code.append(pairs.gather(check % MODULUS))
    return pl.select(pl.concat_str(code)).to_series()


@cache
def _letters() -> tuple[pl.Series, list[pl.Series]]:
    """The pairs of letters and, for each place in a key, their shares in the check letters."""
    shares = ([weight[pair] for pair in PAIRS] for weight in WEIGHTED)
    return pl.Series(PAIRS), [pl.Series(each, dtype=pl.UInt64) for each in shares]
