"""Merge rules for a sighting and the stored advertisement; the same for every store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from operator import itemgetter

from wildcrawl.analysis.lost_characters import is_damaged, may_have_lost
from wildcrawl.items import Advertisement, Change, Key, Sighting, Verdict, VerdictOutcome
from wildcrawl.store import identity, sales
from wildcrawl.store.base import Outcome
from wildcrawl.store.conflicts import conflict, verdict_contradiction
from wildcrawl.store.corrections import Decision, correct, undo_corrections
from wildcrawl.store.documents import LISTS, TEXTS, clean_surrogates, moment
from wildcrawl.store.tags import TAGS, note_tags, stays_raised
from wildcrawl.store.verdicts import already_judged, check_seen

MAX_TEXT = 1_500_000
MAX_HISTORY = 2_000_000
"""Maximum characters of one advertisement and of its history; at four bytes each, both together
fit the 16 MiB of a MongoDB document."""

_SHOWN_TO = timedelta(minutes=1)
"""What a spreadsheet may leave out of a moment."""
CELL = 16_000
"""Characters from which a text may be what a cell holds: 32,767 at most, half as many of those
outside the basic plane, and less what cleaning removes."""

TYPED_VERDICT = "verdict in a record"
"""Name in the history for a verdict that a record gave, or that a later one replaced."""
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
_LATEST = (
    "url",
    "category",
    "seller",
    "seller_id",
    "location",
    "image_urls",
    "images",
    "videos",
)
_FIRST = ("posted_at", "note")
_texts_of, _lists_of = itemgetter(*TEXTS), itemgetter(*LISTS)


@dataclass
class MergePlan:
    """Plan for recording a batch: the outcomes in order, and the advertisements to write."""

    outcomes: list[Outcome] = field(default_factory=list)
    new: dict[Key, Advertisement] = field(default_factory=dict)
    updated: dict[Key, Advertisement] = field(default_factory=dict)


def plan(
    sightings: Iterable[Advertisement], stored: Mapping[Key, Advertisement], run: str
) -> MergePlan:
    """Plans the merge of sightings (from `checked`), in order, into the `stored` advertisements."""
    result = MergePlan()
    for sighting in sightings:
        key = (sighting.site, sighting.ad_id)
        before = result.new.get(key) or result.updated.get(key) or stored.get(key)
        if before is None:
            result.new[key] = first(sighting, run)
            result.outcomes.append(Outcome.NEW)
            _note_verdict(sighting, Verdict.PENDING, sighting.verdict)
            continue
        sighting = _with_lost(before, _with_contacts(before, sighting))
        if _conflicts(before, sighting, run):
            result.outcomes.append(Outcome.CONFLICT)
            _note_verdict(sighting, before.verdict, before.verdict)
            continue
        after = merge(before, sighting, run)
        result.outcomes.append(_outcome(before, after))
        _note_verdict(sighting, before.verdict, after.verdict)
        if key in result.new:
            result.new[key] = after
        elif after != before:
            result.updated[key] = after
    return result


def _note_verdict(sighting: Advertisement, before: str, after: str) -> None:
    """Notes what became of the verdict of a row, as the stored one was `before` and is `after`."""
    if sighting.origin is None or sighting.verdict in ("", Verdict.PENDING):
        return
    if sighting.verdict != after:
        sighting.origin.verdict = VerdictOutcome.REFUSED
    else:
        same = before == after
        sighting.origin.verdict = VerdictOutcome.SAME if same else VerdictOutcome.TAKEN


def _with_contacts(before: Advertisement, sighting: Advertisement) -> Advertisement:
    """The sighting with the contacts that an export hid, if it is of such a file."""
    # As in `analysis.lost_characters`, left out of the start of commands that merge nothing.
    from wildcrawl.analysis.contacts import may_be_hidden

    names = [name for name in (*TEXTS, *LISTS) if may_be_hidden(str(getattr(sighting, name)))]
    if not names:
        return sighting
    result = copied(sighting)
    for name in names:
        text, whole = getattr(sighting, name), getattr(before, name)
        texts = ([text], [whole]) if isinstance(text, str) else (text, whole)
        if _are_hidden(*texts):
            setattr(result, name, whole)
    return result


def _are_hidden(texts: Sequence[str], whole: Sequence[str]) -> bool:
    from wildcrawl.analysis.contacts import is_hidden

    return len(texts) == len(whole) and all(
        text == old or is_hidden(text, old) for text, old in zip(texts, whole, strict=True)
    )


def _with_lost(before: Advertisement, sighting: Advertisement) -> Advertisement:
    """The sighting with the characters that a charset lacks, if a file lost them.

    Contacts that an export hid may be in the same text. What a site shows is taken as it is.
    """
    if sighting.origin is None:
        return sighting
    result = copied(sighting)
    for name in (*TEXTS, *LISTS):
        text, whole = getattr(sighting, name), getattr(before, name)
        if isinstance(text, str) and is_damaged(text, whole):
            setattr(result, name, whole)
        elif isinstance(text, list) and any(map(may_have_lost, text)):
            setattr(result, name, _restored(text, whole))
    return result


def _restored(texts: Sequence[str], whole: Sequence[str]) -> list[str]:
    return [next((old for old in whole if is_damaged(text, old)), text) for text in texts]


def _conflicts(before: Advertisement, sighting: Advertisement, run: str) -> bool:
    """Whether a row of a file is of another advertisement, or its verdict could not be taken.

    A site's own word is not doubted.
    """
    # A row with a return key is of the advertisement that the key stands for.
    if sighting.origin is None or sighting.returned:
        return False
    reason = conflict(before, sighting, run) or _verdict_not_taken(before, sighting, run)
    sighting.origin.conflict = reason
    return bool(reason)


def _verdict_not_taken(before: Advertisement, row: Advertisement, run: str) -> str:
    """A sentence if the verdict of a row contradicts the stored one and would not replace it.

    A verdict that the stored one replaced later is not a contradiction: an old file is read again.
    """
    judged_both = Verdict.PENDING not in (before.verdict, row.verdict)
    if not judged_both or before.verdict == row.verdict or _is_replaced(before, row, run):
        return ""
    if merge(before, row, run).verdict == row.verdict:
        return ""
    return verdict_contradiction(before, row, at_desk=judged_directly(before.history))


def _is_replaced(before: Advertisement, row: Advertisement, run: str) -> bool:
    """Whether the stored verdict is known to be of a later day than the row's."""
    assert row.found_at is not None
    assert before.first_seen is not None
    # All rows of a new file are dated, and this one before the others.
    if before.first_run == run and row.found_at < before.first_seen:
        return True
    return any(
        change.field in ("verdict", TYPED_VERDICT)
        and change.old == row.verdict
        and change.at > row.found_at
        for change in before.history
    )


