"""Looking: reads captured pictures, gives their text to advertisements, links what is the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.evidence import Capture, CaptureKind, Evidence
from wildcrawl.evidence.handed_in import BY_HAND
from wildcrawl.evidence.presence import absent_objects
from wildcrawl.items import Advertisement, Key
from wildcrawl.pictures.contacts import VERSION as CONTACTS_VERSION
from wildcrawl.pictures.contacts import contacts_in, keyed_contacts
from wildcrawl.pictures.decode import LIMITS, Limits, PictureError
from wildcrawl.pictures.features import Features
from wildcrawl.pictures.reading import VERSION as READING_VERSION
from wildcrawl.pictures.reading import Reading, Task, missing_readers, read, readers
from wildcrawl.pictures.workers import TIMEOUT, Done, work_through
from wildcrawl.review.looking.links import LOOKED, SAME_PICTURE, Link, save_links, save_stock
from wildcrawl.review.looking.matching import COPIES, RULES, PictureMatch, PictureMatcher
from wildcrawl.review.looking.picture_text import give_texts
from wildcrawl.review.looking.reposts import find_reposts, text_of
from wildcrawl.review.looking.seen import (
    Seen,
    contact_key,
    features_of,
    readings,
    save,
    seen_of,
)
from wildcrawl.review.notices.model import State, checks
from wildcrawl.review.notices.removals import latest_checks
from wildcrawl.store import Store

CONTACT = "picture_contact"
"""Kind of the documents that name the advertisements with a contact in pictures or text."""
_TEXT_READER, _CONTACTS, _PICTURES = "text_reader", "contacts", "pictures"
"""Kind and key of the document of the version in which contacts were read in texts."""
_BATCH = 500


@dataclass(frozen=True)
class Options:
    """How to look: limits of a picture, name of a model, number of processes and of pictures.

    `most` bounds the pictures that are read (None: all); `patience` is in seconds a picture.
    """

    limits: Limits = LIMITS
    model: str = ""
    processes: int = 1
    most: int | None = None
    patience: float = TIMEOUT


@dataclass
class Looked:
    """Result of looking: `pictures` are those captured, `unread` reasons with their numbers.

    `texts` and `codes` are numbers of pictures read now that have some; `changed`, `tagged` and
    `contacts` numbers of advertisements; `links` (sure), `alike` (not sure), `reposts` and
    `after_removal` of new links; `undone` of earlier ones by pictures that the rules of now do not
    make; `stock` of stock photographs met. `remaining` pictures were left for the next time.
    `screenshots` are those of crawls, which are not read. `absent` says that objects of captures
    are missing, "" if none of a sample is.
    """

    pictures: int = 0
    screenshots: int = 0
    read: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    remaining: int = 0
    texts: int = 0
    codes: int = 0
    contacts: int = 0
    changed: int = 0
    tagged: int = 0
    links: int = 0
    alike: int = 0
    undone: int = 0
    stock: int = 0
    reposts: int = 0
    after_removal: int = 0
    missing: list[str] = field(default_factory=list)
    absent: str = ""


def look(
    store: Store,
    evidence: Evidence,
    tagger: Tagger,
    at: datetime,
    options: Options = Options(),
    ads: Collection[Key] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Looked:
    """Reads the pictures captured of the advertisements `ads`, or of all, and links these.

    What was read by the same readers before is not read again, so that it can be stopped and
    repeated. A picture that cannot be read is counted with the reason. StoreError if the store
    is unavailable, ModelError if the picture model cannot be used.
    """
    kept = [each for each in evidence.captures.all() if each.record and not each.skipped]
    every = [capture for capture in kept if shows_one(capture)]
    wanted = [item for item in every if _chosen(item, ads)]
    result = Looked(
        pictures=len({capture.payload for capture in wanted}),
        screenshots=len({each.payload for each in kept if _of_crawl(each) and _chosen(each, ads)}),
        missing=missing_readers(),
        absent=str(absent_objects(evidence) or ""),
    )
    _read_all(store, evidence, wanted, options, result, progress)
    seen = readings(store)
    by_ad = _by_advertisement(wanted)
    result.changed, result.tagged = give_texts(store, tagger, by_ad, seen, at)
    result.contacts = _save_contacts(store, by_ad, seen)
    _link(store, every, by_ad, seen, ads, result)
    return result


def shows_one(capture: Capture) -> bool:
    """Whether a capture is a picture of its advertisement: the seller's, or one handed in.

    A screenshot that a crawl made has the text and the pictures of the captured page, which are
    read by themselves, and on a page of results those of other advertisements too.
    """
    return capture.kind is CaptureKind.PICTURE or (
        capture.kind is CaptureKind.SCREENSHOT and capture.run == BY_HAND
    )


def _of_crawl(capture: Capture) -> bool:
    return capture.kind is CaptureKind.SCREENSHOT and not shows_one(capture)


def _read_all(
    store: Store,
    evidence: Evidence,
    captures: Sequence[Capture],
    options: Options,
    result: Looked,
    progress: Callable[[int, int], None],
) -> None:
    by = readers(options.model)
    gone = evidence.lost.absent(evidence.objects)
    there = [capture for capture in captures if not capture.objects & gone]
    first = {capture.payload: capture for capture in reversed(there)}
    known = readings(store, list(first)) if first else {}
    due = [sha for sha in first if sha not in known or known[sha].seen_by != by]
    lost = {capture.payload for capture in captures} - first.keys()
    if number := len(lost - readings(store, lost).keys()):
        result.unread["its capture was declared lost"] = number
    for sha in set(first) - set(due):
        if known[sha].unread:
            result.unread[known[sha].unread] += 1
    now = due if options.most is None else due[: options.most]
    result.remaining = len(due) - len(now)
    key = contact_key(store)
    tasks = ((sha, partial(_task, evidence, first[sha], options)) for sha in now)
    done = work_through(read_safely, tasks, options.processes, options.patience)
    for number, each in enumerate(done, 1):
        _keep(store, each, key, by, result)
        progress(number, len(now))


def _task(evidence: Evidence, capture: Capture, options: Options) -> Task:
    return Task(evidence.payload(capture), options.limits, options.model)


def read_safely(task: Task) -> Reading | str:
    """The reading of a picture, or the reason why it cannot be read; for worker processes."""
    try:
        return read(task)
    except PictureError as error:
        return error.reason


def _keep(store: Store, done: Done[Reading | str], key: bytes, by: str, result: Looked) -> None:
    if isinstance(done.value, Reading):
        seen = seen_of(done.key, done.value, key, by)
        save(store, seen, done.value.likeness.features)
        result.read += 1
        result.texts += bool(seen.text)
        result.codes += bool(seen.codes)
        return
    if done.lost:
        # An object that is missing may be restored, so it is tried again the next time.
        result.unread["its capture cannot be read"] += 1
        return
    reason = done.value or done.fault
    result.unread[reason] += 1
    save(store, Seen(done.key, seen_by=by, unread=reason), None)


def _by_advertisement(captures: Sequence[Capture]) -> dict[Key, list[Capture]]:
    found: dict[Key, list[Capture]] = {}
    for capture in captures:
        found.setdefault((capture.site, capture.ad_id), []).append(capture)
    return found


def _save_contacts(
    store: Store, captures: Mapping[Key, Sequence[Capture]], seen: Mapping[str, Seen]
) -> int:
    """Stores which advertisements show which contact; returns how many show one."""
    documents = {
        f"{contact}\n{site}\n{ad_id}": {"site": site, "ad_id": ad_id, "sha": capture.payload}
        for (site, ad_id), own in captures.items()
        for capture in own
        if capture.payload in seen
        for contact in seen[capture.payload].contacts
    }
    if documents:
        store.put_documents(CONTACT, documents)
    return len({(one["site"], one["ad_id"]) for one in documents.values()})


def _save_text_contacts(
    store: Store, stored: Sequence[Advertisement], new: Collection[Key]
) -> None:
    """Stores which advertisements give which contact in their texts, as keyed hashes.

    Of `new` texts, or of all if they were read in another way before.
    """
    key = contact_key(store)
    before = store.documents(_TEXT_READER, keys=[_CONTACTS]).get(_CONTACTS, {})
    every = before.get("version") != CONTACTS_VERSION
    documents = {
        f"{contact}\n{ad.site}\n{ad.ad_id}": {"site": ad.site, "ad_id": ad.ad_id, "sha": ""}
        for ad in stored
        if every or (ad.site, ad.ad_id) in new
        for contact in keyed_contacts(contacts_in(f"{ad.title}\n{ad.description}"), key)
    }
    if documents:
        store.put_documents(CONTACT, documents, replace=False)
    if every:
        store.put_documents(_TEXT_READER, {_CONTACTS: {"version": CONTACTS_VERSION}})


def _link(
    store: Store,
    every: Sequence[Capture],
    by_ad: Mapping[Key, Sequence[Capture]],
    seen: Mapping[str, Seen],
    ads: Collection[Key] | None,
    result: Looked,
) -> None:
    """Links what was not linked before: the pictures of advertisements, and their texts."""
    stored = [ad for ad in store.advertisements() if ad.first_seen]
    # Pictures of survey posts, and of rows that are not read in yet, belong to none.
    known = {(ad.site, ad.ad_id) for ad in stored}
    every = [capture for capture in every if (capture.site, capture.ad_id) in known]
    by_ad = {key: own for key, own in by_ad.items() if key in known}
    texts = {(ad.site, ad.ad_id): _mark(ad) for ad in stored if _chosen(ad, ads)}
    done = store.documents(LOOKED)
    anew = ads is None and _linked_otherwise(store)
    before: Mapping[str, Mapping[str, Any]] = {}
    if anew:
        done = {name: {**each, "pictures": []} for name, each in done.items()}
    pictures = {key: _new_pictures(key, own, seen, done) for key, own in by_ad.items()}
    if anew:
        before = _remove_links(store, {sha for new in pictures.values() for sha in new})
    new_texts = {key for key, mark in texts.items() if done.get(_name(key), {}).get("text") != mark}
    _link_pictures(store, every, pictures, seen, result)
    _leave_out(store, before, result)
    _link_texts(store, stored, new_texts, result)
    _save_text_contacts(store, stored, new_texts)
    documents = {}
    for key in {key for key, new in pictures.items() if new} | new_texts:
        earlier = done.get(_name(key), {"text": "", "pictures": []})
        documents[_name(key)] = {
            "text": texts.get(key, earlier["text"]),
            "pictures": sorted({*earlier["pictures"], *pictures.get(key, ())}),
        }
    if documents:
        store.put_documents(LOOKED, documents)
    if anew:
        store.put_documents(_TEXT_READER, {_PICTURES: {"version": _linking()}})


def _linking() -> str:
    """The version of what links pictures: their readings, and the rules by which these match."""
    return f"{READING_VERSION}.{RULES}"


def _linked_otherwise(store: Store) -> bool:
    """Whether pictures were linked by readings or rules of another version, or never."""
    before = store.documents(_TEXT_READER, keys=[_PICTURES]).get(_PICTURES, {})
    return bool(before.get("version") != _linking())


def _remove_links(store: Store, shas: Collection[str]) -> dict[str, dict[str, Any]]:
    """Removes and returns the links between two of these pictures, which are compared anew.

    A link to a picture that is not there any more stays: nothing could make it again.
    """
    links = {
        name: link
        for name, link in store.documents(SAME_PICTURE).items()
        if link["sha"] in shas and link["other_sha"] in shas
    }
    if links:
        store.remove_documents(SAME_PICTURE, list(links))
        store.mark_links({(link["site"], link["ad_id"]) for link in links.values()})
    return links


def _leave_out(store: Store, before: Mapping[str, Mapping[str, Any]], result: Looked) -> None:
    """Takes links that were there `before`, and came back, out of the numbers of new ones."""
    now = store.documents(SAME_PICTURE, keys=list(before)) if before else {}
    result.undone = len(before) - len(now)
    for name, link in now.items():
        if not link.get("sure", 0):
            result.alike -= 1
        elif before[name].get("sure", 0):
            result.links -= 1


def _chosen(item: Advertisement | Capture, ads: Collection[Key] | None) -> bool:
    return ads is None or (item.site, item.ad_id) in ads


def _new_pictures(
    key: Key,
    captures: Sequence[Capture],
    seen: Mapping[str, Seen],
    done: Mapping[str, Mapping[str, list[str]]],
) -> set[str]:
    linked = done.get(_name(key), {}).get("pictures", [])
    readable = {one.payload for one in captures if one.payload in seen}
    return {sha for sha in readable if not seen[sha].unread} - set(linked)


def _link_pictures(
    store: Store,
    every: Sequence[Capture],
    pictures: Mapping[Key, Collection[str]],
    seen: Mapping[str, Seen],
    result: Looked,
) -> None:
    owners: dict[str, set[Key]] = {}
    for capture in every:
        owners.setdefault(capture.payload, set()).add((capture.site, capture.ad_id))
    usable = {sha: one for sha, one in seen.items() if sha in owners and not one.unread}

    def features(sha: str) -> Features | None:
        return features_of(store, sha)

    matcher = PictureMatcher(usable, features)
    stock: dict[str, int] = {}
    for sha in sorted({sha for new in pictures.values() for sha in new}):
        matches = list(matcher.matches(sha))
        same = [
            PictureMatch(sha, sha, "same file", sure=True),
            *(each for each in matches if each.sure),
        ]
        sharing = set().union(*(owners[match.other] for match in same))
        if len(sharing) >= COPIES:
            stock |= dict.fromkeys((match.other for match in same), len(sharing))
        else:
            alike = [match for match in matches if not match.sure]
            result.links += save_links(store, _picture_links(same, owners))
            result.alike += save_links(store, _picture_links(alike, owners))
    save_stock(store, stock)
    result.stock = len(stock)


def _picture_links(
    matches: Iterable[PictureMatch], owners: Mapping[str, Collection[Key]]
) -> Iterator[Link]:
    """Links both ways between the advertisements that show matching pictures."""
    for match in matches:
        for key in sorted(owners[match.sha]):
            for other in sorted(owners[match.other]):
                if key != other:
                    yield _picture_link(match, key, other)
                    yield _picture_link(match.turned(), other, key)


def _picture_link(match: PictureMatch, key: Key, other: Key) -> Link:
    return Link(SAME_PICTURE, key, other, match.how, match.sha, match.other, sure=match.sure)


def _link_texts(
    store: Store, stored: Sequence[Advertisement], new: Collection[Key], result: Looked
) -> None:
    known = [text for ad in stored if (text := text_of(ad))]
    removed = {
        key: check.at
        for key, check in latest_checks(checks(store)).items()
        if check.state == State.REMOVED
    }
    links = list(find_reposts([text for text in known if text.key in new], known, removed))
    result.reposts = save_links(store, links)
    result.after_removal = sum(bool(link.removed) for link in links)


def _mark(ad: Advertisement) -> str:
    text = f"{ad.title}\0{ad.description}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:16]


def _name(key: Key) -> str:
    return f"{key[0]}\n{key[1]}"
