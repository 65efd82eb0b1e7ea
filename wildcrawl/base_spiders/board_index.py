"""Which boards of a forum are read: those that are declared, or those that its index shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin

from scrapy import Request

from wildcrawl.analysis.text import normalise
from wildcrawl.base_spiders.block_detection import check_blocked
from wildcrawl.base_spiders.responses import PageError, Withheld, readable
from wildcrawl.base_spiders.search import SiteSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response, TextResponse


class BoardIndex(SiteSpider):
    """A site of several boards, each with an id and a name."""

    boards: ClassVar[dict[str, str]] = {}
    """A board's id to its name; empty: those that the forum's index shows."""
    board_words: ClassVar[tuple[str, ...]] = ()
    """Of the index, only boards with one of these words in their names; empty: all."""
    index_path: ClassVar[str] = ""
    """Where the forum lists its boards; empty: at `home`."""

    def within(self, path: str) -> str:
        """A path of the forum as a whole address."""
        return urljoin(self.address(self.settings, self.home), path)

    async def start(self) -> AsyncIterator[Any]:
        if self.worksheet:
            async for ad in super().start():
                yield ad
            return
        self.stats.set_value("wildcrawl/keywords", len(self.keywords))
        if self.boards:
            for request in self.begin(self.boards):
                yield request
            return
        url = self.within(self.index_path)
        yield Request(url, self.parse_index, errback=self.request_failed, dont_filter=True)

    def parse_index(self, response: Response) -> Iterator[Any]:
        """The forum's list of boards."""
        self.stats.inc_value("wildcrawl/pages")
        try:
            answer = readable(response, self.charset)
            boards = self.read_boards(answer)
            if not boards:
                check_blocked(answer, self.blocked)
        except Withheld as error:
            self.members_only(response.url, str(error))
            return
        except PageError as error:
            self.skip_page(response, error)
            return
        words = [normalise(word).text for word in self.board_words]
        chosen = {
            board: label
            for board, label in boards.items()
            if not words or any(word in normalise(label).text for word in words)
        }
        if not chosen:
            why = "it shows none of the boards looked for; name them in 'boards'"
            self.count_unread("pages_unrecognised", response.url, why)
            return
        self.stats.inc_value("wildcrawl/pages_answered")
        self.logger.info("boards read: %s", ", ".join(chosen.values()))
        yield from self.begin(chosen)

    def members_only(self, url: str, why: str) -> None:
        """Counts what is not for guests as a block; what else there is can still be read."""
        self.stats.inc_value("wildcrawl/pages_blocked")
        self.stats.set_value("wildcrawl/blocked_by", why)
        self.logger.warning("%s: %s", url, why)

    def read_boards(self, response: TextResponse) -> dict[str, str]:
        """The boards on the forum's index, id to name; an engine knows how."""
        raise NotImplementedError

    def begin(self, boards: dict[str, str]) -> Iterator[Request]:
        """The first request for each board; a way of working knows how."""
        raise NotImplementedError
