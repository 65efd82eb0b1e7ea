"""Download handler that ends an answer whose headers do not end.

Twisted keeps all headers of an answer in memory until the last has come. It also takes a
certificate with a name that it cannot read for one of any name: here, only the others count.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from cryptography import x509
from OpenSSL.crypto import X509
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from service_identity import CertificateError
from service_identity.hazmat import DNSPattern, IPAddressPattern
from twisted.internet import _sslverify
from twisted.internet.defer import Deferred
from twisted.web._newclient import HEADER, STATUS

from wildcrawl.crawl.stopping import while_crawling

logger = logging.getLogger(__name__)

MOST_HEAD = 256 * 1024
"""Bytes of an answer before its body; the largest that a browser takes."""


def _is_plain(record: logging.LogRecord) -> bool:
    """Whether a record of Twisted is not the traceback of a certificate, which fails anyway."""
    return not record.getMessage().startswith("while verifying certificate")


def _names(certificate: X509) -> list[DNSPattern | IPAddressPattern]:
    """The names of sites in a certificate that can be read."""
    extensions = certificate.to_cryptography().extensions
    try:
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    read: list[DNSPattern | IPAddressPattern] = [
        IPAddressPattern(address)
        for address in names.get_values_for_type(x509.IPAddress)
        if isinstance(address, IPv4Address | IPv6Address)
    ]
    for name in names.get_values_for_type(x509.DNSName):
        with suppress(CertificateError):
            read.append(DNSPattern.from_bytes(name.encode()))
    return read


logging.getLogger("twisted").addFilter(_is_plain)
# The errors in a certificate's names for which Twisted refuses it.
vars(_sslverify).update(VerificationError=Exception, extract_patterns=_names)


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
