"""JD auctions: lots of courts, customs, banks and dealers at JD.

Two clients of 2026 report that no signature is required.
"""

from wildcrawl.base_spiders import JsonSearchSpider

GATEWAY = "https://api.m.jd.com/api?appid=paimai&functionId="


class JdPaimaiSpider(JsonSearchSpider):
    name = "jd_paimai"
    label = "JD auctions"
    label_zh = "京东拍卖"
    kind = "auction"
    since = "2026-11"
    evidence = (
        "six public clients of 2020–2026 that read the same names, some with sample rows in their "
        "tests; clients of 2021 and 2026 for descriptions; no real answer"
    )
    confidence = "high for the fields, medium for the search by keyword and for descriptions"
    home = "https://paimai.jd.com/"
    search_url = (
        GATEWAY + "paimai_unifiedSearch&body=%7B%22investmentType%22%3A%22%22%2C%22apiType%22%3A12"
        "%2C%22page%22%3A{page}%2C%22pageSize%22%3A40%2C%22keyword%22%3A%22{keyword}%22"
        "%2C%22sortField%22%3A8%2C%22projectType%22%3A1%2C%22reqSource%22%3A0%7D"
    )
    page_url = "https://pmsearch.jd.com/?keyword={keyword}"
    search_body = "null"
    headers = {
        "Content-Type": "application/json;charset=UTF-8",
        "Referer": "https://pmsearch.jd.com/",
    }
    pace = 6
    max_pages = 10
    ambiguous_pages = 1
    results = "datas || result.data || result.list || (totalItem == `0` && `[]`)"
    more = "length(datas || result.data || result.list) >= `40`"
    fields = {
        "ad_id": ("id", "auctionId", "paimaiId"),
        "url": "join('/', ['https://paimai.jd.com', to_string(id || auctionId || paimaiId)])",
        "title": "title",
        "price": ("currentPrice", "currentPriceCN", "currentPriceStr", "minPrice"),
        "seller": "shopName",
        "seller_id": ("shopId", "vendorId"),
        "location": ("productAddress", "join('', [province || '', city || courtCityName])"),
        "posted_at": ("startTimeMills", "startTime"),
        "image_urls": (
            "starts_with(productImage, 'jfs') && join('', ['https://img10.360buyimg.com/n1/',"
            " productImage])",
            "productImage",
        ),
    }
    detail = {"description": "data"}
    detail_url = (
        GATEWAY + "queryProductDescription&body=%7B%22paimaiId%22%3A{ad_id}%2C%22source%22%3A0%7D"
    )
    blocked = ("not login", "请登录", "操作频繁", "稍后再试")
    expect = {"advertisements": 5, "title": 1.0, "price": 0.9}
