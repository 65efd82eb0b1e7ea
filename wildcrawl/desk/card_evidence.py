"""Card evidence: an advertisement's gallery, the bytes of its pictures, and the custody log."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from wildcrawl.desk import due_entries
from wildcrawl.desk.custody_queue import CustodyQueue, Part
from wildcrawl.desk.due_entries import DueEntry
from wildcrawl.desk.view_cache import ViewCache
from wildcrawl.desk.worker import Worker
from wildcrawl.evidence import Action, Capture, CaptureKind, Evidence, EvidenceError, imported
from wildcrawl.evidence.canonical import canonical
from wildcrawl.evidence.captures import last_change
from wildcrawl.evidence.imported import NO_NAME
from wildcrawl.items import Verdict
from wildcrawl.pictures.apart import view_apart
from wildcrawl.pictures.views import THUMBNAIL, VIEW
from wildcrawl.review.gallery import Gallery, Read, Same, gallery_of
from wildcrawl.review.looking.links import REPOST, Link, links_of, links_of_all
from wildcrawl.review.looking.seen import KIND as READINGS

if TYPE_CHECKING:
    from wildcrawl.desk.model import Desk
    from wildcrawl.items import Key
    from wildcrawl.store import Store

VIEWS: Mapping[str, int] = {"thumbnail": THUMBNAIL, "card": 1000, "view": VIEW}
"""Re-encoded views of a picture, in a row, on the card and enlarged: longer side in pixels."""

_WAIT = 0.3
"""Seconds before the next card is prepared, so that the current one is painted first."""
_PREPARED = 12
"""Pictures of the next card that are prepared."""

READ_AHEAD = 20
"""Cards that are read ahead at once: FerretDB takes as long for one of them as for all."""
_KEPT = 500
"""Cards that were read ahead and are kept at most."""
_OPENED = 1_000
"""Cards of which it is known what they showed when they were opened."""
_SHOWN = 10_000
"""Pictures of which it is known whose captures they are."""

_log = logging.getLogger(__name__)

K = TypeVar("K")
V = TypeVar("V")


class _Found(NamedTuple):
    """What the store has on an advertisement's evidence, but for the verdicts on others."""

    captures: Sequence[Capture]
    read: Mapping[str, Read]
    links: Sequence[Link]
    change: str
    """The last change of the store's evidence before the reading; a later one makes it stale."""


