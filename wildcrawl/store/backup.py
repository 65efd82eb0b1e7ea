"""Backup file: a ZIP of all records as JSON lines and of the evidence's objects by SHA-256.

The manifest has the number of records of each section and the SHA-256 of each file, so that a
changed file is refused, and what was restored is compared with what was saved.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from wildcrawl.store.base import Store, StoreError
from wildcrawl.store.documents import Document
from wildcrawl.store.transfer import (
    BATCH,
    DOCUMENTS,
    RecordsDigest,
    Snapshot,
    from_line,
    tally,
    to_line,
)
from wildcrawl.utils import is_sha256, replacing

FORMAT = 1
"""Version of the format; files of later ones are refused."""
_MANIFEST = "manifest.json"
_RECORDS, _OBJECTS, _FILES = "records/", "objects/", "files/"
_FIRST = ("seal", "custody", "capture", "capture_index")
"""Kinds that are read first, in this order: each names only what the next ones have."""
_ABOUT = {"records", "digest"}
_CHUNK = 1 << 20


class BackupError(ValueError):
    """A backup that cannot be made or restored; the message names the file and the fix."""


class Objects(Protocol):
    """The part of an object store that a backup needs."""

    def get(self, sha: str) -> bytes: ...

    def put(self, data: bytes) -> str: ...


@dataclass
class Backup:
    """What a backup file holds."""

    made: str
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Section to its number of records, and their digest (`RecordsDigest`)."""
    members: dict[str, str] = field(default_factory=dict)
    """Name in the ZIP to the SHA-256 of its bytes."""
    missing: list[str] = field(default_factory=list)
    """Objects that the evidence lacked or had damaged."""

    @property
    def objects(self) -> list[str]:
        """The objects in the file."""
        return [name.removeprefix(_OBJECTS) for name in self.members if name.startswith(_OBJECTS)]

    def records(self, section: str) -> int:
        """Number of records of a section."""
        return int(self.sections.get(section, {}).get("records", 0))

    def lines(self) -> list[str]:
        """The content, a line for each section."""
        rows = [f"{about['records']:>9} {name}" for name, about in self.sections.items()]
        return [*rows, f"{len(self.objects):>9} objects of the evidence"]


def write_backup(
    path: Path,
    store: Store,
    objects: Objects,
    needed: Callable[[str, Document], Iterable[str]],
    files: Mapping[str, bytes],
) -> Backup:
    """Writes everything in `store`, and the objects it needs, to `path`.

    `needed` gives the objects that a document of a kind refers to; `files` are added as they are.
    BackupError if `path` exists, NotWrittenError, which leaves no file, if it cannot be written.
    """
    if path.exists():
        raise BackupError(f"{path} exists already; give another name")
    backup = Backup(datetime.now(UTC).isoformat(timespec="seconds"))
    wanted: dict[str, None] = {}
    # Readable for this user only: it names sellers.
    with replacing(path, 0o600) as part, _zip(part) as archive, store.snapshot() as snapshot:
        for section in _in_order(snapshot.sections()):
            kind = section.removeprefix(DOCUMENTS) if section.startswith(DOCUMENTS) else ""

            def note(record: Document, kind: str = kind) -> None:
                wanted.update(dict.fromkeys(needed(kind, record["document"])))

            counted = _write_records(archive, backup, section, snapshot, note if kind else None)
            backup.sections[section] = {"records": counted.records, "digest": counted.digest}
        for sha in sorted(wanted):
            try:
                data = objects.get(sha)
            except Exception:
                backup.missing.append(sha)
                continue
            _write_member(archive, backup, _OBJECTS + sha, [data])
        for name, data in files.items():
            _write_member(archive, backup, _FILES + name, [data])
        archive.writestr(_MANIFEST, json.dumps({"format": FORMAT, **vars(backup)}, indent=1))
    return backup


