"""A NodeBB on loopback, whose boards are found by their names."""

import os

from wildcrawl.platforms.nodebb import NodebbSpider


class NodebbTradeSpider(NodebbSpider):
    name = "nodebb_trade"
    label = "NodeBB with planted advertisements"
    label_zh = "测试论坛"
    since = "2026-11"
    domain = os.environ.get("ENGINE_NODEBB", "")
    max_pages = 100
