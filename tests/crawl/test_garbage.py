"""Garbage collection of a crawl: what is left out of it, and how often."""

from __future__ import annotations

import gc

import pytest
from pydispatch.dispatcher import (  # type: ignore[import-untyped]
    getAllReceivers,
    liveReceivers,
)
from scrapy import Spider, signals
from scrapy.utils.test import get_crawler

from wildcrawl.crawl.garbage import NEW_OBJECTS, collect_seldom, spare_what_stays


def test_only_the_first_item_excludes_what_exists_from_collections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frozen: list[str] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append("frozen"))
    crawler = get_crawler(Spider)
    spare_what_stays(crawler)
    assert len(frozen) == 1
    for signal in (signals.item_dropped, signals.item_scraped, signals.item_dropped):
        answers = crawler.signals.send_catch_log(
            signal, item={}, response=None, spider=Spider("site"), exception=ValueError("dropped")
        )
        assert not [answer for _, answer in answers if answer is not None]
    # Freezing at each item would keep every page that is being read.
    assert len(frozen) == 2


def test_items_that_are_processed_at_the_same_time_are_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frozen: list[str] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append("frozen"))
    crawler = get_crawler(Spider)
    spare_what_stays(crawler)
    # Each signal collects its receivers before it calls the first of them.
    found = liveReceivers(getAllReceivers(crawler, signals.item_scraped))
    receivers = [each for each in found if each.__name__ == "after_first"]
    for receiver in 2 * receivers:
        receiver()
    assert len(receivers) == 1
    assert len(frozen) == 2


def test_new_objects_are_looked_through_seldom_from_the_start_of_a_crawl() -> None:
    before = gc.get_threshold()
    try:
        collect_seldom()
        assert gc.get_threshold() == (NEW_OBJECTS, *before[1:])
    finally:
        gc.set_threshold(*before)
