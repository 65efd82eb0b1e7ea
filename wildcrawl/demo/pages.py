"""Page helpers of the marketplaces: responses in a charset, query arguments, paging."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote_from_bytes, unquote_to_bytes

from flask import Response, request

from wildcrawl.months import CHINA

if TYPE_CHECKING:
    from wildcrawl.demo.truth import Planted

T = TypeVar("T")


def html(text: str, charset: str = "utf-8", claimed: str = "", status: int = 200) -> Response:
    """HTML response in `charset`; its header claims the charset `claimed`, if given.

    Characters that the charset lacks become character references, as in browsers' forms.
    """
    body = text.encode(charset, errors="xmlcharrefreplace")
    return Response(body, status, content_type=f"text/html; charset={claimed or charset}")


def argument(name: str, charset: str) -> str:
    """Query argument `name`, percent-decoded in `charset`; "" if it is missing."""
    for pair in request.query_string.split(b"&"):
        key, _, value = pair.partition(b"=")
        if key == name.encode():
            return unquote_to_bytes(value.replace(b"+", b" ")).decode(charset, errors="replace")
    return ""


def encoded(term: str, charset: str) -> str:
    """`term` percent-encoded in `charset`, for a link."""
    return quote_from_bytes(term.encode(charset, errors="replace"))


def number(name: str, default: int) -> int:
    """Query argument `name` as an integer from 0; `default` if it is not one."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def slice_of(results: Sequence[T], page: int, size: int) -> Sequence[T]:
    """Page `page` (from 1) of `size` results; empty past the end."""
    return results[max(page - 1, 0) * size : max(page, 1) * size]


def last_page(total: int, size: int) -> int:
    """Number of pages for `total` results with `size` on each; at least 1."""
    return max(1, -(-total // size))


def picture_paths(planted: Planted) -> list[str]:
    """Paths of an advertisement's pictures."""
    return [
        f"/img/{planted.prefix}/{planted.ad_id}/{index}.jpg"
        for index in range(1, planted.pictures + 1)
    ]


def epoch_milliseconds(posted_at: str) -> int:
    """`posted_at` (China's time) as milliseconds since 1970."""
    moment = datetime.strptime(posted_at, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
    return int(moment.timestamp()) * 1000


def shortened(text: str, length: int) -> str:
    """`text` cut to `length` characters and an ellipsis."""
    return text if len(text) <= length else text[:length] + "…"
