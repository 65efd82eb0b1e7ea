"""Command runner: runs the project's commands, each in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from functools import cache
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
    """Runs `scrapy ARGUMENTS` in `folder` with `settings` in the environment.

    The process is forked from one that has imported the project already. Where a test is about
    how the interpreter starts, or about other code than this, `scrapy_process` is to be taken.
    """
    with (
        tempfile.TemporaryDirectory() as streams,
        socket.socket(socket.AF_UNIX) as connection,
        connection.makefile("rw", encoding="utf-8") as answers,
    ):
        out, err = Path(streams, "out"), Path(streams, "err")
        connection.connect(_fork_server())
        request = {
            "arguments": arguments,
            "folder": str(folder),
            "environment": environment(**settings),
            "out": str(out),
            "err": str(err),
        }
        answers.write(f"{json.dumps(request)}\n")
        answers.flush()
        process = int(answers.readline())
        connection.settimeout(SECONDS)
        try:
            code = int(answers.readline())
        except TimeoutError:
            os.kill(process, signal.SIGKILL)
            raise subprocess.TimeoutExpired(arguments, SECONDS) from None
        return Result(code, out.read_text("utf-8"), err.read_text("utf-8"))


@cache
def _fork_server() -> str:
    """The socket of this test process's fork server, which ends with it."""
    folder = tempfile.mkdtemp(prefix="wildcrawl-tests-")
    path = Path(folder, "socket")
    log = Path(folder, "log")
    with log.open("wb") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.fork_server", str(path)],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
        )
    _SERVERS.append(server)
    while not path.exists():
        assert server.poll() is None, log.read_text("utf-8", "replace")
        time.sleep(0.02)
    return str(path)


_SERVERS: list[subprocess.Popen[bytes]] = []
"""Held, so that the pipe to a server stays open as long as this process lives."""


def scrapy_process(*arguments: str, folder: Path, **settings: str) -> Result:
    """The same by `python -m scrapy`, with the PYTHONPATH in the settings."""
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
