"""Files that people wait for: written whole, or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


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
