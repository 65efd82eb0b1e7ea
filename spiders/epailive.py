"""Epailive: streamed auctions of many houses; manual, since its search is not known."""

from wildcrawl.base_spiders import ManualSpider, site_search


class EpailiveSpider(ManualSpider):
    name = "epailive"
    label = "Epailive"
    label_zh = "易拍全球"
    kind = "auction"
    since = "2026-11"
    evidence = "public addresses of 2018 (houses) and 2026 (an auction)"
    confidence = "low for the search, medium for the addresses"
    home = "https://www.epailive.com/"
    search_url = site_search("epailive.com")
    steps = (
        "Open the search link: a search engine's results within epailive.com.",
        "Open https://www.epailive.com/ as well: search box (搜索), choose 拍品.",
        "Look at coming auctions (预展) and at those that are on; leave out past ones (成交).",
        "The url is the lot's own; an auction's is https://www.epailive.com/auctionDetail/12345.",
        "As ad_id take auction and lot, as 12345-678; the auction house is the seller.",
    )
    steps_zh = (
        "打开搜索链接：搜索引擎在 epailive.com 内的结果。",
        "再打开 https://www.epailive.com/：在搜索框搜索，选择“拍品”。",
        "查看预展和正在进行的拍卖；已成交的不记录。",
        "网址为拍品自己的页面；拍卖会的网址为 https://www.epailive.com/auctionDetail/12345。",
        "编号写作“拍卖会-拍品”，如 12345-678；卖家填拍卖公司。",
    )
