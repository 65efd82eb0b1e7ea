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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 600
"""Timeout of a command, in seconds."""
SHARED = "FORK_SERVER_OF_TESTS"
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


class Running:
    """A command that runs in a process of its own; `out` and `err` are what it has written."""

    def __init__(self, answers: IO[str], connection: socket.socket, out: Path, err: Path) -> None:
        self.pid = int(answers.readline())
        self._answers = answers
        self._connection = connection
        self._out, self._err = out, err
        self._code: int | None = None

    @property
    def out(self) -> str:
        return self._out.read_text("utf-8")

    @property
    def err(self) -> str:
        return self._err.read_text("utf-8")

    def first_line(self) -> str:
        """The first line of its output, once it is written."""
        while "\n" not in self.out:
            os.kill(self.pid, 0)
            time.sleep(0.02)
        return self.out.partition("\n")[0]

    def wait(self) -> int:
        """The exit code, once it has ended; TimeoutExpired if it does not."""
        if self._code is None:
            self._connection.settimeout(SECONDS)
            try:
                self._code = int(self._answers.readline())
            except TimeoutError:
                os.kill(self.pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(str(self.pid), SECONDS) from None
        return self._code

    def end(self) -> int:
        """Ends it as a service manager would, by SIGTERM; returns the exit code."""
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
        return self.wait()


@contextmanager
def running(
    *arguments: str, folder: Path, streams: Mapping[str, Path], **settings: str
) -> Iterator[Running]:
    """Starts `scrapy ARGUMENTS` in `folder` with `settings` in the environment; ends it at last.

    The process is forked from one that has already imported the project. `streams` are files,
    terminals or pipes that take its outputs "out" and "err" in place of files.
    """
    with (
        tempfile.TemporaryDirectory() as own,
        socket.socket(socket.AF_UNIX) as connection,
        connection.makefile("rw", encoding="utf-8") as answers,
    ):
        out, err = (streams.get(name, Path(own, name)) for name in ("out", "err"))
        # They may be read before the command opens them.
        for name in ("out", "err"):
            Path(own, name).touch()
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
        command = Running(answers, connection, out, err)
        try:
            yield command
        finally:
            command.end()


def scrapy(*arguments: str, folder: Path, **settings: str) -> Result:
    """Runs `scrapy ARGUMENTS` as `running` does, to its end.

    Use `scrapy_process` to test the start of the interpreter, or other code than this checkout.
    """
    with running(*arguments, folder=folder, streams={}, **settings) as command:
        return Result(command.wait(), command.out, command.err)


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
