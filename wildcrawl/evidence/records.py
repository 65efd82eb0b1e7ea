"""WARC records: one standalone .warc.gz byte string per capture, with SHA-256 digests.

Each record is a gzip member of its own, so that record objects can be concatenated to a WARC file.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import BufferWARCWriter

from wildcrawl import __version__
from wildcrawl.analysis.compression import DECODERS, BadBody, decoded
from wildcrawl.evidence.errors import EvidenceError

SOFTWARE = f"wildcrawl/{__version__}"
NOTE = (
    "Cookies, authorisation and access tokens in headers were left out. The order and the case of"
    " the headers, and the reason phrase of the status, are Scrapy's. The body is as received,"
    " without its transfer encoding."
)
_SECRET = frozenset(
    {
        "cookie", "cookie2", "set-cookie", "set-cookie2", "authorization", "proxy-authorization",
        "authentication-info", "proxy-authentication-info", "www-authenticate",
        "proxy-authenticate",
    }
)  # fmt: skip
_SECRET_PARTS = ("token", "secret", "api-key", "apikey", "session", "csrf", "xsrf", "credential")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_FRAMING = frozenset({"transfer-encoding", "connection", "keep-alive"})

LIMIT = 200 * 1024 * 1024
"""Bytes of a decoded body that are read; far above what a crawl accepts."""

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Exchange:
    """A request and its response as they were sent and received.

    `body` is the response's as received, still compressed by its Content-Encoding. Header values
    are text of Latin-1, one character a byte. `at` is timezone-aware.
    """

    url: str
    at: datetime
    status: int
    headers: Headers
    body: bytes
    method: str = "GET"
    request_headers: Headers = ()
    request_body: bytes = b""
    ip: str = ""


@dataclass(frozen=True)
class Origin:
    """Where a record comes from, for its metadata record.

    `ad_ids` are empty for what several advertisements may share. `host` is the computer that
    captures.
    """

    run: str
    site: str
    ad_ids: Sequence[str] = ()
    software: str = SOFTWARE
    host: str = field(default_factory=platform.node)
    more: Mapping[str, str] = field(default_factory=dict)


class Collector(NamedTuple):
    """What made a record object, as its metadata say; "" for what they do not say.

    `settings` are those of the crawl, and `declaration` how the site was declared: canonical JSON.
    """

    host: str
    software: str
    site: str = ""
    settings: str = ""
    declaration: str = ""


@dataclass(frozen=True)
class ReadRecord:
    """A record as it was read: `payload` is the body as received, `http` the status and headers."""

    kind: str
    url: str
    at: str
    digest: str
    media_type: str
    http: tuple[str, Headers]
    payload: bytes
    fields: Mapping[str, str]


def response_record(exchange: Exchange, origin: Origin, payload: bytes | None = None) -> bytes:
    """Record object of an exchange: response, request and metadata.

    Where decoding the body does not give `payload`, a conversion record with it is added.
    """
    writer = _Writer()
    response = writer.create_warc_record(
        exchange.url,
        "response",
        payload=io.BytesIO(exchange.body),
        length=len(exchange.body),
        http_headers=_response_headers(exchange),
        warc_headers_dict=_dated(exchange),
    )
    _write_exchange(writer, response, exchange, origin)
    if payload is not None and not _gives(exchange, payload):
        _write_conversion(writer, response, exchange, payload)
    return writer.contents()


def revisit_record(exchange: Exchange, of_url: str, of_at: datetime, origin: Origin) -> bytes:
    """Record object of an exchange whose body was stored before, at `of_at` from `of_url`.

    The body received must equal the stored one byte by byte; it is not stored again.
    """
    writer = _Writer()
    response = writer.create_revisit_record(
        exchange.url,
        _warc_digest(exchange.body),
        of_url,
        _iso(of_at),
        http_headers=_response_headers(exchange),
        warc_headers_dict=_dated(exchange),
    )
    _write_exchange(writer, response, exchange, origin)
    return writer.contents()


def screenshot_record(
    url: str, at: datetime, image: bytes, media_type: str, origin: Origin
) -> bytes:
    """Record object of a picture of the page at `url` as a person saw it at `at`."""
    writer = _Writer()
    record = writer.create_warc_record(
        f"urn:screenshot:{url}",
        "resource",
        payload=io.BytesIO(image),
        length=len(image),
        warc_content_type=media_type,
        warc_headers_dict={"WARC-Date": _iso(at)},
    )
    writer.write_record(record)
    _write_metadata(writer, record, url, at, origin)
    return writer.contents()


def read_records(data: bytes) -> Iterator[ReadRecord]:
    """Reads the records of a record object, or of a WARC file made of them.

    EvidenceError at the first record whose digest does not match, or that cannot be read.
    """
    try:
        for record in ArchiveIterator(io.BytesIO(data), check_digests=True):
            yield _read(record)
    except EvidenceError:
        raise
    except Exception as error:  # warcio raises any on damaged data
        raise EvidenceError(
            f"a WARC record cannot be read: {error}; restore it from a backup"
        ) from error


def response_of(data: bytes) -> ReadRecord:
    """The record object's response, revisit or resource record."""
    for record in read_records(data):
        if record.kind in ("response", "revisit", "resource"):
            return record
    raise EvidenceError("a record object has no response; restore it from a backup")


