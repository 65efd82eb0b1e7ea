"""MongoDB listing: the fields, indexes and queries behind the screening queue and the lists.

The fields are a part of the advertisement's document, `listing`, and so written together with it.
A text is found by a regular expression, on the documents that an index gives in the list's order;
a search that takes longer than TIME is refused with a StoreError. FerretDB uses no index but that
of `_id`, so that each query there reads all documents.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import nsmallest
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from wildcrawl.items import Advertisement, Key, Verdict
from wildcrawl.store.documents import Document, from_ms, to_ms
from wildcrawl.store.listing import (
    GENERAL,
    JUDGED,
    NO_PRICE,
    RULED_OUT,
    SCORED,
    SECOND_READER,
    SET_ASIDE,
    TEXTS,
    QueuePart,
    chance_of,
    queue_of,
    tagger_score,
)
from wildcrawl.store.same_texts import LEAST, text_hashes
from wildcrawl.store.search import ListQuery, Place, Sort

TIME = 20_000
"""Milliseconds that a search for a text may take."""
_LAST = 1e15
"""The price by which those without one are sorted behind all others."""
_TIES = ("site", "ad_id")


def _index(*names: str) -> IndexModel:
    return IndexModel(
        [(name.lstrip("-"), DESCENDING if name[0] == "-" else ASCENDING) for name in names]
    )


INDEXES = (
    _index("listing.queue", "-listing.score", "-first_seen", *_TIES),
    _index("listing.queue", "-listing.learned", "-first_seen", *_TIES),
    _index("listing.queue", "listing.chance", *_TIES),
    _index("listing.learned_by", "listing.queue"),
    _index("listing.links_due"),
    _index("listing.texts", "-first_seen"),
    _index("listing.raised"),
    _index("listing.usd", *_TIES),
    _index("listing.last_usd", *_TIES),
    _index("listing.score", *_TIES),
    _index("site", "first_seen", "ad_id"),
    _index("verdict", "first_seen", *_TIES),
    _index("seller", "first_seen"),
    _index("seller_id", "first_seen"),
    _index("species", "first_seen", *_TIES),
    _index("found_by", "first_seen", *_TIES),
    _index("first_run"),
    _index("rules", "verdict"),
)
RUN_INDEXES = (_index("site", "started"), _index("started"), _index("health"))


def listed(ad: Advertisement) -> Document:
    """The part `listing` of a new advertisement's document."""
    score = tagger_score(ad)
    return {
        **_changing(ad),
        "score": score,
        "learned": score,
        "learned_by": "",
        "raised": "",
        "chance": chance_of(ad.site, ad.ad_id),
        "links_due": False,
        "removed": False,
        "texts": text_hashes(ad),
    }


def _changing(ad: Advertisement) -> Document:
    usd = NO_PRICE if ad.price_usd is None else float(ad.price_usd)
    return {
        "queue": queue_of(ad.verdict, ad.relevance, ad.audit),
        "usd": usd,
        "last_usd": _LAST if ad.price_usd is None else usd,
    }


def changed(before: Advertisement, after: Advertisement) -> Document:
    """The fields of the listing to be set when an advertisement changes, by their full names."""
    was, now = _changing(before), _changing(after)
    result = {name: value for name, value in now.items() if value != was[name]}
    if any(getattr(before, name) != getattr(after, name) for name in SCORED):
        score = tagger_score(after)
        result |= {"score": score, "learned": score, "learned_by": "", "raised": ""}
        if _has_no_text(after):
            result["links_due"] = True
    valid = [ad.verdict == Verdict.VALID for ad in (before, after)]
    if valid[0] != valid[1] or _has_no_text(before) != _has_no_text(after):
        result["links_due"] = True
    if any(getattr(before, name) != getattr(after, name) for name in LEAST):
        result["texts"] = text_hashes(after)
    if before.last_seen and after.last_seen and after.last_seen > before.last_seen:
        result["removed"] = False
    return {f"listing.{name}": value for name, value in result.items()}


def filled(ad: Advertisement) -> Document:
    """The part `listing` of an advertisement that an earlier version stored."""
    return listed(ad) | {"links_due": _has_no_text(ad)}


