"""Forum boards: read newest first, where the forum's own search is closed to programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, urljoin

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.settings import BaseSettings

from wildcrawl.analysis.text import normalise
from wildcrawl.base_spiders.block_detection import check_blocked
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.extraction import Fields, Find, Query, ResultPage, Row
from wildcrawl.base_spiders.html import HtmlPages
from wildcrawl.base_spiders.json import JsonPages
from wildcrawl.base_spiders.responses import PageError, Withheld, readable
from wildcrawl.base_spiders.site import whole_number
from wildcrawl.crawl.stats import Stat

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from wildcrawl.analysis.tagging.keyword_matcher import Matcher
    from wildcrawl.store.documents import Document

REMEMBERED = 400
"""So many of a board's newest threads are remembered: some pages, should the first ones go."""

IN_ORDER = 8
"""From so many threads on their order is not chance."""

States = dict[str, str]
"""Threads by their ids, newest first, each with what changes when somebody answers in it."""


@dataclass
class BoardPage(ResultPage):
    """What one page of a board shows; `states` are its threads without those pinned to the top."""

    states: States = field(default_factory=dict)

    @property
    def oldest_first(self) -> bool:
        """Whether the threads' numbers rise from one to the next: the board begins at its end."""
        numbers = [int(ad_id) for ad_id in self.states if ad_id.isdigit()]
        return len(numbers) >= IN_ORDER and numbers == sorted(numbers)


@dataclass
class Walk:
    """The way through one board, from its newest threads to those that the last walk saw.

    `known` is what was remembered then, `seen` what this walk came upon. It `failed` if a page
    could not be fetched; `whole` says that no thread was left out between the two.
    """

    board: str
    label: str = ""
    page: int = 1
    known: States = field(default_factory=dict)
    seen: States = field(default_factory=dict)
    failed: bool = False
    whole: bool = False

    def take(self, page: BoardPage) -> bool:
        """Notes what a page shows; says whether the walk has anything new from it."""
        fresh = [ad_id for ad_id in page.states if ad_id not in self.seen]
        self.seen |= page.states
        return bool(fresh)

    def reached(self, page: BoardPage) -> bool:
        """Whether a page ends with a thread that the last walk saw as it is.

        Threads are in the order of their last change, so all behind it was seen as well. A thread
        in the middle may be one that was moved here or is pinned without a sign of it.
        """
        last = next(reversed(page.states), None)
        return last is not None and self.known.get(last) == page.states[last]


def remember(walk: Walk, keywords: Iterable[str]) -> Document:
    """What the next run has to know of a walk."""
    threads = walk.seen | {key: state for key, state in walk.known.items() if key not in walk.seen}
    newest = list(threads.items())[:REMEMBERED]
    return {
        "threads": [f"{ad_id} {state}" for ad_id, state in newest],
        "keywords": sorted(keywords),
    }


def remembered(document: Document) -> States:
    """The threads of what `remember` gave."""
    pairs = (each.partition(" ") for each in document["threads"])
    return {ad_id: state for ad_id, _, state in pairs}


class BoardIndex(CrawledSite):
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

    def first_requests(self) -> Iterator[Request]:
        if self.boards:
            yield from self.begin(self.boards)
            return
        url = self.within(self.index_path)
        yield Request(url, self.parse_index, errback=self.request_failed, dont_filter=True)

    def parse_index(self, response: Response) -> Iterator[Any]:
        """The forum's list of boards."""
        self.stats.inc_value(Stat.PAGES)
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
            self.count_unread(Stat.PAGES_UNRECOGNISED, response.url, why)
            return
        self.stats.inc_value(Stat.PAGES_ANSWERED)
        self.logger.info("boards read: %s", ", ".join(chosen.values()))
        yield from self.begin(chosen)

    def members_only(self, url: str, why: str) -> None:
        """Counts what is not for guests as a block; what else there is can still be read."""
        self.stats.inc_value(Stat.PAGES_BLOCKED)
        self.blocked_by = why
        self.logger.warning("%s: %s", url, why)

    def read_boards(self, response: TextResponse) -> dict[str, str]:
        """The boards on the forum's index, id to name; an engine knows how."""
        raise NotImplementedError

    def begin(self, boards: dict[str, str]) -> Iterator[Request]:
        """The first request for each board; a way of working knows how."""
        raise NotImplementedError


