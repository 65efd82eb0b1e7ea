"""Data requests of pages in the browser, whose failures are neither an end nor an empty result."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.helpers.crawls import crawl
from tests.helpers.odd_site import Answer, Asked, odd_site
from wildcrawl.base_spiders.data_requests import DataNotAnswered, DataRefused, PageData, SiteData

HOST = "http://shop.example"
LIST = f"{HOST}/api/list"
TIPS = f"{HOST}/api/tips"
CARDS = ["li"]
ITEMS = '{"code": 0, "items": [1]}'
NONE = '{"code": 0, "items": []}'
CANCELLED = -1
BUSY = '{"code": 500, "msg": "系统繁忙"}'


class Asking:
    """A page's request, or one that a redirect of another led to."""

    frame = SimpleNamespace(parent_frame=None)

    def __init__(self, url: str, resource_type: str, led_from: Asking | None = None) -> None:
        url, _, self.post_data = url.partition(" ")
        self.url, self.resource_type, self.failure = url, resource_type, ""
        self.redirected_from = led_from


class Answered:
    """A response to a page's request."""

    def __init__(self, url: str, body: str, status: int, kind: str) -> None:
        self.url, self.status = url, status
        self._body = body
        self.request = Asking(url, kind)

    async def text(self) -> str:
        return self._body

    async def body(self) -> bytes:
        return self._body.encode()


class Shown:
    """A page in the browser with some results, and the events of its requests."""

    def __init__(self, number: int, document: str = "") -> None:
        self.number = number
        self.handlers: dict[str, Any] = {}
        self.document = Answered(f"{HOST}/s", document, 200, "document")

    def on(self, event: str, handler: Any) -> None:
        self.handlers[event] = handler

    def locator(self, _: str) -> Shown:
        return self

    async def evaluate_all(self, _: str) -> list[str]:
        return [f"/item/{each}" for each in range(self.number)]

    def load(self, *requests: tuple[str, str | int | None], kind: str = "xhr") -> None:
        """Requests: their address with a body, a status, or None if they stay open; 0: reset.

        What a request posts follows its address after a blank.
        """
        self.handlers["response"](self.document)
        for url, result in requests:
            status = result if isinstance(result, int) and result > 0 else 200
            if isinstance(result, str) and result.startswith("404 "):
                status, result = 404, result[4:]
            answer = Answered(url, result if isinstance(result, str) else "", status, kind)
            self.handlers["request"](answer.request)
            if result in (0, CANCELLED):
                aborted = "net::ERR_ABORTED" if result else "net::ERR_CONNECTION_RESET"
                answer.request.failure = aborted
                self.handlers["requestfailed"](answer.request)
            elif result is not None:
                self.handlers["response"](answer)


def loaded(
    site: SiteData,
    number: int,
    *requests: tuple[str, str | int | None],
    document: str = "",
    kind: str = "xhr",
) -> PageData:
    """The data requests of a page with a `number` of results."""
    data = PageData(site, lambda url: url.startswith(HOST))
    page: Any = Shown(number, document)

    async def read() -> None:
        await data.watch(page)
        page.load(*requests, kind=kind)
        await data.read(page, CARDS)

    asyncio.run(read())
    return data


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        (500, DataNotAnswered),
        (0, DataNotAnswered),
        (None, DataNotAnswered),
        ("", DataNotAnswered),
        ('{"items": [', DataNotAnswered),
        (403, DataRefused),
        (429, DataRefused),
        (NONE, None),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_a_failed_request_for_the_list_is_no_empty_result(
    result: str | int | None, fault: type | None, known: bool
) -> None:
    site = SiteData()
    if known:
        loaded(site, 1, (LIST, ITEMS))
    elif isinstance(result, str):
        return
    found = loaded(site, 0, (LIST, result)).fault
    assert type(found) is (fault or type(None))
    assert site.thin() == ""


def test_what_brings_no_results_may_fail() -> None:
    site = SiteData()
    loaded(site, 2, (LIST, ITEMS), (TIPS, 500), ("http://ads.example/x", 500))
    assert loaded(site, 0, (LIST, NONE), (TIPS, 500)).fault is None
    assert loaded(site, 0, ("http://ads.example/x", 500)).fault is None
    assert site.thin() == ""


def test_pages_that_hold_their_results_as_they_are_sent_need_no_request() -> None:
    site = SiteData()
    loaded(site, 1, (TIPS, ITEMS), document="<ul><li>象牙</li></ul>")
    assert loaded(site, 0, (TIPS, 500)).fault is None


def test_an_error_in_place_of_a_list_makes_the_run_thin() -> None:
    site = SiteData()
    loaded(site, 0, (LIST, BUSY))
    loaded(site, 1, (LIST, ITEMS))
    assert "ended with an error in place of further results ('系统繁忙')" in site.thin()


def test_a_list_that_fails_after_its_beginning_makes_the_run_thin() -> None:
    site = SiteData()
    loaded(site, 20, (f"{LIST}?page=1", ITEMS), (f"{LIST}?page=2", 500))
    assert "1 list ended where the page's request for further results failed" in site.thin()
    assert f"{LIST}?page=2: status 500" in site.thin()


