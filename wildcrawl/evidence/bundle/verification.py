"""Bundle verification: finds changed, missing and added files, damaged records, a broken log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from wildcrawl.evidence.bundle.archive_check import Place, check_archive
from wildcrawl.evidence.bundle.binding import BOUND, check_binding
from wildcrawl.evidence.bundle.bundle_files import BROKEN, BundleFiles, lines_of, opened
from wildcrawl.evidence.bundle.collection import logged_in
from wildcrawl.evidence.bundle.contents_check import (
    ListedCapture,
    check_files,
    check_numbers,
    check_pages,
    check_records,
    mappings,
    whole,
)
from wildcrawl.evidence.bundle.layout import (
    CAPTURES,
    COLLECTION,
    CUSTODY,
    DIGEST,
    MANIFEST,
    PACKAGE,
    PAGES,
)
from wildcrawl.evidence.bundle.stamps import check_stamps
from wildcrawl.evidence.bundle.verified import Verified
from wildcrawl.evidence.captures import Capture, CaptureKind, CaptureReason, View
from wildcrawl.evidence.custody import Head, LogEntry, check_chain
from wildcrawl.evidence.errors import EvidenceError

_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def verify_bundle(path: Path, roots: Sequence[bytes] = ()) -> Verified:
    """Checks a bundle, a ZIP file or the folder of an unpacked one, against itself.

    `roots` are root certificates (PEM) by which signatures of time-stamps are checked.
    The check finds what does not agree. Whether the whole bundle was made anew, its custody log
    included, shows in the hash of the file and in a time-stamp over the log alone.
    EvidenceError if there is no such file or folder.
    """
    verified = Verified()
    if not path.exists():
        raise EvidenceError(f"{path} does not exist; give the file or folder of a bundle")
    try:
        if path.is_file():
            with path.open("rb") as file:
                verified.sha256 = file_digest(file, "sha256").hexdigest()
        with opened(path) as files:
            _check(files, roots, verified)
    except BROKEN as error:
        verified.faults.append(f"{path.name}: it is not a whole ZIP file ({error})")
    return verified


def _check(files: BundleFiles, roots: Sequence[bytes], verified: Verified) -> None:
    verified.faults += files.faults
    _check_manifest(files, verified)
    _check_package(files, verified)
    about = _json(files, COLLECTION, verified) or {}
    listed = _check_captures(files, about, verified)
    links = _check_custody(files, about, [one.capture for one in listed], verified)
    bound = check_binding(links, about, {name: files.hash(name) for name in BOUND})
    verified.bound = bound.sentence
    verified.faults += bound.faults
    stamps, faults = check_stamps(files, links, roots)
    verified.stamps += stamps
    verified.faults += faults


def _check_manifest(files: BundleFiles, verified: Verified) -> None:
    """Each listed file has its hash, and no other file is there."""
    names = files.names
    if MANIFEST not in names:
        verified.faults.append(f"{MANIFEST}: it is missing, so that no file can be checked")
        return
    try:
        data = files.read(MANIFEST)
    except BROKEN as error:
        verified.faults.append(f"{MANIFEST}: it cannot be read ({error})")
        return
    verified.manifest = sha256(data).hexdigest()
    listed: dict[str, str] = {}
    for number, line in enumerate(lines_of(data), start=1):
        match = _LINE.fullmatch(line)
        if match:
            listed[match[2]] = match[1]
        else:
            verified.faults.append(f"{MANIFEST}: line {number} is not a hash and a file name")
    verified.files = len(listed)
    for name in sorted(listed.keys() - names):
        verified.faults.append(f"{name}: it is missing")
    for name in sorted(names - listed.keys() - {MANIFEST}):
        verified.added(name, "the manifest")
    for name in sorted(listed.keys() & names):
        found = files.hash(name)
        if found.startswith("unreadable"):
            verified.faults.append(f"{name}: it is damaged ({found})")
        elif found != listed[name]:
            verified.faults.append(f"{name}: it was changed, its SHA-256 is {found}")


def _check_package(files: BundleFiles, verified: Verified) -> None:
    """The lists that the format demands agree with the manifest's files."""
    digest, package = _json(files, DIGEST, verified), _json(files, PACKAGE, verified)
    if digest is not None and package is not None:
        found = f"sha256:{files.hash(PACKAGE)}"
        if digest.get("hash") != found:
            verified.faults.append(f"{DIGEST}: it names another hash than that of {PACKAGE}")
    listed = set()
    for resource in mappings((package or {}).get("resources")):
        path = str(resource.get("path"))
        listed.add(path)
        if path not in files.names:
            verified.absent(path, PACKAGE)
        elif resource.get("hash") != f"sha256:{files.hash(path)}":
            verified.fault(PACKAGE, f"it names another hash than that of {path}")
    if package is not None:
        for name in sorted(files.names - listed - {PACKAGE, DIGEST, MANIFEST}):
            verified.added(name, PACKAGE)


