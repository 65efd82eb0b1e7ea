"""Download handler that ends an answer whose headers do not end.

Twisted keeps all headers of an answer in memory until the last has come.
"""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.web._newclient import HEADER, STATUS

# Imported for what it changes: the verification of certificates.
import wildcrawl.crawl.certificates  # noqa: F401
from wildcrawl.crawl.stopping import while_crawling

logger = logging.getLogger(__name__)

MOST_HEAD = 256 * 1024
"""Bytes of an answer before its body; the largest that a browser takes."""


class _Protocol(_LenientHTTP11ClientProtocol):
    """Counts what comes before the body of an answer."""

    head = 0

    def request(self, request: Any) -> Deferred[Any]:
        self.head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        parser = self._parser
        if parser is not None and parser.state in (STATUS, HEADER):
            self.head += len(data)
            if self.head > MOST_HEAD:
                transport: Any = self.transport
                peer = transport.getPeer().host
                logger.warning("the headers of an answer from %s are too long to be read", peer)
                transport.abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _Factory(_LenientHTTP11ClientFactory):
    noisy = False

    def buildProtocol(self, addr: Any) -> _Protocol:  # noqa: ARG002, N802
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class GuardedDownloads(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, with answers of a bounded size from their beginning."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._pool._factory = _Factory

    async def download_request(self, request: Request) -> Response:
        return await while_crawling(self._crawler, super().download_request(request))
