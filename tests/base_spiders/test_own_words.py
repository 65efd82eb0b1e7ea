"""Own words of a site: what a page says outside of its results, its links and its lists."""

from __future__ import annotations

import time

from scrapy.http import HtmlResponse

from wildcrawl.base_spiders.own_words import Words, words_of


def read(body: str, card: str = "") -> Words:
    page = HtmlResponse("https://m.example", body=f"<body>{body}</body>".encode(), encoding="utf-8")
    return words_of(page, [each.root for each in page.css(card)] if card else ())


def test_results_links_and_lists_are_no_own_words() -> None:
    words = read(
        "<h3>抱歉</h3><a>登录</a><li class=x>一</li><li class=x>二</li><li class=x>三</li>"
        "<div class=card>老象牙 请稍后再试</div><p>页脚</p>",
        "div.card",
    )
    assert words.own == "抱歉\n页脚"
    assert words.above == ["抱歉"]
    assert "老象牙" not in words.all
    assert "登录" in words.all


def test_a_number_in_an_element_of_its_own_stays_in_its_sentence() -> None:
    assert read("<p>共找到 <b>43</b> 件</p>").own == "共找到 43 件"
    assert read("<p>共<em>43</em>件<i>12</i><i>7</i></p>").own == "共43件12 7"


def test_what_is_not_shown_is_not_read() -> None:
    hidden = (
        '<div style="display: none">忙</div><p hidden>忙</p><script>忙</script>'
        '<p class="hide">忙</p><div class="minicart">购物车 0 件</div>'
        "<option>忙</option><!-- 忙 -->"
    )
    assert read(f"<p>首页</p>{hidden}").all == "首页"


def test_reading_takes_time_in_proportion_to_the_page() -> None:
    def seconds(times: int) -> float:
        body = "<div class=row><p>一 <b>二</b></p></div>" * times + "<div>" * 200
        started = time.process_time()
        read(body)
        return time.process_time() - started

    assert seconds(20_000) < 40 * seconds(2_000) + 0.5
