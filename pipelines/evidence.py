"""Evidence pipeline (after the store): captures the page and the pictures of an advertisement."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.pipelines.media import FileInfo, FileInfoOrError, MediaPipeline
from twisted.python.failure import Failure

from wildcrawl.crawl.capturing import Capturing, Due, KeptPicture
from wildcrawl.crawl.card_shots import TakenShot, cut
from wildcrawl.crawl.evidence_settings import Level, level_of
from wildcrawl.crawl.picture_check import check_picture, for_page
from wildcrawl.crawl.picture_requests import (
    LED_AWAY,
    PictureRequestsMiddleware,
    check_scheme,
    is_closing,
    picture_request,
    skipped_for,
)
from wildcrawl.crawl.received import Received, ReceivedAnswers
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.skips import PictureSkipped, Skip
from wildcrawl.evidence import Capture, EvidenceError
from wildcrawl.items import Advertisement
from wildcrawl.store import StoreError

logger = logging.getLogger(__name__)

REDIRECTS = (301, 302, 303, 307, 308)
"""Status codes of redirects, of which those that can be followed are followed before."""
RETRY_LATER = (429, 503)
"""Status codes with which a host asks to be left alone."""


@dataclass(frozen=True)
class Wanted:
    """A picture to fetch: its address, and the page that shows it."""

    url: str
    page: Received


class EvidencePipeline(MediaPipeline):
    """Captures what is due of each advertisement, once the store has recorded it.

    One advertisement at a time; its pictures one after the other, so that a stopped crawl waits for
    a single download. What cannot be written, or is cut off by the end of the crawl, remains due.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        # Each hop passes PictureRequestsMiddleware.
        self._handle_statuses(allow_redirects=True)
        self.session = Session.of(crawler)
        self.capturing = Capturing.of(crawler)
        self.answers = ReceivedAnswers.of(crawler)
        self.turn = asyncio.Lock()
        self.fetched: dict[str, KeptPicture | PictureSkipped] = {}
        """Address to the outcome of its download in this run."""
        self.unshot: dict[Received, list[tuple[Due, bool]]] = {}
        """Advertisements of a page whose pictures are captured, and whether all of them are."""
        self._flushing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        automated = getattr(crawler.spidercls, "automated", True)
        if not automated or level_of(crawler.settings) == Level.OFF:
            raise NotConfigured
        return cls(crawler)

    async def process_item(self, item: Advertisement) -> Advertisement:  # type: ignore[override]
        page, item.received = item.received, None
        if not isinstance(page, Received):
            self.capturing.without_page(item)
        else:
            try:
                await self._look(item, page)
            except StoreError as error:
                # The store's own pipeline counts it.
                logger.warning("%s; %s %s remains due", error, item.site, item.ad_id)
        return item

    async def _look(self, ad: Advertisement, page: Received) -> None:
        """Captures an advertisement if it is due; StoreError if the store cannot tell."""
        if not self.capturing.may_be_due(ad):
            return
        page.waiting += 1
        try:
            await self._stored()
            async with self.turn:
                due = self.capturing.due(ad)
                if due is None:
                    return
                if is_closing(self.crawler):
                    self.capturing.leave(due)
                else:
                    await self._capture(due, page)
        finally:
            page.waiting -= 1
            if not page.waiting and page in self.unshot:
                async with self.turn:
                    await self._shoot(page)

    async def _stored(self) -> None:
        """Has the store write its buffer, once for all items that wait at this moment."""
        if self._flushing is None:
            self._flushing = asyncio.ensure_future(self._flush())
        await self._flushing

    async def _flush(self) -> None:
        # Lets the other items of the page come this far first.
        await asyncio.sleep(0)
        self._flushing = None
        if self.session.flush:
            self.session.flush()

    async def _capture(self, due: Due, page: Received) -> None:
        if page.taken is None:
            cards = await asyncio.to_thread(cut, page.shot) if page.shot.cards else ()
            page.taken = TakenShot(page.shot, cards)
        if not self.capturing.keep_page(due, page):
            return
        whole = await self._pictures(due, page)
        if not self.capturing.wants_shots(due, page):
            self.capturing.finish(due, whole=whole)
        elif self.capturing.keep_pictures(due):
            self.unshot.setdefault(page, []).append((due, whole))

    async def _pictures(self, due: Due, page: Received) -> bool:
        """Captures the pictures of an advertisement; False if the crawl ends before the last."""
        for url in self.capturing.pictures(due, page):
            try:
                kept = await self._picture(Wanted(url, page))
            except PictureSkipped as skipped:
                if is_closing(self.crawler):
                    return False
                self.capturing.skip_picture(due, url, skipped)
            else:
                self.capturing.keep_picture(due, url, kept)
        return True

    async def _shoot(self, page: Received) -> None:
        """Captures the screenshots of the advertisements of a page whose pictures are captured."""
        waiting = self.unshot.pop(page, [])
        assert page.taken is not None
        taken = page.taken
        if page.shot.redraw is not None and not is_closing(self.crawler):
            taken = await self._with_pictures([due for due, _ in waiting], page) or taken
        for due, whole in waiting:
            if self.capturing.keep_shots(due, page, taken):
                self.capturing.finish(due, whole=whole)

    async def _with_pictures(self, dues: list[Due], page: Received) -> TakenShot | None:
        """The screenshot of a page with the pictures that are captured; None if it has none."""
        pictures = {}
        for url, capture in self.capturing.page_pictures(dues, page).items():
            data = self.capturing.payload(capture)
            shown = await asyncio.to_thread(for_page, capture, data) if data else None
            if shown is not None:
                pictures[url] = shown
        redraw = page.shot.redraw
        shot = await redraw(pictures) if pictures and redraw is not None else None
        if shot is None or not shot.image:
            return None
        cards = await asyncio.to_thread(cut, shot) if shot.cards else ()
        number, every = len(pictures), len(page.shot.pictures)
        shows = f"drawn again with {number} of its {every} pictures, those that were captured"
        return TakenShot(shot, cards, shows)

    async def _picture(self, wanted: Wanted) -> KeptPicture | Capture:
        """A picture, or its earlier capture; PictureSkipped if it cannot be fetched."""
        check_scheme(wanted.url)
        earlier = self.capturing.fetched_before(wanted.url)
        if earlier is not None:
            return earlier
        if urlsplit(wanted.url).netloc.lower() not in wanted.page.hosts:
            raise PictureSkipped(Skip.HOST, "its host is not one that the page embeds")
        if wanted.url not in self.fetched:
            await PictureRequestsMiddleware.of(self.crawler).turn(wanted.url)
            await super().process_item(wanted)
        outcome = self.fetched[wanted.url]
        if isinstance(outcome, PictureSkipped):
            raise outcome
        return outcome

    # As MediaPipeline calls them, with a Wanted as the item

    def get_media_requests(self, item: Wanted, info: MediaPipeline.SpiderInfo) -> list[Request]:
        most = self.capturing.settings.picture_bytes
        return [picture_request(item.url, item.page.url, most)]

    def media_to_download(
        self, request: Request, info: MediaPipeline.SpiderInfo, *, item: Any = None
    ) -> None:
        """Nothing: what was fetched before is looked up before a request is made."""

    async def media_downloaded(
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,
    ) -> FileInfo:
        hosts = PictureRequestsMiddleware.of(self.crawler)
        if response.status in RETRY_LATER:
            hosts.not_answered(response.url, for_good=True)
        else:
            hosts.answered(response.url)
        if response.status in REDIRECTS:
            raise PictureSkipped(Skip.ADDRESS, LED_AWAY)
        if response.status != 200:
            later = response.status in RETRY_LATER or response.status >= 500
            words = f"answered with status {response.status}"
            raise PictureSkipped(Skip.STATUS, words, later=later)
        received = self.answers.get(response)
        assert received is not None
        size = await asyncio.to_thread(check_picture, response.body, self.capturing.settings.pixels)
        kept = self.capturing.record_picture(received, size)
        self.fetched[request.url] = kept
        return {
            "url": request.url,
            "path": kept.kept.record,
            "checksum": None,
            "status": "downloaded",
        }

    def media_failed(  # type: ignore[override]
        self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo
    ) -> None:
        error = failure.value
        assert isinstance(error, Exception)
        if isinstance(error, EvidenceError | StoreError):
            self.fetched[request.url] = self.capturing.not_written(error)
            return
        skipped = skipped_for(error)
        if skipped.skip == Skip.UNANSWERED:
            PictureRequestsMiddleware.of(self.crawler).not_answered(request.url)
        self.fetched[request.url] = skipped

    def item_completed(
        self, results: list[FileInfoOrError], item: Any, info: MediaPipeline.SpiderInfo
    ) -> Any:
        return item

    def file_path(
        self,
        request: Request,
        response: Response | None = None,
        info: MediaPipeline.SpiderInfo | None = None,
        *,
        item: Any = None,
    ) -> str:
        """Not used: a picture is kept by the hash of its record."""
        raise NotImplementedError
