"""The folders in which a browser keeps that a person has signed in to a site."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from wildcrawl.utils import atomic_write

LOCK = "wildcrawl.lock"
COOKIES = "wildcrawl-cookies.json"
"""The cookies at the end of the sign-in, those among them that a browser forgets when it closes."""
BROWSER_LOCK = "SingletonLock"
"""Chromium's own: a link to HOST-PROCESS."""
NOT_YET = (-1, None)
"""How a cookie says that it ends with the browser."""


class ProfileError(ValueError):
    """A profile folder that is missing or in use; the message names it and the fix."""


def profile_folder(root: str | Path, site: str) -> Path:
    """The profile of `site` below `root`, the setting WILDCRAWL_PROFILES."""
    return Path(root) / site


def make_private(folder: Path) -> None:
    """Makes the folder, readable by its owner alone: whoever has it is signed in."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in (folder.parent, folder):
        each.chmod(0o700)


def check_signed_in(folder: Path, site: str) -> None:
    """ProfileError if nobody has signed in yet, or if the folder is in use."""
    if not (folder / COOKIES).is_file():
        raise ProfileError(
            f"{site} is read with a person's own sign-in and there is none in {folder}: "
            f"'scrapy login {site}' first"
        )
    with held(folder):
        pass


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keeps the folder from being used twice at once; ProfileError if it is used already."""
    owner = _browser_that_has(folder)
    if owner:
        raise ProfileError(
            f"{folder} is open in a browser ({owner}): close it; if there is none, remove "
            f"{folder / BROWSER_LOCK}"
        )
    try:
        lock = FileLock(folder / LOCK).acquire(blocking=False)
    except Timeout:
        raise ProfileError(
            f"{folder} is in use by another crawl or login: wait for its end"
        ) from None
    with lock:
        yield


def _browser_that_has(folder: Path) -> str:
    """What Chromium noted of itself in the folder, if it may still run; else ""."""
    try:
        owner = str((folder / BROWSER_LOCK).readlink())
    except OSError:
        return ""
    host, _, process = owner.rpartition("-")
    if host != socket.gethostname() or not process.isdigit():
        return owner
    return owner if _runs(int(process)) else ""


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def keep_cookies(folder: Path, cookies: Sequence[Mapping[str, Any]]) -> None:
    """Writes the cookies of a sign-in beside the profile, for its owner's eyes."""
    document = json.dumps([dict(each) for each in cookies])
    atomic_write(folder / COOKIES, document.encode(), mode=0o600)


def missing_cookies(
    folder: Path, present: Sequence[Mapping[str, Any]], now: float
) -> list[dict[str, Any]]:
    """The kept cookies that are not among `present` and have not expired by `now` (seconds)."""
    try:
        kept = json.loads((folder / COOKIES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    there = {_key(each) for each in present}
    return [
        each
        for each in kept
        if _key(each) not in there and (each.get("expires") in NOT_YET or each["expires"] > now)
    ]


def _key(cookie: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(cookie.get(name) for name in ("name", "domain", "path"))
