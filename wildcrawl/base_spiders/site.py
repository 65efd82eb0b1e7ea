"""Site: the base of every monitored site's spider, with its declarations and its worksheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from scrapy.statscollectors import StatsCollector

from wildcrawl.base_spiders.extraction import Fields, Find
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.session import Session, vocabulary_of
from wildcrawl.crawl.stats import Stat

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Keyword
    from wildcrawl.items import Advertisement
    from wildcrawl.tabular.worksheet import Filled, WorksheetSite

NAMED = 10
"""Number of keywords that a message names; the others are counted."""


class Site(Spider):
    """A monitored site: what it declares, and what a filled worksheet brings into a run.

    A way of working derives from it and adds its own declarations.
    """

    monitored: ClassVar[bool] = True
    """Whether lists of sites show it; False for a spider that only checks the installation."""
    automated: ClassVar[bool] = False
    """Whether a crawl sends requests to the site; else a person searches it, by worksheet."""
    needs_browser: ClassVar[bool] = False
    """Whether its pages are read in a browser."""
    needs_sign_in: ClassVar[bool] = False
    """Whether it is read with a person's sign-in, which is on one machine alone."""
    label: ClassVar[str] = ""
    label_zh: ClassVar[str] = ""
    kind: ClassVar[str] = ""
    """e-commerce, second_hand, classifieds, antiques, auction, forum or social."""
    way: ClassVar[str] = ""
    """How it is worked, a label for people: html, json, board, browser, profile or manual."""
    since: ClassVar[str] = ""
    """The month (YYYY-MM) since which it is monitored."""
    evidence: ClassVar[str] = ""
    """What the declarations were built from, with years: saved pages, public programs, scripts."""
    confidence: ClassVar[str] = ""
    """How reliable they are: begins with high, medium or low; then, if need be, of what."""
    home: ClassVar[str] = ""
    search_url: ClassVar[str] = ""
    """With {keyword} and {page} in it; the keyword goes in percent-encoded in `charset`."""
    page_url: ClassVar[str] = ""
    """The search page that a person opens, where `search_url` is a gateway for programs."""
    search_body: ClassVar[str] = ""
    """What a search posts, with {keyword} and {page} in it; empty: it is an ordinary address."""
    headers: ClassVar[dict[str, str]] = {}
    """What the site's gateway expects besides, as its own page sends it: a Referer, a type."""
    charset: ClassVar[str] = "utf-8"
    first_page: ClassVar[int] = 1
    page_step: ClassVar[int] = 1
    max_pages: ClassVar[int] = 50
    ambiguous_pages: ClassVar[int] = 5
    """The page limit for ambiguous keywords: most of what they find is legal."""
    ambiguous_url: ClassVar[str] = ""
    """Where extreme ones are searched: like `search_url`, in a category of collectables."""
    ambiguous_words: ClassVar[tuple[str, ...]] = ()
    """Product words (手串, 老料): an extreme one is searched once with each, never alone."""
    fields: ClassVar[Fields] = {}
    """Field of an advertisement to where a search result shows it; several places: a tuple."""
    patterns: ClassVar[dict[str, str]] = {}
    """Field to a regular expression, whose group is the part of its text that is kept; an ad_id
    without a place of its own is looked for in the address."""
    detail: ClassVar[Fields] = {}
    """Field to where the advertisement's own page shows it; empty: that page is not fetched."""
    detail_url: ClassVar[str] = ""
    """Where to read `detail`, with {ad_id} in it; empty: at the advertisement's `url`."""
    steps: ClassVar[tuple[str, ...]] = ()
    """What a person does to search the site by hand."""
    blocked: ClassVar[tuple[str, ...]] = ()
    """Texts of the site's own login walls and challenges, besides the common ones."""
    gone: ClassVar[tuple[str, ...]] = ()
    """Texts by which the site says that an advertisement is gone, besides status 404 and 410."""
    expect: ClassVar[dict[str, float]] = {}
    """advertisements: how many a whole run finds at least; a field: in what share of them."""
    permission: ClassVar[str] = ""
    """Why the site is off until whoever runs the crawl switches it on; empty: it is on."""
    pace: ClassVar[float] = 0
    """Seconds between two requests, for a site that wants more than DOWNLOAD_DELAY."""
    demo: ClassVar[bool] = False
    arguments: ClassVar[tuple[str, ...]] = ("keywords", "pages", "worksheet")
    """What may be given to a crawl with -a."""
    session: Session

    def __init__(
        self,
        keywords: str = "",
        pages: str = "",
        worksheet: str = "",
        **kwargs: Any,
    ) -> None:
        check_arguments(self.name, kwargs, self.arguments)
        super().__init__(**kwargs)
        self.keywords_wanted = keywords
        self.pages_wanted = whole_number("pages", pages)
        self.worksheet = worksheet
        self.keywords: tuple[Keyword, ...] = ()
        self.finds: dict[str, Find] = {}
        self.answered: set[str] = set()
        """Terms of the keywords to which the site gave an answer, even that it has nothing."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.session = Session.of(crawler)
        spider.keywords = spider.session.vocabulary.select(spider.keywords_wanted)
        spider.session.run.keywords = [keyword.term for keyword in spider.keywords]
        return spider

    @property
    def stats(self) -> StatsCollector:
        assert self.crawler.stats is not None
        return self.crawler.stats

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        """Raises ValueError for what would stop a crawl: its arguments, a missing permission."""
        spider = cls(**arguments)
        vocabulary_of(settings).select(spider.keywords_wanted)
        if spider.worksheet and not Path(spider.worksheet).is_file():
            raise ValueError(f"worksheet={spider.worksheet}: no such file")
        if not spider.worksheet and not cls.is_on(settings):
            raise ValueError(
                f"{cls.name} is off: {cls.permission}; if you may, switch it on with "
                f"WILDCRAWL_SWITCHED_ON={cls.name}, else 'scrapy worksheet {cls.name}'"
            )

    @classmethod
    def is_on(cls, settings: BaseSettings) -> bool:
        """Whether the site may be crawled: one that needs a permission has to be switched on."""
        on = (name.strip() for name in settings.getlist("WILDCRAWL_SWITCHED_ON"))
        return not cls.permission or cls.name in on

    @classmethod
    def address(cls, settings: BaseSettings, url: str) -> str:  # noqa: ARG003
        """A declared address as it is used; a site that moves with the settings overrides it."""
        return url

    @classmethod
    def worksheet_site(cls, settings: BaseSettings) -> WorksheetSite:
        """The site as a worksheet shows it."""
        from wildcrawl.tabular.worksheet import WorksheetSite

        return WorksheetSite(
            name=cls.name,
            label=cls.label,
            label_zh=cls.label_zh,
            url=cls.address(settings, cls.home),
            search_url=cls.address(settings, cls.page_url or cls.search_url) or None,
            charset=cls.charset,
            steps=list(cls.steps),
            first_page=cls.first_page,
        )

    # The run

    async def start(self) -> AsyncIterator[Any]:
        for ad in self.import_worksheet():
            yield ad

    def import_worksheet(self, filled: Filled | None = None) -> Iterator[Advertisement]:
        """The advertisements of the run's worksheet; its mistakes are logged by cell.

        `filled` is the worksheet's content, if it is not in a file.

        Keywords that are ticked or have an advertisement count as searched; the others are a gap,
        which is logged and makes the run a thin one.
        """
        from wildcrawl.tabular.worksheet import check_filled, read_worksheet

        vocabulary = self.session.vocabulary
        rules = (
            self.worksheet_site(self.settings),
            [keyword.term for keyword in vocabulary.keywords],
            vocabulary.groups,
            # A clock that runs ahead somewhere is no reason to refuse a row.
            datetime.now(UTC) + timedelta(days=1),
        )
        if filled is None:
            sheet = read_worksheet(Path(self.worksheet), *rules)
        else:
            sheet = check_filled(filled, *rules)
        self.session.run.keywords = sheet.searched
        self.answered.update(sheet.searched)
        for rejection in sheet.rejections:
            self.stats.inc_value(Stat.REJECTED)
            self.logger.error("%s", rejection)
        if sheet.unsearched:
            self.stats.set_value(Stat.KEYWORDS_UNSEARCHED, len(sheet.unsearched))
            self.logger.warning(
                "%d keywords are neither ticked nor have an advertisement, so they count as not "
                "searched: %s",
                len(sheet.unsearched),
                some_of(sheet.unsearched),
            )
        for ad in sheet.records:
            self.stats.inc_value(Stat.FOUND)
            find = self.finds.setdefault(ad.ad_id, Find([], read=True))
            find.keywords += [term for term in ad.found_by if term not in find.keywords]
            yield ad

    @property
    def whole(self) -> bool:
        """Whether the run searches all that the spider's expectations are made for."""
        return not (self.keywords_wanted or self.pages_wanted)

    def yields(self) -> dict[str, tuple[int, int]]:
        """How many advertisements each keyword found, and in how many of them nothing matched.

        Only keywords to which the site gave an answer, even that it has nothing.
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
        """What the run's record takes from the spider once the run has ended."""
        yields = self.yields()
        return RunReport(yields, unanswered=len(self.session.run.keywords) - len(yields))

    def ended(self, reason: str) -> None:
        """Stores what the next run has to know, at the end of a run that ended for `reason`."""


def check_arguments(site: str, unknown: Iterable[str], known: Iterable[str]) -> None:
    """ValueError for a misspelt spider argument; scrapyd's own (_job) pass."""
    for name in unknown:
        if not name.startswith("_"):
            raise ValueError(f"{site} has no argument '{name}'; one of {', '.join(known)}")


def whole_number(name: str, text: str) -> int | None:
    """A spider argument that is a number from 1; None if it is not given."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError(f"-a {name}={text}: give a whole number from 1, for example {name}=3")
    return int(text)


def some_of(terms: Sequence[str]) -> str:
    """The first of `terms`, and how many more there are.

    >>> some_of(["象牙", "犀角"])
    '象牙, 犀角'
    """
    more = len(terms) - NAMED
    return ", ".join(terms[:NAMED]) + (f" and {more} more" if more > 0 else "")
