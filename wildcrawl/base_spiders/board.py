"""Forum boards, read newest first, for forums whose own search is closed to programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, urljoin

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.settings import BaseSettings

from wildcrawl.analysis.singular import in_number
from wildcrawl.analysis.text import normalise
from wildcrawl.base_spiders.asked_price import asked
from wildcrawl.base_spiders.block_detection import check_blocked
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.extraction import Fields, Find, Query, ResultPage, Row
from wildcrawl.base_spiders.html import HtmlPages
from wildcrawl.base_spiders.json import JsonPages
from wildcrawl.base_spiders.page_numbers import Numbering, PageNumberCheck
from wildcrawl.base_spiders.paging import FULL, TOLERATED_AT_THE_END, PagingCheck
from wildcrawl.base_spiders.responses import (
    BAD_PAGE_NUMBER,
    NO_SUCH_PAGE,
    SERVER_ERROR,
    PageError,
    Withheld,
    readable,
)
from wildcrawl.base_spiders.searched import Ending, Pages, Searched
from wildcrawl.base_spiders.site import some_of, whole_number
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.stats import Stat
from wildcrawl.months import month_of
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from scrapy.http import HtmlResponse
    from twisted.python.failure import Failure

    from wildcrawl.analysis.tagging.keyword_matcher import KeywordMatcher
    from wildcrawl.store.documents import Document

REMEMBERED = 400
"""Newest threads of a board that are remembered: several pages, since some may be deleted."""

DELETED = 1 / 3
"""Share of the threads above a checkpoint that may have been deleted or moved since."""
IN_ORDER = 8
"""Threads from which on their order is not chance."""

States = dict[str, str]
"""Thread ids, newest first, each with a text that changes with an answer in the thread."""


@dataclass
class BoardPage(ResultPage):
    """One page of a board; `states` are its threads without those pinned to the top."""

    states: States = field(default_factory=dict)

    @property
    def oldest_first(self) -> bool:
        """Whether the threads' numbers rise, so that the page begins with the oldest."""
        numbers = [int(ad_id) for ad_id in self.states if ad_id.isdigit()]
        return len(numbers) >= IN_ORDER and numbers == sorted(numbers)


@dataclass
class Walk:
    """Walk through one board, from its newest threads to those that the last walk saw.

    `known` are the threads remembered from the last walk, `seen` those of this one. `failed`: a
    page could not be fetched or read. `whole`: no thread between the two walks was left out.
    """

    board: str
    label: str = ""
    page: int = 1
    known: States = field(default_factory=dict)
    seen: States = field(default_factory=dict)
    failed: bool = False
    whole: bool = False
    promised: bool = False
    """Whether the last page shows that there is a further one."""
    pages: Pages = field(default_factory=Pages)
    """The pages read so far, with all their threads."""
    listed: set[str] = field(default_factory=set)
    """All threads so far, with the pinned ones."""

    def list_page(self, page: BoardPage, address: str) -> None:
        """Records the threads of a page as it lists them."""
        ids = [row["ad_id"] for row in page.rows if row.get("ad_id")]
        self.pages.add(ids, len(set(ids) - self.listed), address)
        self.listed |= set(ids)

    def take(self, page: BoardPage) -> bool:
        """Records the threads of a page; returns whether any of them is new to this walk."""
        fresh = [ad_id for ad_id in page.states if ad_id not in self.seen]
        self.seen |= page.states
        return bool(fresh)

    @property
    def gap(self) -> bool:
        """Whether no thread of the last walk was met, so that some between may be missing.

        What is on every page, such as navigation, is not a thread.
        """
        always = self.pages.always if len(self.pages.sizes) > 1 else frozenset()
        return bool(self.known) and not (self.known.keys() & self.seen.keys()) - always

    def lacks(self, page: BoardPage, read: int) -> bool:
        """Whether the board states more pages than were `read`, or far more threads than seen."""
        few = page.total is not None and len(self.seen) < (1 - TOLERATED_AT_THE_END) * page.total
        return few or page.pages > read

    def reached(self, page: BoardPage) -> bool:
        """Whether a page ends with a thread that has not changed since the last walk.

        Threads are in the order of their last change, so all later ones were seen as well. A
        thread in the middle may have been moved here, or be pinned without a sign of it. Below the
        threads may be something that is on every page: then many of those that the last walk saw
        above it were not seen.
        """
        last = next(reversed(page.states), None)
        if last is None or self.known.get(last) != page.states[last]:
            return False
        above = list(takewhile(lambda ad_id: ad_id != last, self.known))
        gone = sum(ad_id not in self.seen for ad_id in above)
        return gone <= DELETED * len(above)


