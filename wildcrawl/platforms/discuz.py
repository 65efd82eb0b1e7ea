"""Discuz! forums, 6 to X3.5: desktop and mobile pages."""

from __future__ import annotations

from wildcrawl.base_spiders.extraction import Layout
from wildcrawl.platforms.forum import ForumSpider, has

_THREAD = "(contains(@href, 'viewthread') or contains(@href, 'thread-'))"
_BOARD = "(contains(@href, 'mod=forumdisplay') or contains(@href, 'forum-'))"
_MEMBER = (
    "(contains(@href, 'uid') and contains(@href, 'space') and not(contains(@href, 'spacecp')))"
)
_BY = f"(.//td[{has('by')} or {has('author')}])[1]"
_POST = (
    "(//*[starts-with(@id, 'post_') and number(substring(@id, 6)) > 0]"
    f" | //*[starts-with(@id, 'pid') and {has('plc')}])[1]"
)
# The last column of a guide's row: who began the thread, and when.
_GUIDED = f"(.//span[{has('y')}][.//span[@title]])[last()]"
_COMIIS = " or ".join(
    has(name)
    for name in (
        *("forumlist_li", "comiis_znalist", "comiis_wxlist", "comiis_mmlist", "comiis_milist"),
        "twlist_li",
    )
)
_PYQ = "contains(@class, 'comiis_pyqlist_img')"
# Others are named in a post as well: those who rated it, those who commented.
_AUTHOR = f"//*[{has('authi')} or {has('postauthor')} or {has('bm_user')}]"
_MESSAGE = f"//*[starts-with(@id, 'postmessage_') or {has('message')} or {has('comiis_message')}]"
# What the program itself writes into a post: who edited it, what guests may not see, and the
# letters that it hides between the lines against copying.
_NOISE = " or ".join(
    (
        *(has(name) for name in ("pstatus", "jammer", "attach_nopermission", "tip", "quote")),
        "self::script or self::style or contains(translate(@style, ' ', ''), 'display:none')",
    )
)
_TEXT = f"//text()[not(ancestor::*[{_NOISE}])]"
_SORTED = "//table[contains(@class, 'cgtl')]//tr[contains(th, '{}')]/td//text()"


