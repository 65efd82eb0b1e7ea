"""Counts the requests that the marketplaces answered, so that a crawl's thrift can be checked."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Request

_SEARCHES = {"search", "data", "stall", "index"}


class RequestLog:
    """Requests by kind: searches, advertisement pages, pictures, and all the rest."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._searches: Counter[str] = Counter()
        self._pages: Counter[str] = Counter()
        self._images = 0
        self._other = 0

    def note(self, request: Request) -> None:
        """Counts one request by the view that answers it (`site.view`)."""
        site, _, view = (request.endpoint or "").partition(".")
        with self._lock:
            if view in _SEARCHES:
                self._searches[f"demo_{site}"] += 1
            elif view == "item":
                self._pages[f"demo_{site}:{(request.view_args or {})['ad_id']}"] += 1
            elif site == "picture":
                self._images += 1
            else:
                self._other += 1

    def counts(self) -> dict[str, Any]:
        """`search`: all search and list pages; `searches`: the same by site; `pages`: requests
        by advertisement (`site:ad_id`); `images`: pictures; `other`: robots.txt, home pages...
        """
        with self._lock:
            return {
                "search": self._searches.total(),
                "searches": dict(self._searches),
                "pages": dict(self._pages),
                "images": self._images,
                "other": self._other,
            }

    def reset(self) -> None:
        """Starts at zero again."""
        with self._lock:
            self._searches.clear()
            self._pages.clear()
            self._images = self._other = 0
