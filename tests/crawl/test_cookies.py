"""Cookies: kept and sent without any request for the list of public suffixes."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest
import requests
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies as scrapys
from scrapy.http import Response
from scrapy.utils.project import get_project_settings

from wildcrawl.crawl.cookies import CookiesMiddleware


@pytest.fixture
def jar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CookiesMiddleware:
    def fetch(*_: object, **__: object) -> NoReturn:
        pytest.fail("the list of public suffixes was fetched")

    # Without what an earlier crawl on this machine has stored.
    monkeypatch.setenv("TLDEXTRACT_CACHE", str(tmp_path))

    monkeypatch.setattr(requests.Session, "request", fetch)
    return CookiesMiddleware.from_crawler(Crawler(Spider, get_project_settings()))


def sent(jar: CookiesMiddleware, url: str, cookie: str, then: str) -> bytes | None:
    """The Cookie header of a request to `then`, after `url` has set `cookie`."""
    jar.process_response(Request(url), Response(url, headers={"Set-Cookie": cookie}))
    request = Request(then)
    jar.process_request(request)
    header: bytes | None = request.headers.get("Cookie")
    return header


@pytest.mark.parametrize(
    ("url", "cookie", "then"),
    [
        ("https://s.mall.com.cn/", "a=1; Domain=mall.com.cn", "https://www.mall.com.cn/x"),
        ("https://www.mall.example/", "a=1", "https://www.mall.example/x"),
        ("http://127.0.0.1:8000/", "a=1", "http://127.0.0.1:8000/x"),
        ("http://localhost:8000/", "a=1", "http://localhost:8000/x"),
        ("https://shop.github.io/", "a=1", "https://shop.github.io/x"),
    ],
)
def test_a_cookie_is_kept_without_a_request(
    jar: CookiesMiddleware, url: str, cookie: str, then: str
) -> None:
    assert sent(jar, url, cookie, then) == b"a=1"


@pytest.mark.parametrize(
    ("url", "cookie", "then"),
    [
        ("https://mall.com.cn/", "a=1; Domain=com.cn", "https://other.com.cn/"),
        ("https://mall.cn/", "a=1; Domain=cn", "https://other.cn/"),
        ("https://shop.github.io/", "a=1; Domain=github.io", "https://other.github.io/"),
    ],
)
def test_a_cookie_for_a_public_suffix_reaches_no_other_site(
    jar: CookiesMiddleware, url: str, cookie: str, then: str
) -> None:
    assert sent(jar, url, cookie, then) is None


def test_scrapys_own_middleware_fetches_nothing_either(jar: CookiesMiddleware) -> None:
    assert scrapys._is_public_domain("com.cn")
    assert not scrapys._is_public_domain("mall.com.cn")


def test_the_projects_settings_name_it() -> None:
    used = get_project_settings().getdict("DOWNLOADER_MIDDLEWARES")
    assert used["wildcrawl.crawl.cookies.CookiesMiddleware"] == 700
    assert used["scrapy.downloadermiddlewares.cookies.CookiesMiddleware"] is None