class DiscuzSpider(ForumSpider):
    """A forum on Discuz!: its boards, and any of its pages that list threads.

    The stock robots.txt forbids search.php, so `search_path` is for people. Guests often see no
    pictures, and no text of threads that are for members.
    """

    search_path = "/search.php?mod=forum&srchtxt={keyword}&searchsubmit=yes"
    index_path = "forum.php"
    board_path = "forum.php?mod=forumdisplay&fid={board}&filter=author&orderby=dateline&page={page}"
    board_links = f"//a[{_BOARD}]"
    board_id = r"(?:[?&]fid=|forum-)(\d+)"
    message = "#messagetext p:first-of-type, .jump_c p:first-of-type, .alert_error p:first-of-type"
    empty = "//*[text()[contains(., '尚无主题') or contains(., '没有找到匹配结果')]]"
    next_page = (
        "a.nxt::attr(href), .pages a.next::attr(href), .page a:contains('下一页')::attr(href)"
    )
    card = "//tbody[starts-with(@id, 'normalthread_') or starts-with(@id, 'stickthread_')]"
    pinned = (
        "./self::tbody[starts-with(@id, 'stickthread_')]/@id",
        ".//img[contains(@src, 'icon_top') or contains(@src, 'pin_')]/@src",
        f".//*[{has('icon_top')} or {has('top')}]/@class",
    )
    fields = {
        "ad_id": (f"(.//th//a[{_THREAD}]/@href)[1]", "./@id"),
        "url": (
            f"(.//a[{has('xst')}]/@href)[1]",
            "(.//span[starts-with(@id, 'thread_')]/a/@href)[1]",
            f"(.//th//a[{_THREAD} and normalize-space()]/@href)[1]",
            f"(.//a[{_THREAD} and normalize-space()]/@href)[1]",
        ),
        "title": (
            f"normalize-space((.//a[{has('xst')}])[1])",
            "normalize-space((.//span[starts-with(@id, 'thread_')]/a)[1])",
            f"normalize-space((.//th//a[{_THREAD} and normalize-space()])[1])",
            f"normalize-space((.//a[{_THREAD} and normalize-space()])[1])",
        ),
        "category": (".//th/em//a/text()", f".//*[{has('comiis_common')}]/em//a/text()"),
        "seller": (f"normalize-space({_BY}//cite)", f"normalize-space(({_GUIDED}//a)[1])"),
        "seller_id": (f"{_BY}//a[{_MEMBER}]/@href", f"({_GUIDED}//a[{_MEMBER}]/@href)[1]"),
        "posted_at": (
            f"{_BY}//em//span/@title",
            f"normalize-space({_BY}//em)",
            f"({_GUIDED}//span/@title)[1]",
        ),
    }
    patterns = {
        "ad_id": r"(?:[?&]tid=|thread[-_]|^)(\d+)",
        "seller_id": r"uid[-=](\d+)",
        "posted_at": r"^(?:发表于|發表於)?\s*(\S.*)",
    }
    other_layouts = (
        Layout(  # what its search finds
            "#threadlist li.pbw",
            {
                "ad_id": (f"(.//h3//a[{_THREAD}]/@href)[1]", "./@id"),
                "url": "(.//h3//a/@href)[1]",
                "title": "normalize-space((.//h3//a)[1])",
                "description": "normalize-space(./p[not(@class)][1])",
                "category": f"normalize-space((.//a[{_BOARD}])[last()])",
                "seller": f"normalize-space((.//a[{_MEMBER}])[1])",
                "seller_id": f"(.//a[{_MEMBER}]/@href)[1]",
                "posted_at": (
                    "./p[last()]/span[1]//@title",
                    "normalize-space(./p[last()]/span[1])",
                ),
            },
        ),
        Layout(  # boards that show pictures
            "#waterfall li",
            {
                "url": "(.//h3//a/@href)[1]",
                "title": "normalize-space((.//h3//a)[1])",
                "seller": f"normalize-space((.//a[{_MEMBER}])[1])",
                "seller_id": f"(.//a[{_MEMBER}]/@href)[1]",
                "image_urls": ".//div[contains(@class, 'c')]//img/@src",
            },
        ),
        Layout(  # cards of the comiis themes
            f"//li[{_COMIIS}][.//a[{_THREAD}]]",
            {
                "url": f"(.//a[{_THREAD} and normalize-space()]/@href)[1]",
                "title": f"normalize-space((.//a[{_THREAD} and normalize-space()])[1])",
                "description": f"normalize-space((.//*[{has('list_body')}])[1])",
                "category": (
                    f"normalize-space((.//*[{has('comiis_xznalist_bk')}]//a)[1])",
                    f"normalize-space((.//a[{_BOARD}])[1])",
                ),
                "seller": (
                    f"normalize-space((.//*[{has('top_user')}])[1])",
                    f"normalize-space((.//a[{_MEMBER}][normalize-space()])[1])",
                ),
                "seller_id": f"(.//a[{_MEMBER}]/@href)[1]",
                "posted_at": (
                    f"(.//*[{has('forumlist_li_time')}]//span/@title)[1]",
                    f"normalize-space((.//*[{has('forumlist_li_time')}]//span)[1])",
                ),
                "image_urls": (
                    f".//*[{_PYQ}]//img/@comiis_loadimages",
                    f".//*[{_PYQ}]//img/@data-src",
                    f".//*[{_PYQ}]//img/@src",
                ),
            },
        ),
        Layout(  # pages for phones since X3.5
            f"//*[contains(@class, 'threadlist')]//li[.//*[{has('threadlist_tit')}]]",
            {
                "url": f"(.//a[.//*[{has('threadlist_tit')}]]/@href)[1]",
                "title": (
                    f"normalize-space((.//*[{has('threadlist_tit')}]//em)[1])",
                    f"normalize-space((.//*[{has('threadlist_tit')}])[1])",
                ),
                "description": f"normalize-space((.//*[{has('threadlist_mes')}])[1])",
                "seller": f"normalize-space((.//*[{has('mmc')}])[1])",
                "seller_id": f"(.//a[{_MEMBER}]/@href)[1]",
                "posted_at": f"normalize-space((.//*[{has('mtime')}])[1])",
            },
        ),
        Layout(  # pages for phones before
            f"//*[{has('threadlist')}]//li[a[{_THREAD}]]",
            {
                "url": f"(./a[{_THREAD}]/@href)[1]",
                "title": f"normalize-space((./a[{_THREAD}]/text()[normalize-space()])[1])",
                "seller": f"normalize-space((.//*[{has('by')}])[1])",
            },
        ),
        Layout(  # pages for plain phones
            f"//div[{has('bm_c')}][a[{_THREAD}]]",
            {
                "url": f"(./a[{_THREAD}]/@href)[1]",
                "title": f"normalize-space((./a[{_THREAD}])[1])",
                "seller": f"normalize-space((.//a[{_MEMBER}])[1])",
                "seller_id": f"(.//a[{_MEMBER}]/@href)[1]",
            },
        ),
    )
    detail = {
        "title": (
            "normalize-space(//*[@id='thread_subject'])",
            "normalize-space(//*[@id='threadtitle']//h1)",
            f"normalize-space((//*[{has('postlist')}]//h2/text()[normalize-space()])[1])",
            f"normalize-space((//*[{has('view_tit')}]/text()[normalize-space()])[1])",
            f"normalize-space((//*[{has('comiis_z_title_text')}])[1])",
            "normalize-space((//h1[not(.//img)])[1])",
        ),
        "description": (f"{_POST}{_MESSAGE}{_TEXT}", f"({_MESSAGE})[1]{_TEXT}"),
        "price": (
            f"//*[{has('trdb')}]//strong[contains(following-sibling::text()[1], '元')]/text()",
            _SORTED.format("价"),
        ),
        "seller": f"normalize-space(({_POST}{_AUTHOR}//a[{_MEMBER}][normalize-space()])[1])",
        "seller_id": f"({_POST}{_AUTHOR}//a[{_MEMBER}]/@href)[1]",
        "location": (_SORTED.format("地区"), _SORTED.format("所在地")),
        "posted_at": (
            f"({_POST}//*[starts-with(@id, 'authorposton')]//span/@title)[1]",
            f"normalize-space(({_POST}//*[starts-with(@id, 'authorposton')])[1])",
            f"({_POST}//*[{has('mtime')} or {has('rela')}]/text()[normalize-space()])[1]",
        ),
        "image_urls": (
            f"{_POST}//img/@zoomfile | {_POST}//img[not(@zoomfile)]/@file",
            f"{_POST}{_MESSAGE}//img[not(@smilieid) and not(contains(@src, 'static/image'))"
            " and not(contains(@src, 'images/'))]/@src",
        ),
    }
    gone = (
        "指定的主题不存在或已被删除或正在被审核",
        "指定的主題不存在或已被刪除或正在被審核",
        "指定的主题不存在或已被删除",
    )
    expect = {"advertisements": 1, "title": 0.95, "ad_id": 1.0, "posted_at": 0.8}
