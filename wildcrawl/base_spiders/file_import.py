"""File import: records and surveys from files, through the pipelines of a crawl."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader
from scrapy.statscollectors import StatsCollector

from wildcrawl.analysis.text import one_line
from wildcrawl.base_spiders.item_flow import items_processed
from wildcrawl.base_spiders.row_identity import RowIdentities
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.session import Session, vocabulary_of
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import VerdictOutcome
from wildcrawl.months import CHINA, month_of
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from wildcrawl.analysis.site_names import SiteNames
    from wildcrawl.items import Advertisement, RowOrigin
    from wildcrawl.tabular.records import Records, RejectedFile
    from wildcrawl.tabular.surveys import SurveyReading
    from wildcrawl.tabular.tables import Rejection

PAUSE_EVERY = 200
"""Rows after which the event loop may handle other events (a stop signal, a log line)."""


class RecordsSpider(Spider):
    """Reads a file of records; `site` in a row may be any name.

    A bad row is logged with line and reason and written to FILE.rejected.csv; the others are
    imported.
    """

    way: ClassVar[str] = "records"
    batch: ClassVar[int] = 500
    """Advertisements stored at once; a crash loses none, since the file remains."""
    session: Session

    arguments: ClassVar[tuple[str, ...]] = ("file", "charset", "sheet")
    """Arguments that may be given with -a."""

    def __init__(self, file: str = "", charset: str = "", **kwargs: Any) -> None:
        self.sheet = kwargs.pop("sheet", "") if "sheet" in self.arguments else ""
        for name in kwargs:
            if not name.startswith("_"):
                raise ValueError(
                    f"{self.name} has no argument '{name}'; choose one of "
                    f"{', '.join(self.arguments)}"
                )
        super().__init__(**kwargs)
        self.warnings: list[str] = []
        self.places: set[tuple[str, str]] = set()
        """The sites and months of which the file has records."""
        self.unread: Counter[tuple[str, str]] = Counter()
        """Rejected rows by site, as they name it, and month."""
        if not file:
            raise ValueError(f"name the file of {self.name}: scrapy crawl {self.name} -a file=FILE")
        self.file = Path(file)
        self.charset = charset or None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.session = Session.of(crawler)
        spider.session.file = spider.file
        return spider

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        """Raises ValueError for a file that cannot be read, before the import starts."""
        from wildcrawl.tabular.records import read_records

        spider = cls(**arguments)
        groups = vocabulary_of(settings).groups
        read_records(spider.file, groups, charset=spider.charset, sheet=spider.sheet)

    @property
    def stats(self) -> StatsCollector:
        assert self.crawler.stats is not None
        return self.crawler.stats

    async def start(self) -> AsyncIterator[Any]:
        from wildcrawl.tabular.records import RejectedFile

        records = self.records()
        with RejectedFile(self.file, records.columns) as rejected:
            for number, ad in enumerate(self.read_rows(records, rejected)):
                if number % PAUSE_EVERY == 0:
                    await asyncio.sleep(0)
                yield ad
            await items_processed(self.crawler)
            if self.session.flush:
                # Conflicts with what is stored are known once the rows are written.
                self.session.flush()
        self.report_fault(rejected)
        self.report_verdicts()
        self.note_places()
        count = self.stats.get_value
        if count(Stat.REJECTED) and not count(Stat.FOUND):
            self.stats.inc_value(Stat.ERRORS)
            self.logger.error("no row of %s could be imported; the reasons are above", self.file)

    def note_places(self) -> None:
        """Stores of which sites and months this file has records, and whether it lacks rows."""
        from wildcrawl.store.incomplete_imports import note_import

        rows, rejected = (self.stats.get_value(name, 0) for name in (Stat.ROWS, Stat.REJECTED))
        store, run = self.session.store, self.session.run.id
        try:
            self.places |= self.places_of_rejected()
            note_import(store, self.places, run, rows=rows, rejected=rejected)
        except StoreError as error:
            self.stats.inc_value(Stat.ERRORS)
            self.logger.error("whether the import is complete could not be stored: %s", error)

    def places_of_rejected(self) -> set[tuple[str, str]]:
        """The sites and months of rejected rows; a site that is not known is "", and said.

        The cell of a rejected row may contain anything, also a seller's contacts.
        """
        if not self.unread:
            return set()
        known = {site for site, _ in self.places}.union(
            declared_names(self.settings).names, self.session.store.first_months()
        )
        unknown = sum(rows for (site, _), rows in self.unread.items() if site not in known)
        if unknown:
            note = (
                f"{unknown} rejected {'row names' if unknown == 1 else 'rows name'} a site that is "
                "neither declared nor recorded; no site is counted for them"
            )
            self.warn(note)
        return {(site if site in known else "", month) for site, month in self.unread}

    def records(self) -> Records:
        """The opened file."""
        from wildcrawl.store.return_keys import KeysOfStore
        from wildcrawl.tabular.records import read_records
        from wildcrawl.tabular.words import ColumnWords

        groups = self.session.vocabulary.groups
        return read_records(
            self.file,
            groups,
            charset=self.charset,
            sheet=self.sheet,
            # A clock that is ahead on another machine must not cause a row to be rejected.
            latest=datetime.now(UTC) + timedelta(days=1),
            words=ColumnWords(groups),
            finder=KeysOfStore(self.session.store),
        )

    def read_rows(self, records: Records, rejected: RejectedFile) -> Iterator[Advertisement]:
        """The advertisements of the file's rows; rows that are rejected go to `rejected`."""
        from wildcrawl.tabular.tables import RecordsError, Rejection

        self.session.reject = partial(self.reject_stored, rejected)
        undated = 0
        try:
            names = declared_names(self.settings)
            identities = RowIdentities(self.session.identities, self.session.store, names)
            for row in records:
                self.stats.inc_value(Stat.ROWS)
                if isinstance(row, Rejection):
                    self.reject(row, rejected)
                    self.unread.update(place_of(row, names, self.session.run.started))
                    continue
                ad = row.advertisement
                if not ad.returned and (reason := identities.identify(ad)):
                    refused = Rejection(row.line, reason, ad.origin.row if ad.origin else {})
                    self.reject(refused, rejected)
                    self.unread.update(place_of(refused, names, self.session.run.started))
                    continue
                self.stats.inc_value(Stat.FOUND)
                undated += not (ad.returned or ad.found_at_given)
                if not ad.returned:
                    self.places.add((ad.site, month_of(ad.found_at or self.session.run.started)))
                yield ad
            self.report_identities(identities)
            self.report_undated(undated)
            for note in records.notes:
                self.warn(note)
        except (RecordsError, StoreError) as error:
            self.stats.inc_value(Stat.ERRORS)
            self.logger.error("%s; the rows before the fault were imported", error)

    def report_identities(self, identities: RowIdentities) -> None:
        """Logs what was corrected in the rows, and the sites that are not declared."""
        for note in identities.notes():
            self.logger.info("%s: %s", self.file, note)
        self.stats.inc_value(Stat.SITES_UNKNOWN, identities.unknown.total())
        for warning in identities.warnings():
            self.warn(warning)

    def warn(self, note: str) -> None:
        """Logs what a person should know of the file, and keeps it for the run's record."""
        self.warnings.append(note)
        self.logger.warning("%s: %s", self.file, note)

    def report_undated(self, rows: int) -> None:
        """Warns of rows that give no date: what is new among them counts in the month of today."""
        if rows:
            note = (
                f"{rows} {'row has' if rows == 1 else 'rows have'} no found_at; what is new among "
                "them counts in the month of this import"
            )
            self.warn(note)

    def report_verdicts(self) -> None:
        """Notes what became of the verdicts in the rows, as the run's counts do not show it."""
        taken, same, refused = (
            self.stats.get_value(Stat.VERDICTS + outcome, 0) for outcome in VerdictOutcome
        )
        if refused:
            self.warn(
                f"verdicts: {taken} taken, {same} already so, {refused} not taken (a later one "
                "replaced them, or what is stored contradicts them)"
            )
        elif taken or same:
            note = f"verdicts: {taken} taken, {same} already so"
            self.warnings.append(note)
            self.logger.info("%s: %s", self.file, note)

    def run_report(self) -> RunReport:
        """The spider's part of the run's record, once the run has ended."""
        return RunReport(notes=tuple(self.warnings))

    def ended(self, reason: str) -> None:
        """Stores nothing for the next run."""

    def reject_stored(self, rejected: RejectedFile, origin: RowOrigin, reason: str) -> None:
        """Rejects a row that conflicts with what the store has."""
        from wildcrawl.tabular.tables import Rejection

        self.reject(Rejection(origin.line, reason, origin.row), rejected)

    def report_fault(self, rejected: RejectedFile) -> None:
        """Logs an error if the rejected rows could not be written."""
        if rejected.fault:
            self.stats.inc_value(Stat.ERRORS)
            self.logger.error("%s", rejected.fault)

    def reject(self, row: Rejection, rejected: RejectedFile) -> None:
        """Logs a rejected row and writes it to the file of rejected rows."""
        self.stats.inc_value(Stat.REJECTED)
        self.logger.error("%s %s", self.file, row)
        rejected.add(row)


