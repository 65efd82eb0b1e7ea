"""Extraction in any layout: several selectors, data in scripts, ids in links."""

from __future__ import annotations

import gc
import html
import json
import weakref
from typing import Any, ClassVar
from urllib.parse import quote, urljoin

import pytest
from form2request import form2request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from wildcrawl.analysis.links import join_address
from wildcrawl.base_spiders import HtmlSearchSpider, Site
from wildcrawl.base_spiders.extraction import (
    Fields,
    Layout,
    absolute,
    apply_patterns,
    embedded,
    pick,
    read_fields,
    says,
    search,
    select,
    texts_at,
    whole,
)
from wildcrawl.base_spiders.json import read_json
from wildcrawl.base_spiders.responses import Unreadable, readable

NEW = """<ul><li class="card"><a href="/i/7.html" title="@店"><b>骨雕<i>摆件</i></b></a>
<em class="n">1280</em><em class="d">.50</em></li>
<li class="card"><a href="/help.html"><h4>老料</h4></a></li></ul>"""
OLD = """<script>var page = {broken; var page = {"list": {"items": [
{"nid": 5, "names": ["角雕", "把件"], "pic": "//img.example/5.jpg"}]}};run()</script>"""


class LayoutsSpider(HtmlSearchSpider):
    name = "layouts"
    home = "https://shop.example/"
    search_url = "https://shop.example/s?q={keyword}"
    card = "li.card"
    fields = {
        "url": "a::attr(href)",
        "title": ("h3 ::text", "b ::text", "h4::text"),
        "price": "concat(.//em[@class='n'], .//em[@class='d'])",
        "seller": "substring-after(.//a/@title, '@')",
    }
    patterns = {"ad_id": r"/i/(\d+)"}
    other_layouts: ClassVar[tuple[Layout, ...]] = (
        Layout(
            "list.items[]",
            {"ad_id": "nid", "title": "names | join(' ', @)", "image_urls": "pic"},
            data="var page =",
        ),
    )
    detail = {"title": "h1::text", "description": ".text::text"}
    other_details = (Layout(fields={"description": "about", "seller": "by"}, data="var item ="),)


def spider() -> LayoutsSpider:
    return LayoutsSpider.from_crawler(Crawler(LayoutsSpider, get_project_settings()))


def page(text: str) -> HtmlResponse:
    return HtmlResponse("https://shop.example/s", body=text.encode(), encoding="utf-8")


def test_each_field_is_taken_from_the_first_place_that_has_it() -> None:
    first, second = spider().read_results(page(NEW)).rows
    assert first == {
        "url": "https://shop.example/i/7.html",
        "title": "骨雕摆件",
        "price": "1280.50",
        "seller": "店",
        "ad_id": "7",
    }
    assert (second["title"], second["ad_id"]) == ("老料", "")


def test_a_card_that_links_to_its_page_twice_has_one_address() -> None:
    (row,) = spider().read_results(page('<li class="card"><a href="/i/7"/><a href="/i/7"/>')).rows
    assert (row["url"], row["ad_id"]) == ("https://shop.example/i/7", "7")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>抱歉, 没有找到相关商品</p>", True),
        ("<script>tip = '没有找到'</script>", False),
        ("<p>找到3件</p>", False),
    ],
)
def test_what_a_site_says_is_found_outside_of_its_scripts(text: str, said: bool) -> None:
    assert bool(select(page(text).selector, says("没有找到", "暂无"))) is said


def test_an_older_layout_is_read_where_the_newest_shows_nothing() -> None:
    (row,) = spider().read_results(page(OLD)).rows
    assert row == {
        "ad_id": "5",
        "title": "角雕 把件",
        "image_urls": ["https://img.example/5.jpg"],
    }


def test_details_fill_each_other_but_what_is_shown_stands_first() -> None:
    data = '<script>var item = {"about": "x", "by": "店"}</script>'
    both = '<h1>品名</h1><p class="text">正文</p>' + data
    assert spider().read_details(page(both)) == {
        "title": "品名",
        "description": "正文",
        "seller": "店",
    }
    only_data = '<script>var item = {"about": "文"}</script>'
    assert spider().read_details(page(only_data))["description"] == "文"


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("nothing", None),
        ("mark = ", None),
        ("mark = {'a': 1}", {"a": 1}),
        ("mark = {return 1}", None),
        ('mark = {"a": "line\nbreak"}', {"a": "line\nbreak"}),
        ('mark = soon; mark = [1, {"b": 2}]', [1, {"b": 2}]),
    ],
)
def test_data_in_a_page(text: str, held: Any) -> None:
    assert embedded(text, "mark =") == held


@pytest.mark.parametrize(
    "before",
    ["window.S=JSON.parse({})", "window['S'] = JSON.parse( {} );", "S=JSON.parse({1});f({2})"],
)
@pytest.mark.parametrize("mark", ["'", '"', "`"])
def test_data_in_a_text_that_a_script_parses_are_read(before: str, mark: str) -> None:
    data = {"items": [{"title": "老\"象\"牙\\ 'x' `y`\n</b>"}]}
    held = json.dumps(data).replace("\\", "\\\\").replace(mark, f"\\{mark}")
    called = f'decodeURIComponent("{quote(json.dumps(data))}")'
    script = (
        before.replace("{1}", called).replace("{2}", '{"a": 1}').replace("{}", mark + held + mark)
    )
    assert embedded(f"<script>{script}</script>", "S") == data


