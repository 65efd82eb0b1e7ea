"""Paging: a search that was not read to its end makes the run broken or thin, and says why."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.searched import KEYWORDS, NONE, Api, Linked, Market, Run, Shown
from wildcrawl.crawl.stats import Stat

SIZE = 6


def stock(keyword: str) -> list[str]:
    """Titles of a keyword's advertisements: more than two pages, a single one, or none."""
    return [f"{keyword}手镯 {number}" for number in range({"象牙": 16, "虎骨": 9}.get(keyword, 3))]


def cards(keyword: str, titles: list[str], around: str = "") -> str:
    made = "".join(
        f'<li class="item" data-id="{keyword}{title.split()[-1]}"><a href="/i">{title}</a></li>'
        for title in titles
    )
    return f"<html><body>{around}<ul>{made}</ul></body></html>"


def page_of(titles: list[str], number: int) -> list[str]:
    return titles[(number - 1) * SIZE : number * SIZE]


NEXT = '<a class="next" href="?p=2">下一页</a>'


def whole(keyword: str, number: int) -> Shown:
    """An ordinary site, whose further pages say that nothing was found."""
    titles = page_of(stock(keyword), number)
    return 200, cards(keyword, titles) if titles else f"<body>{NONE}</body>"


def clamped(keyword: str, number: int) -> Shown:
    """A site that repeats its last page for every higher number, and links no further one there."""
    last = -(-len(stock(keyword)) // SIZE)
    pager = NEXT if number < last else ""
    return 200, cards(keyword, page_of(stock(keyword), min(number, last)), pager)


def gone(keyword: str, number: int) -> Shown:
    titles = page_of(stock(keyword), number)
    return (200, cards(keyword, titles)) if titles else (404, "")


def bare(keyword: str, number: int) -> Shown:
    """A site whose pages past the last are empty, without a word."""
    return 200, cards(keyword, page_of(stock(keyword), number))


@pytest.mark.parametrize("answer", [whole, clamped, gone, bare])
def test_an_ordinary_site_is_read_to_its_end_and_ok(
    run: Run, answer: Callable[[str, int], Shown]
) -> None:
    done = run(Market, answer)
    assert len(done.ids) == 16 + 9 + 3 * 3
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert done.spider.answered == set(KEYWORDS)


@pytest.mark.parametrize("answer", [whole, clamped, gone, bare])
def test_a_site_whose_results_all_fit_one_page_is_ok(
    run: Run, answer: Callable[[str, int], Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.stock", lambda keyword: [f"{keyword}手镯 {n}" for n in (1, 2)])
    done = run(Market, answer)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


def test_a_page_number_that_the_site_ignores_breaks_the_run(run: Run) -> None:
    done = run(Market, lambda keyword, _: (200, cards(keyword, stock(keyword)[:SIZE], NEXT)))
    assert done.judgement.health == "broken"
    assert "no page after the first was read" in done.judgement.reason
    assert "'象牙': 6" in done.judgement.reason
    assert "{page} in search_url" in done.judgement.reason
    assert len(done.ids) == 6 + 6 + 3 * 3, "what was read is kept"


def test_a_next_page_that_is_never_linked_breaks_the_run(run: Run) -> None:
    button = '<button name="page" value="2">Next</button>'
    done = run(Linked, lambda keyword, _: (200, cards(keyword, stock(keyword)[:SIZE], button)))
    assert done.judgement.health == "broken"
    assert "next_page" in done.judgement.reason


def test_full_first_pages_without_a_next_page_make_the_run_thin(run: Run) -> None:
    def full(keyword: str, _: int) -> Shown:
        return 200, cards(keyword, [f"{keyword}手镯 {number}" for number in range(SIZE)])

    done = run(Linked, full)
    assert done.judgement.health == "thin"
    assert "a first page of 6 results" in done.judgement.reason


def test_fewer_results_than_the_site_states_are_reported(run: Run) -> None:
    def capped(keyword: str, number: int) -> Shown:
        titles = page_of(stock(keyword), number) if number <= 2 else []
        stated = f'<p class="total">共 <b>{len(stock(keyword))}</b> 件商品</p>'
        return 200, cards(keyword, titles, stated) if titles else f"<body>{NONE}</body>"

    done = run(Market, capped)
    assert done.judgement.health == "thin"
    assert "1 of 5 searches" in done.judgement.reason
    assert "'象牙': 12 of 16" in done.judgement.reason


def test_a_total_of_the_whole_site_is_no_total_of_a_search(run: Run) -> None:
    done = run(
        Market,
        lambda keyword, number: (
            200,
            cards(keyword, page_of(stock(keyword), number), "<p>本站共 90210 件商品</p>"),
        ),
    )
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


def test_a_missing_second_page_that_the_first_links_to_is_a_fault(run: Run) -> None:
    def missing(keyword: str, number: int) -> Shown:
        return (200, cards(keyword, stock(keyword)[:SIZE], NEXT)) if number == 1 else (404, "")

    assert run(Market, missing).judgement.health == "broken"
    assert run(Market, lambda *_: (404, "")).judgement.health == "broken"


def answer_json(keyword: str, number: int, **more: object) -> Shown:
    items = [
        {"id": f"{keyword}{title.split()[-1]}", "title": title}
        for title in page_of(stock(keyword), number)
    ]
    return 200, json.dumps({"items": items, **more})


@pytest.mark.parametrize("more", [{"next": "c2"}, {"has_more": True}, {"total": 16}])
def test_a_cursor_that_is_never_sent_on_breaks_the_run(run: Run, more: dict[str, Any]) -> None:
    def same(keyword: str, _: int) -> Shown:
        left = more if keyword == "象牙" else {}
        return answer_json(keyword, 1, **left)

    done = run(Api, same)
    assert done.judgement.health == "broken"
    assert "'象牙': 6" in done.judgement.reason


def test_an_api_that_is_read_to_its_end_is_ok(run: Run) -> None:
    def counted(keyword: str, number: int) -> Shown:
        left = len(stock(keyword)) > number * SIZE
        return answer_json(keyword, number, has_more=left, total=len(stock(keyword)))

    done = run(Api, counted)
    assert len(done.ids) == 16 + 9 + 3 * 3
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


def test_a_limit_of_pages_is_a_choice(run: Run) -> None:
    class Short(Market):
        max_pages = 1

    done = run(Short, clamped)
    assert done.judgement.health == "ok"
    assert done.spider.stats.get_value(Stat.PAGE_LIMITS_REACHED) == 5


class Wording(Market):
    blocked = ("喝口茶",)


RECOMMENDED = [f"连衣裙 {number}" for number in range(4)]


def test_recommended_goods_below_nothing_found_are_no_results(run: Run) -> None:
    def polite(keyword: str, number: int) -> Shown:
        if keyword == "犀角":
            words = "<h3>抱歉，没有找到相关商品，为您推荐</h3>"
            return 200, cards("r", RECOMMENDED, words)
        return whole(keyword, number)

    done = run(Market, polite)
    assert len(done.ids) == 16 + 9 + 3 * 2
    assert done.spider.stats.get_value(Stat.ROWS_RECOMMENDED) == 4
    assert done.spider.yields()["犀角"] == (0, 0)
    assert done.judgement.health == "ok"


@pytest.mark.parametrize(
    "words", ["<p>0 items</p>", "<p>No plastic products</p>", "<p>没有找到想要的商品？联系客服</p>"]
)
def test_other_words_beside_results_take_none_away(run: Run, words: str) -> None:
    def coded(keyword: str, number: int) -> Shown:
        titles = page_of([f"血牙 {n}" for n in range(3)], number)
        return 200, cards(keyword, titles, words) if titles else f"<body>{NONE}</body>"

    done = run(Market, coded)
    assert len(done.ids) == 15
    assert not done.spider.stats.get_value(Stat.ROWS_RECOMMENDED)


@pytest.mark.parametrize(
    ("words", "site"),
    [
        ("<h3>您的操作太频繁了，休息一下再来吧</h3>", Market),
        ("<h2>Too many requests, please slow down.</h2>", Market),
        (
            "<div>商品走丢啦，喝口茶再来</div>",
            Wording,
        ),
    ],
)
def test_a_refusal_above_recommended_goods_is_a_block(
    run: Run, words: str, site: type[Any]
) -> None:
    def limited(keyword: str, number: int) -> Shown:
        if keyword in ("象牙", "虎骨"):
            return whole(keyword, number)
        return 200, cards("r", RECOMMENDED, words)

    done = run(site, limited)
    assert done.judgement.health == "blocked"
    assert not any(ad_id.startswith("r") for ad_id in done.ids)


def test_sellers_who_write_like_a_refusal_block_nothing(run: Run) -> None:
    def boastful(keyword: str, number: int) -> Shown:
        titles = [f"{title.split()[0]}访问过于频繁 {title.split()[-1]}" for title in stock(keyword)]
        titles = page_of(titles, number)
        return 200, cards(keyword, titles) if titles else f"<body>{NONE}</body>"

    assert run(Market, boastful).judgement.health == "ok"


@pytest.mark.parametrize(("length", "health"), [(17, "ok"), (20, "broken")])
def test_more_stated_than_one_page_shows_breaks_the_run_where_its_length_is_usual(
    run: Run, length: int, health: str
) -> None:
    """A site that counts sold goods, or one whose second page is never read."""

    def answer(keyword: str, number: int) -> Shown:
        count = length if keyword == "象牙" else 4
        titles = [f"{keyword}手镯 {n}" for n in range(count)]
        if number > 1:
            return 200, f"<body>{NONE}</body>"
        return 200, cards(keyword, titles, f"<p>共 {count + count // 8} 件</p>")

    done = run(Market, answer)
    assert done.judgement.health == health, done.judgement.reason
    assert f"'象牙': {length} of {length + 2}" in done.judgement.reason
