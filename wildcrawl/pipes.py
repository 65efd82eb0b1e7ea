"""A reader that has seen enough (`scrapy sites | head`) is no fault of a command."""

from __future__ import annotations

import atexit
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


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
