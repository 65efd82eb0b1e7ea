"""Capturing: which advertisements are due for it, and the captures of their pages and pictures."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urldefrag
from weakref import WeakKeyDictionary

from w3lib.url import safe_url_string

from wildcrawl.analysis.links import join_address
from wildcrawl.crawl.card_shots import TakenShot, card_of
from wildcrawl.crawl.evidence_settings import (
    Level,
    evidence_settings_of,
    stated_declaration,
    stated_settings,
)
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.skips import PictureSkipped, Skip
from wildcrawl.crawl.stats import Stat
from wildcrawl.evidence import (
    Capture,
    CapturedTexts,
    CaptureKind,
    CaptureReason,
    Evidence,
    EvidenceError,
    View,
    open_evidence,
    sha256,
)
from wildcrawl.evidence.archive import Kept
from wildcrawl.evidence.canonical import canonical
from wildcrawl.evidence.presence import absent_objects
from wildcrawl.evidence.records import SOFTWARE, Exchange, Origin, screenshot_record
from wildcrawl.items import QUEUED, Key, Relevance, Sighting, Verdict
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from wildcrawl.crawl.received import Received
    from wildcrawl.evidence import ObjectStore
    from wildcrawl.items import Advertisement
    from wildcrawl.pictures.decode import Header
    from wildcrawl.store import Store

logger = logging.getLogger(__name__)

MOST_TRIES = 3
"""Runs that request the pictures of an advertisement, if some are not answered."""
GIVE_UP = 3
"""Captures in a row that cannot be written, after which a run makes no more."""
LOOKED_FOR = 200
"""Objects of a run that are looked for at its end, about."""
_PENDING = "capture_pending"
"""Kind of the documents of advertisements whose page is captured, and not yet all pictures."""
_ABSENT, _OBJECTS = "captures_absent", "objects"
"""Kind and key of the document of the place in which a run found no objects of earlier captures."""
_TEXTS = ("title", "description", "price")
_JUDGED_AWAY = (Verdict.IRRELEVANT, Verdict.FAKE)
_RENDERED = "the document that a browser made of the answer, and not its bytes"
_SCREENSHOT = "the page in the browser of the crawl"
_CARD = "the advertisement's part of the page in the browser of the crawl"


@dataclass(frozen=True)
class KeptPicture:
    """A picture that is stored: the fields of the same names of a Capture."""

    kept: Kept
    at: datetime
    status: int
    size: Header


@dataclass
class Due:
    """An advertisement that is due for its capture, as the store has it."""

    ad: Advertisement
    reason: CaptureReason
    tries: int = 0
    """Earlier runs that captured its page and not all of its pictures."""
    page_kept: bool = False
    captures: list[Capture] = field(default_factory=list)
    """Captures of pictures that are not written yet."""
    later: bool = False
    """Whether a picture is left to another run."""

    @property
    def key(self) -> Key:
        return self.ad.site, self.ad.ad_id


class Capturing:
    """The captures of one crawl. Only `due` and `may_be_due` may raise StoreError."""

    def __init__(
        self, session: Session, stats: StatsCollector, declaration: Mapping[str, Any] | None = None
    ) -> None:
        self.session = session
        self.stats = stats
        self.stated = {"settings": canonical(stated_settings(session.settings))}
        """What each record says of how it was collected."""
        self.declared = {"declaration": canonical(declaration)} if declaration else {}
        """What records of pages say besides: how the site is declared."""
        self.settings = evidence_settings_of(session.settings)
        self.evidence = opened(session.store, self.settings.place)
        self.who = f"{SOFTWARE}, run {session.run.id}"
        self._failed_in_row = 0

    @classmethod
    def of(cls, crawler: Crawler) -> Capturing:
        """The captures of `crawler`; ValueError for a fault of the settings."""
        capturing = _CAPTURING.get(crawler)
        if capturing is None:
            assert crawler.stats is not None
            capturing = _CAPTURING[crawler] = cls(
                Session.of(crawler), crawler.stats, stated_declaration(crawler.spidercls)
            )
        return capturing

    # What is due

    def may_be_due(self, ad: Advertisement) -> bool:
        """Whether an advertisement that was just seen needs a closer look, at no great cost.

        Most are sightings of known advertisements that were captured as they are.
        """
        state = self.evidence.captures.last_state(ad.site, ad.ad_id)
        if state is not None:
            seen = {name: text for name, text in texts_of(ad).items() if text}
            return any(getattr(state, name) != text for name, text in seen.items())
        if not isinstance(ad, Sighting):
            return ad.relevance == Relevance.LIKELY
        stored = self.session.store.get(ad.site, ad.ad_id)
        return stored is None or is_wanted(stored)

    def due(self, ad: Advertisement) -> Due | None:
        """The capture that an advertisement is due for, None if it is captured as the store has it.

        It is due until it is made: at first sight, and when the store has another title,
        description or price than at the last capture.
        """
        stored = self.session.store.get(ad.site, ad.ad_id)
        if stored is None or not is_wanted(stored):
            return None
        state = self.evidence.captures.last_state(ad.site, ad.ad_id)
        if state is not None and texts_of(stored) == texts_of(state):
            return None
        reason = CaptureReason.CHANGED if state is not None else CaptureReason.FIRST_SIGHT
        if state is None and not (stored.title or stored.description):
            reason = CaptureReason.IMAGE_ONLY
        due = Due(stored, reason)
        pending = self._pending(due.key)
        if pending is not None and texts_of(stored) == {name: pending[name] for name in _TEXTS}:
            due.tries, due.page_kept = int(pending["tries"]), True
        return due

    def _pending(self, key: Key) -> dict[str, str | int] | None:
        name = _name(key)
        return self.session.store.documents(_PENDING, keys=[name]).get(name)

    # What is kept

    def keep_page(self, due: Due, page: Received) -> bool:
        """Captures the page of an advertisement; whether its pictures are to be captured after it.

        So they are of a page that can be drawn again with them; its screenshot is captured after
        that, see `keep_shots`. A fault is noted, and the capture remains due.
        """
        if self._failed_in_row >= GIVE_UP:
            self.leave(due)
            return False
        more = due.ad.image_urls or page.shot.redraw is not None
        further = self.settings.level == Level.PICTURES and bool(more)
        if due.page_kept:
            return further
        try:
            captures = [self._page(due.key, page, due.reason)]
            if not further and page.taken is not None:
                captures += self._shots(due, page, page.taken)
            self.evidence.add(captures, self.who, {} if further else {due.key: state_of(due.ad)})
            if further:
                self._save_pending(due)
        except (EvidenceError, StoreError) as error:
            self._failed(due, error)
            return False
        self._failed_in_row = 0
        self.stats.inc_value(Stat.CAPTURES)
        return further

    def keep_removed(self, key: Key, page: Received) -> bool:
        """Captures the page that shows an advertisement to be gone; False if that fails."""
        try:
            capture = self._page(key, page, CaptureReason.REMOVED)
            taken = TakenShot(page.shot)
            self.evidence.add([capture, *self._page_shot(capture, page, taken)], self.who)
        except (EvidenceError, StoreError) as error:
            self._note(error)
            return False
        self.stats.inc_value(Stat.CAPTURES)
        return True

    def _origin(self, site: str, ad_ids: Sequence[str] = (), **more: str) -> Origin:
        """Where a record of this crawl comes from, with its settings."""
        return Origin(self.session.run.id, site, ad_ids, more={**more, **self.stated})

    def _page(self, key: Key, page: Received, reason: CaptureReason) -> Capture:
        site, ad_id = key
        if page.kept is None:
            more = {"rendering": _RENDERED} if page.rendered else {}
            origin = self._origin(site, page.ad_ids or [ad_id], **more, **self.declared)
            page.kept = self.evidence.keep(exchange_of(page), page.content, origin)
        return Capture(
            *(site, ad_id, page.at, self.session.run.id, CaptureKind.PAGE, page.url, page.status),
            media_type=media_type(page),
            **page.kept._asdict(),
            reason=reason,
        )

    def _shots(self, due: Due, page: Received, taken: TakenShot) -> list[Capture]:
        capture = self._page(due.key, page, due.reason)
        return [*self._page_shot(capture, page, taken), *self._card(due, page, taken)]

    def _page_shot(self, capture: Capture, page: Received, taken: TakenShot) -> list[Capture]:
        """Captures the screenshot of the page of `capture`."""
        image = taken.shot.image
        if not image:
            return []
        if not taken.record:
            view = f"{_SCREENSHOT}; {taken.shows}"
            origin = self._origin(capture.site, page.ad_ids, view=view)
            record = screenshot_record(page.url, page.at, image, "image/png", origin)
            taken.record = self.evidence.objects.put(record)
        return [_shot_of(capture, taken.record, image)]

    def _card(self, due: Due, page: Received, taken: TakenShot) -> list[Capture]:
        """Captures the card of an advertisement on a page of results that a browser showed."""
        place = card_of(due.ad, taken.shot.cards)
        image = taken.card_images[place] if place is not None and taken.card_images else b""
        if not image:
            return []
        site, ad_id = due.key
        origin = self._origin(site, [ad_id], view=f"{_CARD}; {taken.shows}")
        url = f"{page.url}#{quote(ad_id)}"
        record = screenshot_record(url, page.at, image, "image/png", origin)
        capture = Capture(
            *(site, ad_id, page.at, self.session.run.id, CaptureKind.SCREENSHOT, page.url),
            status=page.status,
            reason=due.reason,
            view=View.CARD,
        )
        return [_shot_of(capture, self.evidence.objects.put(record), image)]

    def wants_shots(self, due: Due, page: Received) -> bool:
        """Whether a screenshot is to be kept of a page after its pictures were captured.

        Not again for pictures of which a later run got none.
        """
        return bool(page.shot.image) and (
            not due.page_kept or any(capture.record for capture in due.captures)
        )

    def keep_pictures(self, due: Due) -> bool:
        """Writes the captures of pictures before those of screenshots; False if that fails."""
        try:
            self.evidence.add(due.captures, self.who)
        except (EvidenceError, StoreError) as error:
            self._failed(due, error)
            return False
        due.captures = []
        return True

    def keep_shots(self, due: Due, page: Received, taken: TakenShot) -> bool:
        """Adds the screenshots of an advertisement to its captures; False if that fails."""
        try:
            due.captures += self._shots(due, page, taken)
        except (EvidenceError, StoreError) as error:
            self._failed(due, error)
            return False
        return True

    def page_pictures(self, dues: Iterable[Due], page: Received) -> dict[str, Capture]:
        """Captures of the pictures that a page shows, by their addresses on it.

        Those that were captured for its advertisements, in this run or earlier.
        """
        named = {
            safe_url_string(urldefrag(join_address(page.url, url)).url): url
            for due in dues
            for url in due.ad.image_urls
        }
        found = {}
        for shown in page.shot.pictures:
            url = named.get(shown) or named.get(safe_url_string(shown)) or shown
            capture = self.fetched_before(urldefrag(join_address(page.url, url)).url)
            if capture is not None:
                found[shown] = capture
        return found

    def payload(self, capture: Capture) -> bytes | None:
        """The bytes of a picture that was captured; None if they cannot be read."""
        try:
            return self.evidence.payload(capture)
        except (EvidenceError, StoreError):
            return None

    def pictures(self, due: Due, page: Received) -> list[str]:
        """The addresses of the pictures to capture, absolute; those beyond the limit are skipped.

        Without those that an earlier capture of the advertisement has, or has given up.
        """
        named = dict.fromkeys(
            urldefrag(join_address(page.url, url)).url for url in due.ad.image_urls
        )
        first = not due.page_kept and due.reason != CaptureReason.CHANGED
        captured = set() if first else self._captured(due)
        wanted = [url for url in named if url not in captured]
        room = max(0, self.settings.pictures - len(named) + len(wanted))
        beyond = wanted[room:]
        if beyond:
            words = f"{len(named)} pictures, of which {self.settings.pictures} are kept"
            self.skip_picture(due, beyond[0], PictureSkipped(Skip.NUMBER, words), len(beyond))
        return wanted[:room]

    def _captured(self, due: Due) -> set[str]:
        """The addresses of pictures of which the advertisement has a capture already."""
        try:
            captures = self.evidence.captures.of(*due.key)
        except StoreError:
            return set()
        return {each.url for each in captures if each.kind == CaptureKind.PICTURE and each.record}

    def fetched_before(self, url: str) -> Capture | None:
        """The capture of a picture that was fetched before; None if it was not, or is not kept."""
        try:
            capture = self.evidence.captures.picture(url)
            kept = capture is not None and self.evidence.objects.has(capture.record)
        except (EvidenceError, StoreError):
            return None
        return capture if kept else None

    def record_picture(self, picture: Received, size: Header) -> KeptPicture:
        """Stores a picture that was fetched; EvidenceError or StoreError if that fails."""
        origin = self._origin(self.session.run.site)
        kept = self.evidence.keep(exchange_of(picture), picture.content, origin)
        return KeptPicture(kept, picture.at, picture.status, size)

    def keep_picture(self, due: Due, url: str, picture: KeptPicture | Capture) -> None:
        """Notes a picture that was fetched, or an earlier capture of it, for the advertisement."""
        empty = self._capture(due, url)
        if isinstance(picture, Capture):
            self.stats.inc_value(Stat.PICTURES_REUSED)
            due.captures.append(self.evidence.reuse(empty, picture))
            return
        self.stats.inc_value(Stat.PICTURES_KEPT)
        due.captures.append(
            replace(
                empty,
                at=picture.at,
                status=picture.status,
                media_type=picture.size.media_type,
                width=picture.size.width,
                height=picture.size.height,
                **picture.kept._asdict(),
            )
        )

    def skip_picture(self, due: Due, url: str, skipped: PictureSkipped, number: int = 1) -> None:
        """Notes and counts a picture that is not captured, with the reason."""
        self.stats.inc_value(Stat.PICTURES_SKIPPED, number)
        self.stats.inc_value(Stat.PICTURES_SKIPPED_FOR + skipped.skip, number)
        due.later = due.later or skipped.later
        due.captures.append(replace(self._capture(due, url), skipped=str(skipped)))
        logger.debug("%s %s: picture %s: %s", *due.key, url[:200], skipped)

    def _capture(self, due: Due, url: str) -> Capture:
        site, ad_id = due.key
        now, run = datetime.now(UTC), self.session.run.id
        return Capture(site, ad_id, now, run, CaptureKind.PICTURE, url, reason=due.reason)

    def finish(self, due: Due, *, whole: bool = True) -> None:
        """Writes the captures of an advertisement's pictures, after which it is no longer due.

        With pictures that another try may fetch it remains due, for a few runs; also if the crawl
        ends before the `whole` is captured.
        """
        due.tries += whole
        remains = not whole or (due.later and due.tries < MOST_TRIES)
        try:
            states = {} if remains else {due.key: state_of(due.ad)}
            self.evidence.add(due.captures, self.who, states)
            if remains:
                self._save_pending(due)
                self.leave(due)
        except (EvidenceError, StoreError) as error:
            self._failed(due, error)

    def _save_pending(self, due: Due) -> None:
        document = {**texts_of(due.ad), "tries": due.tries}
        self.session.store.put_documents(_PENDING, {_name(due.key): document})

    def check_earlier(self) -> None:
        """Notes earlier captures whose objects are not in their place, before the crawl adds more.

        The first run that finds it is broken by it; later ones say it, until the objects are back.
        """
        store = self.session.store
        before = store.documents(_ABSENT, keys=[_OBJECTS])
        try:
            absent = absent_objects(self.evidence)
            gone = str(absent) if absent else ""
            place = absent.place if absent else ""
        except EvidenceError as error:
            gone, place = str(error), self.settings.place
        if not gone:
            if before:
                store.remove_documents(_ABSENT, [_OBJECTS])
            return
        logger.error("%s", gone)
        self.session.evidence_gone = gone
        self.session.evidence_gone_before = before.get(_OBJECTS, {}).get("place") == place
        if not self.session.evidence_gone_before:
            store.put_documents(_ABSENT, {_OBJECTS: {"place": place}})

    def check_kept(self) -> None:
        """Notes captures of this run whose objects have gone meanwhile, and makes them due again.

        As of a folder that was removed while the crawl ran: writing the next object makes it anew.
        A few of the objects are looked for, and all of them if one of these has gone.
        """
        added = self.evidence.added
        every = sorted({sha for capture in added for sha in capture.objects})
        few = every[:: max(1, len(every) // LOOKED_FOR)]
        has = self.evidence.objects.has
        try:
            if all(map(has, few)):
                return
            gone = {sha for sha in every if not has(sha)}
        except EvidenceError as error:
            # A place that does not answer may have all of them.
            logger.error("the objects of this run could not be looked for: %s", error)
            return
        lost = [capture for capture in added if capture.objects & gone]
        keys = {(capture.site, capture.ad_id) for capture in lost}
        self.evidence.captures.remove_states(keys)
        self.session.store.remove_documents(_PENDING, [_name(key) for key in keys])
        place = self.evidence.objects.address
        self._note(
            EvidenceError(
                f"{len(gone)} of {len(every)} objects of this run are no longer in {place}; "
                "was its folder removed?"
            ),
            len(lost),
        )

    # What is not kept

    def without_page(self, ad: Advertisement) -> None:
        """Counts a likely advertisement that was read from no page, or from one that failed."""
        if ad.origin is None and ad.relevance == Relevance.LIKELY and not isinstance(ad, Sighting):
            self.stats.inc_value(Stat.CAPTURES_DUE)

    def leave(self, due: Due) -> None:
        """Counts a capture that is left to the next run that shows the advertisement."""
        self.stats.inc_value(Stat.CAPTURES_DUE)
        logger.debug("%s %s remains due for its capture", *due.key)

    def not_written(self, error: Exception) -> PictureSkipped:
        """Notes a picture that was fetched and could not be written."""
        self._note(error)
        return PictureSkipped(Skip.STOPPED, "it could not be written", later=True)

    def _failed(self, due: Due, error: Exception) -> None:
        self._failed_in_row += 1
        self.leave(due)
        self._note(error)

    def _note(self, error: Exception, number: int = 1) -> None:
        if not self.session.evidence_fault:
            logger.error("%s; the crawl goes on, and the captures remain due", error)
        self.session.evidence_fault = self.session.evidence_fault or str(error)
        self.stats.inc_value(Stat.CAPTURES_FAILED, number)


def _shot_of(capture: Capture, record: str, image: bytes) -> Capture:
    """The capture of a screenshot of the same moment and page as `capture`."""
    return replace(
        capture,
        kind=CaptureKind.SCREENSHOT,
        media_type="image/png",
        record=record,
        source="",
        payload=sha256(image),
        length=len(image),
    )


class Unopened:
    """Stands in for a place of captures that cannot be opened: every use raises the reason."""

    def __init__(self, error: EvidenceError) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        raise self._error


def opened(store: Store, place: str) -> Evidence:
    """The evidence at `place`; a place that cannot be opened fails each capture, not the crawl."""
    try:
        return open_evidence(store, place)
    except EvidenceError as error:
        return Evidence(store, cast("ObjectStore", Unopened(error)))


_CAPTURING: WeakKeyDictionary[Crawler, Capturing] = WeakKeyDictionary()


def is_wanted(ad: Advertisement) -> bool:
    """Whether an advertisement is worth a capture: in the queue, and not judged away."""
    return ad.relevance in QUEUED and ad.verdict not in _JUDGED_AWAY


def texts_of(given: Advertisement | CapturedTexts) -> dict[str, str]:
    """The texts whose change makes a capture due."""
    return {name: getattr(given, name) for name in _TEXTS}


def state_of(ad: Advertisement) -> CapturedTexts:
    """The state of an advertisement that is captured at this moment."""
    return CapturedTexts(**texts_of(ad), at=datetime.now(UTC))


def exchange_of(received: Received) -> Exchange:
    """The answer as the records have it."""
    return Exchange(
        received.url,
        received.at,
        received.status,
        received.headers,
        received.body,
        received.method,
        received.request_headers,
        received.request_body,
        received.ip,
    )


def media_type(received: Received) -> str:
    """The media type that an answer declares, without its parameters; "" if it declares none."""
    named = (value for name, value in received.headers if name.lower() == "content-type")
    return next(named, "").partition(";")[0].strip().lower()


def _name(key: Key) -> str:
    return "\n".join(key)