class CardEvidence:
    """Evidence of the desk: galleries, pictures by the SHA-256 of their bytes, custody entries."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._views = ViewCache()
        self._worker = Worker()
        self._opened: OrderedDict[tuple[str, Key], tuple[Capture, ...]] = OrderedDict()
        self._ahead: OrderedDict[Key, _Found] = OrderedDict()
        self._shown: OrderedDict[str, tuple[Capture, ...]] = OrderedDict()
        self._lock = Lock()
        self.log = CustodyQueue(self._append, self._worker, written=self._written)

    def gallery(self, store: Store, key: Key) -> Gallery:
        """The gallery of an advertisement; empty if nothing was captured."""
        with self._lock:
            found = self._ahead.pop(key, None)
        if found is None or found.change != last_change(store):
            found = self._read(store, [key])[key]
        if not found.captures:
            return Gallery()
        self._note_shown(found.captures)
        return gallery_of(found.captures, found.read, _same_as(store, found.links))

    def _read(self, store: Store, keys: Collection[Key]) -> dict[Key, _Found]:
        """What the store has on several advertisements."""
        change = last_change(store)
        captures = self._of(store).captures.of_all(keys)
        pictured = [key for key in keys if captures[key]]
        if not pictured:
            return dict.fromkeys(keys, _Found((), {}, (), change))
        read = _read_in(store, chain.from_iterable(captures.values()))
        links = links_of_all(store, pictured)
        return {key: _Found(captures[key], read, links.get(key, ()), change) for key in keys}

    def _note_shown(self, captures: Iterable[Capture]) -> None:
        """Notes whose pictures a card shows, so that each is found by the keys of its captures."""
        pictures: dict[str, list[Capture]] = {}
        for capture in captures:
            if capture.payload and capture.kind is not CaptureKind.PAGE:
                pictures.setdefault(capture.payload, []).append(capture)
        with self._lock:
            _keep_last(self._shown, {sha: tuple(each) for sha, each in pictures.items()}, _SHOWN)

    def reposts(self, store: Store, key: Key) -> list[Same]:
        """Other advertisements with nearly the same text."""
        return [same for _, same in _others(store, links_of(store, key, REPOST))]

    def opened(self, who: str, key: Key, gallery: Gallery) -> None:
        """Notes for the custody log that `who` opened a card with evidence."""
        if gallery.shown:
            moment = datetime.now(UTC).isoformat(timespec="milliseconds")
            entry = _entry(key[0], gallery.shown, opened=moment)
            self.log.add(Action.LOOKED, who or NO_NAME, key, entry)
            with self._lock:
                _keep_last(self._opened, {(who, key): tuple(gallery.shown)}, _OPENED)

    def due(
        self,
        store: Store,
        who: str,
        key: Key,
        verdict: str,
        at: datetime,
        *,
        second: bool = False,
        by_group: bool = False,
    ) -> DueEntry | None:
        """The entry of a verdict, to be stored with it; None for an ad without evidence.

        It names the captures that the card showed when this person opened it here last, and those
        that are stored for a verdict that was given `by_group`.
        """
        shown: Sequence[Capture] = ()
        if not by_group:
            with self._lock:
                shown = self._opened.get((who, key)) or self._opened.get(("", key), ())
        shown = shown or gallery_of(self._of(store).captures.of(*key)).shown
        if not shown:
            return None
        moment = at.isoformat(timespec="milliseconds")
        entry = _entry(key[0], shown, verdict=str(verdict), judged=moment)
        return DueEntry(*key, who or NO_NAME, str(verdict), moment, entry, int(second))

    def judged(self, due: DueEntry | None) -> None:
        """Appends a verdict that was stored, behind the cards opened before."""
        if due:
            self.log.add(Action.JUDGED, due.who, due, due.entry, now=True)

    def complete(self, store: Store) -> None:
        """Appends verdicts that a desk or an import stored, and did not append before it ended."""
        try:
            number = due_entries.complete(store) + imported.complete(store)
        # What is missing stays in the store, for the next desk.
        except Exception as error:
            _log.warning("The custody log was not completed: %s", error)
            return
        if number:
            _log.warning(
                "Completed the custody log with %d verdicts of a desk or an import that ended",
                number,
            )

    def exported(self, who: str, capture: Capture) -> None:
        """Appends the download of an original picture or of a page's record."""
        entry = _entry(capture.site, [capture])
        self.log.add(Action.EXPORTED, who or NO_NAME, (capture.key, datetime.now(UTC)), entry)
        self.log.flush()

    def original(self, store: Store, payload: str) -> tuple[Capture, bytes]:
        """A picture as it was fetched; EvidenceError if it is missing, erased or damaged."""
        evidence = self._of(store)
        return _bytes_of(evidence, _pictures(evidence, payload))

    def page(self, store: Store, record: str) -> tuple[Capture, bytes]:
        """A page's capture and its record as stored; EvidenceError if it cannot be read."""
        evidence = self._of(store)
        for capture in evidence.captures.users(record):
            if capture.kind is CaptureKind.PAGE and capture.record == record:
                return capture, evidence.objects.get(record)
        raise EvidenceError(f"no page with the record {record} is kept; it may be erased")

    def body(self, store: Store, capture: Capture) -> bytes:
        """The body of a captured page, after content decoding."""
        return self._of(store).payload(capture)

    def view(self, store: Store, payload: str, name: str) -> bytes:
        """The view `name` of a picture, as JPEG.

        EvidenceError if its bytes cannot be read, PictureError if they cannot be decoded.
        """
        evidence = self._of(store)
        with self._lock:
            shown = self._shown.get(payload, ())
        # Read each time, so that an erased picture is not shown from memory.
        captures = evidence.captures.stored(shown) or _pictures(evidence, payload)
        return self._view_of(evidence, captures, name)

    def close(self) -> None:
        """Ends the background work, and writes to the custody log what still waits."""
        self._worker.close()
        self.log.flush()

    def prepare(self, keys: Sequence[Key], then: Callable[[], None] = lambda: None) -> None:
        """Has the worker make the views of the next card, the first of `keys`, before it is shown.

        If its evidence was not read yet, it is read together with that of those after it. The
        worker does `then` after it.
        """
        if keys:
            self._worker.after(_WAIT, partial(self._prepare, keys[:READ_AHEAD]))
            self._worker.after(_WAIT, then)

    def _prepare(self, keys: Sequence[Key]) -> None:
        with self._lock:
            ready = self._ahead.get(keys[0])
        # The card itself reports what fails.
        with self._desk.store() as store:
            evidence = self._of(store)
            if ready is None or ready.change != last_change(store):
                found = self._read(store, keys)
                ready = found[keys[0]]
                with self._lock:
                    _keep_last(self._ahead, found, _KEPT)
        pictures = gallery_of(ready.captures).pictures[:_PREPARED]
        wanted = [(picture.capture, "card") for picture in pictures[:1]]
        wanted += [(picture.capture, "thumbnail") for picture in pictures]
        for capture, name in wanted:
            try:
                # Reads objects alone: the store is another's meanwhile.
                self._view_of(evidence, [capture], name)
            except Exception as error:
                _log.debug("A picture of the next card was not prepared: %s", error)

    def _view_of(self, evidence: Evidence, captures: Sequence[Capture], name: str) -> bytes:
        def make() -> bytes:
            _, data = _bytes_of(evidence, captures)
            return view_apart(data, VIEWS[name], self._desk.limits).data

        return self._views.get((captures[0].payload, name), make)

    def _append(self, parts: Iterable[Part]) -> Iterator[object]:
        with self._desk.store() as store:
            yield from self._of(store).custody.append_each(parts)

    def _written(self, things: Sequence[Hashable]) -> None:
        keys = [thing.key for thing in things if isinstance(thing, DueEntry)]
        if keys:
            with self._desk.store() as store:
                due_entries.remove(store, keys)

    def _of(self, store: Store) -> Evidence:
        return Evidence(store, self._desk.objects)


