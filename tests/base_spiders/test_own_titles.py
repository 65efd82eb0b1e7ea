"""Own titles: own pages that all show one title are not those of their advertisements."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from scrapy import Request

from tests.helpers.answered_run import Given, answered_run
from wildcrawl.base_spiders import HtmlSearchSpider


class Shop(HtmlSearchSpider):
    name = "shop"
    label = "Shop"
    kind = "antiques"
    home = "https://shop.example/"
    search_url = "https://shop.example/s?q={keyword}&page={page}"
    card = "li.item"
    empty = "p.none"
    fields: ClassVar = {"ad_id": "::attr(data-id)", "title": "a::text", "url": "a::attr(href)"}
    detail: ClassVar = {"title": "h1::text", "description": ".text::text"}


def answering(own: Callable[[str], str]) -> Callable[[Request], Given]:
    def answer(request: Request) -> Given:
        parts = urlsplit(request.url)
        if parts.path.startswith("/i/"):
            return Given(own(unquote(parts.path.removeprefix("/i/"))))
        query = parse_qs(parts.query)
        goods = [f"{query['q'][0]}{what}" for what in ("手镯", "吊坠")]
        cards = "".join(
            f'<li class="item" data-id="{each}"><a href="/i/{each}">{each}</a></li>'
            for each in goods
        )
        return Given(cards if query["page"] == ["1"] else '<p class="none">没有找到</p>')

    return answer


TERMS = "象牙,虎骨,玳瑁,犀角,穿山甲"


@pytest.mark.parametrize(
    "own", ["<h1>收藏品交易网</h1>", "<h1>抱歉</h1><p>该商品已下架</p>", "<h1>正品保证</h1>"]
)
def test_one_title_on_all_own_pages_breaks_the_run(own: str) -> None:
    with answered_run(Shop, answering(lambda _: own), keywords=TERMS) as run:
        judgement = run.judgement()
        assert judgement.health == "broken", judgement.reason
        assert "10 of 10 advertisements' own pages show the title" in judgement.reason


@pytest.mark.parametrize(
    "own",
    [
        lambda title: f"<h1>{title} 老料</h1>",
        lambda title: "<h1>已下架</h1>" if "手镯" in title else f"<h1>{title}</h1>",
        lambda _: "<p>老料</p>",
    ],
)
def test_own_pages_with_their_own_titles_or_some_that_are_gone_are_ok(
    own: Callable[[str], str],
) -> None:
    with answered_run(Shop, answering(own), keywords=TERMS) as run:
        assert run.judgement().health == "ok", run.judgement().reason