def test_data_in_the_letters_of_html_and_with_calls_are_read() -> None:
    text = html.escape(json.dumps({"items": [1]}))
    assert embedded(f'<div data-page="{text}" class="a">b</div>', "data-page=") == {"items": [1]}
    script = '<script>var S={"items": [1], d: new Date(5)};(function(){})()</script>'
    assert embedded(script, "S=")["items"] == [1]


def test_a_value_that_is_not_a_text_is_written_as_one_and_zero_is_kept() -> None:
    queries: Fields = {"price": "a", "note": ("c", "missing"), "title": ("b && a", "d")}
    assert pick({"a": 0, "b": False, "c": None, "d": "x"}, queries) == {
        "price": "0",
        "note": "",
        "title": "x",
    }


@pytest.mark.parametrize(
    ("query", "data", "found"),
    [
        ("data(text).a", {"text": '{"a": 1}'}, 1),
        ("data(text).a", {"text": {"a": 1}}, 1),
        ("data(text).a", {"text": "no JSON"}, None),
        ("join('; ', tags)", {"tags": ["骨", None]}, None),
        ("join('; ', tags)", {"tags": None}, None),
    ],
)
def test_data_of_another_form_than_expected_is_nothing_found(
    query: str, data: Any, found: Any
) -> None:
    assert search(query, data) == found


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "(b)"}',
        'jQuery17_1({"a": "(b)"});',
        '/**/ go.then({"a": "(b)"})\n',
        '?({"a": "(b)"})',
    ],
)
def test_an_answer_is_data_or_a_call_with_data(text: str) -> None:
    assert read_json(page(text)) == {"a": "(b)"}


@pytest.mark.parametrize("text", ["go(1", "<p>go(1)</p>", "go(one)"])
def test_what_is_not_data_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable, match="the answer is not JSON"):
        read_json(page(text))


def test_a_pattern_that_does_not_match_loses_nothing() -> None:
    assert apply_patterns({"price": "面议"}, {"price": r"(\d+)"}) == {"price": "面议"}


class GuardedSpider(LayoutsSpider):
    name = "guarded"
    permission = "its robots.txt allows named search engines only"


def test_a_site_that_needs_a_permission_is_off_until_it_is_switched_on() -> None:
    def check(on: str, spider: type[Site] = GuardedSpider) -> None:
        settings: Settings = get_project_settings()
        settings.set("WILDCRAWL_CONTACT", "monitoring@example.org", priority="cmdline")
        settings.set("WILDCRAWL_SWITCHED_ON", on, priority="cmdline")
        spider.check(settings, {})

    with pytest.raises(ValueError, match=r"named search engines only.*WILDCRAWL_SWITCHED_ON=guard"):
        check("layouts")
    check("other, guarded")
    check("", LayoutsSpider)


class GatewaySpider(LayoutsSpider):
    name = "gateway"
    page_url = "https://shop.example/search?q={keyword}&page={page}"


def test_a_worksheet_leads_to_the_page_that_a_person_opens() -> None:
    settings = get_project_settings()
    assert GatewaySpider.worksheet_site(settings).search_url == GatewaySpider.page_url
    assert LayoutsSpider.worksheet_site(settings).search_url == LayoutsSpider.search_url


def test_a_text_with_a_keyword_set_off_is_read_in_one_piece() -> None:
    (card,) = page("<li><h3 class='t-title'>老<em>象牙</em>手镯\n  一只</h3></li>").css("li")
    assert read_fields(card, {"title": whole("title")}) == {"title": "老象牙手镯 一只"}


class BesidesSpider(LayoutsSpider):
    name = "besides"
    other_layouts: ClassVar[tuple[Layout, ...]] = (
        Layout("held", {"ad_id": "id", "title": "name"}, data="var page ="),
        Layout("b", {"ad_id": "::attr(id)", "title": "::text"}, besides=True),
    )


def test_a_layout_is_read_besides_another_for_what_that_one_lacks() -> None:
    data = '<script>var page = {"held": [{"id": "1", "name": "一"}]}</script>'
    drawn = '<b id="1">重复</b><b id="2">二</b>'
    made = BesidesSpider.from_crawler(Crawler(BesidesSpider, get_project_settings()))
    both = made.read_results(page(data + drawn)).rows
    assert [(row["ad_id"], row["title"]) for row in both] == [("1", "一"), ("2", "二")]
    alone = made.read_results(page(drawn)).rows
    assert [row["ad_id"] for row in alone] == ["1", "2"]
    shown = made.read_results(page(NEW + '<b id="9">九</b>')).rows
    assert [row["title"] for row in shown][2:] == ["九"]


CARD = (
    '<li class="card hot" data-id="7"><a href="/item/7.html">象<em>牙</em>手串</a> tail'
    '<p>一&amp;二<br>三</p><img src="1.jpg"><img src="2.jpg"><b xml:lang="zh"></b></li>'
)


