"""Taobao: shops' and private sellers' goods, Tmall's among them, found by keyword.

Expect a login window without a sign-in, and sooner or later a slider. A copy of its robots.txt of
the late 2010s closes the site to all but named search engines: the run then ends as forbidden, and
the worksheet is the way, unless the site has allowed this crawler.
"""

from wildcrawl.base_spiders import ProfileBrowserSpider
from wildcrawl.base_spiders.extraction import Fields, Layout, says, whole

ITEM = "join('', ['https://item.taobao.com/item.htm?id=', to_string({})])"
"""Address of an item's own page; the address of a paid placement counts the seller's clicks."""
DRAWN: Fields = {
    "ad_id": (
        "substring-after(./ancestor-or-self::*[starts-with(@id, 'item_id_')][1]/@id, 'item_id_')",
        "./ancestor-or-self::*[@data-spm-act-id][1]/@data-spm-act-id",
        "./ancestor-or-self::a[1]/@data-nid",
    ),
    "url": ("./ancestor-or-self::a[@href][1]/@href", "a[href*='id=']::attr(href)"),
    "title": (
        whole("title--"),
        ".//*[contains(@class, 'title--')]/@title",
    ),
    "price": "concat(.//*[contains(@class, 'priceInt--')], .//*[contains(@class, 'priceFloat--')])",
    "seller": (
        whole("shopNameText--"),
        whole("shopName--"),
    ),
    "location": "[class*='procity--'] ::text",
    "image_urls": "img[class*='mainPic']::attr(src)",
}
HELD: Fields = {
    "ad_id": "nid",
    "url": (f"p4p && {ITEM.format('nid')}", "detail_url", ITEM.format("nid")),
    "title": ("raw_title", "title"),
    "price": ("view_price", "reserve_price"),
    "seller": "nick",
    "seller_id": "user_id",
    "location": "item_loc",
    "image_urls": "pic_url",
}
OLD: Fields = {
    "ad_id": "(.//@data-nid)[1]",
    "url": (
        "a[href*='item.htm?']::attr(href)",
        "concat('https://item.taobao.com/item.htm?id=', (.//@data-nid)[1])",
    ),
    "title": ("normalize-space(.//*[contains(@class, 'title')]//a)", ".//img/@alt"),
    "price": (
        "normalize-space(.//*[contains(@class, 'price')]//strong)",
        whole("price"),
    ),
    "seller": "normalize-space(.//*[contains(@class, 'shop')]//a)",
    "seller_id": ".//a/@data-userid",
    "location": (".location::text", ".loc::text"),
    "image_urls": "img[data-src]::attr(data-src), img.J_ItemPic::attr(src)",
}
ITEMS = Layout(
    "[?item_id || nid]",
    {
        "ad_id": ("item_id", "nid"),
        "url": (ITEM.format("item_id || nid"), "auctionURL"),
        "title": ("title", "name", "raw_title"),
        "price": ("price", "priceShow.price", "view_price"),
        "seller": ("nick", "shopInfo.title"),
        "location": ("procity", "area", "location"),
        "image_urls": ("pic_path", "pic_url"),
    },
    data='"itemsArray"',
)
LISTED = Layout(
    "[?item_id || nid]",
    {
        "ad_id": ("item_id", "nid"),
        "url": (ITEM.format("item_id || nid"), "auctionURL"),
        "title": ("title", "name"),
        "price": ("priceWap", "price", "priceWithRate"),
        "seller": "nick",
        "seller_id": "userId",
        "location": ("area", "location"),
        "image_urls": ("pic_path", "img2"),
    },
    data='"listItem"',
)
"""The data of wsearch.h5search, as pages for phones and of 2026 fetch it."""
ANSWERS = r"mtop\.relationrecommend\.wirelessrecommend\.recommend|mtop\.taobao\.wsearch\.h5search"
WANTED = (
    "Sign in in your own browser (or the app) and open the link; sort by newest if offered.",
    "Go through the goods; note each that shows the keyword's animal, not imitations.",
    "As ad_id take the number after id= in the item's address.",
)
WANTED_ZH = (
    "在自己的浏览器（或 App）中登录，打开链接；如可排序，选择最新。",
    "逐一查看商品；记录出售该动物制品的，仿品不记录。",
    "编号取商品网址中 id= 后的数字。",
)


class TaobaoSpider(ProfileBrowserSpider):
    name = "taobao"
    label = "Taobao"
    label_zh = "淘宝"
    kind = "e-commerce"
    since = "2026-11"
    evidence = (
        "five public programs up to July 2026 (the page rendered by script, class names with a "
        "changing end; the data of wsearch.h5search, also in programs of 2019–2020), three saved "
        "pages and dumps of 2016–2018 (the page with data of "
        "2013–2022), six crawlers (the same as rendered)"
    )
    confidence = "high"
    home = "https://www.taobao.com/"
    entry = "https://login.taobao.com/"
    search_url = "https://s.taobao.com/search?q={keyword}&page={page}"
    card = "[class*='doubleCard--']"
    empty = says("没有找到与", "没有找到相关的宝贝", "没找到相关宝贝", "没有搜索到")
    fields = DRAWN
    patterns = {
        "ad_id": r"(?:[?&]id=|^)(\d+)",
        "seller": r"^(?:\d+年老店|回头客[\d.万]+)?(.+)$",
    }
    other_layouts = (
        Layout("//a[contains(@href, 'item.htm?')][.//*[contains(@class, 'title--')]]", DRAWN),
        Layout("data.auctions[?nid]", HELD, data='"itemlist"'),
        # The data may hold fewer than the page draws.
        Layout("//div[contains(@class, 'J_MouserOnverReq')]", OLD, besides=True),
        Layout(
            "//*[contains(@class, 'list-item') or contains(@class, 'item-box')]"
            "[.//h3//a[contains(@href, 'id=')]]",
            OLD | {"url": "h3 a::attr(href)", "title": ("h3 a::attr(title)", "h3 a ::text")},
        ),
        ITEMS,
        LISTED,
    )
    answers = ANSWERS
    gone = ("宝贝不存在", "此宝贝已下架", "您查看的宝贝不存在", "商品已下架")
    steps = WANTED
    steps_zh = WANTED_ZH
    expect = {"advertisements": 40, "title": 1.0, "price": 0.9}
