"""Script data: results in a script of the page, read with and without a declared layout."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest
from scrapy.http import HtmlResponse
from scrapy.utils.project import get_project_settings

from tests.helpers.searched import Api, Market, Run, Shown
from wildcrawl.base_spiders.extraction import Fields, Layout
from wildcrawl.base_spiders.page_advice import longest_lists
from wildcrawl.base_spiders.snapshot import read_results, site_spider, summary

COUNTS = {"象牙": 14, "虎骨": 3, "玳瑁": 0}
SIZE = 6
PLACES = {"象牙": 100, "虎骨": 200, "玳瑁": 300}
FIELDS: Fields = {"ad_id": "id", "title": "name"}


def page(data: Any, mark: str = "__NEXT_DATA__") -> str:
    """A page that holds its data in a script, which draws it."""
    text = json.dumps(data, ensure_ascii=False)
    script = f'<script id="{mark}" type="application/json">{text}</script>'
    if mark != "__NEXT_DATA__":
        script = f"<script>window.{mark}={text};(function(){{}})()</script>"
    return f"<html><head><title>市场</title></head><body><div id='app'></div>{script}</body></html>"


def answer(keyword: str, number: int) -> Shown:
    places = range(COUNTS.get(keyword, 0))[(number - 1) * SIZE : number * SIZE]
    items = [{"id": f"{keyword}{place}", "name": f"{keyword}手镯 {place}"} for place in places]
    return 200, page({"props": {"items": items}})


class Script(Api):
    data: ClassVar = "__NEXT_DATA__"
    results: ClassVar = "props.items"
    fields: ClassVar = FIELDS


class Besides(Market):
    card = ""
    empty = ""
    fields: ClassVar = {}
    other_layouts: ClassVar = (Layout("props.items", FIELDS, data="__NEXT_DATA__"),)


@pytest.mark.parametrize("site", [Script, Besides])
def test_all_pages_of_a_script_are_read(run: Run, site: type[Any]) -> None:
    done = run(site, answer, ",".join(COUNTS))
    assert len(done.ids) == sum(COUNTS.values())
    assert done.judgement.health == "ok", done.judgement.reason


@pytest.mark.parametrize("site", [Script, Besides])
def test_a_page_without_its_data_is_no_empty_search(run: Run, site: type[Any]) -> None:
    def bare(keyword: str, number: int) -> Shown:
        return 200, "<html><body><div id='app'></div><script src='/a.js'></script></body></html>"

    done = run(site, bare, ",".join(COUNTS))
    assert done.judgement.health == "broken", done.judgement.reason


def advice(site: type[Any], text: str) -> str:
    """What is said of a page that the spider of `site` reads."""
    spider = site_spider(site, get_project_settings())
    response = HtmlResponse("https://m.example/s", body=text.encode(), encoding="utf-8")
    return "\n".join(summary(read_results(spider, response)))


ITEMS: Sequence[Mapping[str, Any]] = [{"id": n, "name": f"牙雕 {n}"} for n in range(5)]


@pytest.mark.parametrize("mark", ["__NEXT_DATA__", "__INITIAL_STATE__"])
@pytest.mark.parametrize("site", [Market, Api])
def test_the_list_in_a_script_is_named(site: type[Any], mark: str) -> None:
    said = advice(site, page({"props": {"2026": {"rows": ITEMS}}, "ids": [1, 2]}, mark))
    assert f"data = '{mark}', results = 'props.\"2026\".rows' (5 objects with id, name)" in said
    assert "template browser" not in said


def test_what_the_declared_selectors_find_is_said() -> None:
    assert "card selects nothing: li.item" in advice(Market, "<body><p>集市</p></body>")
    twice = "<li class='item'><h3>老料</h3></li>" * 2
    assert "template browser" in advice(Market, "<body><p>集市</p><script src=a.js></script>")
    class_less = advice(Market, f"<ul>{twice}</ul>")
    assert "ad_id: none in 2 of 2" in class_less


def test_the_elements_that_may_be_results_are_named() -> None:
    goods = "".join(
        f'<div class="goods n{n}"><h3><a class="t" href="/i/{n}">老象牙手镯 {n}</a></h3></div>'
        for n in range(4)
    )
    menu = "".join(f'<a class="m" href="/c/{n}">类</a>' for n in range(5))
    said = advice(Market, f"<body><nav>{menu}</nav><div class='list'>{goods}</div></body>")
    first, second = (line for line in said.splitlines() if "perhaps card" in line)
    assert first == "note: 4 times with a link, so perhaps card: div.goods ('老象牙手镯 0')"
    assert "5 times with a link, so perhaps card: a.m ('类')" in second


def test_what_seems_wrong_with_results_is_said() -> None:
    class Priced(Api):
        fields: ClassVar = FIELDS | {"price": "cents", "image_urls": "pic"}

    rows = [{"id": n, "name": f"牙雕 {n}", "cents": n * 10_000, "pic": "/a.jpg"} for n in (1, 2, 3)]
    said = advice(Priced, json.dumps({"items": rows}))
    assert "counted as 10000.00 CNY" in said
    assert "price: all 3 are whole hundreds" in said
    assert "image_urls: the same in all 3" in said
    assert "url: none in 3 of 3, so nobody can open them" in said


def test_nothing_is_said_of_results_that_are_right() -> None:
    class Addressed(Api):
        fields: ClassVar[Fields] = FIELDS | {
            "url": "join('', ['https://m.example/i/', to_string(id)])",
            "price": "price",
        }

    rows = [{"id": n, "name": f"牙雕 {n}", "price": 35 * n} for n in (1, 2, 3)]
    assert "note" not in advice(Addressed, json.dumps({"items": rows}))


def test_the_longest_lists_come_first() -> None:
    data = {"menu": [{"a": 1}] * 9, "page": {"list": [{"a": 1, "b": 2, "c": 3}] * 8}, "n": [1, 2]}
    assert [each.path for each in longest_lists(data)] == ["page.list", "menu"]
    assert longest_lists([{"a": 1}, {"a": 2}])[0].path == "@"


@pytest.mark.parametrize(
    ("around", "said"),
    [
        ("<p>共 36 件</p>", "next_page: it selects nothing, although the page states 36 results"),
        ('<a rel="next" href="/s?p=2">»</a>', "next_page: it selects nothing, although the page"),
        ("<p>共 2 件</p>", ""),
        ('<p>共 36 件</p><a class="next" href="/s?p=2">下一页</a>', ""),
    ],
)
def test_a_next_page_that_is_not_found_is_said(around: str, said: str) -> None:
    class Linked(Market):
        next_page: ClassVar[str] = "a.next::attr(href)"

    cards = "".join(f'<li class="item"><a href="/i/{n}">老料 {n}</a></li>' for n in (1, 2))
    whole = advice(Linked, f"<body><ul>{cards}</ul>{around}</body>")
    assert said in whole
    assert ("next_page" in whole) is bool(said)


@pytest.mark.parametrize(
    ("before", "words"), [("<h3>猜你喜欢</h3>", "把件"), ("", "专营店"), ('<p class="new">', "牌")]
)
def test_links_of_recommended_goods_and_sellers_are_no_results(
    run: Run, before: str, words: str
) -> None:
    def data(keyword: str, number: int) -> Shown:
        places = range(COUNTS.get(keyword, 0))[(number - 1) * SIZE : number * SIZE]
        items = [{"id": f"{PLACES[keyword] + n}", "name": f"{keyword}手镯"} for n in places]
        links = "".join(f'<a href="/i/{each["id"]}.html">{each["name"]}</a>' for each in items)
        others = (f"/i/{70_000 + PLACES.get(keyword, 0) + n}.html" for n in range(5))
        more = "".join(f'<a href="{url}">{keyword}{words}</a>' for url in others if items)
        whole = page({"props": {"items": items}})
        return 200, whole.replace("</body>", f"{links}{before}{more}</body>")

    judgement = run(Script, data).judgement
    assert judgement.health == "ok", judgement.reason


def test_results_of_the_page_that_its_data_lack_are_counted(run: Run) -> None:
    def half(keyword: str, number: int) -> Shown:
        places = range(COUNTS.get(keyword, 0))[(number - 1) * SIZE : number * SIZE]
        items = [{"id": f"{PLACES[keyword] + n}", "name": f"{keyword}手镯"} for n in places]
        links = "".join(f'<a href="/i/{each["id"]}.html">{each["name"]}</a>' for each in items)
        return 200, page({"props": {"items": items[:2]}}).replace("</body>", f"{links}</body>")

    judgement = run(Script, half).judgement
    assert judgement.health == "thin", judgement.reason
    assert "are in the pages, and not in their data" in judgement.reason
