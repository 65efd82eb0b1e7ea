"""Access log of the desk: sign-ins, sign-outs and refusals, one JSON object a line.

A log of its own and not the custody log, which strangers could otherwise make grow.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections import deque
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Lock

NAME = "access.log"
_SIZE, _FILES = 2_000_000, 5
_PAUSE, _ADDRESSES = 60.0, 10_000
_LONGEST = 200
"""Most characters of a value, which strangers choose."""

_log = logging.getLogger(__name__)


class AccessLog:
    """The log in `folder`, which its owner alone can read; without a folder nothing is written."""

    def __init__(self, folder: Path | None) -> None:
        self.path = folder / NAME if folder else None
        self._lock = Lock()
        self._file: RotatingFileHandler | None = None
        self._warned = False
        self._seldom: dict[str, float] = {}

    def add(
        self, event: str, who: str, address: str, why: str = "", *, seldom: bool = False
    ) -> None:
        """Adds an entry. A log that cannot be written is reported once, and keeps nobody out.

        With `seldom` an entry from the same address is left out within a minute, so that nobody
        can push the others out of the log.
        """
        if self.path is None or (seldom and not self._due(address)):
            return
        entry = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "event": event,
            "who": who[:_LONGEST],
            "address": address[:_LONGEST],
            "why": why[:_LONGEST],
        }
        # JSON escapes line breaks, so that no name can forge an entry.
        line = json.dumps({name: value for name, value in entry.items() if value})
        with self._lock:
            try:
                file = self._file or _opened(self.path)
                self._file = file
                file.emit(logging.makeLogRecord({"msg": line}))
            except OSError as error:
                if not self._warned:
                    _log.warning(
                        "%s cannot be written: %s; sign-ins are not logged", *self._about(error)
                    )
                self._warned = True

    def latest(self, number: int) -> list[dict[str, str]]:
        """The last entries of the current file, the latest first; [] if there is none."""
        if self.path is None or not self.path.exists():
            return []
        with self.path.open(encoding="utf-8") as lines:
            return [json.loads(line) for line in reversed(deque(lines, number))]

    def close(self) -> None:
        """Closes the file; a later entry opens it again."""
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None

    def _due(self, address: str) -> bool:
        now = time.monotonic()
        with self._lock:
            if len(self._seldom) > _ADDRESSES:
                self._seldom.clear()
            if now - self._seldom.get(address, -_PAUSE) < _PAUSE:
                return False
            self._seldom[address] = now
            return True

    def _about(self, error: OSError) -> tuple[Path | None, str]:
        return self.path, error.strerror or str(error)


class _File(RotatingFileHandler):
    """A rotating file that raises what fails, with permissions for its owner alone."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002
        raise

    def _open(self):  # type: ignore[no-untyped-def]
        def private(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        return open(self.baseFilename, self.mode, encoding="utf-8", opener=private)


def _opened(path: Path) -> RotatingFileHandler:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _File(path, maxBytes=_SIZE, backupCount=_FILES, encoding="utf-8")
