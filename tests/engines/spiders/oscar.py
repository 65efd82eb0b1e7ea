"""A shop on django-oscar, and the same worked by what its pages say of themselves alone."""

from __future__ import annotations

import os

from wildcrawl.platforms.oscar import OscarSpider


class ShopSpider(OscarSpider):
    name = "oscar"
    label = "Greenstone"
    label_zh = "青石雅集"
    since = "2026-01"
    domain = os.environ.get("ENGINE_OSCAR", "")
