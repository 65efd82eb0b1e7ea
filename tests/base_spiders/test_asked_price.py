"""Asking prices in the posts of boards that declare no selector for a price."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from tests.helpers.answered_run import Given, answered_run, made
from wildcrawl.base_spiders import BoardSpider, JsonBoardSpider
from wildcrawl.items import Advertisement


class Hall(BoardSpider):
    name = "hall"
    label = "Hall"
    kind = "forum"
    since = "2026-01"
    home = "https://hall.example/"
    boards = {"2": "交易"}
    board_path = "/board/{board}?page={page}"
    card = "tr"
    next_page = "a.next::attr(href)"
    fields = {"ad_id": "::attr(data-id)", "url": "a::attr(href)", "title": "a::text"}
    detail = {"title": "h1::text", "description": "div.post:first-of-type .text ::text"}


def read(text: str, title: str = "老料手串", site: type[BoardSpider] = Hall, more: str = "") -> Any:
    page = f'<h1>{title}</h1>{more}<div class="post"><p class="text">{text}</p></div>'
    page += '<div class="post"><p class="text">售价：1元</p></div>'
    return made(site).read_details(HtmlResponse("https://hall.example/7", body=page.encode()))


@pytest.mark.parametrize(
    ("text", "title", "price"),
    [
        ("圈口58。售价：3500元包邮", "老料手串", "3500元"),
        ("圈口58", "老料手串 一口价￥800", "￥800"),
        ("价格面议", "老料手串", "面议"),
        ("上图交流，不出售", "老料手串", None),
        ("圈口58，重20克", "老料手串", None),
    ],
)
def test_a_board_reads_the_price_from_the_post(text: str, title: str, price: str | None) -> None:
    assert read(text, title).get("price") == price


class Priced(Hall):
    detail = {**Hall.detail, "price": ".price::text"}


def test_a_declared_selector_is_read_before_the_text() -> None:
    assert read("售价：5元", site=Priced, more='<b class="price">￥9</b>')["price"] == "￥9"
    assert read("售价：5元", site=Priced)["price"] == "5元"


def test_the_price_reaches_the_advertisement() -> None:
    def answer(request: Request) -> Given:
        if "/board/" in request.url:
            return Given('<tr data-id="7"><td><a href="/t/7">老象牙手串</a></td></tr>')
        return Given('<h1>老象牙手串</h1><div class="post"><p class="text">售价：800元</p></div>')

    with answered_run(Hall, answer) as run:
        (ad,) = run.items
        assert isinstance(ad, Advertisement)
        assert (ad.ad_id, ad.price) == ("7", "800元")


class DataHall(JsonBoardSpider):
    name = "data_hall"
    label = "Data hall"
    home = "https://hall.example/"
    boards = {"2": "交易"}
    board_path = "/api/{board}?page={page}"
    results = "threads"
    fields = {"ad_id": "id", "title": "title"}
    detail = {"description": "text"}


def test_a_board_in_data_does_the_same() -> None:
    body = json.dumps({"text": "出价：120元"}).encode()
    page = HtmlResponse("https://hall.example/api/t/7", body=body, encoding="utf-8")
    assert made(DataHall).read_details(page)["price"] == "120元"
