"""Pinduoduo: a marketplace; manual, since its pages need an account."""

from wildcrawl.base_spiders import ManualSpider


class PinduoduoSpider(ManualSpider):
    name = "pinduoduo"
    label = "Pinduoduo"
    label_zh = "拼多多"
    kind = "e-commerce"
    since = "2026-11"
    evidence = (
        "link templates of ten public projects, most of 2026, and an address of November 2024"
    )
    confidence = "high for both addresses, low for what an account is shown"
    home = "https://mobile.yangkeduo.com/"
    search_url = "https://mobile.yangkeduo.com/search_result.html?search_key={keyword}"
    steps = (
        "Sign in (登录) with the team's own account, in the browser or in the app 拼多多.",
        "Open the search link, or type the keyword into the app's search box (搜索).",
        "Sort by 综合 and scroll until only other things are shown (为你推荐 is not a result).",
        "In the app choose 分享, then 复制链接. The url is https://mobile.yangkeduo.com/goods.html?goods_id=…",
        "As ad_id take the digits after goods_id=, as url the address up to their end.",
    )
    steps_zh = (
        "用团队自己的账号登录，浏览器或拼多多 App 均可。",
        "打开搜索链接，或在 App 的搜索框输入关键词。",
        "按“综合”排序，向下滚动，直到只显示其他内容（“为你推荐”不是结果）。",
        "在 App 中选择“分享”“复制链接”。网址为 https://mobile.yangkeduo.com/goods.html?goods_id=…",
        "编号取 goods_id= 后的数字，网址取到该数字为止。",
    )
