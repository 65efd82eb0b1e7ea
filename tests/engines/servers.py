"""Programs that tests start on loopback, and end by their process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

SECONDS = 90
"""How long a server may take to answer for the first time."""


@contextmanager
def running(
    command: Sequence[str | Path], log: Path, answers: object, environment: Mapping[str, str]
) -> Iterator[None]:
    """Runs a server until the block ends; `answers` is its port or the path of its socket."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            # A server's workers would outlive it; as a group of their own they end with it.
            start_new_session=True,
        )
        try:
            _wait(process, answers, log)
            yield
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _wait(process: subprocess.Popen[bytes], answers: object, log: Path) -> None:
    for _ in range(SECONDS * 10):
        if process.poll() is not None:
            break
        if _answers(answers):
            return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} did not start: {log.read_text('utf-8', 'replace')}")


def _answers(where: object) -> bool:
    family = socket.AF_INET if isinstance(where, int) else socket.AF_UNIX
    address = ("127.0.0.1", where) if isinstance(where, int) else str(where)
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0