def _has_no_text(ad: Advertisement) -> bool:
    return not (ad.title.strip() or ad.description.strip())


def conditions(query: ListQuery, runs: Sequence[str]) -> Document:
    """The filter of a search; `runs` are the ids of the runs of its health."""
    tests = list(_filters(query))
    if query.health:
        tests.append({"first_run": {"$in": list(runs)}})
    for word in query.words:
        expression = {"$regex": re.escape(word), "$options": "i"}
        tests.append({"$or": [{field: expression} for field in TEXTS]})
    return {"$and": tests} if tests else {}


def _filters(query: ListQuery) -> Iterator[Document]:
    for field, values in (("site", query.sites), ("verdict", query.verdicts)):
        if values:
            yield {field: _one_of(values)}
    if query.seller:
        yield {"$or": [{"seller": query.seller}, {"seller_id": query.seller}]}
    for field, word in (
        ("species", query.species),
        ("found_by", query.keyword),
        ("relevance", query.relevance),
        ("age_claim", query.age_claim),
    ):
        if word:
            yield {field: word}
    yield from _as_counted(query)
    if query.least_usd is not None or query.most_usd is not None:
        yield {"listing.usd": {"$gte": float(query.least_usd or 0)}}
    if query.most_usd is not None:
        yield {"listing.usd": {"$lte": float(query.most_usd)}}
    if query.removed is not None:
        yield {"listing.removed": query.removed}
    if query.bounds:
        yield {"first_seen": {"$gte": query.bounds[0], "$lt": query.bounds[1]}}


def _as_counted(query: ListQuery) -> Iterator[Document]:
    """The filters by which the month and the report count."""
    if query.leading == GENERAL:
        yield {"$or": [{"species.0": {"$exists": False}}, {"species.0": GENERAL}]}
    elif query.leading:
        yield {"species.0": query.leading}
    if query.statuses:
        yield {"$or": [_of_status(status) for status in query.statuses]}


def _of_status(status: str) -> Document:
    """The filter of a status by which reports count; see `month_counts.status`."""
    if status in JUDGED:
        return {"verdict": status}
    relevance: Document = {"$nin": [*RULED_OUT, SECOND_READER]}
    if status == SET_ASIDE:
        relevance = {"$in": list(RULED_OUT)}
    elif status == SECOND_READER:
        relevance = {"$in": [SECOND_READER]}
    return {"verdict": {"$nin": list(JUDGED)}, "relevance": relevance}


def _one_of(values: Sequence[str]) -> str | Document:
    return values[0] if len(values) == 1 else {"$in": list(values)}


_SORTS = {
    Sort.NEWEST: ("first_seen", True),
    Sort.OLDEST: ("first_seen", False),
    Sort.DEAREST: ("listing.usd", True),
    Sort.CHEAPEST: ("listing.last_usd", False),
    Sort.LIKELIEST: ("listing.score", True),
}


def order_of(sort: Sort) -> list[tuple[str, int]]:
    """The sort order of a list."""
    field, descending = _SORTS[sort]
    way = DESCENDING if descending else ASCENDING
    return [(field, way), *((name, way) for name in _TIES)]


def place_of(document: Document, sort: Sort) -> Place:
    """The place of a document in a list."""
    value: Any = document
    for name in _SORTS[sort][0].split("."):
        value = value[name]
    if isinstance(value, datetime):
        value = to_ms(value)
    return Place(value, document["site"], document["ad_id"])


def beyond(sort: Sort, place: Place) -> Document:
    """The filter of what comes after `place` in a list."""
    field, descending = _SORTS[sort]
    value: Any = place.value
    if field == "first_seen":
        value = from_ms(int(value))
    sign = "$lt" if descending else "$gt"
    return _behind([(field, value, sign), *zip(_TIES, place[1:], (sign, sign), strict=True)])


def _behind(keys: Sequence[tuple[str, Any, str]]) -> Document:
    """The filter of what comes after the values of several fields, compared one after another."""
    field, value, sign = keys[0]
    first: Document = {field: {sign: value}}
    if len(keys) == 1:
        return first
    return {"$or": [first, {field: value, **_behind(keys[1:])}]}


