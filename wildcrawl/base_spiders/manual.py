"""Manual sites, which a person searches with a worksheet."""

from __future__ import annotations

from typing import Any

from wildcrawl.base_spiders.site import Site


def site_search(host: str) -> str:
    """A `search_url` for a site whose own search is unknown: a search engine's, for a person.

    >>> site_search("cang.example")
    'https://www.baidu.com/s?wd=site%3Acang.example+{keyword}'
    """
    return f"https://www.baidu.com/s?wd=site%3A{host}+{{keyword}}"


class ManualSpider(Site):
    """A site that has no search, or none that may be automated.

    It declares `steps`; `scrapy worksheet SITE` makes the list that an analyst fills in, and
    `scrapy crawl SITE -a worksheet=FILE` reads it back.
    """

    way = "manual"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not self.worksheet:
            raise ValueError(
                f"{self.name} is searched by hand; write its worksheet with "
                f"'scrapy worksheet {self.name}', fill it in, then "
                f"'scrapy crawl {self.name} -a worksheet=FILE'"
            )
