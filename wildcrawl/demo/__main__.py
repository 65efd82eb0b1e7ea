"""Command `python -m wildcrawl.demo --port 8765`: serves the bundled marketplaces."""

from __future__ import annotations

import argparse
import contextlib
import sys

from wildcrawl.demo.server import MarketplaceError, serve
from wildcrawl.local_server import HOST


def main() -> int:
    """Serves until Ctrl+C; returns the exit code, 2 if serving is impossible."""
    parser = argparse.ArgumentParser(prog="python -m wildcrawl.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--month", type=int, choices=(1, 2), default=1)
    parser.add_argument("--host", default=HOST, help=f"must be {HOST}")
    chosen = parser.parse_args()
    print(f"Marketplaces on http://{HOST}:{chosen.port}/  (stop with Ctrl+C)")  # noqa: T201
    try:
        with contextlib.suppress(KeyboardInterrupt):
            serve(chosen.port, chosen.month, chosen.host)
    except MarketplaceError as problem:
        print(f"error: {problem}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
