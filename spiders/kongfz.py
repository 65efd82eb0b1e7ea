"""Kongfz: second-hand books, and antiques and collectables from the same shops.

An answer shows what an advertisement's own page does, so those pages are not fetched. One client
reports that an answer at times holds its data as text.
"""

from wildcrawl.base_spiders import JsonSearchSpider

ITEMS = "data(data).itemResponse.list"


class KongfzSpider(JsonSearchSpider):
    name = "kongfz"
    label = "Kongfz"
    label_zh = "孔夫子旧书网"
    kind = "antiques"
    since = "2026-11"
    evidence = (
        "three real answers of August 2026 (public user script kongfz-set-optimizer), five other "
        "public clients of 2026; one of them for the sign-in, slider and limit answers"
    )
    confidence = "high"
    home = "https://www.kongfz.com/"
    search_url = (
        "https://search.kongfz.com/pc-gw/search-web/client/pc/product/keyword/list"
        "?dataType=0&keyword={keyword}&page={page}&size=50&userArea=1001000000"
    )
    page_url = "https://search.kongfz.com/product/?keyword={keyword}&dataType=0&page={page}"
    headers = {"Referer": "https://search.kongfz.com/product/"}
    pace = 8
    max_pages = 20
    ambiguous_pages = 2
    results = f"status == `1` && {ITEMS}"
    # Fewer than twenty results mean the last page, even if the site ignores `size`.
    more = f"length({ITEMS}) >= `20`"
    fields = {
        "ad_id": "itemId",
        "url": (
            "link.pc",
            "join('/', ['https://book.kongfz.com', to_string(shopId), to_string(itemId)])",
        ),
        "title": "title",
        "price": ("priceText", "price"),
        "description": (
            "[importantDesc, qualityText, tplRecords[?key && value].join(': ', [key, value])"
            " | join('; ', @)][?@] | join('; ', @)",
            "importantDesc",
        ),
        "seller": ("shopName", "shopNickName"),
        "seller_id": "shopId",
        "location": "shopAreaText",
        "posted_at": "showTimeText",
        "image_urls": ("imgBigUrl", "imgUrl"),
    }
    blocked = (
        "查询类似计算机软件的自动请求",
        "请您进行验证后再继续搜索",
        "滑动滑块完成拼图",
        "搜索次数已达到上限",
        "访问频率",
        "过于频繁",
        "请登录",
        "captcha-element",
        "abnormal-view",
    )
    expect = {"advertisements": 60, "title": 1.0, "price": 0.95, "seller": 0.95, "posted_at": 0.9}
