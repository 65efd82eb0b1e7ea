"""Import of records and surveys from files, through the pipelines of a crawl."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from scrapy.statscollectors import StatsCollector

from wildcrawl.crawl.session import Session, vocabulary_of
from wildcrawl.crawl.stats import Stat
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from wildcrawl.tabular.records import RejectedFile
    from wildcrawl.tabular.surveys import Reading
    from wildcrawl.tabular.tables import Rejection

PAUSE_EVERY = 200
"""Rows after which everything else that waits (a stop signal, a log line) gets its turn."""


class RecordsSpider(Spider):
    """Reads a file of records; `site` in a row may be any name.

    A bad row is named by line and reason in the log and kept in FILE.rejected.csv; the others
    go through.
    """

    way: ClassVar[str] = "records"
    batch: ClassVar[int] = 500
    """Advertisements that are stored at once: what a crash loses is read from the file again."""
    session: Session

    def __init__(self, file: str = "", charset: str = "", **kwargs: Any) -> None:
        for name in kwargs:
            if not name.startswith("_"):
                raise ValueError(f"{self.name} has no argument '{name}'; one of file, charset")
        super().__init__(**kwargs)
        if not file:
            raise ValueError(f"name the file of {self.name}: scrapy crawl {self.name} -a file=FILE")
        self.file = Path(file)
        self.charset = charset or None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.session = Session.of(crawler)
        return spider

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        """Raises ValueError for a file that cannot be read, before anything of it is."""
        from wildcrawl.tabular.records import read_records

        spider = cls(**arguments)
        read_records(spider.file, vocabulary_of(settings).groups, charset=spider.charset)

    @property
    def stats(self) -> StatsCollector:
        assert self.crawler.stats is not None
        return self.crawler.stats

    async def start(self) -> AsyncIterator[Any]:
        # A clock that runs ahead somewhere is no reason to refuse a row.
        from wildcrawl.tabular.records import Record, RejectedFile, read_records
        from wildcrawl.tabular.tables import RecordsError

        latest = datetime.now(UTC) + timedelta(days=1)
        records = read_records(
            self.file, self.session.vocabulary.groups, charset=self.charset, latest=latest
        )
        with RejectedFile(self.file, records.columns) as rejected:
            try:
                for number, row in enumerate(records):
                    if number % PAUSE_EVERY == 0:
                        await asyncio.sleep(0)
                    if isinstance(row, Record):
                        self.stats.inc_value(Stat.FOUND)
                        yield row.advertisement
                    else:
                        self.reject(row, rejected)
            except RecordsError as error:
                self.stats.inc_value(Stat.ERRORS)
                self.logger.error("%s; the rows before the fault were taken in", error)
        self.tell_fault(rejected)
        counted = self.stats.get_value
        if counted(Stat.REJECTED) and not counted(Stat.FOUND):
            self.stats.inc_value(Stat.ERRORS)
            self.logger.error("no row of %s could be taken in; the reasons stand above", self.file)

    def tell_fault(self, rejected: RejectedFile) -> None:
        """Says so where the rejected rows could not be kept."""
        if rejected.fault:
            self.stats.inc_value(Stat.ERRORS)
            self.logger.error("%s", rejected.fault)

    def reject(self, row: Rejection, rejected: RejectedFile) -> None:
        """Names a row that is not taken, and keeps it."""
        self.stats.inc_value(Stat.REJECTED)
        self.logger.error("%s %s", self.file, row)
        rejected.add(row)


class SurveySpider(RecordsSpider):
    """Reads a file of accounts, surveys and posts; read again, it changes nothing.

    A bad row is named by its cells in the log and kept in a `.rejected.csv` for its sheet; the
    others go through.
    """

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        """Raises ValueError for a file that cannot be read, before anything of it is."""
        from wildcrawl.tabular.surveys.reader import open_sheets

        spider = cls(**arguments)
        vocabulary_of(settings)
        open_sheets(spider.file, spider.charset)

    async def start(self) -> AsyncIterator[Any]:
        from wildcrawl.tabular.surveys import SurveyError
        from wildcrawl.tabular.tables import RecordsError

        try:
            self.read()
        except (StoreError, RecordsError, SurveyError) as error:
            # Nothing is lost: the file is there to be read again.
            self.stats.inc_value(Stat.ERRORS)
            self.logger.error("%s; nothing of %s was kept: read it again", error, self.file)
        # Scrapy wants a generator; no advertisement comes of a survey.
        none: tuple[Any, ...] = ()
        for each in none:
            yield each

    def read(self) -> None:
        """Takes in the file; posts are what is counted as new or seen."""
        from wildcrawl.store.surveys import load_surveys, put_surveys
        from wildcrawl.tabular.surveys.reader import read_surveys

        store = self.session.store
        species = list(self.session.vocabulary.groups)
        reading = read_surveys(self.file, species, load_surveys(store).known, self.charset)
        self.keep_rejections(reading)
        new = put_surveys(store, reading.items)
        posts = reading.count("posts")
        self.stats.inc_value(Stat.FOUND, posts)
        self.stats.inc_value(Stat.NEW, new["posts"])
        self.stats.inc_value(Stat.SEEN, posts - new["posts"])
        self.logger.info(
            "%s: %s",
            self.file,
            ", ".join(f"{reading.count(kind)} {kind} ({some} new)" for kind, some in new.items()),
        )

    def keep_rejections(self, reading: Reading) -> None:
        """Names the rows that are not taken, and keeps them sheet by sheet."""
        from wildcrawl.tabular.records import RejectedFile
        from wildcrawl.tabular.surveys.reader import open_sheets

        for sheet in open_sheets(self.file, self.charset):
            with RejectedFile(sheet.path, reading.columns[sheet.kind]) as rejected:
                for rejection in reading.rejections[sheet.kind]:
                    self.stats.inc_value(Stat.REJECTED)
                    self.logger.error("%s: %s", sheet.path, rejection.reason)
                    rejected.add(rejection)
            self.tell_fault(rejected)
