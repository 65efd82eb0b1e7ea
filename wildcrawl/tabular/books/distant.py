"""Process that reads a large workbook for another: FILE SHEET MEMORY SECONDS."""

from __future__ import annotations

import sys
from pathlib import Path

from wildcrawl.tabular.books import read_directly
from wildcrawl.tabular.books.limits import serve


def limit(memory: int, seconds: int) -> None:
    """Limits the bytes and the time of computing of this process, where the platform can."""
    try:
        import resource
    except ImportError:
        return
    limits = ((resource.RLIMIT_AS, _used() + memory), (resource.RLIMIT_CPU, seconds))
    for what, most in limits:
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue


def _used() -> int:
    """Bytes of address space that this process has, 0 where that is not known."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 0
    import resource

    return pages * resource.getpagesize()


if __name__ == "__main__":
    # Loaded before the limit is set, since libraries reserve more than they use.
    from wildcrawl.tabular.books import html, ods, xls, xlsx  # noqa: F401

    memory, seconds = int(sys.argv[3]), int(sys.argv[4])
    limit(memory, seconds)
    serve(Path(sys.argv[1]), sys.argv[2], sys.stdout.buffer, read_directly, memory)