def payload_of(data: bytes) -> bytes:
    """The payload of a record object as a person sees it: without its content encoding.

    EvidenceError for a revisit record, whose payload is in another record object.
    """
    records = {record.kind: record for record in read_records(data)}
    if "conversion" in records:
        return records["conversion"].payload
    if "revisit" in records:
        raise EvidenceError(
            f"the record of {records['revisit'].url} refers to another; "
            "read that of the first capture"
        )
    record = records.get("response") or records.get("resource")
    if record is None:
        raise EvidenceError("a record object has no response; restore it from a backup")
    try:
        return _plain(record.payload, record.http[1])
    except BadBody as error:
        raise EvidenceError(f"the body of {record.url} cannot be decoded: {error}") from error


def collector_of(data: bytes) -> Collector:
    """Who made a record object, by its metadata record."""
    made = next((record.fields for record in read_records(data) if record.kind == "metadata"), {})
    return Collector(*(made.get(name, "") for name in Collector._fields))


def raw_digest(body: bytes) -> str:
    """The WARC digest of a body as received, as `ReadRecord.digest` has it."""
    return _warc_digest(body)


class _Headers(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers that are written byte by byte; warcio escapes those beyond ASCII."""

    def compute_headers_buffer(self, _filter: object = None) -> None:
        try:
            self.headers_buff = self.to_bytes(encoding="latin-1")
        except UnicodeEncodeError:
            self.headers_buff = self.to_bytes(encoding="utf-8")


class _Writer(BufferWARCWriter):  # type: ignore[misc]
    """WARC 1.1 with SHA-256 digests; warcio's own are SHA-1."""

    def __init__(self) -> None:
        super().__init__(gzip=True, warc_version="1.1")

    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")

    def contents(self) -> bytes:
        contents: bytes = self.get_contents()
        return contents


def _write_exchange(
    writer: _Writer, response: ArcWarcRecord, exchange: Exchange, origin: Origin
) -> None:
    request = writer.create_warc_record(
        exchange.url,
        "request",
        payload=io.BytesIO(exchange.request_body),
        length=len(exchange.request_body),
        http_headers=_request_headers(exchange),
        warc_headers_dict=_dated(exchange),
    )
    writer.write_request_response_pair(request, response)
    _write_metadata(writer, response, exchange.url, exchange.at, origin)


def _write_conversion(
    writer: _Writer, response: ArcWarcRecord, exchange: Exchange, payload: bytes
) -> None:
    record = writer.create_warc_record(
        exchange.url,
        "conversion",
        payload=io.BytesIO(payload),
        length=len(payload),
        warc_content_type="application/octet-stream",
        warc_headers_dict={
            "WARC-Date": _iso(exchange.at),
            "WARC-Refers-To": response.rec_headers.get_header("WARC-Record-ID"),
        },
    )
    writer.write_record(record)


def _gives(exchange: Exchange, payload: bytes) -> bool:
    try:
        return _plain(exchange.body, exchange.headers) == payload
    except BadBody:
        return False


def _plain(body: bytes, headers: Headers) -> bytes:
    """The body without its Content-Encoding; one of an unknown encoding is left, as Scrapy does.

    BadBody if it is faulty.
    """
    values = [value for name, value in headers if name.lower() == "content-encoding"]
    names = [name.strip().lower() for value in values for name in value.split(",")]
    for encoding in reversed([name for name in names if name not in ("", "identity")]):
        if encoding not in DECODERS:
            return body
        if encoding.endswith("gzip") and not body.startswith(b"\x1f"):
            continue  # a server that names an encoding which it does not use
        body, _ = decoded(body, encoding, LIMIT)
    return body


def _write_metadata(
    writer: _Writer, about: ArcWarcRecord, url: str, at: datetime, origin: Origin
) -> None:
    values = {
        "run": origin.run,
        "site": origin.site,
        "software": origin.software,
        "host": origin.host,
        "note": NOTE,
        **origin.more,
    }
    if origin.ad_ids:
        values["advertisements"] = json.dumps(list(origin.ad_ids), ensure_ascii=False)
    text = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in values.items() if value)
    data = text.encode("utf-8", "replace")
    record = writer.create_warc_record(
        url,
        "metadata",
        payload=io.BytesIO(data),
        length=len(data),
        warc_headers_dict={
            "WARC-Date": _iso(at),
            "WARC-Concurrent-To": about.rec_headers.get_header("WARC-Record-ID"),
        },
    )
    writer.write_record(record)


