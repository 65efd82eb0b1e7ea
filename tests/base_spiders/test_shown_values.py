"""Shown values: each field of a result is what a person sees there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from parsel import Selector

from tests.helpers.searched import Market, Run, Shown
from wildcrawl.base_spiders.extraction import read_fields, search
from wildcrawl.base_spiders.shown_values import is_highlight, picture_in, price_of

TITLE = "老象牙手镯"


def field(markup: str, name: str, query: str) -> Any:
    """What a field reads from a card."""
    return read_fields(Selector(f"<li>{markup}</li>").css("li")[0], {name: query})[name]


@pytest.mark.parametrize("query", ["a::text", "a ::text", "a", ".//a"])
@pytest.mark.parametrize(
    "mark",
    [
        *("<em>", "<b>", "<strong>", "<i>", "<mark>", '<font color="red">'),
        *('<span class="highlight">', '<span style="color:#f00">', '<em class="key-word">'),
        '<span class="h"><em>',
    ],
)
def test_a_highlighted_keyword_is_a_part_of_its_text(mark: str, query: str) -> None:
    opened = mark.replace('<span class="h">', '<span class="hl">')
    closed = "".join(f"</{part.split()[0]}>" for part in reversed(opened[1:-1].split("><")))
    whole = f"<a>老{opened}象牙{closed}手镯</a>"
    assert field(whole, "title", query) == TITLE
    assert field(f"<a>{opened}象牙{closed}手镯</a>", "title", query) == "象牙手镯"


def test_what_stands_beside_a_text_is_no_part_of_it() -> None:
    beside = '<a>老象牙<span class="price">¥350</span></a><em>热</em>'
    assert field(beside, "title", "a::text") == "老象牙"
    assert field('<a><em class="tag">自营</em>老象牙</a>', "title", "a::text") == "老象牙"
    assert field("<a>老<em>象牙</em></a>", "title", "a :not(em)::text") == ""
    assert field("<a>老<em>象牙</em></a>", "title", ".//a/text()") == "老"
    assert field("<em><a>象牙</a></em>", "title", "a::text") == "象牙"
    assert not is_highlight(Selector("<span>x</span>").css("span")[0].root)


@pytest.mark.parametrize(
    "price",
    ["￥3800", "¥ 3,800.00", "3800元", "3.8万元", "价格：￥3800", "<i>￥</i>3800", "￥3800起"],
)
def test_a_highlighted_price_is_no_part_of_a_title(price: str) -> None:
    card = f"<h3>老<em>象牙</em>手镯<b>{price}</b>包邮</h3>"
    assert field(card, "title", "h3::text") == "老象牙手镯 包邮"
    assert field(f"<h3><b>{price}</b>老<em>象牙</em></h3>", "title", "h3::text") == "老象牙"
    assert field(f"<p>价格：<b>{price}</b></p>", "price", "p::text").startswith("价格：")
    assert "3" in field(f"<p>价格：<b>{price}</b></p>", "price", "p::text")


@pytest.mark.parametrize("part", ["3800", "58圈口", "清代", "18k金"])
def test_other_highlighted_figures_are_parts_of_a_title(part: str) -> None:
    assert field(f"<h3>老象牙手镯<b>{part}</b></h3>", "title", "h3::text") == f"老象牙手镯{part}"


def test_many_highlighted_parts_are_read_in_linear_time() -> None:
    began = time.process_time()
    assert len(field("<p>" + "老<em>牙</em>" * 20_000 + "</p>", "title", "p ::text")) == 40_000
    assert time.process_time() - began < 5


def test_lines_of_a_text_stay_apart() -> None:
    assert field("<p>老<em>象</em>牙<br>二手</p>", "description", "p ::text") == "老象牙 二手"
    assert field("<p>老<em>象</em>牙<br>二手</p>", "description", "p") == "老象牙 二手"


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        ("<em>¥</em><i>3480</i><i>.50</i>", "¥ 3480.50"),
        ("<em>¥</em><i>3,</i><i>480</i>", "¥ 3,480"),
        ("<em>¥</em><i>3</i><i>480</i>", "¥ 3 480"),
        ("¥<em>3480</em>", "¥ 3480"),
        ("<i>3480</i><i>5000</i>", "3480 5000"),
        ("<i>3480.</i><i>00</i>元", "3480.00 元"),
        ("<em>¥</em>", ""),
        ("面议", "面议"),
    ],
)
def test_a_price_in_several_elements_is_read_whole(markup: str, read: str) -> None:
    assert field(f'<b class="p">{markup}</b>', "price", ".p ::text") == read


def test_a_price_of_which_a_selector_takes_the_sign_only_is_none() -> None:
    assert field('<b class="p">¥<span class="n">35</span></b>', "price", ".p::text") == ""
    assert price_of(["HK$"]) == price_of(["元"]) == ""


@pytest.mark.parametrize("query", ["img::attr(src)", "img", ".//img/@src", "a"])
@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        ('src="/static/blank.gif" data-original="/p/7.jpg"', "/p/7.jpg"),
        ('src="data:image/gif;base64,R0lGOD" data-src="/p/7.jpg"', "/p/7.jpg"),
        ('src="//g.example/s.gif" data-ks-lazyload="/p/7.jpg"', "/p/7.jpg"),
        ('src="/loading.png" srcset="/s.jpg 1x, /l.jpg 2x"', "/l.jpg"),
        ('src="/p/s.jpg"', "/p/s.jpg"),
        ('src="/p/gray.jpg?x=1"', "/p/gray.jpg?x=1"),
    ],
)
def test_the_picture_behind_a_placeholder_is_read(
    attributes: str, address: str, query: str
) -> None:
    assert field(f"<a><img {attributes}></a>", "image_urls", query) == [address]


def test_of_several_sizes_the_largest_is_read() -> None:
    assert picture_in("/a,b.jpg 320w, /c.jpg 1280w, /d.jpg 640w") == "/c.jpg"
    assert picture_in("/a.jpg, /b.jpg 1.5x") == "/b.jpg"
    assert picture_in("https://i.example/q,90/a.jpg") == "https://i.example/q,90/a.jpg"


def test_of_pictures_that_load_in_turn_none_is_lost() -> None:
    pictures = '<img src="/1.jpg"><img src="/blank.gif" data-src="/2.jpg"><img src="/blank.gif">'
    assert field(pictures, "image_urls", "img::attr(src)") == ["/1.jpg", "/2.jpg"]


def test_an_address_that_cannot_be_fetched_is_kept_for_its_reason() -> None:
    assert field('<img src="data:image/png;base64,AA">', "image_urls", "img::attr(src)") == [
        "data:image/png;base64,AA"
    ]
    assert field('<img src="/static/blank.gif">', "image_urls", "img::attr(src)") == []


def test_an_element_gives_the_address_it_leads_to() -> None:
    assert field('<h3><a href="/i/7">x</a></h3>', "url", "a") == "/i/7"
    assert field('<h3><a href="/i/7">x</a></h3>', "url", "h3") == "/i/7"


def test_a_price_in_fen_is_given_in_yuan() -> None:
    assert search("yuan(price)", {"price": 348050}) == "3480.50"
    assert search("yuan(price)", {"price": "9900"}) == "99.00"
    assert search("yuan(price)", {"price": "面议"}) == "面议"
    assert search("yuan(price)", {}) is None


COUNTS = {"象牙": 12, "虎骨": 9}


def listing(title: str) -> Callable[[str, int], Shown]:
    """A site with the pages of `COUNTS`, whose titles are written as in `title`."""

    def answer(keyword: str, number: int) -> Shown:
        places = range(COUNTS.get(keyword, 0)) if number == 1 else range(0)
        cards = (
            f'<li class="item" data-id="{keyword}{place}"><a href="/i/{place}">'
            f"{title.format(keyword)} {place}</a></li>"
            for place in places
        )
        return 200, f"<ul>{''.join(cards)}</ul>" if places else '<p class="none">没有找到</p>'

    return answer


def test_titles_with_a_highlighted_keyword_are_found(run: Run) -> None:
    done = run(Market, listing("老<em>{}</em>手镯"))
    assert done.judgement.health == "ok", done.judgement.reason
    assert {item.title.split()[0] for item in done.run.items} == {"老象牙手镯", "老虎骨手镯"}


def test_titles_without_their_keyword_make_a_run_thin(run: Run) -> None:
    done = run(Market, listing('老<span class="c7">{}</span>手镯'))
    assert done.judgement.health == "thin"
    assert "21 of 21 results show their keyword in a text that was not read" in (
        done.judgement.reason
    )


class Described(Market):
    fields: ClassVar = Market.fields | {"description": ".c7::text"}


def test_a_keyword_in_the_description_is_enough(run: Run) -> None:
    done = run(Described, listing('老<span class="c7">{}</span>手镯'))
    assert done.judgement.health == "ok", done.judgement.reason


def test_a_highlight_that_is_selected_alone_gets_nothing_of_the_text_around_it() -> None:
    card = Selector(
        "<div><p class=no>编号 <b>7000</b> 浏览 10</p><p class=p>¥5000 <em>3000</em></p>"
        "<p class=s>电话 100 卖家 <b>老王</b></p><b class=t>象牙手镯</b><i>3480</i></div>"
    )
    row = read_fields(
        card,
        {
            "ad_id": ".no b::text", "price": ".p em::text", "seller": ".s b::text",
            "title": "b.t::text", "description": ".s b::text", "location": ".no::text",
        },
    )  # fmt: skip
    assert (row["ad_id"], row["price"], row["seller"]) == ("7000", "3000", "老王")
    assert (row["title"], row["description"]) == ("象牙手镯", "老王")
    assert row["location"] == "编号 浏览 10"


@pytest.mark.parametrize(
    "tag", ["del", "s", "strike", 'span style="text-decoration: line-through"']
)
@pytest.mark.parametrize("query", [".cost", ".cost ::text", ".cost *::text", ".//*[@class='cost']"])
def test_a_price_that_is_struck_out_is_not_the_asking_price(tag: str, query: str) -> None:
    old = f"<{tag}>¥2,000</{tag.split()[0]}>"
    new = "<strong>¥1,200</strong>"
    for shown in (f"{old} {new}", f"{new}{old}"):
        assert field(f'<p class="cost">{shown}</p>', "price", query).strip() == "¥1,200"
    assert "2,000" in field(f'<p class="cost">{old}</p>', "price", query)
    assert field(f'<p class="cost"><s>¥</s>{new}</p>', "price", query).endswith("1,200")


@pytest.mark.parametrize("beside", ["已售3件", "8折", "-40%", "库存 3", "剩2天", "12人想要"])
def test_a_struck_price_stays_where_no_other_amount_is_beside_it(beside: str) -> None:
    shown = field(f'<p class="cost"><s>¥5,000</s> {beside}</p>', "price", ".cost")
    assert "5,000" in shown


@pytest.mark.parametrize(
    "new",
    ["三千二", "1.2k", "3200起", "¥???", "¥1?200", "1?200", "¥登录可见", "面议 12人想要", "3,2万"],
)
@pytest.mark.parametrize("query", [".cost", ".cost ::text"])
def test_a_struck_price_is_not_taken_for_one_in_words_hidden_or_on_request(
    new: str, query: str
) -> None:
    for old in ("¥5,000", "5000"):
        for shown in (new, f"<b>{new}</b>"):
            html = f'<p class="cost"><del>{old}</del>{shown}</p>'
            assert field(html, "price", query).strip() == new


def test_of_several_elements_the_one_that_is_struck_out_is_no_price() -> None:
    card = '<del class="cost">¥2,000</del><b class="cost">¥1,200</b>'
    assert field(card, "price", ".cost") == field(card, "price", ".cost::text") == "¥1,200"
    assert field(card, "price", "del.cost") == "¥2,000"
    signed = f'<i class="cost">¥</i>{card.replace("¥1", "1")}'
    assert field(signed, "price", ".cost") == "¥ 1,200"
