"""Verdict state: what a person saw of a verdict, so that nobody overwrites another's unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from wildcrawl.items import Change, Verdict
from wildcrawl.store.base import StoreError
from wildcrawl.store.identity import last_reuse

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement
    from wildcrawl.store.corrections import Decision


class JudgedMeanwhileError(StoreError):
    """Raised when an advertisement's verdict is not the one that the person saw.

    `ad` is the advertisement as it is in the store; nothing was changed.
    """

    def __init__(self, ad: Advertisement) -> None:
        name = ad.screened_by or "another person"
        super().__init__(f"advertisement '{ad.ad_id}' of site '{ad.site}' was judged by {name}")
        self.ad = ad


def is_judged(ad: Advertisement) -> bool:
    """Whether a person gave a verdict, so that reports count it."""
    return ad.verdict not in ("", Verdict.PENDING)


def is_same_person(name: str, other: str) -> bool:
    """Whether two names are one person's.

    >>> is_same_person("Li", " li"), is_same_person("Li", "")
    (True, False)
    """
    return name.strip().casefold() == other.strip().casefold()


def seen_state(ad: Advertisement) -> str:
    """A short fingerprint of what persons decided on `ad`, to be sent back with a verdict.

    It changes with each verdict, undo, note and correction, and when the id shows another
    advertisement; it does not change when a crawl sees the advertisement again or retags it.
    """
    last = last_verdict(ad.history)
    parts = [
        ad.verdict or Verdict.PENDING,
        ad.screened_by,
        ad.note,
        last.at.isoformat() if last else "",
        last_reuse(ad.history),
        *(f"{name}={getattr(ad, name)}" for name in sorted(ad.by_person)),
    ]
    text = json.dumps([str(part) for part in parts], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def last_verdict(history: Sequence[Change]) -> Change | None:
    """The last verdict or undo in a history; None if there is none."""
    return next((change for change in reversed(history) if change.field == "verdict"), None)


def verdict_given(ad: Advertisement) -> Change | None:
    """The change by which the person named in `ad` gave its verdict; None if none is known.

    An undo that restored the verdict is a later change, with the name of who undid.
    """
    given = (
        change
        for change in reversed(ad.history)
        if (change.field, change.new, change.by) == ("verdict", ad.verdict, ad.screened_by)
    )
    return next(given, None)


def already_judged(ad: Advertisement, decision: Decision, at: datetime) -> bool:
    """Whether the stored `ad` has this very verdict, whose answer a broken connection lost."""
    last = last_verdict(ad.history)
    given = (at, str(decision.verdict), decision.actor)
    return last is not None and (last.at, last.new, last.by) == given


def check_seen(ad: Advertisement, seen: str | None) -> None:
    """Raises JudgedMeanwhileError if `seen` is given and is not the state of `ad`."""
    if seen is not None and seen != seen_state(ad):
        raise JudgedMeanwhileError(ad)
