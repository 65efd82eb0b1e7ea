"""Files that people wait for: written whole, or not at all."""

from __future__ import annotations

import atexit
import os
import sys
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import TracebackType


class NotWrittenError(OSError):
    """A file that could not be written; the message names it and the mend."""


def write_whole(path: Path, data: bytes) -> None:
    """Writes `data` to `path`; what breaks off leaves the file that was there, or none.

    NotWrittenError if it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NotWrittenError(
            f"{path} cannot be written: {error.strerror}; mend that, or name another place with -o"
        ) from error


def end_quietly_without_reader() -> None:
    """Has this process end without a word when nobody reads what it prints any longer.

    For all commands at once: what is printed may meet the closed pipe anywhere in a command, or
    only when the last of it is written at the end. SIGPIPE is left alone, since it would also
    end a crawl whose site hangs up.
    """
    before = sys.excepthook

    def excepthook(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, BrokenPipeError):
            before(kind, error, trace)

    sys.excepthook = excepthook
    atexit.register(_flush)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            # What is left goes nowhere, so that the interpreter's own last flush succeeds.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
        except (AttributeError, ValueError):
            # There is no such stream, or it is closed.
            continue


def bundled_keywords() -> Traversable:
    """The project's own keywords.yaml.

    An egg and a wheel carry it inside the package (setup.py copies it there); in a checkout
    it stands at the top, where analysts edit it.
    """
    packed = files("wildcrawl") / "keywords.yaml"
    if packed.is_file():
        return packed
    return Path(__file__).resolve().parent.parent / "keywords.yaml"
