"""Shrunk lists: goods removed while a list is read hide others, which are read after all."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse, Response

from tests.helpers.searched import NONE, Market, Run, Searched, Shown
from wildcrawl.analysis.vocabulary import Keyword
from wildcrawl.base_spiders.closing_evidence import Check
from wildcrawl.base_spiders.extraction import ResultPage, Search
from wildcrawl.base_spiders.searched import Pages
from wildcrawl.base_spiders.short_pages import ReadPage
from wildcrawl.base_spiders.shrunk_lists import ShrunkLists

SIZE = 10


class Shop:
    """A site that removes its first goods after some requests for a keyword; maybe with totals."""

    def __init__(
        self, removed: dict[tuple[str, int], int], *, totals: bool, count: int = 47
    ) -> None:
        self.removed = removed
        self.totals = totals
        self.count = count
        self.goods = {
            keyword: [f"{keyword}挂件 {n}" for n in range(count)] for keyword in ("象牙", "虎骨")
        }
        self.asked: dict[str, int] = {}

    def __call__(self, keyword: str, number: int) -> Shown:
        goods = self.goods.get(keyword, [])
        part = goods[(number - 1) * SIZE : number * SIZE] if number else []
        total = f"<p>共 {len(goods)} 件</p>" if self.totals else ""
        self.asked[keyword] = self.asked.get(keyword, 0) + 1
        del goods[: self.removed.get((keyword, self.asked[keyword]), 0)]
        cards = "".join(
            f'<li class="item" data-id="{title}"><a href="/i/{title}">{title}</a></li>'
            for title in part
        )
        return 200, f"<ul>{cards}</ul>{total}" if cards else NONE

    @property
    def left(self) -> set[str]:
        return {title for goods in self.goods.values() for title in goods}


def test_what_moved_to_a_page_already_read_is_read_where_totals_show_it(run: Run) -> None:
    shop = Shop({("象牙", 2): 1, ("虎骨", 1): 2}, totals=True)
    done = run(Market, shop, "象牙,虎骨")
    assert shop.left <= done.ids
    assert done.judgement.health == "ok"
    assert done.judgement.reason == (
        "goods were removed while the lists were read, so that others moved to pages already "
        "read: 2 of these were requested again and had 3 more"
    )


def test_pages_beyond_the_number_of_checks_are_said(run: Run) -> None:
    shop = Shop({("象牙", number): 1 for number in range(1, 12)}, totals=True, count=130)
    done = run(Market, shop, "象牙,虎骨")
    missing = shop.left - done.ids
    assert missing
    assert "were not: not certain that nothing is missing" in done.judgement.reason


def test_lists_that_stay_as_they_are_cost_no_request(run: Run) -> None:
    done = run(Market, Shop({}, totals=True), "象牙,虎骨")
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert "shrunk" not in [request.cb_kwargs["search"].check for request in done.run.requests]


def test_a_total_of_the_page_alone_is_none_of_the_list(run: Run) -> None:
    shop = Shop({}, totals=False)

    def answer(keyword: str, number: int) -> Shown:
        status, body, *_ = shop(keyword, number)
        return status, f"{body}<p>共 {body.count('<li')} 件</p>"

    assert "goods were removed" not in run(Market, answer, "象牙,虎骨").judgement.reason


def long_shop(removed: dict[tuple[str, int], int]) -> Shop:
    """Lists of five pages without a total, and one of two."""
    shop = Shop(removed, totals=False)
    del shop.goods["虎骨"][14:]
    return shop


def asked_again(done: Searched) -> list[tuple[str, int]]:
    searches = [request.cb_kwargs["search"] for request in done.run.requests]
    return [(each.phrase, each.page) for each in searches if each.check == Check.MIDDLE]


def test_a_list_without_a_total_costs_one_request_in_its_middle(run: Run) -> None:
    done = run(Market, long_shop({}), "象牙,虎骨")
    assert asked_again(done) == [("虎骨", 1), ("象牙", 3)]
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


class Counting(Market):
    """Counts the answers that it reads."""

    reads = 0

    def read_answer(self, response: Response) -> tuple[HtmlResponse, ResultPage]:
        self.reads += 1
        return super().read_answer(response)


def test_a_page_that_is_the_same_again_byte_for_byte_is_not_read_again(run: Run) -> None:
    done = run(Counting, long_shop({}), "象牙,虎骨")
    assert len(asked_again(done)) == 2
    assert isinstance(done.spider, Counting)
    assert done.spider.reads == len(done.run.requests) - 2


@pytest.mark.parametrize("after", [3, 4, 5])
def test_what_moved_to_the_middle_of_a_list_or_beyond_is_read_without_totals(
    run: Run, after: int
) -> None:
    """A first result is removed when three or four of the five pages have been read."""
    shop = long_shop({("象牙", after): 1})
    done = run(Market, shop, "象牙,虎骨")
    assert shop.left <= done.ids
    assert ("goods were removed while the lists were read" in done.judgement.reason) is True


@pytest.mark.parametrize("after", [3, 5, 7])
def test_the_quarters_of_a_long_list_show_what_its_middle_does_not(run: Run, after: int) -> None:
    """A good of the page just read is removed; the list has nine pages."""
    goods = [f"象牙挂件 {number}" for number in range(90)]
    asked = 0

    def answer(keyword: str, number: int) -> Shown:
        nonlocal asked
        part = goods[(number - 1) * SIZE : number * SIZE] if keyword == "象牙" and number else []
        asked += 1
        if asked == after:
            del goods[(after - 1) * SIZE + 4]
        cards = "".join(f'<li class="item" data-id="{each}"><a>{each}</a></li>' for each in part)
        return 200, f"<ul>{cards}</ul>" if cards else NONE

    done = run(Market, answer, "象牙")
    assert {*goods} <= done.ids
    assert "goods were removed while" in done.judgement.reason


def test_a_long_list_that_stays_as_it_is_costs_three_requests(run: Run) -> None:
    shop = Shop({}, totals=False, count=87)
    del shop.goods["虎骨"][57:]
    assert len(asked_again(run(Market, shop, "象牙,虎骨"))) == 6


def test_a_list_of_two_pages_loses_nothing_without_totals(run: Run) -> None:
    shop = long_shop({("虎骨", 1): 2})
    done = run(Market, shop, "象牙,虎骨")
    assert shop.left <= done.ids
    assert "2 more, and 3 were not: not certain that nothing is missing" in done.judgement.reason


def test_new_goods_and_a_page_that_fails_cost_no_further_request(run: Run) -> None:
    shop = long_shop({})

    def answer(keyword: str, number: int) -> Shown:
        if shop.asked.get(keyword, 0) == 4:
            shop.goods[keyword][:0] = [f"{keyword}新挂件"]
        if (keyword, number) == ("虎骨", 1) and shop.asked.get(keyword, 0) > 1:
            return 404, ""
        return shop(keyword, number)

    done = run(Market, answer, "象牙,虎骨")
    assert len(asked_again(done)) == 2
    assert "removed" not in done.judgement.reason
    assert len(done.ids) >= 61
    assert done.spider.all_searched


def test_a_total_or_a_page_limit_needs_no_page_again(run: Run) -> None:
    assert not asked_again(run(Market, Shop({}, totals=True), "象牙,虎骨"))


def test_a_list_that_loses_its_first_good_with_each_request_left_none_out(run: Run) -> None:
    shop = Shop({("象牙", number): 1 for number in range(1, 99)}, totals=False, count=95)
    done = run(Market, shop, "象牙")
    assert shop.goods["象牙"]
    assert not {*shop.goods["象牙"]} <= done.ids
    assert done.judgement.health == "thin"
    assert done.judgement.reason.startswith(
        "so many goods were removed while the lists were read that the last page of 1 search had "
        "moved up when it was requested again ('象牙': 0 of "
    )
    assert "now and then" not in done.judgement.reason


@pytest.mark.parametrize("now", ["", "fg", "g"])
def test_a_last_page_whose_results_moved_up_was_not_cut(now: str) -> None:
    page = read_page("abcdefg")
    lists = ShrunkLists(removed={"象牙"})
    assert lists.moved_away(page, list(now), longest=10)
    assert lists.shortened == {"象牙": (len(now), 7)}


@pytest.mark.parametrize(
    ("removed", "now"), [({"虎骨"}, "fg"), ({"象牙"}, "ab"), ({"象牙"}, "abcdefg")]
)
def test_another_list_or_other_results_have_not_moved_up(removed: set[str], now: str) -> None:
    lists = ShrunkLists(removed=removed)
    assert not lists.moved_away(read_page("abcdefg"), list(now), longest=10)


def read_page(ids: str) -> ReadPage:
    keyword = Keyword("象牙", "ivory", "", ambiguous=False, since="")
    search = Search(keyword, "象牙", 1, ad_ids=set(ids), pages=Pages(sizes=[1]))
    return ReadPage(search, 1, tuple(ids))


class ThreePages(Market):
    max_pages = 3


def test_a_list_that_a_limit_ended_is_not_requested_again(run: Run) -> None:
    assert not asked_again(run(ThreePages, Shop({}, totals=False), "象牙"))
