"""Installed middlewares: those of a running crawl, by their class."""

from __future__ import annotations

from typing import TypeVar

from scrapy.crawler import Crawler

Middleware = TypeVar("Middleware")


def installed(crawler: Crawler, cls: type[Middleware], needed_for: str) -> Middleware:
    """The downloader middleware `cls` of a running crawl; RuntimeError if the settings lack it.

    `needed_for` is what may not be done without it, such as "no picture may be fetched".
    """
    found = crawler.get_downloader_middleware(cls)
    if found is None:
        raise RuntimeError(
            f"DOWNLOADER_MIDDLEWARES lacks {cls.__module__}.{cls.__qualname__}, without which "
            f"{needed_for}; add it to the project's settings"
        )
    return found
