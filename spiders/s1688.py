"""1688: wholesale offers, found by keyword (in GBK).

Expect a login page or a slider, at which the run ends. robots.txt is not known; the family's other
sites close theirs.
"""

from wildcrawl.base_spiders import ProfileBrowserSpider
from wildcrawl.base_spiders.extraction import Layout, says, whole

OFFER = "join('', ['https://detail.1688.com/offer/', to_string({}), '.html'])"

REPORTED = (
    "substring-before(substring-after(./ancestor-or-self::*[contains(@data-aplus-report, "
    "'object_id@')][1]/@data-aplus-report, 'object_id@'), '^')"
)
"""The offer's id in the page's data; the address of a paid placement lacks it."""


class S1688Spider(ProfileBrowserSpider):
    name = "s1688"
    label = "1688"
    label_zh = "阿里巴巴1688"
    kind = "e-commerce"
    since = "2026-11"
    evidence = (
        "seven public programs up to August 2026 (the page rendered by script), a saved page of "
        "2024 (its data), eight programs of 2019–2023 (the data of those years), two crawlers of "
        "2013–2018 (the list)"
    )
    confidence = (
        "high for the pages since 2024 and the data since 2019, medium for other layouts before "
        "2024"
    )
    home = "https://www.1688.com/"
    entry = "https://login.1688.com/"
    search_url = "https://s.1688.com/selloffer/offer_search.htm?keywords={keyword}&beginPage={page}"
    charset = "gb18030"
    card = ".search-offer-item"
    empty = says("没找到与", "没有找到与", "没找到相关", "没有找到相关", "暂无相关")
    fields = {
        "ad_id": REPORTED,
        "url": "(./@href | .//a/@href | ancestor::a/@href)[contains(., 'offer')]",
        "title": (
            whole("title-text"),
            whole("offer-title-row"),
            whole("titleText"),
        ),
        "price": (
            "translate(normalize-space(.//*[contains(@class, 'price-item')]), ' ', '')",
            "translate(normalize-space(.//*[contains(@class, 'priceItem')]), ' ', '')",
            "translate(normalize-space(.//*[contains(@class, 'offer-price-row')]), ' ', '')",
        ),
        "seller": whole("offer-shop-row"),
        "image_urls": "img.main-img::attr(src), img[src*='ibank']::attr(src)",
    }
    patterns = {
        "ad_id": r"(?:/offer/|[?&]offerId=|^)(\d+)",
        "price": r"([\d.,]+(?:[~-][\d.,]+)?)",
    }
    other_layouts = (
        Layout(
            "[?id || offerId]",
            {
                "ad_id": ("id", "offerId"),
                "url": ("information.detailUrl", OFFER.format("id || offerId")),
                "title": ("information.subject", "information.simpleSubject", "title", "subject"),
                "price": (
                    "tradePrice.offerPrice.valueString",
                    "tradePrice.offerPrice.priceInfo.price",
                    "priceInfo.price",
                    "price",
                ),
                "seller": ("company.name", "companyName", "aliTalk.loginId"),
                "seller_id": ("aliTalk.loginId", "memberId"),
                "location": "[company.province, company.city][?@] | join(' ', @)",
                "image_urls": ("image.imgUrl", "offerPicUrl", "imgUrl"),
            },
            data='"offerList"',
        ),
        Layout(
            "[?offerid]",
            {
                "ad_id": "offerid",
                "url": OFFER.format("offerid"),
                "title": "title",
                "price": ("strPriceMoney", "priceMoney.amount"),
                "seller": ("company", "loginId"),
                "seller_id": "memberId",
                "location": "[province, city][?@] | join(' ', @)",
                "image_urls": "imgUrl",
            },
            data='"listOffer"',
        ),
        Layout(
            "//*[contains(@data-aplus-report, 'object_id@')][.//*[contains(@class, 'subject')]]",
            {
                "ad_id": REPORTED,
                "url": f"concat('https://detail.1688.com/offer/', {REPORTED}, '.html')",
                "title": (".subject::attr(title)", whole("subject")),
                "price": whole("price_num"),
                "image_urls": "img[src*='ibank']::attr(src)",
            },
        ),
        Layout(
            "//*[contains(@class, 'sm-offer-item') or contains(@class, 'space-offer-card-box')]",
            {
                "ad_id": "./@t-offer-id",
                "url": ".//a[contains(@href, 'offer')]/@href",
                "title": (
                    ".sm-offer-title a::attr(title)",
                    whole("sm-offer-title"),
                    whole("mojar-element-title"),
                ),
                "price": (
                    ".sm-offer-priceNum::attr(title)",
                    whole("sm-offer-priceNum"),
                    whole("showPrice"),
                    whole("mojar-element-price"),
                ),
                "seller": (
                    whole("companyName"),
                    whole("mojar-element-company"),
                ),
                "location": ".sm-offer-location::text, .sm-offer-sub::attr(title)",
                "image_urls": "img[data-lazy-load-src]::attr(data-lazy-load-src), img::attr(src)",
            },
        ),
        Layout(
            "//a[contains(@href, 'detail.1688.com/offer/') or contains(@href, 'offerId=')]"
            "[normalize-space(.) or @title]",
            {"url": "./@href", "title": ("./@title", "normalize-space(.)")},
        ),
    )
    gone = ("商品已下架", "该商品无法查看", "商品不存在")
    steps = (
        "Sign in to 1688 in your own browser and open the link; sort by newest (最新) if offered.",
        "Go through the offers; note each that shows the keyword's animal, not imitations.",
        "As ad_id take the number after /offer/ (or offerId=) in the offer's address.",
    )
    steps_zh = (
        "在自己的浏览器中登录 1688，打开链接；如可排序，选择“最新”。",
        "逐一查看供应信息；记录出售该动物制品的，仿品不记录。",
        "编号取网址中 /offer/（或 offerId=）后的数字。",
    )
    expect = {"advertisements": 10, "title": 1.0, "price": 0.8}