def _outcome(before: Advertisement, after: Advertisement) -> Outcome:
    added = [change for change in after.history if not _is_known(change, before.history)]
    if not added:
        return Outcome.SEEN
    if any(change.field == identity.FIELD for change in added):
        return Outcome.ANOTHER
    sold = any(change.field == sales.FIELD and change.new for change in added)
    return Outcome.SOLD if sold else Outcome.CHANGED


def _is_known(change: Change, history: Sequence[Change]) -> bool:
    """Whether a change adds nothing to the advertisement: an earlier one, or its first verdict."""
    first_verdict = change.field == TYPED_VERDICT and change.old == Verdict.PENDING
    return first_verdict or change in history


def recalled(
    earlier: Sequence[Outcome],
    now: Sequence[Outcome],
    sightings: Sequence[Advertisement],
    stored: Mapping[Key, Advertisement],
    run: str,
) -> list[Outcome]:
    """Outcomes of a retried batch, of which the `earlier` try may have written a part.

    What that try inserted or changed keeps its outcome, unless another run inserted it first.
    """
    if not earlier:
        return list(now)
    outcomes = []
    for before, after, ad in zip(earlier, now, sightings, strict=True):
        current = stored.get((ad.site, ad.ad_id))
        lost = before == Outcome.NEW and current is not None and current.first_run != run
        decided = Outcome.CONFLICT not in (before, after) and before != Outcome.SEEN
        outcomes.append(before if decided and not lost else after)
    return outcomes


