"""Compressed bodies: decoding up to a limit, and bodies that were cut short."""

from __future__ import annotations

import gzip
import time
import zlib
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils._compression import brotli, zstd  # type: ignore[attr-defined]
from scrapy.utils.project import get_project_settings

from wildcrawl.analysis.compression import BadBody, decoded
from wildcrawl.crawl.compression import WholeBodyMiddleware

PAGE = "".join(f"<li>老象牙手镯{number}号 ￥{number * 37}</li>" for number in range(400)).encode()
LIMIT = 1 << 20


def deflated(data: bytes) -> bytes:
    """The bare deflate data that some servers send as `deflate`."""
    coder = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return coder.compress(data) + coder.flush()


def named_gzip(data: bytes) -> bytes:
    """A gzip member whose header has a file name, a comment, extra data and a checksum."""
    whole = gzip.compress(data)
    fields = b"\x04\x00AB\x00\x00" + b"page.html\0" + b"comment\0" + b"\x00\x00"
    return whole[:3] + bytes([4 | 8 | 16 | 2]) + whole[4:10] + fields + whole[10:]


BODIES = {
    "gzip": ("gzip", gzip.compress(PAGE)),
    "gzip, two members": ("x-gzip", gzip.compress(PAGE[:900]) + gzip.compress(PAGE[900:])),
    "gzip, long header": ("gzip", named_gzip(PAGE)),
    "zlib": ("deflate", zlib.compress(PAGE)),
    "deflate": ("deflate", deflated(PAGE)),
    "brotli": ("br", brotli.compress(PAGE)),
    "zstd": ("zstd", zstd.compress(PAGE)),
}


@pytest.mark.parametrize(("encoding", "body"), BODIES.values(), ids=BODIES)
def test_a_whole_body_is_known_from_one_cut_anywhere(encoding: str, body: bytes) -> None:
    assert decoded(body, encoding, LIMIT) == (PAGE, True)
    for kept in (len(body) - 200, len(body) // 2, 40, 9):
        try:
            beginning, whole = decoded(body[:kept], encoding, LIMIT)
        except BadBody:
            continue
        assert not whole, kept
        assert PAGE.startswith(beginning)


@pytest.mark.parametrize(("encoding", "body"), BODIES.values(), ids=BODIES)
def test_no_more_is_decoded_than_wanted(encoding: str, body: bytes) -> None:
    beginning, whole = decoded(body, encoding, 3000)
    assert whole
    assert PAGE.startswith(beginning[:3000])
    assert len(beginning) < len(PAGE)


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(PAGE, mtime=0) + b"\0" * 512,
        gzip.compress(PAGE, mtime=0) + b"\n",
        gzip.compress(PAGE, mtime=0)[:-8] + b"12345678",
    ],
)
def test_padding_and_a_wrong_checksum_cost_nothing(body: bytes) -> None:
    assert decoded(body, "gzip", LIMIT) == (PAGE, True)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(1 << 26))
    started = time.process_time()
    assert len(decoded(bomb, "gzip", 5000)[0]) == 5000
    assert time.process_time() - started < 1


class Mall(Spider):
    name = "mall"


def middleware(**settings: Any) -> WholeBodyMiddleware:
    project = get_project_settings()
    project.setdict(settings, priority="cmdline")
    crawler = Crawler(Mall, project)
    crawler.stats = MemoryStatsCollector(crawler)
    crawler.spider = Mall()
    crawler.spider.crawler = crawler
    return WholeBodyMiddleware.from_crawler(crawler)


def answer(body: bytes, encoding: str) -> Response:
    return Response("http://h/", body=body, headers={"Content-Encoding": encoding})


@pytest.mark.parametrize(("encoding", "body"), BODIES.values(), ids=BODIES)
def test_a_cut_body_is_retried_and_then_fails(encoding: str, body: bytes) -> None:
    layer, request = middleware(RETRY_TIMES=1), Request("http://h/")
    whole = answer(body, encoding)
    assert layer.process_response(request, whole) is whole
    again = layer.process_response(request, answer(body[:-150], encoding))
    assert isinstance(again, Request)
    with pytest.raises(BadBody, match=r"its .* body (was cut short|is faulty)"):
        layer.process_response(again, answer(body[:-150], encoding))


def test_a_plain_body_under_the_name_of_gzip_is_taken_as_it_is() -> None:
    plain = middleware().process_response(Request("http://h/"), answer(PAGE, "gzip"))
    assert isinstance(plain, Response)
    assert plain.body == PAGE
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize("encoding", ["identity", "", "x-unknown", "gzip, br"])
def test_other_bodies_are_left_to_scrapy(encoding: str) -> None:
    response = answer(PAGE, encoding)
    assert middleware().process_response(Request("http://h/"), response) is response
