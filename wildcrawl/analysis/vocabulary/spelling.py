"""Spellings of a word that texts are matched by: case, width, and traditional characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from wildcrawl.analysis.text import simplified


def folded(words: Iterable[str], characters: Mapping[str, str]) -> dict[str, str]:
    """Each word in the form in which texts are matched, without signs.

    Words that fold to the same text match the same advertisements. `characters` are the
    vocabulary's readings of single characters.

    >>> folded(["熊膽", "Ｘ牙"], {})
    {'熊膽': '熊胆', 'Ｘ牙': 'x牙'}
    """
    texts = list(dict.fromkeys(words))
    readings = _simplified("".join(sorted({*"".join(texts)}))) | dict(characters)
    return {word: _signless("".join(readings[letter] for letter in word)) for word in texts}


@cache
def _simplified(letters: str) -> dict[str, str]:
    """Each letter in lower case, of usual width and simplified."""
    if not letters:
        return {}
    plain = [unicodedata.normalize("NFKC", letter).lower() for letter in letters]
    # One letter a line: within a word the reading of a letter depends on its neighbours.
    rows = "\n".join(text if text.strip() else "-" for text in plain)
    return dict(zip(letters, simplified(rows).split("\n"), strict=True))


def _signless(text: str) -> str:
    if text.isalnum():
        return text
    kept = (letter if unicodedata.category(letter)[0] in "LN" else " " for letter in text)
    return " ".join("".join(kept).split()) or text
