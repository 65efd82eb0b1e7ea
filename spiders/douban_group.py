"""Douban groups: topics found by keyword, newest first.

After ten pages the site asks for a sign-in. The text of an empty result is a guess.
"""

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.base_spiders.extraction import says


class DoubanGroupSpider(HtmlSearchSpider):
    name = "douban_group"
    label = "Douban groups"
    label_zh = "豆瓣小组"
    kind = "forum"
    since = "2026-11"
    evidence = "public crawlers of 2017–2019 whose selectors agree"
    confidence = "medium"
    home = "https://www.douban.com/group/"
    search_url = "https://www.douban.com/group/search?cat=1013&sort=time&q={keyword}&start={page}"
    first_page = 0
    page_step = 50
    pace = 8
    max_pages = 5
    ambiguous_pages = 1
    card = "//table[contains(@class, 'olt')]//tr[contains(@class, 'pl')][.//a]"
    empty = says("没有找到", "没有搜索到", "暂无")
    next_page = ".paginator .next a::attr(href)"
    fields = {
        "url": (".td-subject a::attr(href)", "a[href*='/topic/']::attr(href)"),
        "title": (".td-subject a::attr(title)", ".td-subject a::text", "a::text"),
        "category": ("td:last-child a::attr(title)", "td:last-child a::text"),
        "posted_at": (".td-time::attr(title)", ".td-time::text"),
    }
    patterns = {"ad_id": r"/topic/(\d+)"}
    detail = {
        "title": (".article h1::text", "h1::text"),
        "description": (".topic-richtext ::text", "#link-report ::text", ".topic-content ::text"),
        "seller": ".topic-doc .from a::text, h3 .from a::text",
        "seller_id": "substring-before(substring-after(.//*[contains(@class, 'from')]/a/@href, "
        "'/people/'), '/')",
        "posted_at": (".create-time::text", "h3 .color-green::text"),
        "image_urls": ".topic-content img::attr(src), .topic-richtext img::attr(src)",
    }
    blocked = ("有异常请求从你的 IP 发出", "sec.douban.com", "登录跳转")
    gone = ("话题已被删除", "你没有权限访问这个页面", "页面不存在", "该话题已被")
    expect = {"advertisements": 5, "title": 1.0}
