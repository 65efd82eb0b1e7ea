"""Archive check: each byte of the archive is a record that a capture needs, and the index fits.

The index is made anew from the records and compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from typing import IO, TYPE_CHECKING

from wildcrawl.evidence.bundle.bundle_files import BROKEN, BundleFiles, lines_of
from wildcrawl.evidence.bundle.layout import ARCHIVE, INDEX
from wildcrawl.evidence.bundle.warc_index import cdxj, entries
from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.evidence.records import payload_of, read_records

if TYPE_CHECKING:
    from wildcrawl.evidence.bundle.verified import Verified

Place = tuple[int, int]
"""Offset and length of a record object in the archive, in bytes."""


def check_archive(
    files: BundleFiles,
    records: Mapping[Place, Collection[str]],
    sources: Collection[str],
    verified: Verified,
) -> dict[str, str]:
    """The SHA-256 of the payload of each whole record object, "" for one that refers to another.

    `records` are the objects that captures have at each place, `sources` those to which they
    refer, whose places are not listed.
    """
    payloads: dict[str, str] = {}
    if ARCHIVE not in files.names:
        if records:
            verified.absent(ARCHIVE, "report/captures.jsonl")
        return payloads
    before = len(verified.faults)
    index: list[str] = []
    try:
        with files.open(ARCHIVE) as file:
            for offset, data, named in _objects(file, records, verified):
                found = sha256(data).hexdigest()
                others = sorted(set(named) - {found})
                for record in others:
                    verified.fault(
                        ARCHIVE, f"the record at {offset} was changed, it is not {record[:12]}…"
                    )
                if others:
                    continue
                if not named and found not in sources:
                    verified.fault(ARCHIVE, f"the record at {offset} belongs to no capture")
                index += [cdxj(each, ARCHIVE.rpartition("/")[2]) for each in entries(data, offset)]
                kinds = [each.kind for each in read_records(data)]
                revisit = "revisit" in kinds
                payloads[found] = "" if revisit else sha256(payload_of(data)).hexdigest()
    except (EvidenceError, *BROKEN) as error:
        verified.fault(ARCHIVE, str(error))
    if len(verified.faults) == before:
        _check_index(files, sorted(index), verified)
    return payloads


def _objects(
    file: IO[bytes], records: Mapping[Place, Collection[str]], verified: Verified
) -> Iterator[tuple[int, bytes, Collection[str]]]:
    """All record objects of the archive: offset, bytes, and what captures say it is."""
    position = 0
    for (offset, length), named in sorted(records.items()):
        if offset < position:
            verified.fault(ARCHIVE, f"the record at {offset} begins within another")
            continue
        if offset > position:
            yield from _split(position, file.read(offset - position))
        yield offset, file.read(length), named
        position = offset + length
    yield from _split(position, file.read())


def _split(start: int, data: bytes) -> Iterator[tuple[int, bytes, Collection[str]]]:
    """The record objects in bytes that no capture places; each begins with its response."""
    if not data:
        return
    starts = [entry.offset - start for entry in entries(data, start)]
    for begin, end in zip([0, *starts[1:]], [*starts[1:], len(data)], strict=True):
        yield start + begin, data[begin:end], ()


def _check_index(files: BundleFiles, expected: list[str], verified: Verified) -> None:
    if INDEX not in files.names:
        verified.absent(INDEX, "the format of the bundle")
        return
    try:
        found = [line for line in lines_of(files.read(INDEX)) if line]
    except BROKEN as error:
        verified.fault(INDEX, f"it cannot be read ({error})")
        return
    for line in sorted(set(expected) - set(found)):
        verified.fault(INDEX, f"it does not list this record of {ARCHIVE}: {line}")
    for line in sorted(set(found) - set(expected)):
        verified.fault(INDEX, f"it lists what {ARCHIVE} does not have: {line}")
    if sorted(found) != sorted(set(found)):
        verified.fault(INDEX, "it lists a record twice")
