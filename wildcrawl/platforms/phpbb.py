"""phpBB forums, 2 to 3.3: boards, topics and search results in its own styles."""

from __future__ import annotations

import re

from scrapy.http import TextResponse

from wildcrawl.base_spiders.board import BoardPage
from wildcrawl.base_spiders.extraction import Layout
from wildcrawl.platforms.forum import ForumSpider, has

_TOPIC = (
    f"(.//a[{has('topictitle')}] | .//*[{has('topictitle')}]/a[contains(@href, 'viewtopic')])[1]"
)
_MEMBER = "(contains(@href, 'mode=viewprofile') or contains(@href, '/member/'))"
_NAME = f"(self::a[{_MEMBER}] or {has('username')} or {has('username-coloured')})"
_TABLE = f"//table[{has('tablebg')} or {has('forumline')}]"
_SAID = (
    f"(//div[{has('panel')}][not(ancestor::form)]//strong"
    f" | {_TABLE}//td[@colspan]//span[{has('gen')}])"
)
_BLOCK = "self::li or self::div or self::article or self::dl"
_BETWEEN = "normalize-space(substring-before(concat(substring-after({}, '»'), '»'), '»'))"
_POST = f"(//div[{has('post')}][.//div[{has('content')}]])[1]"
_PICTURE = f"not({has('smilies')} or contains(@src, 'smil') or contains(@src, 'imageset'))"


