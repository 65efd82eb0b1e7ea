"""Evidence for tests: pictures drawn by number, and captures of one advertisement."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from wildcrawl.evidence import Capture, CaptureKind, Captures, open_objects, sha256
from wildcrawl.evidence.records import Exchange, Origin, response_record
from wildcrawl.store import open_store

CAPTURED = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
RUN = "fair-1"


@cache
def photograph(number: int, size: tuple[int, int] = (640, 480)) -> bytes:
    """A JPEG of coloured rings, another one for each number."""
    chance = random.Random(number)
    image = Image.new("RGB", size, tuple(chance.randrange(90, 200) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y, wide = (chance.randrange(size[0]), chance.randrange(size[1]), chance.randrange(250))
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.ellipse((x, y, x + wide, y + wide // 2), outline=colour, width=12)
    written = BytesIO()
    image.filter(ImageFilter.GaussianBlur(2)).save(written, "JPEG", quality=85)
    return written.getvalue()


def keep_capture(
    folder: Path,
    kind: str,
    body: bytes,
    *,
    ad_id: str = "1",
    minutes: int = 0,
    store_url: str = "",
    **given: Any,
) -> Capture:
    """Stores a capture of advertisement `ad_id` of the site fair: its object and its document.

    In the store of `desk_in(folder)`, or in that at `store_url`.
    """
    at = CAPTURED + timedelta(minutes=minutes)
    media_type = "text/html" if kind == "page" else "image/jpeg"
    url = f"https://img.fair.example/{ad_id}/{kind}-{minutes}"
    values: dict[str, Any] = {
        "site": "fair", "ad_id": ad_id, "at": at, "run": RUN, "kind": CaptureKind(kind),
        "url": url, "status": 200, "media_type": media_type,
    } | given  # fmt: skip
    if not given.get("skipped"):
        headers = [("Content-Type", values["media_type"])]
        record = response_record(Exchange(url, at, 200, headers, body), Origin(RUN, "fair"))
        values |= {
            "record": open_objects(folder / "evidence").put(record),
            "payload": sha256(body),
            "length": len(body),
        }
    capture = Capture(**values)
    with closing(open_store(store_url or f"sqlite:///{folder / 'store.db'}")) as store:
        Captures(store).add([capture])
    return capture
