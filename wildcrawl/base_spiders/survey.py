"""Surveys of social media accounts, read from a file and kept beside the advertisements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wildcrawl.base_spiders.file_import import RecordsSpider
from wildcrawl.crawl.session import vocabulary_of
from wildcrawl.store import StoreError
from wildcrawl.tabular.errors import RecordsError
from wildcrawl.tabular.rejected import RejectedFile
from wildcrawl.tabular.surveys import SurveyError, keep, load, read_surveys
from wildcrawl.tabular.surveys.tables import open_sheets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.settings import BaseSettings

    from wildcrawl.tabular.surveys import Reading


class SurveySpider(RecordsSpider):
    """Reads a file of accounts, surveys and posts; read again, it changes nothing.

    A bad row is named by its cells in the log and kept in a `.rejected.csv` for its sheet; the
    others go through.
    """

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        """Raises ValueError for a file that cannot be read, before anything of it is."""
        spider = cls(**arguments)
        vocabulary_of(settings)
        open_sheets(spider.file, spider.charset)

    async def start(self) -> AsyncIterator[Any]:
        try:
            self.read()
        except (StoreError, RecordsError, SurveyError) as error:
            # Nothing is lost: the file is there to be read again.
            self.stats.inc_value("wildcrawl/errors")
            self.logger.error("%s; nothing of %s was kept: read it again", error, self.file)
        # Scrapy wants a generator; no advertisement comes of a survey.
        none: tuple[Any, ...] = ()
        for each in none:
            yield each

    def read(self) -> None:
        """Takes in the file; posts are what is counted as new or seen."""
        store = self.session.store
        species = list(self.session.vocabulary.groups)
        reading = read_surveys(self.file, species, load(store).known, self.charset)
        self.keep_rejections(reading)
        new = keep(store, reading.items)
        posts = reading.count("posts")
        self.stats.inc_value("wildcrawl/found", posts)
        self.stats.inc_value("wildcrawl/new", new["posts"])
        self.stats.inc_value("wildcrawl/seen", posts - new["posts"])
        self.logger.info(
            "%s: %s",
            self.file,
            ", ".join(f"{reading.count(kind)} {kind} ({some} new)" for kind, some in new.items()),
        )

    def keep_rejections(self, reading: Reading) -> None:
        """Names the rows that are not taken, and keeps them sheet by sheet."""
        for sheet in open_sheets(self.file, self.charset):
            with RejectedFile(sheet.path, reading.columns[sheet.kind]) as rejected:
                for rejection in reading.rejections[sheet.kind]:
                    self.stats.inc_value("wildcrawl/rejected")
                    self.logger.error("%s: %s", sheet.path, rejection.reason)
                    rejected.add(rejection)
            self.tell_fault(rejected)