KIND = "boards"
"""Under what the store keeps how far boards were read."""
PINNED, STATE = "pinned", "state"


class BoardWalk(BoardIndex):
    """A forum, worked board by board; threads are matched here, and only those that match read.

    A walk ends where the last one began. Only a run that was not cut short, over all keywords,
    moves that mark, so that what a failed run left out is made up for by the next. Keywords that
    are new since then are looked for in new threads; -a from_start=1 reads a board as if for the
    first time.
    """

    way = "board"
    arguments: ClassVar = ("keywords", "pages", "worksheet", "from_start")
    board_path: ClassVar[str] = ""
    """Where a board's threads stand, newest first, with {board} and {page} in it."""
    max_pages = 20
    pinned: ClassVar[Query] = ""
    """Finds something in a thread that is pinned to the top of its board."""
    state: ClassVar[Query] = ""
    """What changes when somebody answers; for boards that move such threads to the top."""

    def __init__(self, *args: Any, from_start: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.from_start = bool(whole_number("from_start", from_start))
        self.walks: list[Walk] = []
        self.walks_left = 0
        self.matcher: Matcher

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        super().check(settings, arguments)
        if not cls.board_path:
            raise ValueError(f"{cls.name} declares no board_path: where a board's threads stand")
        if not cls.boards and cls.read_boards is BoardIndex.read_boards:
            raise ValueError(f"{cls.name} declares no boards: their ids, each with its name")

    @property
    def whole(self) -> bool:
        return super().whole and bool(self.walks) and not any(walk.known for walk in self.walks)

    def shown(self, fields: Fields) -> Fields:
        besides = {PINNED: self.pinned, STATE: self.state}
        return fields | {name: query for name, query in besides.items() if query}

    # The boards

    def begin(self, boards: dict[str, str]) -> Iterator[Request]:
        """The first page of each board."""
        from wildcrawl.analysis.tagging.keyword_matcher import Matcher

        self.matcher = Matcher(self.session.tagger, self.keywords)
        marks = self.session.store.documents(KIND, prefix=f"{self.name} ")
        terms = {keyword.term for keyword in self.session.vocabulary.keywords}
        late: set[str] = set()
        for board, label in boards.items():
            walk = Walk(board, label)
            mark = marks.get(self.key(walk))
            if mark and not self.from_start:
                walk.known = remembered(mark)
                late |= terms - set(mark["keywords"])
            self.walks.append(walk)
        if late:
            self.logger.warning(
                "%d keywords are new since these boards were read; older threads are searched for "
                "them with: scrapy crawl %s -a from_start=1",
                len(late),
                self.name,
            )
        self.walks_left = len(self.walks)
        for walk in self.walks:
            yield self.board_request(walk)

    def sample_request(self, phrase: str) -> Request:  # noqa: ARG002
        if not self.boards:
            raise ValueError(f"{self.name} declares no boards, of which one could be saved")
        board, label = next(iter(self.boards.items()))
        return self.board_request(Walk(board, label))

    def key(self, walk: Walk) -> str:
        """By what the store knows a board."""
        return f"{self.name} {walk.board}"

    # The walk through a board

    def board_request(self, walk: Walk, url: str | None = None) -> Request:
        """The request for the page of a board at which its walk is."""
        page = (walk.page - 1) * self.page_step + self.first_page
        path = self.board_path.format(board=quote(walk.board, safe="/"), page=page)
        return Request(
            url or self.within(path),
            callback=self.parse_board,
            errback=self.board_failed,
            cb_kwargs={"walk": walk},
            meta=self.request_meta(),
            priority=10,
            dont_filter=True,
        )

    def parse_board(self, response: Response, walk: Walk) -> Iterator[Any]:
        """One page of a board: the threads that match, then the next page."""
        self.stats.inc_value(Stat.PAGES)
        try:
            page = self.read_page(readable(response, self.charset))
        except Withheld as error:
            self.members_only(response.url, f"board {walk.label or walk.board}: {error}")
            self.finish_walk(walk, failed=True)
            return
        except PageError as error:
            self.skip_page(response, error)
            self.finish_walk(walk, failed=True)
            return
        assert isinstance(page, BoardPage)
        if not page.recognised or page.oldest_first:
            why = "it shows neither threads nor an empty board"
            if page.oldest_first:
                why = (
                    "its threads begin with the oldest; have 'board_path' ask for the newest first"
                )
            self.count_unread(Stat.PAGES_UNRECOGNISED, response.url, why)
            self.finish_walk(walk, failed=True)
            return
        yield from self.matching([row for row in page.rows if self.has_id(row)], walk)
        following = self.next_page_of(walk, page)
        if following is None:
            self.finish_walk(walk)
        else:
            yield following

    def next_page_of(self, walk: Walk, page: BoardPage) -> Request | None:
        """The request for the next page, as long as there is anything new to expect on it."""
        anything_new = walk.take(page)
        if walk.reached(page) or not page.more:
            walk.whole = True
            return None
        if not anything_new and page.states:
            # A forum shows its last page again for every number beyond it.
            walk.whole = True
            return None
        if walk.page >= (self.pages_wanted or self.max_pages):
            self.stats.inc_value(Stat.PAGE_LIMITS_REACHED)
            walk.whole = not (walk.known or self.pages_wanted)
            if walk.known:
                self.logger.warning(
                    "board %s has more that is new than %d pages; read it all with: "
                    "scrapy crawl %s -a pages=%d",
                    walk.label or walk.board,
                    walk.page,
                    self.name,
                    walk.page * 5,
                )
            return None
        walk.page += 1
        return self.board_request(walk, page.next_url)

    def finish_walk(self, walk: Walk, *, failed: bool = False) -> None:
        """Counts the keywords as searched once every board has been walked."""
        walk.failed = failed
        self.walks_left -= 1
        if self.walks_left:
            return
        self.stats.set_value(Stat.KEYWORDS_DONE, len(self.keywords))
        if not any(each.failed for each in self.walks):
            self.answered = {keyword.term for keyword in self.keywords}

    def board_failed(self, failure: Failure) -> None:
        """A page of a board that could not be fetched ends its walk; the other boards go on."""
        self.request_failed(failure)
        self.finish_walk(failure.request.cb_kwargs["walk"], failed=True)  # type: ignore[attr-defined]

    # Threads

    def matching(self, rows: list[Row], walk: Walk) -> Iterator[Any]:
        """What becomes of the threads on a page: those that match are read or seen again."""
        fresh: dict[str, Row] = {}
        for row in rows:
            if row["ad_id"] in self.finds or row["ad_id"] in walk.seen:
                continue
            self.stats.inc_value(Stat.THREADS)
            self.count_fields(row, self.fields)
            kinds = (walk.label, row.get("category", ""))
            row["category"] = " ".join(dict.fromkeys(kind for kind in kinds if kind))
            keywords = self.matcher.read(
                row.get("title", ""), row.get("description", ""), row["category"]
            )
            if keywords is not None:
                self.stats.inc_value(Stat.FOUND)
                self.finds[row["ad_id"]] = Find([each.term for each in keywords])
                fresh[row["ad_id"]] = row
        yield from self.first_found(fresh)

    def ended(self, reason: str) -> None:
        """Remembers how far each board was read, if nothing was left out before it."""
        cut_short = reason != "finished" or self.stats.get_value(Stat.ERRORS)
        if cut_short or self.keywords_wanted:
            return
        terms = [keyword.term for keyword in self.keywords]
        marks = {self.key(walk): remember(walk, terms) for walk in self.walks if walk.whole}
        if marks:
            self.session.store.put_documents(KIND, marks)


def board_page(page: ResultPage) -> BoardPage:
    """A page of results as one of a board: what orders its threads is taken out of the rows."""
    states = {}
    for row in page.rows:
        pinned, state = row.pop(PINNED, ""), row.pop(STATE, "")
        if not pinned:
            states[row.get("ad_id") or row.get("url", "")] = state
    return BoardPage(page.rows, page.next_url, page.more, page.recognised, states)


class BoardSpider(BoardWalk, HtmlPages):
    """Reads the pages of boards by selectors."""

    def read_results(self, response: TextResponse) -> BoardPage:
        return board_page(super().read_results(response))


class JsonBoardSpider(BoardWalk, JsonPages):
    """Reads boards from an API, by JMESPath."""

    def read_results(self, response: TextResponse) -> BoardPage:
        return board_page(super().read_results(response))
