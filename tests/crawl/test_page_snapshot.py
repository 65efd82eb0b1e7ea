"""Page snapshots: pictures added to them, and what a page's own scripts cannot add."""

from __future__ import annotations

import email
from email.message import Message

import pytest

from wildcrawl.crawl import page_snapshot
from wildcrawl.crawl.page_snapshot import (
    MOST_PICTURES,
    MOST_SNAPSHOT,
    PagePicture,
    checked_snapshot,
    read_addresses,
    with_pictures,
)

SNAPSHOT = (
    "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
    '\ttype="text/html";\r\n\tboundary="--=Part"\r\n\r\n\r\n----=Part\r\n'
    "Content-Type: text/html\r\nContent-Location: http://mall.example/\r\n\r\n"
    '<img src="http://mall.example/1.jpg">\r\n----=Part--\r\n'
)
RED = PagePicture("image/png", bytes(range(256)) * 9)


def parts(snapshot: bytes) -> list[tuple[str, bytes]]:
    """The places and bytes of the parts after the page itself."""
    pages: list[Message] = email.message_from_bytes(snapshot).get_payload()  # type: ignore[assignment]
    return [
        (str(part["Content-Location"]), bytes(part.get_payload(decode=True))) for part in pages[1:]
    ]


def test_pictures_are_parts_with_their_addresses() -> None:
    snapshot = checked_snapshot(SNAPSHOT)
    assert parts(with_pictures(snapshot, {})) == []
    urls = ["http://mall.example/1.jpg", "http://mall.example/2.png?a=1"]
    made = with_pictures(snapshot, dict.fromkeys(urls, RED))
    assert parts(made) == [(url, RED.data) for url in urls]
    # What was made is a snapshot as well.
    assert len(parts(with_pictures(made, {"http://mall.example/3": RED}))) == 3


def test_pictures_beyond_the_limit_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_snapshot, "MOST_PICTURE_BYTES", 2 * len(RED.data) + 5)
    pictures = {f"http://mall.example/{number}": RED for number in range(4)}
    pictures["http://mall.example/small"] = PagePicture("image/png", b"12345")
    made = with_pictures(checked_snapshot(SNAPSHOT), pictures)
    assert [url[-1] for url, _ in parts(made)] == ["0", "1", "l"]


@pytest.mark.parametrize("given", [None, 7, "", "<html>", SNAPSHOT[:-12], "x" * 10])
def test_what_is_no_snapshot_is_not_kept(given: object) -> None:
    assert checked_snapshot(given) == b""
    with pytest.raises(ValueError, match="not a snapshot"):
        with_pictures(b"" if not isinstance(given, str) else given.encode(), {"http://x.cn/": RED})


def test_a_snapshot_that_is_too_long_is_not_kept() -> None:
    assert checked_snapshot(SNAPSHOT.replace("<img", "x" * MOST_SNAPSHOT + "<img")) == b""


def test_addresses_that_a_page_gives_are_checked() -> None:
    url = "http://mall.example/1.jpg"
    odd = [
        "data:image/png;base64,AA",
        "file:///etc/passwd",
        f"{url}\r\nX: 1",
        "http://名/",
        7,
        None,
    ]
    assert read_addresses([url, *odd, None, {"url": url}, url]) == (url,)
    assert read_addresses({"0": url}) == ()
    assert len(read_addresses([f"{url}?{number}" for number in range(1000)])) == MOST_PICTURES
