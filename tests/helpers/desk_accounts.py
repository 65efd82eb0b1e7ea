"""Accounts for tests of the desk: four persons of three roles, and their sign-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from wildcrawl.desk.accounts import AccountBook, AccountRole

WORDS = "four words are enough"

PEOPLE = {
    "Li": AccountRole.ADMIN,
    "Wang": AccountRole.SCREENER,
    "陈": AccountRole.SCREENER,
    "Guest": AccountRole.VIEWER,
}


@pytest.fixture(scope="module", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hashes of the same kind that take less time and memory."""
    with pytest.MonkeyPatch.context() as patch:
        hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr("wildcrawl.desk.accounts.book._hasher", hasher)
        yield


@pytest.fixture(scope="module")
def book(quick_hashes: None, tmp_path_factory: pytest.TempPathFactory) -> AccountBook:
    """Four accounts of three roles with the same password."""
    made = AccountBook(tmp_path_factory.mktemp("accounts"))
    for name, role in PEOPLE.items():
        assert made.add(name, WORDS, role)
    return made


def sign_in(app: Flask, name: str, password: str = WORDS, to: str = "/") -> FlaskClient:
    client = app.test_client()
    form = {"name": name, "password": password, "to": to}
    assert client.post("/sign-in", data=form).status_code in (302, 401, 429)
    return client
