"""Request statistics: Scrapy's, with requests for pictures counted apart."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.stats import DownloaderStats
from scrapy.http import Response

from wildcrawl.crawl.received import PICTURE
from wildcrawl.crawl.stats import Stat


class RequestStats(DownloaderStats):
    """Counts what is asked of a site; a run's `requests` are those for its pages.

    Requests for pictures, and for the robots.txt of their hosts, have stats of their own.
    """

    def process_request(self, request: Request) -> None:  # type: ignore[override]
        if PICTURE in request.meta:
            self.stats.inc_value(Stat.PICTURES_REQUESTED)
        else:
            super().process_request(request)

    def process_response(self, request: Request, response: Response) -> Response:  # type: ignore[override]
        if PICTURE in request.meta:
            self.stats.inc_value(Stat.PICTURES_BYTES, len(response.body))
        else:
            super().process_response(request, response)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # type: ignore[override]
        if PICTURE not in request.meta:
            super().process_exception(request, exception)
