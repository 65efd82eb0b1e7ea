"""58.com: classified advertisements of all cities, found by keyword.

Look at the first run's page before trusting a zero. Expect a verification page
(callback.58.com/antibot, with status 200), at which the run ends; robots.txt is not known.
cn.58.com searches all cities at once and shows advertisements of Ganji too.
"""

from wildcrawl.base_spiders import ProfileBrowserSpider
from wildcrawl.base_spiders.extraction import Layout, says, whole

LINK = "contains(@href, '.shtml')"


class S58Spider(ProfileBrowserSpider):
    name = "s58"
    label = "58.com"
    label_zh = "58同城"
    kind = "classifieds"
    since = "2026-11"
    evidence = (
        "six public programs of 2016–2025 (the search address), three crawlers of 2014–2017 and "
        "the class names of one of 2023, which agree in part (the rows); no saved page"
    )
    confidence = "medium for the search address, low to medium for the rows"
    home = "https://cn.58.com/"
    entry = "https://passport.58.com/login"
    search_url = "https://cn.58.com/sou/pn{page}/?key={keyword}"
    card = "#infolist tr, #main .infocon tr, table.tbimg tr"
    empty = says("没有找到", "没有搜索到", "暂无相关", "没有符合")
    fields = {
        "url": f".//a[{LINK}]/@href",
        "title": (
            "normalize-space(.//td[contains(@class, 't')]//a[1])",
            f"normalize-space((.//a[{LINK}][normalize-space()])[1])",
        ),
        "description": ".desc::text, .c_58::text",
        "price": (
            whole("pri"),
            whole("price"),
        ),
        "location": (".fl .c_666::text", ".qj-listleft span::text", ".area::text"),
        "posted_at": (".qj-listright::text", ".tc .c_999::text", ".time::text"),
        "image_urls": "img[lazy_src]::attr(lazy_src), img[data-src]::attr(data-src)",
    }
    patterns = {"ad_id": r"/(\d{6,})x?\.shtml"}
    other_layouts = (
        Layout(
            f"//*[self::li or self::tr][.//a[{LINK}][normalize-space()]][not(.//li or .//tr)]",
            {
                "url": f".//a[{LINK}]/@href",
                "title": (
                    "normalize-space(.//*[self::h2 or self::h3]//a)",
                    f".//a[{LINK}]/@title",
                    f"normalize-space((.//a[{LINK}][normalize-space()])[1])",
                ),
                "price": whole("pri"),
                "location": whole("area"),
                "posted_at": whole("time"),
                "image_urls": "img::attr(lazy_src), img::attr(data-src), img::attr(src)",
            },
        ),
    )
    gone = ("该信息已被删除", "信息已过期", "该页面可能被删除")
    steps = (
        "Open the link; where a check comes first, make it yourself or come back another day.",
        "Choose 二手 or 收藏品 if offered; go through the advertisements of all cities.",
        "As ad_id take the number before x.shtml in the advertisement's address.",
    )
    steps_zh = (
        "打开链接；如先出现验证，请自行完成，或改日再来。",
        "如可选择，选“二手”或“收藏品”；查看所有城市的广告。",
        "编号取广告网址中 x.shtml 之前的数字。",
    )
    expect = {"advertisements": 1, "title": 1.0, "url": 1.0}