def test_a_request_that_the_page_repeats_until_it_is_answered_is_no_fault() -> None:
    site = SiteData()
    loaded(site, 20, (f"{LIST}?page=1", ITEMS), (f"{LIST}?page=2", 500), (f"{LIST}?page=2", ITEMS))
    assert site.thin() == ""
    assert loaded(site, 0, (LIST, 500), (LIST, NONE)).fault is None


def test_data_that_come_as_a_script_or_a_stream_are_requests_too() -> None:
    for kind, address in (("script", f"{LIST}?callback=cb1"), ("eventsource", LIST)):
        site = SiteData()
        loaded(site, 1, (address, f"cb1({ITEMS})"), kind=kind)
        assert type(loaded(site, 0, (address, 500), kind=kind).fault) is DataNotAnswered
    assert loaded(SiteData(), 0, (f"{HOST}/stat.js?v=7", 500), kind="script").fault is None


@pytest.mark.parametrize("host", [HOST, "http://login.example"])
def test_a_request_that_leads_to_a_login_is_no_empty_result(host: str) -> None:
    site = SiteData()
    loaded(site, 1, (LIST, ITEMS))
    data, page = PageData(site, lambda url: url.startswith(HOST)), Shown(0)

    async def read() -> None:
        await data.watch(page)  # type: ignore[arg-type]
        page.load((LIST, None))
        first = Answered(LIST, "", 302, "xhr")
        last = Answered(f"{host}/login", "<form>登录</form>", 200, "xhr")
        last.request.redirected_from = first.request
        page.handlers["request"](first.request)
        page.handlers["response"](first)
        page.handlers["request"](last.request)
        if host == HOST:
            page.handlers["response"](last)
        else:
            last.request.failure = "net::ERR_FAILED"
            page.handlers["requestfailed"](last.request)
        await data.read(page, CARDS)  # type: ignore[arg-type]

    asyncio.run(read())
    assert type(data.fault) is DataNotAnswered


def test_a_list_whose_first_results_come_with_the_page_may_fail_further_on() -> None:
    """Results in the page and more by a script, which fails at once for another search."""
    site, document = SiteData(), "<ul><li>象牙</li></ul>"
    more = json.dumps({"items": [{"id": f"{each}"} for each in range(1000, 1020)]})
    loaded(site, 1010, (f"{LIST}?page=2", more), (TIPS, '{"tips": []}'), document=document)
    loaded(site, 10, (f"{LIST}?q=2&page=2", ITEMS), (TIPS, 500), document=document)
    assert site.thin() == ""
    loaded(site, 10, (f"{LIST}?q=3&page=2", 500), document=document)
    assert "q=3&page=2: status 500" in site.thin()


def answered(first: int, number: int) -> str:
    """Data of a list with results of these numbers, beside a list of other things."""
    items = [{"id": each, "title": "象牙"} for each in range(first, first + number)]
    return json.dumps({"hot": [{"word": "象牙"}], "data": {"items": items}})


@pytest.mark.parametrize(
    ("shown", "whole", "thin"),
    [(1012, True, True), (1019, True, False), (1012, False, False), (1020, True, False)],
)
def test_a_page_that_shows_fewer_results_than_its_data_is_thin(
    shown: int, whole: bool, thin: bool
) -> None:
    """A script that ends halfway; a site that always leaves some out says nothing by it."""
    site = SiteData()
    loaded(site, 1020 if whole else 1010, (LIST, answered(1000, 20)))
    loaded(site, shown, (f"{LIST}?q=2", answered(1000, 20)))
    said = f"(pages: 1, such as {shown - 1000} of 20): the site's own script failed"
    assert (said in site.thin()) is thin, site.thin()
    assert bool(site.thin()) is thin


def test_a_list_that_the_page_itself_gives_up_is_no_empty_result() -> None:
    """A page that sets its request a time limit, and then shows "nothing found"."""
    site = SiteData()
    loaded(site, 1020, (LIST, answered(1000, 20)))
    assert type(loaded(site, 0, (LIST, CANCELLED)).fault) is DataNotAnswered
    assert loaded(site, 0, (LIST, CANCELLED), (LIST, NONE)).fault is None
    assert loaded(site, 0, (LIST, NONE), (TIPS, CANCELLED)).fault is None


def test_pages_as_sent_whose_first_search_is_empty_may_refuse_a_guest() -> None:
    assert loaded(SiteData(), 0, (f"{HOST}/api/me", 403)).fault is None
    assert type(loaded(SiteData(), 0, (LIST, 403)).fault) is DataRefused


def test_recommendations_at_the_address_of_the_list_may_fail() -> None:
    site = SiteData()
    loaded(site, 1020, (LIST, answered(1000, 20)))
    assert loaded(site, 0, (f"{LIST}?q=x", NONE), (f"{LIST}?kind=hot", 500)).fault is None


