"""Bundle verification: finds changed, missing and added files, damaged records, a broken log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from wildcrawl.evidence.bundle.bundle_files import BROKEN, BundleFiles, lines_of, opened
from wildcrawl.evidence.bundle.collection import logged_in
from wildcrawl.evidence.bundle.layout import (
    ARCHIVE,
    CAPTURES,
    COLLECTION,
    CUSTODY,
    DIGEST,
    MANIFEST,
    PACKAGE,
)
from wildcrawl.evidence.bundle.stamps import check_stamps
from wildcrawl.evidence.captures import Capture, CaptureKind, Reason, View
from wildcrawl.evidence.custody import Head, Link, check_chain
from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.evidence.records import payload_of, read_records

_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


@dataclass
class Verified:
    """Result of a verification; `faults` name each file, record or link that is wrong.

    `stamps` say for each time-stamp what it proves.

    `sha256` is that of the ZIP file, "" for a folder, and `manifest` that of the manifest, "" if
    there is none.
    """

    id: str = ""
    sha256: str = ""
    manifest: str = ""
    files: int = 0
    captures: int = 0
    links: int = 0
    stamps: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def verify_bundle(path: Path, roots: Sequence[bytes] = ()) -> Verified:
    """Checks a bundle, a ZIP file or the folder of an unpacked one, against itself.

    `roots` are root certificates (PEM) by which signatures of time-stamps are checked.
    Whether somebody made the whole bundle anew shows in the hash of the file alone.
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
    captures = _check_captures(files, verified)
    links = _check_custody(files, captures, verified)
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
        verified.faults.append(f"{name}: it was added, the manifest does not list it")
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
    names = files.names
    for resource in (package or {}).get("resources", []):
        path = str(resource.get("path"))
        if path in names and resource.get("hash") != f"sha256:{files.hash(path)}":
            verified.faults.append(f"{PACKAGE}: it names another hash than that of {path}")


def _check_captures(files: BundleFiles, verified: Verified) -> list[Capture]:
    """Each capture's record and picture are what the capture says; the captures that were read."""
    captures, records, needed = [], {}, []
    for number, row in _rows(files, CAPTURES, verified):
        try:
            capture = _capture(row["capture"])
            place = int(row["offset"]), int(row["bytes"])
            file = str(row["file"])
        except (KeyError, TypeError, ValueError) as error:
            verified.faults.append(f"{CAPTURES}: line {number} is not a capture ({error})")
            continue
        captures.append(capture)
        if capture.record and place[1]:
            records[place] = capture.record
        if capture.record:
            needed.append(capture)
        if file and file in files.names and files.hash(file) != capture.payload:
            verified.faults.append(f"{file}: it is not the picture that was captured")
    verified.captures = len(needed)
    payloads = _check_archive(files, records, verified)
    for capture in needed:
        found = payloads.get(capture.record) if not capture.source else None
        if found and found != capture.payload:
            verified.faults.append(f"{ARCHIVE}: the record of {capture.url} has another payload")
    return captures


def _capture(document: Mapping[str, Any]) -> Capture:
    at = datetime.fromisoformat(document["at"])
    kind, reason = CaptureKind(document["kind"]), Reason(document["reason"])
    view = View(document.get("view", ""))
    return Capture(**{**document, "at": at, "kind": kind, "reason": reason, "view": view})


def _check_archive(
    files: BundleFiles, records: Mapping[tuple[int, int], str], verified: Verified
) -> dict[str, str]:
    """Each record has its hash and digests; the SHA-256 of the payload by record."""
    payloads: dict[str, str] = {}
    if not records or ARCHIVE not in files.names:
        return payloads
    try:
        with files.open(ARCHIVE) as file:
            for (offset, length), record in sorted(records.items()):
                file.seek(offset)
                data = file.read(length)
                if sha256(data).hexdigest() != record:
                    verified.faults.append(
                        f"{ARCHIVE}: the record at {offset} was changed, it is not {record[:12]}…"
                    )
                    continue
                kinds = [each.kind for each in read_records(data)]
                if "revisit" not in kinds:
                    payloads[record] = sha256(payload_of(data)).hexdigest()
    except (EvidenceError, *BROKEN) as error:
        verified.faults.append(f"{ARCHIVE}: {error}")
    return payloads


def _check_custody(
    files: BundleFiles, captures: Sequence[Capture], verified: Verified
) -> list[Link]:
    """The custody log is whole, and has each capture; its links."""
    links = []
    for number, row in _rows(files, CUSTODY, verified):
        try:
            link = Link(**{**row, "entries": tuple(row["entries"])})
        except (KeyError, TypeError) as error:
            verified.faults.append(f"{CUSTODY}: line {number} is not a link ({error})")
            continue
        links.append(link)
    verified.links = len(links)
    about = _json(files, COLLECTION, verified) or {}
    verified.id = str(about.get("id", ""))
    head = Head(int(about.get("custody_links") or 0), str(about.get("custody_head") or ""))
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
    fault = f"{name}: {problem}"
    if fault not in verified.faults:
        verified.faults.append(fault)
    return None


def _rows(
    files: BundleFiles, name: str, verified: Verified
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines of a file of JSON lines, with their numbers from 1."""
    try:
        lines = lines_of(files.read(name))
    except (KeyError, *BROKEN) as error:
        verified.faults.append(f"{name}: it cannot be read ({error})")
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
