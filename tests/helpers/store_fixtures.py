"""Store fixtures: a SQLite file, and a MongoDB database on a real server."""

from __future__ import annotations

import os
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient

from tests.helpers.mongodb_server import MongoServer, NoServerError
from wildcrawl.store import Store, open_store

NO_MONGODB = "no MongoDB: "


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Reports all skips for lack of MongoDB at one place, so that they are one line in the summary.

    pytest groups skips by place and reason, and reports the skip of a fixture at each test.
    """
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and NO_MONGODB in report.longrepr[2]:
        report.longrepr = (__file__, 1, report.longrepr[2])
    return report


@pytest.fixture(scope="session")
def mongodb_server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL in WILDCRAWL_TEST_MONGODB_URI, or of a server of this test session.

    Without one the tests are skipped, or fail if WILDCRAWL_REQUIRE_MONGODB=1.
    """
    given = os.environ.get("WILDCRAWL_TEST_MONGODB_URI")
    if given:
        yield given
        return
    try:
        server = MongoServer(tmp_path_factory.mktemp("mongodb"))
        server.start()
    except NoServerError as error:
        if os.environ.get("WILDCRAWL_REQUIRE_MONGODB") == "1":
            pytest.fail(f"MongoDB is required: {error}")
        pytest.skip(f"{NO_MONGODB}{error}")
    yield server.url
    server.stop()


@pytest.fixture
def mongodb_url(mongodb_server_url: str) -> Iterator[str]:
    """URL of a new database on the server; dropped after the test."""
    name = f"wildcrawl_test_{uuid.uuid4().hex[:12]}"
    address, separator, options = mongodb_server_url.partition("?")
    scheme, _, rest = address.partition("://")
    url = f"{scheme}://{rest.partition('/')[0]}/{name}{separator}{options}"
    yield url
    with MongoClient[dict[str, object]](url) as client:
        client.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a new SQLite file."""
    return f"sqlite:///{tmp_path / 'wildcrawl.db'}"


SQLITE_DAILY = pytest.mark.parametrize(
    "store_url", ["sqlite", pytest.param("mongodb", marks=pytest.mark.slow)], indirect=True
)
"""For tests of whole crawls: daily on SQLite only, since tests/store covers the differences."""


@pytest.fixture(params=["sqlite", "mongodb"])
def store_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty store, once for each kind of store."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, once for each kind."""
    opened = open_store(store_url)
    yield opened
    opened.close()
