"""Process identity: whether the process of a run on this machine has ended."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_PROC = Path("/proc")


def own_process() -> str:
    """This process, as MACHINE/BOOT/PID/START; "" where the system does not tell."""
    start = _start_of(os.getpid())
    return f"{_machine()}/{_boot()}/{os.getpid()}/{start}" if start else ""


def has_ended(process: str) -> bool:
    """Whether `process` has certainly ended; False for one of another machine, or an unknown one.

    >>> has_ended(own_process()), has_ended("elsewhere/boot/1/2"), has_ended("")
    (False, False, False)
    """
    parts = process.split("/")
    if len(parts) != 4 or parts[0] != _machine() or not parts[2].isdigit():
        return False
    _, boot, number, start = parts
    if not _boot() or not _start_of(os.getpid()):
        return False
    return boot != _boot() or _start_of(int(number)) != start


def _machine() -> str:
    """Name of the machine and of its space of process numbers, which each container may have."""
    try:
        space = str((_PROC / "self/ns/pid").readlink())
    except OSError:
        space = ""
    return f"{platform.node()}:{space}".replace("/", "")


def _boot() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _start_of(number: int) -> str:
    """When a process started, in ticks since boot; "" if there is none of this number."""
    try:
        text = (_PROC / str(number) / "stat").read_text()
    except OSError:
        return ""
    # The name, in brackets, may have blanks; a zombie (Z) has ended.
    fields = text.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
