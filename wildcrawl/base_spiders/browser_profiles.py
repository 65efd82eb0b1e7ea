"""Browser profiles: folders that hold a person's sign-in to a site, with lock and cookies."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wildcrawl.utils import atomic_write

LOCK = "wildcrawl.lock"
COOKIES = "wildcrawl-cookies.json"
"""File of the cookies at the end of the sign-in, session cookies included."""
BROWSER_LOCK = "SingletonLock"
"""Chromium's own lock: a link to HOST-PROCESS."""
SESSION_COOKIE = (-1, None)
"""Values of `expires` in a cookie that ends with the browser."""


class ProfileError(ValueError):
    """A profile folder that is missing or in use; the message names it and the fix."""


def profile_folder(root: str | Path, site: str) -> Path:
    """The profile of `site` below `root`, the setting WILDCRAWL_PROFILES."""
    return Path(root) / site


def make_private(folder: Path) -> None:
    """Makes the folder, readable by its owner only: whoever can read it is signed in."""
    folder.mkdir(parents=True, exist_ok=True)
    for private in (folder.parent, folder):
        private.chmod(0o700)


def check_signed_in(folder: Path, site: str) -> None:
    """Raises ProfileError if there is no sign-in yet, or if the folder is in use."""
    if not (folder / COOKIES).is_file():
        raise ProfileError(
            f"{site} is read with a person's own sign-in and {folder} has none; sign in with "
            f"'scrapy login {site}'"
        )
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        raise ProfileError(
            f"{folder} can be read by other users, who are then signed in as that person; close it "
            f"to them: chmod 700 {folder}"
        )
    with held(folder):
        pass


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Locks the folder while the block runs; ProfileError if it is in use already."""
    from filelock import FileLock, Timeout

    owner = _browser_that_has(folder)
    if owner:
        raise ProfileError(
            f"{folder} is open in a browser ({owner}); close it, or if it no longer runs, remove "
            f"{folder / BROWSER_LOCK}"
        )
    try:
        lock = FileLock(folder / LOCK).acquire(blocking=False)
    except Timeout:
        raise ProfileError(
            f"{folder} is in use by another crawl or login; wait until it ends"
        ) from None
    with lock:
        yield


def _browser_that_has(folder: Path) -> str:
    """The HOST-PROCESS of a Chromium that may still use the folder, else ""."""
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
    """Writes the cookies of a sign-in into the profile, readable by its owner only."""
    document = json.dumps([dict(cookie) for cookie in cookies])
    atomic_write(folder / COOKIES, document.encode(), mode=0o600)


def missing_cookies(
    folder: Path, present: Sequence[Mapping[str, Any]], now: float
) -> list[dict[str, Any]]:
    """The saved cookies that are not among `present` and have not expired by `now` (seconds)."""
    try:
        saved = json.loads((folder / COOKIES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    present_keys = {_key(cookie) for cookie in present}
    return [
        cookie
        for cookie in saved
        if _key(cookie) not in present_keys
        and (cookie.get("expires") in SESSION_COOKIE or cookie["expires"] > now)
    ]


def _key(cookie: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(cookie.get(name) for name in ("name", "domain", "path"))
