"""Shop whose own pages fail as a test says, and its site."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from scrapy import Request

from tests.helpers.answered_run import Given
from wildcrawl.base_spiders import HtmlSearchSpider


class Shop(HtmlSearchSpider):
    name = "shop"
    label = "Shop"
    kind = "antiques"
    home = "https://shop.example/"
    search_url = "https://shop.example/s?q={keyword}&page={page}"
    max_pages = 1
    card = "li.item"
    empty = "p.none"
    fields: ClassVar = {"ad_id": "::attr(data-id)", "title": "a::text", "url": "a::attr(href)"}
    detail: ClassVar = {"description": ".text::text", "seller": ".seller::text"}


class Site:
    """The site's answers; own pages fail with `status` unless it is 200."""

    def __init__(self) -> None:
        self.status: dict[str, int] = {}
        self.text = '<p class="text">老料</p><p class="seller">甲店</p>'
        self.asked: list[str] = []

    def answer(self, request: Request) -> Given:
        path = urlsplit(request.url).path
        if path == "/s":
            card = '<li class="item" data-id="{0}"><a href="/i/{0}">象牙手镯 {0}</a></li>'
            return Given("".join(card.format(f"ad{number}") for number in range(4)))
        name = path.removeprefix("/i/")
        self.asked.append(name)
        status = self.status.get(name, 200)
        return Given(self.text if status == 200 else "error", status)
