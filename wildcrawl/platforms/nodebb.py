"""NodeBB forums: every page as JSON under /api, or embedded in the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from parsel import Selector

from wildcrawl.analysis.links import join_address
from wildcrawl.analysis.text import clean_text
from wildcrawl.base_spiders.asked_price import asked
from wildcrawl.base_spiders.board import BoardPage, JsonBoardSpider
from wildcrawl.base_spiders.extraction import Row, search
from wildcrawl.base_spiders.json import read_json
from wildcrawl.base_spiders.responses import base_of
from wildcrawl.platforms.forum import TRADE_WORDS
from wildcrawl.platforms.site import EngineSite

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import TextResponse

_HELD = "//script[@id='ajaxify-data']/text()"
_EMOJI = "emoji"


class NodebbSpider(EngineSite, JsonBoardSpider):
    """A forum on NodeBB: the site declares its domain, its labels and its boards (categories)."""

    kind = "forum"
    board_words = TRADE_WORDS
    search_path = "/search?term={keyword}&in=titlesposts"
    index_path = "api/categories"
    # No order is known to all versions, and an unknown one means oldest first; by default all
    # begin with the last answer.
    board_path = "api/category/{board}?page={page}"
    results = "not_null(topics, posts[?topic])"
    more = "pagination.next.active"
    pinned = "(pinned == `1` || pinned == `true` || pinned == '1') && 'pinned' || ''"
    state = "postcount"
    fields = {
        "ad_id": "tid",
        "title": ("titleRaw", "title", "topic.titleRaw", "topic.title"),
        "category": "category.name",
        "seller": ("user.displayname", "user.username"),
        "seller_id": ("user.uid", "uid"),
        "posted_at": ("timestampISO", "timestamp"),
    }
    detail = {
        "title": ("titleRaw", "title"),
        "description": "posts[0].content",
        "category": "category.name",
        "seller": ("posts[0].user.displayname", "posts[0].user.username", "author.username"),
        "seller_id": ("posts[0].uid", "uid"),
        "posted_at": ("posts[0].timestampISO", "timestampISO", "timestamp"),
    }
    gone = ('"error-404"', "Topic does not exist", "主题不存在")
    expect = {"advertisements": 1, "title": 1.0, "ad_id": 1.0, "posted_at": 1.0}

    def read_boards(self, response: TextResponse) -> dict[str, str]:
        listed = search("categories", read_json(_as_data(response)))
        return dict(_boards(listed or []))

    def read_results(self, response: TextResponse) -> BoardPage:
        page = super().read_results(_as_data(response))
        for row in page.rows:
            row["url"] = self.within(f"topic/{row['ad_id']}")
        return page

    def read_details(self, response: TextResponse) -> Row:
        details = super().read_details(_as_data(response))
        markup = details["description"]
        if markup:
            post = Selector(markup)
            pictures = post.xpath(
                "//img[not(contains(@class, $emoji))]/@src", emoji=_EMOJI
            ).getall()
            details["image_urls"] = [join_address(base_of(response), each) for each in pictures]
            details["description"] = " ".join(post.xpath("string()").get("").split())
            details["price"] = asked(details["description"])
        return details

    def detail_request(self, row: Row) -> Request:
        """Requests a topic at the address of its data."""
        return super().detail_request(row).replace(url=self.within(f"api/topic/{row['ad_id']}"))


def _as_data(response: TextResponse) -> TextResponse:
    """The data embedded in an HTML page, as a response; a JSON response unchanged."""
    if not re.match(r"\s*<", response.text):
        return response
    held = response.selector.xpath(_HELD).get()
    return response.replace(body=held.encode(response.encoding)) if held else response


def _boards(listed: list[Any]) -> Iterator[tuple[str, str]]:
    """The boards of a list, including those nested within them."""
    for board in listed:
        yield str(board["cid"]), clean_text(str(board["name"]))
        yield from _boards(board.get("children") or [])
