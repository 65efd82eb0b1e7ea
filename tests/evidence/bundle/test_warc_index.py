"""Index lines by which replay programs find records."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from wildcrawl.evidence.bundle.warc_index import cdxj, entries, sort_key, timestamp
from wildcrawl.evidence.records import Exchange, Origin, response_record, screenshot_record

AT = datetime(2016, 12, 3, 6, 20, 1, 500_000, UTC)
ORIGIN = Origin("run1", "mall", ["1"])


def record(url: str, body: bytes = b"page", media_type: str = "text/html; charset=gbk") -> bytes:
    return response_record(Exchange(url, AT, 200, [("Content-Type", media_type)], body), ORIGIN)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://mall.example/Item?B=2&a=1", "example,mall)/item?a=1&b=2"),
        ("https://www.mall.example", "example,mall)/"),
        ("http://127.0.0.1:8765/x", "1,0,0,127:8765)/x"),
        ("https://mall.example:443/x", "example,mall)/x"),
        ("urn:screenshot:http://x.example/", "urn:screenshot:http://x.example/"),
        ("http://mall.example/?key=", "example,mall)/?key="),
    ],
)
def test_an_address_is_sorted_by_its_host(url: str, key: str) -> None:
    assert sort_key(url) == key


def test_each_replayable_record_is_found_at_its_place() -> None:
    first, second = record("http://mall.example/1"), record("http://mall.example/2", b"other")
    found = [*entries(first), *entries(second, start=len(first))]
    assert [entry.url for entry in found] == ["http://mall.example/1", "http://mall.example/2"]
    assert [entry.media_type for entry in found] == ["text/html", "text/html"]
    together = first + second
    for entry in found:
        part = together[entry.offset : entry.offset + entry.length]
        assert [again.url for again in entries(part)] == [entry.url]


def test_a_screenshot_is_indexed_too() -> None:
    data = screenshot_record("http://mall.example/1", AT, b"\x89PNG", "image/png", ORIGIN)
    (entry,) = entries(data)
    assert (entry.kind, entry.media_type) == ("resource", "image/png")


def test_a_line_has_the_moment_and_the_place() -> None:
    (entry,) = entries(record("http://mall.example/1"), start=70)
    key, at, fields = cdxj(entry, "data.warc.gz").split(" ", 2)
    assert (key, at) == ("example,mall)/1", "20161203062001")
    assert json.loads(fields) | {"digest": "", "offset": "", "length": ""} == {
        "url": "http://mall.example/1",
        "mime": "text/html",
        "status": "200",
        "digest": "",
        "length": "",
        "offset": "",
        "filename": "data.warc.gz",
    }


def test_a_moment_keeps_its_seconds() -> None:
    assert timestamp("2016-12-03T06:20:01Z") == "20161203062001"


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(ValueError, match="these are not WARC records"):
        list(entries(b"<html>no record</html>"))
