"""Page words: the price and the seller as a captured page has them, before any cleaning.

The store keeps cleaned texts, in which widths and spaces are made alike. An officer compares the
report with the page, on which they may be written otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from parsel import Selector

from wildcrawl.analysis.charsets import NotAPage, decode
from wildcrawl.analysis.text import clean_text

MOST_BYTES = 8_000_000
"""Bytes of a page that are searched."""
LONGEST = 300
"""Characters of a text that is shown."""
_PARTS = 12
"""Elements that a text may be spread over, as amount and currency often are."""
_UNREAD = frozenset({"script", "style", "template", "noscript"})


def page_words(texts: Iterable[str], text: str) -> str:
    """Those of the `texts` of a page whose cleaned form is `text`, or the shortest that hold it.

    "" if there are none.

    >>> page = "<p>价格 <b>￥</b><em>４,９００</em></p><i>藏友A17 </i>".encode()
    >>> page_words(page_texts(page, "text/html; charset=utf-8"), "¥4,900")
    '价格 ￥４,９００'
    """
    holding = ""
    for words in texts:
        cleaned = clean_text(words)
        if cleaned == text:
            return words.strip()
        if _holds(cleaned, text) and (not holding or len(words) < len(holding)):
            holding = words.strip()
    return holding


def _holds(words: str, text: str) -> bool:
    """Whether words have a text that is not part of a longer number or Latin word.

    >>> _holds("原价 ¥180", "180"), _holds("p8", "8"), _holds("1,800", "800")
    (True, False, False)
    """
    start = words.find(text) if text else -1
    while start >= 0:
        beside = words[max(start - 1, 0) : start], words[start + len(text) :][:1]
        own = text[0], text[-1]
        if not any(_belong(*pair) for pair in zip(beside, own, strict=True)):
            return True
        start = words.find(text, start + 1)
    return False


def _belong(one: str, other: str) -> bool:
    latin = [each.isascii() and (each.isalnum() or each in ".,_") for each in (one, other)]
    return bool(one) and all(latin)


def page_texts(page: bytes, media_type: str) -> list[str]:
    """The texts of a page of HTML or JSON that may be a price or a name, as it has them."""
    if len(page) > MOST_BYTES:
        return []
    return [text for text in _texts(page, media_type) if text.strip() and len(text) <= LONGEST]


def _texts(page: bytes, media_type: str) -> Iterator[str]:
    """The texts of elements with few parts, of attributes, and of the values of JSON."""
    try:
        text = decode(page, "utf-8", media_type).text
    except NotAPage:
        return
    if text.lstrip()[:1] in ("{", "["):
        try:
            yield from _values(json.loads(text))
        except (ValueError, RecursionError):
            return
        return
    for element in Selector(text or "<html/>").root.iter():
        if not isinstance(element.tag, str) or element.tag in _UNREAD:
            continue
        yield from element.attrib.values()
        if element.tail:
            yield element.tail
        if len(list(islice(element.iter(), _PARTS + 1))) <= _PARTS:
            yield "".join(element.itertext())
        elif element.text:
            yield element.text


def _values(value: Any) -> Iterator[str]:
    """The texts and numbers in a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _values(each)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)
