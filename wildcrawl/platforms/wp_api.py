"""WordPress answers searches as data where it may, as pages elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.spidermiddlewares.httperror import HttpError

from wildcrawl.analysis.charsets import quote_keyword
from wildcrawl.base_spiders.responses import Unreadable
from wildcrawl.platforms.shop import ShopSpider, json_of
from wildcrawl.platforms.site import base_address

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import TextResponse
    from twisted.python.failure import Failure

    from wildcrawl.base_spiders.results import ResultPage, Search

SHUT = (401, 404)
"""How a site answers whose API is shut or has another address."""


class WordPressApi(ShopSpider):
    """Searches by the site's API, and by its pages once the API turns out to be shut."""

    page_path: ClassVar[str] = ""
    """Where people search, with {keyword} and {page} in it."""
    by_pages: bool = False
    """Whether the pages for people are searched from the start."""

    def search_request(self, search: Search, url: str | None = None) -> Request | None:
        quoted = quote_keyword(search.phrase, self.charset)
        if url is None and self.by_pages and quoted is not None:
            path = self.page_path.format(keyword=quoted, page=search.page)
            url = self.address(self.settings, base_address(self.domain) + path)
        return super().search_request(search, url)

    def search_failed(self, failure: Failure) -> Any:
        search: Search = failure.request.cb_kwargs["search"]  # type: ignore[attr-defined]
        asked: str = failure.request.url  # type: ignore[attr-defined]
        shut = isinstance(failure.value, HttpError) and failure.value.response.status in SHUT
        if not shut or not is_api(asked):
            return super().search_failed(failure)
        if not self.by_pages:
            self.logger.info("%s has no API at %s: its pages are searched", self.name, asked)
            self.by_pages = True
        return [self.search_request(replace(search, page=self.first_page))]

    def read_results(self, response: TextResponse) -> ResultPage:
        if is_api(response.url) and json_of(response) is None:
            # A site without the API shows its front page, whatever is asked for.
            raise Unreadable("the API answers with a page; declare by_pages = True")
        return super().read_results(response)


def is_api(url: str) -> bool:
    """Whether an address is one of the site's API."""
    return bool(re.search(r"/wp-json/|[?&]rest_route=", url))
