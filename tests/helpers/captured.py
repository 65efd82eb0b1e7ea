"""Captured advertisements: a store with pages and pictures kept as evidence, and a bundle of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

from wildcrawl.evidence import Capture, CaptureKind, Evidence, open_evidence
from wildcrawl.evidence.bundle import Bundle, Collection, Facts, Subject, binder, write_bundle
from wildcrawl.evidence.records import Exchange, Origin
from wildcrawl.items import Advertisement
from wildcrawl.store import Store

AT = datetime(2016, 12, 3, 6, 20, tzinfo=UTC)
MADE = datetime(2016, 12, 20, 1, 2, 3, tzinfo=UTC)
WHO = "crawl of mall"


@dataclass(frozen=True)
class Photo:
    """A picture to capture: its address and bytes; `skipped` says why it was not captured."""

    url: str
    body: bytes = b""
    media_type: str = "image/jpeg"
    skipped: str = ""


def jpeg(level: int, side: int = 24) -> bytes:
    """A JPEG of one grey level."""
    written = BytesIO()
    Image.new("RGB", (side, side), (level, level, level)).save(written, "JPEG")
    return written.getvalue()


def advertisement(ad_id: str, **given: object) -> Advertisement:
    """A likely advertisement of the site mall."""
    values: dict[str, object] = {
        "site": "mall",
        "ad_id": ad_id,
        "url": f"http://mall.example/item-{ad_id}.html",
        "title": f"象牙手镯 {ad_id}",
        "description": "圈口58毫米",
        "price": "￥4,900",
        "seller": "藏友A17",
        "seller_id": "3017",
        "found_at": AT,
        "species": ["ivory"],
        "relevance": "likely",
    }
    return Advertisement(**{**values, **given})  # type: ignore[arg-type]


def capture(
    evidence: Evidence, ad: Advertisement, photos: Sequence[Photo] = (), at: datetime = AT
) -> list[Capture]:
    """Captures the page of an advertisement, and pictures."""
    origin = Origin("run1", ad.site, [ad.ad_id], software="wildcrawl/0", host="crawler-2")
    page = f"<html><title>{ad.title}</title><p>{ad.description}</p></html>".encode()
    seen = Exchange(ad.url, at, 200, [("Content-Type", "text/html; charset=utf-8")], page)
    kept = evidence.keep(seen, page, origin)
    made = [
        Capture(ad.site, ad.ad_id, at, "run1", CaptureKind.PAGE, ad.url, 200, "text/html", *kept)
    ]
    for number, photo in enumerate(photos, start=1):
        when = at + timedelta(seconds=number)
        about = Capture(ad.site, ad.ad_id, when, "run1", CaptureKind.PICTURE, photo.url)
        values: Mapping[str, object] = {"skipped": photo.skipped}
        if not photo.skipped:
            seen = Exchange(photo.url, when, 200, [("Content-Type", photo.media_type)], photo.body)
            record = evidence.keep(seen, photo.body, origin)
            values = {"status": 200, "media_type": photo.media_type, **record._asdict()}
        made.append(Capture(**{**vars(about), **values}))
    evidence.add(made, WHO)
    return made


def filled(store: Store, place: Path, ads: Sequence[Advertisement] = ()) -> Evidence:
    """Evidence of three advertisements with two pictures each, or of `ads`, all recorded."""
    evidence = open_evidence(store, place)
    given = list(ads) or [advertisement(str(number)) for number in (101, 102, 103)]
    store.record(given, "run1")
    for index, ad in enumerate(given):
        photos = [
            Photo(f"http://img.example/{ad.ad_id}/{n}.jpg", jpeg(index * 40 + n)) for n in (1, 2)
        ]
        capture(evidence, ad, photos, AT + timedelta(minutes=index))
    return evidence


def collection(store: Store, evidence: Evidence, keys: Sequence[str]) -> Collection:
    """Collection of advertisements of the site mall, by id."""
    ads = [ad for key in keys if (ad := store.get("mall", key))]
    subjects = [
        Subject(ad, evidence.captures.of(ad.site, ad.ad_id), "Mall", "古玩城") for ad in ads
    ]
    facts = Facts(
        made_at=MADE,
        operator="anna",
        host="desk-3",
        system="Linux 6.1, Python 3.11",
        software="wildcrawl/0",
        selection=", ".join(f"mall:{key}" for key in keys),
        store="SQLite wildcrawl.db",
        settings={"WILDCRAWL_EVIDENCE": "pictures"},
    )
    return Collection(subjects, list(evidence.custody.links()), facts, evidence.seals.all())


def written(
    store: Store, evidence: Evidence, keys: Sequence[str], path: Path, authority: str = ""
) -> Bundle:
    """A bundle of advertisements of the site mall, by id."""
    bind = binder(evidence, "anna", authority)
    return write_bundle(collection(store, evidence, keys), evidence.objects, path, bind)
