"""Hostile answers: bounded time and memory, and a run that says what it did not read."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from scrapy.http import HtmlResponse, Request, Response

from pipelines.clean import LONGEST, LONGEST_OTHER, MOST_PICTURES, clean
from tests.helpers.crawls import crawl
from tests.helpers.odd_site import Answer, Asked, OddSite, odd_site, results
from wildcrawl.analysis.charsets import decode
from wildcrawl.base_spiders.block_detection import check_blocked
from wildcrawl.base_spiders.responses import (
    MOST_ATTRIBUTES,
    Unreadable,
    has_too_many_attributes,
    plain,
    readable,
)
from wildcrawl.crawl.downloads import MOST_HEAD
from wildcrawl.crawl.middlewares import LONGEST_WAIT, retry_after, retry_after_message
from wildcrawl.crawl.text_codecs import TextCodecMiddleware
from wildcrawl.items import Advertisement

NOW = datetime(2026, 11, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "wait", ["1" + "0" * 23, "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT", "3153600000"]
)
def test_a_wait_beyond_any_calendar_is_one_of_years(wait: str) -> None:
    response = Response("http://mall.example/", 429, headers={"Retry-After": wait})
    assert retry_after(response, NOW) == LONGEST_WAIT
    assert "asks to retry after 2036-" in retry_after_message(response, NOW)


@pytest.mark.parametrize("codec", ["base64", "zlib", "hex", "bz2", "rot13", "idna", "punycode"])
def test_a_charset_that_is_none_is_not_believed(codec: str) -> None:
    body = "<title>老象牙手镯</title>".encode()
    assert decode(body, "gb18030", f"text/html; charset={codec}").text == body.decode()
    answer = HtmlResponse("http://mall.example/", body=body, encoding=codec)
    request = Request(answer.url)
    readable = TextCodecMiddleware().process_response(request, answer)
    assert isinstance(readable, HtmlResponse)
    assert readable.text == body.decode()
    assert TextCodecMiddleware().process_response(request, readable) is readable


@pytest.mark.parametrize("depth", [900, 100_000])
def test_data_that_is_nested_for_ever_is_text(depth: int) -> None:
    for text in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        page = HtmlResponse("http://mall.example/", body=text.encode(), encoding="utf-8")
        assert plain(page)
        check_blocked(page, ())


@pytest.mark.parametrize(
    "tag",
    [
        "<div" + "".join(f" a{number}" for number in range(30_000)) + ">",
        '<div a=">"' + "".join(f" a{number}='<b>'" for number in range(30_000)) + ">",
        "<div" + "".join(f'a{number}="x"' for number in range(30_000)) + ">",
        "<i " + "a/" * 60_000,
        *(
            before + "<div " + "a b " * 5_000 + ">"
            for before in (
                "<!-->",
                "<!--->",
                "<!-- --!>",
                "<title/>",
                '<!-- <a b=" -->',
                '<!-- <a b=" --> x" ',
                "<script>a<b='</script>",
                '<p a=="x ',
                '<p ="x ',
            )
        ),
    ],
)
def test_a_tag_with_attributes_without_number_is_not_parsed(tag: str) -> None:
    response = HtmlResponse("http://mall.example/", body=f"<li>象牙</li>{tag}</div>".encode())
    with pytest.raises(Unreadable, match=r"a tag of the page has more than \d+ attr"):
        readable(response, "utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "<script>if (a<b) {" + " a b" * 100_000 + "}</script>",
        "<!-- <a " + "b " * 100_000 + "--><p>",
        "<p title='" + "象 " * 100_000 + "'>",
        "<p>" + "象 牙 " * 100_000 + "1 < 2",
        "<!--" * 100_000,
        "<script>" * 50_000,
        "<a" * 100_000,
        "<p data-state='{" + '"a": "1 2", ' * 40_000 + "}'>",
        *(f"<{raw}><a " + "b " * 20_000 + f"></{raw}>" for raw in ("xmp", "iframe", "textarea")),
        "<p " + "a " * (MOST_ATTRIBUTES - 10) + ">",
        "<![CDATA[<p " + "a " * 20_000 + ">]]>",
    ],
)
def test_attributes_are_counted_in_tags_alone_and_in_linear_time(text: str) -> None:
    start = time.process_time()
    assert not has_too_many_attributes(text)
    assert time.process_time() - start < 5


def test_texts_are_cut_where_no_seller_writes_on() -> None:
    long = "象" * 2_000_000
    urls = [f"http://mall.example/{number}.jpg" for number in range(MOST_PICTURES + 5)]
    ad = Advertisement("mall", "1", title=long, description=long, seller=long, image_urls=urls)
    clean(ad)
    assert len(ad.title) == len(ad.seller) == len(ad.original_title or "") == LONGEST_OTHER
    assert len(ad.description) == LONGEST["description"]
    assert (len(ad.image_urls), ad.images) == (MOST_PICTURES, MOST_PICTURES + 5)
    short = Advertisement("mall", "2", title="象" * 40_000)
    clean(short)
    assert len(short.title) == 40_000


@contextmanager
def raw_site(site: OddSite, answer: Callable[[socket.socket], None]) -> Iterator[None]:
    """Answers the site's robots.txt, and leaves the connection of other requests to `answer`."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=16)

    def listen() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    if b" /robots.txt " in connection.recv(65536):
                        connection.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
                        continue
                    connection.sendall(b"HTTP/1.1 200 OK\r\n")
                    answer(connection)

    thread = Thread(target=listen, daemon=True)
    thread.start()
    site.port = listening.getsockname()[1]
    try:
        yield
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def test_headers_without_an_end_are_not_kept(tmp_path: Path) -> None:
    site, sent = OddSite(0), list[int]()

    def send(connection: socket.socket) -> None:
        sent.append(0)
        while sent[-1] < 100 * MOST_HEAD:
            sent[-1] += connection.send(b"X-A: " + b"a" * 1000 + b"\r\n")

    with raw_site(site, send):
        run, _, result = crawl(site, tmp_path, "-s", "RETRY_TIMES=0", keywords="keywords=象牙")
    assert len(sent) == 1
    # What a socket holds comes on top of what is read.
    assert sent[0] < 50 * MOST_HEAD
    assert "are too long to be read" in result.err
    assert run.health == "broken"


def test_an_answer_that_drips_ends_at_the_timeout(tmp_path: Path) -> None:
    site, sent = OddSite(0), list[int]()

    def send(connection: socket.socket) -> None:
        connection.sendall(b"Content-Length: 1000\r\n\r\n")
        while len(sent) < 200:
            sent.append(connection.send(b"x"))
            time.sleep(0.1)

    with raw_site(site, send):
        settings = ("-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_TIMEOUT=1")
        run, _, result = crawl(site, tmp_path, *settings, keywords="keywords=象牙")
    assert 1 < len(sent) < 100
    assert "took longer than 1" in result.err
    assert (run.health, run.found) == ("broken", 0)


def test_a_page_that_names_no_charset_is_read(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        page = results(asked, 3)
        page.headers = {"Content-Type": "text/html; charset=base64"}
        return page

    with odd_site(answer) as site:
        run, ads, _ = crawl(site, tmp_path)
    assert (run.health, len(ads)) == ("ok", 9)
