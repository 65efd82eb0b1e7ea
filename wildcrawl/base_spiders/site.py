"""Site: base class of every monitored site's spider, with its declarations and worksheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import quote

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from scrapy.statscollectors import StatsCollector

from wildcrawl.base_spiders.extraction import Fields, Find
from wildcrawl.base_spiders.item_flow import items_processed
from wildcrawl.base_spiders.row_identity import RowIdentities
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.session import Session, vocabulary_of
from wildcrawl.crawl.stats import Stat
from wildcrawl.months import month_of

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Keyword
    from wildcrawl.items import Advertisement
    from wildcrawl.tabular.worksheet import Filled, Worksheet, WorksheetSite

FIXED = SETTINGS_PRIORITIES["cmdline"] + 10
"""Priority of a setting that a command line does not change. Scrapy merges the command line's into
those of a crawler once more when it begins, after `update_settings`."""
NAMED = 10
"""Maximum number of keywords named in a message; the others are counted."""


class Site(Spider):
    """A monitored site: its declarations, and the import of its filled worksheet.

    A way of working derives from it and adds its own declarations.
    """

    monitored: ClassVar[bool] = True
    """Whether lists of sites show it; False for a spider that only checks the installation."""
    automated: ClassVar[bool] = False
    """Whether a crawl sends requests to the site; else a person searches it, by worksheet."""
    needs_browser: ClassVar[bool] = False
    """Whether its pages are read in a browser."""
    needs_sign_in: ClassVar[bool] = False
    """Whether it is read with a person's sign-in, which exists on one machine only."""
    label: ClassVar[str] = ""
    """Its name in English."""
    label_zh: ClassVar[str] = ""
    """Its name in Chinese."""
    kind: ClassVar[str] = ""
    """e-commerce, second_hand, classifieds, antiques, auction, forum or social."""
    way: ClassVar[str] = ""
    """The way of working, a label for people: html, json, board, browser, profile or manual."""
    since: ClassVar[str] = ""
    """The month (YYYY-MM) in which its monitoring began."""
    evidence: ClassVar[str] = ""
    """Sources of the declarations, with years: saved pages, public programs, scripts."""
    confidence: ClassVar[str] = ""
    """Reliability of the declarations: begins with high, medium or low, then may say of what."""
    home: ClassVar[str] = ""
    """Its home page; pages of other domains than this and the search's are never fetched."""
    further_domains: ClassVar[tuple[str, ...]] = ()
    """Domains to which its own pages and redirects may lead, besides those of its addresses."""
    verify_certificates: ClassVar[bool] = True
    """Whether its certificate must be valid; False for a site that has none, as its runs say."""
    search_url: ClassVar[str] = ""
    """The search's address; {keyword} is percent-encoded in `charset`, {page} counted up."""
    page_url: ClassVar[str] = ""
    """The search page for people, where `search_url` is an API."""
    search_body: ClassVar[str] = ""
    """The body that a search posts, with {keyword} and {page} in it; empty: the search is a GET.
    In a body of JSON, whose own braces are doubled, both are escaped as JSON."""
    first_visit: ClassVar[str] = ""
    """Address of a page that is fetched before all others, for the cookie that it sets."""
    search_form: ClassVar[str] = ""
    """Selects the form on the page at `search_url`. That page is fetched anew for each search, and
    the form is sent with its hidden inputs (a token) and `form_data`."""
    form_data: ClassVar[dict[str, str]] = {}
    """Input of the form to its value, with {keyword} and {page} in it; empty: the keyword goes into
    the form's only text field."""
    cursor: ClassVar[str] = ""
    """Selects, in an answer, the value that the request for the next page sends as {cursor} in
    `search_url` or `search_body`."""
    first_cursor: ClassVar[str] = ""
    """The value of {cursor} in the request for the first page."""
    headers: ClassVar[dict[str, str]] = {}
    """Headers that the site's API expects, as its own page sends them: a Referer, a type."""
    charset: ClassVar[str] = "utf-8"
    """Charset of its pages and of keywords in its addresses: gb18030 for GBK and GB2312."""
    first_page: ClassVar[int] = 1
    """The number that {page} has on the first page: 0 where the site counts from zero."""
    page_step: ClassVar[int] = 1
    """What {page} grows by: 50 for a site that counts results and shows 50 on a page."""
    max_pages: ClassVar[int] = 50
    """Page limit for each search, or each board."""
    max_results: ClassVar[int] = 2000
    """Results, or threads, read from one page; a run with a page that shows more is thin."""
    ambiguous_pages: ClassVar[int] = 5
    """Page limit for ambiguous keywords, whose results are mostly legal."""
    ambiguous_url: ClassVar[str] = ""
    """Like `search_url`, within a category of collectables; for extremely ambiguous keywords."""
    ambiguous_words: ClassVar[tuple[str, ...]] = ()
    """Product words (手串, 老料) with which extremely ambiguous keywords are searched."""
    fields: ClassVar[Fields] = {}
    """Field to its selector within a search result; several alternatives: a tuple."""
    patterns: ClassVar[dict[str, str]] = {}
    """Field to a regular expression whose group is the part of its text to keep; an empty ad_id is
    taken from the address."""
    detail: ClassVar[Fields] = {}
    """Field to its selector on the advertisement's own page; empty: that page is not fetched."""
    detail_url: ClassVar[str] = ""
    """Address to read `detail` from, with {ad_id} in it; empty: the advertisement's `url`."""
    steps: ClassVar[tuple[str, ...]] = ()
    """Instructions for searching the site by hand, one step each."""
    steps_zh: ClassVar[tuple[str, ...]] = ()
    """The same instructions in Chinese; empty: people see those of `steps`."""
    blocked: ClassVar[tuple[str, ...]] = ()
    """Texts of the site's own login walls and challenges, besides the common ones."""
    gone: ClassVar[tuple[str, ...]] = ()
    """Texts with which the site reports a removed advertisement, besides status 404 and 410."""
    expect: ClassVar[dict[str, float]] = {}
    """advertisements: minimum of a whole run; a field: minimum share of them that have it."""
    permission: ClassVar[str] = ""
    """Why the site is off until somebody with permission switches it on; empty: it is on."""
    pace: ClassVar[float] = 0
    """Least seconds between two requests, for a site that requires more than DOWNLOAD_DELAY."""
    queries: ClassVar[tuple[str, ...]] = ("fields", "detail")
    """Names of the attributes that hold queries; those of the base classes are added."""
    in_data: ClassVar[bool] = False
    """Whether queries are JMESPath, looked up in JSON; else they are selectors."""
    demo: ClassVar[bool] = False
    arguments: ClassVar[tuple[str, ...]] = ("keywords", "pages", "worksheet", "again")
    """Names of the spider arguments (-a)."""
    session: Session

    def __init__(
        self,
        keywords: str = "",
        pages: str = "",
        worksheet: str = "",
        again: str = "",
        **kwargs: Any,
    ) -> None:
        check_arguments(self.name, kwargs, self.arguments)
        super().__init__(**kwargs)
        self.keywords_wanted = keywords
        self.pages_wanted = whole_number("pages", pages)
        self.worksheet = worksheet
        self.again = again not in ("", "0")
        """Whether everything is searched, also what an unfinished run of the month has searched."""
        self.keywords: tuple[Keyword, ...] = ()
        self.finds: dict[str, Find] = {}
        self.worksheet_notes: list[str] = []
        """What there is to say about the sheets of the worksheet."""
        self.answered: set[str] = set()
        """Terms of the keywords that the site answered, even with an empty result."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.session = Session.of(crawler)
        if spider.worksheet:
            spider.session.file = Path(spider.worksheet)
        month = month_of(spider.session.run.started)
        spider.keywords = spider.session.vocabulary.select(spider.keywords_wanted, month)
        spider.session.run.keywords = [keyword.term for keyword in spider.keywords]
        return spider

    @property
    def stats(self) -> StatsCollector:
        assert self.crawler.stats is not None
        return self.crawler.stats

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        """Raises ValueError for what would stop a crawl: a bad argument, a missing permission."""
        spider = cls(**arguments)
        vocabulary_of(settings).select(spider.keywords_wanted, month_of(datetime.now(UTC)))
        if spider.worksheet:
            from wildcrawl.tabular.worksheet import check_worksheet

            check_worksheet(Path(spider.worksheet), cls.worksheet_site(settings))
        if not spider.worksheet and not cls.is_on(settings):
            raise ValueError(
                f"{cls.name} is off: {cls.permission}; if you may, switch it on with "
                f"WILDCRAWL_SWITCHED_ON={cls.name}, else 'scrapy worksheet {cls.name}'"
            )

    @classmethod
    def is_on(cls, settings: BaseSettings) -> bool:
        """Whether the site may be crawled: one that needs permission must be switched on."""
        on = (name.strip() for name in settings.getlist("WILDCRAWL_SWITCHED_ON"))
        return not cls.permission or cls.name in on

    @classmethod
    def address(cls, settings: BaseSettings, url: str) -> str:  # noqa: ARG003
        """A declared address; a site whose address depends on the settings overrides this."""
        return url

    @classmethod
    def worksheet_site(cls, settings: BaseSettings) -> WorksheetSite:
        """The site's part of its worksheet."""
        from wildcrawl.tabular.worksheet import WorksheetSite

        return WorksheetSite(
            name=cls.name,
            label=cls.label,
            label_zh=cls.label_zh,
            url=cls.address(settings, cls.home),
            search_url=cls.address(settings, cls.page_url or cls.search_url).replace(
                "{cursor}", quote(cls.first_cursor, safe="")
            )
            or None,
            charset=cls.charset,
            steps=list(cls.steps),
            steps_zh=list(cls.steps_zh),
            first_page=cls.first_page,
        )

    # The run

    async def start(self) -> AsyncIterator[Any]:
        for ad in self.import_worksheet():
            yield ad
        await items_processed(self.crawler)

    def import_worksheet(self, filled: Filled | None = None) -> Iterator[Advertisement]:
        """The advertisements of the run's worksheet; mistakes in it are logged by cell.

        `filled` is the worksheet's content, if it is not read from a file.

        Keywords that are ticked or have an advertisement count as searched; the others are a gap,
        which is logged and makes the run a thin one.
        """
        sheet = self._sheet(filled)
        self.session.run.keywords = sheet.searched
        self.answered.update(sheet.searched)
        file = "" if filled is not None else f"{self.worksheet}: "
        self.stats.set_value(Stat.ROWS, sheet.rows)
        for mistake in sheet.rejections:
            self.stats.inc_value(Stat.REJECTED, int(mistake.left_out))
            self.logger.error("%s%s", file, mistake)
        if sheet.unsearched:
            self.stats.set_value(Stat.KEYWORDS_UNSEARCHED, len(sheet.unsearched))
            self.logger.warning(
                "%d keywords are neither ticked nor have an advertisement, so they count as not "
                "searched: %s",
                len(sheet.unsearched),
                some_of(sheet.unsearched),
            )
        identities = RowIdentities(self.session.identities, self.session.store)
        for ad in sheet.records:
            if reason := identities.identify(ad):
                self.stats.inc_value(Stat.REJECTED)
                place = ad.origin.place if ad.origin else "a row"
                self.logger.error("%s%s: %s", file, place, reason)
                continue
            self.stats.inc_value(Stat.FOUND)
            find = self.finds.setdefault(ad.ad_id, Find([], read=True))
            find.keywords += [term for term in ad.found_by if term not in find.keywords]
            yield ad
        for note in identities.notes():
            self.logger.info("%s%s", file, note)
        self.worksheet_notes = sheet.notes
        for note in sheet.notes:
            self.logger.warning("%s%s", file, note)

    def _sheet(self, filled: Filled | None) -> Worksheet:
        """The content of the run's worksheet, or of `filled`, checked by the vocabulary."""
        from wildcrawl.tabular.worksheet import check_filled, read_worksheet

        vocabulary = self.session.vocabulary
        rules = (
            self.worksheet_site(self.settings),
            [keyword.term for keyword in vocabulary.keywords],
            vocabulary.groups,
            # A clock that is ahead on another machine must not cause a row to be rejected.
            datetime.now(UTC) + timedelta(days=1),
        )
        if filled is None:
            return read_worksheet(Path(self.worksheet), *rules)
        searched = vocabulary.searched(month_of(self.session.run.started))
        return check_filled(filled, *rules, [keyword.term for keyword in searched])

    @property
    def whole(self) -> bool:
        """Whether the run is over all keywords and pages, as `expect` presumes."""
        return not (self.keywords_wanted or self.pages_wanted)

    def yields(self) -> dict[str, tuple[int, int]]:
        """Keyword to the number of advertisements it found, and how many of them were unmatched.

        Only keywords that the site answered, even with an empty result.
        """
        found: Counter[str] = Counter()
        unmatched: Counter[str] = Counter()
        for ad_id, find in self.finds.items():
            found.update(find.keywords)
            if (self.name, ad_id) in self.session.unmatched:
                unmatched.update(find.keywords)
        terms = [keyword.term for keyword in self.keywords if keyword.term in self.answered]
        return {term: (found[term], unmatched[term]) for term in terms}

    def run_report(self) -> RunReport:
        """The spider's part of the run's record, once the run has ended."""
        yields = self.yields()
        return RunReport(
            yields,
            unanswered=len(self.session.run.keywords) - len(yields),
            notes=tuple(self.worksheet_notes),
        )

    def ended(self, reason: str) -> None:
        """Stores what the next run needs; `reason` is why this one ended."""


def check_arguments(site: str, unknown: Iterable[str], known: Iterable[str]) -> None:
    """Raises ValueError for an unknown spider argument; those of scrapyd (_job) are accepted."""
    for name in unknown:
        if not name.startswith("_"):
            raise ValueError(f"{site} has no argument '{name}'; choose one of {', '.join(known)}")


def whole_number(name: str, text: str) -> int | None:
    """The value of a spider argument that is a whole number from 1; None if it is not given."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError(
            f"-a {name}={text}: '{text}' is not a whole number from 1; write for example {name}=3"
        )
    return int(text)


def some_of(terms: Sequence[str]) -> str:
    """The first NAMED of `terms`, joined, and the number of the others.

    >>> some_of(["象牙", "犀角"])
    '象牙, 犀角'
    """
    more = len(terms) - NAMED
    return ", ".join(terms[:NAMED]) + (f" and {more} more" if more > 0 else "")
