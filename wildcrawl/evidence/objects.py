"""Object store: immutable byte strings by their SHA-256, in a folder or at an fsspec address."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.utils import is_sha256, public_address

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_PART = ".part"
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://")
_ATOMIC = frozenset({"abfs", "az", "gcs", "gs", "memory", "oci", "s3", "s3a"})
"""Protocols by which an object appears only when all of it was sent."""
_TIMEOUT = 60.0
"""Seconds that one call to a remote place may take, with all its tries."""
_ABANDONED = 24 * 3600.0
"""Seconds after which a part of an unfinished write is removed."""


class Usage(NamedTuple):
    """Number of objects of a store, and their bytes."""

    objects: int
    size: int


class ObjectStore(Protocol):
    """Storage of byte strings, each under the SHA-256 of its bytes (64 hex digits).

    Objects never change. Every method may raise EvidenceError, which names the place and the fix.
    """

    address: str
    """The folder or address, without secrets."""

    def put(self, data: bytes) -> str:
        """Stores `data` completely or not at all; returns its SHA-256.

        An intact object that exists is not written again; a damaged one is replaced.
        """
        ...

    def get(self, sha: str) -> bytes:
        """The object's bytes; EvidenceError if it is missing, or if the hash differs."""
        ...

    def has(self, sha: str) -> bool:
        """Whether the object exists; its content is not checked."""
        ...

    def delete(self, sha: str) -> int:
        """Removes the object; returns the bytes freed, 0 if it did not exist."""
        ...

    def size(self, sha: str) -> int:
        """The object's bytes as stored; EvidenceError if it is missing."""
        ...

    def age(self, sha: str) -> float:
        """Seconds since the object was last put; EvidenceError if it is missing."""
        ...

    def __iter__(self) -> Iterator[str]:
        """Streams the names of all objects, sorted."""
        ...

    def sizes(self) -> dict[str, int]:
        """The bytes of each object, by name."""
        ...

    def usage(self) -> Usage:
        """Number of objects and their bytes."""
        ...

    def clean(self) -> int:
        """Removes parts of writes that were interrupted over a day ago; returns their number."""
        ...


def open_objects(address: str | Path) -> ObjectStore:
    """The object store at `address`: a folder, or an fsspec address such as s3://bucket/evidence.

    Nothing is created before the first object is put.
    """
    text = str(address)
    if not text.strip():
        raise EvidenceError("the place of the evidence is empty; set WILDCRAWL_EVIDENCE_DIR")
    if _REMOTE.match(text):
        return RemoteObjects(text)
    return FolderObjects(Path(address))


def sha256(data: bytes) -> str:
    """SHA-256 of `data` in hex, the name of its object."""
    return hashlib.sha256(data).hexdigest()