class PhpbbSpider(ForumSpider):
    """A forum on phpBB, whose threads are in the order of their last answers."""

    search_path = "/search.php?keywords={keyword}&sr=topics"
    board_path = "viewforum.php?f={board}&start={page}"
    first_page = 0
    page_step = 25
    board_links = "a[href*='viewforum.php']"
    board_id = r"[?&]f=(\d+)"
    message = (
        "//*[@id='message']//p | //form[@id='login']//h2"
        f" | {_TABLE}//p[{has('gen')}] | {_TABLE}//td[not(@colspan)]//span[{has('gen')}]"
        f" | {_SAID}[contains(., '权限') or contains(., '權限') or contains(., 'permission')]"
    )
    empty = _SAID
    next_page = (
        f"(//a[@rel='next'] | //*[{has('pagination')}]//li[{has('next')}]/a"
        " | //a[contains(@class, 'right')][contains(@href, 'start=')]"
        f" | //div[{has('pagination')}]/span/strong[1]/following-sibling::a[1]"
        f" | //*[{has('pagination')} or {has('nav')} or {has('gensmall')}]"
        "//a[contains(., 'Next') or contains(., '下一')][contains(@href, 'start=')])/@href"
    )
    card = f"//li[{has('row')}][.//a[{has('topictitle')}]]"
    pinned = (
        f"./self::*[{has('sticky')} or {has('announce')} or {has('global-announce')}]/@class",
        ".//img[contains(@src, 'sticky') or contains(@src, 'announce')]/@src",
    )
    state = (
        f"normalize-space((.//dd[{has('posts')}]/text())[1])",
        f"normalize-space((.//*[{has('topicdetails')} or {has('postdetails')}])[1])",
    )
    fields = {
        "ad_id": f"{_TOPIC}/@href",
        "url": f"{_TOPIC}/@href",
        "title": f"normalize-space({_TOPIC})",
        "category": "normalize-space((.//a[contains(@href, 'viewforum.php')])[last()])",
        "seller": (
            f"normalize-space((.//*[{has('topic-poster')}]//*[{_NAME}])[1])",
            f"normalize-space((.//dt//*[{_NAME}])[1])",
            f"normalize-space((.//*[{_NAME}])[1])",
        ),
        "seller_id": (
            f"(.//*[{has('topic-poster')}]//a[{_MEMBER}]/@href)[1]",
            f"(.//dt//a[{_MEMBER}]/@href)[1]",
        ),
        "posted_at": (
            f"(.//*[{has('topic-poster')}]//time/@datetime)[1]",
            _BETWEEN.format(f"(.//*[{has('topic-poster')}])[1]"),
            _BETWEEN.format(f".//dt/div[{has('list-inner')}]"),
            _BETWEEN.format(".//dt"),
            f"normalize-space((.//dt//*[{_NAME}])[1]/following-sibling::text()[1])",
        ),
    }
    patterns = {
        "ad_id": r"(?:[?&]t=|[-/]t|topic-?)(\d+)",
        "seller_id": r"[?&]u=(\d+)",
    }
    other_layouts = (
        Layout(  # search results shown as posts
            f"//div[{has('search')} and {has('post')}]",
            {
                "ad_id": "(.//dl//a[contains(@href, 'viewtopic')]/@href)[1]",
                "url": "(.//dl//a[contains(@href, 'viewtopic')]/@href)[1]",
                "title": (
                    "normalize-space((.//dl//a[contains(@href, 'viewtopic')])[1])",
                    "normalize-space((.//h3//a)[1])",
                ),
                "description": f"normalize-space((.//div[{has('content')}])[1])",
                "category": "normalize-space((.//dl//a[contains(@href, 'viewforum')])[1])",
                "seller": f"normalize-space((.//dl//*[{_NAME}])[1])",
                "seller_id": f"(.//dl//a[{_MEMBER}]/@href)[1]",
                "posted_at": f"normalize-space((.//dl//dd[{has('search-result-date')}])[1])",
            },
        ),
        Layout(  # styles built of tables, subsilver2 and subSilver
            f"//tr[.//*[{has('topictitle')}]/descendant-or-self::a[contains(@href, 'viewtopic')]]"
            "[not(.//tr)]",
            {
                "ad_id": f"{_TOPIC}/@href",
                "url": f"{_TOPIC}/@href",
                "title": f"normalize-space({_TOPIC})",
                "seller": (
                    f"normalize-space((.//*[{has('topicauthor')}])[1])",
                    f"normalize-space((.//td/*[{has('name')}])[1])",
                    f"normalize-space((.//a[{_MEMBER}])[1])",
                    f"normalize-space((./following-sibling::tr[1]//*[{has('postauthor')}])[1])",
                    f"normalize-space((./following-sibling::tr[1]//*[{has('name')}]/b)[1])",
                ),
                "seller_id": f"(.//a[{_MEMBER}]/@href)[1]",
                "posted_at": f"substring-after({_TOPIC}/@title, ':')",
            },
        ),
        Layout(  # other styles
            f"//*[{_BLOCK}][.//a[{has('topictitle')}]]"
            f"[not(.//*[{_BLOCK}][.//a[{has('topictitle')}]])]",
            {
                "ad_id": f"{_TOPIC}/@href",
                "url": f"{_TOPIC}/@href",
                "title": f"normalize-space({_TOPIC})",
                "seller": f"normalize-space((.//*[{_NAME}])[1])",
                "seller_id": f"(.//a[{_MEMBER}]/@href)[1]",
                "posted_at": "(.//time/@datetime)[1]",
            },
        ),
    )
    detail = {
        "title": (
            f"normalize-space((//*[{has('topic-title')}])[1])",
            "normalize-space((//h2//a[contains(@href, 'viewtopic.php')])[1])",
            f"normalize-space((//a[{has('titles')} or {has('maintitle')}])[1])",
            f"normalize-space(({_POST}//h3)[1])",
        ),
        "description": (
            f"({_POST}//div[{has('content')}])[1]//text()",
            f"(//*[{has('postbody')}])[1]//text()",
        ),
        "seller": (
            f"normalize-space(({_POST}//*[{has('author')}]//*[{_NAME}])[1])",
            f"normalize-space(({_POST}//*[{_NAME}][normalize-space()])[1])",
            f"normalize-space((//*[{has('postauthor')}])[1])",
            f"normalize-space((//*[{has('name')}]//b)[1])",
        ),
        "seller_id": f"({_POST}//a[{_MEMBER}]/@href)[1]",
        "posted_at": (
            f"({_POST}//*[{has('author')}]//time/@datetime)[1]",
            f"({_POST}//time/@datetime)[1]",
            f"normalize-space(substring-after(({_POST}//p[{has('author')}])[1], '»'))",
            f"normalize-space(({_POST}//p[{has('author')}]/strong)[1]/following-sibling::text()[1])",
            f"normalize-space(({_POST}//p[{has('author')}])[1])",
            f"normalize-space((//td[{has('gensmall')}]/div[2]/b/following-sibling::text()[1])[1])",
            f"substring-after((//span[{has('postdetails')}][../a])[1]/text()[1], ':')",
        ),
        "image_urls": (
            f"{_POST}//div[{has('content')}]//img[{_PICTURE}]/@src"
            f" | {_POST}//*[{has('attachbox')}]//img/@src",
            f"(//*[{has('postbody')}])[1]//img[{_PICTURE}]/@src",
        ),
    }
    gone = ("您请求的主题不存在", "请求的主题不存在", "The requested topic does not exist")
    expect = {"advertisements": 1, "title": 0.95, "ad_id": 1.0, "seller": 0.8}

    def read_results(self, response: TextResponse) -> BoardPage:
        page = super().read_results(response)
        for row in page.rows:
            row["url"] = without_session(row["url"])
        return page


def without_session(url: str) -> str:
    """An address without the session id of the visitor.

    >>> without_session("https://bbs.example/viewtopic.php?t=7&sid=0123456789abcdef0123456789abcdef")
    'https://bbs.example/viewtopic.php?t=7'
    """
    return re.sub(r"[?&]sid=[0-9a-f]{32}(?=&|#|$)", "", url)