def remember(walk: Walk, keywords: Iterable[str]) -> Document:
    """The document of a walk that the next run reads."""
    threads = walk.seen | {key: state for key, state in walk.known.items() if key not in walk.seen}
    newest = list(threads.items())[:REMEMBERED]
    return {
        "threads": [f"{ad_id} {state}" for ad_id, state in newest],
        "keywords": sorted(keywords),
    }


def remembered(document: Document) -> States:
    """The threads in a document made by `remember`."""
    pairs = (thread.partition(" ") for thread in document["threads"])
    return {ad_id: state for ad_id, _, state in pairs}


class BoardIndex(CrawledSite):
    """A site of several boards, each with an id and a name."""

    boards: ClassVar[dict[str, str]] = {}
    """Board id to name; empty: the boards that the forum's index shows."""
    board_words: ClassVar[tuple[str, ...]] = ()
    """Only boards of the index with one of these words in their names are read; empty: all."""
    index_path: ClassVar[str] = ""
    """Path of the forum's list of boards; empty: at `home`."""
    most_boards = 1000
    """Boards of an index that are read; the largest forums have some hundreds."""
    boards_left = 0
    """Boards of the index beyond them."""

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
        """Reads the forum's list of boards and requests them."""
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
            why = "the index shows none of the boards wanted; name them in 'boards'"
            self.count_unread(Stat.PAGES_UNRECOGNISED, response.url, why)
            return
        self.stats.inc_value(Stat.PAGES_ANSWERED)
        self.boards_left = max(0, len(chosen) - self.most_boards)
        chosen = dict(islice(chosen.items(), self.most_boards))
        self.logger.info("boards read: %s", some_of(list(chosen.values())))
        yield from self.begin(chosen)

    def beyond_limits(self) -> str:
        if self.boards_left:
            return (
                f"{self.boards_left} boards of the index beyond the first {self.most_boards} were "
                "not read; choose some by 'board_words', or name them in 'boards'"
            )
        return super().beyond_limits()

    def members_only(self, url: str, why: str) -> None:
        """Counts a page for members only as a block; the other pages can still be read."""
        self.stats.inc_value(Stat.PAGES_BLOCKED)
        self.blocked_by = why
        self.logger.warning("%s: %s", url, why)

    def read_boards(self, response: TextResponse) -> dict[str, str]:
        """The boards on the forum's index, id to name; a platform implements it."""
        raise NotImplementedError

    def begin(self, boards: dict[str, str]) -> Iterator[Request]:
        """The first request for each board; a way of working implements it."""
        raise NotImplementedError


KIND = "boards"
"""Kind of the documents in which the store keeps how far boards were read."""
PINNED, STATE = "pinned", "state"


