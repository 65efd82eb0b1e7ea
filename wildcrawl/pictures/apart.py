"""Decoding of pictures in processes of their own, with limits of memory and computing time.

A picture that takes more, or on which a decoder crashes, ends such a process and is refused with
the reason; the program goes on. `main` is such a process: it reads tasks from its input. Tasks and
answers are JSON and bytes, so that a process taken over by a picture can only send those.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore, Lock, Timer
from typing import IO, Any

from wildcrawl.pictures.decode import (
    LIMITS,
    Header,
    Limits,
    PictureError,
    PictureFault,
    check_whole,
)
from wildcrawl.pictures.views import PictureView, make_view

PROCESSES = 2
"""Pictures decoded at once."""
MEMORY = 512 << 20
"""Bytes that decoding may take, besides the program; more if a picture may have many pixels."""
BYTES_A_PIXEL = 20
"""Bytes that decoding takes for a pixel at most: 16-bit grey, which is scaled as numbers."""
SECONDS = 30
"""Seconds of computing for a picture; reading one takes less than one."""
TIMEOUT = 180.0
"""Seconds until an answer, also on a machine that does much else."""

_ENDED = "reading it took too much memory or time"
_LENGTH = struct.Struct(">II")


def view_apart(data: bytes, longest: int, limits: Limits = LIMITS) -> PictureView:
    """The picture as by `make_view`, decoded in a process of its own."""
    answer, body = _ask("view", data, limits, longest)
    return PictureView(body, answer["width"], answer["height"])


def check_apart(data: bytes, limits: Limits = LIMITS) -> Header:
    """Format and size of a whole picture as by `check_whole`, decoded in a process of its own."""
    answer, _ = _ask("check", data, limits)
    return Header(answer["format"], answer["width"], answer["height"])


def warm() -> None:
    """Starts a process, so that the first picture does not wait for its start."""
    _pool.warm()


class _Process:
    """A process that decodes one picture after another."""

    def __init__(self) -> None:
        code = "from wildcrawl.pictures.apart import main; main()"
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            # Threads reserve memory that they do not use, which counts for the limit.
            "MALLOC_ARENA_MAX": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._process = subprocess.Popen(  # noqa: S603 (no part of the command is given)
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, task: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        """The answer to a task; EOFError or OSError if the process has ended."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        timer = Timer(TIMEOUT, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            _send(stdin, task, data)
            return _receive(stdout)
        finally:
            timer.cancel()

    def end(self) -> None:
        self._process.kill()
        with suppress(OSError):
            self._process.communicate()


class _Pool:
    """At most PROCESSES processes, started when they are needed and kept."""

    def __init__(self) -> None:
        self._places = BoundedSemaphore(PROCESSES)
        self._free: list[_Process] = []
        self._lock = Lock()

    def ask(self, task: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        with self._places:
            process = self._take()
            try:
                answer = process.ask(task, data)
            except (EOFError, OSError, ValueError, struct.error):
                process.end()
                raise PictureError(_ENDED, PictureFault.DAMAGED) from None
            except BaseException:
                process.end()
                raise
            with self._lock:
                self._free.append(process)
            return answer

    def warm(self) -> None:
        with self._lock:
            if not self._free:
                self._free.append(_Process())

    def _take(self) -> _Process:
        while True:
            with self._lock:
                process = self._free.pop() if self._free else None
            if process is None:
                return _Process()
            if process.alive:
                return process
            process.end()

    def close(self) -> None:
        with self._lock:
            free, self._free = self._free, []
        for process in free:
            process.end()


_pool = _Pool()


def _renew() -> None:
    """A forked process must not speak to the processes of its parent."""
    global _pool
    _pool = _Pool()


atexit.register(lambda: _pool.close())
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)


def _ask(what: str, data: bytes, limits: Limits, longest: int = 0) -> tuple[dict[str, Any], bytes]:
    if len(data) > limits.length:
        words = f"file of {len(data):,} bytes, more than {limits.length:,}"
        raise PictureError(words, PictureFault.BYTES)
    memory = max(MEMORY, limits.pixels * BYTES_A_PIXEL) + limits.length
    task = {"do": what, "longest": longest, "memory": memory, **asdict(limits)}
    answer, body = _pool.ask(task, data)
    if "fault" in answer:
        raise PictureError(answer["reason"], PictureFault(answer["fault"]))
    return answer, body


def _send(pipe: IO[bytes], head: dict[str, Any], body: bytes) -> None:
    words = json.dumps(head).encode()
    pipe.write(_LENGTH.pack(len(words), len(body)) + words)
    pipe.write(body)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    words, size = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    head: dict[str, Any] = json.loads(_exactly(pipe, words))
    return head, _exactly(pipe, size)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    found = pipe.read(size)
    if len(found) < size:
        raise EOFError
    return found


def main() -> None:
    """Decodes pictures until the input ends."""
    from PIL import AvifImagePlugin

    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    used = _used()
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            task, data = _receive(stdin)
        except (EOFError, KeyboardInterrupt):
            return
        limits = Limits(task["length"], task["pixels"])
        _limit(used + task["memory"])
        try:
            answer, body = _decoded(task, data, limits)
        except PictureError as error:
            answer, body = {"fault": error.fault, "reason": error.reason}, b""
        _send(stdout, answer, body)


def _decoded(task: dict[str, Any], data: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
    if task["do"] == "check":
        return asdict(check_whole(data, limits)), b""
    made = make_view(data, task["longest"], limits)
    return {"width": made.width, "height": made.height}, made.data


def _limit(memory: int) -> None:
    """Limits memory and computing time for the next picture, where the system can."""
    try:
        import resource
    except ImportError:
        return
    spent = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(spent.ru_utime + spent.ru_stime) + SECONDS
    for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory)):
        _, hard = resource.getrlimit(what)
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, hard))


def _used() -> int:
    """Bytes of address space that this process has, 0 where that is not known."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
