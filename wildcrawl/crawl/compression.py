"""Compressed bodies: a middleware for those that were cut short."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response

from wildcrawl.analysis.compression import DECODERS, BadBody, decoded

ROBOTS = "wildcrawl_robots"
"""Key in the `meta` of a request for robots.txt: the number of bytes that are read of it."""
STOPPED = "download_stopped"
"""Flag of a response that ended because enough of it was read."""


class WholeBodyMiddleware:
    """Downloader middleware that retries a body cut short, and fails it with BadBody at last.

    Scrapy decodes the beginning of such a body and drops the rest without a word. It comes before
    Scrapy's decoding; it decodes a robots.txt itself, since of that the beginning counts.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.limit = crawler.settings.getint("DOWNLOAD_MAXSIZE") or 1 << 30

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        encodings = content_encodings(response)
        if len(encodings) != 1 or encodings[0] not in DECODERS or not response.body:
            return response
        (encoding,) = encodings
        if encoding.endswith("gzip") and not response.body.startswith(b"\x1f"):
            return without_encoding(response, response.body)
        wanted = request.meta.get(ROBOTS)
        try:
            body, whole = decoded(response.body, encoding, wanted or self.limit)
            if not (whole or (wanted and STOPPED in response.flags)):
                raise BadBody(f"its {encoding} body was cut short")
        except BadBody as error:
            return self._retry(request, error)
        return without_encoding(response, body) if wanted else response

    def _retry(self, request: Request, error: BadBody) -> Request:
        """The request once more; the error itself if it was retried often enough."""
        settings, spider = self.crawler.settings, self.crawler.spider
        if settings.getbool("RETRY_ENABLED") and not request.meta.get("dont_retry") and spider:
            again = get_retry_request(request, spider=spider, reason="faulty body")
            if again:
                return again
        raise error


def content_encodings(response: Response) -> list[str]:
    """The names in a response's Content-Encoding, in lower case."""
    lines = response.headers.getlist("Content-Encoding")
    names = (name.strip().lower() for line in lines for name in line.decode("latin-1").split(","))
    return [name for name in names if name not in ("", "identity")]


def without_encoding(response: Response, body: bytes) -> Response:
    """The response with a decoded body."""
    plain = response.replace(body=body)
    del plain.headers["Content-Encoding"]
    return plain
