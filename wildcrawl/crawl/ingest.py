"""Ingestion: runs advertisements from a file through the pipelines, without Scrapy's engine.

For input that needs no request, such as a worksheet. The pipelines, the spider and the run
recorder are those of `scrapy crawl`, around a `Crawler` that never starts.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.settings import Settings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object

from wildcrawl.crawl.run_recorder import RunRecorder
from wildcrawl.crawl.session import Session
from wildcrawl.items import Advertisement, Run

logger = logging.getLogger(__name__)

SpiderT = TypeVar("SpiderT", bound=Spider)


@dataclass(frozen=True)
class Ingested:
    """An ingested run, and the warnings and errors that were logged, a line each.

    `saved` is false if the run could not be stored at its end; the messages say why.
    """

    run: Run
    saved: bool
    messages: tuple[str, ...]


class PipelineStep(Protocol):
    """A Scrapy item pipeline without coroutines."""

    def process_item(self, item: Any) -> Any: ...


def ingest(
    spidercls: type[SpiderT],
    settings: Settings,
    read: Callable[[SpiderT], Iterable[Advertisement]],
    arguments: Mapping[str, str],
) -> Ingested:
    """Runs the advertisements that `read` yields through the pipelines of the settings.

    `read` is called with the spider, which is made with `arguments` and counts what it reads. The
    run is judged and stored like that of a crawl. Raises, before anything is recorded, StoreError
    if the store cannot be reached or is damaged, and ValueError for a fault in a setting, the
    vocabulary or an argument.
    """
    crawler = Crawler(spidercls, settings)
    # A file shows no page that could be captured.
    crawler.settings.set("WILDCRAWL_EVIDENCE", "off", priority="cmdline")
    crawler.stats = load_object(crawler.settings["STATS_CLASS"])(crawler)
    session = Session.of(crawler)
    with logged_lines() as messages:
        recorder = RunRecorder.from_crawler(crawler)
        try:
            session.store.check_intact()
            spider = spidercls.from_crawler(crawler, **arguments)
            steps = steps_of(crawler)
            recorder.opened()
            take(read(spider), steps, recorder.item_failed)
            recorder.closed(spider, "finished")
        finally:
            session.store.close()
    return Ingested(session.run, recorder.saved, tuple(messages))


def steps_of(crawler: Crawler) -> list[PipelineStep]:
    """The item pipelines in the settings of `crawler`, in order, but for those that are off."""
    steps = []
    for name in build_component_list(crawler.settings.getwithbase("ITEM_PIPELINES")):
        with suppress(NotConfigured):
            steps.append(build_from_crawler(load_object(name), crawler))
    return steps


def take(
    ads: Iterable[Advertisement], steps: Sequence[PipelineStep], failed: Callable[[], None]
) -> None:
    """Passes advertisements through `steps`, then closes these; one that fails stops no other.

    `failed` is called for each that fails, and if reading them fails.
    """
    try:
        for ad in ads:
            try:
                item: Any = ad
                for step in steps:
                    item = step.process_item(item)
            except DropItem as drop:
                logger.debug("%s: %s", type(drop).__name__, drop)
            except Exception:
                failed()
                logger.exception("%s %s could not be processed", ad.site, ad.ad_id)
    except Exception:
        failed()
        logger.exception("reading stopped; what was read before is stored")
    for step in reversed(steps):
        close = getattr(step, "close_spider", None)
        if close:
            close()


@contextmanager
def logged_lines() -> Iterator[list[str]]:
    """Collects the lines that this thread logs as warnings or errors within the block."""
    lines: list[str] = []
    handler = _Lines(lines, threading.get_ident())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield lines
    finally:
        root.removeHandler(handler)


class _Lines(logging.Handler):
    """Log handler that appends the lines of one thread's messages and tracebacks to a list."""

    def __init__(self, lines: list[str], thread: int) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines
        self._thread = thread

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self._lines += [line for line in self.format(record).splitlines() if line.strip()]
