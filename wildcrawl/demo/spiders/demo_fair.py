"""Weekend fair board: fictional, no search engine, searched by a person stall by stall."""

from wildcrawl.base_spiders import ManualSpider
from wildcrawl.demo.site import DemoSite


class DemoFairSpider(DemoSite, ManualSpider):
    name = "demo_fair"
    label = "Weekend Fair Board"
    label_zh = "周末地摊"
    kind = "classifieds"
    home = "/fair/"
    steps = (
        "Open the board and go through the stalls one by one, each to its last page.",
        "For each keyword note every lot whose title or text shows it.",
        "As ad_id take the lot's number (B07-03), as url the page's address with #B07-03.",
    )
    steps_zh = (
        "打开集市，逐个摊位查看，每个都看到最后一页。",
        "对每个关键词，记录标题或正文中出现它的每件物品。",
        "编号取物品的编号（B07-03），网址取页面网址加 #B07-03。",
    )