def copied(ad: Advertisement) -> Advertisement:
    """A shallow copy of an advertisement, as copy.copy makes it, but without its look-ups."""
    twin = object.__new__(type(ad))
    vars(twin).update(vars(ad))
    return twin


def checked(ads: Sequence[Advertisement]) -> list[Advertisement]:
    """Copies of sightings that every store can hold; ValueError names the first that is not valid.

    Moments are cut to the millisecond, lone surrogates fixed, repeated keywords dropped.
    """
    return [_checked(ad) for ad in ads]


def _checked(ad: Advertisement) -> Advertisement:
    name = f"advertisement '{ad.ad_id}' of site '{ad.site}'"
    if not ad.site or not ad.ad_id:
        raise ValueError(f"{name} lacks a site or an ad_id; set both")
    if ad.found_at is None:
        raise ValueError(f"{name} has no found_at; set the moment when it was seen")
    result = copied(ad)
    result.found_at = moment(ad.found_at, f"{name}: found_at")
    result.verdict = ad.verdict or Verdict.PENDING
    result.found_by = list(dict.fromkeys(ad.found_by))
    given = vars(result)
    texts = _texts_of(given)
    if {*map(type, texts)} != {str}:  # enum members are stored as plain text
        given |= {column: str(given[column]) for column in TEXTS}
        texts = _texts_of(given)
    everything = "".join(chain(texts, *_lists_of(given)))
    if len(everything) > MAX_TEXT:
        raise ValueError(
            f"{name} has {len(everything)} characters of text, more than {MAX_TEXT}; check that "
            "its description is not a whole page"
        )
    try:
        everything.encode()
    except UnicodeEncodeError:
        for column in TEXTS:
            setattr(result, column, clean_surrogates(getattr(result, column)))
        for column in LISTS:
            setattr(result, column, [clean_surrogates(text) for text in getattr(result, column)])
    return result


def first(sighting: Advertisement, run: str) -> Advertisement:
    """A new advertisement, as first recorded by `run`."""
    ad = copied(sighting)
    ad.first_seen = ad.last_seen = ad.found_at
    ad.first_run = run
    ad.history = _first_verdict(sighting)
    return ad


def merge(stored: Advertisement, sighting: Advertisement, run: str) -> Advertisement:
    """The advertisement after merging a sighting; neither argument is changed.

    A sighting older than `last_seen` (records typed out of order) overwrites nothing: it adds
    its keywords and fills empty fields. A later one that shows another advertisement under the
    same id asks for the verdict again. One that a person dated before `first_seen` moves
    `first_seen`, and so the month in which the advertisement counts. One that an export brings
    back overwrites nothing either, but the decisions in it are the latest.
    """
    ad = copied(stored)
    found_at, first_seen, last_seen = sighting.found_at, stored.first_seen, stored.last_seen
    if found_at is None or first_seen is None or last_seen is None:
        raise ValueError("merging needs first_seen and last_seen of the one, found_at of the other")
    ad.found_by = list(dict.fromkeys([*stored.found_by, *sighting.found_by]))
    # Rows and files may arrive in any order, such as corrected rows or a fallback file.
    earliest = first_seen - _SHOWN_TO if sighting.returned else first_seen
    if found_at < earliest and (stored.first_run == run or sighting.found_at_given):
        ad.first_seen = ad.found_at = found_at
    # An export that comes back is not a sighting.
    ad.last_seen = last_seen if sighting.returned else max(last_seen, found_at)
    # What a spreadsheet made of the facts of an export is not newer than the facts themselves.
    later = found_at >= last_seen and not sighting.returned
    another = later and identity.is_another(stored, sighting)
    if another:
        identity.start_over(ad, sighting, found_at)
        ad.history = _bounded(ad.history)
    if later:
        text_changed = _update(ad, sighting, found_at)
    else:
        text_changed = False
        _fill(ad, sighting, (*_WITH_HISTORY, *_LATEST))
    _fill(ad, sighting, _FIRST)
    tagged = _tagged(sighting)
    if another and not tagged:
        ad.rules = ""
    elif another or (tagged and _in_full(sighting) and (text_changed or not _tagged(stored))):
        _take_tags(ad, sighting, another=another)
    elif later and _by_other_rules(ad, sighting):
        _take_tags(ad, sighting)
        note_tags(stored, ad, found_at)
    identity.keep_waiting(ad)
    _take_persons_word(ad, sighting, later=later or sighting.returned)
    return ad


