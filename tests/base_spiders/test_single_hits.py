"""Single hits: a search with one result that the site answers with that result's own page."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request

from tests.helpers.answered_run import Given, answered_run
from tests.helpers.due_pages_site import Shop
from tests.helpers.searched import NONE, Api, Market
from wildcrawl.base_spiders.extraction import Layout

OWN = '<h1>{0}手镯</h1><p class="text">{0}老料</p><p class="seller">甲店</p>'


class Numbered(Shop):
    fields: ClassVar = {"title": "a::text", "url": "a::attr(href)"}
    patterns: ClassVar = {"ad_id": "/i/([0-9]+)"}


def answer(request: Request) -> Given:
    """The only 犀角 is shown at once."""
    parts = urlsplit(request.url)
    if parts.path.startswith("/i/"):
        return Given(OWN.format("犀角" if parts.path == "/i/900" else "象牙"))
    keyword = parse_qs(parts.query)["q"][0]
    if keyword == "犀角":
        return Given(OWN.format(keyword), led_to="/i/900")
    card = '<li class="item" data-id="{0}"><a href="/i/{0}">象牙手镯 {0}</a></li>'
    cards = "".join(card.format(number) for number in range(100, 104))
    return Given(cards if keyword == "象牙" else NONE)


@pytest.mark.parametrize(("site", "health"), [(Numbered, "ok"), (Shop, "broken")])
def test_the_own_page_is_read_or_missed_aloud(
    site: type[Shop], health: str, sqlite_url: str
) -> None:
    with answered_run(site, answer, sqlite_url, keywords="象牙,犀角,虎骨") as run:
        judgement = run.judgement()
        assert judgement.health == health, judgement.reason
        assert ("900" in run.found) is (health == "ok")
        said = "(searches: 1, such as '犀角': https://shop.example/i/900)"
        spider: Any = run.spider
        assert (said in spider.single_hits.message()) is (health != "ok")


class Mixed(Api):
    """A search that is answered with JSON, and own pages in HTML."""

    max_pages = 1
    fields: ClassVar = {"ad_id": "id", "title": "title", "url": "url"}
    other_details: ClassVar = (Layout(fields={"description": ".text", "seller": ".seller"}),)


def test_own_pages_in_html_are_read_beside_a_search_in_json(sqlite_url: str) -> None:
    def mixed(request: Request) -> Given:
        if "/i/" in request.url:
            return Given(OWN.format("象牙"))
        return Given(json.dumps({"items": [{"id": "7", "title": "象牙手镯", "url": "/i/7"}]}))

    site = "https://m.example"
    with answered_run(Mixed, mixed, sqlite_url, keywords="象牙", demo_url=site) as run:
        assert run.judgement().health == "ok"
        assert [(each.description, each.seller) for each in run.items] == [("象牙老料", "甲店")]


def test_a_category_that_a_search_leads_to_is_no_result(sqlite_url: str) -> None:
    class Unmarked(Market):
        patterns: ClassVar = {"ad_id": "/c/([0-9]+)"}

    def category(request: Request) -> Given:
        return Given("<h1>象牙专区</h1><p>敬请期待</p>", led_to="/c/5")

    with answered_run(
        Unmarked, category, sqlite_url, keywords="象牙", demo_url="https://m.example"
    ) as run:
        assert not run.found
