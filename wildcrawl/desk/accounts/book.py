"""Account book: names, roles and password hashes in a file that its owner alone can read.

Not in the store, which crawl jobs read and which is copied for analysis.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from filelock import FileLock

from wildcrawl.utils import atomic_write

NAME = "accounts.json"
SHORTEST = 10
"""Least characters of a password."""
LONGEST = 200
"""Most characters of a name's password, so that hashing it takes no longer."""
LONGEST_NAME = 60

_PRIVATE = 0o600
_hasher = PasswordHasher()


class AccountError(ValueError):
    """Raised for an account that cannot be made or read; the message says what to fix."""


class AccountRole(StrEnum):
    """What an account may do: viewers read, screeners also judge, admins also see who signed in."""

    VIEWER = "viewer"
    SCREENER = "screener"
    ADMIN = "admin"


@dataclass(frozen=True)
class DeskAccount:
    """An account; `hash` is an argon2id hash with its salt and parameters."""

    name: str
    role: AccountRole
    hash: str
    added: str

    @property
    def may_change(self) -> bool:
        """Whether the account may change anything."""
        return self.role in (AccountRole.SCREENER, AccountRole.ADMIN)


class AccountBook:
    """The accounts in `folder`; each method reads the file anew, so that changes count at once."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        # Checked for unknown names, so that an answer takes as long as for known ones.
        self._nobody = _hasher.hash(os.urandom(16).hex())

    def accounts(self) -> list[DeskAccount]:
        """All accounts, by name; AccountError if the file is damaged or readable by others."""
        return sorted(self._read().values(), key=lambda account: account.name)

    def get(self, name: str) -> DeskAccount | None:
        """The account of that name; None if there is none."""
        return self._read().get(name_key(name))

    def add(self, name: str, password: str, role: AccountRole) -> bool:
        """Adds an account, or gives an existing one another password and role.

        Returns whether it is new; AccountError for a name or a password that cannot be used.
        """
        name = _checked_name(name)
        _check_password(name, password)
        hashed = _hasher.hash(_normal(password))
        with self._changed() as accounts:
            is_new = name_key(name) not in accounts
            added = datetime.now(UTC).isoformat(timespec="seconds")
            accounts[name_key(name)] = DeskAccount(name, role, hashed, added)
        return is_new

    def remove(self, name: str) -> None:
        """Removes an account; AccountError if there is none of that name."""
        with self._changed() as accounts:
            if accounts.pop(name_key(name), None) is None:
                raise AccountError(f"{self.path} has no account '{name}'")

    def check(self, name: str, password: str) -> DeskAccount | None:
        """The account if the password is its own; None for a wrong name or password."""
        account = self.get(name)
        known = account.hash if account else self._nobody
        if len(password) > LONGEST:
            return None
        try:
            _hasher.verify(known, _normal(password))
        except (VerificationError, InvalidHashError):
            return None
        return account

    def _read(self) -> dict[str, DeskAccount]:
        try:
            if self.path.stat().st_mode & 0o077:
                raise AccountError(f"{self.path} can be read by others; run: chmod 600 {self.path}")
            rows = json.loads(self.path.read_text(encoding="utf-8"))
            accounts = [DeskAccount(**{**row, "role": AccountRole(row["role"])}) for row in rows]
        except FileNotFoundError:
            return {}
        except AccountError:
            raise
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise AccountError(
                f"{self.path} cannot be read as accounts ({error}); restore it, or remove it and "
                "add the accounts again"
            ) from error
        return {name_key(account.name): account for account in accounts}

    @contextmanager
    def _changed(self) -> Iterator[dict[str, DeskAccount]]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self.path.with_suffix(".lock"), mode=_PRIVATE):
            accounts = self._read()
            yield accounts
            rows = [asdict(account) for account in accounts.values()]
            text = json.dumps(rows, ensure_ascii=False, indent=1)
            atomic_write(self.path, text.encode(), _PRIVATE)


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFKC", name).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise AccountError(
            f"'{name[:LONGEST_NAME]}' is not a valid name; write 1 to {LONGEST_NAME} printable "
            "characters"
        )
    return name


def _check_password(name: str, password: str) -> None:
    if not SHORTEST <= len(_normal(password)) <= LONGEST:
        raise AccountError(
            f"the password has {len(password)} characters; use {SHORTEST} to {LONGEST}"
        )
    if name_key(password) == name_key(name) or len(set(password)) < 4:
        raise AccountError("the password is too easy to guess; use several words")


def name_key(name: str) -> str:
    """Names that look alike are one account."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _normal(password: str) -> str:
    """The password in one form, since input methods write the same characters in several."""
    return unicodedata.normalize("NFKC", password)
