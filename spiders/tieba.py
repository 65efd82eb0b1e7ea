"""Baidu Tieba: threads of post bars, found by keyword.

Of the search page of 2026, which is rendered by script, only the first page is stable. Expect that
robots.txt names a few search engines and closes the site to all others: the run then ends as
forbidden, and the worksheet is the way, unless the site has allowed this crawler.
"""

from __future__ import annotations

from scrapy.http import TextResponse

from wildcrawl.base_spiders import ProfileBrowserSpider
from wildcrawl.base_spiders.extraction import Layout, Row, says, whole

THREAD = "join('', ['https://tieba.baidu.com/p/', to_string({})])"
FORUM = "//a[contains(@class, 'card_title_fname')]/text()"
FIRST = "(//div[contains(@class, 'l_post')])[1]"


class TiebaSpider(ProfileBrowserSpider):
    name = "tieba"
    label = "Baidu Tieba"
    label_zh = "百度贴吧"
    kind = "forum"
    since = "2026-11"
    evidence = (
        "three public crawlers of February–August 2026 (the search page of 2026; one with tests of "
        "its data, one for threads), ten saved pages of 2018–2024 (results, bars and threads until "
        "2025, desktop and mobile)"
    )
    confidence = "high for the search and pages until 2025, medium for threads of 2026"
    home = "https://tieba.baidu.com/"
    search_url = "https://tieba.baidu.com/f/search/res?ie=utf-8&qw={keyword}&rn=20&pn={page}"
    max_pages = 1
    card = ".threadcardclass"
    empty = says("没有找到", "未找到相关", "暂无搜索结果", "没有搜到", "没有相关")
    fields = {
        "url": "a[href*='/p/']::attr(href)",
        "title": (
            whole("title-wrap"),
            whole("title-content-wrap"),
            whole("abstract-wrap"),
        ),
        "description": whole("abstract-wrap"),
        "category": (".forum-name-text::text", ".forum-name::text", ".thread-forum-name ::text"),
        "seller": (".forum-attention::text", ".attention-wrap ::text"),
        "posted_at": whole("top-title"),
        "image_urls": ".abstract-wrap ~ * img::attr(src), .image-list img::attr(src)",
    }
    patterns = {"ad_id": r"/p/(\d+)", "posted_at": r"发布于\s*(\S.*)", "seller": r"主题作者: (.+)"}
    other_layouts = (
        Layout(
            "//div[contains(@class, 's_post')][./*[contains(@class, 'p_title')]//a]",
            {
                "ad_id": ".p_title a::attr(data-tid)",
                "url": ".p_title a::attr(href)",
                "title": "normalize-space(.//*[contains(@class, 'p_title')]//a)",
                "description": whole("p_content"),
                "category": "normalize-space(.//a[contains(@class, 'p_forum')])",
                "seller": (
                    "normalize-space(.//a[contains(@href, '/home/main')])",
                    "normalize-space(.//a[contains(@href, 'un=')])",
                ),
                "posted_at": ".p_date::text",
                "image_urls": ".p_pic img::attr(original), .p_mediaCont img::attr(original)",
            },
        ),
        Layout(
            "//li[contains(@class, 'j_thread_list')][.//a[contains(@href, '/p/')]]",
            {
                "url": (".j_th_tit a::attr(href)", "a[href*='/p/']::attr(href)"),
                "title": (
                    "a.j_th_tit::attr(title)",
                    ".threadlist_title a::attr(title)",
                    "normalize-space(.//a[contains(@href, '/p/')])",
                ),
                "description": whole("threadlist_abs"),
                "category": (FORUM, "//meta[@fname]/@fname"),
                "seller": (".tb_icon_author::attr(title)", ".frs-author-name::text"),
                "posted_at": ".is_show_create_time::text",
                "image_urls": ".threadlist_media img::attr(bpic)",
            },
        ),
        Layout(
            "//li[contains(@class, 'tl_shadow')][.//a[@tid]]",
            {
                "ad_id": "a[tid]::attr(tid)",
                "url": "a[tid]::attr(href)",
                "title": whole("ti_title"),
                "seller": ".ti_author::text",
                "posted_at": ".ti_time::text",
                "image_urls": "img[data-url]::attr(data-url)",
            },
        ),
        Layout(
            "[?cardInfo=='thread' || cardStyle=='thread'].data",
            {
                "ad_id": "tid",
                "url": THREAD.format("tid"),
                "title": ("title", "content"),
                "description": "content",
                "category": "forum_name",
                "seller": ("user.show_nickname", "user.user_name"),
                "posted_at": ("time", "create_time"),
            },
            data='"card_list"',
        ),
        Layout(
            "[?layout=='feed'].feed",
            {
                "ad_id": "business_info_map.thread_id",
                "url": THREAD.format("business_info_map.thread_id"),
                "title": (
                    "components[?component=='feed_title'].feed_title.data[0].text_info.text | [0]",
                    "business_info_map.title",
                ),
            },
            data='"feed_list"',
        ),
        # Threads that are named by their number alone; their own pages give the rest.
        *(
            Layout(
                "[]",
                {
                    "ad_id": "tid || thread_id || id || @",
                    "url": THREAD.format("tid || thread_id || id || @"),
                    "title": "title",
                },
                data=f'"{name}"',
                besides=True,
            )
            for name in ("thread_id_list", "tid_list", "tids", "thread_ids")
        ),
    )
    answers = r"/search/multsearch|/frs/page_pc"
    detail = {
        "title": (
            ".core_title_txt::attr(title)",
            "normalize-space(//*[contains(@class, 'pb-title-wrap')])",
        ),
        "description": (
            # A long picture has a button laid over it, 点击展开，查看完整图片.
            f"{FIRST}//*[contains(@class, 'd_post_content ')]"
            "//text()[not(ancestor::*[contains(@class, 'replace_tip')])]",
            "normalize-space(//*[contains(@class, 'pb-content-wrap')])",
        ),
        "category": (FORUM, ".forum-name-text::text"),
        "seller": (
            f"{FIRST}//a[contains(@class, 'p_author_name')]/text()",
            ".head-line.user-info:not(.no-extra-margin) .head-name::text",
        ),
        "posted_at": (
            f"({FIRST}//*[contains(@class, 'tail-info')][contains(., '-')])[1]/text()",
            f"substring-before(substring-after({FIRST}/@data-field, '\"date\":\"'), '\"')",
        ),
        "location": f"substring-after({FIRST}//*[contains(., 'IP属地:')][not(*)], 'IP属地:')",
        "image_urls": (
            f"{FIRST}//img[contains(@class, 'BDE_Image')]/@src",
            ".pb-content-wrap img::attr(src)",
        ),
    }
    other_details = (
        Layout(fields={"title": "title", "posted_at": "create_time"}, data='"thread":'),
        Layout(
            fields={"description": "content[].text | join('', @)", "posted_at": "time"},
            data='"first_floor":',
        ),
    )
    ready = ".pb-content-wrap, .l_post"
    gone = ("该贴已被删除", "抱歉，您访问的贴子", "贴子不存在")
    steps = (
        "Sign in to Tieba in your own browser and open the link (or search for the keyword there).",
        "Go through the threads, the newest first; note those that offer something.",
        "As ad_id take the number after /p/ in the thread's address.",
    )
    steps_zh = (
        "在自己的浏览器中登录贴吧，打开链接（或在站内搜索关键词）。",
        "从最新的帖子看起；记录有出售内容的帖子。",
        "编号取帖子网址中 /p/ 后的数字。",
    )
    expect = {"advertisements": 20, "title": 1.0, "url": 1.0}

    def read_rows(self, response: TextResponse) -> list[Row]:
        rows = super().read_rows(response)
        if rows or "<!--" not in response.text:
            return rows
        # The lists of bars are in HTML comments, from which a script takes them.
        source = response.text.replace("<!--", "").replace("-->", "")
        return super().read_rows(response.replace(body=source.encode(), encoding="utf-8"))
