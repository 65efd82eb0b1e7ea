"""Embedded hosts: where a page takes pictures from, in the forms in which sites write it."""

from __future__ import annotations

import pytest

from wildcrawl.crawl.embedded_hosts import embedded_hosts

PAGE = "https://mall.example/item/1"


@pytest.mark.parametrize(
    "page",
    [
        '<img src="https://img.example/1.jpg">',
        "<img src='//img.example/1.jpg'>",
        "<IMG SRC=https://img.example/1.jpg>",
        '<img data-ks-lazyload="//img.example/1.jpg">',
        '<img srcset="/a.jpg 1x, https://img.example/2.jpg 2x">',
        '<picture><source srcset="https://img.example/2.webp"></picture>',
        '<div style="background: url(https://img.example/1.jpg)"></div>',
        "<div style=\"background: url('//img.example/1.jpg')\"></div>",
        "<style>.a { background: url(//img.example/1.jpg) }</style>",
        '<meta property="og:image" content="https://img.example/1.jpg">',
        '<script>var pics = ["https://img.example/1.jpg"]</script>',
        r'<script>var data = {"pic": "https:\/\/img.example\/1.jpg"}</script>',
        r'<script>var html = "<img src=\"//img.example/1.jpg\">"</script>',
        '{"list": [{"pic": "//img.example/1.jpg"}]}',
        r'[{"text": "<img src=\"https:\/\/img.example\/1.jpg\">"}]',
    ],
)
def test_a_host_that_the_page_shows_pictures_of(page: str) -> None:
    assert embedded_hosts(page, PAGE) == {"img.example", "mall.example"}


@pytest.mark.parametrize(
    "page",
    [
        '<a href="https://away.example/1.jpg">more pictures</a>',
        "<p>see https://away.example/1.jpg</p>",
        '<form action="https://away.example/"></form>',
        '<iframe src="https://away.example/"></iframe>',
        '{"text": "see https://away.example/1.jpg for more"}',
        "",
        "<",
        "\0",
    ],
)
def test_a_host_that_the_page_only_names(page: str) -> None:
    assert embedded_hosts(page, PAGE) == {"mall.example"}


def test_ports_belong_to_hosts_and_users_do_not() -> None:
    page = '<img src="http://IMG.example:8080/1.jpg"><img src="http://[::1]:80/2.jpg">'
    assert embedded_hosts(page, "http://me@mall.example:81/") == {
        *("img.example:8080", "[::1]:80", "mall.example:81"),
    }
