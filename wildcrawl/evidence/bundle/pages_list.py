"""Pages list: the rows of pages.jsonl, by which replay programs list the pages of a bundle."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from wildcrawl.evidence.captures import Capture

_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "Pages", "hasText": False}


def page_rows(titled: Iterable[tuple[Capture, str]]) -> list[dict[str, Any]]:
    """The head and a row for each captured page; `titled` are captures with their titles."""
    return [_HEAD] + [
        {"id": capture.digest[:24], "url": capture.url, "ts": iso(capture.at), "title": title}
        for capture, title in titled
        if capture.kind == "page" and capture.record
    ]


def iso(at: datetime) -> str:
    """A moment in UTC to the second, as the formats of the bundle write it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
