"""ECShop shops, 2.5 to 4."""

from __future__ import annotations

from wildcrawl.platforms.shop import ShopSpider


class EcShopSpider(ShopSpider):
    """A shop on ECShop. Its search redirects to another address.

    Older shops are GBK: declare `charset = "gbk"`.
    """

    search_path = "/search.php?keywords={keyword}&page={page}"
    cards = ".goodsItem, .goodsbox, .goodsList ul"
    card_id = (("/@href", r"goods(?:\.php\?(?:[^#]*&)?id=|-)(\d+)"),)
    product_path = r"(?:^|/)goods(?:\.php\?(?:[^#]*&)?id=|-)(\d+)"
    own_page = "#ECS_SHOPPRICE, #ECS_GOODS_AMOUNT, form#ECS_FORMBUY, form[name=ECS_FORMBUY]"
    next_page = (
        "#pager a.next::attr(href), .pagebar a.next::attr(href), a:contains('下一页')::attr(href)"
    )
    detail = {
        "title": (
            ".goods_style_name ::text",
            ".textInfo .f_l ::text",
            "#goodsInfo .clearfix p.f_l ::text",
            "[name=ECS_FORMBUY] h1 ::text",
            "h1 ::text",
        ),
        "description": ("#com_h ~ #com_v ::text", "#com_h blockquote ::text", "#com_v ::text"),
        "image_urls": (".imgInfo img::attr(src)", "#goodsInfo img::attr(src)"),
    }
    price_in = ("#ECS_SHOPPRICE", ".shop", "#ECS_GOODS_AMOUNT")
    detail_id = (
        ("script:contains('goods_id')::text", r"goods_id\s*=\s*'?(\d+)"),
        ("[name=ECS_FORMBUY]::attr(action)", r"(?:addToCart\(|id=)(\d+)"),
        ("[href*='addToCart(']::attr(href)", r"addToCart\((\d+)"),
        ("[href*='collect(']::attr(href)", r"collect\((\d+)"),
    )
