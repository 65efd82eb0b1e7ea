"""WARC records: verbatim, digested, without secrets, and readable by other programs."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from datetime import UTC, datetime, timedelta, timezone

import brotli
import pytest
from backports import zstd
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from wildcrawl.evidence import EvidenceError
from wildcrawl.evidence.records import (
    Exchange,
    Origin,
    ReadRecord,
    payload_of,
    read_records,
    response_of,
    response_record,
    revisit_record,
    screenshot_record,
)

AT = datetime(2026, 5, 1, 16, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
PAGE = "<html>象牙手镯</html>".encode()
ORIGIN = Origin("run1", "mall", ["7", "虎-8"], more={"operator": "anna"})


def exchange(body: bytes = PAGE, **given: object) -> Exchange:
    """A response to a GET with headers of every kind."""
    values: dict[str, object] = {
        "url": "http://mall.example/item?id=7&q=%E8%B1%A1",
        "at": AT,
        "status": 200,
        "headers": [("Content-Type", "text/html; charset=utf-8"), ("Server", "nginx")],
        "body": body,
        "request_headers": [("User-Agent", "wildcrawl"), ("Accept", "*/*")],
        "ip": "203.0.113.7",
    }
    return Exchange(**{**values, **given})  # type: ignore[arg-type]


def records_of(data: bytes) -> dict[str, ReadRecord]:
    """The records of an object by kind."""
    return {record.kind: record for record in read_records(data)}


def test_a_capture_has_the_response_the_request_and_what_it_was_taken_with() -> None:
    records = records_of(response_record(exchange(), ORIGIN))
    assert list(records) == ["response", "request", "metadata"]
    response = records["response"]
    assert response.payload == PAGE
    assert response.url == "http://mall.example/item?id=7&q=%E8%B1%A1"
    assert response.at == "2026-05-01T08:30:00.123Z"
    assert response.http[0] == "200 OK"
    assert ("Server", "nginx") in response.http[1]
    request = records["request"]
    assert request.http == (
        "/item?id=7&q=%E8%B1%A1 HTTP/1.1",
        (("Host", "mall.example"), ("User-Agent", "wildcrawl"), ("Accept", "*/*")),
    )
    fields = records["metadata"].fields
    assert (fields["run"], fields["site"], fields["operator"]) == ("run1", "mall", "anna")
    assert fields["advertisements"] == '["7", "虎-8"]'
    assert fields["software"].startswith("wildcrawl/")
    assert "Cookies" in fields["note"]


def test_the_body_stays_compressed_as_it_was_received() -> None:
    body = gzip.compress(PAGE)
    data = response_record(exchange(body, headers=[("Content-Encoding", "gzip")]), ORIGIN)
    assert response_of(data).payload == body
    assert payload_of(data) == PAGE


@pytest.mark.parametrize(
    "secret",
    [
        "Cookie", "set-cookie", "Authorization", "PROXY-AUTHORIZATION", "X-CSRF-Token",
        "X-Auth-Token", "x-api-key", "X-Session-Id", "X-Amz-Security-Token", "Client-Secret",
    ],
)  # fmt: skip
def test_cookies_and_tokens_stay_out(secret: str) -> None:
    headers = [(secret, "hidden7"), ("X-Kept", "yes")]
    seen = exchange(headers=headers, request_headers=headers)
    for data in (
        response_record(seen, ORIGIN),
        revisit_record(seen, "http://mall.example/", AT, ORIGIN),
    ):
        plain = b"".join(gzip.decompress(part) for part in members(data))
        assert b"hidden7" not in plain
        assert plain.count(b"X-Kept: yes") == 2


def members(data: bytes) -> list[bytes]:
    """The gzip members of `data`."""
    found = []
    while data:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        member.decompress(data)
        found.append(data[: len(data) - len(member.unused_data)])
        data = member.unused_data
    return found


def test_a_header_cannot_add_another_header_or_record() -> None:
    evil = "x\r\n\r\nWARC/1.1\r\nWARC-Type: response\nSet-Cookie: a\x85b\x0bc\x00d"
    seen = exchange(headers=[("X-Evil", evil), (f"X-{evil}", "y")], url="http://mall.example/a")
    records = list(read_records(response_record(seen, Origin("r\r\nsite: other", "mall"))))
    assert [record.kind for record in records] == ["response", "request", "metadata"]
    assert len(records[0].http[1]) == 2
    assert records[2].fields["site"] == "mall"


def test_headers_beyond_ascii_are_kept_byte_by_byte() -> None:
    value = "象牙.jpg".encode("gb18030").decode("latin-1")
    data = response_record(exchange(headers=[("Content-Disposition", value)]), ORIGIN)
    assert "象牙.jpg".encode("gb18030") in gzip.decompress(members(data)[0])
    assert payload_of(data) == PAGE
    assert payload_of(response_record(exchange(headers=[("X-Name", "象牙")]), ORIGIN)) == PAGE


def test_a_body_without_its_chunks_is_not_declared_chunked() -> None:
    data = response_record(exchange(headers=[("Transfer-Encoding", "chunked")]), ORIGIN)
    assert response_of(data).http[1] == ()
    assert payload_of(data) == PAGE


@pytest.mark.parametrize("status", [200, 404, 410, 521, 999])
def test_any_status_is_recorded(status: int) -> None:
    data = response_record(exchange(b"", status=status), ORIGIN)
    assert response_of(data).http[0].split()[0] == str(status)
    assert payload_of(data) == b""


def test_a_posted_search_is_recorded_with_its_body() -> None:
    seen = exchange(method="POST", request_body="q=象牙".encode())
    request = records_of(response_record(seen, ORIGIN))["request"]
    assert request.payload == "q=象牙".encode()


def test_a_revisit_refers_to_the_body_that_was_stored() -> None:
    data = revisit_record(exchange(), "http://mall.example/first", AT - timedelta(days=1), ORIGIN)
    revisit = response_of(data)
    assert (revisit.kind, revisit.payload) == ("revisit", b"")
    assert revisit.digest == response_of(response_record(exchange(), ORIGIN)).digest
    [record] = [each for each in ArchiveIterator(io.BytesIO(data)) if each.rec_type == "revisit"]
    header = record.rec_headers.get_header
    assert header("WARC-Refers-To-Target-URI") == "http://mall.example/first"
    assert header("WARC-Refers-To-Date") == "2026-04-30T08:30:00.123Z"
    with pytest.raises(EvidenceError, match="refers to another"):
        payload_of(data)


def test_a_screenshot_is_a_resource() -> None:
    data = screenshot_record("http://mall.example/7", AT, b"PNG", "image/png", ORIGIN)
    record = response_of(data)
    assert (record.kind, record.media_type, record.payload) == ("resource", "image/png", b"PNG")
    assert record.url == "urn:screenshot:http://mall.example/7"
    assert payload_of(data) == b"PNG"


def test_record_objects_can_be_concatenated_and_pass_the_checks_of_warcio() -> None:
    parts = [
        response_record(exchange(gzip.compress(PAGE)), ORIGIN),
        revisit_record(exchange(), "http://mall.example/first", AT, ORIGIN),
        screenshot_record("http://mall.example/7", AT, b"PNG", "image/png", ORIGIN),
    ]
    whole = b"".join(parts)
    assert len(list(read_records(whole))) == 8
    assert len(members(whole)) == 8
    digests = [
        record.rec_headers.get_header("WARC-Block-Digest")
        for record in ArchiveIterator(io.BytesIO(whole))
    ]
    assert all(digest.startswith("sha256:") for digest in digests)


def test_the_checker_of_warcio_finds_nothing_wrong(tmp_path: object) -> None:
    import argparse
    from pathlib import Path

    file = Path(str(tmp_path)) / "data.warc.gz"
    file.write_bytes(response_record(exchange(), ORIGIN))
    checker = Checker(argparse.Namespace(verbose=True, inputs=[str(file)]))
    checker.process_all()
    assert checker.exit_value == 0


def test_any_changed_byte_is_found() -> None:
    data = response_record(exchange(b"abc"), ORIGIN)
    intact = list(read_records(data))
    for place in range(0, len(data), 7):
        changed = bytearray(data)
        changed[place] ^= 0xFF
        try:
            assert list(read_records(bytes(changed))) == intact
        except EvidenceError:
            continue
        # Only bytes of a gzip header, which carry no content, go unnoticed here; the object's
        # own SHA-256 covers them.
        assert hashlib.sha256(changed).digest() != hashlib.sha256(data).digest()


@pytest.mark.parametrize("data", [b"", b"nothing", b"\x1f\x8b", b"\x1f\x8b\x08\x00" + b"\x00" * 30])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(EvidenceError, match="restore it from a backup"):
        response_of(data)


def test_a_truncated_record_is_refused() -> None:
    data = response_record(exchange(PAGE * 50), ORIGIN)
    first = members(data)[0]
    trailer = 8  # the checksum and the length of the gzip member, after its content
    for cut in range(1, len(first) - trailer - 4, 11):
        with pytest.raises(EvidenceError, match="restore it from a backup"):
            payload_of(data[:cut])


def test_a_moment_needs_a_timezone() -> None:
    with pytest.raises(ValueError, match="no timezone"):
        response_record(exchange(at=datetime(2026, 5, 1)), ORIGIN)  # noqa: DTZ001
    assert response_of(response_record(exchange(at=datetime(2026, 5, 1, tzinfo=UTC)), ORIGIN))


@pytest.mark.parametrize(
    ("encodings", "body"),
    [
        ([], PAGE),
        (["identity"], PAGE),
        (["GZIP"], gzip.compress(PAGE, mtime=0)),
        (["gzip"], gzip.compress(PAGE, mtime=0) + b"rest that servers append"),
        (["gzip"], gzip.compress(PAGE, mtime=0)[:-8] + b"badcheck"),
        (["gzip"], PAGE),
        (["x-gzip"], gzip.compress(PAGE[:9], mtime=0) + gzip.compress(PAGE[9:], mtime=0)),
        (["deflate"], zlib.compress(PAGE)),
        (["br"], brotli.compress(PAGE)),
        (["zstd"], zstd.compress(PAGE)),
        (["gzip, br"], brotli.compress(gzip.compress(PAGE, mtime=0))),
        (["gzip", "br"], brotli.compress(gzip.compress(PAGE, mtime=0))),
        (["compress"], PAGE),
    ],
)
def test_content_encodings_are_decoded_as_by_the_crawl(encodings: list[str], body: bytes) -> None:
    headers = [("Content-Encoding", encoding) for encoding in encodings]
    data = response_record(exchange(body, headers=headers), ORIGIN, PAGE)
    assert "conversion" not in records_of(data)
    assert response_of(data).payload == body
    assert payload_of(data) == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, identity"])
def test_a_payload_that_decoding_does_not_give_is_kept_beside_the_body(encoding: str) -> None:
    body = b"\x1f\xff not compressed"
    data = response_record(exchange(body, headers=[("Content-Encoding", encoding)]), ORIGIN, PAGE)
    assert records_of(data)["conversion"].payload == PAGE
    assert response_of(data).payload == body
    assert payload_of(data) == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_cannot_be_decoded_is_named(encoding: str) -> None:
    headers = [("Content-Encoding", encoding)]
    body = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff not compressed"
    data = response_record(exchange(body, headers=headers), ORIGIN)
    with pytest.raises(EvidenceError, match=r"mall\.example/item.* cannot be decoded"):
        payload_of(data)