class FolderObjects:
    """Object store in `folder`/objects; files 0600, folders 0700."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder)
        self._root = folder / "objects"

    def put(self, data: bytes) -> str:
        sha = sha256(data)
        path = self._path(sha)
        if self._intact(path, sha, len(data)):
            return sha
        part = path.with_name(f"{sha}.{os.getpid()}-{secrets.token_hex(4)}{_PART}")
        with self._errors(f"write the object {sha}"):
            _make_folder(path.parent)
            try:
                _write(part, data)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            _sync_folder(path.parent)
        return sha

    def get(self, sha: str) -> bytes:
        path = self._path(sha)
        with self._errors(f"read the object {sha}"):
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                raise _missing(sha, self.address) from None
        return _checked(sha, data, self.address)

    def has(self, sha: str) -> bool:
        with self._errors(f"look for the object {sha}"):
            return self._path(sha).is_file()

    def delete(self, sha: str) -> int:
        path = self._path(sha)
        with self._errors(f"delete the object {sha}"):
            try:
                size = path.stat().st_size
                path.unlink()
            except FileNotFoundError:
                return 0
            _sync_folder(path.parent)
        return size

    def size(self, sha: str) -> int:
        return self._stat(sha).st_size

    def age(self, sha: str) -> float:
        return time.time() - self._stat(sha).st_mtime

    def __iter__(self) -> Iterator[str]:
        with self._errors("list the objects"):
            for folder in self._folders():
                names = [path.name for path in folder.iterdir()]
                yield from sorted(name for name in names if is_sha256(name))

    def sizes(self) -> dict[str, int]:
        sizes: dict[str, int] = {}
        with self._errors("list the objects"):
            for folder in self._folders():
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if is_sha256(entry.name):
                            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                                sizes[entry.name] = entry.stat().st_size
        return sizes

    def usage(self) -> Usage:
        return _usage(self.sizes())

    def clean(self) -> int:
        removed = 0
        with self._errors("remove parts of interrupted writes"):
            for part in list(self._root.glob(f"*/*{_PART}")):
                with contextlib.suppress(FileNotFoundError):
                    if time.time() - part.stat().st_mtime > _ABANDONED:
                        part.unlink()
                        removed += 1
        return removed

    def _folders(self) -> list[Path]:
        if not self._root.is_dir():
            return []
        return sorted(path for path in self._root.iterdir() if path.is_dir())

    def _path(self, sha: str) -> Path:
        return self._root / _valid(sha)[:2] / sha

    def _stat(self, sha: str) -> os.stat_result:
        with self._errors(f"read the object {sha}"):
            try:
                return self._path(sha).stat()
            except FileNotFoundError:
                raise _missing(sha, self.address) from None

    def _intact(self, path: Path, sha: str, size: int) -> bool:
        """Whether the object is there, whole; it then counts as put at this moment."""
        with self._errors(f"read the object {sha}"):
            try:
                if path.stat().st_size != size or sha256(path.read_bytes()) != sha:
                    return False
                os.utime(path)
            except FileNotFoundError:
                return False
        return True

    @contextlib.contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise EvidenceError(_told(error, what, self.address)) from error


class RemoteObjects:
    """Object store at an fsspec address."""

    def __init__(self, address: str) -> None:
        self.address = public_address(address)
        try:
            import fsspec
        except ImportError:
            raise EvidenceError(
                f"{self.address} needs fsspec; install it with: pip install 'wildcrawl[remote]'"
            ) from None
        with self._errors("open the place"):
            self._files: AbstractFileSystem
            self._files, root = fsspec.core.url_to_fs(address)
            self._root = f"{root.rstrip('/')}/objects"

    def put(self, data: bytes) -> str:
        sha = sha256(data)
        path = self._path(sha)
        with self._errors(f"write the object {sha}"):
            if self._exists(path) and sha256(self._call("cat_file", path)) == sha:
                return sha
            if not _ATOMIC.isdisjoint(_protocols(self._files)):
                self._call("pipe_file", path, data)
                return sha
            self._call("makedirs", path.rpartition("/")[0], exist_ok=True)
            part = f"{path}.{secrets.token_hex(8)}{_PART}"
            try:
                self._call("pipe_file", part, data)
                self._files.mv(part, path)
            finally:
                if self._exists(part):
                    self._call("rm_file", part)
        return sha

    def get(self, sha: str) -> bytes:
        with self._errors(f"read the object {sha}"):
            try:
                data: bytes = self._call("cat_file", self._path(sha))
            except FileNotFoundError:
                raise _missing(sha, self.address) from None
        return _checked(sha, data, self.address)

    def has(self, sha: str) -> bool:
        with self._errors(f"look for the object {sha}"):
            return self._exists(self._path(sha))

    def delete(self, sha: str) -> int:
        with self._errors(f"delete the object {sha}"):
            if not self._exists(self._path(sha)):
                return 0
            size = int(self._call("size", self._path(sha)))
            self._call("rm_file", self._path(sha))
        return size

    def size(self, sha: str) -> int:
        with self._errors(f"read the object {sha}"):
            try:
                return int(self._call("size", self._path(sha)))
            except FileNotFoundError:
                raise _missing(sha, self.address) from None

    def age(self, sha: str) -> float:
        with self._errors(f"read the object {sha}"):
            try:
                return time.time() - float(self._files.modified(self._path(sha)).timestamp())
            except FileNotFoundError:
                raise _missing(sha, self.address) from None

    def __iter__(self) -> Iterator[str]:
        yield from sorted(self.sizes())

    def sizes(self) -> dict[str, int]:
        return {name: size for name, size in self._names() if is_sha256(name)}

    def usage(self) -> Usage:
        return _usage(self.sizes())

    def clean(self) -> int:
        removed = 0
        with self._errors("remove parts of interrupted writes"):
            for name, _ in list(self._names()):
                path = f"{self._root}/{name[:2]}/{name}"
                if name.endswith(_PART) and (
                    time.time() - self._files.modified(path).timestamp() > _ABANDONED
                ):
                    self._call("rm_file", path)
                    removed += 1
        return removed

    def _names(self) -> Iterator[tuple[str, int]]:
        with self._errors("list the objects"):
            # Listings that are kept would hide what other processes put or delete.
            self._files.invalidate_cache()
            if self._exists(self._root):
                for path, about in self._files.find(self._root, detail=True).items():
                    yield path.rpartition("/")[2], int(about["size"] or 0)
            self._files.invalidate_cache()

    def _exists(self, path: str) -> bool:
        """Whether there is something at `path`.

        The `exists` of SFTP, FTP and SMB says no if the place does not answer, and the listing of
        FTP has nothing if the server refuses it, as it may every command.
        """
        try:
            self._call("info", path)
        except OSError as error:
            if isinstance(error, FileNotFoundError) or error.errno == errno.ENOENT:
                if ask := getattr(getattr(self._files, "ftp", None), "voidcmd", None):
                    ask("NOOP")
                return False
            raise
        return True

    def _call(self, name: str, *given: Any, **more: Any) -> Any:
        """Calls a method of the file system; TimeoutError if it has no answer after _TIMEOUT.

        Without the limit, a package that tries again and again may hold up a crawl for minutes.
        """
        method = getattr(self._files, name)
        if self._files.async_impl and hasattr(method, "__wrapped__"):
            more["timeout"] = _TIMEOUT  # taken by fsspec, which cancels the call
        return method(*given, **more)

    def _path(self, sha: str) -> str:
        return f"{self._root}/{_valid(sha)[:2]}/{sha}"

    @contextlib.contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except EvidenceError:
            raise
        except Exception as error:  # each file system of fsspec has errors of its own
            raise EvidenceError(_told(error, what, self.address)) from error


def _protocols(files: AbstractFileSystem) -> list[str]:
    return [files.protocol] if isinstance(files.protocol, str) else list(files.protocol)


def _usage(sizes: dict[str, int]) -> Usage:
    return Usage(len(sizes), sum(sizes.values()))


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with open(handle, "wb") as file:  # noqa: PTH123 (a handle, for the mode of the file)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    """Makes a folder, and those above it, readable for this user only."""
    missing = [folder, *folder.parents]
    missing = missing[: next(place for place, path in enumerate(missing) if path.exists())]
    for path in reversed(missing):
        path.mkdir(exist_ok=True, mode=0o700)
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Makes a new name in `folder` survive a power cut, where folders can be synced."""
    with contextlib.suppress(PermissionError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _valid(sha: str) -> str:
    if not is_sha256(sha):
        raise EvidenceError(f"'{sha}' is not a valid object; give the 64 hex digits of a SHA-256")
    return sha


def _checked(sha: str, data: bytes, address: str) -> bytes:
    if sha256(data) != sha:
        raise EvidenceError(
            f"the object {sha} in {address} is damaged: its SHA-256 is {sha256(data)};"
            " restore it from a backup"
        )
    return data


def _missing(sha: str, address: str) -> EvidenceError:
    return EvidenceError(f"the object {sha} is missing in {address}; restore it from a backup")


def _told(error: Exception, what: str, address: str) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, TimeoutError) and not str(error):
        return (
            f"cannot {what} in {address}: no answer within {_TIMEOUT:g} seconds; check "
            "WILDCRAWL_EVIDENCE_DIR and the network"
        )
    fix = {
        errno.ENOSPC: "the disk is full; free some space",
        errno.EDQUOT: "the disk quota is used up; free some space",
        errno.EROFS: "the place is read-only; choose another with WILDCRAWL_EVIDENCE_DIR",
        errno.ENOTDIR: "it is not a folder; choose another with WILDCRAWL_EVIDENCE_DIR",
        errno.EACCES: "permission denied; make the place writable for this user",
    }.get(number or 0, f"{error or type(error).__name__}; check WILDCRAWL_EVIDENCE_DIR")
    return f"cannot {what} in {address}: {fix}"
