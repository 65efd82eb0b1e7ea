"""Shared helpers: atomic file writes, did-you-mean, text width, quiet exit, bundled files."""

from __future__ import annotations

import atexit
import difflib
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import TracebackType
from typing import Any, cast


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The regular expression, compiled at its first use.

    For the longer ones of modules that every command loads and only a crawl uses.

    >>> lazy_pattern("[a-z]+", re.IGNORECASE).findall("Tiger, 2 ivory")
    ['Tiger', 'ivory']
    """
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))


class _LazyPattern:
    """Stands in for a pattern and takes over its methods at the first use."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._given)
        for each in _METHODS:
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)


_METHODS = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn")


def public_address(address: str) -> str:
    """An address without user, password and options, as messages and evidence state it.

    >>> public_address("https://anna:secret@tsa.example/stamp?key=secret")
    'https://***@tsa.example/stamp'
    """
    scheme, mark, rest = address.partition("://")
    user, at, host = rest.partition("?")[0].rpartition("@")
    return f"{scheme}{mark}{'***@' if at and user else ''}{host}"


_SHA256 = re.compile(r"[0-9a-f]{64}")


class NotWrittenError(OSError):
    """A file that could not be written; the message names it and the fix."""


def atomic_write(path: Path, data: bytes, mode: int | None = None) -> None:
    """Writes `data` to `path`; a failure leaves the earlier file, if any, unchanged.

    `mode` are the new file's permissions; None leaves them to the umask. NotWrittenError if the
    file cannot be written.
    """
    with replacing(path, mode) as part:
        part.write_bytes(data)


@contextmanager
def replacing(path: Path, mode: int | None = None) -> Iterator[Path]:
    """Yields a path beside `path`, of the same suffix, whose file replaces `path` at the end.

    The file is on disk before it replaces the earlier one. `mode` and errors are those of
    `atomic_write`.
    """
    part = path.with_name(f".{os.getpid()}-{os.urandom(4).hex()}-{path.name}")
    try:
        if mode is not None:
            # Private from the start, whatever the umask.
            part.touch(mode=mode, exist_ok=False)
            part.chmod(mode)
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise NotWrittenError(
            f"{path} cannot be written: {error.strerror or error}; "
            "make room or fix the folder, or choose another place"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def closest(word: str, known: Iterable[str], most: int = 1) -> list[str]:
    """Those of `known` that resemble `word`, the closest first, at most `most`; may be empty."""
    # Cut, since the comparison takes the square of the length.
    return difflib.get_close_matches(word[:100], list(known), n=most, cutoff=0.5)


def is_sha256(text: str) -> bool:
    """Whether a text is a SHA-256 as hex digits, as objects of the evidence are named."""
    return _SHA256.fullmatch(text) is not None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint to add to a message: " (did you mean 'ivory'?)", or "" if nothing is close."""
    close = closest(word, known)
    return f" (did you mean '{close[0]}'?)" if close else ""


def display_width(text: str) -> int:
    """The width of `text` in columns of a terminal or a sheet: two for a Chinese character.

    >>> display_width("象牙 1")
    6
    """
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def exit_quietly_on_broken_pipe() -> None:
    """Ends the process without a traceback once its output is closed (`scrapy sites | head`).

    Nor is there one if a person stops it by Ctrl+C. Installed for all commands, since any output,
    or only the last flush, may meet the closed pipe. SIGPIPE is not used, since it would also end
    a crawl whose site closes the connection.
    """
    before = sys.excepthook

    def excepthook(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            print("\nStopped.", file=sys.stderr)  # noqa: T201
        elif not isinstance(error, BrokenPipeError):
            before(kind, error, trace)

    sys.excepthook = excepthook
    atexit.register(_flush)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            # Discards the rest, so that the interpreter's own last flush succeeds.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
        except (AttributeError, ValueError):
            # The stream does not exist, or is closed.
            continue


def bundled_keywords() -> Traversable:
    """The project's own keywords.yaml.

    An egg and a wheel have it inside the package (setup.py copies it there); a checkout has it
    at the top, where analysts edit it.
    """
    packed = files("wildcrawl") / "keywords.yaml"
    if packed.is_file():
        return packed
    return Path(__file__).resolve().parent.parent / "keywords.yaml"
