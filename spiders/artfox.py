"""Artfox Live: streamed auctions of many houses; manual, since its search is not known."""

from wildcrawl.base_spiders import ManualSpider, site_search


class ArtfoxSpider(ManualSpider):
    name = "artfox"
    label = "Artfox Live"
    label_zh = "艺狐在线"
    kind = "auction"
    since = "2026-11"
    evidence = "public addresses of 2018 (an auction) and 2019 (a lot)"
    confidence = "low for the search, medium for the addresses"
    home = "https://www.artfoxlive.com/"
    search_url = site_search("artfoxlive.com")
    steps = (
        "Open the search link: a search engine's results within artfoxlive.com.",
        "Open https://www.artfoxlive.com/ or the app 艺狐 as well: search box (搜索), choose 拍品.",
        "Look at coming auctions (预展) and at those that are on; leave out past ones (成交).",
        "The url is https://m.artfoxlive.com/AuctionDetail?productId=12345, no more.",
        "As ad_id take the digits after productId=; the auction house is the seller.",
    )
    steps_zh = (
        "打开搜索链接：搜索引擎在 artfoxlive.com 内的结果。",
        "再打开 https://www.artfoxlive.com/ 或艺狐 App：在搜索框搜索，选择“拍品”。",
        "查看预展和正在进行的拍卖；已成交的不记录。",
        "网址为 https://m.artfoxlive.com/AuctionDetail?productId=12345，后面的部分去掉。",
        "编号取 productId= 后的数字；卖家填拍卖公司。",
    )
