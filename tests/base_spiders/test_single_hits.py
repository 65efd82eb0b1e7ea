"""Single hits: a search with one result that the site answers with that result's own page."""

from __future__ import annotations

import json
from collections.abc import Callable
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


@pytest.mark.parametrize(("site", "health"), [(Numbered, "ok"), (Shop, "thin")])
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


@pytest.mark.parametrize("site", [Numbered, Shop])
def test_a_first_search_with_one_result_is_read_once_others_show_its_kind(
    site: type[Shop], sqlite_url: str
) -> None:
    with answered_run(site, answer, sqlite_url, keywords="犀角,象牙,虎骨") as run:
        judgement = run.judgement()
        assert judgement.health == ("ok" if site is Numbered else "thin"), judgement.reason
        assert ("900" in run.found) is (site is Numbered)
        assert ("declare a detail_url" in judgement.reason) is (site is Shop)


def test_pages_that_nothing_shows_to_be_results_are_named(sqlite_url: str) -> None:
    with answered_run(Shop, led("/i/{0}", OWN), sqlite_url, keywords="犀角,虎骨,玳瑁") as run:
        judgement = run.judgement()
        assert judgement.health == "broken"
        assert "(searches: 3, such as '犀角': https://shop.example/i/900)" in judgement.reason


def led(path: str, page: str) -> Callable[[Request], Given]:
    """The answers of `answer`, but that 犀角, 虎骨 and 玳瑁 are led to `path` and its `page`."""

    def led_to(request: Request) -> Given:
        keyword = parse_qs(urlsplit(request.url).query).get("q", [""])[0]
        if "/s?" not in request.url or keyword == "象牙":
            return answer(request)
        place = 900 + ("犀角", "虎骨", "玳瑁").index(keyword)
        return Given(page.format(keyword), led_to=path.format(place))

    return led_to


@pytest.mark.parametrize(
    ("pattern", "path", "page"),
    [
        # The pattern is meant for a card's data-id, and finds a number of the host or category.
        ("([0-9]+)", "/c12/i/{0}.html", OWN),
        # An empty result in unknown words.
        ("(p[0-9])", "/search/{0}-p1/", '<h1>{0}</h1><p class="text">换个词试试</p>'),
        # A category.
        ("/[ci]/([0-9]+)", "/c/{0}", '<h1>{0}专区</h1><p class="text">敬请期待</p>'),
        # A page of the results' shape without an advertisement.
        ("/i/([0-9]+)", "/i/{0}", '<h1>{0}</h1><p class="seller">甲店</p>'),
    ],
)
def test_a_page_that_is_no_result_by_address_and_contents_is_none(
    pattern: str, path: str, page: str, sqlite_url: str
) -> None:
    class Led(Shop):
        fields: ClassVar = Shop.fields if pattern == "([0-9]+)" else Numbered.fields
        patterns: ClassVar = {"ad_id": pattern}

    with answered_run(Led, led(path, page), sqlite_url, keywords="象牙,犀角,虎骨,玳瑁") as run:
        assert len(run.found) == 4
        assert run.judgement().health == "broken"


@pytest.mark.parametrize(("detail_url", "found"), [("https://shop.example/i/{ad_id}", 3), ("", 0)])
def test_the_own_page_is_read_by_its_declared_address(
    detail_url: str, found: int, sqlite_url: str
) -> None:
    class Declared(Numbered):
        pass

    Declared.detail_url = detail_url
    with answered_run(Declared, led("/i/{0}", OWN), sqlite_url, keywords="犀角,虎骨,玳瑁") as run:
        assert len(run.found) == found
        assert (run.judgement().health == "ok") is bool(found)


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