def _in_full(sighting: Advertisement) -> bool:
    """Whether it was tagged by all of its text, not by a line on a search page."""
    return not isinstance(sighting, Sighting)


def _by_other_rules(ad: Advertisement, sighting: Advertisement) -> bool:
    """Whether the same text, on which no person decided, was tagged by other rules than before."""
    texts = ("title", "description", "category")
    return (
        bool(sighting.rules)
        and sighting.rules != ad.rules
        and ad.verdict in ("", Verdict.PENDING)
        and _in_full(sighting)
        and not _tagged_by_pictures(ad)
        and all(getattr(ad, name) == getattr(sighting, name) for name in texts)
    )


def _tagged_by_pictures(ad: Advertisement) -> bool:
    """Whether its tags come from text in its pictures, which a sighting does not have."""
    return bool(ad.picture_text) and not (ad.title or ad.description)


def judged(stored: Advertisement, decision: Decision) -> Advertisement:
    """The advertisement after a person's decision, which its history keeps with the name.

    JudgedMeanwhileError if the decision was made on another state than that of `stored`.
    """
    at = moment(decision.at, "the verdict's moment")
    if already_judged(stored, decision, at):
        return stored
    check_seen(stored, decision.seen)
    ad = copied(stored)
    undone = decision.verdict == Verdict.PENDING
    ad.verdict, ad.note = str(decision.verdict), decision.note
    ad.screened_by = "" if undone else decision.by
    if (ad.verdict, ad.screened_by) != (stored.verdict, stored.screened_by):
        if undone:
            undo_corrections(ad, at, decision.by)
        change = Change(at, "verdict", stored.verdict, ad.verdict, decision.actor)
        ad.history = [*ad.history, change]
    if decision.corrections:
        correct(ad, decision.corrections, at, decision.actor)
    return ad


def _update(ad: Advertisement, sighting: Advertisement, at: datetime) -> bool:
    """Applies what changed in the sighting; True if the title or the description changed."""
    text_changed = False
    left = sales.note_sale(ad, sighting, at)
    for name in _WITH_HISTORY:
        old, new = getattr(ad, name), getattr(sighting, name)
        if not new or new == old or name in left or is_cut(new, old):
            continue
        if _already_recorded(ad.history, at, name, new):
            continue
        ad.history = _bounded([*ad.history, Change(at, name, old, new)])
        _take(ad, sighting, (name, *_COMPANIONS[name]))
        text_changed = text_changed or name != "price"
    given = [name for name in _LATEST if getattr(sighting, name) not in ("", [], None)]
    _take(ad, sighting, [name for name in given if not _is_cut_field(ad, sighting, name)])
    return text_changed


def is_cut(text: str, whole: str) -> bool:
    """Whether `text` is the beginning of `whole` at which a spreadsheet's cell ended.

    >>> is_cut("象" * 32_767, "象" * 40_000), is_cut("象牙", "象牙手镯")
    (True, False)
    """
    return CELL <= len(text) < len(whole) and whole.startswith(text.rstrip())


def _is_cut_field(ad: Advertisement, sighting: Advertisement, name: str) -> bool:
    whole, text = getattr(ad, name), getattr(sighting, name)
    if isinstance(text, list):
        return is_cut(";".join(text), ";".join(whole))
    return isinstance(text, str) and is_cut(text, whole)


