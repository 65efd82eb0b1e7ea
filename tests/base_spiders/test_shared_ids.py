"""Shared ids: a selector that reads a place for an id breaks the run; edited titles do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import ClassVar

import pytest

from tests.helpers.searched import KEYWORDS, Api, Market, Run, Shown
from wildcrawl.base_spiders.shared_ids import SharedIdsDetector

GOODS = ("手镯", "烟嘴", "吊坠", "印章")


def cards(made: Callable[[str, int, str], str]) -> Callable[[str, int], Shown]:
    def answer(keyword: str, number: int) -> Shown:
        if number > 1:
            return 200, '<p class="none">没有找到</p>'
        return 200, "<ul>" + "".join(made(keyword, *each) for each in enumerate(GOODS)) + "</ul>"

    return answer


def test_a_place_on_the_page_is_no_id(run: Run) -> None:
    numbered = cards(
        lambda keyword, place, what: (
            f'<li class="item" data-id="{place}">'
            f'<a href="/i/{keyword}{what}">{keyword}{what}</a></li>'
        )
    )
    judgement = run(Market, numbered).judgement
    assert judgement.health == "broken"
    assert "16 results have the id of another advertisement" in judgement.reason
    assert "(4 ids)" in judgement.reason


def test_an_id_derived_from_one_address_of_many_is_no_id(run: Run) -> None:
    class Unnumbered(Market):
        fields: ClassVar = {"title": "a::text", "url": "a::attr(href)"}

    listed = cards(
        lambda keyword, _, what: f'<li class="item"><a href="/shop/9">{keyword}{what}</a></li>'
    )
    done = run(Unnumbered, listed)
    assert len(done.ids) < len(KEYWORDS) * len(GOODS)
    assert done.judgement.health == "broken", done.judgement.reason


def test_one_id_and_one_link_for_all_results_of_a_page_break_the_run(run: Run) -> None:
    listed = cards(
        lambda keyword, _, what: (
            f'<li class="item" data-id="shop"><a href="/shop/9">{keyword}{what}</a></li>'
        )
    )
    done = run(Market, listed)
    assert len(done.ids) == 1
    assert done.judgement.health == "broken", done.judgement.reason


def test_an_api_whose_id_is_one_value_breaks_the_run(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        items = [{"id": 1, "title": f"{keyword}{what}"} for what in GOODS if number == 1]
        return 200, json.dumps({"items": items})

    assert run(Api, answer).judgement.health == "broken"


def test_titles_that_a_site_shortens_around_the_keyword_are_one_advertisements() -> None:
    shared = SharedIdsDetector()
    for number in range(20):
        for title in (
            f"清代老象牙手镯 {number} 号包老保真",
            f"…象牙手镯 {number} 号包老…",
            f"清代老象牙手镯 {number} 号",
        ):
            shared.add({"ad_id": f"A{number}", "title": title}, derived=False)
    assert shared.message() == ""


def test_a_few_titles_that_changed_or_one_page_with_two_titles_raise_no_alarm() -> None:
    shared = SharedIdsDetector()
    for number in range(20):
        for title in ("虎骨酒", "象牙手镯") if number < 5 else ("象牙手镯",):
            shared.add({"ad_id": f"A{number}", "title": title}, derived=False)
        for title in ("整牙", "玳瑁梳子"):
            row = {"ad_id": f"B{number}", "title": title, "url": f"/i/{number}"}
            shared.add(row, derived=False)
    assert shared.message() == ""


def test_one_id_for_most_of_a_page_is_none_even_if_the_titles_are_alike() -> None:
    shared = SharedIdsDetector()
    for number in range(9):
        shared.add({"ad_id": "0", "title": f"老象牙手镯{number}号", "url": "/i/0"}, derived=False)
    assert "9 results have the id of another" in shared.message()
    variants = SharedIdsDetector()
    for number in range(20):
        variants.add({"ad_id": f"{number}", "title": f"犀角杯{number}", "url": "/"}, derived=False)
    for number in range(9):
        variants.add({"ad_id": "x", "title": f"老象牙手镯{number}号", "url": "/x"}, derived=False)
    assert variants.message() == ""


@pytest.mark.parametrize("number", [6, 10])
def test_variants_at_the_top_of_a_page_are_one_advertisements(number: int) -> None:
    shared = SharedIdsDetector()
    for page in range(3):
        shared.new_page()
        titles = [("v", f"象牙手镯 圈口{50 + n}毫米") for n in range(number if page == 0 else 0)]
        titles += [(f"{page}-{n}", f"象牙挂件{page}{n}号") for n in range(10 - len(titles))]
        for ad_id, title in titles:
            shared.add({"ad_id": ad_id, "title": title, "url": f"/i/{ad_id}"}, derived=False)
    assert shared.message() == ""


SIZE = 10


class Priced(Market):
    fields: ClassVar = {
        "ad_id": "::attr(data-id)",
        "title": "a::text",
        "url": "a::attr(href)",
        "price": "b::text",
        "image_urls": "img::attr(src)",
    }


def listed(
    ad_id: Callable[[str, int], object],
    address: Callable[[str, int], str],
    title: str = "包老保真 {keyword}手镯 {n}号 顺丰包邮",
) -> Callable[[str, int], Shown]:
    """A site with 24 advertisements of each keyword, whose titles are much alike."""

    def card(keyword: str, n: int) -> str:
        number = hash((KEYWORDS.index(keyword), n)) % 10**8
        return (
            f'<li class="item" data-id="{ad_id(keyword, n)}">'
            f'<a href="{address(keyword, n)}">{title.format(keyword=keyword, n=n)}</a>'
            f'<b>￥{number % 9973}</b><img src="/p/{number:08}.jpg"></li>'
        )

    def answer(keyword: str, number: int) -> Shown:
        places = range(24)[(number - 1) * SIZE : number * SIZE] if number else ()
        cards = "".join(card(keyword, n) for n in places)
        return 200, f"<ul>{cards}</ul>" if cards else '<p class="none">没有找到</p>'

    return answer


@pytest.mark.parametrize(
    "address",
    [
        lambda keyword, n: f"/{keyword}/{n}",
        lambda keyword, n: f"#{n % SIZE}",
        lambda keyword, n: f"/list.html#item-{n % SIZE}",
        lambda keyword, n: f"/go?pos={n % SIZE}",
        lambda keyword, n: f"/show/{n % SIZE}",
        lambda keyword, n: "javascript:void(0)",
        lambda keyword, n: "/detail.html",
    ],
    ids=["own", "fragment", "list", "query", "path", "script", "one"],
)
@pytest.mark.parametrize("made", ["{}", "#{}", "item-{}"])
def test_a_place_in_the_list_is_no_id_even_if_all_titles_are_alike(
    run: Run, made: str, address: Callable[[str, int], str]
) -> None:
    done = run(Priced, listed(lambda _, n: made.format(n % SIZE), address))
    assert done.judgement.health == "broken", done.judgement.reason
    assert "ad_id may be a place on the page" in done.judgement.reason


@pytest.mark.parametrize("address", ["/list.html#item-{}", "/go?pos={}", "/show/{}"])
def test_an_address_that_is_a_place_gives_no_id(run: Run, address: str) -> None:
    class Unnumbered(Priced):
        fields: ClassVar = {**Priced.fields, "ad_id": "::attr(data-none)"}

    done = run(Unnumbered, listed(lambda *_: "", lambda _, n: address.format(n % SIZE)))
    assert done.judgement.health == "broken", done.judgement.reason


def test_a_few_results_with_the_id_of_another_one_are_missing(run: Run) -> None:
    rare = "{keyword}{n}"

    def ad_id(keyword: str, n: int) -> object:
        return n if n < 1 else f"{KEYWORDS.index(keyword)}-{n}"

    done = run(Priced, listed(ad_id, lambda keyword, n: f"/{keyword}/{n}", rare))
    assert len(done.ids) == 5 * 24 - 4
    assert done.judgement.health == "thin", done.judgement.reason
    assert "4 results have the id of another advertisement" in done.judgement.reason


def test_ids_of_the_site_are_no_places(run: Run) -> None:
    def ad_id(keyword: str, n: int) -> object:
        return f"{KEYWORDS.index(keyword)}{n:04}"

    done = run(Priced, listed(ad_id, lambda keyword, n: f"/{keyword}/{n}"))
    assert len(done.ids) == 5 * 24
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


def test_sizes_that_an_api_lists_one_by_one_are_no_places() -> None:
    shared = SharedIdsDetector()
    for number in range(30):
        for size in range(4 if number % 3 == 0 else 1):
            shared.add(
                {
                    "ad_id": f"{number}",
                    "title": f"老象牙手镯{number} 圈口{50 + size}毫米",
                    "price": f"￥{1000 + 7 * size}",
                    "image_urls": [f"/p/{number:08}{size}.jpg"],
                },
                derived=False,
            )
    assert (shared.message(), shared.few(), shared.note()) == ("", "", "")


@pytest.mark.parametrize("named", [False, True])
def test_one_id_for_a_page_of_similar_goods_with_addresses_of_their_own_is_none(
    named: bool,
) -> None:
    detector = SharedIdsDetector()
    for page in range(20):
        detector.new_page()
        for place in range(10):
            shared = page == 7
            ad_id = "v9" if shared else f"{page}-{place}"
            address = f"/i/v9?c={place}" if named else f"/i/{page}-{place}"
            row = {"ad_id": ad_id, "title": f"象牙挂件{page}{place}号老料", "url": address}
            detector.add(row, derived=False)
    assert bool(detector.message()) is not named


@pytest.mark.parametrize(
    "again",
    [
        {"title": "老象牙手镯 58圈口", "url": "/lot/90001.html", "price": "3150元"},
        {"title": "老象牙手镯 58圈口", "url": "/go/2zq1w", "price": "2800元"},
        {"title": "老象牙手镯 58圈口", "url": "/s2/detail.html", "price": "3150元"},
        {"title": "老象牙手镯 58圈口", "url": "", "price": "3150元"},
    ],
)
def test_a_long_number_is_no_place_though_price_and_link_change(again: dict[str, str]) -> None:
    ids = SharedIdsDetector()
    for number in range(90001, 90035):
        at = {"ad_id": str(number), "title": f"老象牙手镯 58圈口 {number}号"}
        ids.add(at | {"url": f"/lot/{number}.html", "price": "2800元"}, derived=False)
    ids.new_page()
    for number in range(90001, 90035):
        own = {key: value.replace("90001", str(number)) for key, value in again.items()}
        own["title"] += f" {number}号"
        ids.add({"ad_id": str(number), **own}, derived=False)
    assert (ids.message(), ids.few()) == ("", "")


@pytest.mark.parametrize("counter", ["浏览{}", "剩{}分", "已有 人气：{}"])
def test_counters_in_titles_tell_no_places_apart(counter: str) -> None:
    ids = SharedIdsDetector()
    for page in range(3):
        for number in range(1, 35):
            title = f"老象牙手镯 {'甲乙丙丁戊己庚辛'[number % 8]} {counter.format(100 + 7 * page)}"
            row = {"ad_id": str(number), "title": title, "url": f"/lot/{number}", "price": "28元"}
            ids.add(row, derived=False)
        ids.new_page()
    assert (ids.message(), ids.few(), ids.note()) == ("", "", "")


@pytest.mark.parametrize("first", [101, 50_004])
@pytest.mark.parametrize(
    "counter", ["{}分钟前", "{} 小时前", "{}次出价", "当前价{}元", "目前价：{},500元", "热度{}"]
)
def test_counters_of_ids_that_count_up_tell_no_places_apart(counter: str, first: int) -> None:
    ids = SharedIdsDetector()
    for search in range(3):
        for page in (range(5, 13), range(5)):
            for number in page:
                title = f"老象牙手镯{'甲乙丙丁戊己庚辛壬癸子丑寅'[number]}款 圈口5{number % 3}"
                title += counter.format(10 + 7 * search + number)
                ids.add({"ad_id": str(first + number), "title": title}, derived=False)
            ids.new_page()
    assert (ids.message(), ids.few(), ids.note()) == ("", "", "")


@pytest.mark.parametrize("counter", ["{}分钟前", "{}次出价", "当前价{}元"])
def test_counters_of_equally_worded_goods_tell_no_places_apart(counter: str) -> None:
    ids = SharedIdsDetector()
    for search in range(3):
        for number in range(50_004, 50_017):
            title = f"老象牙手镯 编号{number} {counter.format(11 + 7 * search)}"
            ids.add({"ad_id": str(number), "title": title}, derived=False)
        ids.new_page()
    assert (ids.message(), ids.few(), ids.note()) == ("", "", "")


@pytest.mark.parametrize("form", ["{}", "item-{}", "{:05}", "A{:06}"])
def test_places_among_alike_titles_are_noticed_however_they_are_numbered(form: str) -> None:
    ids = SharedIdsDetector()
    for page in range(4):
        for place in range(1, 11):
            goods = 10 * page + place
            title = f"老象牙手镯 编号{goods:03} 包浆"
            row = {"ad_id": form.format(place), "title": title, "price": f"{300 + 7 * goods}元"}
            ids.add(row, derived=False)
        ids.new_page()
    assert "fix ad_id" in ids.message()


@pytest.mark.parametrize("first", [1, 10_001, 2_000_001])
def test_places_however_large_are_no_ids_where_titles_are_alike(run: Run, first: int) -> None:
    def answer(keyword: str, number: int) -> Shown:
        if number > 1:
            return 200, '<p class="none">没有找到</p>'
        begin = KEYWORDS.index(keyword) * 100
        return 200, "<ul>" + "".join(
            f'<li class="item" data-id="{first + place}"><a>老料手串{keyword} {begin + place}号</a>'
            for place in range(8)
        )

    done = run(Market, answer)
    assert len(done.ids) == 8
    assert done.judgement.health != "ok", done.judgement.reason


def test_lots_that_count_up_and_are_the_same_everywhere_are_ids(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        return 200, "<ul>" + "".join(
            f'<li class="item" data-id="{10_001 + lot}"><a>象牙虎骨玳瑁犀角穿山甲 {lot}号</a>'
            for lot in range(8)
        )

    assert "id of another" not in run(Market, answer).judgement.reason


def shown_again(first: int, price: Callable[[int, int], object], picture: str = "") -> str:
    """What is said of ids from `first` on, by search and place; their titles are all alike."""
    ids = SharedIdsDetector()
    for search in range(3):
        for place in range(12):
            row = {"ad_id": str(first + place), "title": "老象牙手镯"}
            shown = price(search, place)
            row["price"] = f"{shown}元" if isinstance(shown, int) else str(shown)
            if picture:
                row["image_urls"] = [f"/img/{picture.format(search, place)}.jpg"]  # type: ignore[assignment]
            ids.add(row, derived=False)
        ids.new_page()
    return ids.message()


@pytest.mark.parametrize("picture", ["", "{}-{}"])
def test_places_however_large_are_noticed_by_prices_that_rise_and_fall(picture: str) -> None:
    other = shown_again(90_001, lambda search, place: 100 + (search * 7 + place * 5) % 11, picture)
    assert "fix ad_id" in other


def test_bids_that_raise_prices_tell_no_places_apart() -> None:
    assert shown_again(90_001, lambda search, place: 100 * (place + 1) + 50 * search) == ""
    assert shown_again(90_001, lambda search, place: 100 + place + search, "{1}") == ""
    assert shown_again(90_001, lambda _, place: 100 + place, "{}-{}") == ""


@pytest.mark.parametrize(
    ("price", "picture"),
    [
        (lambda *_: "", "{}-{}"),
        (lambda search, place: f"{100 + search * 7 + place}-9000元", ""),
        (lambda search, place: f"{100 * (place + 1) + 50 * search}元", ""),
        (lambda search, place: f"面议{'甲乙丙'[search]}", ""),
    ],
    ids=["pictures", "ranges", "rising", "unreadable"],
)
def test_small_ids_are_places_whatever_the_prices_of_alike_goods(
    price: Callable[[int, int], str], picture: str
) -> None:
    assert "fix ad_id" in shown_again(1, price, picture)
