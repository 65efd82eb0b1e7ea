"""Artron: lots of the Chinese auction houses, upcoming and past.

Hammer prices are shown to members only: the price is then the estimate or, without one, the site's
own "after sign-in". The text of an empty result is a guess.
"""

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.base_spiders.extraction import Layout, says

LOT = "pageProDetail.data.detail"
MONEY = "join(' ', [smallText, (fullText || text)])"


class ArtronSpider(HtmlSearchSpider):
    name = "artron"
    label = "Artron auctions"
    label_zh = "雅昌拍卖"
    kind = "auction"
    since = "2026-11"
    evidence = (
        "a real list of March 2026 (test page of a public project), a real lot of 2025 (project "
        "ArtFetch, 2026), a crawler of 2018 and clients of 2026"
    )
    confidence = "high for the list and for the data in a lot's page, low for a lot's older table"
    home = "https://auction.artron.net/"
    search_url = "https://artso.artron.net/auction/search_auction.php?keyword={keyword}&page={page}"
    pace = 6
    max_pages = 5
    ambiguous_pages = 1
    card = "//div[contains(@class, 'listImg')]//li[.//a[contains(@href, 'paimai-art')]]"
    empty = says("没有找到", "未找到", "暂无")
    next_page = "//a[normalize-space()='下一页']/@href"
    fields = {
        "url": "a[href*=paimai-art]::attr(href)",
        "title": "normalize-space(.//h3)",
        # The currency is a picture: images/com/jpy.gif.
        "price": "normalize-space(concat(.//p[strong]/strong, ' ', substring-before("
        "substring-after(.//p[strong]//img/@src, 'com/'), '.'), ' ', .//p[strong]/em))",
        "seller": (
            "substring-before(.//a[contains(@href, 'org_detail')], '（')",
            "a[href*=org_detail]::text",
        ),
        "location": "substring-before(substring-after(.//a[contains(@href, 'org_detail')], '（'), "
        "'）')",
        "seller_id": "a[href*=org_detail]::attr(href)",
        "posted_at": ".//p[.//a[contains(@href, 'org_detail')]]/text()",
        "category": ".result::text",
    }
    patterns = {"ad_id": r"paimai-(art\d+)", "seller_id": r"org_detail/(\w+)"}
    detail = {
        "title": "div.titLeft h1::text",
        "price": "//th[contains(., '估价')]/following-sibling::td[1]//text()",
        "seller": "//th[contains(., '拍卖公司')]/following-sibling::td[1]//text()",
        "posted_at": "//th[contains(., '拍卖时间')]/following-sibling::td[1]//text()",
        "description": "div.worksInfo table ::text",
    }
    other_details = (
        Layout(
            fields={
                "title": (f"{LOT}.workName", "pageProDetail.data.show_title"),
                "price": (
                    f"{LOT}.extraInfo[?type == 'gujia' && text] | [0].{MONEY}",
                    f"{LOT}.extraInfo[?type == 'price' && text && needMember != `1`]|[0].{MONEY}",
                    f"{LOT}.extraInfo[?type == 'price'] | [0].loginText",
                ),
                "description": f"join('; ', {LOT}.extraInfo[?type != 'price' && type != 'gujia'"
                " && (fullText || text)].join(': ', [label, (fullText || text)]))",
                "seller": (
                    f"{LOT}.attribute[?type == 'company'] | [0].text",
                    "pageProDetail.data.extraInfo[?type == 'company'] | [0].text",
                ),
                "seller_id": f"{LOT}.attribute[?type == 'company'] | [0].organCode",
                "location": f"{LOT}.attribute[?label == '拍卖地点'] | [0].text",
                "posted_at": (
                    f"{LOT}.attribute[?label == '拍卖日期'] | [0].text",
                    f"{LOT}.picAttribute.auctionDate",
                ),
                "category": f"join(' ', [{LOT}.classCodeOneName, {LOT}.classCodeTwoName])",
                "image_urls": (f"{LOT}.PicUrl", f"{LOT}.bigPicArray", f"{LOT}.bigPic"),
            },
            data="window.__INITIAL_STATE__=",
        ),
        Layout(
            fields={
                "price": "//dt[contains(., '估价')]/following-sibling::dd[1]//text()",
                "seller": "//dt[contains(., '拍卖公司')]/following-sibling::dd[1]//text()",
                "posted_at": "//dt[contains(., '拍卖日期')]/following-sibling::dd[1]//text()",
                "description": ".productDetailBox ::text",
            }
        ),
    )
    expect = {"advertisements": 40, "title": 1.0, "seller": 0.9}
