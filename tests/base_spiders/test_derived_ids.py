"""Derived ids in a crawl: one spelling, one advertisement, and a verdict that tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings

from tests.helpers.earlier_ids import earlier_id
from wildcrawl.analysis.ids import derive_ad_id
from wildcrawl.base_spiders import BoardSpider, HtmlSearchSpider
from wildcrawl.base_spiders.derived_ids import DerivedIdsDetector, RenewedIdsDetector
from wildcrawl.base_spiders.extraction import Find
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Advertisement, Sighting
from wildcrawl.store.base import Address

HOME = "https://www.mall.example/"


class Mall(HtmlSearchSpider):
    """A site whose results show no id."""

    name = "mall"
    home = HOME
    search_url = HOME + "search?q={keyword}"
    card = "li"
    fields = {"url": "a::attr(href)", "title": "a::text", "price": "b::text"}


class NumberedMall(Mall):
    """A site whose results should show an id."""

    fields = {**Mall.fields, "ad_id": "::attr(data-id)"}


def spider_of(kind: type[Mall], store_url: str) -> Mall:
    settings = get_project_settings()
    settings.set("WILDCRAWL_STORE", store_url, priority="cmdline")
    crawler = Crawler(kind, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    spider = kind.from_crawler(crawler)
    _ = spider.session.store
    return spider


@pytest.fixture
def mall(sqlite_url: str) -> Iterator[Mall]:
    spider = spider_of(Mall, sqlite_url)
    yield spider
    spider.session.store.close()


@pytest.fixture
def numbered(sqlite_url: str) -> Iterator[Mall]:
    spider = spider_of(NumberedMall, sqlite_url)
    yield spider
    spider.session.store.close()


def found(spider: Mall, *rows: dict[str, Any], keyword: int = 0) -> list[Any]:
    read = [dict(row) for row in rows]
    return list(spider.found([r for r in read if spider.has_id(r)], spider.keywords[keyword]))


def row(number: int, url: str = "", **given: str) -> dict[str, Any]:
    fields = {"title": f"老象牙手镯 第{number}号", "price": f"{number}00"}
    return {"url": url or f"{HOME}item/{number}", **fields, **given}


def test_an_advertisement_at_several_addresses_is_found_once(mall: Mall) -> None:
    addresses = ["item/5", "item/5?from=list", "item/5?spm=1.2&q=象牙", "item/5/#comments"]
    items = found(mall, *(row(5, HOME + address) for address in addresses))
    items += found(mall, row(5, "http://m.mall.example/item/5"), keyword=1)
    assert [type(item) for item in items] == [Advertisement, Sighting]
    assert len({item.ad_id for item in items}) == 1
    assert mall.stats.get_value(Stat.FOUND) == 1


def test_results_without_a_page_of_their_own_are_told_apart_by_title(mall: Mall) -> None:
    items = found(mall, *(row(number, f"{HOME}search?q=象牙") for number in range(3)))
    assert len({item.ad_id for item in items}) == 3


def test_an_advertisement_of_an_earlier_version_is_seen_again_and_not_new(mall: Mall) -> None:
    url = f"{HOME}item/5?spm=9"
    moment = datetime(2016, 5, 3, tzinfo=UTC)
    mall.session.store.record(
        [Advertisement("mall", earlier_id(url), url, title="老象牙手镯", found_at=moment)], "r"
    )
    (item,) = found(mall, row(5, f"{HOME}item/5"))
    assert isinstance(item, Sighting)
    assert item.ad_id == earlier_id(url)


@pytest.mark.parametrize("shown", ["６１２３", "61\u200b23", "6123.0", " 6123 "])
def test_a_sites_id_has_one_spelling(numbered: Mall, shown: str) -> None:
    items = found(numbered, row(1, ad_id="6123"), row(1, ad_id=shown))
    assert [item.ad_id for item in items] == ["6123"]


def test_a_number_that_lost_its_digits_is_no_id(numbered: Mall) -> None:
    items = found(numbered, row(1, ad_id="6.12e+18"), row(2, ad_id="6.12e+18"))
    assert [item.ad_id for item in items] == [
        derive_ad_id(row(number)["url"], "", "") for number in (1, 2)
    ]


def test_a_site_that_shows_one_advertisement_at_several_addresses_is_reported(mall: Mall) -> None:
    rows = [row(number) for number in range(5)]
    rows += [row(number, f"{HOME}hot/{number}-ivory.html") for number in range(5)]
    found(mall, *rows)
    report = mall.run_report()
    assert "10 of 10 advertisements" in report.doubtful_ids
    assert "(5 different ones)" in report.doubtful_ids
    assert report.notes == ()


def test_derived_ids_are_in_the_reason_and_no_fault_of_a_site_that_shows_none(mall: Mall) -> None:
    rows = [row(number) for number in range(20)]
    # The same goods offered twice, as sellers do.
    rows += [row(number, f"{HOME}item/2{number}") for number in range(4)]
    found(mall, *rows)
    report = mall.run_report()
    assert report.doubtful_ids == ""
    assert report.notes[0].startswith("the ids of 24 of 24 advertisements are derived")


def test_ids_that_a_site_should_show_and_does_not_are_a_fault(numbered: Mall) -> None:
    found(numbered, *(row(number) for number in range(8)), row(99, ad_id="99"))
    assert numbered.run_report().doubtful_ids.startswith("8 of 9 advertisements show no id")


def test_a_few_missing_ids_are_no_fault(numbered: Mall) -> None:
    found(numbered, *(row(number, ad_id=str(number)) for number in range(8)), row(99))
    report = numbered.run_report()
    assert (report.doubtful_ids, report.notes) == ("", ())


def test_addresses_with_blanks_are_whole(mall: Mall) -> None:
    boxes = "".join(
        f'<li><a href="/i/老象牙 {number}号.html">老象牙手镯</a></li>' for number in range(4)
    )
    page = HtmlResponse(HOME, body=boxes.encode(), encoding="utf-8")
    rows = list(mall.read_results(page).rows)
    assert len({item.ad_id for item in found(mall, *rows)}) == 4


def recorded(spider: Mall, *urls: str, run: str, day: int) -> None:
    """Stores what is found at addresses, one advertisement at each, as a pipeline does."""
    items = found(spider, *(row(number, url) for number, url in enumerate(urls)))
    ads = [item for item in items if isinstance(item, Advertisement)]
    for ad in ads:
        ad.found_at = datetime(2016, 5, day, tzinfo=UTC)
    spider.session.store.record(ads, run)


@pytest.mark.parametrize(
    ("second", "again"),
    [("go/b{}", 0), ("2016b/item/{}", 0), ("go/b{}", 3), ("item/{}", 20)],
)
def test_addresses_that_change_from_run_to_run_are_a_fault(
    sqlite_url: str, second: str, again: int
) -> None:
    first = spider_of(Mall, sqlite_url)
    urls = [f"{HOME}item/{number}" for number in range(20)]
    recorded(first, *urls, run="r1", day=3)
    assert first.run_report().doubtful_ids == ""
    first.session.store.close()
    later = spider_of(Mall, sqlite_url)
    changed = [HOME + second.format(number) for number in range(20)]
    recorded(later, *urls[:again], *changed[again:], run="r2", day=4)
    doubt = later.run_report().doubtful_ids
    assert doubt.startswith("20 of 20 new advertisements have the title") is (again == 0)
    assert (doubt == "") is (again > 0)
    later.session.store.close()


@pytest.mark.parametrize(("sellers", "fault"), [(1, False), (5, True)])
def test_goods_listed_anew_under_ids_of_the_sites_own_are_said_and_of_all_sellers_a_fault(
    sqlite_url: str, sellers: int, fault: bool
) -> None:
    for run, day in (("r1", 3), ("r2", 4)):
        mall = spider_of(Mall, sqlite_url)
        rows = [
            {
                **row(each, f"{HOME}i/{run}{each}"),
                "ad_id": f"{run}{each}",
                "seller": f"藏友{each % sellers}",
            }
            for each in range(20)
        ]
        ads = [item for item in found(mall, *rows) if isinstance(item, Advertisement)]
        for ad in ads:
            ad.found_at = datetime(2016, 5, day, tzinfo=UTC)
        mall.session.store.record(ads, run)
        report = mall.run_report()
        said = "".join((*report.notes, report.doubtful_ids))
        assert ("if they were not listed anew" in said) is (day == 4)
        assert bool(report.doubtful_ids) is (fault and day == 4)
        mall.session.store.close()


class Board(BoardSpider):
    """A board whose posts have ids."""

    name = "mall"
    home = HOME
    boards: ClassVar = {"1": "交易"}
    board_path = "/list?id={board}&page={page}"
    card = "tr"
    fields: ClassVar = {"ad_id": "::attr(id)", "title": "a::text", "url": "a::attr(href)"}


def test_dealers_who_post_the_same_text_again_are_no_fault_of_a_board(sqlite_url: str) -> None:
    for run in ("r1", "r2"):
        board: Any = spider_of(Board, sqlite_url)  # type: ignore[arg-type]
        posts = {f"{run}{each}": row(each, f"{HOME}t/{run}{each}") for each in range(20)}
        board.finds = {ad_id: Find(["象牙"]) for ad_id in posts}
        items = board.first_found(
            {ad_id: {"ad_id": ad_id, **post} for ad_id, post in posts.items()}
        )
        ads = [item for item in items if isinstance(item, Advertisement)]
        assert len(ads) == 20
        for ad in ads:
            ad.found_at = datetime(2016, 5, int(run[1:]), tzinfo=UTC)
        board.session.store.record(ads, run)
        assert board.run_report().doubtful_ids == ""
        board.session.store.close()


def test_a_market_whose_goods_are_other_ones_each_month_has_no_renewed_ids() -> None:
    detector = RenewedIdsDetector()
    detector.add([f"n{number}" for number in range(20)], ())
    stored = [Address(f"n{each}", "", f"老象牙手镯一只{each}", "") for each in range(20)]
    earlier = [Address(f"o{each}", "", f"老象牙手镯一只{each}", "") for each in range(9)]
    assert detector.message([*stored, *earlier]) == ""
    # One title of many sellers' goods stands for one of an earlier run, not for all.
    alike = [Address(f"n{each}", "", "清代老象牙手镯", "") for each in range(20)]
    assert detector.message([*alike, Address("o1", "", "清代老象牙手镯", "")]) == ""


def test_equal_titles_of_different_sellers_or_prices_are_several_advertisements() -> None:
    detector = DerivedIdsDetector()
    for number in range(30):
        url = f"{HOME}{number}"
        title = "老象牙手镯一只"
        detector.add(
            {"ad_id": derive_ad_id(url, "", ""), "title": title, "seller": f"卖家{number}"},
            derived=True,
        )
    assert detector.repeated() == ""


def test_short_titles_alone_prove_nothing() -> None:
    detector = DerivedIdsDetector()
    for number in range(30):
        detector.add(
            {"ad_id": derive_ad_id(f"{HOME}{number}", "", ""), "title": "象牙"}, derived=True
        )
    assert detector.repeated() == ""


def test_an_own_page_is_fetched_at_the_address_that_the_site_shows(sqlite_url: str) -> None:
    class Detailed(Mall):
        detail = {"description": "p::text"}

    spider = spider_of(Detailed, sqlite_url)
    url = f"{HOME}item/5?spm=1.2"
    (request,) = found(spider, row(5, url))
    assert isinstance(request, Request)
    assert request.url == url
    spider.session.store.close()