def test_operations_at_one_address_are_told_apart() -> None:
    site, graph = SiteData(), f"{HOST}/graphql"
    search, user = (f'{graph} {{"operationName": "{name}"}}' for name in ("Search", "User"))
    loaded(site, 1020, (search, answered(1000, 20)), (user, ITEMS))
    assert type(loaded(site, 0, (search, 500), (user, ITEMS)).fault) is DataNotAnswered
    assert loaded(site, 0, (search, NONE), (user, 500)).fault is None
    loaded(site, 1020, (search, answered(1000, 20)), (user, 500))
    assert site.thin() == ""


def test_a_request_repeated_with_another_time_is_the_same() -> None:
    site = SiteData()
    loaded(site, 1020, (f"{LIST}?q=1&_=1", 500), (f"{LIST}?q=1&_=2", answered(1000, 20)))
    assert loaded(site, 0, (f"{LIST}?q=2&_=3", 500), (f"{LIST}?q=2&_=4", NONE)).fault is None
    assert site.thin() == ""


def test_a_first_search_that_got_no_data_is_known_by_those_after_it() -> None:
    site = SiteData()
    assert loaded(site, 0, (LIST, "<h1>502 Bad Gateway</h1>")).fault is None
    assert site.thin() == ""
    loaded(site, 1020, (LIST, answered(1000, 20)))
    assert f"something else than data ({LIST})" in site.thin()


@pytest.mark.parametrize(
    "beside", [(TIPS, 500), (TIPS, 403), (f"{HOST}/api/me", 401), (LIST, '404 {"items": []}')]
)
def test_what_a_guest_or_an_empty_search_gets_is_no_fault(beside: tuple[str, int | str]) -> None:
    site = SiteData()
    if beside[1] == 401:
        assert loaded(site, 0, (LIST, NONE), beside).fault is None
    loaded(site, 1020, (LIST, answered(1000, 20)), (TIPS, ITEMS))
    requests = [beside] if beside[0] == LIST else [(LIST, NONE), beside]
    assert loaded(site, 0, *requests).fault is None
    assert type(loaded(site, 0, (LIST, "404 <h1>gone</h1>")).fault) is DataNotAnswered


def test_a_keyword_in_the_path_leads_to_the_same_list() -> None:
    site, conf = SiteData(), f"{HOST}/api/conf"
    loaded(site, 1020, (f"{HOST}/api/search/a/1", answered(1000, 20)), (conf, ITEMS))
    assert type(loaded(site, 0, (f"{HOST}/api/search/b/1", 500), (conf, ITEMS)).fault) is (
        DataNotAnswered
    )
    assert loaded(site, 0, (f"{HOST}/api/search/c/1", NONE), (conf, ITEMS)).fault is None


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (BUSY, "ended with an error in place of further results ('系统繁忙')"),
        ("<h1>502</h1>", "an answer that is empty or cut short"),
        ("", "an answer that is empty or cut short"),
        (NONE, ""),
    ],
)
def test_a_list_whose_second_part_is_no_data_is_thin(second: str, said: str) -> None:
    site = SiteData()
    loaded(site, 1020, (f"{LIST}?p=1", answered(1000, 20)))
    loaded(site, 1020, (f"{LIST}?p=1", answered(1000, 20)), (f"{LIST}?p=2", second))
    assert said in site.thin()
    assert bool(site.thin()) is bool(said)


@pytest.mark.parametrize("odd", ['{"items": null}', '{"code": 503, "items": []}'])
def test_an_answer_unlike_the_others_without_results_makes_the_run_thin(odd: str) -> None:
    site = SiteData()
    loaded(site, 1020, (LIST, answered(1000, 20)))
    loaded(site, 0, (LIST, NONE))
    assert loaded(site, 0, (f"{LIST}?q=2", odd)).fault is None
    assert f"{LIST}?q=2" in site.thin()


SCRIPTED = """<p class="none" hidden>没有找到</p><ul id="list"></ul><script>
const none = document.querySelector(".none");
fetch(`/api?key=${KEY}`).then(answer => answer.json()).then(items => {
  none.hidden = items.length > 0;
  list.innerHTML = items.map(id => `<li data-id="${id}"><a href="/item/${id}">豹骨 ${id}</a>
    <b class="price">100元</b></li>`).join("");
}).catch(() => { none.hidden = false; });
</script>"""
"""A page that shows "nothing found" whenever its data do not arrive."""


@pytest.mark.slow
def test_a_page_whose_data_fail_is_requested_again_and_then_a_fault(
    tmp_path: Path, browser: str
) -> None:
    fails = {"豹骨": 1, "豹皮": 9}

    def answer(asked: Asked) -> Answer:
        address = urlsplit(asked.path)
        if address.path != "/api":
            return Answer(SCRIPTED.replace("${KEY}", asked.keyword))
        (keyword,) = parse_qs(address.query)["key"]
        if asked.before < fails.get(keyword, 0):
            return Answer(status=500)
        return Answer(json.dumps([f"{len(keyword)}{each}" for each in range(3)]))

    with odd_site(answer) as site:
        run, ads, result = crawl(
            site, tmp_path, "-s", "RETRY_TIMES=1", spider="polite_browser",
            keywords="keywords=豹骨,豹皮",
        )  # fmt: skip
    assert (run.health, len(ads)) == ("broken", 3)
    assert "own request for data failed" in result.err