class BoardWalk(BoardIndex):
    """A forum, read board by board; threads are matched here, and only matching ones are fetched.

    A walk ends where the last one began. Only a run over all keywords that was not cut short moves
    that checkpoint, so that the next run catches up on what a failed one left out. Keywords added
    since then are matched in new threads only; -a from_start=1 reads a board as if for the first
    time.
    """

    way = "board"
    queries: ClassVar[tuple[str, ...]] = ("pinned", "state")
    arguments: ClassVar[tuple[str, ...]] = (
        "keywords",
        "pages",
        "worksheet",
        "again",
        "from_start",
    )
    board_path: ClassVar[str] = ""
    """Path of a board's list of threads, newest first, with {board} and {page} in it."""
    max_pages = 20
    pinned: ClassVar[Query] = ""
    """Selects something that only a thread pinned to the top of its board has."""
    state: ClassVar[Query] = ""
    """Selects a text that each answer changes; for boards that move such threads to the top."""

    def __init__(self, *args: Any, from_start: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.from_start = bool(whole_number("from_start", from_start))
        self.walks: list[Walk] = []
        self.walks_left = 0
        self.cut_off: list[Walk] = []
        """Walks that ended although the board has further pages."""
        self.paging = PagingCheck()
        """The walks that reached neither the last checkpoint nor the end of a known list."""
        self.numbers = PageNumberCheck(
            Numbering(self.first_page, self.page_step),
            followed=bool(getattr(self, "next_page", "")) or "{page}" not in self.board_path,
        )
        self.over_limit: list[str] = []
        """Names of the boards with new threads beyond the page limit."""
        self.matcher: KeywordMatcher

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        super().check(settings, arguments)
        if not cls.board_path:
            raise ValueError(f"{cls.name} declares no board_path; declare the path of its threads")
        if not cls.boards and cls.read_boards is BoardIndex.read_boards:
            raise ValueError(f"{cls.name} declares no boards; declare their ids and names")

    @property
    def whole(self) -> bool:
        return super().whole and bool(self.walks) and not any(walk.known for walk in self.walks)

    def shown(self, fields: Fields) -> Fields:
        besides = {PINNED: self.pinned, STATE: self.state}
        return fields | {name: query for name, query in besides.items() if query}

    # The boards

    def begin(self, boards: dict[str, str]) -> Iterator[Request]:
        """The request for the first page of each board."""
        from wildcrawl.analysis.tagging.keyword_matcher import KeywordMatcher

        self.matcher = KeywordMatcher(self.session.tagger, self.keywords)
        marks = self.session.store.documents(KIND, prefix=f"{self.name} ")
        searched = self.session.vocabulary.searched(month_of(self.session.run.started))
        terms = {keyword.term for keyword in searched}
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
                "%s; older threads are searched for with: scrapy crawl %s -a from_start=1",
                in_number(f"{len(late)} keywords are new since these boards were read"),
                self.name,
            )
        self.walks_left = len(self.walks)
        for walk in self.walks:
            yield self.board_request(walk)

    def sample_request(self, phrase: str) -> Request:  # noqa: ARG002
        if not self.boards:
            raise ValueError(f"{self.name} declares no boards; declare 'boards' to save one")
        board, label = next(iter(self.boards.items()))
        return self.board_request(Walk(board, label))

    def key(self, walk: Walk) -> str:
        """The key of a board in the store."""
        return f"{self.name} {walk.board}"

    # The walk through a board

    def board_request(self, walk: Walk, url: str | None = None) -> Request:
        """The request for the current page of a walk."""
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
        """Reads one page of a board: yields the threads that match, then the next request."""
        self.stats.inc_value(Stat.PAGES)
        try:
            answer = readable(response, self.charset)
            page = self.read_page(answer)
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
                why = "its threads begin with the oldest; have 'board_path' list the newest first"
            self.count_unread(Stat.PAGES_UNRECOGNISED, response.url, why)
            self.finish_walk(walk, failed=True)
            return
        yield from self.matching([row for row in page.rows if self.has_id(row)], walk)
        following = self.next_page_of(walk, page, answer)
        if following is None:
            self.finish_walk(walk, failed=walk in self.cut_off)
        else:
            yield following

    def next_page_of(self, walk: Walk, page: BoardPage, answer: HtmlResponse) -> Request | None:
        """The request for the next page, None if nothing new is expected on it."""
        anything_new = walk.take(page)
        self.note_page(walk, page, answer)
        if walk.reached(page):
            walk.whole = True
            return None
        # A forum repeats its last page for every higher number.
        repeated = bool(page.states) and not anything_new
        promised = walk.promised if repeated else self.promises_more(answer, page, walk.page)
        if repeated or not page.more:
            unfollowed = promised and walk.page <= 1 + repeated
            if unfollowed or walk.gap or walk.lacks(page, walk.page - repeated):
                self.cut_off.append(walk)
            else:
                walk.whole = True
                ends = Ending.LAST if page.rows else Ending.EMPTY
                self.note_end(walk, Ending.REPEATED if repeated else ends)
            return None
        walk.promised = promised
        if walk.page >= (self.pages_wanted or self.max_pages):
            self.stats.inc_value(Stat.PAGE_LIMITS_REACHED)
            if self.pages_wanted and self.pages_wanted < self.max_pages:
                self.stats.inc_value(Stat.LIMITED)
            walk.whole = not (walk.known or self.pages_wanted)
            self.note_end(walk, Ending.LIMIT)
            if walk.known:
                self.over_limit.append(walk.label or walk.board)
                self.logger.warning(
                    "board %s has new threads beyond the limit of %d pages; read them all with: "
                    "scrapy crawl %s -a pages=%d",
                    walk.label or walk.board,
                    walk.page,
                    self.name,
                    walk.page * 5,
                )
            return None
        walk.page += 1
        return self.board_request(walk, page.next_url)

    def note_page(self, walk: Walk, page: BoardPage, answer: HtmlResponse) -> None:
        """Records a page of a board for the checks of paging."""
        if not page.rows:
            return
        before = len(walk.pages.sizes)
        walk.list_page(page, answer.url)
        if len(walk.pages.sizes) == before:
            return
        self.paging.turned = self.paging.turned or len(walk.pages.sizes) > 1
        template = "" if self.numbers.followed else self.within(self.board_path)
        pager = self.pager_of(answer, page, template)
        self.numbers.add(walk.board, walk.page, pager, len(page.rows))

    def note_end(self, walk: Walk, ending: Ending) -> None:
        """Records how a walk ended that did not reach the last checkpoint."""
        name, seen = walk.label or walk.board, len(walk.listed)
        self.paging.searches.append(
            Searched(name, seen, ending, promised=walk.promised, pages=walk.pages)
        )

    def same_threads(self) -> str:
        """A sentence if all boards show the same threads, else ""."""
        shown = [walk for walk in self.walks if len(walk.pages.first) >= FULL]
        if len(shown) < 2 or len({walk.pages.first for walk in shown}) > 1:
            return ""
        return f"{len(shown)} boards show the same threads; check {{board}} in board_path"

    def unread_pages(self) -> tuple[str, str]:
        """Sentences on pages of boards that were not read: those of a broken and a thin run."""
        broken = self.same_threads() or self.numbers.broken() or self.paging.broken()
        return _of_boards(broken), _of_boards(self.paging.thin())

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
        """Ends the walk of a board whose page could not be fetched."""
        walk: Walk = failure.request.cb_kwargs["walk"]  # type: ignore[attr-defined]
        response = getattr(failure.value, "response", None)
        past_the_end = walk.page > 1 and not (walk.promised or walk.gap)
        if (
            response is not None
            and response.status in (*NO_SUCH_PAGE, *BAD_PAGE_NUMBER)
            and past_the_end
            and not self.refusal(response)
        ):
            walk.whole = True
            self.note_end(walk, Ending.MISSING)
            self.finish_walk(walk)
            return
        if (
            response is not None
            and response.status == SERVER_ERROR
            and past_the_end
            and not self.refusal(response)
        ):
            walk.whole = True
            self.note_end(walk, Ending.ERROR)
            self.finish_walk(walk)
            return
        self.request_failed(failure)
        self.finish_walk(walk, failed=True)

    def renewed(self) -> str:
        """Nothing: dealers post the same text again, and earlier posts are not read again."""
        return ""

    def run_report(self) -> RunReport:
        broken, thin = self.unread_pages()
        report = super().run_report()
        thin = thin or _of_boards(self.beyond_limits())
        ends = _of_boards(self.paging.error_ends())
        report = replace(
            report,
            paging=broken,
            unread=report.unread or thin,
            failed_pages=len(self.paging.failed_ends()),
            notes=(*report.notes, *([ends] if ends else [])),
        )
        if self.over_limit:
            report = replace(
                report,
                unread=f"{len(self.over_limit)} of {len(self.walks)} boards have new threads "
                f"beyond the page limit ({some_of(self.over_limit)})",
            )
        if not self.cut_off:
            return report
        boards = ", ".join(walk.label or walk.board for walk in self.cut_off)
        return replace(
            report,
            paging=f"{len(self.cut_off)} of {len(self.walks)} boards were not read to their end, "
            f"although the site has further pages ({boards}); check next_page, or {{page}} in "
            "board_path",
        )

    # Threads

    def matching(self, rows: list[Row], walk: Walk) -> Iterator[Any]:
        """The requests and items for the threads on a page that match a keyword."""
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
        try:
            yield from self.first_found(fresh)
        except StoreError:
            self.not_found(fresh)
            raise

    def read_details(self, response: TextResponse) -> Row:
        """A thread's own page; a price that no selector finds is looked for in the post's text."""
        details = super().read_details(response)
        if not details.get("price"):
            price = asked(details.get("description", "")) or asked(details.get("title", ""))
            if price:
                details["price"] = price
        return details

    def ended(self, reason: str) -> None:
        """Stores how far each board was read, if no thread was left out."""
        super().ended(reason)
        cut_short = reason != "finished" or self.stats.get_value(Stat.ERRORS)
        if cut_short or self.keywords_wanted or any(self.unread_pages()) or self.overfull_pages:
            return
        if self.paging.failed_ends():
            return
        terms = [keyword.term for keyword in self.keywords]
        marks = {self.key(walk): remember(walk, terms) for walk in self.walks if walk.whole}
        if marks:
            self.session.store.put_documents(KIND, marks)


def _of_boards(sentence: str) -> str:
    """A sentence on searches and their results as one on boards and their threads."""
    for word, other in (
        ("searches", "boards"),
        ("results", "threads"),
        ("search_url", "board_path"),
        ("the site shows the", "a board shows the"),
    ):
        sentence = sentence.replace(word, other)
    return sentence


def board_page(page: ResultPage) -> BoardPage:
    """A page of results as a page of a board: pin and state move from its rows to `states`."""
    states = {}
    for row in page.rows:
        pinned, state = row.pop(PINNED, ""), row.pop(STATE, "")
        if not pinned:
            states[row.get("ad_id") or row.get("url", "")] = state
    return BoardPage(**vars(page), states=states)


class BoardSpider(BoardWalk, HtmlPages):
    """Reads the pages of boards by selectors."""

    def read_results(self, response: TextResponse) -> BoardPage:
        return board_page(super().read_results(response))


class JsonBoardSpider(BoardWalk, JsonPages):
    """Reads boards from an API, by JMESPath."""

    def read_results(self, response: TextResponse) -> BoardPage:
        return board_page(super().read_results(response))
