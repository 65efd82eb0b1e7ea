"""Garbage collection of a crawl: what lives as long as the process is not looked through again.

Modules, the vocabulary and its patterns are most of a crawl's objects. Python looks through all of
them whenever enough pages have come and gone, a tenth of a crawl's processor time. It looks through
new objects after every 700 of them, fewer than one page of results makes.
"""

from __future__ import annotations

import gc

from scrapy import signals
from scrapy.crawler import Crawler

NEW_OBJECTS = 10_000
"""New objects from which on they are looked through; pages are freed without it."""


def collect_seldom() -> None:
    """Looks through new objects seldom: the vocabulary alone makes hundreds of thousands."""
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def spare_what_stays(crawler: Crawler) -> None:
    """Excludes from collections what exists at the start of a crawl, and after its first item.

    The tagger and its patterns are made for the first item.
    """
    firsts = (signals.item_scraped, signals.item_dropped)

    connected = list(firsts)

    def after_first() -> None:
        # Items that were processed at the same time call it, too.
        if connected:
            gc.freeze()
        while connected:
            crawler.signals.disconnect(after_first, connected.pop(), weak=False)

    gc.freeze()
    for signal in firsts:
        crawler.signals.connect(after_first, signal, weak=False)
