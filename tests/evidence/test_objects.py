"""Object stores: what is put whole, found by its hash, and refused when damaged."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import signal
import socketserver
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import fsspec
import pytest
from fsspec import AbstractFileSystem
from fsspec.asyn import AsyncFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from wildcrawl.evidence import EvidenceError, ObjectStore, Usage, open_objects, sha256

ROOT = Path(__file__).resolve().parents[2]
DATA = "象牙".encode() * 1000
SHA = sha256(DATA)

PUT_FOR_EVER = """
import os, sys
from wildcrawl.evidence import open_objects
objects = open_objects(sys.argv[1])
while True:
    print(objects.put(os.urandom(3_000_000)), flush=True)
"""
FILL_THE_DISK = """
import resource, signal, sys
from wildcrawl.evidence import EvidenceError, open_objects
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
objects = open_objects(sys.argv[1])
objects.put(b"small")
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    objects.put(b"large" * 100_000)
except EvidenceError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(objects.usage().objects)
objects.put(b"large" * 100_000)
print(objects.usage().objects)
"""


@pytest.fixture(params=["folder", "memory", "file"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ObjectStore]:
    """An empty object store, once for each kind of place."""
    kind = request.param
    folder = tmp_path / "evidence"
    yield open_objects(folder if kind == "folder" else f"{kind}://{folder}")
    if kind == "memory":
        fsspec.filesystem("memory").store.clear()


def test_an_object_is_named_by_its_hash_and_stored_once(objects: ObjectStore) -> None:
    assert objects.put(DATA) == SHA
    assert objects.put(DATA) == SHA
    other = objects.put(b"other")
    assert objects.get(SHA) == DATA
    assert (objects.has(SHA), objects.size(SHA)) == (True, len(DATA))
    assert 0 <= objects.age(SHA) < 60
    assert list(objects) == sorted([SHA, other])
    assert objects.usage() == Usage(2, len(DATA) + 5)
    assert objects.sizes() == {SHA: len(DATA), other: 5}


def test_an_empty_place_has_no_objects(objects: ObjectStore) -> None:
    assert list(objects) == []
    assert objects.usage() == Usage(0, 0)
    assert objects.clean() == 0
    assert not objects.has(SHA)
    assert objects.delete(SHA) == 0
    for read in (objects.get, objects.size, objects.age):
        with pytest.raises(EvidenceError, match=rf"{SHA} is missing in .*evidence"):
            read(SHA)


def test_a_deleted_object_frees_its_bytes(objects: ObjectStore) -> None:
    objects.put(DATA)
    assert objects.delete(SHA) == len(DATA)
    assert not objects.has(SHA)
    assert objects.usage() == Usage(0, 0)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", SHA.upper(), SHA[:-1], f"{SHA}\n"])
def test_only_a_hash_names_an_object(objects: ObjectStore, name: str) -> None:
    for use in (objects.get, objects.has, objects.delete, objects.size):
        with pytest.raises(EvidenceError, match="is not a valid object"):
            use(name)


def only_file(folder: Path) -> Path:
    """The one file below `folder`."""
    [path] = [path for path in folder.rglob("*") if path.is_file()]
    return path


@pytest.mark.parametrize("address", ["{}", "file://{}"])
@pytest.mark.parametrize("damaged", [b"", DATA[:-1], DATA[:-1] + b"x", DATA + b"x"])
def test_a_damaged_object_is_refused_and_replaced(
    tmp_path: Path, address: str, damaged: bytes
) -> None:
    objects = open_objects(address.format(tmp_path))
    objects.put(DATA)
    only_file(tmp_path).write_bytes(damaged)
    with pytest.raises(EvidenceError, match=f"{SHA} in .* is damaged.*restore it from a backup"):
        objects.get(SHA)
    objects.put(DATA)
    assert objects.get(SHA) == DATA


def test_others_on_the_machine_cannot_read_the_objects(tmp_path: Path) -> None:
    open_objects(tmp_path / "evidence").put(DATA)
    file = only_file(tmp_path)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent, file.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]
    assert stat.S_IMODE((tmp_path / "evidence").stat().st_mode) == 0o700


def test_nothing_is_created_before_the_first_object(tmp_path: Path) -> None:
    objects = open_objects(tmp_path / "evidence")
    objects.usage()
    assert not objects.has(SHA)
    assert list(tmp_path.iterdir()) == []


def test_a_process_killed_while_it_writes_leaves_whole_objects_only(tmp_path: Path) -> None:
    named: list[str] = []
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", PUT_FOR_EVER, tmp_path], stdout=subprocess.PIPE, cwd=ROOT
        )
        assert writer.stdout
        named += [writer.stdout.readline().decode().strip() for _ in range(4)]
        os.kill(writer.pid, signal.SIGKILL)
        named += writer.communicate()[0].decode().split()
    objects = open_objects(tmp_path)
    for sha in objects:
        objects.get(sha)
    assert {sha for sha in named if len(sha) == 64} <= set(objects)


def test_parts_of_interrupted_writes_are_removed_after_a_day(tmp_path: Path) -> None:
    objects = open_objects(tmp_path)
    objects.put(DATA)
    parts = [only_file(tmp_path).with_name(f"{SHA}.{name}.part") for name in ("1-a", "2-b")]
    for part in parts:
        part.write_bytes(b"half")
    os.utime(parts[0], (time.time() - 90_000,) * 2)
    assert list(objects) == [SHA]
    assert objects.clean() == 1
    assert [part.exists() for part in parts] == [False, True]


def test_a_full_disk_is_named_and_leaves_no_half_object(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, tmp_path], capture_output=True, text=True, cwd=ROOT
    )
    error, kept, later = done.stdout.splitlines()
    assert "cannot write the object" in error
    assert str(tmp_path) in error
    assert (kept, later) == ("1", "2")
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize(
    ("number", "fix"),
    [
        (errno.ENOSPC, "the disk is full; free some space"),
        (errno.EDQUOT, "the disk quota is used up"),
        (errno.EROFS, "read-only; choose another with WILDCRAWL_EVIDENCE_DIR"),
        (errno.EACCES, "make the place writable"),
        (errno.EIO, "check WILDCRAWL_EVIDENCE_DIR"),
    ],
)
def test_a_failed_write_names_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, fix: str
) -> None:
    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    objects = open_objects(tmp_path)
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(EvidenceError, match=fix):
        objects.put(DATA)
    assert list(tmp_path.rglob("*.part")) == []
    assert not objects.has(SHA)


def test_a_place_that_is_a_file_is_named(tmp_path: Path) -> None:
    place = tmp_path / "evidence"
    place.write_text("not a folder")
    with pytest.raises(EvidenceError, match=r" in .*/evidence: it is not a folder"):
        open_objects(place).put(DATA)


def test_a_remote_place_needs_fsspec(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(EvidenceError, match=r"pip install 'wildcrawl\[remote\]'"):
        open_objects("s3://bucket/evidence")


@pytest.mark.parametrize(
    ("address", "match"),
    [
        ("", "the place of the evidence is empty"),
        ("nothing://anna:secret@host/evidence", r"in nothing://\*\*\*@host/evidence"),
    ],
)
def test_a_place_that_cannot_be_opened_is_named_without_secrets(address: str, match: str) -> None:
    with pytest.raises(EvidenceError, match=match) as raised:
        open_objects(address)
    assert "secret" not in str(raised.value)


class Failing(MemoryFileSystem):  # type: ignore[misc]
    """A file system whose calls fail while a fault is set, before or after they are done."""

    protocol: tuple[str, ...] = ("failing",)
    store: ClassVar[dict[str, object]] = {}
    fault: ClassVar[tuple[str, Exception] | None] = None

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **given: object) -> None:
        self.fail("pipe")
        super().pipe_file(path, value, mode, **given)
        self.fail("answer")

    def mv(self, path1: str, path2: str, **given: object) -> None:
        self.fail("move")
        super().mv(path1, path2, **given)

    def cat_file(self, path: str, *given: object, **more: object) -> bytes:
        self.fail("read")
        data: bytes = super().cat_file(path, *given, **more)
        return data

    def info(self, path: str, **given: object) -> dict[str, object]:
        self.fail("look")
        about: dict[str, object] = super().info(path, **given)
        return about

    def exists(self, path: str, **given: object) -> bool:
        """As that of SFTP and FTP, which takes a place without an answer for an empty one."""
        return bool(AbstractFileSystem.exists(self, path, **given))

    def fail(self, call: str) -> None:
        if self.fault and call in self.fault[0].split():
            raise self.fault[1]


class FailingS3(Failing):
    """One in which an object appears only when all of it was sent."""

    protocol = ("failing", "s3")


@pytest.mark.parametrize("kind", [Failing, FailingS3])
@pytest.mark.parametrize(
    ("calls", "fault"),
    [
        ("pipe", PermissionError("Forbidden")),
        ("answer", OSError(5, "Internal Error")),
        ("move", TimeoutError("read timed out")),
        ("look read pipe move", ConnectionError("the connection was closed")),
    ],
)
def test_what_a_remote_place_refuses_is_named_and_written_the_next_time(
    calls: str, fault: Exception, kind: type[Failing], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, "store", {})
    fsspec.register_implementation("failing", kind, clobber=True)
    objects = open_objects("failing://team/evidence")
    other = objects.put(b"other")
    monkeypatch.setattr(kind, "fault", (calls, fault))
    if (kind, calls) != (FailingS3, "move"):  # an object of S3 is never moved
        with pytest.raises(EvidenceError, match=f"cannot .*{re.escape(fault.args[-1])}"):
            objects.put(DATA)
    if "look" in calls:
        for read in (objects.get, objects.has, objects.delete):
            with pytest.raises(EvidenceError, match="connection was closed"):
                read(other)
        with pytest.raises(EvidenceError, match="cannot list the objects"):
            objects.usage()
    monkeypatch.setattr(kind, "fault", None)
    assert set(objects) <= {other, SHA}, "no part of an object has its name"
    assert objects.put(DATA) == SHA
    assert objects.get(SHA) == DATA
    assert objects.get(other) == b"other"


class Silent(AsyncFileSystem):  # type: ignore[misc]
    """A file system of which no call returns."""

    protocol = "silent"

    async def _info(self, path: str, **given: object) -> dict[str, object]:
        await asyncio.sleep(3600)
        raise AssertionError


def test_a_remote_place_without_an_answer_is_left_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fsspec.register_implementation("silent", Silent, clobber=True)
    monkeypatch.setattr("wildcrawl.evidence.objects._TIMEOUT", 0.2)
    objects = open_objects("silent://team/evidence")
    with pytest.raises(EvidenceError, match=r"cannot look .*: no answer within 0\.2 s"):
        objects.has(SHA)
    with pytest.raises(EvidenceError, match=r"cannot write .*: no answer"):
        objects.put(DATA)


class RefusesAll(socketserver.StreamRequestHandler):
    """An FTP server that lets one in and then refuses every command."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            let_in = line.split()[0].upper() in (b"USER", b"PASS")
            self.wfile.write(b"230 in\r\n" if let_in else b"421 not available\r\n")


def test_a_remote_place_that_refuses_is_not_taken_for_an_empty_one() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), RefusesAll) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        objects = open_objects(f"ftp://li:pw@127.0.0.1:{server.server_address[1]}/evidence")
        for ask in (objects.usage, lambda: objects.has(SHA), lambda: objects.delete(SHA)):
            with pytest.raises(EvidenceError, match="421 not available"):
                ask()
        server.shutdown()
