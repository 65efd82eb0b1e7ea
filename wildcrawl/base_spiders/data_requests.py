"""Data requests: what a page in the browser asks its own site for, and whether it was answered.

A page whose request for results failed looks like one of a search without results, or like the end
of a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from scrapy.http import HtmlResponse

from wildcrawl.analysis.answers import NotJson, parse_answer
from wildcrawl.base_spiders.answer_forms import AnswerForms
from wildcrawl.base_spiders.extraction import select
from wildcrawl.base_spiders.growing_pages import shown
from wildcrawl.base_spiders.responses import Blocked, PageError, Unreadable
from wildcrawl.base_spiders.unread_entries import UnreadEntries

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Response

DATA = "wildcrawl_data"
"""Key in a request's `meta`: the data requests of its page."""
_TYPES = ("fetch", "xhr", "eventsource")
_JSONP = re.compile(r"callback|jsonp|(?:^|&)cb=", re.IGNORECASE)
"""What a query has by which a script is data (JSONP)."""
_REFUSALS = (401, 403, 429)
_SHOWN = 200
"""Characters of an address that a fault shows."""
_NAMES = re.compile(r"[A-Za-z]{0,9}[0-9]{3,30}")
"""What tells a result in its address, as in an answer that brings it."""
_ENOUGH = 2
"""Results that an answer names so that it is known to bring them."""
_LACKING, _SHARE = 3, 0.2
"""Results of its data that a page may leave out: sold ones, or those of its first page."""
EMPTY_OR_CUT = "an answer that is empty or cut short"
_FIXED = 3
"""Parts of a path, the empty first one included, that name what it is for: /api/search/豹牙/1."""
_DEEPEST = 6
"""Levels of data that are searched for lists."""
_PASSING = re.compile(
    r"_|_?t|ts|_?time(?:stamp)?|rnd|rand(?:om)?|nonce|r|callback|cb", re.IGNORECASE
)
"""Parameters by which a page tells a request from the one before, and asks for nothing else."""
_OPERATION = re.compile(
    r'"operationName"\s*:\s*"([^"]{1,80})"|"query"\s*:\s*"\s*(?:query|mutation)\s+(\w{1,80})'
)
_SHOWN_OF_BODY = 4_000
_GUEST = (401, 403)
_WHO = re.compile(
    r"/(?:me|users?|account|log[io]n|auth|sessions?|profile|passport|token|members?)\b"
)
"""What asks who a visitor is."""
_CANCELLED = "net::ERR_ABORTED"
"""What a request says that the page itself cancelled."""


class DataNotAnswered(Unreadable):
    """A page without results, one of whose requests for data failed."""


class DataRefused(Blocked):
    """A page without results, one of whose requests for data was refused."""


class SiteData:
    """What is known in a run of the data that the pages of a site ask for."""

    def __init__(self) -> None:
        self.addresses: dict[str, bool] = {}
        """Addresses, without their query, that answered pages with results, and whether by JSON."""
        self.lists: set[str] = set()
        """Those of them whose answers name results that the page shows."""
        self.in_document: bool | None = None
        """Whether results are in a page as it is sent, None before the first page with results."""
        self.forms = AnswerForms()
        """The forms of the answers that bring results."""
        self.codes = UnreadEntries()
        """The codes of JSON answers to pages with results and without."""
        self.odd: list[str] = []
        """Addresses whose answers to pages without results were no data."""
        self.cut: list[str] = []
        """Faults on pages with results, whose list was answered before and failed then."""
        self.whole = 0
        """Pages that showed all results of the data that they asked for."""
        self.lacking: list[tuple[int, int]] = []
        """Results shown, and those in the data, of each page that showed far fewer."""

    def thin(self) -> str:
        """A sentence if lists ended at a request that failed, or at an error, else ""."""
        if self.cut:
            lists = "1 list" if len(self.cut) == 1 else f"{len(self.cut)} lists"
            return (
                f"{lists} ended where the page's request for further results failed "
                f"({self.cut[0]}), so that some were not read; run it again"
            )
        for address in self.odd:
            if self.addresses.get(address):
                return (
                    "a page without results was answered with something else than data "
                    f"({address[:_SHOWN]}), so that results were not read; run it again"
                )
        # A site that leaves some out of most pages, such as sold goods, does so on purpose.
        if self.lacking and self.whole >= len(self.lacking):
            shown_there, asked_for = self.lacking[0]
            return (
                "pages show fewer results than the data that were loaded for them (pages: "
                f"{len(self.lacking)}, such as {shown_there} of {asked_for}): the site's own "
                "script failed, or left some out; run it again"
            )
        return self.codes.message() or self.forms.message()

    def compare(self, shown_there: int, asked_for: int) -> None:
        """Records how many of the results in a page's data the page shows."""
        if asked_for >= _ENOUGH and shown_there >= asked_for:
            self.whole += 1
        elif asked_for - shown_there >= max(_LACKING, _SHARE * asked_for):
            self.lacking.append((shown_there, asked_for))