def place_of(row: Rejection, names: SiteNames, now: datetime) -> set[tuple[str, str]]:
    """The site and month of a rejected row, as far as it names them; none for a returned row.

    A row without a date counts in the month of the import, `now`.
    """
    from wildcrawl.analysis.dates import DateError, parse_moment
    from wildcrawl.tabular.tables import KEY

    site = one_line(row.row.get("site", ""))
    date = row.row.get("found_at", "") or row.row.get("first_seen", "")
    if not site or row.row.get(KEY):
        return set()
    try:
        moment = parse_moment(date.strip()) if date.strip() else now
    except DateError:
        return set()
    return {(names.find(site) or site, month_of(min(moment, now)))}


def declared_names(settings: BaseSettings) -> SiteNames:
    """The names of all monitored sites; a crawl has imported their spiders already."""
    from wildcrawl.analysis.site_names import SiteNames
    from wildcrawl.base_spiders.site import Site

    loader = SpiderLoader.from_settings(settings)
    spiders = [loader.load(name) for name in loader.list()]
    return SiteNames(
        {
            spider.name: (spider.label, spider.label_zh)
            for spider in spiders
            if issubclass(spider, Site) and spider.monitored
        }
    )


class SurveySpider(RecordsSpider):
    """Reads a file of accounts, surveys and posts; read again, it changes nothing.

    A bad row is logged with its cells and written to a `.rejected.csv` for its sheet; the others
    are imported.
    """

    arguments: ClassVar[tuple[str, ...]] = ("file", "charset")

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        """Raises ValueError for a file that cannot be read, before the import starts."""
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
            # The file itself is unchanged and can be imported again.
            self.stats.inc_value(Stat.ERRORS)
            self.logger.error("%s; nothing of %s was stored; import it again", error, self.file)
        # Scrapy requires a generator; a survey yields no advertisement.
        none: tuple[Any, ...] = ()
        for item in none:
            yield item

    def read(self) -> None:
        """Imports the file; its posts are counted as new or seen."""
        from wildcrawl.store.surveys import load_surveys, put_surveys
        from wildcrawl.tabular.surveys.reader import read_surveys
        from wildcrawl.tabular.words import ColumnWords

        store = self.session.store
        groups = self.session.vocabulary.groups
        today = datetime.now(CHINA).date()
        known, words = load_surveys(store).known, ColumnWords(groups)
        reading = read_surveys(self.file, list(groups), known, self.charset, today, words)
        self.check_accounts(reading)
        self.stats.set_value(Stat.ROWS, reading.rows)
        self.keep_rejections(reading)
        new = put_surveys(store, reading.items)
        self.note_surveys(reading)
        for note in reading.notes():
            self.warn(note)
        posts = reading.count("posts")
        self.stats.inc_value(Stat.FOUND, posts)
        self.stats.inc_value(Stat.NEW, new["posts"])
        self.stats.inc_value(Stat.SEEN, posts - new["posts"])
        self.logger.info(
            "%s: %s",
            self.file,
            ", ".join(f"{reading.count(kind)} {kind} ({count} new)" for kind, count in new.items()),
        )

    def note_surveys(self, reading: SurveyReading) -> None:
        """Notes of which surveys rows were rejected, for the report."""
        from wildcrawl.store.incomplete_imports import note_surveys
        from wildcrawl.store.surveys import load_surveys
        from wildcrawl.tabular.surveys import Account
        from wildcrawl.tabular.surveys.accounts import fold_name

        on_record = [survey.survey for survey in load_surveys(self.session.store).surveys]
        spelling = {fold_name(name): name for name in on_record}
        of_surveys = [*reading.rejections.get("surveys", ()), *reading.rejections.get("posts", ())]
        typed = [rejection.row.get("survey", "").strip() for rejection in of_surveys]
        rejected = Counter(spelling.get(fold_name(name), name) for name in typed if name)
        taken = Counter(item.survey for item in reading.items if not isinstance(item, Account))
        listed = on_record if "surveys" in reading.rejections else None
        note_surveys(self.session.store, taken, rejected, listed)

    def check_accounts(self, reading: SurveyReading) -> None:
        """SurveyError if stored posts would have no account, as without a former name of theirs."""
        from wildcrawl.store.survey_entry import SurveyBook
        from wildcrawl.tabular.surveys import Account, SurveyError

        book = SurveyBook(self.session.store)
        given = [*book.stored.accounts, *(i for i in reading.items if isinstance(i, Account))]
        lost = book.posts_that_lose({account.key: account for account in given}.values())
        if lost:
            names = ", ".join(f"'{name}'" for name in dict.fromkeys(post.account for post in lost))
            raise SurveyError(
                f"{self.file}: {len(lost)} stored posts would have no account; keep {names} in the "
                "column formerly of the accounts"
            )

    def keep_rejections(self, reading: SurveyReading) -> None:
        """Logs the rejected rows and writes them to a file per sheet."""
        from wildcrawl.tabular.records import RejectedFile
        from wildcrawl.tabular.surveys.reader import open_sheets

        for sheet in open_sheets(self.file, self.charset):
            with RejectedFile(sheet.path, reading.columns[sheet.kind]) as rejected:
                for rejection in reading.rejections[sheet.kind]:
                    self.stats.inc_value(Stat.REJECTED)
                    self.logger.error("%s: %s", sheet.path, rejection.reason)
                    rejected.add(rejection)
            self.report_fault(rejected)
