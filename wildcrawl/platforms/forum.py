"""Forum platforms: what Discuz!, phpBB and NodeBB have in common."""

from __future__ import annotations

import re
from typing import ClassVar

from scrapy.http import TextResponse

from wildcrawl.analysis.text import clean_text
from wildcrawl.base_spiders.asked_price import asked
from wildcrawl.base_spiders.board import BoardPage, BoardSpider
from wildcrawl.base_spiders.extraction import Row, select
from wildcrawl.base_spiders.responses import Blocked, Withheld
from wildcrawl.platforms.site import EngineSite

TRADE_WORDS = (
    *("交易", "出售", "转让", "买卖", "市场", "商城", "拍卖", "跳蚤", "地摊", "集市", "淘宝"),
    *("文玩", "杂项", "杂件", "牙", "角", "骨", "雕", "珠", "手串", "工艺", "木", "标本", "药材"),
)
"""Words in the names of boards on which collectors show and sell things."""
REFUSALS = ("频繁", "验证码", "安全验证", "次搜索", "最多响应", "拒绝", "flood", "too often")
"""Words of messages with which a forum refuses further requests; others concern one page only."""


def has(name: str) -> str:
    """The XPath condition that an element has the class `name` among others."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


class ForumSpider(EngineSite, BoardSpider):
    """A forum on a known program: the site declares its domain, its labels and its boards.

    Without `boards`, the boards on its index whose names have one of `board_words` are read.
    """

    kind = "forum"
    queries: ClassVar[tuple[str, ...]] = ("board_links", "message")
    board_words: ClassVar[tuple[str, ...]] = TRADE_WORDS
    board_links: ClassVar[str] = ""
    """Selects the links to boards on the index."""
    board_id: ClassVar[str] = ""
    """Regular expression whose group is the board's id in the address of such a link."""
    message: ClassVar[str] = ""
    """Selects the message that the forum shows instead of a page: removed, or for members only."""

    def read_boards(self, response: TextResponse) -> dict[str, str]:
        boards: dict[str, str] = {}
        for link in select(response.selector, self.board_links):
            found = re.search(self.board_id, link.attrib.get("href", ""))
            label = clean_text(link.xpath("string()").get(""))
            if found and label:
                boards.setdefault(found[1], label)
        if not boards:
            self.check_message(response)
        return boards

    def read_results(self, response: TextResponse) -> BoardPage:
        page = super().read_results(response)
        if not page.rows:
            self.check_message(response)
        return page

    def read_details(self, response: TextResponse) -> Row:
        details = super().read_details(response)
        for name, pattern in self.patterns.items():
            found = re.search(pattern, details.get(name, ""))
            if found:
                details[name] = found[1]
        if not details.get("title") and not details.get("description"):
            self.check_message(response)
        if not details.get("price"):
            details["price"] = asked(details.get("description", ""))
        return details

    def check_message(self, response: TextResponse) -> None:
        """Raises Withheld, or Blocked, if the page is a message instead of a thread or a board."""
        nodes = select(response.selector, self.message)
        message = " ".join(" ".join(node.xpath("string()").getall()) for node in nodes).strip()
        if not message:
            return
        if any(word in message for word in REFUSALS):
            raise Blocked(f"the forum shows a message: {message[:200]}")
        raise Withheld(f"the forum shows a message: {message[:200]}")
