"""Charset of keywords: a site that reads them otherwise than they are sent makes the run broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from scrapy import Request

from tests.helpers.answered_run import Given, answered_run
from wildcrawl.base_spiders import HtmlSearchSpider, JsonSearchSpider
from wildcrawl.crawl.health import Judgement

TERMS = "象牙,虎骨,玳瑁,犀角,穿山甲"
FRAME = "<title>收藏品交易网</title><p>首页 最新藏品 联系我们</p>"


class Market(HtmlSearchSpider):
    name = "market"
    label = "Market"
    kind = "antiques"
    home = "https://m.example/"
    search_url = "https://m.example/s?q={keyword}&page={page}"
    card = "li.item"
    empty = "p.none"
    fields: ClassVar = {"ad_id": "::attr(data-id)", "title": "a::text", "url": "a::attr(href)"}


class Gbk(Market):
    charset = "gbk"


class Big5(Market):
    charset = "big5"


class Api(JsonSearchSpider):
    name = "api"
    label = "Api"
    kind = "antiques"
    home = "https://m.example/"
    search_url = "https://m.example/api?q={keyword}&page={page}"
    results = "items"
    fields: ClassVar = {"ad_id": "id", "title": "title"}


def asked(request: Request, reads: str) -> tuple[str, int]:
    """The keyword as a site reads it that expects it in `reads`, and the page."""
    raw, _, page = urlsplit(request.url).query.partition("&page=")
    return unquote_to_bytes(raw.removeprefix("q=")).decode(reads, "replace"), int(page)


STOCK = {"象牙", "虎骨", "玳瑁", "犀角"}
Echo = Callable[[str], str]
NO_ECHO: Echo = lambda _: ""  # noqa: E731
BOX: Echo = lambda word: f'<form><input name="q" value="{word}"></form>'  # noqa: E731
TITLE: Echo = lambda word: f"<title>{word} - 搜索结果</title>"  # noqa: E731


def site(
    reads: str, charset: str, echo: Echo = NO_ECHO, others: tuple[str, ...] = ()
) -> Callable[[Request], Given]:
    """A site whose pages are in `charset`, with `others` for keywords that it does not know."""

    def answer(request: Request) -> Given:
        word, page = asked(request, reads)
        titles = [f"{word}手镯 {n}" for n in range(3)] if word in STOCK and page == 1 else []
        titles = titles or [title for title in others if page == 1]
        shown = "".join(
            f'<li class="item" data-id="{title}"><a href="/i">{title}</a></li>' for title in titles
        )
        body = FRAME + echo(word) + (shown or '<p class="none">没有找到相关商品</p>')
        return Given(body.encode(charset, "replace"))

    return answer


def judged(spider: type[Market], answer: Callable[[Request], Given]) -> tuple[Judgement, int]:
    with answered_run(spider, answer, keywords=TERMS) as run:
        return run.judgement(), len(run.found)


WRONG = [
    (Market, "gb18030", "gb18030", "utf-8", "gb18030"),
    (Market, "big5hkscs", "big5hkscs", "utf-8", "big5"),
    (Gbk, "utf-8", "utf-8", "gb18030", "utf-8"),
    (Gbk, "big5hkscs", "big5hkscs", "gb18030", "big5"),
    (Big5, "utf-8", "utf-8", "big5", "utf-8"),
]


@pytest.mark.parametrize(("spider", "reads", "charset", "sent", "right"), WRONG)
@pytest.mark.parametrize("echo", [NO_ECHO, BOX, TITLE], ids=["no echo", "box", "title"])
def test_keywords_in_another_charset_than_the_pages_break_the_run(
    spider: type[Market], reads: str, charset: str, sent: str, right: str, echo: Echo
) -> None:
    judgement, found = judged(spider, site(reads, charset, echo))
    assert not found
    assert judgement.health == "broken", judgement.reason
    assert f"the keywords were sent in {sent}" in judgement.reason
    assert f"declare charset = '{right}'" in judgement.reason


def test_keywords_that_no_page_echoes_are_told_by_the_pages() -> None:
    judgement, _ = judged(Market, site("gb18030", "gb18030"))
    assert "sent in utf-8 but the pages are in gb18030" in judgement.reason


def test_other_goods_do_not_hide_it() -> None:
    judgement, found = judged(Market, site("gb18030", "gb18030", others=("青花瓷瓶", "紫砂壶")))
    assert found == 2
    assert judgement.health == "broken", judgement.reason


def test_a_page_in_utf_8_that_reads_keywords_in_gbk_is_told_by_its_echo() -> None:
    """The echo is the bytes of UTF-8 as GBK reads them, on a page in UTF-8."""
    judgement, _ = judged(Market, site("gb18030", "utf-8", BOX))
    assert judgement.health == "broken", judgement.reason
    assert "came back as" in judgement.reason
    assert "declare charset = 'gb18030'" in judgement.reason


@pytest.mark.parametrize("echo", [BOX, lambda word: BOX("????")])
def test_lost_characters_in_the_search_box_are_told(echo: Echo) -> None:
    judgement, _ = judged(Gbk, site("utf-8", "utf-8", echo))
    assert judgement.health == "broken", judgement.reason
    assert "declare charset = 'utf-8'" in judgement.reason


def test_another_word_in_the_search_box_is_told() -> None:
    words = iter(["空军", "海航", "铁路", "轮船", "汽车"] * 4)
    judgement, _ = judged(Market, site("ascii", "utf-8", lambda _: BOX(next(words))))
    assert judgement.health == "broken", judgement.reason
    assert "the search box shows another word than was sent ('空军' for '象牙')" in judgement.reason


# Ordinary sites


@pytest.mark.parametrize(
    ("spider", "reads", "charset"),
    [
        (Market, "utf-8", "utf-8"),
        (Gbk, "gb18030", "gb18030"),
        (Gbk, "gb18030", "utf-8"),
        (Market, "utf-8", "gb18030"),
    ],
)
@pytest.mark.parametrize("echo", [NO_ECHO, BOX, TITLE], ids=["no echo", "box", "title"])
def test_a_site_that_understands_its_keywords_is_ok(
    spider: type[Market], reads: str, charset: str, echo: Echo
) -> None:
    judgement, found = judged(spider, site(reads, charset, echo))
    assert found == 12
    assert judgement.health == "ok", judgement.reason


@pytest.mark.parametrize(
    ("spider", "reads", "charset", "echo"),
    [
        (Market, "utf-8", "utf-8", NO_ECHO),
        (Gbk, "gb18030", "gb18030", NO_ECHO),
        (Gbk, "gb18030", "gb18030", lambda _: BOX("请输入关键词")),
        (Gbk, "gb18030", "gb18030", lambda _: "<p>有问题吗？？？ why???</p>"),
        (Market, "utf-8", "gb18030", BOX),
        (Market, "utf-8", "gb18030", TITLE),
        (Market, "utf-8", "utf-8", lambda word: BOX(word[:1])),
        (Big5, "big5hkscs", "big5hkscs", BOX),
    ],
)
def test_a_site_that_has_nothing_stays_quiet(
    spider: type[Market], reads: str, charset: str, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.STOCK", set())
    judgement, found = judged(spider, site(reads, charset, echo))
    assert not found
    assert judgement.health == "quiet", judgement.reason


@pytest.mark.parametrize("number", [0, 2])
def test_an_api_is_judged_by_its_echo_alone(number: int) -> None:
    class GbkApi(Api):
        charset = "gbk"

    def answer(request: Request) -> Given:
        word, page = asked(request, "gb18030")
        items = [{"id": f"{word}{n}", "title": f"{word}手镯"} for n in range(number)]
        shown = items if page == 1 else []
        return Given(json.dumps({"msg": "操作成功，感谢使用", "items": shown}, ensure_ascii=False))

    with answered_run(GbkApi, answer, keywords=TERMS) as run:
        assert run.judgement().health == ("ok" if number else "quiet"), run.judgement().reason
