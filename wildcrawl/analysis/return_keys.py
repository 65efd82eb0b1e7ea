"""Return keys: codes of letters by which exported rows find their advertisements again.

A spreadsheet changes ids that look like numbers or dates; it leaves a word of letters as it is.
"""

from __future__ import annotations

import hashlib

from wildcrawl.analysis.text import nfkc

_LETTERS = "BCDFGHJKMNPQRSTVWXYZ"
"""Consonants without L: no vowel, so that no key is a word, and no letter like 0 or 1."""
_CODE, _CHECK = 14, 2
LENGTH = _CODE + _CHECK
"""Letters of a key; the first 14 are 60 bits of a hash, the others check them."""
_PLACES = {letter: place for place, letter in enumerate(_LETTERS)}
PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
"""Every two letters, by the number from 0 to 399 that they stand for."""
# A prime below 20², with a primitive root: every changed letter and every two swapped are noticed.
MODULUS, _ROOT = 397, 5


def _weighted(place: int) -> dict[str, int]:
    """The share of each pair of letters in the check, where it is at `place`."""
    first, second = (pow(_ROOT, place + more, MODULUS) for more in (0, 1))
    return {pair: first * _PLACES[pair[0]] + second * _PLACES[pair[1]] for pair in PAIRS}


WEIGHTED = [_weighted(place) for place in range(0, _CODE, 2)]
"""For each two letters of a code, their share in the check letters."""


def return_key(site: str, ad_id: str) -> str:
    """The key of the advertisement `ad_id` of `site`: 16 capital letters.

    It is the same in every store, export and version.

    >>> return_key("taobao", "612345678901")
    'RXNVSVJKBNNKSRDW'
    """
    name = f"{site}\0{ad_id}".encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.sha256(name).digest()[:8], "big")
    code = ""
    for _ in range(_CODE // 2):
        number, pair = divmod(number, len(PAIRS))
        code += PAIRS[pair]
    return code + _check_letters(code)


def read_key(text: str) -> str | None:
    """The key in a cell, in capitals; "" for an empty cell, None for a text that is not a key.

    Case, blanks, invisible characters, full-width letters and punctuation do not matter.

    >>> read_key(" rxnv-svjk-bnnk-srdw "), read_key("RXNVSVJKBNNKSRDX"), read_key(" ")
    ('RXNVSVJKBNNKSRDW', None, '')
    """
    plain = nfkc(text).upper()
    key = "".join(character for character in plain if character.isalnum())
    if not key:
        return "" if not text.strip() else None
    if len(key) != LENGTH or not all(letter in _PLACES for letter in key):
        return None
    return key if _check_letters(key[:_CODE]) == key[_CODE:] else None


def _check_letters(code: str) -> str:
    pairs = zip(WEIGHTED, range(0, _CODE, 2), strict=True)
    return PAIRS[sum(weighted[code[place : place + 2]] for weighted, place in pairs) % MODULUS]