def _bounded(history: list[Change]) -> list[Change]:
    """The latest changes, up to MAX_HISTORY characters; a long text does not displace verdicts."""
    room = MAX_HISTORY
    kept: list[Change] = []
    for change in reversed(history):
        length = len(change.old) + len(change.new)
        if length <= room:
            room -= length
            kept.append(change)
    return kept[::-1]


def _already_recorded(history: Sequence[Change], at: datetime, name: str, value: str) -> bool:
    """Whether the history has this value at this moment already.

    Otherwise two differing rows of one moment would be recorded as changes at each import.
    """
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


def _take_tags(ad: Advertisement, sighting: Advertisement, *, another: bool = False) -> None:
    if not another and stays_raised(ad, sighting):
        ad.rules = sighting.rules
        return
    protected = set(ad.by_person)
    if ad.verdict != Verdict.PENDING:
        protected.update(_JUDGEMENT)
    _take(ad, sighting, [name for name in (*TAGS, "rules") if name not in protected])


def _take_persons_word(ad: Advertisement, sighting: Advertisement, *, later: bool) -> None:
    """Applies what a person recorded: it overrides the tagger, and a later record an earlier one.

    Verdicts in records follow the same rule, but never override a verdict given by `judged`.
    """
    # An export has the tags as well, which are a person's word only where the person changed them.
    said = [
        name
        for name in sighting.by_person
        if not (sighting.returned and getattr(sighting, name) == getattr(ad, name))
    ]
    corrected = [name for name in said if later or name not in ad.by_person]
    _take(ad, sighting, corrected)
    ad.by_person = list(dict.fromkeys([*ad.by_person, *corrected]))
    if later and sighting.verdict == ad.verdict:
        _take_note(ad, sighting)
    if sighting.verdict == Verdict.PENDING or identity.shows_earlier(ad.history, sighting):
        return
    if ad.verdict == Verdict.PENDING:
        if later:
            _take_note(ad, sighting)
        ad.history = _bounded([*ad.history, *_first_verdict(sighting)])
        _take_verdict(ad, sighting)
    elif later and sighting.verdict != ad.verdict and not judged_directly(ad.history):
        at = sighting.found_at
        if at and not _already_recorded(ad.history, at, TYPED_VERDICT, sighting.verdict):
            by = sighting.screened_by
            change = Change(at, TYPED_VERDICT, ad.verdict, sighting.verdict, by)
            _take_note(ad, sighting)
            ad.history = _bounded([*ad.history, change])
            _take_verdict(ad, sighting)


def _take_note(ad: Advertisement, sighting: Advertisement) -> None:
    """Applies the note of a later record, with the one before in the history.

    The record has the same verdict, or its own is taken too: a note belongs to its verdict.
    One that was given at the desk stays, and one that an export brings back is not newer than what
    replaced it.
    """
    at, old, new = sighting.found_at, ad.note, sighting.note
    if not new or not old or new == old or at is None or judged_directly(ad.history):
        return
    replaced = any(change.field == "note" and change.old == new for change in ad.history)
    if (sighting.returned and replaced) or _already_recorded(ad.history, at, "note", new):
        return
    ad.history = _bounded([*ad.history, Change(at, "note", old, new)])
    ad.note = new


def _first_verdict(row: Advertisement) -> list[Change]:
    """The change by the verdict of a file's row on an advertisement that had none, if it gives one.

    It has the moment of reading: the row's date is that of the advertisement.
    """
    if row.origin is None or row.verdict in ("", Verdict.PENDING):
        return []
    at = moment(row.origin.read_at, "the moment of reading")
    return [Change(at, TYPED_VERDICT, Verdict.PENDING.value, row.verdict, row.screened_by)]


def _take_verdict(ad: Advertisement, sighting: Advertisement) -> None:
    ad.verdict, ad.screened_by = sighting.verdict, sighting.screened_by
    ad.note = sighting.note or ad.note


def judged_directly(history: Sequence[Change]) -> bool:
    """Whether the verdict was given by `judged`; records, which may be old, do not change it."""
    verdicts = [change for change in history if change.field == "verdict"]
    return bool(verdicts) and verdicts[-1].new != Verdict.PENDING
