"""Limits of one page: results, links and boards beyond them are counted, said, and not read."""

from __future__ import annotations

import json
import tracemalloc
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from parsel import Selector
from scrapy.http import HtmlResponse, Request

from tests.helpers.answered_run import made
from tests.helpers.board_spiders import SmallForumSpider
from tests.helpers.searched import Api, Market, Searched
from wildcrawl.base_spiders import pager
from wildcrawl.base_spiders.extraction import MOST_CARDS, elements_at, select
from wildcrawl.base_spiders.own_words import words_of
from wildcrawl.base_spiders.pager import shows_next, text_in, too_many_links
from wildcrawl.base_spiders.pager_numbers import page_place, read_pager
from wildcrawl.base_spiders.responses import readable
from wildcrawl.crawl.stats import Stat
from wildcrawl.crawl.stopping import DownloadStopped

LIMIT = 8


def card(place: int) -> str:
    return f'<li class="item" data-id="{place}"><a href="/i/{place}">象牙 {place}</a></li>'


class Short(Market):
    max_results = LIMIT


class ShortApi(Api):
    max_results = LIMIT


def entries(number: int) -> str:
    return json.dumps({"items": [{"id": each, "title": f"象牙 {each}"} for each in range(number)]})


@pytest.mark.parametrize("number", [LIMIT, LIMIT + 5])
@pytest.mark.parametrize("site", [Short, ShortApi])
def test_results_beyond_a_limit_are_counted_and_not_read(
    site: type[Any], number: int, sqlite_url: str
) -> None:
    def answer(keyword: str, page: int) -> tuple[int, str]:
        shown = number if page == 1 else 0
        if site is ShortApi:
            return 200, entries(shown)
        cards = "".join(map(card, range(shown)))
        return 200, f"<ul>{cards}</ul>" if cards else '<p class="none">没有找到</p>'

    done = Searched(site, answer, sqlite_url, "象牙")
    assert done.ids == {str(place) for place in range(LIMIT)}
    if number == LIMIT:
        assert done.judgement.health == "ok", done.judgement.reason
    else:
        assert done.judgement.health == "thin"
        assert "5 more results were on 1 page and not read" in done.judgement.reason
        assert f"at most {LIMIT} of a page" in done.judgement.reason


def test_a_page_of_empty_cards_takes_no_object_for_each() -> None:
    number = MOST_CARDS + 10_000
    answer = HtmlResponse(
        "https://shop.example/", body=b"<ul>" + b"<li>" * number, encoding="utf-8"
    )
    page = readable(answer, "utf-8")
    page.selector  # noqa: B018
    tracemalloc.start()
    try:
        cards = elements_at(page.selector, "li")
        words_of(page, cards[:1] if cards else ())
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert cards is not None
    assert (len(cards), cards.total) == (MOST_CARDS, number)
    assert peak - kept < 4_000_000, "the page's words are read element by element"


@pytest.mark.parametrize("query", ["li, b", "//li | //b", "(//b)[1]", "//li[position() > 1]"])
def test_the_first_cards_are_those_that_a_selector_finds(query: str) -> None:
    node = Selector("<b>1</b><ul><li>2<li>3</ul><b>4</b>")
    found = elements_at(node, query)
    assert found is not None
    assert found == [each.root for each in select(node, query)]
    assert found.total == len(found)


def test_a_page_of_links_is_searched_from_both_ends(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pager, "MOST_LINKS", 20)
    noise = "".join(f'<a href="/x/{each}">link {each}x</a>' for each in range(50))
    following = '<a href="/search?q=象牙&page=2">下一页</a>'
    place = page_place("/search?q={keyword}&page={page}")
    for page in (f"{following}{noise}", f"{noise}{following}"):
        selector = Selector(f"<body>{page}</body>")
        assert too_many_links(selector) == 51
        assert shows_next(selector, 1)
        assert read_pager(selector, "https://m.example/search?q=x&page=1", place).following == 2

    def answer(keyword: str, page: int) -> tuple[int, str]:
        return 200, f"<ul>{card(1)}{card(2)}</ul>{noise}" if page == 1 else '<p class="none"></p>'

    judgement = Searched(Market, answer, sqlite_url, "象牙").judgement
    assert judgement.health == "thin"
    assert "a page has 52 links" in judgement.reason


def test_the_text_of_a_control_is_read_up_to_a_length() -> None:
    (link,) = Selector(f"<a>{' ' * 90}<b>下一</b>页{'x' * 90}</a>").root.iter("a")
    assert text_in(link, 5) == "下一页xx"
    assert text_in(link, 500) == "下一页" + "x" * 90


@pytest.mark.parametrize("query", [pager._CONTROLS, "/descendant::a[@href]"])
def test_links_before_and_after_a_list_are_found_in_order(query: str) -> None:
    page = Selector('<p><a href="1">1</a></p><ul><li><a href="2">2</a></ul><a href="3">3</a>')
    assert [each.get("href") for each in pager.elements(page, query)] == ["1", "2", "3"]


class Index(SmallForumSpider):
    boards: ClassVar[dict[str, str]] = {}
    board_words = ()
    most_boards = 2

    def read_boards(self, response: Any) -> dict[str, str]:
        return {str(each): f"board {each}" for each in range(5)}


def test_boards_beyond_a_limit_are_named(sqlite_url: str) -> None:
    spider: Any = made(Index, sqlite_url)
    page = HtmlResponse("https://m.example/", body=b"<p>boards</p>", encoding="utf-8")
    requests = list(spider.parse_index(page))
    assert len(requests) == 2
    assert "3 boards of the index beyond the first 2 were not read" in spider.run_report().unread
    spider.session.store.close()


def test_an_answer_that_is_not_waited_for_is_no_failed_page(sqlite_url: str) -> None:
    spider = made(Market, sqlite_url)
    request = Request("https://m.example/search")
    failure: Any = SimpleNamespace(
        value=DownloadStopped("stops"), request=request, getErrorMessage=lambda: "stops"
    )
    spider.request_failed(failure)
    assert not spider.stats.get_value(Stat.PAGES_FAILED)
    spider.session.store.close()
