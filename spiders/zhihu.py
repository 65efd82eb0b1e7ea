"""Zhihu: questions and answers, where sellers answer; manual, since a search needs an account."""

from wildcrawl.base_spiders import ManualSpider


class ZhihuSpider(ManualSpider):
    name = "zhihu"
    label = "Zhihu"
    label_zh = "知乎"
    kind = "social"
    since = "2026-11"
    evidence = "a public command-line reader of May 2026 and ten link templates, up to 2026"
    confidence = "high for the link and the addresses"
    home = "https://www.zhihu.com/"
    search_url = "https://www.zhihu.com/search?type=content&q={keyword}"
    steps = (
        "Sign in (登录) with the team's own account, then open the search link.",
        "Under 筛选 choose 最新发布 and 一个月内; look at 综合, then at 文章.",
        "Write down only what offers something: a contact, a price, a shop. A debate is none.",
        "The url ends in /answer/ or /p/ and digits; those digits are the ad_id.",
        "The author (作者) is the seller; the question's text is the title.",
    )
