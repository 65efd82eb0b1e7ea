"""WordPress sites whose advertisements are posts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from wildcrawl.analysis.charsets import quote_keyword
from wildcrawl.analysis.text import clean_text
from wildcrawl.base_spiders.asked_price import asked
from wildcrawl.base_spiders.extraction import ResultPage, Row, Search, absolute
from wildcrawl.base_spiders.responses import Unreadable
from wildcrawl.platforms.shop import ShopSpider, json_of
from wildcrawl.platforms.site import base_address

SHUT = (401, 404)
"""Status codes of a site whose API is closed or has another address."""


class WordPressApi(ShopSpider):
    """Searches by the site's API, or by its pages once the API turns out to be closed."""

    page_path: ClassVar[str] = ""
    """Path of the search for people, with {keyword} and {page} in it."""
    by_pages: bool = False
    """Whether the pages are searched from the start, without the API."""

    def search_request(self, search: Search, url: str | None = None) -> Request | None:
        quoted = quote_keyword(search.phrase, self.charset)
        if url is None and self.by_pages and quoted is not None:
            path = self.page_path.format(keyword=quoted, page=search.page)
            url = self.address(self.settings, base_address(self.domain) + path)
        return super().search_request(search, url)

    def search_failed(self, failure: Failure) -> Any:
        search: Search = failure.request.cb_kwargs["search"]  # type: ignore[attr-defined]
        asked: str = failure.request.url  # type: ignore[attr-defined]
        shut = isinstance(failure.value, HttpError) and failure.value.response.status in SHUT
        if not shut or not is_api(asked):
            return super().search_failed(failure)
        if not self.by_pages:
            self.logger.info("%s has no API at %s: its pages are searched", self.name, asked)
            self.by_pages = True
        return [self.search_request(replace(search, page=self.first_page))]

    def read_results(self, response: TextResponse) -> ResultPage:
        if is_api(response.url) and json_of(response) is None:
            # A site without the API answers every request with its front page.
            raise Unreadable("the API answers with an HTML page; declare by_pages = True")
        return super().read_results(response)


def is_api(url: str) -> bool:
    """Whether an address is that of the site's API."""
    return bool(re.search(r"/wp-json/|[?&]rest_route=", url))


PER_PAGE = 50


class WordPressSpider(WordPressApi):
    """A site on WordPress, searched for posts by its API, which gives them whole."""

    kind = "classifieds"
    search_path = (
        f"/wp-json/wp/v2/posts?search={{keyword}}&per_page={PER_PAGE}&page={{page}}"
        "&_embed=author,wp:term,wp:featuredmedia"
    )
    page_path = "/page/{page}/?s={keyword}"
    cards = "article, .hentry, .type-post, li.wp-block-post"
    card_link = "*[self::h1 or self::h2 or self::h3 or self::h4]//a"
    card_id = (
        ("/@id", r"^post-(\d+)$"),
        ("/@class", r"(?:^| )post-(\d+)(?: |$)"),
        ("/@data-post-id", r"^(\d+)$"),
    )
    own_page = "body.single, body.single-post"
    next_page = (
        "a.next.page-numbers::attr(href), .nav-previous a::attr(href), .older-posts a::attr(href), "
        "a.wp-block-query-pagination-next::attr(href), link[rel=next]::attr(href)"
    )
    empty = ".no-results, .search-no-results, .wp-block-query-no-results"
    detail = {
        "title": ("h1.entry-title ::text", ".wp-block-post-title ::text", "article h1 ::text"),
        "description": (
            ".entry-content ::text",
            ".wp-block-post-content ::text",
            ".post-content ::text",
            "article p ::text",
        ),
        "seller": (
            ".author .fn ::text",
            ".author.vcard ::text",
            ".wp-block-post-author__name ::text",
            "[rel=author] ::text",
        ),
        "category": ("[rel~=category]::text", "[rel~=tag]::text"),
        "posted_at": ("time.entry-date::attr(datetime)", "time[datetime]::attr(datetime)"),
        "image_urls": (".entry-content img::attr(src)", ".post-thumbnail img::attr(src)"),
    }
    detail_id = (
        ("body::attr(class)", r"(?:^| )postid-(\d+)(?: |$)"),
        ("article[id^=post-]::attr(id)", r"^post-(\d+)$"),
        ("link[rel=shortlink]::attr(href)", r"[?&]p=(\d+)"),
    )
    expect = {"title": 0.95}

    def own_page_fields(self) -> list[str]:
        return list(self.detail) if self.by_pages else []

    def read_api(self, response: TextResponse, data: Any) -> ResultPage:
        posts = data if isinstance(data, list) else [data]
        if not all(isinstance(each, dict) and "id" in each for each in posts):
            return ResultPage([], more=False, recognised=False)
        rows = [absolute(response, post_row(each)) for each in posts]
        return ResultPage(rows, more=has_more(response, len(rows)))

    def read_details(self, response: TextResponse) -> Row:
        details = super().read_details(response)
        if not details.get("price"):
            details["price"] = asked(details.get("description", ""))
        return details


def post_row(post: dict[str, Any]) -> Row:
    """The row of a post in the API's answer; an answer of its search has only a title."""
    content = rendered(post.get("content"))
    embedded = post.get("_embedded") or {}
    terms = [term for group in embedded.get("wp:term") or [] for term in group]
    pictures = [each.get("source_url") for each in embedded.get("wp:featuredmedia") or []]
    pictures += re.findall(r"<img\b[^>]*?\ssrc=[\"']([^\"']+)", content)
    return {
        "ad_id": str(post["id"]),
        "url": post.get("link") or post.get("url") or "",
        "title": rendered(post.get("title")),
        "description": content or rendered(post.get("excerpt")),
        "price": asked(clean_text(content)),
        "category": " ".join(each["name"] for each in terms if each.get("name")),
        "seller": next(
            (each["name"] for each in embedded.get("author") or [] if "name" in each), ""
        ),
        "posted_at": f"{post['date_gmt']}Z" if post.get("date_gmt") else post.get("date") or "",
        "image_urls": list(dict.fromkeys(filter(None, pictures))),
    }


def has_more(response: TextResponse, found: int) -> bool:
    """Whether there is a further page; WordPress answers a page too far with an error."""
    pages = (response.headers.get("X-WP-TotalPages") or b"").decode("latin-1")
    page = re.search(r"[?&]page=(\d+)", response.url)
    if pages.isdigit() and page:
        return int(page[1]) < int(pages)
    return found >= PER_PAGE


def rendered(value: Any) -> str:
    """A text of the API, which may be the member `rendered` of an object; "" for anything else."""
    if isinstance(value, dict):
        value = value.get("rendered")
    return value if isinstance(value, str) else ""
