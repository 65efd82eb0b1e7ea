"""Runs the project's commands as a user does, each in its own process."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 600
"""Timeout of a command, in seconds."""
SHARED = "WILDCRAWL_TEST_FORK_SERVER"
"""Environment variable with the socket of a fork server that several test processes share."""


@dataclass(frozen=True)
class Result:
    """Exit code and output of a command."""

    code: int
    out: str
    err: str


def environment(**settings: str) -> dict[str, str]:
    """Environment of a command: the project's settings, and its code on the path."""
    inherited = {name: value for name, value in os.environ.items() if name != "WILDCRAWL_STORE"}
    return inherited | {
        "SCRAPY_SETTINGS_MODULE": "wildcrawl.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        **settings,
    }


def scrapy(
    *arguments: str,
    folder: Path,
    streams: Mapping[str, Path] = MappingProxyType({}),
    **settings: str,
) -> Result:
    """Runs `scrapy ARGUMENTS` in `folder` with `settings` in the environment.

    The process is forked from one that has already imported the project. Use `scrapy_process`
    to test the start of the interpreter, or other code than this checkout. `streams` are files,
    terminals or pipes that take its outputs "out" and "err"; they are "" in the result.
    """
    with (
        tempfile.TemporaryDirectory() as own,
        socket.socket(socket.AF_UNIX) as connection,
        connection.makefile("rw", encoding="utf-8") as answers,
    ):
        out, err = (streams.get(name, Path(own, name)) for name in ("out", "err"))
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
        texts = (
            "" if name in streams else Path(own, name).read_text("utf-8") for name in ("out", "err")
        )
        return Result(code, *texts)


@cache
def _fork_server() -> str:
    """Socket of the fork server that is shared, or of one for this test process."""
    return os.environ.get(SHARED) or start_fork_server()


def start_fork_server() -> str:
    """Starts a fork server, which ends with this process; returns its socket."""
    folder = tempfile.mkdtemp(prefix="wildcrawl-tests-")
    path = Path(folder, "socket")
    log = Path(folder, "log")
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.fork_server", str(path)],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
        )
    atexit.register(_stop, server, folder, os.getpid())
    while not path.exists():
        assert server.poll() is None, log.read_text("utf-8", "replace")
        time.sleep(0.02)
    return str(path)


def _stop(server: subprocess.Popen[bytes], folder: str, owner: int) -> None:
    # A process that a test forks inherits this function, but not the server.
    if os.getpid() != owner:
        return
    # The server ends once nobody holds the other end of its standard input.
    server.communicate(timeout=SECONDS)
    shutil.rmtree(folder, ignore_errors=True)


def scrapy_process(*arguments: str, folder: Path, **settings: str) -> Result:
    """Runs `python -m scrapy ARGUMENTS`; `settings` may replace PYTHONPATH."""
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
    """Counts of requests to the marketplaces at `base` since their start or reset."""
    with urllib.request.urlopen(f"{base}/_count") as answer:
        counts: dict[str, Any] = json.load(answer)
    return counts


def reset_requests(base: str) -> None:
    """Resets the counts of requests to zero."""
    urllib.request.urlopen(urllib.request.Request(f"{base}/_count/reset", method="POST")).close()