@contextmanager
def _zip(path: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        yield archive


def _in_order(sections: Iterable[str]) -> list[str]:
    first = [DOCUMENTS + kind for kind in _FIRST]
    sections = list(sections)
    known = [section for section in first if section in sections]
    return known + [section for section in sections if section not in known]


def _write_records(
    archive: zipfile.ZipFile,
    backup: Backup,
    section: str,
    snapshot: Snapshot,
    note: Callable[[Document], None] | None,
) -> RecordsDigest:
    counted = RecordsDigest()

    def lines() -> Iterator[bytes]:
        for record in snapshot.records(section):
            if note:
                note(record)
            line = to_line(record)
            counted.add(line)
            yield line

    _write_member(archive, backup, f"{_RECORDS}{section}.jsonl", lines())
    return counted


def _write_member(
    archive: zipfile.ZipFile, backup: Backup, name: str, parts: Iterable[bytes]
) -> None:
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as file:
        for part in parts:
            digest.update(part)
            file.write(part)
    backup.members[name] = digest.hexdigest()


@contextmanager
def opened_backup(path: Path) -> Iterator[tuple[zipfile.ZipFile, Backup]]:
    """A backup file whose parts have their SHA-256; BackupError for any other file."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise BackupError(f"{path} does not exist; name a file of 'scrapy backup'") from None
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise _damaged(path, error) from None
    with archive:
        try:
            backup = _manifest(archive, path)
            _check_members(archive, backup, path)
        except BackupError:
            raise
        # An encrypted or unknown kind of file is a RuntimeError.
        except (zipfile.BadZipFile, EOFError, RuntimeError, ValueError, zlib.error) as error:
            raise _damaged(path, error) from None
        yield archive, backup


def _damaged(path: Path, error: Exception) -> BackupError:
    return BackupError(
        f"{path} is damaged, or no file of 'scrapy backup' ({error}); use another copy of it"
    )


def _manifest(archive: zipfile.ZipFile, path: Path) -> Backup:
    try:
        manifest = json.loads(archive.read(_MANIFEST))
        form = int(manifest.pop("format"))
    except (KeyError, ValueError, AttributeError, TypeError):
        raise BackupError(f"{path} is not a file of 'scrapy backup'; name one") from None
    if form > FORMAT:
        raise BackupError(
            f"{path} was written by a later wildcrawl (format {form}, this one reads up to "
            f"{FORMAT}); update wildcrawl"
        )
    try:
        backup = Backup(**manifest)
        kinds = {type(backup.sections), type(backup.members)}
        if kinds != {dict} or any({*about} != _ABOUT for about in backup.sections.values()):
            raise TypeError
    except TypeError:
        raise BackupError(f"{path}: its manifest is damaged; use another copy of it") from None
    return backup


def _check_members(archive: zipfile.ZipFile, backup: Backup, path: Path) -> None:
    there = {name for name in archive.namelist() if name != _MANIFEST}
    if there != backup.members.keys():
        raise BackupError(
            f"{path} was changed: {', '.join(sorted(there ^ backup.members.keys())[:3])} is extra "
            "or missing; use another copy of it"
        )
    for name, digest in backup.members.items():
        found = hashlib.sha256()
        with archive.open(name) as file:
            while part := file.read(_CHUNK):
                found.update(part)
        sha = name.removeprefix(_OBJECTS)
        if found.hexdigest() != digest or (name.startswith(_OBJECTS) and sha != digest):
            raise BackupError(f"{path} was changed: {name} differs; use another copy of it")


def restore_backup(
    archive: zipfile.ZipFile, backup: Backup, store: Store, objects: Objects
) -> None:
    """Loads an opened backup into an empty `store`, and proves it by counts and digests.

    The objects come first, so that nothing in the store refers to a missing one. StoreError if
    what is then in the store differs from what was saved.
    """
    for sha in backup.objects:
        if not is_sha256(sha) or objects.put(archive.read(_OBJECTS + sha)) != sha:
            raise StoreError(f"the object {sha} was not stored as it is in the backup")
    for section in backup.sections:
        with archive.open(f"{_RECORDS}{section}.jsonl") as file:
            for records in _batches(map(from_line, file)):
                store.load(section, records)
    with store.snapshot() as snapshot:
        for section, about in backup.sections.items():
            found = tally(snapshot, section)
            if (found.records, found.digest) != (about["records"], about["digest"]):
                raise StoreError(
                    f"{section}: {found.records} records were restored that differ from the "
                    f"{about['records']} of the backup; do not use the new store"
                )


def _batches(records: Iterator[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def file_in(archive: zipfile.ZipFile, name: str) -> bytes:
    """A file that was added to a backup; b"" if there is none of this name."""
    try:
        return archive.read(_FILES + name)
    except KeyError:
        return b""
