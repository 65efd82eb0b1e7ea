"""Sessions: who has entered the desk in which browser, in the memory of its process.

Only hashes of the tokens are kept. A session ends after IDLE without a request, LONGEST after it
began, by signing out, and when the desk ends.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

IDLE = 2 * 3600.0
LONGEST = 12 * 3600.0
"""Seconds."""


@dataclass
class DeskSession:
    """A session; `name` is the account's, "" for the person alone at a desk.

    `stamp` is the account's hash when it began, so that another password ends the session.
    """

    name: str
    stamp: str
    began: float
    seen: float


class Sessions:
    """Sessions by the hash of their token. `clock` gives seconds."""

    def __init__(
        self,
        idle: float = IDLE,
        longest: float = LONGEST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._idle, self._longest, self._clock = idle, longest, clock
        self._sessions: dict[str, DeskSession] = {}
        self._lock = Lock()

    def begin(self, name: str = "", stamp: str = "") -> str:
        """A new session; returns its token."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            over = [key for key, session in self._sessions.items() if self._over(session, now)]
            for key in over:
                del self._sessions[key]
            self._sessions[_hash(token)] = DeskSession(name, stamp, now, now)
        return token

    def get(self, token: str) -> DeskSession | None:
        """The session of a token, which is then in use; None if there is none or it has ended."""
        now, key = self._clock(), _hash(token)
        with self._lock:
            session = self._sessions.get(key)
            if session is None:
                return None
            if self._over(session, now):
                del self._sessions[key]
                return None
            session.seen = now
            return session

    def end(self, token: str) -> None:
        """Ends a session, if it has not ended already."""
        with self._lock:
            self._sessions.pop(_hash(token), None)

    def number_of(self, name: str) -> int:
        """How many sessions an account has."""
        now = self._clock()
        with self._lock:
            sessions = [each for each in self._sessions.values() if not self._over(each, now)]
        return sum(session.name == name for session in sessions)

    def _over(self, session: DeskSession, now: float) -> bool:
        return now - session.seen > self._idle or now - session.began > self._longest


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
