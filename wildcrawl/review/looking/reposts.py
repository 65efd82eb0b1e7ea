"""Reposts: advertisements with nearly the same text as an earlier one, also after its removal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from rapidfuzz import fuzz, process

from wildcrawl.analysis.text import normalise
from wildcrawl.items import Advertisement, Key
from wildcrawl.review.looking.links import REPOST, Link
from wildcrawl.review.looking.matching import COPIES

TITLE = 90
"""Likeness of two titles, in percent, from which on they are nearly the same."""
DESCRIPTION = 85
"""The same for descriptions, where both advertisements have one."""
SHORTEST = 8
"""Characters of a title without which it is too general, unless a description agrees."""
LONGEST = 400
"""Characters of a description that are compared."""
_BATCH = 100


@dataclass(frozen=True)
class Text:
    """The folded text of an advertisement, and when it was first seen."""

    key: Key
    title: str
    description: str
    first_seen: datetime


def text_of(ad: Advertisement) -> Text | None:
    """The text of a stored advertisement; None if it has no title."""
    title = normalise(ad.title).text.strip()
    if not title or ad.first_seen is None:
        return None
    description = normalise(ad.description[:LONGEST]).text.strip()
    return Text((ad.site, ad.ad_id), title, description, ad.first_seen)


def find_reposts(
    new: Sequence[Text], known: Sequence[Text], removed: Mapping[Key, datetime]
) -> Iterator[Link]:
    """Links from each of `new` to the earlier ones of `known` with nearly the same text.

    A text that COPIES or more share is an everyday one, and links nothing. `removed` are the
    moments at which advertisements were found removed.
    """
    titles = [text.title for text in known]
    for start in range(0, len(new), _BATCH):
        batch = new[start : start + _BATCH]
        alike = process.cdist(
            [text.title for text in batch],
            titles,
            scorer=fuzz.ratio,
            score_cutoff=TITLE,
            dtype=np.uint8,
        )
        for text, row in zip(batch, alike, strict=True):
            others = [known[place] for place in np.flatnonzero(row).tolist()]
            if len(others) <= COPIES:
                yield from _links(text, others, removed)


def _links(text: Text, others: Iterable[Text], removed: Mapping[Key, datetime]) -> Iterator[Link]:
    for other in others:
        if other.key == text.key or (other.first_seen, other.key) >= (text.first_seen, text.key):
            continue
        how = _likeness(text, other)
        if how:
            gone = removed.get(other.key)
            after = gone is not None and gone <= text.first_seen
            moment = gone.isoformat() if gone and after else ""
            yield Link(REPOST, text.key, other.key, how, removed=moment)


def _likeness(text: Text, other: Text) -> str:
    """What is alike in two texts with alike titles; "" if that is too little."""
    title = f"title {fuzz.ratio(text.title, other.title):.0f}%"
    if text.description and other.description:
        same = fuzz.ratio(text.description, other.description)
        return f"{title}, description {same:.0f}%" if same >= DESCRIPTION else ""
    return title if min(len(text.title), len(other.title)) >= SHORTEST else ""