def _check_captures(
    files: BundleFiles, about: Mapping[str, Any], verified: Verified
) -> list[ListedCapture]:
    """Each capture's record and picture are what the capture says; the captures that were read."""
    listed = []
    for number, row in _rows(files, CAPTURES, verified):
        try:
            place = int(row["offset"]), int(row["bytes"])
            listed.append(ListedCapture(_capture(row["capture"]), str(row["file"]), place))
        except (KeyError, TypeError, ValueError) as error:
            verified.fault(CAPTURES, f"line {number} is not a capture ({error})")
    texts = about.get("missing")
    verified.captures = sum(bool(one.capture.record) for one in listed)
    missing = [str(line) for line in texts] if isinstance(texts, list) else []
    verified.missing = len(missing)
    check_files(files, listed, verified)
    records: dict[Place, set[str]] = {}
    for one in listed:
        if one.capture.record and one.place[1]:
            records.setdefault(one.place, set()).add(one.capture.record)
    sources = {one.capture.source for one in listed}
    payloads = check_archive(files, records, sources, verified)
    check_records(listed, payloads, missing, verified)
    check_numbers(files, listed, about, verified)
    rows = [row for _, row in _rows(files, PAGES, verified)]
    if PAGES in files.names:
        check_pages(listed, rows, verified)
    return listed


def _capture(document: Mapping[str, Any]) -> Capture:
    at = datetime.fromisoformat(document["at"])
    kind, reason = CaptureKind(document["kind"]), CaptureReason(document["reason"])
    view = View(document.get("view", ""))
    return Capture(**{**document, "at": at, "kind": kind, "reason": reason, "view": view})


def _check_custody(
    files: BundleFiles,
    about: Mapping[str, Any],
    captures: Sequence[Capture],
    verified: Verified,
) -> list[LogEntry]:
    """The custody log is whole, and has each capture; its links."""
    links = []
    for number, row in _rows(files, CUSTODY, verified):
        try:
            link = LogEntry(**{**row, "entries": tuple(row["entries"])})
        except (KeyError, TypeError) as error:
            verified.faults.append(f"{CUSTODY}: line {number} is not a link ({error})")
            continue
        links.append(link)
    verified.links = len(links)
    verified.id = str(about.get("id", ""))
    head = Head(whole(about.get("custody_links")), str(about.get("custody_head") or ""))
    for fault in check_chain(links, head):
        verified.faults.append(f"{CUSTODY}: link {fault.number} {fault.problem}")
    logged = logged_in(links)
    for capture in captures:
        if capture.record and capture.digest not in logged:
            verified.faults.append(
                f"{CUSTODY}: it does not have the {capture.kind} of {capture.url} as it is listed"
            )
    return links


def _json(files: BundleFiles, name: str, verified: Verified) -> dict[str, Any] | None:
    """A file of JSON as a mapping; None, with a fault, if it is none."""
    try:
        value = json.loads(files.read(name))
        if isinstance(value, dict):
            return value
        problem = "it is not an object"
    except KeyError:
        problem = "it is missing"
    except BROKEN as error:
        problem = f"it cannot be read ({error})"
    verified.fault(name, problem)
    return None


def _rows(
    files: BundleFiles, name: str, verified: Verified
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines of a file of JSON lines, with their numbers from 1."""
    try:
        lines = lines_of(files.read(name))
    except KeyError:
        verified.absent(name, "the format of the bundle")
        return
    except BROKEN as error:
        verified.fault(name, f"it cannot be read ({error})")
        return
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if isinstance(row, dict):
            yield number, row
        else:
            verified.faults.append(f"{name}: line {number} is not JSON")
