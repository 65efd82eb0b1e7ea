"""Declared ways to search: a form that is fetched first, a cursor, a page that is visited first."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from tests.helpers.answered_run import Given, answered_run, made
from tests.helpers.crawling import ROOT
from tests.helpers.crawls import crawl
from tests.helpers.odd_site import Answer, Asked, odd_site, results
from wildcrawl.base_spiders import BoardSpider, HtmlSearchSpider, JsonSearchSpider
from wildcrawl.base_spiders.extraction import Search
from wildcrawl.base_spiders.recheck import recheck_spider
from wildcrawl.base_spiders.search_form import NoForm, submission
from wildcrawl.base_spiders.snapshot import recording_spider
from wildcrawl.items import Health

HOME = "https://fair.example"
WORDS = ("象牙", "虎骨", "玳瑁")
ADS = [(f"{word}{number}", word) for word in WORDS for number in range(7)]
PAGE = 3


class Fair(HtmlSearchSpider):
    name = "fair"
    label = "Fair"
    kind = "antiques"
    since = "2026-01"
    home = f"{HOME}/"
    search_url = f"{HOME}/search"
    card = "li"
    empty = ".none"
    next_page = "a.next::attr(href)"
    fields = {"ad_id": "::attr(data-id)", "title": "::text"}
    expect = {"advertisements": 20, "title": 1.0}


def sent(request: Request) -> dict[str, str]:
    """The inputs of a request, in its address or its body."""
    query = urlsplit(request.url).query or request.body.decode()
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


def shown(keyword: str, page: int = 1, link: str = "") -> Given:
    """The page of the results for `keyword`."""
    ids = [ad_id for ad_id, word in ADS if word == keyword]
    cards = "".join(
        f'<li data-id="{each}">{each}</li>' for each in ids[(page - 1) * PAGE : page * PAGE]
    )
    further = f'<a class="next" href="{link}">next</a>' if link and page * PAGE < len(ids) else ""
    return Given(f"<ul>{cards}</ul>{further}" if cards else '<p class="none">没有</p>')


# A form that is fetched first


class FormFair(Fair):
    search_form = "form.search"
    form_data = {"q": "{keyword}", "page": "{page}"}
    next_page = ""


class OneToken:
    """A site with a form whose token is valid once, and only until the next form is fetched."""

    def __init__(self, form: str = 'class="search" method="post" action="/find"') -> None:
        self.form = form
        self.token = ""

    def __call__(self, request: Request) -> Given:
        path = urlsplit(request.url).path
        if path == "/search":
            self.token = secrets.token_hex(4)
            return Given(
                f"<form class='login'><input name='user'></form><form {self.form}>"
                f'<input type="hidden" name="token" value="{self.token}"><input name="q">'
                '<input name="page" type="hidden" value="1"><button>搜索</button></form>'
            )
        inputs = sent(request)
        if not self.token or inputs.get("token") != self.token:
            return Given("<p>表单已过期，请返回重新提交</p>")
        self.token = ""
        return shown(inputs["q"], int(inputs["page"]))


@pytest.mark.parametrize("method", ["post", "get"])
def test_a_form_is_fetched_before_each_page_and_sent_with_its_token(method: str) -> None:
    site = OneToken(f'class="search" method="{method}" action="/find"')
    with answered_run(FormFair, site) as run:
        assert len(run.found) == len(ADS)
        assert run.judgement().health is Health.OK
        paths = [urlsplit(request.url).path for request in run.requests]
        assert paths[::2] == ["/search"] * (len(paths) // 2), "one search after the other"
        assert set(paths[1::2]) == {"/find"}
        assert {request.method for request in run.requests[1::2]} == {method.upper()}
        assert run.requests[1].headers["Referer"] == f"{HOME}/search".encode()


class LinkedFormFair(Fair):
    search_form = "form.search"


def test_without_form_data_the_only_text_field_is_filled_and_links_lead_on() -> None:
    token = OneToken()

    def answer(request: Request) -> Given:
        query = dict(parse_qs(urlsplit(request.url).query))
        if "kept" in query:
            return shown(query["kept"][0], int(query["n"][0]), "")
        given = token(request)
        if urlsplit(request.url).path == "/find":
            keyword = sent(request)["q"]
            return shown(keyword, 1, f"/more?kept={keyword}&n=2")
        return given

    with answered_run(LinkedFormFair, answer) as run:
        assert len(run.found) == len(WORDS) * 2 * PAGE
        kept = [request.url for request in run.requests if "kept=" in request.url]
        assert len(kept) == len(WORDS)
        after = run.requests[
            run.requests.index(next(r for r in run.requests if "kept=" in r.url)) - 1
        ]
        assert after.url == f"{HOME}/find", "its links follow before the next form is fetched"


def test_a_form_without_a_way_to_a_second_page_is_searched_for_one() -> None:
    class OnePage(FormFair):
        form_data = {"q": "{keyword}"}

    with answered_run(OnePage, OneToken()) as run:
        assert len(run.found) == len(WORDS) * PAGE
        sent = [each.cb_kwargs["search"] for each in run.requests if each.method == "POST"]
        assert len([each for each in sent if each.check is None]) == len(run.spider.keywords)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<form class='other'><input name='q'></form>", "has no form 'form.search'"),
        ("<p>a new page</p>", "has no form 'form.search'"),
        ("<form class='search'><input name='a'><input name='b'></form>", "the text fields a, b"),
        ("<form class='search'><input type='hidden' name='q'></form>", "no text field"),
        (
            "<form class=search method=post enctype='multipart/form-data'><input name=q></form>",
            "cannot be sent",
        ),
    ],
)
def test_a_page_without_the_declared_form_makes_the_run_broken(page: str, said: str) -> None:
    with answered_run(LinkedFormFair, lambda _: Given(page)) as run:
        judgement = run.judgement()
    assert judgement.health is Health.BROKEN
    assert said in judgement.reason
    assert not judgement.comparable


def test_a_challenge_in_place_of_the_form_is_a_block() -> None:
    wall = Given("<html><head><title>请输入验证码</title></head><body>请输入验证码</body></html>")
    with answered_run(LinkedFormFair, lambda _: wall) as run:
        assert run.judgement().health is Health.BLOCKED
        assert len(run.requests) == 1


def test_a_form_that_cannot_be_fetched_costs_its_own_search_only() -> None:
    site = OneToken()
    before = 0

    def answer(request: Request) -> Given:
        nonlocal before
        before += 1
        return Given(status=404) if before == 1 else site(request)

    with answered_run(FormFair, answer) as run:
        asked = [request for request in run.requests if request.url == f"{HOME}/search"]
        assert len(asked) >= len(run.spider.keywords)
        assert run.spider.yields().keys() == {each.term for each in run.spider.keywords[1:]}


def test_a_form_whose_token_has_expired_is_sent_once_more() -> None:
    site = OneToken()
    sent_before: set[str] = set()

    def answer(request: Request) -> Given:
        inputs = sent(request)
        if "q" in inputs and inputs["q"] not in sent_before:
            sent_before.add(inputs["q"])
            site.token = ""
        return site(request)

    with answered_run(FormFair, answer) as run:
        assert len(run.found) == len(ADS)
        assert run.judgement().health is Health.OK


def test_a_form_that_is_refused_again_and_again_makes_the_run_broken() -> None:
    def answer(request: Request) -> Given:
        given = OneToken()(request)
        return given if request.url == f"{HOME}/search" else Given("<p>表单已过期</p>")

    with answered_run(FormFair, answer) as run:
        assert run.judgement().health is Health.BROKEN
        assert run.found == set()


def form(attributes: str, inner: str) -> HtmlResponse:
    text = f"<html><body><form {attributes}>{inner}</form></body></html>"
    return HtmlResponse(f"{HOME}/search", body=text.encode(), encoding="utf-8")


def test_a_form_is_encoded_in_the_sites_charset() -> None:
    inner = "<input type=hidden name=做 value=搜><input name=q><select name=s><option>新</select>"
    page = form("action=/find?old=1", inner)
    made_request = submission(page, "form", {"q": "象牙"}, "", "gb2312")
    assert made_request.method == "GET"
    assert made_request.url.startswith(f"{HOME}/find?")
    assert unquote(made_request.url, encoding="gb18030").endswith("?做=搜&s=新&q=象牙")


def test_the_selector_of_a_form_may_select_something_in_it() -> None:
    page = form("method=post", "<input name=q><input type=hidden name=t value=7>")
    made_request = submission(page, "input[name=t]", {}, "象牙", "utf-8")
    assert made_request.body == b"t=7&q=%E8%B1%A1%E7%89%99"
    with pytest.raises(NoForm):
        submission(page, "form.other", {}, "象牙", "utf-8")


SIGN_IN = '<form action="/login"><input name="user"><input name="pw" type="Password"></form>'
OTHERS = (
    '<form action="/news"><input name="mail"></form><form action="/find"><input name="kw"></form>'
)


def test_of_several_forms_the_one_with_the_input_is_sent() -> None:
    page = HtmlResponse(HOME, body=(SIGN_IN + OTHERS).encode(), encoding="utf-8")
    sent_to = [
        submission(page, "form", data, "x", "utf-8").url.partition("?")[0]
        for data in ({"kw": "x"}, {"mail": "x"}, {"unknown": "x"})
    ]
    assert sent_to == [f"{HOME}/find", f"{HOME}/news", f"{HOME}/news"]


def test_no_form_for_signing_in_is_sent() -> None:
    page = HtmlResponse(HOME, body=SIGN_IN.encode(), encoding="utf-8")
    with pytest.raises(NoForm, match="is for signing in; select that of the search"):
        submission(page, "form", {"user": "象牙"}, "象牙", "utf-8")


# A cursor in the answer


class CursorFair(JsonSearchSpider):
    name = "fair"
    label = "Fair"
    kind = "antiques"
    since = "2026-01"
    home = f"{HOME}/"
    search_url = f"{HOME}/api?q={{keyword}}&after={{cursor}}"
    results = "data.items"
    cursor = "data.next"
    fields = {"ad_id": "id", "title": "id"}
    expect = Fair.expect


def listed(end: Any = None, *, given: bool = True) -> Callable[[Request], Given]:
    """A site that turns pages by a cursor; `end` is what its last page has in its place."""

    def answer(request: Request) -> Given:
        inputs = sent(request)
        keyword, after = inputs["q"], inputs.get("after", "")
        start = int(after.partition("/")[2] or 0)
        ids = [ad_id for ad_id, word in ADS if word == keyword]
        data: dict[str, Any] = {"items": [{"id": each} for each in ids[start : start + PAGE]]}
        if start + PAGE < len(ids):
            data["next"] = f"a+b/{start + PAGE}"
        elif given:
            data["next"] = end if end != "sent" else after
        return Given(json.dumps({"data": data}))

    return answer


@pytest.mark.parametrize("end", [None, "", False, 0, -1, "sent"])
def test_a_cursor_leads_from_page_to_page_up_to_the_last(end: Any) -> None:
    with answered_run(CursorFair, listed(end)) as run:
        assert len(run.found) == len(ADS)
        assert run.judgement().health is Health.OK
        pages = [sent(request)["after"] for request in run.requests if sent(request)["q"] == "象牙"]
        assert pages == ["", "a+b/3", "a+b/6"]


def test_an_api_that_leaves_the_cursor_out_on_last_pages_is_read_to_its_end() -> None:
    with answered_run(CursorFair, listed(given=False)) as run:
        assert len(run.found) == len(ADS)
        assert run.judgement().health is Health.OK


def test_the_first_cursor_is_what_is_declared() -> None:
    class Starred(CursorFair):
        first_cursor = "*"

    spider = made(Starred)
    request = spider.search_request(Search(spider.keywords[0], "x", 1))  # type: ignore[attr-defined]
    assert request.url.endswith("after=%2A")
    link = Starred.worksheet_site(spider.settings).link("象牙")
    assert link == f"{HOME}/api?q=%E8%B1%A1%E7%89%99&after=%2A"


@pytest.mark.parametrize("cursor", ["next", "data.nxt", "data.items[9].id"])
def test_a_cursor_that_no_answer_has_makes_the_run_broken(cursor: str) -> None:
    class Wrong(CursorFair):
        pass

    Wrong.cursor = cursor
    with answered_run(Wrong, listed()) as run:
        judgement = run.judgement()
        assert len(run.found) == len(WORDS) * PAGE, "what was read is kept"
    assert judgement.health is Health.BROKEN
    assert f"no page of results has the cursor '{cursor}'" in judgement.reason


class HtmlCursorFair(Fair):
    search_url = f"{HOME}/search?q={{keyword}}&after={{cursor}}"
    cursor = "ul::attr(data-next)"
    next_page = ""


def test_a_cursor_in_a_page_works_as_one_in_data_does() -> None:
    def answer(request: Request) -> Given:
        page = int(sent(request)["after"] or 1)
        given = shown(sent(request)["q"], page)
        last = page * PAGE >= len(ADS) / len(WORDS)
        mark = "" if last else f" data-next='{page + 1}'"
        return Given(str(given.body).replace("<ul", f"<ul{mark}"))

    with answered_run(HtmlCursorFair, answer) as run:
        assert len(run.found) == len(ADS)
        assert run.judgement().health is Health.OK

    with answered_run(HtmlCursorFair, lambda request: shown(sent(request)["q"])) as run:
        assert "has the cursor" in run.judgement().reason
        assert run.judgement().health is Health.BROKEN


def test_a_cursor_in_a_body_of_json_is_escaped_as_json() -> None:
    class Posted(CursorFair):
        search_url = f"{HOME}/api"
        search_body = '{{"query": {{"text": "{keyword}"}}, "after": "{cursor}"}}'

    bodies = []

    def answer(request: Request) -> Given:
        body = json.loads(request.body)
        bodies.append(body["query"]["text"])
        asked = Request(
            f"{HOME}/api?q={body['query']['text']}&after={body['after'].replace('+', '%2B')}"
        )
        return listed()(asked)

    with answered_run(Posted, answer) as run:
        assert len(run.found) == len(ADS)
    assert "象牙" in bodies


# A page that is visited first


class SessionFair(Fair):
    first_visit = f"{HOME}/enter"
    search_url = f"{HOME}/search?q={{keyword}}&page={{page}}"
    next_page = ""


def guarded(request: Request) -> Given:
    if request.url.endswith("/enter"):
        return Given("<h1>欢迎</h1>", cookie="sid=1")
    if b"sid=1" not in (request.headers.get("Cookie") or b""):
        return Given("<p>会话已失效，请从首页进入</p>")
    return shown(sent(request)["q"], int(sent(request)["page"]))


def test_a_page_is_visited_first_for_its_cookie() -> None:
    with answered_run(SessionFair, guarded) as run:
        assert len(run.found) == len(ADS)
        assert run.judgement().health is Health.OK
        assert [request.url for request in run.requests].count(f"{HOME}/enter") == 1


def test_a_session_that_ends_is_begun_again() -> None:
    left = 0

    def answer(request: Request) -> Given:
        nonlocal left
        left = 7 if request.url.endswith("/enter") else left - 1
        return guarded(request) if left >= 0 else Given("<p>会话已失效，请从首页进入</p>")

    with answered_run(SessionFair, answer) as run:
        assert len(run.found) == len(ADS)
        assert run.judgement().health is Health.OK
        visits = [request.url for request in run.requests].count(f"{HOME}/enter")
        assert visits == pytest.approx(len(run.requests) / 9, abs=2)


def test_a_session_that_cannot_be_begun_again_makes_the_run_broken() -> None:
    left = 20

    def answer(request: Request) -> Given:
        nonlocal left
        left -= 1
        if left < 0 and not request.url.endswith("/enter"):
            return Given("<p>会话已失效，请从首页进入</p>")
        return guarded(request)

    with answered_run(SessionFair, answer) as run:
        assert run.judgement().health is Health.BROKEN
        assert [request.url for request in run.requests].count(f"{HOME}/enter") <= 1 + 3


class BoardFair(BoardSpider):
    name = "fair"
    label = "Fair"
    home = f"{HOME}/"
    first_visit = f"{HOME}/enter"
    boards = {"2": "交易"}
    board_path = "/board/{board}?page={page}"
    card, empty, fields = Fair.card, Fair.empty, Fair.fields
    next_page = "a.next::attr(href)"


def test_a_board_is_visited_first_too() -> None:
    def answer(request: Request) -> Given:
        if "/board/" not in request.url:
            return guarded(request)
        seen = b"sid=1" in (request.headers.get("Cookie") or b"")
        return shown("象牙") if seen else Given("<p>会话已失效</p>")

    with answered_run(BoardFair, answer) as run:
        assert len(run.found) == PAGE


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Given("<h1>欢迎</h1>"), "set no cookie; check 'first_visit'"),
        (Given(status=404), "could not be fetched"),
    ],
)
def test_a_visit_that_gives_no_session_makes_the_run_broken(given: Given, said: str) -> None:
    with answered_run(SessionFair, lambda _: given) as run:
        judgement = run.judgement()
        assert len(run.requests) == 1
    assert judgement.health is Health.BROKEN
    assert said in judgement.reason


def test_a_recheck_and_a_saved_page_visit_the_page_first() -> None:
    class Form(FormFair):
        first_visit = f"{HOME}/enter"

    recorder = made(recording_spider(Form, "象牙"))
    (first,) = recorder.after_visit([recorder.sample_request("象牙")])
    assert first.url == f"{HOME}/enter"
    (second,) = list(first.cb_kwargs["requests"])
    page = HtmlResponse(second.url, body=str(OneToken()(second).body).encode(), request=second)
    (third,) = list(recorder.parse_form(page, **second.cb_kwargs))  # type: ignore[attr-defined]
    assert third.callback == recorder.results_came  # type: ignore[attr-defined]
    assert recheck_spider(SessionFair, ()).after_visit is SessionFair.after_visit


# A real crawl, with Scrapy's cookies and retries


def test_a_crawl_keeps_its_session_and_sends_the_form(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/enter":
            return Answer(status=302, headers={"Location": "/in", "Set-Cookie": "sid=7; Path=/"})
        if "sid=7" not in asked.cookie:
            return Answer("<p>会话已失效，请从首页进入</p>")
        if asked.path == "/form":
            return Answer(
                f'<form method="post" action="/find"><input type="hidden" name="t" '
                f'value="{asked.before}"><input name="key"></form>'
            )
        inputs = parse_qs(asked.body)
        if "t" not in inputs:
            return Answer("<p>欢迎</p>")
        return results(replace(asked, path=f"/find?{asked.body}"))

    with odd_site(answer) as site:
        run, ads, _ = crawl(site, tmp_path, spider="polite_form")
    assert (run.health, len(ads)) == (Health.OK, 6)
    assert site.paths()[:5] == ["/robots.txt", "/enter", "/in", "/form", "/find"]
    tokens = [parse_qs(asked.body)["t"] for asked in site.asked if asked.path == "/find"]
    assert tokens == [["0"], ["1"], ["2"]]


# Code, where a declaration is not enough

HOOKS = re.findall(
    r"```python\n(    def .*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL
)


def hooked(number: int, base: type[Any], **declared: Any) -> type[Any]:
    """A site with the methods of an example of CONTRIBUTING."""
    head = f"class Hooked(Base):\n    declared = True\n\n{HOOKS[number]}"
    namespace: dict[str, Any] = {"Base": base}
    exec(head, namespace)
    return type("Site", (namespace["Hooked"],), declared)


def test_the_examples_of_contributing_are_short() -> None:
    assert len(HOOKS) == 3
    for hook in HOOKS:
        assert len([line for line in hook.splitlines() if line.strip()]) <= 7


def test_a_token_outside_of_a_form_is_sent_as_a_header() -> None:
    def answer(request: Request) -> Given:
        if request.url.endswith("/enter"):
            return Given('<meta name="csrf-token" content="t7">', cookie="sid=1")
        if request.headers.get("X-CSRF-Token") != b"t7":
            return Given("<p>403</p>")
        return guarded(request)

    with answered_run(hooked(0, SessionFair), answer) as run:
        assert len(run.found) == len(ADS)


def test_a_cursor_may_be_computed() -> None:
    class Counted(CursorFair):
        search_url = f"{HOME}/api?q={{keyword}}"
        cursor = ""

    def answer(request: Request) -> Given:
        inputs = sent(request)
        ids = [ad_id for ad_id, word in ADS if word == inputs["q"]]
        start = ids.index(inputs["after"]) + 1 if inputs.get("after") else 0
        items = [{"id": each} for each in ids[start : start + PAGE]]
        return Given(json.dumps({"data": {"items": items}}))

    with answered_run(hooked(1, Counted), answer) as run:
        assert len(run.found) == len(ADS)


def test_a_session_may_be_sent_in_the_address() -> None:
    def answer(request: Request) -> Given:
        if request.url.endswith("/enter"):
            return Given('{"guest": "g7"}')
        return (
            shown(sent(request)["q"]) if sent(request).get("guest") == "g7" else Given("<p>x</p>")
        )

    with answered_run(hooked(2, SessionFair), answer) as run:
        assert len(run.found) == len(WORDS) * PAGE