@dataclass(frozen=True)
class _Fault:
    """A request that failed: its address, what it asked for, the status or 0, and what happened."""

    url: str
    address: str
    asked: tuple[str, str]
    status: int
    why: str

    def __str__(self) -> str:
        return f"{self.url[:_SHOWN]}: {self.why}"


class PageData:
    """The data requests of one page in the browser, to addresses of the site itself."""

    def __init__(self, site: SiteData, is_own: Callable[[str], bool]) -> None:
        self._site = site
        self._is_own = is_own
        self.fault: PageError | None = None
        """Why a page without results is not an empty result; None if it may be."""
        self._begin()

    def _begin(self) -> None:
        self.fault = None
        self._document: Response | None = None
        self._open: set[Request] = set()
        self._good: list[Response] = []
        self._bad: list[_Fault] = []
        self._cancelled: list[_Fault] = []
        """Requests that the page itself ended, as after a time limit."""
        self._missing: list[Response] = []
        """Answers with status 404."""

    async def watch(self, page: Page, _: Any = None) -> None:
        """Begins to record the requests of a page, before it is opened."""
        self._begin()
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)

    def _asked(self, request: Request) -> None:
        first = _first(request)
        if _is_for_data(first) and self._is_own(first.url):
            self._open.add(first)

    def _answered(self, response: Response) -> None:
        request = _first(response.request)
        if request.resource_type == "document" and not request.frame.parent_frame:
            self._document = response
        elif request in self._open and not 300 <= response.status < 400:
            self._open.discard(request)
            if response.status == 404:
                self._missing.append(response)
            elif response.status >= 400:
                self._note(request, response.status, f"status {response.status}")
            else:
                self._good.append(response)
                # The page asked again.
                asked = _asked_for(request)
                self._bad = [fault for fault in self._bad if fault.asked != asked]
                self._cancelled = [fault for fault in self._cancelled if fault.asked != asked]

    def _failed(self, failed: Request) -> None:
        request = _first(failed)
        self._good = [each for each in self._good if _first(each.request) is not request]
        known = request in self._open or self._is_own(request.url)
        self._open.discard(request)
        if not known or not _is_for_data(request):
            return
        if failed.failure == _CANCELLED:
            self._cancelled.append(_fault(request, 0, "ended by the page itself"))
        else:
            self._note(request, 0, (failed.failure or "no answer").removeprefix("net::"))

    def _note(self, request: Request, status: int, why: str) -> None:
        self._bad.append(_fault(request, status, why))

    def awaited(self) -> bool:
        """Whether an answer is due that may hold the results of the page."""
        known = self._site.lists or self._site.addresses
        return any(not known or _address_of(request) in known for request in self._open)

    async def read(self, page: Page, cards: Sequence[str]) -> None:
        """Judges the requests of a page that has been read; `cards` select its results."""
        if found := await shown(page, cards):
            await self._learn(cards, found)
        else:
            self.fault = await self._fault_of_none()

    async def _learn(self, cards: Sequence[str], found: Sequence[str]) -> None:
        """Learns from a page with results which requests bring them, and what failed of those."""
        if self._site.in_document is None:
            self._site.in_document = await _holds(self._document, cards)
        names = {name for each in found for name in _NAMES.findall(each)}
        shown_there = asked_for = 0
        for answer in self._good:
            address = _address(answer)
            data = await _data(answer)
            if address not in self._site.addresses:
                self._site.addresses[address] = data is not None
                self._site.codes.add_code(data, found=True)
            if len(names & set(_NAMES.findall(str(data)))) >= _ENOUGH:
                self._site.lists.add(address)
                self._site.forms.add(data, answer.url, listed=True, found=True, further=False)
                named, every = _shown_of(data, names)
                shown_there, asked_for = shown_there + named, asked_for + every
            elif data is None and self._site.addresses[address] and address in self._site.lists:
                self._note(_first(answer.request), answer.status, EMPTY_OR_CUT)
            elif address in self._site.lists:
                self._site.codes.add_code(data, found=False, further=True)
        self._site.compare(shown_there, asked_for)
        lists = self._site.lists | set(map(_address, self._good))
        cut = [str(fault) for fault in self._bad if fault.address in lists]
        self._site.cut += cut[-1:]

    async def _fault_of_none(self) -> PageError | None:
        """Why a page without results is not an empty result."""
        known = self._site.addresses
        if self._site.in_document:
            return None
        await self._read_missing()
        good = [
            answer
            for answer in self._good
            if not known or _address(answer) in known or self._brings(_address(answer))
        ]
        empty = False
        for answer in good:
            if (data := await _data(answer)) is not None:
                self._site.codes.add_code(data, found=False)
                if self._brings(_address(answer)):
                    listed = _has_list(data)
                    empty = empty or (listed and not any(_lists(data)))
                    self._site.forms.add(
                        data, answer.url, listed=listed, found=False, further=False
                    )
            elif known.get(_address(answer)):
                self._note(_first(answer.request), answer.status, EMPTY_OR_CUT)
            elif not known:
                self._site.odd.append(_address(answer))
        for request in self._open:
            self._note(request, 0, "no answer")
        own = [each for each in (*self._bad, *self._cancelled) if self._brings(each.address)]
        answered = any(self._brings(_address(each)) for each in good) or not self._site.lists
        if known and good and answered and (empty or not own):
            return None
        # Sites ask who a visitor is, and refuse a guest.
        bad = [
            each
            for each in self._bad
            if not (each.status in _GUEST and (good or _WHO.search(each.address)))
        ]
        for fault in (own or bad)[-1:]:
            why = f"the page's own request for data failed ({fault})"
            return DataRefused(why) if fault.status in _REFUSALS else DataNotAnswered(why)
        return None

    def _brings(self, address: str) -> bool:
        """Whether a request to `address` may bring results, as the pages with results show."""
        bring = self._site.lists or self._site.addresses
        return address in bring or any(_alike(address, each) for each in bring)

    async def _read_missing(self) -> None:
        """Takes an answer with data for one, although its status is 404: there are no results."""
        for answer in self._missing:
            if await _data(answer):
                self._good.append(answer)
            else:
                self._note(_first(answer.request), answer.status, f"status {answer.status}")