def _response_headers(exchange: Exchange) -> _Headers:
    try:
        phrase = HTTPStatus(exchange.status).phrase
    except ValueError:
        phrase = ""
    headers = _kept(exchange.headers)
    return _Headers(f"{exchange.status} {phrase}".strip(), headers, protocol="HTTP/1.1")


def _request_headers(exchange: Exchange) -> _Headers:
    address = urlsplit(exchange.url)
    target = quote(f"{address.path or '/'}{'?' if address.query else ''}{address.query}", _ASCII)
    headers = _kept(exchange.request_headers)
    if not any(name.lower() == "host" for name, _ in headers):
        headers = [("Host", address.netloc.rpartition("@")[2]), *headers]
    return _Headers(f"{target} HTTP/1.1", headers, protocol=exchange.method)


def _kept(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (_one_line(name), _one_line(value))
        for name, value in headers
        if not _secret(name) and name.lower() not in _FRAMING
    ]


def _secret(name: str) -> bool:
    lower = name.lower().strip()
    return lower in _SECRET or any(part in lower for part in _SECRET_PARTS)


def _one_line(text: str) -> str:
    """`text` without line breaks, which would begin another header."""
    return " ".join(str(text).replace("\x00", " ").splitlines())


def _dated(exchange: Exchange) -> dict[str, str]:
    headers = {"WARC-Date": _iso(exchange.at)}
    if exchange.ip:
        headers["WARC-IP-Address"] = exchange.ip
    return headers


def _iso(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"the moment {at.isoformat()} has no timezone; give it one")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _warc_digest(data: bytes) -> str:
    return f"sha256:{base64.b32encode(hashlib.sha256(data).digest()).decode()}"


def _read(record: ArcWarcRecord) -> ReadRecord:
    header = record.rec_headers.get_header
    payload = record.raw_stream.read()
    passed = record.digest_checker.passed
    # None, for one cut short: its digests were never compared. warcio compares none of a revisit.
    if passed is False or (passed is None and record.rec_type != "revisit"):
        problems = "; ".join(record.digest_checker.problems) or "cut short"
        raise EvidenceError(
            f"the record of {header('WARC-Target-URI')} is damaged ({problems});"
            " restore it from a backup"
        )
    http = record.http_headers
    return ReadRecord(
        kind=record.rec_type,
        url=header("WARC-Target-URI") or "",
        at=header("WARC-Date") or "",
        digest=header("WARC-Payload-Digest") or "",
        media_type=header("Content-Type") or "",
        http=(http.statusline, tuple(http.headers)) if http else ("", ()),
        payload=payload,
        fields=_fields(payload) if record.rec_type == "metadata" else {},
    )


def _fields(payload: bytes) -> dict[str, str]:
    lines = (line.partition(": ") for line in payload.decode("utf-8").split("\r\n") if line)
    return {name: value for name, _, value in lines}
