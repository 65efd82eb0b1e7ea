"""Saved pages: answers of a site as documents of the store, and read back from them."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from wildcrawl.crawl.received import Received
from wildcrawl.store.documents import Document

_PRIVATE = ("cookie", "authorization", "set-cookie")
"""Headers that are not saved: a session is not continued."""


@dataclass(frozen=True)
class SavedPage:
    """A page that an earlier run fetched, and the moment of that."""

    response: Response
    at: datetime
    received: Received | None
    """The answer as it came, for evidence; None if none is kept."""


def to_document(response: Response, received: Received | None) -> Document:
    """The document of a page; `received` is its answer if evidence is captured."""
    request = response.request
    assert request is not None
    names, values = _headers(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, all_values in response.headers.items()
        for value in all_values
    )
    document: Document = {
        "url": response.url,
        "status": response.status,
        "names": names,
        "values": values,
        "body": _packed(response.body),
        "request_url": request.url,
        "method": request.method,
        "request_body": _packed(request.body),
        "redirects": list(request.meta.get("redirect_urls", [])),
        "at": datetime.now(UTC).isoformat(),
        "wire": None,
    }
    if received is not None:
        wire_names, wire_values = _headers(received.headers)
        sent_names, sent_values = _headers(received.request_headers)
        document |= {
            "at": received.at.isoformat(),
            "wire": "" if received.body == response.body else b64encode(received.body).decode(),
            "wire_url": received.url,
            "wire_names": wire_names,
            "wire_values": wire_values,
            "sent_names": sent_names,
            "sent_values": sent_values,
            "rendered": int(received.rendered),
            "ip": received.ip,
        }
    return document


def from_document(document: Document) -> SavedPage:
    """The page of a document; ValueError if its body is damaged."""
    try:
        body, request_body = _unpacked(document["body"]), _unpacked(document["request_body"])
    except zlib.error as error:
        raise ValueError(f"a saved page of {document['url']} is damaged: {error}") from None
    meta = {"redirect_urls": document["redirects"]} if document["redirects"] else {}
    if document.get("rendered"):
        meta["playwright"] = True
    request = Request(
        document["request_url"], method=document["method"], body=request_body, meta=meta
    )
    headers: dict[str, list[str]] = {}
    for name, value in zip(document["names"], document["values"], strict=True):
        headers.setdefault(name, []).append(value)
    kind = responsetypes.from_args(url=document["url"], body=body)
    response = kind(
        document["url"],
        status=document["status"],
        headers=headers,
        body=body,
        request=request,
    )
    at = datetime.fromisoformat(document["at"])
    if document["wire"] is None:
        return SavedPage(response, at, None)
    received = Received(
        url=document["wire_url"],
        status=document["status"],
        headers=tuple(zip(document["wire_names"], document["wire_values"], strict=True)),
        body=b64decode(document["wire"]) if document["wire"] else body,
        at=at,
        method=document["method"],
        request_headers=tuple(zip(document["sent_names"], document["sent_values"], strict=True)),
        request_body=request_body,
        rendered=bool(document["rendered"]),
        content=body,
        ip=document["ip"],
    )
    return SavedPage(response, at, received)


def size_of(document: Document) -> int:
    """The bytes of a document's bodies, roughly."""
    return len(document["body"]) + len(document["wire"] or "") + len(document["request_body"])


def _packed(body: bytes) -> str:
    return b64encode(zlib.compress(body, 1)).decode()


def _unpacked(text: str) -> bytes:
    return zlib.decompress(b64decode(text))


def _headers(pairs: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    kept = [(name, value) for name, value in pairs if name.lower() not in _PRIVATE]
    return [name for name, _ in kept], [value for _, value in kept]
