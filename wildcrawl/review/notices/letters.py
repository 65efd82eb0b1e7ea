"""Letters to operators as they were written, sent and answered: reference numbers and days."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from wildcrawl.items import Key
from wildcrawl.months import CHINA
from wildcrawl.store import DocumentStore
from wildcrawl.store.documents import Document

_KIND = "letters"


@dataclass(frozen=True)
class Letter:
    """A letter about one site and month: its number, its advertisements, and its days.

    `number` counts the letters of the site and month from 1. One that was not sent is replaced
    when it is written again; after it was sent, the next one has another number. Days are days in
    China. `sent_by` and `answered_by` are the names of those who noted it, if they are known.
    """

    site: str
    month: str
    number: int
    reference: str
    written: datetime
    due: date
    ad_ids: list[str]
    sent: date | None = None
    answered: date | None = None
    answer: str = ""
    sent_by: str = ""
    answered_by: str = ""

    @property
    def written_day(self) -> date:
        """The day it was written."""
        return self.written.astimezone(CHINA).date()


def letters(store: DocumentStore, month: str = "") -> list[Letter]:
    """The letters of a month, or all, by month, site and number."""
    documents = store.documents(_KIND).values()
    found = [
        Letter(
            **document
            | {
                "written": datetime.fromisoformat(document["written"]),
                **{name: _day(document[name]) for name in ("due", "sent", "answered")},
            }
        )
        for document in documents
        if not month or document["month"] == month
    ]
    return sorted(found, key=lambda letter: (letter.month, letter.site, letter.number))


def next_letter(earlier: Iterable[Letter], site: str, month: str) -> int:
    """The number of the letter to write now about a site and month; see `Letter`."""
    own = [letter for letter in earlier if (letter.site, letter.month) == (site, month)]
    if not own:
        return 1
    last = max(own, key=lambda letter: letter.number)
    return last.number + 1 if last.sent else last.number


def reference_of(prefix: str, site: str, month: str, number: int) -> str:
    """The reference number of a letter.

    >>> reference_of("WC", "mall", "2016-05", 1), reference_of("WC", "mall", "2016-05", 2)
    ('WC-201605-mall', 'WC-201605-mall-2')
    """
    return f"{prefix}-{month.replace('-', '')}-{site}{f'-{number}' if number > 1 else ''}"


def keep_letters(store: DocumentStore, kept: Iterable[Letter]) -> None:
    """Stores letters; one with the same site, month and number is replaced."""
    store.put_documents(
        _KIND,
        {
            _key(letter): asdict(letter)
            | {
                "written": letter.written.isoformat(timespec="seconds"),
                **{
                    name: day.isoformat() if (day := getattr(letter, name)) else None
                    for name in ("due", "sent", "answered")
                },
            }
            for letter in kept
        },
    )


def mark_sent(
    store: DocumentStore,
    month: str,
    day: date,
    today: date,
    sites: Collection[str] = (),
    by: str = "",
) -> list[Letter]:
    """Notes that the letters of `month` were sent on `day`; of `sites` alone, if any are given.

    A letter that was sent before keeps its day. ValueError if there is no such letter, or if the
    day is before one was written or after `today`.
    """
    chosen = [each for each in latest_letters(store, month, sites) if each.sent is None]
    _check_day(day, today, [letter.written_day for letter in chosen], "written")
    return _note(store, chosen, "sent", {"sent": day.isoformat(), "sent_by": by})


def take_back_sent(store: DocumentStore, month: str, site: str) -> Letter:
    """Notes that the last letter to the site was not sent after all, as after a slip.

    ValueError if there is no such letter, if it was not sent, or if it was answered.
    """
    (letter,) = latest_letters(store, month, [site])
    if letter.sent is None or letter.answered:
        why = "was answered" if letter.answered else "is not marked as sent"
        raise ValueError(f"{letter.reference} {why}; there is nothing to take back")

    def change(documents: dict[str, Document]) -> None:
        for key, document in documents.items():
            if document["answered"] is None:
                documents[key] = {**document, "sent": None, "sent_by": ""}

    store.revise_documents(_KIND, [_key(letter)], change)
    return replace(letter, sent=None, sent_by="")


def mark_answered(
    store: DocumentStore,
    month: str,
    day: date,
    today: date,
    sites: Collection[str],
    answer: str,
    by: str = "",
) -> list[Letter]:
    """Notes that operators answered on `day`, and what. ValueError as in `mark_sent`."""
    chosen = latest_letters(store, month, sites)
    unsent = [letter.reference for letter in chosen if letter.sent is None]
    if unsent:
        raise ValueError(
            f"{', '.join(unsent)} was not sent; note that first: scrapy notices {month} --sent DAY"
        )
    _check_day(day, today, [letter.sent for letter in chosen if letter.sent], "sent")
    noted = {"answered": day.isoformat(), "answer": answer, "answered_by": by}
    return _note(store, chosen, "", noted)


def _note(
    store: DocumentStore, chosen: Sequence[Letter], unless: str, noted: Mapping[str, str]
) -> list[Letter]:
    """Adds to the stored letters, without those in which `unless` was noted meanwhile."""
    by_key = {_key(letter): letter for letter in chosen}
    done: list[str] = []

    def change(documents: dict[str, Document]) -> None:
        # It may be called again after a broken connection.
        done[:] = [key for key, each in documents.items() if not unless or each[unless] is None]
        for key in done:
            documents[key] = {**documents[key], **noted}

    if by_key:
        store.revise_documents(_KIND, by_key, change)
    kept = letters(store, chosen[0].month) if done else []
    return [letter for letter in kept if _key(letter) in done]


def _key(letter: Letter) -> str:
    return json.dumps([letter.month, letter.site, letter.number], ensure_ascii=False)


def sent_days(kept: Iterable[Letter]) -> dict[Key, date | None]:
    """The first day on which a letter about each advertisement was sent; None: not sent yet."""
    days: dict[Key, date | None] = {}
    for letter in kept:
        for ad_id in letter.ad_ids:
            key = (letter.site, ad_id)
            before = days.get(key)
            known = [day for day in (before, letter.sent) if day]
            days[key] = min(known, default=None)
    return days


def latest_letters(store: DocumentStore, month: str, sites: Collection[str] = ()) -> list[Letter]:
    """The last letter to each site about a month. ValueError if there is none to one of `sites`."""
    latest = {letter.site: letter for letter in letters(store, month)}
    missing = sorted(set(sites) - latest.keys())
    if not latest or missing:
        of = f" for {', '.join(missing)}" if missing else ""
        raise ValueError(
            f"no notice of {month}{of} was written; write it first: scrapy notices {month}"
        )
    return [letter for site, letter in latest.items() if not sites or site in sites]


def _check_day(day: date, today: date, earliest: Iterable[date], what: str) -> None:
    if day > today:
        raise ValueError(f"{day} is in the future; give the day on which it happened")
    first = max(earliest, default=day)
    if day < first:
        raise ValueError(f"{day} is before the notice was {what}, on {first}")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
