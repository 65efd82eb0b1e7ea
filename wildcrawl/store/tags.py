"""Tags in the history: what an advertisement was tagged with before its rules changed."""

from __future__ import annotations

from datetime import datetime

from wildcrawl.items import Advertisement, Change, Relevance

FIELD = "tags"
"""Name in the history for tags that were read by other rules."""
TAGS = (
    *("species", "product_type", "age_claim", "relevance", "reason", "terms"),
    *("strength", "supports", "audit"),
)
"""Fields that the tagger writes, besides the fingerprint of its rules."""
_SHOWN = TAGS[:6]


def stays_raised(ad: Advertisement, tags: Advertisement) -> bool:
    """Whether `ad` was raised by the second reader, and new tags still do not make it likely."""
    return ad.relevance == Relevance.SECOND_READER and tags.relevance != Relevance.LIKELY


def note_tags(before: Advertisement, after: Advertisement, at: datetime) -> None:
    """Adds the tags that differ to the history of `after`, with both fingerprints."""
    changed = [name for name in _SHOWN if getattr(before, name) != getattr(after, name)]
    if changed:
        names = [*changed, "rules"]
        change = Change(at, FIELD, _text(before, names), _text(after, names))
        after.history = [*after.history, change]


def _text(ad: Advertisement, names: list[str]) -> str:
    return " | ".join(f"{name}: {_value(getattr(ad, name))}" for name in names)


def _value(value: str | list[str]) -> str:
    return (value if isinstance(value, str) else ", ".join(value)) or "none"
