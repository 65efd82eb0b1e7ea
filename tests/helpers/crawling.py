"""Runs the project's commands as a user does, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 240
"""No command of a test may take longer."""


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str


def environment(**settings: str) -> dict[str, str]:
    """The environment of a command: the project's settings, and its code on the path."""
    kept = {name: value for name, value in os.environ.items() if name != "WILDCRAWL_STORE"}
    return kept | {
        "SCRAPY_SETTINGS_MODULE": "wildcrawl.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        **settings,
    }


def scrapy(*arguments: str, folder: Path, **settings: str) -> Result:
    """Runs `scrapy ARGUMENTS` in `folder` with `settings` in the environment."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def requests_so_far(base: str) -> dict[str, Any]:
    """What the marketplaces at `base` were asked for since they were started or reset."""
    with urllib.request.urlopen(f"{base}/_count") as answer:
        counts: dict[str, Any] = json.load(answer)
    return counts


def reset_requests(base: str) -> None:
    """Starts the marketplaces' count at zero."""
    urllib.request.urlopen(urllib.request.Request(f"{base}/_count/reset", method="POST")).close()