def _keep_last(known: OrderedDict[K, V], new: Mapping[K, V], most: int) -> None:
    """Adds to what is known, of which the `most` added last remain."""
    for key, value in new.items():
        known[key] = value
        known.move_to_end(key)
    while len(known) > most:
        known.popitem(last=False)


def _pictures(evidence: Evidence, payload: str) -> list[Capture]:
    """Captures of a picture, at least one."""
    found = evidence.captures.by_payload(payload)
    pictures = [capture for capture in found if capture.kind is not CaptureKind.PAGE]
    if not pictures:
        raise EvidenceError(f"no picture with the SHA-256 {payload} is kept; it may be erased")
    return pictures


def _bytes_of(evidence: Evidence, captures: Sequence[Capture]) -> tuple[Capture, bytes]:
    """The first of several captures of the same bytes that can be read, and the bytes."""
    *others, last = captures
    for capture in others:
        with suppress(EvidenceError):
            return capture, evidence.payload(capture)
    return last, evidence.payload(last)


def _entry(site: str, captures: Iterable[Capture], **more: str) -> str:
    """An entry of the custody log: the site and hashes of captures, nothing that names a seller."""
    return canonical({"site": site, "captures": [each.digest for each in captures], **more})


def _read_in(store: Store, captures: Iterable[Capture]) -> dict[str, Read]:
    """What `scrapy look` read in the pictures, by the SHA-256 of their bytes."""
    payloads = {capture.payload for capture in captures if capture.kind is not CaptureKind.PAGE}
    return {
        payload: Read(
            document.get("text") or "",
            document.get("codes") or 0,
            len(document.get("contacts") or ()),
            document.get("unread") or "",
        )
        for payload, document in store.documents(READINGS, keys=payloads).items()
    }


def _same_as(store: Store, links: Sequence[Link]) -> dict[str, list[Same]]:
    """Other advertisements with the same photographs, by the SHA-256 of this one's picture."""
    found: dict[str, list[Same]] = {}
    for link, same in _others(store, links):
        found.setdefault(link.sha, []).append(same)
    # A confirmed advertisement says most, so it comes first.
    return {
        sha: sorted(others, key=lambda other: other.verdict != Verdict.VALID)
        for sha, others in found.items()
    }


def _others(store: Store, links: Sequence[Link]) -> Iterator[tuple[Link, Same]]:
    """The links to advertisements that are stored, with these."""
    ads = store.get_all({link.other for link in links}) if links else {}
    for link in links:
        if ad := ads.get(link.other):
            verdict, by = ad.verdict, ad.screened_by
            same = (ad.site, ad.ad_id, ad.title, verdict, by, link.how, link.removed, link.sure)
            yield link, Same(*same)
