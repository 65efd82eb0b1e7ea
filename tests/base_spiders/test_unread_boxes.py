"""Unread boxes: a `card` that selects a part of the results only is noticed without a total."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

import pytest
from scrapy.http import HtmlResponse

from tests.helpers.searched import Market, Run, Shown
from wildcrawl.base_spiders.html import held_back

COUNTS = {"象牙": 30, "虎骨": 24, "玳瑁": 16, "犀角": 7, "穿山甲": 3}
PLACES = {keyword: 1000 * number for number, keyword in enumerate(COUNTS, 1)}
SIZE = 10


class Shop(Market):
    fields: ClassVar = {
        "ad_id": "a.goods::attr(href)",
        "title": "a.goods::text",
        "url": "a.goods::attr(href)",
    }
    patterns: ClassVar = {"ad_id": r"/goods/([0-9]+)"}


def box(place: int, words: str, mark: str = "item", path: str = "/goods/") -> str:
    return (
        f'<li class="{mark}"><a class="goods" href="{path}{place}.html">{words} {place}</a>'
        f'<a href="/seller/{place % 7}">seller {place % 7}</a></li>'
    )


def listing(marked: Callable[[int], str], around: str = "") -> Callable[[str, int], Shown]:
    """A site whose boxes have the class that `marked` gives for their places."""

    def answer(keyword: str, number: int) -> Shown:
        places = range(COUNTS.get(keyword, 0))[(number - 1) * SIZE : number * SIZE]
        boxes = [box(PLACES[keyword] + place, f"{keyword}手镯", marked(place)) for place in places]
        shown = "".join(boxes) + (around.replace("KEYWORD", keyword) if boxes else "")
        return 200, f"<ul>{shown}</ul>" if boxes else '<p class="none">没有找到</p>'

    return answer


def test_a_site_that_is_read_whole_has_none(run: Run) -> None:
    done = run(Shop, listing(lambda _: "item"))
    assert len(done.ids) == sum(COUNTS.values())
    assert done.judgement.health == "ok", done.judgement.reason


@pytest.mark.parametrize("every", [2, 3, 4])
def test_results_in_other_markup_are_missed_and_said(run: Run, every: int) -> None:
    done = run(Shop, listing(lambda place: "goods-new" if place % every == 1 else "item"))
    assert len(done.ids) < sum(COUNTS.values())
    assert done.judgement.health != "ok"
    assert "are not selected by 'card'" in done.judgement.reason


def test_a_card_of_the_first_box_alone_is_noticed(run: Run) -> None:
    class First(Shop):
        card = "ul > li.item:first-child"

    judgement = run(First, listing(lambda _: "item")).judgement
    assert judgement.health != "ok", judgement.reason


def test_boxes_that_are_left_out_on_purpose_are_not_counted(run: Run) -> None:
    class Sold(Shop):
        card = "li.item:not(.sold)"

    done = run(Sold, listing(lambda place: "item sold" if place % 3 == 1 else "item"))
    assert done.judgement.health == "ok", done.judgement.reason


@pytest.mark.parametrize(
    "around",
    [
        "".join(box(place, "仿古木雕", "rec") for place in range(9000, 9008)),
        "".join(box(place, "KEYWORD", "ad", "/promoted/") for place in range(8)),
        "".join(
            f'<li class="page"><a href="/search?page={place}">{place}</a></li>'
            for place in range(8)
        ),
        '<li class="words">KEYWORD 相关搜索</li>' * 8,
    ],
    ids=["recommended", "promoted", "pager", "words"],
)
def test_other_boxes_in_the_list_are_not_counted(run: Run, around: str) -> None:
    done = run(Shop, listing(lambda _: "item", around))
    assert len(done.ids) == sum(COUNTS.values())
    assert done.judgement.health == "ok", done.judgement.reason


def test_results_in_other_elements_are_missed_and_said(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        status, page, *_ = listing(lambda place: "new" if place % 3 == 1 else "item")(
            keyword, number
        )
        new = page.replace('<li class="new">', '<section class="new">').split("<section")
        ended = [new[0], *(each.replace("</li>", "</section>", 1) for each in new[1:])]
        return status, "<section".join(ended)

    done = run(Shop, answer)
    assert done.judgement.health == "thin", done.judgement.reason
    assert "are not selected by 'card'" in done.judgement.reason


@pytest.mark.parametrize("again", [False, True])
def test_results_in_a_frame_are_missed_and_said(run: Run, again: bool) -> None:
    """A frame that shows results of the page again, as a site may for a printer, is no alarm."""

    def framed(keyword: str, number: int) -> Shown:
        half = listing(lambda _: "item")
        if keyword.endswith("框"):
            places = range(0 if again else 5, 10)
            boxes = (box(PLACES[keyword[:-1]] + place, keyword, "item") for place in places)
            return 200, f"<ul>{''.join(boxes)}</ul>"
        status, body, *_ = half(keyword, number)
        if "<li" in body and not again:
            body = f"<ul>{''.join(each + '</li>' for each in body[4:].split('</li>')[:5])}</ul>"
        frame = f'<iframe src="/search?q={keyword}框&page=1"></iframe>'
        return status, body + (frame if "<li" in body else "")

    done = run(Shop, framed)
    if again:
        assert done.judgement.health == "ok", done.judgement.reason
        return
    assert done.judgement.health == "thin"
    said = "a frame, tab or later part of the page of '象牙' shows 5 results that the page itself"
    assert said in done.judgement.reason
    assert {f"{PLACES['象牙'] + place}" for place in range(5, 10)} <= set(done.ids), "they are read"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<textarea class="ks-datalazyload">', "</textarea>"),
        ("<!-- ", " -->"),
        ('<script type="text/template">', "</script>"),
        ("<script type='text/x-template'>", "</script>"),
        # Tags of a seller's that are never closed.
        ("<style>", ""),
        ("<title>", ""),
        ("<xmp>", ""),
        ("<iframe>", ""),
        ("<a href='", ""),
        ('<script type="text/x-handlebars">', "</script>"),
    ],
)
def test_results_that_a_script_shows_later_are_counted(run: Run, before: str, after: str) -> None:
    def lazy(keyword: str, number: int) -> Shown:
        status, body, *rest = listing(lambda _: "item")(keyword, number)
        boxes = body.removeprefix("<ul>").removesuffix("</ul>").split("</li>")[:-1]
        if not boxes:
            return status, body, *rest  # type: ignore[return-value]
        held = "".join(f"{each}</li>" for each in boxes[4:])
        shown = "".join(f"{each}</li>" for each in boxes[:4])
        return 200, f"<ul>{shown}{before}{held}{after}</ul>"

    judgement = run(Shop, lazy).judgement
    assert judgement.health == "thin", judgement.reason
    assert "are in comments, text areas, templates or unclosed tags" in judgement.reason


def test_held_parts_are_read_once_and_up_to_a_bound() -> None:
    cards = "".join(f"<!-- {box(place, '象牙')} -->" for place in range(1_000))
    same = f"<!-- {box(1, '虎骨')} -->" * 20_000
    page = HtmlResponse("https://m.example/", body=f"<ul>{same}{cards}</ul>", encoding="utf-8")
    assert len(list(held_back(page))) == 300
    empty = HtmlResponse("https://m.example/", body="<!--<a></a>-->" * 20_000, encoding="utf-8")
    assert not list(held_back(empty))


def test_an_old_layout_in_a_comment_is_no_alarm(run: Run) -> None:
    def old(keyword: str, number: int) -> Shown:
        status, body, *_ = listing(lambda _: "item")(keyword, number)
        return status, f"{body}<!-- {body.replace('.html', '.html?from=old')} -->"

    judgement = run(Shop, old).judgement
    assert judgement.health == "ok", judgement.reason


def test_a_commented_sample_is_no_alarm(run: Run) -> None:
    sample = f"<!-- {box(1, '象牙')}{box(2, '虎骨')} -->"
    judgement = run(Shop, listing(lambda _: "item", sample)).judgement
    assert judgement.health == "ok", judgement.reason


PART = "/search?q=KEYWORD框&page=1&part=2"


@pytest.mark.parametrize(
    ("part", "health"),
    [
        (f'<a href="{PART}"> 全国 </a>', "thin"),
        (f'<a href="{PART}">拍卖(15)</a>', "thin"),
        (f'<div hx-get="{PART}"></div>', "thin"),
        (f'<div data-src="{PART}"></div>', "thin"),
        (f'<p>已选条件：<a href="{PART}">近7天 ×</a></p>', "thin"),
        (f'<p><a href="{PART}">清除筛选</a></p>', "thin"),
        (f'<a href="{PART}">全部分类</a>', "ok"),
        (f'<a href="{PART}">价格</a>', "ok"),
    ],
)
def test_a_tab_a_wider_search_and_a_later_part_are_compared(
    run: Run, part: str, health: str
) -> None:
    def answer(keyword: str, number: int) -> Shown:
        if keyword.endswith("框"):
            return listing(lambda place: "item" if place % 2 else "")(keyword[:-1], number)
        status, body, *_ = listing(lambda _: "item")(keyword, number)
        shown = [each for each in body.split("<li") if "/goods/" not in each or "0.html" in each]
        shown += [each for each in body.split("<li") if re.search(r"[2468]\.html", each)]
        return status, "<li".join(shown) + (
            part.replace("KEYWORD", keyword) if "<ul" in body else ""
        )

    done = run(Shop, answer)
    assert done.judgement.health == health, done.judgement.reason
    assert ("frame, tab or later part" in done.judgement.reason) is (health == "thin")


def test_a_tab_may_be_left_out_on_purpose(run: Run) -> None:
    class Auctions(Shop):
        ignored_tabs: ClassVar[tuple[str, ...]] = ("拍卖", "&sold=1")

    def answer(keyword: str, number: int) -> Shown:
        if keyword.endswith("框"):
            return 200, "".join(box(90_000 + place, keyword) for place in range(12))
        tab = f'<a href="/search?q={keyword}框&page=1'
        return listing(lambda _: "item", f'{tab}">拍卖</a>{tab}&sold=1">二手</a>')(keyword, number)

    assert run(Auctions, answer).judgement.health == "ok"
    Auctions.ignored_tabs = ("拍卖",)
    reason = run(Auctions, answer).judgement.reason
    assert "&sold=1" in reason
    assert "leave it out on purpose with ignored_tabs" in reason


@pytest.mark.parametrize(
    ("around", "health"),
    [
        ("<h2>更多结果</h2><ul>{}</ul>", "thin"),
        ('<div class="tab" style="display:none"><ul>{}</ul></div>', "thin"),
        ("<h2>猜你喜欢</h2><ul>{}</ul>", "ok"),
        ('<div class="sidebar"><ul>{}</ul></div>', "ok"),
    ],
)
def test_results_in_another_list_of_the_page_are_counted(
    run: Run, around: str, health: str
) -> None:
    others = "".join(box(90_000 + place, "KEYWORD手镯", "other") for place in range(30))
    done = run(Shop, listing(lambda _: "item", f"</ul>{around.format(others)}<ul>"))
    assert done.judgement.health == health, done.judgement.reason
    assert ("are not selected by 'card'" in done.judgement.reason) is (health == "thin")


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ('<a href="/goods/{}7.html">象牙虎骨玳瑁 犀角穿山甲</a>', "are not selected by 'card'"),
        ('<a href="/same/{}">同款5件</a>', "stand for further ones, which were not read ('同款5')"),
        ('<a href="/same/{}">找同款</a>', ""),
        ('<a href="/same/{}">同款1件</a>', ""),
    ],
)
def test_results_within_a_result_are_counted(run: Run, inner: str, said: str) -> None:
    def answer(keyword: str, number: int) -> Shown:
        status, body, *_ = listing(lambda _: "item")(keyword, number)
        return status, re.sub(
            r"(/goods/([0-9]+)\.html.*?)</li>",
            lambda match: f"{match[1]}{inner.format(match[2])}</li>",
            body,
        )

    judgement = run(Shop, answer).judgement
    assert judgement.health == ("thin" if said else "ok"), judgement.reason
    assert said in judgement.reason
