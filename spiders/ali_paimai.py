"""Ali Auctions: lots of courts' and other sellers' auctions, found by keyword (in GBK).

Expect a login window or a slider, at which the run ends. robots.txt is not known; the family's
other sites close theirs. A lot belongs to an auction house or a court, not to a private seller.
"""

from wildcrawl.base_spiders import ProfileBrowserSpider
from wildcrawl.base_spiders.extraction import Layout, says, whole

LOT = "join('', ['https://sf-item.taobao.com/sf_item/', to_string({}), '.htm'])"


class AliPaimaiSpider(ProfileBrowserSpider):
    name = "ali_paimai"
    label = "Ali Auctions"
    label_zh = "阿里拍卖"
    kind = "auction"
    since = "2026-11"
    evidence = (
        "nine public programs of 2018–2026 that read the lots from a script in the page, two of "
        "which search by keyword; no saved page"
    )
    confidence = "high for the lots in the page, medium for the search by keyword"
    home = "https://sf.taobao.com/"
    entry = "https://login.taobao.com/"
    search_url = "https://sf.taobao.com/item_list.htm?q={keyword}&page={page}"
    charset = "gb18030"
    card = ".sf-item-list .pai-item, .sf-pai-item-list .pai-item"
    empty = (
        "//script[@id='sf-item-list-data'][contains(translate(., ' ', ''), '\"data\":[]')]"
        f" | {says('没有找到相关', '没有相关标的', '暂无相关')}"
    )
    fields = {
        "ad_id": "substring-after(./@id, 'item-')",
        "url": "a[href*='_item/']::attr(href)",
        "title": whole("title"),
        "price": "normalize-space(.//*[contains(@class, 'price')]//em[last()])",
        "image_urls": "img::attr(data-ks-lazyload), img::attr(src)",
    }
    patterns = {"ad_id": r"(?:_item/|^)(\d+)"}
    other_layouts = (
        Layout(
            "data[?id]",
            {
                "ad_id": "id",
                "url": ("itemUrl", LOT.format("id")),
                "title": "title",
                "price": ("currentPrice", "initialPrice", "consultPrice"),
                "seller": ("shopName", "orgName", "courtName"),
                "seller_id": "sellerId",
                "location": ("city", "province"),
                "posted_at": "start",
                "image_urls": "picUrl",
            },
            data='id="sf-item-list-data"',
        ),
    )
    gone = ("拍品不存在", "标的物不存在", "该拍卖已撤回")
    steps = (
        "Sign in to Taobao in your own browser and open the link (or zc-paimai.taobao.com).",
        "Go through the lots, those still to come (即将开始) first.",
        "As ad_id take the number in the lot's address, as seller the court or house.",
    )
    steps_zh = (
        "在自己的浏览器中登录淘宝，然后打开链接（或 zc-paimai.taobao.com）。",
        "逐一查看拍品，先看即将开始的。",
        "编号取拍品网址中的数字，卖家填法院或拍卖机构。",
    )
    expect = {"advertisements": 1, "title": 1.0, "price": 0.9}
