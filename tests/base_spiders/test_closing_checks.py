"""Closing checks: what the requests at the end of a run find out, and on which sites nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest
from scrapy import Request

from tests.helpers.answered_run import Given, answered_run
from tests.helpers.searched import KEYWORDS, NONE, Answer, Api, Linked, Market, Run, Searched, Shown
from wildcrawl.base_spiders.closing_evidence import Check, changed_ids, left_out
from wildcrawl.base_spiders.page_steps import PageSteps, at_number
from wildcrawl.base_spiders.search_form import SENT
from wildcrawl.items import Run as RunRecord

SIZE = 10
COUNTS = {"象牙": 47, "虎骨": 21, "玳瑁": 14, "犀角": 9, "穿山甲": 0}
ALL_LISTS = 19
"""Requests that read the lists of `ads` to their ends."""
GOODS = ("手镯", "印章", "笔筒", "佛珠", "牌子", "梳子", "把件")


def ads(keyword: str, counts: dict[str, int] = COUNTS) -> list[str]:
    return [f"{keyword}{GOODS[n % len(GOODS)]} {n}" for n in range(counts.get(keyword, 0))]


def part(titles: list[str], number: int) -> list[str]:
    """The titles on page `number`, from 1."""
    return titles[(number - 1) * SIZE : number * SIZE] if number > 0 else []


def page(titles: Iterable[str], under: str = "") -> str:
    cards = "".join(
        f'<li class="item" data-id="{title}"><a href="/i/{title}">{title}</a></li>'
        for title in titles
    )
    return f"<html><body><ul>{cards}</ul>{under}</body></html>" if cards else NONE


def checks(done: Searched) -> int:
    return int(done.spider.checks_made)


# The number of the first page


def counted_from_zero(keyword: str, number: int) -> Shown:
    return 200, page(part(ads(keyword), number + 1))


def test_a_page_before_the_first_one_breaks_the_run(run: Run) -> None:
    done = run(Market, counted_from_zero)
    assert done.judgement.health == "broken"
    assert "declare first_page = 0" in done.judgement.reason
    assert "'象牙': 10, '虎骨': 10" in done.judgement.reason
    assert len(done.ids) < sum(COUNTS.values())


def test_a_run_without_results_is_checked_for_its_first_page_too(run: Run) -> None:
    few = {"象牙": 4, "虎骨": 3}
    done = run(Market, lambda keyword, number: (200, page(part(ads(keyword, few), number + 1))))
    assert done.ids == set()
    assert done.judgement.health == "broken"


@pytest.mark.parametrize(
    "before_first",
    [
        lambda keyword: (200, page(part(ads(keyword), 1))),
        lambda keyword: (200, page(ads(keyword))),
        lambda _: (200, page(f"和田玉{n}" for n in range(SIZE))),
        lambda _: (403, ""),
        lambda _: (200, "<title>安全验证</title>"),
    ],
    ids=["first page", "all", "other goods", "refused", "challenge"],
)
def test_other_answers_before_the_first_page_prove_nothing(
    run: Run, before_first: Callable[[str], Shown]
) -> None:
    def answer(keyword: str, number: int) -> Shown:
        return (200, page(part(ads(keyword), number))) if number else before_first(keyword)

    done = run(Market, answer)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert len(done.ids) == sum(COUNTS.values())
    assert checks(done) <= 5


@pytest.mark.parametrize("shown", ['<b>1</b><a href="?q=x&page=2">2</a>', "共 {n} 件"])
def test_a_first_page_that_the_site_confirms_is_not_checked(run: Run, shown: str) -> None:
    asked: list[int] = []

    def answer(keyword: str, number: int) -> Shown:
        asked.append(number)
        under = shown.format(n=len(ads(keyword))) if number == 1 or "共" in shown else ""
        return 200, page(part(ads(keyword), number), f'<div class="pages">{under}</div>')

    assert run(Market, answer).judgement.health == "ok"
    assert 0 not in asked


# Pages without results


def now_and_then(empty: Iterable[int], counts: dict[str, int] = COUNTS) -> Answer:
    """A site that answers its requests of these numbers, from 1, with "nothing found"."""
    asked: list[str] = []

    def answer(keyword: str, number: int) -> Shown:
        asked.append(keyword)
        return 200, page([] if len(asked) in set(empty) else part(ads(keyword, counts), number))

    return answer


@pytest.mark.parametrize(
    ("empty", "found"), [([2], "'虎骨': 10"), ([7], "'虎骨': 10")], ids=["search", "second page"]
)
def test_a_search_that_found_nothing_once_is_thin(run: Run, empty: list[int], found: str) -> None:
    done = run(Market, now_and_then(empty))
    assert done.judgement.health == "thin"
    assert found in done.judgement.reason
    assert {ad for ad in ads("虎骨") if ad in done.ids}, "what it then shows is read"


def test_keywords_that_usually_find_something_are_asked_first(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wildcrawl.base_spiders.closing_checks.MOST_EMPTY", 1)
    before = RunRecord(id="1", site="market", started=None, yields={"穿山甲": (9, 0)})  # type: ignore[arg-type]
    monkeypatch.setattr("wildcrawl.store.sqlite.SQLiteStore.runs", lambda *_: [before])
    done = Searched(Market, now_and_then([], {"象牙": 14}), sqlite_url)
    assert [page.search.phrase for page in done.spider._empty()] == ["穿山甲"]


def test_a_search_for_which_there_is_nothing_is_no_alarm(run: Run) -> None:
    done = run(Market, now_and_then([]))
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


# The first search, repeated


def after(number: int, then: Callable[[list[str]], list[str]]) -> Answer:
    """A site that shows other results of a search after some requests."""
    asked: list[str] = []

    def answer(keyword: str, page_number: int) -> Shown:
        asked.append(keyword)
        titles = ads(keyword)
        return 200, page(part(then(titles) if len(asked) > number else titles, page_number))

    return answer


def test_a_site_that_shows_fewer_goods_after_some_requests_is_thin(run: Run) -> None:
    done = run(Market, after(5, lambda titles: titles[::2]))
    assert done.judgement.health == "thin"
    assert "4 of the first 10 results of '象牙' were missing" in done.judgement.reason


def test_a_site_that_stopped_answering_is_thin(run: Run) -> None:
    failed = json.dumps({"success": False, "items": []})
    asked: list[str] = []

    def answer(keyword: str, number: int) -> Shown:
        asked.append(keyword)
        shown = [{"id": title, "title": title} for title in part(ads(keyword), number)]
        return 200, json.dumps({"items": shown}) if len(asked) < 10 else failed

    judgement = run(Api, answer).judgement
    assert judgement.health == "thin"
    assert "stopped answering" in judgement.reason


@pytest.mark.parametrize(
    "then",
    [
        lambda titles: [f"新{titles[0]}", f"又新{titles[0]}", *titles] if titles else [],
        lambda titles: [*titles[:2], *titles[4:]],
        lambda titles: [*titles[5:], *titles[:5]],
    ],
    ids=["new goods", "two sold", "bumped"],
)
def test_goods_that_come_and_go_are_no_alarm(
    run: Run, then: Callable[[list[str]], list[str]]
) -> None:
    done = run(Market, after(ALL_LISTS, then))
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


def test_what_was_left_out_is_found_in_the_order() -> None:
    before = [str(n) for n in range(20)]
    assert left_out(before, before[::2]) == before[1:18:2]
    assert not left_out(before, random.Random(1).sample(before, 12))
    assert not left_out(before, [])


# Cookies


@pytest.mark.parametrize("hides", [True, False])
def test_goods_that_a_cookie_hides_break_the_run(hides: bool) -> None:
    def answer(request: Request) -> Given:
        query = dict(parse_qsl(urlsplit(request.url).query))
        titles = ads(query["q"])
        if hides and not request.meta.get("dont_merge_cookies"):
            titles = titles[::3]
        return Given(page(part(titles, int(query["page"]))), cookie="shown=few")

    with answered_run(Market, answer, keywords=",".join(KEYWORDS)) as done:
        judgement = done.judgement()
    assert judgement.health == ("broken" if hides else "ok"), judgement.reason
    assert ("COOKIES_ENABLED" in judgement.reason) is hides


# Lists that end with a full page


def capped(pages: int, counts: dict[str, int]) -> Answer:
    """A site that shows some pages of a list, and knows narrower searches."""

    def answer(keyword: str, number: int) -> Shown:
        first, *rest = keyword.split()
        titles = [title for title in ads(first, counts) if all(word in title for word in rest)]
        return 200, page(part(titles, number) if number <= pages else [])

    return answer


def test_a_list_that_ends_before_its_results_is_thin(run: Run) -> None:
    done = run(Market, capped(3, COUNTS | {"象牙": 70}))
    assert done.judgement.health == "thin"
    assert "shows" in done.judgement.reason
    assert "that it left out" in done.judgement.reason


def test_a_list_that_ends_at_a_round_number_is_thin(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        return (
            capped(5, COUNTS | {"象牙": 70})(keyword, number) if " " not in keyword else (200, NONE)
        )

    done = run(Market, answer)
    assert done.judgement.health == "thin"
    assert "at exactly 50 results" in done.judgement.reason


@pytest.mark.parametrize(
    ("cap", "longest", "other", "health"),
    [(50, 51, 0, "thin"), (50, 63, 60, "thin"), (100, 104, 0, "thin"), (50, 104, 60, "ok")],
)
def test_a_round_number_past_which_another_list_got_is_said(
    run: Run, cap: int, longest: int, other: int, health: str
) -> None:
    def answer(keyword: str, number: int) -> Shown:
        first, *narrower = keyword.split()
        titles = [] if narrower else ads(first, counts)
        return 200, page(part(titles[:cap] if first == "象牙" else titles, number))

    counts = COUNTS | {"象牙": 200, "虎骨": longest, "玳瑁": other}
    done = run(Market, answer)
    assert done.judgement.health == health
    assert (
        f"'象牙' ends with a full page {cap // SIZE}, at exactly {cap} results, where the longest "
        f"has {longest}: not certain that these are all"
    ) in done.judgement.reason


def test_a_list_that_ends_with_its_results_is_no_alarm(run: Run) -> None:
    done = run(Market, capped(99, COUNTS | {"象牙": 50}))
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


# Links to further pages


def linked(leads_to: Callable[[int, int], int], counts: dict[str, int] = COUNTS) -> Answer:
    def answer(keyword: str, number: int) -> Shown:
        last = -(-len(ads(keyword, counts)) // SIZE)
        href = f"/search?q={keyword}&page={leads_to(number, last)}"
        link = f'<a class="following" href="{href}">»»</a>' if number < last else ""
        return 200, page(part(ads(keyword, counts), number), link)

    return answer


def test_links_to_the_last_page_break_the_run(run: Run) -> None:
    done = run(Linked, linked(lambda _, last: last))
    assert len(done.ids) < sum(COUNTS.values())
    assert done.judgement.health == "broken"
    assert "page 5 after 1, others by 1; check next_page" in done.judgement.reason


def test_links_past_the_same_page_in_all_searches_break_the_run(run: Run) -> None:
    done = run(Linked, linked(lambda _, last: last, dict.fromkeys(COUNTS, 27)))
    assert done.judgement.health == "broken"
    assert "led past it" in done.judgement.reason


@pytest.mark.parametrize("width", [1, 2])
def test_links_from_page_to_page_are_no_alarm(run: Run, width: int) -> None:
    pages = linked(lambda number, _: (number - 1) * width + 1 + width)

    def answer(keyword: str, number: int) -> Shown:
        place, between = divmod(number - 1, width)
        last = -(-len(ads(keyword)) // SIZE)
        href = f"/search?q={keyword}&page={number + width}"
        link = f'<a class="following" href="{href}">»»</a>' if place + 1 < last else ""
        return 200, page([] if between else part(ads(keyword), place + 1), link)

    done = run(Linked, answer if width > 1 else pages)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert len(done.ids) == sum(COUNTS.values())


@pytest.mark.parametrize(
    ("addresses", "skipped"),
    [
        ([("/s?q=a", "/s?q=a&page=2"), ("/s?q=b", "/s?q=b&page=4")], True),
        ([("/s?q=a", "/s?q=a&start=20"), ("/s?q=b", "/s?q=b&start=60")], True),
        ([("/a-1.html", "/a-2.html"), ("/b-1.html", "/b-7.html")], True),
        ([("/s?q=a", "/s?q=a&start=20"), ("/s?q=b", "/s?q=b&start=20")], False),
        ([("/s?q=a", "/s?q=a&after=8812301"), ("/s?q=b", "/s?q=b&after=7702")], False),
        ([("/s?q=a", "/s?q=a&after=731"), ("/s?q=b", "/s?q=b&after=1702")], False),
        ([("/s?q=a&p=1", "/s?q=a&p=2&t=99"), ("/s?q=b&p=1", "/s?q=b&p=5&t=98")], False),
    ],
)
def test_skipped_pages_show_in_the_addresses(
    addresses: list[tuple[str, str]], skipped: bool
) -> None:
    steps = PageSteps()
    for number, (before, following) in enumerate(addresses):
        home = "https://m.example"
        steps.add(str(number), home + before, home + following, [20, 20])
    assert bool(steps.broken()) is skipped


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(("shown", "step"), [(5, 10), (15, 20), (18, 20), (20, 20)])
@pytest.mark.parametrize("anywhere", [True, False], ids=["any place", "own pages only"])
def test_links_that_go_on_by_more_results_than_a_page_shows(
    run: Run, *, first: int, shown: int, step: int, anywhere: bool
) -> None:
    """`anywhere`: whether the site shows a page from any result on, and not only from its own."""
    counts = {"象牙": 97, "虎骨": 73, "玳瑁": 41}

    def answer(keyword: str, number: int) -> Shown:
        offset = 0 if number == 1 else number - first
        offset = max(0, offset if anywhere else offset - offset % step)
        titles = ads(keyword, counts)
        href = f"/search?q={keyword}&page={offset + step + first}"
        link = f'<a class="following" href="{href}">»»</a>' if offset + step < len(titles) else ""
        return 200, page(titles[offset : offset + shown], link)

    done = run(Linked, answer, ",".join(counts))
    if shown == step:
        assert (done.judgement.health, done.judgement.reason) == ("ok", "")
        assert len(done.ids) == 97 + 73 + 41
    elif anywhere:
        assert done.judgement.health == "broken"
        assert f"shows {step - shown} results of '象牙'" in done.judgement.reason
    elif shown == 5:
        assert done.judgement.health == "thin"
        assert "shows at most 5 results, but the next one begins 10" in done.judgement.reason


@pytest.mark.parametrize("width", [2, 3])
def test_links_that_always_skip_pages_break_the_run(run: Run, width: int) -> None:
    done = run(Linked, linked(lambda number, _: number + width, dict.fromkeys(COUNTS, 95)))
    assert done.judgement.health == "broken"
    assert "led past it" in done.judgement.reason


@pytest.mark.parametrize(
    ("addresses", "sizes", "thin"),
    [
        (("?start=0", "?start=10", "?start=20"), [5, 5], True),
        (("", "?start=10", "?start=20"), [5, 5], True),
        (("?start=1", "?start=11", "?start=21"), [5, 5], True),
        (("/p-0", "/p-10", "/p-20"), [5, 5], True),
        (("?start=0", "?start=10", "?start=20"), [8, 7], False),
        (("?after=70", "?after=91", "?after=117"), [5, 5], False),
        (("?page=1", "?page=2", "?page=3"), [5, 5], False),
        (("?start=0", "?start=10"), [5], False),
    ],
)
def test_pages_far_shorter_than_their_step_are_thin(
    addresses: tuple[str, ...], sizes: list[int], thin: bool
) -> None:
    steps = PageSteps()
    for number, (before, after) in enumerate(pairwise(addresses)):
        home = "https://m.example/s"
        steps.add("象牙", home + before, home + after, [*sizes[: number + 1], 3])
    assert bool(steps.thin()) is thin


def test_the_number_in_an_address_is_replaced() -> None:
    assert at_number("https://m.example/a/7/p3.html", "/1", 2) == "https://m.example/a/7/p2.html"


# Pages in no order


@pytest.mark.parametrize("shuffled", [True, False])
def test_two_pages_that_repeat_each_other_are_thin(run: Run, shuffled: bool) -> None:
    def answer(keyword: str, number: int) -> Shown:
        titles = ads(keyword, dict.fromkeys(COUNTS, 17))
        if shuffled:
            random.Random(f"{keyword}{number}").shuffle(titles)
        promoted = [f"{keyword}推广"]
        shown = part(titles, number)
        return 200, page([*shown[:2], *promoted, *shown[2:]] if shown else [])

    judgement = run(Market, answer).judgement
    assert judgement.health == ("thin" if shuffled else "ok")
    assert ("sorted anew" in judgement.reason) is shuffled


# Totals


@pytest.mark.parametrize("hides", [True, False])
def test_sold_goods_left_out_of_pages_are_a_note(run: Run, hides: bool) -> None:
    counts = {"象牙": 60, "虎骨": 40, "玳瑁": 30, "犀角": 20, "穿山甲": 7}

    def answer(keyword: str, number: int) -> Shown:
        titles = part(ads(keyword, counts), number)
        shown = titles[: -1 - number % 2] if hides and number > 1 else titles
        return 200, page(shown if hides else titles[:-2], f"共 {counts.get(keyword, 0)} 件")

    judgement = run(Market, answer).judgement
    assert judgement.health == ("ok" if hides else "thin")
    assert ("sold goods" in judgement.reason) is hides


def test_totals_that_count_a_page_only_prove_nothing(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        shown = [{"id": title, "title": title} for title in part(ads(keyword), number)]
        return 200, json.dumps({"items": shown, "total": len(shown), "more": False})

    class Few(Api):
        more = "more"

    judgement = run(Few, answer).judgement
    assert judgement.health == "thin"
    assert "ended after a first page of 10 results" in judgement.reason


# Entries of an answer


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda entries: {"items": entries[::2], "ext": entries[1::2]}, "in another list"),
        (
            lambda entries: {
                "items": [{"card": each} if n % 2 else each for n, each in enumerate(entries)]
            },
            "none of the declared 'fields'",
        ),
        (lambda entries: {"items": entries, "hot": [{"id": "1", "title": "和田玉"}] * 9}, ""),
        (lambda entries: {"items": entries, "ids": entries[:5]}, ""),
        (lambda entries: {"items": [*entries, None, {"banner": "广告"}]}, ""),
    ],
)
def test_entries_of_an_answer_that_are_not_read_are_counted(
    run: Run, make: Callable[[list[Any]], Any], said: str
) -> None:
    def answer(keyword: str, number: int) -> Shown:
        entries = [{"id": title, "title": title} for title in part(ads(keyword), number)]
        return 200, json.dumps(make(entries) if entries else {"items": []})

    judgement = run(Api, answer).judgement
    assert judgement.health == ("thin" if said else "ok"), judgement.reason
    assert said in judgement.reason


# Forms


class FormMarket(Market):
    search_url = "/find"
    search_form = "form"
    form_data: ClassVar = {"q": "{keyword}", "page": "{page}"}


def test_searches_by_a_form_are_checked_too() -> None:
    asked: list[dict[str, str]] = []

    def answer(request: Request) -> Given:
        if request.method == "GET":
            return Given('<form method="post" action="/found"><input name="q"></form>')
        sent = dict(parse_qsl(request.body.decode()))
        asked.append(sent)
        shown = part(ads(sent["q"]), int(sent["page"]) + 1)
        return Given(page(shown if len(asked) != 2 else []))

    with answered_run(FormMarket, answer, keywords=",".join(KEYWORDS)) as done:
        judgement = done.judgement()
        made = [each.cb_kwargs["search"].check for each in done.requests if SENT in each.meta]
    assert judgement.health == "broken"
    assert "declare first_page = 0" in judgement.reason
    assert {Check.BEFORE, Check.EMPTY} <= set(made)


# Results that differ with each request


def test_ids_that_change_with_each_request_break_the_run(run: Run) -> None:
    asked: list[str] = []

    def answer(keyword: str, number: int) -> Shown:
        asked.append(keyword)
        cards = "".join(
            f'<li class="item" data-id="{title}-{len(asked)}"><a href="/i/{title}">{title}</a></li>'
            for title in part(ads(keyword), number)
        )
        return 200, f"<ul>{cards}</ul>" if cards else NONE

    judgement = run(Market, answer).judgement
    assert judgement.health == "broken"
    assert "10 results of '象牙' have another id when it is repeated" in judgement.reason


def test_results_that_are_sorted_anew_with_each_request_are_thin(run: Run) -> None:
    chance = random.Random(1)

    def answer(keyword: str, number: int) -> Shown:
        titles = ads(keyword)
        chance.shuffle(titles)
        return 200, page(part(titles, number))

    done = run(Market, answer)
    assert done.judgement.health == "thin"
    assert "were on an earlier page when this was requested again" in done.judgement.reason


def test_equal_titles_and_new_goods_are_no_changed_ids() -> None:
    before = [(f"{n}", "象牙手镯") for n in range(9)]
    assert changed_ids(before, [(f"x{n}", "象牙手镯") for n in range(9)]) == 0
    known = [(f"{n}", f"手镯{n}") for n in range(9)]
    assert changed_ids(known, [("x", "手镯0"), *known[1:]]) == 0
