"""Bundle writer: one ZIP of captures, as `layout` describes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildcrawl.evidence.bundle.archive_file import ArchiveFile
from wildcrawl.evidence.bundle.binding import BOUND, Bind
from wildcrawl.evidence.bundle.collection import (
    Bundle,
    BundledCapture,
    Collection,
    PageWords,
    name_of,
    read_stated,
)
from wildcrawl.evidence.bundle.file_names import EXTENSIONS, extension, safe_name
from wildcrawl.evidence.bundle.layout import (
    ARCHIVE,
    CAPTURES,
    COLLECTION,
    CUSTODY,
    DIGEST,
    FOLDERS,
    INDEX,
    MANIFEST,
    PACKAGE,
    PAGES,
    REPORT,
    TIMESTAMPS,
    WACZ,
)
from wildcrawl.evidence.bundle.page_words import page_texts, page_words
from wildcrawl.evidence.bundle.pages_list import iso, page_rows
from wildcrawl.evidence.bundle.report_page import report_page, title_of
from wildcrawl.evidence.bundle.warc_index import cdxj, entries
from wildcrawl.evidence.canonical import canonical
from wildcrawl.evidence.captures import CaptureKind
from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.evidence.records import collector_of, payload_of
from wildcrawl.utils import replacing

if TYPE_CHECKING:
    from wildcrawl.evidence.bundle.collection import Subject
    from wildcrawl.evidence.captures import Capture
    from wildcrawl.evidence.objects import ObjectStore
    from wildcrawl.evidence.records import Collector


def write_bundle(collection: Collection, objects: ObjectStore, path: Path, bind: Bind) -> Bundle:
    """Writes the bundle; a failure leaves an earlier file unchanged.

    `bind` has the custody log name its report before it is written.
    Records that are missing or damaged are left out and named in `missing` and in the bundle, as
    are captures that are not in the custody log.
    NotWrittenError if the file cannot be written.
    """
    bundle = Bundle(collection.id, path)
    bundle.missing += [
        f"{name_of(capture)}: the custody log does not have it as it is stored; "
        "'scrapy evidence --verify' checks the whole log"
        for capture in collection.unlogged()
    ]
    with replacing(path, 0o600) as part:
        with ArchiveFile(part, collection.facts.made_at) as archive:
            places = _write_archive(archive, collection, objects, bundle)
            kept = _write_pictures(archive, collection, objects, places, bundle)
            _write_pages(archive, collection)
            _write_report(archive, collection, objects, kept, bundle, bind)
            bundle.manifest = _write_manifest(archive, collection)
        bundle.size = part.stat().st_size
        with part.open("rb") as file:
            bundle.sha256 = file_digest(file, "sha256").hexdigest()
    return bundle


Places = dict[str, tuple[int, int]]
"""Object of a record to its offset and length in the archive."""


def _write_archive(
    archive: ArchiveFile, collection: Collection, objects: ObjectStore, bundle: Bundle
) -> Places:
    """Writes all records, one after the other, and the index."""
    places: Places = {}
    index = []
    with archive.adding(ARCHIVE) as file:
        for record, name in collection.records():
            try:
                data = objects.get(record)
                found = list(entries(data, start=file.size))
                _count_collector(bundle, collector_of(data))
            except (EvidenceError, ValueError) as error:
                bundle.missing.append(f"{name}: {collection.lost.get(record, error)}")
                bundle.lost += record in collection.lost
                continue
            places[record] = (file.size, len(data))
            index += [cdxj(entry, ARCHIVE.rpartition("/")[2]) for entry in found]
            file.write(data)
    archive.add(INDEX, _lines(sorted(index)))
    return places


def _write_pictures(
    archive: ArchiveFile,
    collection: Collection,
    objects: ObjectStore,
    places: Places,
    bundle: Bundle,
) -> list[BundledCapture]:
    """Writes pictures and screenshots as files; all captures with their places, in order."""
    kept = []
    for number, subject in enumerate(collection.subjects, start=1):
        start = f"{number:03d}-{safe_name(f'{subject.ad.site}-{subject.ad.ad_id}')}"
        count = 0
        for capture in subject.captures:
            file = ""
            if capture.kind in FOLDERS and (capture.source or capture.record) in places:
                count += 1
                name = f"{FOLDERS[capture.kind]}/{start}-{count}.{extension(capture.media_type)}"
                file = _write_picture(archive, name, capture, objects, bundle)
            offset, length = places.get(capture.record, (0, 0))
            kept.append(BundledCapture(capture, number, file, offset, length))
            if capture.record in places:
                _count(bundle, capture.kind)
    return kept


def _write_picture(
    archive: ArchiveFile, name: str, capture: Capture, objects: ObjectStore, bundle: Bundle
) -> str:
    """Writes the payload of a capture as a file; its name, "" if it cannot be read."""
    try:
        payload = payload_of(objects.get(capture.source or capture.record))
        if sha256(payload).hexdigest() != capture.payload:
            raise EvidenceError("its payload has another SHA-256; restore it from a backup")
    except EvidenceError as error:
        bundle.missing.append(f"{name_of(capture)}: {error}")
        return ""
    archive.add(name, payload, packed=name.rpartition(".")[2] not in EXTENSIONS.values())
    return name


def _count_collector(bundle: Bundle, made: Collector) -> None:
    """Counts a record with those of the same computer, program and settings."""
    bundle.collectors[made._replace(site="", declaration="")] += 1
    if made.declaration:
        bundle.declarations.add((made.site, made.declaration))


def _count(bundle: Bundle, kind: str) -> None:
    if kind == "page":
        bundle.pages += 1
    elif kind == "picture":
        bundle.pictures += 1
    elif kind == "screenshot":
        bundle.screenshots += 1


def _write_pages(archive: ArchiveFile, collection: Collection) -> None:
    """Writes the list of pages that replay programs show."""
    rows = page_rows(
        (capture, title_of(subject.ad) or f"{subject.ad.site}:{subject.ad.ad_id}")
        for subject in collection.subjects
        for capture in subject.captures
    )
    archive.add(PAGES, _lines(map(canonical, rows)))


def _write_report(
    archive: ArchiveFile,
    collection: Collection,
    objects: ObjectStore,
    kept: Sequence[BundledCapture],
    bundle: Bundle,
    bind: Bind,
) -> None:
    """Writes what people and the verifier read."""
    rows = []
    for one in kept:
        capture = asdict(one.capture) | {"at": one.capture.at.isoformat(timespec="milliseconds")}
        row = {"capture": capture, "file": one.file, "offset": one.offset, "bytes": one.length}
        rows.append(canonical(row))
    archive.add(CAPTURES, _lines(rows))
    words = [_page_words(subject, objects) for subject in collection.subjects]
    archive.add(COLLECTION, _pretty(_description(collection, words, bundle)))
    archive.add(REPORT, report_page(collection, kept, words, bundle).encode())
    bound = bind(bundle.id, {name: archive.entries[name].sha256 for name in BOUND})
    bundle.unstamped = bound.problem
    archive.add(CUSTODY, _lines(canonical(asdict(link)) for link in bound.links))
    for seal in [*collection.seals, *([bound.seal] if bound.seal else [])]:
        name = f"{TIMESTAMPS}{seal.number:012}-{seal.reply_digest[:12]}"
        archive.add(f"{name}.json", seal.statement.encode())
        archive.add(f"{name}.tsr", seal.reply)


def _page_words(subject: Subject, objects: ObjectStore) -> PageWords:
    """The price and the seller as the last captured page that has them writes them."""
    price, seller, read = "", "", False
    for capture in reversed(subject.captures):
        if capture.kind != CaptureKind.PAGE or not capture.record:
            continue
        try:
            page = payload_of(objects.get(capture.source or capture.record))
        except EvidenceError:
            continue
        read = True
        texts = page_texts(page, capture.media_type)
        price = price or page_words(texts, subject.ad.price)
        seller = seller or page_words(texts, subject.ad.seller or subject.ad.seller_id)
        if price and seller:
            break
    return PageWords(price, seller, read)


def _description(
    collection: Collection, words: Sequence[PageWords], bundle: Bundle
) -> dict[str, Any]:
    facts = asdict(collection.facts)
    facts["made_at"] = iso(collection.facts.made_at)
    links = collection.links
    return {
        "id": bundle.id,
        **facts,
        "advertisements": [
            {
                "site": subject.ad.site,
                "ad_id": subject.ad.ad_id,
                "captures": len(subject.captures),
                "price_on_page": each.price,
                "seller_on_page": each.seller,
            }
            for subject, each in zip(collection.subjects, words, strict=True)
        ],
        "captured_by": [
            {
                "host": collector.host,
                "software": collector.software,
                "settings": read_stated(collector.settings),
                "records": records,
            }
            for collector, records in sorted(bundle.collectors.items())
        ],
        "declarations": [
            {"site": site, "declaration": read_stated(text)}
            for site, text in sorted(bundle.declarations)
        ],
        "pages": bundle.pages,
        "pictures": bundle.pictures,
        "screenshots": bundle.screenshots,
        "missing": bundle.missing,
        "timestamps": len(collection.seals),
        "custody_links": len(links),
        "custody_head": links[-1].hash if links else "",
        "named_in_log": list(BOUND),
    }


def _write_manifest(archive: ArchiveFile, collection: Collection) -> str:
    """Writes the lists of files with their hashes; the SHA-256 of the manifest."""
    resources = [
        {
            "name": name.rpartition("/")[2].lower(),
            "path": name,
            "hash": f"sha256:{written.sha256}",
            "bytes": written.size,
        }
        for name, written in sorted(archive.entries.items())
    ]
    package = {
        "profile": "data-package",
        "wacz_version": WACZ,
        "software": collection.facts.software,
        "created": iso(collection.facts.made_at),
        "title": f"Evidence of {collection.facts.selection}",
        "resources": resources,
    }
    written = archive.add(PACKAGE, _pretty(package))
    digest = {"path": PACKAGE, "hash": f"sha256:{written.sha256}"}
    archive.add(DIGEST, _pretty(digest))
    lines = [f"{entry.sha256}  {name}" for name, entry in sorted(archive.entries.items())]
    return archive.add(MANIFEST, _lines(lines)).sha256


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
