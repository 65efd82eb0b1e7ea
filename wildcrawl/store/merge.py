"""Merge rules for a sighting and the stored advertisement; the same for every store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime

from wildcrawl.items import Advertisement, Change, Verdict
from wildcrawl.store.base import Outcome
from wildcrawl.store.corrections import Corrections, correct, take_back
from wildcrawl.store.documents import LISTS, TEXTS, clean_surrogates, moment

Key = tuple[str, str]

MAX_TEXT = 1_500_000
MAX_HISTORY = 2_000_000
"""Characters at most in one advertisement and in its history: with four bytes each, both together
fit the 16 MiB of a MongoDB document."""

TYPED_VERDICT = "verdict in a record"
"""What the history calls a verdict that a later record took the place of."""
_WITH_HISTORY = ("title", "description", "price")
_COMPANIONS = {
    "title": ("original_title",),
    "description": ("original_description",),
    "price": (
        "price_kind",
        "price_cny",
        "price_usd",
        "price_amount",
        "price_currency",
        "rate",
        "rate_date",
    ),
}
_JUDGEMENT = ("relevance", "reason", "strength", "supports", "audit")
_TAGS = ("species", "product_type", "age_claim", "terms", *_JUDGEMENT)
_LATEST = (
    "url",
    "category",
    "seller",
    "seller_id",
    "location",
    "image_urls",
    "images",
    "videos",
    "terms",
)
_FIRST = ("posted_at", "note")


@dataclass
class Plan:
    """What recording a batch comes to: the outcomes in order, and what has to be written."""

    outcomes: list[Outcome] = field(default_factory=list)
    new: dict[Key, Advertisement] = field(default_factory=dict)
    updated: dict[Key, Advertisement] = field(default_factory=dict)


def plan(sightings: Iterable[Advertisement], stored: Mapping[Key, Advertisement], run: str) -> Plan:
    """Merges sightings (from `checked`) one after the other into what is `stored` of them."""
    result = Plan()
    for sighting in sightings:
        key = (sighting.site, sighting.ad_id)
        before = result.new.get(key) or result.updated.get(key) or stored.get(key)
        if before is None:
            result.new[key] = first(sighting, run)
            result.outcomes.append(Outcome.NEW)
            continue
        after = merge(before, sighting, run)
        changed = after.history != before.history
        result.outcomes.append(Outcome.CHANGED if changed else Outcome.SEEN)
        if key in result.new:
            result.new[key] = after
        elif after != before:
            result.updated[key] = after
    return result


def recalled(
    earlier: Sequence[Outcome],
    now: Sequence[Outcome],
    sightings: Sequence[Advertisement],
    stored: Mapping[Key, Advertisement],
    run: str,
) -> list[Outcome]:
    """The outcomes of a batch that is tried again, since part of it may have been written before.

    What an earlier try inserted or changed is told as that, unless another run was first.
    """
    if not earlier:
        return list(now)
    outcomes = []
    for before, after, ad in zip(earlier, now, sightings, strict=True):
        kept = stored.get((ad.site, ad.ad_id))
        lost = before == Outcome.NEW and kept is not None and kept.first_run != run
        outcomes.append(after if before == Outcome.SEEN or lost else before)
    return outcomes


def checked(ads: Sequence[Advertisement]) -> list[Advertisement]:
    """Copies of sightings as every store can keep them; ValueError names the first that cannot be.

    Moments are cut to the millisecond, halves of characters fixed, repeated keywords dropped.
    """
    return [_checked(ad) for ad in ads]


def _checked(ad: Advertisement) -> Advertisement:
    name = f"advertisement '{ad.ad_id}' of site '{ad.site}'"
    if not ad.site or not ad.ad_id:
        raise ValueError(f"{name} cannot be recorded without both site and ad_id; give it both")
    if ad.found_at is None:
        raise ValueError(f"{name} has no found_at; say when it was seen")
    result = copy(ad)
    result.found_at = moment(ad.found_at, f"{name}: found_at")
    result.verdict = ad.verdict or Verdict.PENDING
    result.found_by = list(dict.fromkeys(ad.found_by))
    for each in TEXTS:
        if type(getattr(result, each)) is not str:  # the words of the enums are kept as plain text
            setattr(result, each, str(getattr(result, each)))
    everything = "".join(
        [*(getattr(ad, each) for each in TEXTS), *(t for each in LISTS for t in getattr(ad, each))]
    )
    if len(everything) > MAX_TEXT:
        raise ValueError(
            f"{name} has {len(everything)} characters of text, more than {MAX_TEXT}; "
            "is its description the whole site?"
        )
    try:
        everything.encode()
    except UnicodeEncodeError:
        for each in TEXTS:
            setattr(result, each, clean_surrogates(getattr(result, each)))
        for each in LISTS:
            setattr(result, each, [clean_surrogates(text) for text in getattr(result, each)])
    return result


def first(sighting: Advertisement, run: str) -> Advertisement:
    """A new advertisement, as first recorded by `run`."""
    ad = copy(sighting)
    ad.first_seen = ad.last_seen = ad.found_at
    ad.first_run = run
    ad.history = []
    return ad


def merge(stored: Advertisement, sighting: Advertisement, run: str) -> Advertisement:
    """What is stored once the sighting is taken in; neither argument is touched.

    A sighting older than `last_seen` (records typed out of order) overwrites nothing: it adds
    the keywords that found it and fills what is empty. One that a person dated before
    `first_seen` moves that, and so the month in which it counts.
    """
    ad = copy(stored)
    found, first_seen, last_seen = sighting.found_at, stored.first_seen, stored.last_seen
    if found is None or first_seen is None or last_seen is None:
        raise ValueError("both a stored advertisement and its sighting have their moments")
    ad.found_by = list(dict.fromkeys([*stored.found_by, *sighting.found_by]))
    # The rows of a file may come in any order, and files too: fixed rows, what a crash left.
    if found < first_seen and (stored.first_run == run or sighting.found_at_given):
        ad.first_seen = ad.found_at = found
    ad.last_seen = max(last_seen, found)
    later = found >= last_seen
    if later:
        text_changed = _update(ad, sighting, found)
    else:
        text_changed = False
        _fill(ad, sighting, (*_WITH_HISTORY, *_LATEST))
    _fill(ad, sighting, _FIRST)
    if _tagged(sighting) and (text_changed or not _tagged(stored)):
        _take_tags(ad, sighting)
    _take_persons_word(ad, sighting, later=later)
    return ad


def judged(
    stored: Advertisement,
    verdict: Verdict,
    by: str,
    note: str,
    at: datetime,
    corrections: Corrections | None = None,
) -> Advertisement:
    """What is stored once a person has judged it; waiting again, it loses its corrections."""
    ad = copy(stored)
    at = moment(at, "the verdict's moment")
    ad.verdict, ad.screened_by, ad.note = str(verdict), by, note
    if ad.verdict != stored.verdict:
        if ad.verdict == Verdict.PENDING:
            take_back(ad, at)
        ad.history = [*ad.history, Change(at, "verdict", stored.verdict, ad.verdict)]
    if corrections:
        correct(ad, corrections, at)
    return ad


def _update(ad: Advertisement, sighting: Advertisement, at: datetime) -> bool:
    """Takes over what the sighting shows differently; True if the title or description did."""
    text_changed = False
    for name in _WITH_HISTORY:
        old, new = getattr(ad, name), getattr(sighting, name)
        if not new or new == old or _told_before(ad.history, at, name, new):
            continue
        ad.history = _bounded([*ad.history, Change(at, name, old, new)])
        _take(ad, sighting, (name, *_COMPANIONS[name]))
        text_changed = text_changed or name != "price"
    _take(ad, sighting, [name for name in _LATEST if getattr(sighting, name) not in ("", [], None)])
    return text_changed


def _bounded(history: list[Change]) -> list[Change]:
    """The latest changes, as many as fit."""
    room = MAX_HISTORY
    for start in range(len(history) - 1, -1, -1):
        room -= len(history[start].old) + len(history[start].new)
        if room < 0:
            return history[start + 1 :]
    return history


def _told_before(history: Sequence[Change], at: datetime, name: str, value: str) -> bool:
    """Two rows of one moment that differ would else be told as changes each time they are read."""
    return any(
        change.at == at and change.field == name and value in (change.old, change.new)
        for change in history
    )


def _fill(ad: Advertisement, sighting: Advertisement, names: Iterable[str]) -> None:
    for name in names:
        if not getattr(ad, name) and getattr(sighting, name):
            _take(ad, sighting, (name, *_COMPANIONS.get(name, ())))


def _take(ad: Advertisement, sighting: Advertisement, names: Iterable[str]) -> None:
    for name in names:
        setattr(ad, name, getattr(sighting, name))


def _tagged(ad: Advertisement) -> bool:
    return bool(ad.relevance or ad.species or ad.terms)


def _take_tags(ad: Advertisement, sighting: Advertisement) -> None:
    kept = set(ad.by_person)
    if ad.verdict != Verdict.PENDING:
        kept.update(_JUDGEMENT)
    _take(ad, sighting, [name for name in _TAGS if name not in kept])


def _take_persons_word(ad: Advertisement, sighting: Advertisement, *, later: bool) -> None:
    """What a person gave beats the tagger's; between two persons the later stands.

    So does the later of two verdicts in records; one that was given by `judged` stands over both.
    """
    given = [name for name in sighting.by_person if later or name not in ad.by_person]
    _take(ad, sighting, given)
    ad.by_person = list(dict.fromkeys([*ad.by_person, *given]))
    if sighting.verdict == Verdict.PENDING:
        return
    if ad.verdict == Verdict.PENDING:
        _take_verdict(ad, sighting)
    elif later and sighting.verdict != ad.verdict and not _judged_here(ad.history):
        at = sighting.found_at
        if at and not _told_before(ad.history, at, TYPED_VERDICT, sighting.verdict):
            change = Change(at, TYPED_VERDICT, ad.verdict, sighting.verdict)
            ad.history = _bounded([*ad.history, change])
            _take_verdict(ad, sighting)


def _take_verdict(ad: Advertisement, sighting: Advertisement) -> None:
    ad.verdict, ad.screened_by = sighting.verdict, sighting.screened_by
    ad.note = sighting.note or ad.note


def _judged_here(history: Sequence[Change]) -> bool:
    """Whether a verdict was given by `judged`: no record, which may be an old one, changes it."""
    given = [change for change in history if change.field == "verdict"]
    return bool(given) and given[-1].new != Verdict.PENDING