@pytest.mark.parametrize(
    "query",
    [
        "::attr(data-id)", "a::text", "a *::text", "p::text", "img::attr(src)", "em", "a", "li",
        "::text",
        "a:contains('手串')::text", "a:not(.x)::attr(href)", ".nothing::text", "./p/text()",
        "string(.//a)", "count(.//img)", "boolean(.//img)", "normalize-space(.//p)", ".//comment()",
        ".//img/@src", ".//a | .//img/@src", ".//a[re:test(@href, '7')]/@href",
        ".//*[has-class('hot')]/@data-id", "//li/@data-id",
        ".//*[@xml:lang]/@xml:lang", ".//nothing/@x",
    ],
)  # fmt: skip
def test_texts_are_those_that_selectors_give(query: str) -> None:
    page = HtmlResponse(
        "http://a.example/", body=f"<ul>{CARD}{CARD}</ul>".encode(), encoding="utf-8"
    )
    for card in select(page.selector, "li.card"):
        assert texts_at(card, query) == select(card, query).getall()


@pytest.mark.parametrize("query", ["a[", ".//a[", "unknown(.)", "a::nothing", ".//a/$x"])
def test_a_mistaken_selector_is_reported_as_by_selectors(query: str) -> None:
    page = HtmlResponse("http://a.example/", body=CARD.encode(), encoding="utf-8")
    with pytest.raises(Exception) as expected:  # noqa: PT011 - of whatever kind selectors raise
        select(page.selector, query).getall()
    with pytest.raises(expected.type):
        texts_at(page.selector, query)


@pytest.mark.parametrize("base", ["http://a.example", "https://a.example:8080/x/y.html?z=1"])
@pytest.mark.parametrize(
    "url",
    ["/item/7.html", "/a/../b", "/a/./b", "//b.example/c", "/", "/a?q=1&p=2", "/a?q=/b", "/a;b",
     "/a#c", "b.html", "?q=1", "http://b.example/a", "/a//b", "/%E8%B1%A1", "/象", "/a b", "/.a",
     "/a.", "/a/.."],
)  # fmt: skip
def test_addresses_are_made_absolute_as_by_the_response(base: str, url: str) -> None:
    page = HtmlResponse(base, body=b"")
    row = absolute(page, {"url": url, "image_urls": [url]})
    assert row == {"url": page.urljoin(url).replace(" ", "%20"), "image_urls": [page.urljoin(url)]}


def test_addresses_follow_the_base_that_a_page_declares() -> None:
    page = HtmlResponse("http://a.example/x", body=b'<base href="https://b.example/y/">')
    assert absolute(page, {"url": "/item/7"})["url"] == "https://b.example/item/7"


@pytest.mark.parametrize(
    ("written", "address"),
    [("http://[bad/1", "http://%5Bbad/1"), ("//a\u2100.com/1", "http://a%E2%84%80.com/1")],
)
@pytest.mark.parametrize("base", ["", "<base href='http://[site_url]/'>"])
def test_an_address_that_is_not_valid_hides_no_other(base: str, written: str, address: str) -> None:
    shown = f"{base}<a href='{written}'>bracelet</a>".encode()
    page = readable(HtmlResponse("http://a.example/x", body=shown, encoding="utf-8"), "utf-8")
    row = {"url": page.css("a::attr(href)").get(), "image_urls": ["/7.jpg", written]}
    assert absolute(page, row) == {
        "url": address,
        "image_urls": ["http://a.example/7.jpg", address],
    }
    assert page.urljoin(written) == address


def test_a_page_is_freed_with_its_last_reference() -> None:
    """Circles are only found now and then, and never what existed at a crawl's first item."""
    gc.disable()
    try:
        page = readable(HtmlResponse("https://shop.example/", body=NEW.encode()), "utf-8")
        assert select(page.selector, "li.card a::attr(href)").getall()
        assert page.urljoin("/i/7.html") == "https://shop.example/i/7.html"
        still_there = weakref.ref(page)
        del page
        assert still_there() is None
    finally:
        gc.enable()


def test_a_plain_address_is_joined_as_any_other() -> None:
    for base in ("https://a.example/x/y?q=1", "http://a.example:80", "HTTPS://A.example/x"):
        for url in ("/i/7.html", "/i/../7", "//b.example/7", "7", "/7?a=1#b", "/a;b", "", "/7?a=1"):
            assert join_address(base, url) == urljoin(base, url)


def test_a_form_of_a_read_page_knows_its_fields() -> None:
    form = (
        '<form action="/s?x=1" method="post"><input name="q" value="1"><input type="radio" '
        'name="r" value="2" checked><select name="s"><option value="3" selected>三<option>4'
        '</select><textarea name="t">5</textarea></form>'
    )
    read = readable(page(form), "utf-8")
    (element,) = read.xpath("//form")
    assert element.root.form_values() == [("q", "1"), ("r", "2"), ("s", "3"), ("t", "5")]
    assert form2request(element, {"q": "9"}).body == b"r=2&s=3&t=5&q=9"
