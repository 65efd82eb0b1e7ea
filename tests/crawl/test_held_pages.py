"""Held pages: the pages of the best-scored advertisements, within numbers and bytes."""

from __future__ import annotations

from datetime import UTC, datetime

from wildcrawl.crawl.held_pages import HeldPages
from wildcrawl.crawl.received import Received


def page(size: int = 10) -> Received:
    at = datetime(2026, 5, 3, tzinfo=UTC)
    return Received("https://mall.example/", 200, (), b"x" * size, at)


def held(pages: HeldPages) -> list[str]:
    return [ad_id for ad_id in "1234" if pages.get(("mall", ad_id))]


def test_the_page_of_the_lowest_score_is_given_up_first() -> None:
    pages = HeldPages(2)
    for ad_id, score in (("1", 0.7), ("2", 0.9), ("3", 0.6), ("4", 0.8)):
        pages.add(("mall", ad_id), score, page())
    assert held(pages) == ["2", "4"]


def test_the_bytes_of_a_shared_page_count_once() -> None:
    pages = HeldPages(9, most_bytes=100)
    shared = page(60)
    for ad_id in "123":
        pages.add(("mall", ad_id), 0.7, shared)
    assert held(pages) == ["1", "2", "3"]
    pages.add(("mall", "4"), 0.9, page(60))
    assert held(pages) == ["4"]
    pages.add(("mall", "1"), 1.0, page(101))
    assert held(pages) == []


def test_a_page_that_is_added_again_replaces_the_earlier_one() -> None:
    pages = HeldPages(1)
    later = page(20)
    pages.add(("mall", "1"), 0.7, page())
    pages.add(("mall", "1"), 0.7, later)
    assert pages.get(("mall", "1")) is later
