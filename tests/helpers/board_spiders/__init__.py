"""Spiders of the small forum of tests/helpers/forum_site.py."""

from scrapy.settings import BaseSettings

from wildcrawl.platforms.discuz import DiscuzSpider


class SmallForumSpider(DiscuzSpider):
    name = "small_forum"
    label = "Small Forum"
    label_zh = "小论坛"
    since = "2016-01"
    domain = "https://forum.example"
    demo = True
    max_pages = 3
    custom_settings = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "RETRY_TIMES": 0}

    @classmethod
    def address(cls, settings: BaseSettings, url: str) -> str:
        """The address on loopback, at WILDCRAWL_DEMO_URL."""
        base = str(settings.get("WILDCRAWL_DEMO_URL"))
        return url.replace("https://forum.example", base) if url else ""


class NamedBoardsSpider(SmallForumSpider):
    name = "named_boards"
    boards = {"2": "牙角交易"}
