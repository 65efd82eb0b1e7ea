"""The tagger's strength as a number: the order of the queue as long as nothing is learned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement

_STRENGTH = re.compile(r"\((name|bare|spelling|code)\)(?: with (.*))?$")
_WORTH = {"name": 0.8, "bare": 0.6, "spelling": 0.5, "code": 0.4}
_WITHOUT_TEXT = 0.3
_PERSON = 0.9


def strength(ad: Advertisement) -> float:
    """How sure the tagger is, from 0 to 1: by its strongest match and by what supports that.

    A name is worth more than a disguised spelling, that more than a code word; further terms
    and supports add a little, never a whole step. What a person recorded comes first.
    """
    if ad.by_person:
        return _PERSON
    told = _STRENGTH.search(ad.reason)
    if told is None:
        return _WITHOUT_TEXT
    supports = len(told[2].split(", ")) if told[2] else 0
    return _WORTH[told[1]] + 0.01 * min(4, supports) + 0.01 * min(4, max(0, len(ad.terms) - 1))