def waiting(
    *, learned: bool, audit: bool, after: Sequence[Any]
) -> tuple[Document, list[tuple[str, int]]]:
    """The filter and the order of one part of the queue, behind the place `after`."""
    if audit:
        chosen: Document = {"listing.queue": QueuePart.AUDIT.value}
        order = [("listing.chance", ASCENDING), *((name, ASCENDING) for name in _TIES)]
        values = [after[0], *after[2:]] if after else []
    else:
        chosen = {"listing.queue": QueuePart.LIKELY.value}
        score = "listing.learned" if learned else "listing.score"
        order = [(score, DESCENDING), ("first_seen", DESCENDING)]
        order += [(name, ASCENDING) for name in _TIES]
        values = list(after)
        if after:
            values[1] = from_ms(int(after[1]))
    if after:
        keys = [
            (name, value, "$lt" if way == DESCENDING else "$gt")
            for (name, way), value in zip(order, values, strict=True)
        ]
        chosen |= _behind(keys)
    return chosen, order


def waiting_place(document: Mapping[str, Any], *, learned: bool, audit: bool) -> tuple[Any, ...]:
    """The place of a document in its part of the queue."""
    listing = document["listing"]
    if audit:
        return (listing["chance"], 0, document["site"], document["ad_id"])
    seen = to_ms(document["first_seen"])
    score = listing["learned" if learned else "score"]
    return (score, seen, document["site"], document["ad_id"])


FIRST = 100
"""Places of each part of the queue that a scan keeps."""
MOST_DUE = 1_000
"""Advertisements with changed links that a scan keeps."""


class QueueScan:
    """What one reading of all documents says of the screening queue."""

    def __init__(self, rows: Iterable[Document]) -> None:
        self.numbers: Counter[str] = Counter()
        self.tagged: Counter[tuple[str, str]] = Counter()
        """The numbers of advertisements by the rules that tagged them, and the verdict."""
        self.scored_by: set[str] = set()
        """The models whose scores, or "" for none, those in the queue have."""
        self.links_due: list[Key] = []
        """The first whose links are to be looked at again."""
        self.raised: list[Key] = []
        self._places: dict[tuple[bool, bool], list[tuple[Any, ...]]] = {}
        """The first places, by `learned` and `audit`."""
        batch: list[Document] = []
        for row in rows:
            self._count(row)
            batch.append(row)
            if len(batch) >= 10 * FIRST:
                self._keep_first(batch)
                batch = []
        self._keep_first(batch)

    def first(self, most: int, *, learned: bool, audit: bool) -> list[Document]:
        """The documents of the first places of a part of the queue, at most FIRST."""
        places = self._places[(learned and not audit, audit)]
        return [place[-1] for place in places[:most]]

    def _count(self, row: Document) -> None:
        listing = row["listing"]
        self.tagged[row.get("rules", ""), row["verdict"]] += 1
        key = (row["site"], row["ad_id"])
        if listing["links_due"] and len(self.links_due) < MOST_DUE:
            self.links_due.append(key)
        if listing["raised"]:
            self.raised.append(key)
        self.numbers[listing["queue"]] += 1
        if listing["queue"]:
            self.scored_by.add(listing["learned_by"])

    def _keep_first(self, rows: Iterable[Document]) -> None:
        for learned, audit in ((False, False), (True, False), (False, True)):
            part = QueuePart.AUDIT if audit else QueuePart.LIKELY
            places = (
                _sorted_place(row, learned=learned, audit=audit)
                for row in rows
                if row["listing"]["queue"] == part
            )
            before = self._places.get((learned, audit), ())
            self._places[learned, audit] = nsmallest(FIRST, [*before, *places])


def _sorted_place(document: Document, *, learned: bool, audit: bool) -> tuple[Any, ...]:
    """What sorts a document in its part of the queue, and the document."""
    listing, ties = document["listing"], (document["site"], document["ad_id"], document)
    if audit:
        return (listing["chance"], *ties)
    return (-listing["learned" if learned else "score"], -to_ms(document["first_seen"]), *ties)
