"""Hxguquan: auctions of coins, paper money and various antiques.

A visitor first gets a guest number, as on the site's own pages; no request is signed. The field
of a lot's id is uncertain: the site's script reads GID in a related search.
"""

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from wildcrawl.base_spiders import JsonSearchSpider
from wildcrawl.base_spiders.extraction import Search
from wildcrawl.base_spiders.json import read_json
from wildcrawl.base_spiders.responses import PageError, Unreadable, readable

ID = "gid || GID || itemcode || id"
PICTURES = "'https://imgali.huaxiaguquan.com/pic/'"


class HxguquanSpider(JsonSearchSpider):
    name = "hxguquan"
    label = "Hxguquan"
    label_zh = "华夏古泉"
    kind = "auction"
    since = "2026-11"
    evidence = (
        "a public client of July 2022 (the fields of a lot), two of 2026 (the address), the site's "
        "own scripts of 2026 (addresses of lots and pictures)"
    )
    confidence = "medium, low for the field of the id"
    home = "https://www.hxguquan.com/"
    search_url = (
        "https://qgrading.huaxiaguquan.com/priceSearch/solrQueryVif?auctionStatus=0&type="
        "&gname={keyword}&groupid=&pageSize=50&pageNum={page}&startingPrice=0&closingPrice="
        "&startTime=&endTime="
    )
    _guest_url = "https://api.huaxiaguquan.com/v3/auth/cid.jsp?jscall=guest"
    pace = 5
    max_pages = 10
    ambiguous_pages = 2
    results = "(code == `200` || code == '200') && data"
    more = "length(data) >= `50`"
    fields = {
        "ad_id": ID,
        "url": f"join('', ['https://www.hxguquan.com/goods-detail.html?id=', to_string({ID})])",
        "title": ("gname", "GNAME", "itemname"),
        "price": ("gprice", "GPRICE", "itemcprice"),
        "description": ("gcontent", "itemdesc"),
        "category": "pgname",
        "posted_at": ("gdate", "GDATE", "itemedate"),
        "image_urls": (
            f"data(pics)[].join('', [{PICTURES}, @])",
            f"join('', [{PICTURES}, gpic || GPIC || pic])",
        ),
    }
    blocked = ("-1011", "-1020", "请登录")
    expect = {"advertisements": 3, "title": 1.0, "price": 0.9}

    _guest = ""

    async def start(self) -> AsyncIterator[Any]:
        if self.worksheet:
            async for ad in super().start():
                yield ad
            return
        yield Request(
            self._guest_url,
            method="POST",
            body="app=H5&v=1.0.0",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            callback=self.admitted,
            errback=self.request_failed,
        )

    async def admitted(self, response: Response) -> AsyncIterator[Any]:
        """Reads the guest number, valid for some minutes, and starts the search."""
        try:
            answer = read_json(readable(response, self.charset))
            self._guest = str(answer.get("cid") or "")
            if not self._guest:
                raise Unreadable(f"the site gave no guest number: {response.text[:100]}")
        except PageError as error:
            self.skip_page(response, error)
            return
        async for request in super().start():
            yield request

    def search_request(self, search: Search, url: str | None = None) -> Request | None:
        request = super().search_request(search, url)
        return request and request.replace(url=f"{request.url}&cid={self._guest}")
