"""Paging and throttling of many kinds of sites: what was not read is reported, and only that."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.helpers.searched import KEYWORDS, NONE, Answer, Api, Linked, Market, Run, Searched, Shown
from wildcrawl.crawl.stats import RunCounts, Stat

SIZE = 6
COUNTS = {"象牙": 16, "虎骨": 9, "玳瑁": 3, "犀角": 2, "穿山甲": 1}


def ads(keyword: str, counts: dict[str, int] = COUNTS) -> list[str]:
    return [f"{keyword}手镯 {number}" for number in range(counts.get(keyword, 0))]


def some(keyword: str, number: int, counts: dict[str, int] = COUNTS) -> list[str]:
    return ads(keyword, counts)[(number - 1) * SIZE : number * SIZE]


def page(titles: Sequence[str], over: str = "", under: str = "") -> str:
    shown = "".join(
        f'<li class="item" data-id="{title}"><a href="/i">{title}</a></li>' for title in titles
    )
    return f"<html><body>{over}<ul>{shown}</ul>{under}</body></html>"


def first_page_only(stated: Callable[[str], str]) -> Answer:
    """A site that ignores the page number; `stated` is what it says above its results."""
    return lambda keyword, _: (200, page(some(keyword, 1), stated(keyword)))


def ordinary(over: Callable[[str, int], str], under: str = "") -> Answer:
    """A site that is read to its end, with further words on its pages."""

    def answer(keyword: str, number: int) -> Shown:
        titles = some(keyword, number)
        return 200, page(titles, over(keyword, number), under) if titles else page([], NONE)

    return answer


@pytest.mark.parametrize(
    "wording",
    [
        "共 {n} 件商品",
        "共有{n}款",
        "找到 {n} 宝贝",
        "为您找到“{k}”相关商品 {n} 件",
        "全部 {n} 条结果",
        "共 １６ 件",
        "搜索结果（{n}）",
        "{n} items found",
        "There are {n} products.",
        "Showing 1 - 6 of {n} Item(s)",
        "Items 1-6 of {n}",
        "Showing 1 to 6 of {n} (3 Pages)",
        "第1-6条，共{n}条",
        "共<b>{n}</b>只",
        "搜尋結果：共 {n} 個主題",
        "<span>共</span><em>{n}</em><span>件</span>",
    ],
)
def test_a_stated_total_is_held_against_what_was_seen(run: Run, wording: str) -> None:
    def stated(keyword: str) -> str:
        text = wording if keyword == "象牙" or "{n}" in wording else ""
        return f"<div>{text.format(n=COUNTS[keyword], k=keyword)}</div>"

    judgement = run(Market, first_page_only(stated)).judgement
    assert judgement.health == "broken", judgement.reason
    assert "'象牙': 6 of 16" in judgement.reason
    whole = run(Market, ordinary(lambda keyword, _: stated(keyword)))
    assert (whole.judgement.health, whole.judgement.reason) == ("ok", "")
    assert len(whole.ids) == sum(COUNTS.values())


@pytest.mark.parametrize(
    ("counts", "every", "share"),
    [((8, 16, 24, 0, 30), 8, "14%"), ((9, 18, 27, 34), 9, "12%"), ((8, 17, 25, 33), 8, "14%")],
)
def test_lists_of_one_page_that_all_lack_the_same_share_are_thin(
    run: Run, counts: tuple[int, ...], every: int, share: str
) -> None:
    listed = dict(zip(KEYWORDS, counts, strict=False))

    def answer(keyword: str, number: int) -> Shown:
        titles = ads(keyword, listed) if number == 1 else []
        read = [title for place, title in enumerate(titles, 1) if place % every]
        return 200, page(read, over=f"<p>共 {len(titles)} 件</p>") if titles else NONE

    done = run(Market, answer, ",".join(KEYWORDS[: len(counts)]))
    assert len(done.ids) < sum(counts)
    assert done.judgement.health == "thin", done.judgement.reason
    assert f"the site states {share} more results than were read" in done.judgement.reason
    assert "it may count sold goods, or 'card' may miss some" in done.judgement.reason


@pytest.mark.parametrize(
    "wording", ["共{p}页", "第1/{p}页", "1/{p} 页", "Page 1 of {p}", "共 {p} 頁"]
)
def test_a_stated_number_of_pages_is_held_against_those_read(run: Run, wording: str) -> None:
    def stated(keyword: str) -> str:
        return f"<div>{wording.format(p=-(-COUNTS[keyword] // SIZE))}</div>"

    judgement = run(Market, first_page_only(stated)).judgement
    assert judgement.health == "broken", judgement.reason
    whole = run(Market, ordinary(lambda keyword, _: stated(keyword)))
    assert (whole.judgement.health, whole.judgement.reason) == ("ok", "")


@pytest.mark.parametrize(
    "control",
    [
        '<a href="/search?q=x&page=2">2</a>',
        '<div class="pages"><a href="javascript:go(2)">下一页</a></div>',
        '<ul class="pagination"><li><button name="page" value="2">Next</button></li></ul>',
        '<div class="pager"><a href="?p=2">›</a></div>',
        '<a onclick="more()">加载更多</a>',
        '<a href="/search?q=x&page=2" title="下一页"><i></i></a>',
    ],
)
def test_a_control_that_leads_on_and_is_not_followed_breaks_the_run(run: Run, control: str) -> None:
    def answer(keyword: str, _: int) -> Shown:
        return 200, page(some(keyword, 1), "", control if COUNTS[keyword] > SIZE else "")

    for site in (Market, Linked):
        judgement = run(site, answer).judgement
        assert judgement.health == "broken", judgement.reason


@pytest.mark.parametrize(
    "more",
    [
        lambda n: {"totalPages": -(-n // SIZE)},
        lambda n: {"hits": {"total": {"value": n}}},
        lambda n: {"data": {"page_info": {"total_count": str(n)}}},
        lambda n: {"total": n, "user": {"total": SIZE}},
        lambda n: {"paging": {"hasNextPage": n > SIZE}},
        lambda n: {"isLastPage": n <= SIZE},
    ],
)
def test_what_an_api_says_is_held_against_what_was_seen(
    run: Run, more: Callable[[int], dict[str, Any]]
) -> None:
    def api(number_of: Callable[[int], int]) -> Answer:
        def answer(keyword: str, number: int) -> Shown:
            titles = some(keyword, number_of(number))
            items = [{"id": title, "title": title} for title in titles]
            left = COUNTS[keyword] if number_of(number) * SIZE < COUNTS[keyword] else 1
            said = more(COUNTS[keyword] if "otal" in str(more(9)) else left)
            return 200, json.dumps({"items": items, **said})

        return answer

    stuck = run(Api, api(lambda _: 1)).judgement
    assert stuck.health == "broken", stuck.reason
    whole = run(Api, api(lambda number: number))
    assert (whole.judgement.health, whole.judgement.reason) == ("ok", "")


def test_a_declared_total_is_read(run: Run) -> None:
    class Declared(Market):
        total = "i.n::text"

    answer = first_page_only(lambda keyword: f'<i class="n">[{COUNTS[keyword]}]</i>')
    assert "'象牙': 6 of 16" in run(Declared, answer).judgement.reason
    assert run(Market, answer).judgement.health == "ok"


def test_an_api_may_declare_its_total(run: Run) -> None:
    class Declared(Api):
        total = "stat.z"

    def answer(keyword: str, _: int) -> Shown:
        items = [{"id": title, "title": title} for title in some(keyword, 1)]
        return 200, json.dumps({"items": items, "stat": {"z": COUNTS[keyword]}})

    assert "'象牙': 6 of 16" in run(Declared, answer).judgement.reason


def test_a_further_page_that_cannot_be_recognised_after_a_full_one_is_reported(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        if keyword == "虎骨" and number > 1:
            return 200, "<html><body><h1>店小二去吃饭了</h1></body></html>"
        return ordinary(lambda *_: "")(keyword, number)

    judgement = run(Market, answer).judgement
    assert judgement.health == "thin", judgement.reason
    assert "'虎骨': 6" in judgement.reason


def test_pages_that_overlap_to_the_limit_are_no_choice(run: Run) -> None:
    class Stepping(Market):
        max_pages = 6

    def answer(keyword: str, number: int) -> Shown:
        titles = ads(keyword, {"象牙": 60})
        return 200, page(titles[number - 1 : number - 1 + SIZE]) if titles else page([], NONE)

    judgement = run(Stepping, answer).judgement
    assert judgement.health == "broken", judgement.reason
    assert "repeat" in judgement.reason


def test_the_same_few_new_on_page_after_page_are_reported(run: Run) -> None:
    class Stepping(Market):
        max_pages = 6

    def answer(keyword: str, number: int) -> Shown:
        titles = ads(keyword, {"象牙": 60})
        if not titles:
            return 200, page([], NONE)
        return 200, page([*titles[: SIZE - 1], titles[SIZE - 2 + number]])

    assert run(Stepping, answer).judgement.health == "broken"


def test_a_limit_that_left_results_out_is_said(run: Run) -> None:
    class Short(Market):
        max_pages = 2

    stated = ordinary(lambda keyword, _: f"<p>共 {COUNTS[keyword]} 件</p>")
    judgement = run(Short, stated).judgement
    assert judgement.health == "ok"
    assert judgement.reason == "1 search met the page limit with more to read ('象牙': 12 of 16)"


def test_pages_asked_for_on_the_command_line_are_no_search_of_the_whole_site(
    sqlite_url: str,
) -> None:
    plain = ordinary(lambda *_: "")
    cut = Searched(Market, plain, sqlite_url, pages="1")
    assert cut.judgement.health == "ok"
    assert "-a pages=1 ended 5 of 5 searches" in cut.judgement.reason
    assert RunCounts.from_stats(cut.spider.stats.get_stats()).limited
    whole = Searched(Market, plain, sqlite_url, pages="4")
    assert (whole.judgement.health, whole.judgement.reason) == ("ok", "")
    assert not RunCounts.from_stats(whole.spider.stats.get_stats()).limited


def test_two_full_pages_of_a_usual_size_are_reported(run: Run) -> None:
    def answer(keyword: str, _: int) -> Shown:
        number = 20 if keyword in ("象牙", "虎骨") else 2
        return 200, page([f"{keyword} {each}" for each in range(number)])

    assert run(Market, answer, "象牙,虎骨,玳瑁").judgement.health == "thin"


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_an_error_past_the_last_page_is_the_end(run: Run, status: int) -> None:
    def answer(keyword: str, number: int) -> Shown:
        titles = some(keyword, number)
        return (200, page(titles)) if titles else (status, "")

    done = run(Market, answer)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert len(done.ids) == sum(COUNTS.values())


@pytest.mark.parametrize("place", ["/", "/search?q={keyword}&page=1"])
def test_being_led_back_past_the_last_page_is_the_end(run: Run, place: str) -> None:
    """The cards of the page that it leads to are no results."""

    def answer(keyword: str, number: int) -> Shown:
        titles = some(keyword, number)
        if titles:
            return 200, page(titles)
        others = ["新品 1", "新品 2"] if place == "/" else some(keyword, 1)
        return 200, page(others), place.format(keyword=keyword)

    done = run(Market, answer)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert len(done.ids) == sum(COUNTS.values())


@pytest.mark.parametrize("stated", ["共 {n} 件", ""])
def test_being_led_back_before_the_last_page_is_a_fault(run: Run, stated: str) -> None:
    def answer(keyword: str, number: int) -> Shown:
        over = f"<p>{stated.format(n=COUNTS[keyword])}</p>"
        leads_on = '<div class="pager"><a href="?p=2">下一页</a></div>'
        shown = page(some(keyword, 1), over, leads_on if COUNTS[keyword] > SIZE else "")
        return (200, shown, f"/search?q={keyword}&page=1") if number > 1 else (200, shown)

    assert run(Market, answer).judgement.health == "broken"


# Ordinary sites

ORDINARY = {
    "a carousel": '<div class="slider"><button class="slick-next">Next</button></div>',
    "a dead link": '<div class="pager"><a href="#">下一页</a></div>',
    "a link without a script": '<a href="javascript:;">下一页</a>',
    "a link to nothing": '<a href="javascript:void(0)">下一页</a>',
    "a link that is off": '<a class="next off" href="?page=2">下一页</a>',
    "a hidden button": '<button style="display:none" onclick="more()">加载更多</button>',
    "ratings": "<p>Rated 4 of 5 stars</p><p>Best 10 of 2016</p>",
    "counts": "<p>累计成交 1234 件</p><p>共 56 条评价</p><p>今日新增 300 件商品</p>",
    "a cart": '<div class="minicart">购物车共 9 件商品</div><p>购物车暂无相关商品</p>',
    "sales": "<p>已售 300 件 库存 88 件 月销 200 件</p>",
    "the whole shop": "<p>全部分类 123456 件</p><p>本店共 3456 件商品</p>",
    "the whole site": "<p>共 90210 件商品</p>",
    "a hidden dialog": '<div style="display: none"><h3>您的操作太频繁了，请稍后再试</h3></div>',
    "a dialog of a script": '<div class="modal"><h3>操作太频繁，请稍后再试</h3></div>',
    "the end of the list": "<p>没有更多结果了</p><p>No more results</p>",
    "page sizes": "<p>每页 40 条 20 results per page</p>",
    "a date": "<p>2016-12 of 2017</p>",
}


@pytest.mark.parametrize("words", ORDINARY.values(), ids=ORDINARY)
@pytest.mark.parametrize("counts", [COUNTS, {"象牙": 3, "虎骨": 3, "玳瑁": 3, "犀角": 2}])
def test_what_ordinary_pages_have_raises_no_alarm(
    run: Run, words: str, counts: dict[str, int]
) -> None:
    def answer(keyword: str, number: int) -> Shown:
        titles = some(keyword, number, counts)
        return 200, page(titles, words) if titles else page([], NONE)

    done = run(Market, answer)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert len(done.ids) == sum(counts.values())


def test_a_next_link_that_is_always_there_raises_no_alarm(run: Run) -> None:
    def clamped(keyword: str, number: int) -> Shown:
        counts = {"象牙": 5, "虎骨": 4, "玳瑁": 2, "犀角": 1, "穿山甲": 1}
        link = f'<div class="pager"><a href="?page={number + 1}">下一页</a></div>'
        return 200, page(ads(keyword, counts), "", link)

    done = run(Market, clamped)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


def test_a_search_that_finds_the_same_by_similar_keywords_raises_no_alarm(run: Run) -> None:
    done = run(
        Market, lambda *_: (200, page(ads("象牙虎骨玳瑁犀角穿山甲", {"象牙虎骨玳瑁犀角穿山甲": 6})))
    )
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


def test_a_total_that_counts_a_few_more_raises_no_alarm(run: Run) -> None:
    done = run(
        Market,
        lambda keyword, _: (200, page(some(keyword, 1, {"象牙": 5, "虎骨": 4}), "<p>共 6 件</p>")),
        "象牙,虎骨",
    )
    assert done.judgement.health == "ok", done.judgement.reason


# Other goods in place of results

GOODS = [f"连衣裙 {number}" for number in range(4)]


@pytest.mark.parametrize(
    "words",
    [
        "<div>服务器开小差了，请稍后再试</div>",
        "<p>系统繁忙，请稍候重试</p>",
        "<div class='tip'>您的请求过于频繁</div>",
        "<p>Too many requests. Please try again later.</p>",
        "<span>哎呀，人太多了，商品暂时没有加载出来，请稍后重试</span>",
    ],
)
def test_a_refusal_in_any_paragraph_over_other_goods_is_a_block(run: Run, words: str) -> None:
    def answer(keyword: str, number: int) -> Shown:
        if keyword == "犀角":
            return 200, page(GOODS, words)
        return ordinary(lambda *_: "")(keyword, number)

    done = run(Market, answer)
    assert done.judgement.health == "blocked", done.judgement.reason
    assert not done.ids & set(GOODS)


@pytest.mark.parametrize(
    "words",
    [
        "<p>抱歉，没有找到与“{k}”相关的宝贝，为您推荐</p>",
        "<p>没有找到{k}</p><h4>猜你喜欢</h4>",
        "<p>很抱歉，暂无相关商品，为您推荐以下商品</p>",
        "<p>找不到符合条件的商品</p>",
        "<p>未搜到相关结果</p>",
        "<p>Sorry, we couldn't find any results for {k}</p>",
        "<p>0 results for “{k}”</p>",
        "<p>您搜的商品不存在，搜索不到“{k}”</p>",
        '<p class="none">空空如也</p>',
    ],
)
def test_goods_over_which_nothing_was_found_are_counted_as_recommended(
    run: Run, words: str
) -> None:
    def answer(keyword: str, number: int) -> Shown:
        if keyword == "犀角":
            return 200, page(GOODS, words.format(k=keyword))
        return ordinary(lambda *_: "")(keyword, number)

    done = run(Market, answer)
    assert not done.ids & set(GOODS)
    assert done.spider.stats.get_value(Stat.ROWS_RECOMMENDED) == len(GOODS)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert set(KEYWORDS) == done.spider.answered


def test_an_api_that_recommends_goods_is_read_likewise(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        found = keyword != "犀角"
        titles = some(keyword, number) if found else GOODS
        items = [{"id": title, "title": title} for title in titles]
        message = "ok" if found else "没有找到相关商品，为您推荐"
        return 200, json.dumps({"code": 0, "msg": message, "items": items})

    done = run(Api, answer)
    assert not done.ids & set(GOODS)
    assert done.spider.stats.get_value(Stat.ROWS_RECOMMENDED) == len(GOODS)


def api(shown: Callable[[str, int], list[str]], total: Callable[[str], int]) -> Answer:
    """An API that states a total with each answer."""

    def answer(keyword: str, number: int) -> Shown:
        items = [{"id": title, "title": title} for title in shown(keyword, number)]
        return 200, json.dumps({"items": items, "total": total(keyword)})

    return answer


def test_a_total_over_an_empty_list_is_held_against_it(run: Run) -> None:
    stated = COUNTS.__getitem__
    one = run(Api, api(lambda key, n: [] if key == "虎骨" else some(key, n), stated)).judgement
    assert one.health == "thin", one.reason
    assert "'虎骨': 0 of 9" in one.reason
    none = run(Api, api(lambda *_: [], stated)).judgement
    assert none.health == "broken", none.reason
    assert "'象牙': 0 of 16" in none.reason
    of_the_site = run(Api, api(lambda key, n: some(key, n) if key == "玳瑁" else [], lambda _: 900))
    assert of_the_site.judgement.health == "ok", of_the_site.judgement.reason


@pytest.mark.parametrize(("most", "health"), [(12, "thin"), (99, "ok")])
def test_a_largest_total_of_several_searches_is_the_limit_of_the_site(
    run: Run, most: int, health: str
) -> None:
    counts = {"象牙": 29, "虎骨": 31, "玳瑁": 18, "犀角": 12, "穿山甲": 4}
    done = run(
        Api,
        api(
            lambda key, n: ads(key, counts)[:most][(n - 1) * SIZE : n * SIZE],
            lambda key: min(counts[key], most),
        ),
    )
    assert done.judgement.health == health, done.judgement.reason
    assert ("at most 12 results, for 4 searches" in done.judgement.reason) is (health == "thin")


def test_results_of_some_searches_in_another_list_are_noticed(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        entries = [{"id": title, "title": title} for title in some(keyword, number)]
        own = {"items": entries} if keyword == "玳瑁" else {"items": [], "list": entries}
        return 200, json.dumps(own)

    judgement = run(Api, answer).judgement
    assert judgement.health == "thin", judgement.reason
    assert "results beside those read (3) are in another list" in judgement.reason


@pytest.mark.parametrize("end", [200, 404])
@pytest.mark.parametrize("number", [2, 3, 4])
@pytest.mark.parametrize("own", [True, False], ids=["a page read", "the same of no keyword"])
def test_two_lists_that_end_with_a_full_page_of_other_results(
    run: Run, *, end: int, number: int, own: bool
) -> None:
    counts = {"象牙": 61, "虎骨": 47, "玳瑁": 22, "犀角": 9, "穿山甲": 3}

    def answer(keyword: str, asked: int) -> Shown:
        titles = [f"{keyword}手镯 {n}" for n in range(counts.get(keyword, 0))]
        part = titles[(asked - 1) * 10 : asked * 10]
        if keyword in ("象牙", "虎骨") and asked >= number:
            part = titles[:10] if own else [f"推荐 {n}" for n in range(10)]
        href = f"/search?q={keyword}&page={asked + 1}"
        link = f'<a class="following" href="{href}">»»</a>' if asked * 10 < len(titles) else ""
        cards = "".join(f'<li class="item" data-id="{each}"><a>{each}</a></li>' for each in part)
        site_end = (end, NONE if end == 200 else "")
        return (200, f"<ul>{cards}</ul>{link}") if part else site_end

    for site in (Market, Linked):
        done = run(site, answer)
        assert len(done.ids) < sum(counts.values())
        assert done.judgement.health == "thin", done.judgement.reason


@pytest.mark.parametrize("past_the_end", [False, True])
def test_a_list_whose_second_page_repeats_the_first_unlike_others_is_thin(
    run: Run, past_the_end: bool
) -> None:
    def answer(keyword: str, number: int) -> Shown:
        titles = [f"{keyword}{n}号挂件" for n in range(33)]
        part = titles[(number - 1) * 10 : number * 10] if number else []
        if keyword == "象牙" or (past_the_end and number and not part):
            part = titles[:10]
        cards = "".join(f'<li class="item" data-id="{each}"><a>{each}</a></li>' for each in part)
        return 200, f"<ul>{cards}</ul>" if part else NONE

    judgement = run(Market, answer).judgement
    said = "the page after a full one showed the same results again in 1 of 5 searches"
    assert (said in judgement.reason) is not past_the_end
    assert (judgement.health == "thin") is not past_the_end


@pytest.mark.parametrize("nonce", [False, True])
def test_pages_that_show_the_whole_list_so_far_are_read_as_ordinary_ones(
    run: Run, nonce: bool
) -> None:
    """Page 3 shows the results of pages 1 and 2 too; a nonce makes each answer another."""
    answers = 0

    def answer(keyword: str, number: int) -> Shown:
        nonlocal answers
        answers += 1
        shown = ads(keyword)[: number * SIZE] if number else []
        return 200, page(shown, under=f"<i>{answers if nonce else 0}</i>") if shown else NONE

    done = run(Market, answer)
    assert len(done.ids) == sum(COUNTS.values())
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
