"""Decisions of a person on an advertisement: a verdict, and corrections of what the tagger read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from wildcrawl.items import Advertisement, AgeClaim, Change, ProductType, Verdict
from wildcrawl.utils import did_you_mean

_BY_PERSON = "by_person"


@dataclass(frozen=True)
class Corrections:
    """Values that replace the tagger's; None leaves a field as it is, "" clears it.

    The first of `species` is the primary one. ValueError for a product type or an age claim that
    is not valid; species groups are checked against the vocabulary by `check_species`.
    """

    species: tuple[str, ...] | None = None
    product_type: str | None = None
    age_claim: str | None = None

    def __post_init__(self) -> None:
        _check_word("product type", self.product_type, ProductType)
        _check_word("age claim", self.age_claim, AgeClaim)


CORRECTED = tuple(field.name for field in fields(Corrections))
"""Fields of an advertisement that a person may correct."""


@dataclass(frozen=True)
class Decision:
    """A verdict that `by` gives at the moment `at`, with its note.

    `corrections` override the tagger from then on, for later sightings too, and are added to the
    history. The verdict pending undoes those made since the ad was last pending; `by` is then the
    name in the history alone.
    """

    verdict: Verdict
    by: str
    note: str
    at: datetime
    corrections: Corrections | None = None
    seen: str | None = None
    """The `verdicts.seen_state` that the person saw: on any other one the verdict is refused."""
    undone_by: str = ""
    """Who restores an earlier verdict of `by`: the history then has this name."""

    @property
    def actor(self) -> str:
        """The name in the history."""
        return self.undone_by or self.by


def check_species(species: Iterable[str], groups: Collection[str]) -> None:
    """Raises ValueError, with the fix, for the first of `species` that is not in `groups`."""
    for name in species:
        if name not in groups:
            raise ValueError(
                f"'{name}' is not a valid species group{did_you_mean(name, groups)}; "
                f"choose one of {', '.join(groups)}"
            )


def correct(ad: Advertisement, corrections: Corrections, at: datetime, by: str = "") -> None:
    """Applies the corrections of the person `by`: sets and marks changed values, adds history."""
    changed = {
        name: value
        for name in CORRECTED
        if (value := getattr(corrections, name)) is not None
        and _text(value) != _text(getattr(ad, name))
    }
    for name, value in changed.items():
        _set(ad, at, name, _text(value), by)
    _set_by_person(ad, at, list(dict.fromkeys([*ad.by_person, *changed])), by)


def undo_corrections(ad: Advertisement, at: datetime, by: str = "") -> None:
    """Undoes the corrections made in `ad` since it was last pending, unless overwritten since."""
    undone, claimed = set(), set[str]()
    for change in reversed(changes_since_pending(ad.history)):
        if change.field == _BY_PERSON:
            claimed |= {*change.new.split(";")} - {*change.old.split(";")}
        elif _text(getattr(ad, change.field)) == change.new:
            _set(ad, at, change.field, change.old, by)
            undone.add(change.field)
    _set_by_person(ad, at, [name for name in ad.by_person if name not in claimed & undone], by)


def changes_since_pending(history: Sequence[Change]) -> list[Change]:
    """Changes by corrections since the advertisement was last pending, oldest first.

    Changes of `by_person`, the list of corrected fields, are among them.
    """
    latest: list[Change] = []
    for change in reversed(history):
        if change.field == "verdict" and Verdict.PENDING in (change.old, change.new):
            break
        if change.field in (*CORRECTED, _BY_PERSON):
            latest.insert(0, change)
    return latest


def _set(ad: Advertisement, at: datetime, name: str, text: str, by: str) -> None:
    ad.history = [*ad.history, Change(at, name, _text(getattr(ad, name)), text, by)]
    several = name in ("species", _BY_PERSON)
    setattr(ad, name, [part for part in text.split(";") if part] if several else text)


def _set_by_person(ad: Advertisement, at: datetime, names: list[str], by: str) -> None:
    """Sets `by_person` and adds it to the history, which undoing a correction needs."""
    if names != ad.by_person:
        _set(ad, at, _BY_PERSON, _text(names), by)


def _text(value: str | Iterable[str]) -> str:
    return str(value) if isinstance(value, str) else ";".join(value)


def _check_word(what: str, word: str | None, closed: type[StrEnum]) -> None:
    if word and word not in list(closed):
        raise ValueError(
            f"'{word}' is not a valid {what}{did_you_mean(word, list(closed))}; "
            f"choose one of {', '.join(closed)}, or leave it empty"
        )
