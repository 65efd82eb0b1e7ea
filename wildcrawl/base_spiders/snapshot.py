"""Fetches one page of results, and one advertisement's own, as a site's spider would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from wildcrawl.analysis.vocabulary import Keyword
from wildcrawl.base_spiders.board import BoardWalk
from wildcrawl.base_spiders.browser_profiles import ProfileError, held
from wildcrawl.base_spiders.results import Search
from wildcrawl.base_spiders.saved import read_details, read_results
from wildcrawl.base_spiders.search import SiteSpider
from wildcrawl.base_spiders.sight import challenge_of
from wildcrawl.base_spiders.signed_in import ProfileBrowserSpider
from wildcrawl.base_spiders.walk import Walk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from wildcrawl.base_spiders.saved import Reading

RESULTS, DETAILS = "results", "details"


@dataclass(frozen=True)
class Recorded:
    """A page as it was received, and what the spider reads from it."""

    url: str
    body: bytes
    reading: Reading


class RecordingSpider(SiteSpider):
    """Goes before a site's own spider and takes its way of asking; nothing is stored."""

    phrase: ClassVar[str] = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pages: dict[str, Recorded] = {}
        self.problems: list[str] = []

    async def start(self) -> AsyncIterator[Any]:
        if isinstance(self, ProfileBrowserSpider):
            try:
                self.hold.enter_context(held(self.profile(self.settings)))
            except ProfileError as error:
                self.problems.append(str(error))
                return
        request = self.first_request()
        if request:
            yield request

    def first_request(self) -> Request | None:
        """The request for a page of results: of the search, or of a forum's first board."""
        if isinstance(self, BoardWalk):
            if not self.boards:
                self.problems.append(f"{self.name} declares no boards, of which one could be saved")
                return None
            board, label = next(iter(self.boards.items()))
            request: Request | None = self.board_request(Walk(board, label))
        else:
            keyword = Keyword(self.phrase, "general", "", ambiguous=False, since=self.since)
            request = self.search_request(Search(keyword, self.phrase, self.first_page))
        if request is None:
            self.problems.append(f"'{self.phrase}' cannot be written in {self.charset}")
            return None
        return request.replace(callback=self.results_came, errback=self.failed, cb_kwargs={})

    def results_came(self, response: Response) -> Iterator[Request]:
        """Keeps a page of results, then asks for the first advertisement's own page."""
        reading = read_results(self, response)
        self.keep(RESULTS, response, reading)
        challenge = challenge_of(response) if isinstance(self, ProfileBrowserSpider) else ""
        if challenge:
            self.problems.append(challenge)
        for row in reading.rows if not challenge else []:
            if self.has_id(row) and self.has_own_page(row):
                yield self.detail_request(row).replace(
                    callback=self.details_came, errback=self.failed, cb_kwargs={}
                )
                return

    def details_came(self, response: Response) -> None:
        """Keeps an advertisement's own page."""
        self.keep(DETAILS, response, read_details(self, response))

    def keep(self, kind: str, response: Response, reading: Reading) -> None:
        """Notes a page, and the data that it fetched in a browser."""
        self.pages[kind] = Recorded(response.url, response.body, reading)
        for text in response.meta.get("answers", ())[:1]:
            self.pages[f"{kind}-data"] = Recorded(response.url, text.encode(), reading)

    def failed(self, failure: Failure) -> None:
        """Notes why a page could not be had."""
        url = failure.request.url  # type: ignore[attr-defined]
        if self.is_forbidden(failure):
            why = "robots.txt forbids it; work the site by worksheet"
        else:
            why = failure.getErrorMessage() or str(failure.type)
        self.problems.append(f"{url}: {why}")

    def closed(self, reason: str) -> None:  # noqa: ARG002 (as Scrapy calls it)
        if isinstance(self, ProfileBrowserSpider):
            self.hold.close()


def recording_spider(site: type[SiteSpider], phrase: str) -> type[RecordingSpider]:
    """The spider that searches for `phrase` once, asking as the site's own does."""
    made = type(f"Record{site.__name__}", (RecordingSpider, site), {"phrase": phrase})
    return cast("type[RecordingSpider]", made)
