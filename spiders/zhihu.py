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
    steps_zh = (
        "用团队自己的账号登录，然后打开搜索链接。",
        "在“筛选”中选择“最新发布”和“一个月内”；先看“综合”，再看“文章”。",
        "只记录有出售内容的：有联系方式、价格或店铺。讨论不算。",
        "网址以 /answer/ 或 /p/ 加数字结尾；编号取这些数字。",
        "卖家填作者；标题填问题的文字。",
    )