def _shown_of(data: Any, names: set[str]) -> tuple[int, int]:
    """How many results of the list in `data` that a page shows have one of `names`, and all.

    >>> _shown_of({"ads": [{"id": 7}], "items": [{"id": 123}, {"id": 456}]}, {"123"})
    (1, 2)
    """
    best = (0, 0)
    for entries in _lists(data):
        named = sum(not names.isdisjoint(_NAMES.findall(str(entry))) for entry in entries)
        best = max(best, (named, len(entries)), key=lambda each: each[0])
    return best


def _has_list(data: Any, depth: int = 0) -> bool:
    """Whether some data has a list, also an empty one."""
    if isinstance(data, list) or depth > _DEEPEST:
        return isinstance(data, list)
    values = data.values() if isinstance(data, dict) else ()
    return any(_has_list(value, depth + 1) for value in values)


def _alike(one: str, other: str) -> bool:
    """Whether two addresses differ in parts of their path that may be a keyword or a page.

    >>> _alike("https://a.example/api/search/x/1", "https://a.example/api/search/y/2")
    True
    >>> _alike("https://a.example/api/search", "https://a.example/api/tips")
    False
    """
    parts, others = (urlsplit(each).path.split("/") for each in (one, other))
    if urlsplit(one).netloc != urlsplit(other).netloc or len(parts) != len(others):
        return False
    differ = [place for place, part in enumerate(parts) if part != others[place]]
    return len(parts) > _FIXED and bool(differ) and min(differ) >= _FIXED


