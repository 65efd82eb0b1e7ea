"""WARC index: the lines of a CDXJ file by which a replay program finds a record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import parse_qsl, urlencode, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

_SHOWN = ("response", "revisit", "resource")


@dataclass(frozen=True)
class IndexEntry:
    """A record that can be replayed: where it begins in the file, and its length in bytes."""

    kind: str
    """The WARC type: response, revisit or resource."""
    url: str
    at: str
    """WARC-Date: 2016-12-03T06:20:00Z, with fractions of a second."""
    status: int
    media_type: str
    digest: str
    offset: int
    length: int


def entries(data: bytes, start: int = 0) -> Iterator[IndexEntry]:
    """The replayable records of WARC bytes that begin at `start` of a file.

    ValueError if the bytes are not WARC records.
    """
    records = ArchiveIterator(BytesIO(data))
    try:
        for record in records:
            headers = record.rec_headers
            kind = record.rec_type
            http = record.http_headers
            status = http.get_statuscode() if http else "200"
            declared = http.get_header("Content-Type") if http else record.content_type
            offset, length = records.get_record_offset(), records.get_record_length()
            if kind in _SHOWN:
                yield IndexEntry(
                    kind=kind,
                    url=headers.get_header("WARC-Target-URI") or "",
                    at=headers.get_header("WARC-Date") or "",
                    status=int(status) if status.isdigit() else 0,
                    media_type=(declared or "").partition(";")[0].strip(),
                    digest=headers.get_header("WARC-Payload-Digest") or "",
                    offset=start + offset,
                    length=length,
                )
    except (ArchiveLoadFailed, EOFError, OSError) as error:
        raise ValueError(f"these are not WARC records: {error}") from error


def cdxj(entry: IndexEntry, archive: str) -> str:
    """The CDXJ line of a record in the file `archive`, without a newline."""
    fields = {
        "url": entry.url,
        "mime": "warc/revisit" if entry.kind == "revisit" else entry.media_type,
        "status": str(entry.status),
        "digest": entry.digest,
        "length": str(entry.length),
        "offset": str(entry.offset),
        "filename": archive,
    }
    return f"{sort_key(entry.url)} {timestamp(entry.at)} {json.dumps(fields, ensure_ascii=False)}"


def timestamp(at: str) -> str:
    """A WARC-Date as 14 digits.

    >>> timestamp("2016-12-03T06:20:00.125Z")
    '20161203062000'
    """
    return "".join(char for char in at if char.isdigit())[:14]


def sort_key(url: str) -> str:
    """The sort-friendly form of a URL (SURT), as replay programs make it.

    >>> sort_key("http://www.Mall.example:8080/item?b=2&a=1")
    'example,mall:8080)/item?a=1&b=2'
    """
    lowered = url.lower()
    if not lowered.startswith(("http://", "https://")):
        return url
    parts = urlsplit(lowered)
    host = parts.hostname or ""
    if host.startswith("www."):
        host = host.removeprefix("www.")
    key = ",".join(reversed(host.split(".")))
    if parts.port and parts.port not in (80, 443):
        key += f":{parts.port}"
    key += f"){parts.path or '/'}"
    if parts.query:
        key += f"?{urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))}"
    return key
