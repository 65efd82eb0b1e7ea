"""Galleries: which captured pictures a card shows, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from wildcrawl.evidence import Capture, CaptureKind, CaptureReason
from wildcrawl.review.gallery import Gallery, Read, Same, gallery_of

START = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
PAGE, PICTURE, SCREENSHOT = CaptureKind.PAGE, CaptureKind.PICTURE, CaptureKind.SCREENSHOT


def capture(kind: CaptureKind, name: str, minutes: int = 0, **given: Any) -> Capture:
    values: dict[str, Any] = {
        "url": f"https://fair.example/{name}", "run": "r1", "record": f"record {name}",
        "payload": f"payload {name}",
    }  # fmt: skip
    return Capture("fair", "1", START + timedelta(minutes=minutes), kind=kind, **values | given)


def shown(gallery: Gallery) -> list[tuple[int, str, bool]]:
    return [
        (each.number, each.capture.payload.removeprefix("payload "), each.earlier)
        for each in gallery.pictures
    ]


def test_pictures_come_in_their_order_and_the_screenshot_last() -> None:
    gallery = gallery_of(
        [
            capture(PAGE, "page"),
            capture(SCREENSHOT, "screen", 1),
            capture(PICTURE, "b", 2),
            capture(PICTURE, "a", 3),
        ]
    )
    assert shown(gallery) == [(1, "b", False), (2, "a", False), (3, "screen", False)]
    assert [each.screenshot for each in gallery.pictures] == [False, False, True]
    assert [each.payload for each in gallery.pages] == ["payload page"]


def test_the_last_capture_comes_first_and_what_only_earlier_ones_had_is_marked() -> None:
    gallery = gallery_of(
        [
            capture(PICTURE, "old"),
            capture(PICTURE, "kept", 1),
            capture(PICTURE, "new", 60, run="r2"),
            capture(PICTURE, "kept", 61, run="r2", url="https://fair.example/moved"),
        ]
    )
    assert shown(gallery) == [(1, "new", False), (2, "kept", False), (3, "old", True)]
    assert gallery.pictures[1].capture.run == "r2"


def test_a_removed_advertisement_keeps_the_pictures_of_its_last_capture() -> None:
    captures = [
        capture(PAGE, "page"),
        capture(PICTURE, "a", 1),
        capture(PAGE, "gone", 90, run="r2", reason=CaptureReason.REMOVED),
    ]
    gallery = gallery_of(captures)
    assert shown(gallery) == [(1, "a", False)]
    assert gallery.removed == START + timedelta(minutes=90)
    assert [each.payload for each in gallery.pages] == ["payload gone", "payload page"]
    again = gallery_of(
        [*captures, capture(PAGE, "back", 99, run="r3", reason=CaptureReason.CHANGED)]
    )
    assert again.removed is None


def test_a_skip_is_listed_until_the_picture_is_captured() -> None:
    skip: dict[str, Any] = {"record": "", "payload": "", "skipped": "no answer"}
    captures = [
        capture(PICTURE, "a", **skip),
        capture(PICTURE, "b", 1, **skip),
        capture(PICTURE, "b", 60, run="r2", **skip | {"skipped": "HEIC, which is not read"}),
    ]
    gallery = gallery_of(captures)
    assert shown(gallery) == []
    assert [each.skipped for each in gallery.skipped] == ["no answer", "HEIC, which is not read"]
    gallery = gallery_of([*captures, capture(PICTURE, "a", 90, run="r3")])
    assert [each.skipped for each in gallery.skipped] == ["HEIC, which is not read"]


def test_what_is_known_of_a_picture_is_found_by_its_bytes() -> None:
    same = Same("mall", "7", "手镯", "valid", "Li")
    read = Read("象牙", codes=1)
    captures = [capture(PICTURE, "a"), capture(PICTURE, "b", 1)]
    first, second = gallery_of(captures, {"payload a": read}, {"payload a": [same]}).pictures
    assert (first.read, first.same) == (read, (same,))
    assert (second.read, second.same) == (Read(), ())


def test_a_number_that_is_none_of_a_picture_chooses_the_first() -> None:
    gallery = gallery_of([capture(PICTURE, "a"), capture(PICTURE, "b", 1)])
    assert [gallery.chosen(text) for text in ("2", "1", "3", "0", "-1", "", "二")] == [
        2, 1, 1, 1, 1, 1, 1
    ]  # fmt: skip
    assert Gallery().chosen("1") == 1
    assert Gallery().shown == ()
