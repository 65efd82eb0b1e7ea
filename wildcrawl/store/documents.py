"""Documents of advertisements and runs: plain text, numbers, lists and moments.

Money and dates are text in a document, since not every database has a type for them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from wildcrawl.items import STORED_FIELDS, Advertisement, Change, Run, RunHead, Strength

Document = dict[str, Any]

MOMENTS = frozenset({"found_at", "first_seen", "last_seen"})
LISTS = frozenset({"found_by", "image_urls", "species", "terms", "by_person"})
MONEY = frozenset({"price_cny", "price_usd", "price_amount", "rate"})
COUNTS = frozenset({"images", "videos", "supports"})
TEXTS = tuple(
    name
    for name in STORED_FIELDS
    if name not in MOMENTS | LISTS | MONEY | COUNTS | {"rate_date", "audit", "history"}
)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(value: datetime) -> int:
    """Milliseconds since 1970."""
    return (value - _EPOCH) // _MILLISECOND


def from_ms(value: int) -> datetime:
    """The moment `value` milliseconds after 1970, in UTC."""
    return _EPOCH + value * _MILLISECOND


def moment(value: datetime, what: str) -> datetime:
    """`value` in UTC, cut to the millisecond that every store keeps.

    ValueError, naming `what`, if it has no timezone.

    >>> moment(datetime.fromisoformat("2016-05-01T00:00:00.123456+08:00"), "found_at").isoformat()
    '2016-04-30T16:00:00.123000+00:00'
    """
    if value.tzinfo is None:
        raise ValueError(
            f"{what} {value.isoformat()} has no timezone; give it one, for example China's +08:00"
        )
    value = value.astimezone(UTC)
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


def clean_surrogates(text: str) -> str:
    """`text` without lone surrogates: pairs are joined, the others become U+FFFD.

    Sites that cut a title in the middle of an emoji send lone surrogates in their JSON.

    >>> clean_surrogates("虎\\ud83d\\udc05骨\\ud83d")
    '虎🐅骨�'
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Prefix = str | tuple[str, ...]
"""What keys begin with, or several of which one will do, as for `str.startswith`."""


def prefix_bounds(prefix: Prefix) -> list[tuple[str, str | None]]:
    """The first text that begins with each prefix, and the exclusive upper bound of all.

    >>> prefix_bounds(("b-", "a-"))
    [('a-', 'a.'), ('b-', 'b.')]
    """
    clean = (clean_surrogates(each) for each in ([prefix] if isinstance(prefix, str) else prefix))
    return [(each, prefix_end(each)) for each in sorted(set(clean))]


def prefix_end(prefix: str) -> str | None:
    """The exclusive upper bound of texts that begin with `prefix`; None if there is none.

    Texts are ordered by code points, as UTF-8 bytes are. Surrogates are skipped, since databases
    do not store them.

    >>> prefix_end("mall-"), prefix_end(""), prefix_end("\ud7ff") == "\ue000"
    ('mall.', None, True)
    """
    stem = prefix.rstrip(chr(sys.maxunicode))
    if not stem:
        return None
    following = ord(stem[-1]) + 1
    return stem[:-1] + chr(0xE000 if following == 0xD800 else following)


def changed_documents(
    before: dict[str, Document], change: Callable[[dict[str, Document]], None]
) -> tuple[dict[str, Document], list[str]]:
    """What `change` makes of documents by key: those to write, and the keys of those to erase."""
    after = deepcopy(before)
    change(after)
    written = {key: document for key, document in after.items() if document != before.get(key)}
    return written, [key for key in before if key not in after]


def to_document(ad: Advertisement) -> Document:
    """Document of an advertisement: every stored field by its name."""
    given = vars(ad)
    document: Document = {name: given[name] for name in STORED_FIELDS}
    for name in MONEY:
        document[name] = money_to_text(document[name])
    document["rate_date"] = ad.rate_date.isoformat() if ad.rate_date else None
    document["history"] = [change_to_document(change) for change in ad.history]
    return document


def money_to_text(value: Decimal | None) -> str | None:
    """An amount as plain digits; None if there is none."""
    return None if value is None else format(value, "f")


def change_to_document(change: Change) -> Document:
    """Document of one change of an advertisement; `by` is left out if it is empty."""
    document = asdict(change)
    if not change.by:
        del document["by"]
    return document


def from_document(document: Document) -> Advertisement:
    """Advertisement of a document from `to_document`; unknown keys are ignored.

    Documents older than the field `strength` get it, and `supports`, from their reason; those
    older than the field `rules` were tagged by unknown ones, and no picture of those older than
    `picture_text` was read.
    """
    if document.get("strength") is None or document.get("supports") is None:
        document = {**document, **match_in_reason(document)}
    document = {"rules": "", "picture_text": "", **document}
    values = {name: document[name] for name in STORED_FIELDS}
    for name in MONEY:
        values[name] = None if values[name] is None else Decimal(values[name])
    values["rate_date"] = date.fromisoformat(values["rate_date"]) if values["rate_date"] else None
    values["history"] = [Change(**change) for change in values["history"]]
    return Advertisement(**values)


_MATCH = re.compile(rf"\(({'|'.join(Strength)})\)(?: with (.*))?$")


def match_in_reason(document: Document) -> Document:
    """`strength` and `supports`, where a document lacks them, read from its reason.

    The tagger writes reasons as 血料 (code) with 网纹, 平安扣.
    """
    match = _MATCH.search(document["reason"])
    strength, supports = match.groups() if match else ("", None)
    derived = {"strength": strength, "supports": len(supports.split(", ")) if supports else 0}
    # In MongoDB one of the two may be present: an update writes only changed fields.
    return {name: value for name, value in derived.items() if document.get(name) is None}


def run_to_document(run: Run) -> Document:
    """Document of a run: every field by its name; ValueError if a moment has no timezone."""
    document = dict(vars(run))
    # A list, since keywords may have characters that databases do not allow in field names.
    document["yields"] = [
        {"keyword": keyword, "found": found, "nothing": nothing}
        for keyword, (found, nothing) in run.yields.items()
    ]
    document["coverage"] = {name: list(counts) for name, counts in run.coverage.items()}
    document["started"] = moment(run.started, f"the start of run {run.id}:")
    if run.finished:
        document["finished"] = moment(run.finished, f"the end of run {run.id}:")
    return document


RUN_DETAILS = ("keywords", "yields", "coverage")
"""Fields of a run that its head does not have, and which are most of its document."""


def head_from_document(document: Document) -> RunHead:
    """Head of a run, of a document from `run_to_document`; unknown keys are ignored."""
    names = [field.name for field in fields(RunHead)]
    return RunHead(**{name: document[name] for name in names if name in document})


def run_from_document(document: Document) -> Run:
    """Run of a document from `run_to_document`; unknown keys are ignored.

    Fields that are missing in documents of earlier versions get their defaults.
    """
    values = {field.name: document[field.name] for field in fields(Run) if field.name in document}
    yields = {
        entry["keyword"]: (entry["found"], entry["nothing"]) for entry in values.get("yields", [])
    }
    coverage = {
        name: (filled, total) for name, (filled, total) in values.get("coverage", {}).items()
    }
    return Run(**{**values, "yields": yields, "coverage": coverage})
