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
