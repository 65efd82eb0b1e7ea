"""HC360: business-to-business offers.

The text of an empty result is a guess.
"""

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.base_spiders.extraction import Layout, says


class Hc360Spider(HtmlSearchSpider):
    name = "hc360"
    label = "HC360"
    label_zh = "慧聪网"
    kind = "e-commerce"
    since = "2026-11"
    evidence = (
        "public crawlers of 2018–2021 (a result's frame), the site's own scripts of 2017 (what is "
        "in it, and the JSON form), a public script of March 2019 (own pages)"
    )
    confidence = "medium for the search, low for an advertisement's own page"
    home = "https://www.hc360.com/"
    search_url = "https://s.hc360.com/seller/search.html?kwd={keyword}&pnum={page}"
    pace = 5
    max_pages = 10
    ambiguous_pages = 1
    card = (
        "//li[contains(@class, 'grid-list') or .//*[contains(@class, 'NewItem')]]"
        " | //div[@class='proListLeft']//li"
    )
    empty = says("没有找到", "没有搜索到", "暂无")
    next_page = "span.page_next a::attr(href)"
    fields = {
        "url": ("a[href*=supplyself]::attr(href)", ".picmid a::attr(href)", ".pRel a::attr(href)"),
        "title": (
            ".newName a::attr(title)",
            "a[href*=supplyself][title]::attr(title)",
            ".picmid img::attr(alt)",
            ".newName ::text",
        ),
        "price": ("normalize-space(.//*[contains(@class, 'seaNewPrice')])", "[class*=rice]::text"),
        "seller": (".newCname a::attr(title)", ".newCname a::text"),
        "seller_id": ".newCname a::attr(href)",
        "location": (".areaBox::attr(title)", ".areaBox ::text"),
        "image_urls": (".picmid img::attr(data-original)", "img::attr(src)"),
    }
    patterns = {"ad_id": r"supplyself/(\d+)\.html", "seller_id": r"//([\w-]+)\.b2b\.hc360"}
    other_layouts = (
        Layout(
            "[]",
            {
                "ad_id": "searchResultfoId || searchResultfoID",
                "url": "join('', ['https://b2b.hc360.com/supplyself/', "
                "to_string(searchResultfoId || searchResultfoID), '.html'])",
                "title": "searchResultfoTitle",
                "description": "searchResultfoText",
                "price": (
                    "searchResultfoUnitPrice != '0' && searchResultfoMeasureUnit && join('/', "
                    "[to_string(searchResultfoUnitPrice), searchResultfoMeasureUnit])",
                    "searchResultfoUnitPrice",
                ),
                "seller": "searchResultfoCompany",
                "seller_id": "searchResultfoUserName",
                "location": "searchResultfoZone",
                "image_urls": "searchResultfoImageBig",
            },
            data='"searchResultInfo":',
        ),
    )
    detail = {
        "title": ".proTitCon h1::text",
        "price": "normalize-space(.//*[contains(@class, 'topPriceBox')]/div[1])",
        "description": "meta[name=description]::attr(content)",
        "seller": ".p.sate em::text",
    }
    expect = {"advertisements": 5, "title": 1.0}
