"""Copies in a crawl: sponsored cards are reported, and equal goods of a shop are not."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

import pytest

from tests.helpers.searched import NONE, Answer, Market, Run, Shown
from wildcrawl.analysis.ids import derive_ad_id
from wildcrawl.base_spiders.copies import CopiesDetector

HOME = "https://m.example/"
Card = tuple[str, str, str]
"""Id, "" if none is shown, path and title."""
SIZE = 10


def detected(cards: Iterable[Card]) -> CopiesDetector:
    detector = CopiesDetector()
    for ad_id, path, title in cards:
        url = HOME + path
        shown = ad_id or derive_ad_id(url, "", "")
        detector.add(
            {"ad_id": shown, "url": url, "title": title, "price": "¥500"}, derived=not ad_id
        )
    return detector


def ordinary(number: int) -> Card:
    return str(5000 + number), f"item/{5000 + number}.html", f"老象牙手镯 第{number}号"


def copied(kind: str, number: int) -> list[Card]:
    """An advertisement and its sponsored card."""
    ad_id, path, title = ordinary(number)
    match kind:
        case "own id":
            return [(f"ad{number}x", f"{path}?ad={number}", title), (ad_id, path, title)]
        case "no id":
            return [(ad_id, path, title), ("", f"click?to=c{number}x", title)]
        case "same address":
            return [
                (f"c{number}", f"goods/red-{number}-x", title),
                (f"ad{number}x", f"goods/red-{number}-x?ad=x1", title),
            ]
        case "no ids":
            return [("", path, title), ("", f"promo/{ad_id}/x", title)]
    raise AssertionError(kind)


@pytest.mark.parametrize("kind", ["own id", "no id", "no ids", "same address"])
def test_sponsored_copies_are_counted(kind: str) -> None:
    cards = [ordinary(number) for number in range(40)]
    cards += [card for number in range(40, 50) for card in copied(kind, number)]
    assert detected(cards).proven().startswith("10 of 60 advertisements equal another")


def test_possible_copies_are_named_with_what_they_equal() -> None:
    cards = [(f"p{n}x", f"click?to=p{n}x", f"老象牙手镯 第{n}号") for n in range(40, 50)]
    cards += [ordinary(number) for number in range(50)]
    said = detected(cards).possible()
    assert f"(such as {HOME}item/5040.html and {HOME}click?to=p40x)" in said


@pytest.mark.parametrize("rest", ["?size=2", "#2", "/2"])
def test_a_variant_beside_its_goods_is_not_a_copy(rest: str) -> None:
    cards = [(str(n), f"item/{n}", f"象牙手镯 款{n}") for n in range(5000, 5020)]
    cards += [(f"{ad_id}-2", path + rest, title) for ad_id, path, title in cards]
    assert detected(cards).proven() == ""


@pytest.mark.parametrize(
    "address",
    ["item/{n}", "item.php?id={n}", "u/77/item/{n}", "show?cat=12&id={n}", "item/50?sku={n}"],
)
def test_equal_goods_with_numbers_of_their_own_are_at_most_doubtful(address: str) -> None:
    cards = [ordinary(number) for number in range(40)]
    cards += [
        (shown, address.format(n=number), f"象牙佛珠 {number % 5}号")
        for number in range(7000, 7010)
        for shown in [str(number)]
    ]
    detector = detected(cards)
    assert detector.proven() == ""
    assert detector.possible().startswith("5 of 50 advertisements")
    # Without ids they differ by their addresses.
    assert detected(("", path, title) for _, path, title in cards).proven() == ""


def test_a_shop_whose_goods_have_few_titles_is_not_doubtful() -> None:
    cards = [(str(n), f"item/{n}.html", f"象牙手镯{n % 4}") for n in range(60)]
    cards += [("", f"show/{n}x", f"象牙手镯{n % 4}") for n in range(10)]
    detector = detected(cards)
    assert (detector.proven(), detector.possible()) == ("", "")


def test_nearly_every_title_shown_twice_is_doubtful() -> None:
    cards = [
        (f"{n}{end}", f"i/{n}{end}", f"象牙手镯 {n}") for n in range(500, 512) for end in ("", "b")
    ]
    assert "12 of 24 advertisements equal another" in detected(cards).possible()


def test_two_copies_or_equal_goods_of_different_sellers_are_chance() -> None:
    cards = [ordinary(number) for number in range(20)] + copied("own id", 20) + copied("own id", 21)
    detector = detected(cards)
    assert (detector.proven(), detector.possible()) == ("", "")
    for number in range(40):
        row = {"ad_id": f"s{number}", "title": f"象牙印章{number % 20}", "price": "9"}
        detector.add({**row, "seller": f"卖家{number}"}, derived=False)
    assert detector.possible() == ""


# Whole runs


def site(counts: dict[str, int], *, most: int = 99, ads: int = 0, reposts: bool = False) -> Answer:
    """A site that knows narrower searches, shows `most` pages of a list, and sponsored cards.

    `reposts`: behind its goods it shows all of them once more, each with an id of its own.
    """
    goods = ("手镯", "印章", "笔筒", "佛珠", "牌子", "梳子", "把件")
    requests = count()

    def answer(keyword: str, number: int) -> Shown:
        first, *words = keyword.split()
        titles = [f"老{first}{goods[n % 7]} 第{n}号" for n in range(counts.get(first, 0))]
        found = [(n, each) for n, each in enumerate(titles) if all(w in each for w in words)]
        if reposts:
            found += [(n + 1_000, each) for n, each in found]
        cards = found[(number - 1) * SIZE : number * SIZE] if number <= most else []
        if not cards:
            return 200, NONE
        at = next(requests)
        shown = [(f"ad{at}x{n}", f"/{first}{n}?ad={at}", t) for n, t in found[at % 5 :][:ads]]
        shown += [(f"{first}{n}", f"/{first}{n}", t) for n, t in cards]
        items = (f'<li class="item" data-id="{i}"><a href="{u}">{t}</a></li>' for i, u, t in shown)
        return 200, f"<html><body><ul>{''.join(items)}</ul></body></html>"

    return answer


def test_a_list_whose_narrower_search_fills_a_page_is_whole(run: Run) -> None:
    done = run(Market, site({"象牙": 100, "虎骨": 23}))
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert len(done.ids) == 123


def test_a_list_that_is_cut_off_is_thin_though_the_narrower_one_begins_alike(run: Run) -> None:
    done = run(Market, site({"象牙": 300, "虎骨": 23}, most=10))
    assert done.judgement.health == "thin"
    assert "that it left out" in done.judgement.reason


def test_sponsored_cards_are_not_results_that_a_list_left_out(run: Run) -> None:
    done = run(Market, site({"象牙": 30, "虎骨": 23}, ads=3))
    assert done.judgement.health == "thin"
    assert "left out" not in done.judgement.reason
    assert "equal another in title and price" in done.judgement.reason


def test_a_list_that_left_out_reposts_is_not_whole(run: Run) -> None:
    """What it left out equals what it shows, and is further advertisements all the same."""
    done = run(Market, site({"象牙": 100, "虎骨": 23}, most=10, reposts=True))
    assert done.judgement.health == "thin"
    assert "may show no more of any list" in done.judgement.reason


def test_cards_under_opaque_addresses_are_copies_where_most_there_equal_another() -> None:
    cards = [ordinary(number) for number in range(50)]
    opaque = [(f"q{n}x", f"r/Zx{n}Qk", f"老象牙手镯 第{n}号") for n in range(40, 50)]
    said = detected([*cards, *opaque]).proven()
    assert said.startswith("10 of 60 advertisements equal another in title and price, and are at")
    others = [(f"s{n}x", f"r/Sx{n}Qk", f"象牙印章 别款{n}") for n in range(30)]
    assert not detected([*cards, *opaque, *others]).proven(), "most there are goods of their own"
