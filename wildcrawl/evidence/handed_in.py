"""Pictures handed in by persons: checked, kept as captures, moved to the advertisement, removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from wildcrawl.evidence.archive import Evidence
from wildcrawl.evidence.captures import Capture, CaptureKind
from wildcrawl.evidence.objects import sha256
from wildcrawl.evidence.records import Origin, screenshot_record
from wildcrawl.items import Key
from wildcrawl.pictures.apart import check_apart
from wildcrawl.pictures.decode import LIMITS, Limits

BY_HAND = "desk"
"""Run of captures that a person made, outside a crawl."""
_HOW = "a picture that a person handed in at the desk, as the bytes were received"
_MOVED = "kept under the advertisement"


def hand_in(
    evidence: Evidence,
    key: Key,
    data: bytes,
    who: str,
    *,
    url: str = "",
    limits: Limits = LIMITS,
) -> Capture:
    """Keeps a picture or screenshot that `who` handed in for `key`, and logs it in their name.

    The same bytes for the same key are kept once. `url` is the address of what it shows, if it is
    known. PictureError for bytes that are not a picture or beyond `limits`; nothing is kept then.
    """
    header = check_apart(data, limits)
    payload = sha256(data)
    for capture in evidence.captures.of(*key):
        if capture.payload == payload and not capture.skipped:
            return capture
    site, ad_id = key
    at = datetime.now(UTC)
    shown = url or f"urn:sha256:{payload}"
    origin = Origin(BY_HAND, site, more={"view": _HOW})
    record = screenshot_record(shown, at, data, header.media_type, origin)
    capture = Capture(
        *(site, ad_id, at, BY_HAND, CaptureKind.SCREENSHOT, shown),
        media_type=header.media_type,
        record=evidence.objects.put(record),
        payload=payload,
        length=len(data),
        width=header.width,
        height=header.height,
    )
    evidence.add([capture], who)
    return capture


def move(
    evidence: Evidence, captures: Sequence[Capture], key: Key, who: str, url: str = ""
) -> list[Capture]:
    """Ties pictures to the advertisement `key`; the log has both the old and the new place.

    A repeated call changes nothing.
    """
    site, ad_id = key
    there = {capture.payload for capture in evidence.captures.of(*key) if not capture.skipped}
    moved = [
        evidence.reuse(
            Capture(
                *(site, ad_id, capture.at, BY_HAND, capture.kind, url or capture.url),
            ),
            capture,
        )
        for capture in captures
        if capture.payload not in there and (capture.site, capture.ad_id) != key
    ]
    evidence.add(moved, who)
    evidence.erase([each for each in captures if (each.site, each.ad_id) != key], who, _MOVED)
    return moved


def take_out(evidence: Evidence, captures: Sequence[Capture], who: str) -> None:
    """Erases pictures that `who` removed again; objects that others need remain."""
    evidence.erase(captures, who, "removed at the desk")
