"""Gucn: antiques dealers' shops; manual, since its search finds shops, not goods."""

from wildcrawl.base_spiders import ManualSpider


class GucnSpider(ManualSpider):
    name = "gucn"
    label = "Gucn"
    label_zh = "古玩元素网"
    kind = "antiques"
    since = "2026-11"
    evidence = (
        "a public crawler of July 2021 with the form of the shop search (classic ASP, GB2312)"
    )
    confidence = "medium for the link, low for the rest"
    home = "http://www.gucn.com/"
    search_url = (
        "http://www.gucn.com/Service_CurioShop_MoreList.asp?CurrentBoardId=0&Search_ShopName="
        "&Search_ShopUserName=&Search_ShopSellingItem={keyword}&Search_ShopArea="
        "&Search_ShopClassID=&ShowPageSize=30&ShopLevel=0&page={page}"
    )
    charset = "gb18030"
    steps = (
        "Open the search link: the shops that say they sell it (主营); all its pages.",
        "Open each shop (Service_Shop_Detail.asp?Id=…) and look through its goods.",
        "Only goods are written down, not shops that merely name the keyword.",
        "The url is the goods' own page; as ad_id take the number after Id= in it.",
        "The shop's name is the seller, the number after Id= in its address the seller_id.",
    )
    steps_zh = (
        "打开搜索链接：主营该物的店铺，逐页查看。",
        "打开每家店铺（Service_Shop_Detail.asp?Id=…），查看其商品。",
        "只记录商品；仅提到关键词的店铺不记录。",
        "网址为商品自己的页面；编号取其中 Id= 后的数字。",
        "卖家填店铺名称，卖家编号填店铺网址中 Id= 后的数字。",
    )