def _lists(data: Any, depth: int = 0) -> Iterator[list[Any]]:
    """The lists of objects in some data."""
    if depth > _DEEPEST or not isinstance(data, dict | list):
        return
    if isinstance(data, list) and data and all(isinstance(each, dict) for each in data):
        yield data
    for value in data.values() if isinstance(data, dict) else data:
        yield from _lists(value, depth + 1)


def _first(request: Request) -> Request:
    """The request of the page itself, of one that a redirect may have led to."""
    while request.redirected_from is not None:
        request = request.redirected_from
    return request


def _is_for_data(request: Request) -> bool:
    """Whether a request may bring results: by a script, or as one (JSONP)."""
    if request.resource_type == "script":
        return bool(_JSONP.search(urlsplit(request.url).query))
    return request.resource_type in _TYPES


def _address(answer: Response) -> str:
    """What an answer is to: the address of its request without its query, and its operation."""
    return _address_of(_first(answer.request))


def _address_of(request: Request) -> str:
    return f"{_plain(request.url)}{_operation(request)}"


def _fault(request: Request, status: int, why: str) -> _Fault:
    return _Fault(request.url, _address_of(request), _asked_for(request), status, why)


def _asked_for(request: Request) -> tuple[str, str]:
    """What a request asks for: its address without what only tells it from others, and its body."""
    parts = urlsplit(request.url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True)
             if not _PASSING.fullmatch(name)]  # fmt: skip
    return parts._replace(query=urlencode(query)).geturl(), _body(request)


def _operation(request: Request) -> str:
    """What a request to an address for everything asks for, as in GraphQL; "" for others."""
    named = _OPERATION.search(_body(request)[:_SHOWN_OF_BODY])
    return f" {named[1] or named[2]}" if named else ""


def _body(request: Request) -> str:
    """The text that a request posts; "" if it posts none, or none that is text."""
    with suppress(UnicodeDecodeError):
        return request.post_data or ""
    return ""


def _plain(url: str) -> str:
    """An address without its query.

    >>> _plain("https://shop.example/api/search?q=1&page=2")
    'https://shop.example/api/search'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


async def _holds(document: Response | None, cards: Sequence[str]) -> bool | None:
    """Whether a page has results as it is sent; None if its text is not kept."""
    from playwright.async_api import Error as BrowserError

    if document is None:
        return None
    with suppress(BrowserError):
        page = HtmlResponse(document.url, body=await document.body(), encoding="utf-8")
        return any(select(page.selector, card) for card in cards)
    return None


async def _data(answer: Response) -> Any:
    """The data of an answer; None if it is empty or no JSON, {} if its text is not kept."""
    from playwright.async_api import Error as BrowserError

    if answer.request.resource_type == "eventsource":
        # Its text ends when the page closes it.
        return {}
    try:
        return parse_answer(await answer.text())
    except NotJson:
        return None
    except (BrowserError, UnicodeDecodeError):
        return {}
