"""Compressed bodies: decoding up to a limit, and a middleware for those that were cut short."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares.retry import get_retry_request

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

ROBOTS = "wildcrawl_robots"
"""Key in the `meta` of a request for robots.txt: the number of bytes that are read of it."""
STOPPED = "download_stopped"
"""Flag of a response that ended because enough of it was read."""


class BadBody(OSError):
    """A body that was cut short, or whose compression is faulty; the message says which."""


Decoded = tuple[bytes, bool]
"""The decoded bytes, and whether the compressed data was complete or the limit was reached."""


def decoded(body: bytes, encoding: str, limit: int) -> Decoded:
    """`body` decoded from a Content-Encoding, at most `limit` bytes of it.

    `encoding` is one of DECODERS. BadBody if the data is not of that encoding.
    """
    try:
        text, whole = DECODERS[encoding](body, limit)
    except (zlib.error, ValueError) as error:
        raise BadBody(f"its {encoding} body is faulty ({error})") from None
    return text[:limit], whole


def _gunzip(body: bytes, limit: int) -> Decoded:
    """All members of a gzip file; data after them, and wrong checksums, are ignored."""
    pieces: list[bytes] = []
    length, rest = 0, body
    while rest.startswith(b"\x1f\x8b"):
        start = _after_header(rest)
        if start is None:
            return b"".join(pieces), False
        decoder = zlib.decompressobj(-zlib.MAX_WBITS)
        pieces.append(decoder.decompress(rest[start:], max(1, limit - length)))
        length += len(pieces[-1])
        if not decoder.eof:
            return b"".join(pieces), length >= limit
        rest = decoder.unused_data[8:]
    return b"".join(pieces), True


def _after_header(member: bytes) -> int | None:
    """Position of the compressed data in a gzip member (RFC 1952); None if its header is cut."""
    if len(member) < 10:
        return None
    flags, position = member[3], 10
    if flags & 4:
        position += 2 + int.from_bytes(member[position : position + 2], "little")
    for text in (8, 16):
        if flags & text:
            end = member.find(b"\0", position)
            if end < 0:
                return None
            position = end + 1
    if flags & 2:
        position += 2
    return position if position < len(member) else None


def _inflate(body: bytes, limit: int) -> Decoded:
    """The zlib format, or the bare data that some servers send under its name."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        decoder = zlib.decompressobj(bits)
        try:
            text = decoder.decompress(body, limit)
        except zlib.error:
            if bits < 0:
                raise
            continue
        return text, decoder.eof or len(text) >= limit
    raise AssertionError


def _unbrotli(body: bytes, limit: int) -> Decoded:
    from scrapy.utils._compression import brotli  # type: ignore[attr-defined]

    decoder = brotli.Decompressor()
    pieces: list[bytes] = []
    length, data = 0, body
    try:
        while length < limit:
            pieces.append(decoder.process(data, output_buffer_limit=limit))
            data = b""
            length += len(pieces[-1])
            if not pieces[-1] or decoder.is_finished():
                break
    except brotli.error as error:
        raise ValueError(str(error)) from None
    return b"".join(pieces), decoder.is_finished() or length >= limit


def _unzstd(body: bytes, limit: int) -> Decoded:
    from scrapy.utils._compression import zstd  # type: ignore[attr-defined]

    pieces: list[bytes] = []
    length, rest = 0, body
    try:
        while rest:
            decoder = zstd.ZstdDecompressor()
            pieces.append(decoder.decompress(rest, max(1, limit - length)))
            length += len(pieces[-1])
            if not decoder.eof:
                return b"".join(pieces), length >= limit
            rest = decoder.unused_data
    except zstd.ZstdError as error:
        raise ValueError(str(error)) from None
    return b"".join(pieces), True


DECODERS: dict[str, Callable[[bytes, int], Decoded]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}


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
