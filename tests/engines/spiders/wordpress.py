"""One WordPress, as its API gives it and as two of its themes show it."""

from __future__ import annotations

import os

from wildcrawl.platforms.wordpress import WordPressSpider


class OpenSpider(WordPressSpider):
    name = "wordpress_open"
    label = "WordPress with its API"
    label_zh = "老友集市"
    since = "2026-01"
    domain = os.environ.get("ENGINE_WORDPRESS_OPEN", "")


class ClassicSpider(WordPressSpider):
    name = "wordpress_classic"
    label = "WordPress without it, in a classic theme"
    label_zh = "老友集市"
    since = "2026-01"
    domain = os.environ.get("ENGINE_WORDPRESS_CLASSIC", "")


class BlocksSpider(WordPressSpider):
    name = "wordpress_blocks"
    label = "WordPress without it, in a theme of blocks"
    label_zh = "老友集市"
    since = "2026-01"
    domain = os.environ.get("ENGINE_WORDPRESS_BLOCKS", "")
