"""Text codecs: a middleware for pages that name a charset that does not exist."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response, TextResponse

from wildcrawl.analysis.charsets import is_of_text

FALLBACK = "utf-8"


class TextCodecMiddleware:
    """Downloader middleware after which each text can be decoded.

    Python also knows codecs such as base64 and zlib, with which Scrapy fails to read a page.
    """

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        if isinstance(response, TextResponse) and not is_of_text(response.encoding):
            return response.replace(encoding=FALLBACK)
        return response
