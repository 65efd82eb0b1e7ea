"""Baixing: classified advertisements by city; manual, since logins and captchas are reported."""

from wildcrawl.base_spiders import ManualSpider


class BaixingSpider(ManualSpider):
    name = "baixing"
    label = "Baixing"
    label_zh = "百姓网"
    kind = "classifieds"
    since = "2026-11"
    evidence = (
        "the site's own page script (the search link) and public crawlers of 2016–2020 (the rest)"
    )
    confidence = "medium for the link, low for how much it shows today"
    home = "https://www.baixing.com/"
    search_url = "https://china.baixing.com/search/?query={keyword}"
    steps = (
        "Open the search link; it searches all cities. If it asks for a login (登录), sign in.",
        "Look through every page of results (下一页); leave out what is headed 推广.",
        "The url is https://CITY.baixing.com/CATEGORY/a1234567890.html and no more.",
        "As ad_id take the digits between a and .html.",
        "An advertisement that reads 此信息未通过审核 is gone; it is not written down.",
    )
    steps_zh = (
        "打开搜索链接，会搜索所有城市；如要求登录，请登录。",
        "逐页查看结果（下一页）；标有“推广”的不看。",
        "网址为 https://CITY.baixing.com/CATEGORY/a1234567890.html，后面的部分去掉。",
        "编号取 a 与 .html 之间的数字。",
        "显示“此信息未通过审核”的广告已失效，不记录。",
    )
