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
