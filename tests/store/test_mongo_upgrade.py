"""Upgrade of a MongoDB store of an earlier layout, beside kill -9 and beside another upgrade."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from wildcrawl.items import Advertisement, Verdict
from wildcrawl.store import open_store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.mongo_client import VERSION

MAY = datetime(2026, 5, 3, 4, 0, tzinfo=UTC)
ADS = 120
UPGRADE = """
import sys
from wildcrawl.store import mongo_client, open_store
mongo_client._FILLED = 10
open_store(sys.argv[1]).close()
"""


@pytest.fixture
def database(mongodb_url: str) -> Iterator[Database[dict[str, Any]]]:
    """The test's database, opened without the store."""
    with MongoClient[dict[str, Any]](mongodb_url, tz_aware=True) as client:
        yield client.get_default_database()


def upgrading(url: str) -> subprocess.Popen[bytes]:
    """A process that opens the store, ten advertisements at a time."""
    return subprocess.Popen([sys.executable, "-c", UPGRADE, url])


def kill_after(
    process: subprocess.Popen[bytes], database: Database[dict[str, Any]], filled: int
) -> None:
    """Kills an upgrade (SIGKILL) once that many advertisements are of the present layout."""
    end = time.monotonic() + 300
    while database["advertisements"].count_documents({"listing.texts": {"$exists": True}}) < filled:
        assert process.poll() is None, "it ended before it was killed"
        assert time.monotonic() < end
        time.sleep(0.02)
    process.kill()
    process.wait()


@pytest.mark.slow
def test_an_upgrade_that_is_killed_again_and_again_is_completed_and_changes_nothing_else(
    mongodb_url: str, database: Database[dict[str, Any]]
) -> None:
    ads, layout = database["advertisements"], database["layout"]
    with closing(open_store(mongodb_url)) as store:
        store.record(
            [
                Advertisement(
                    f"mall{number % 3}", f"{number:04}", title=f"老象牙手镯 {number}",
                    species=["ivory"], relevance="likely", strength="name",
                    found_at=MAY + timedelta(minutes=number),
                )
                for number in range(ADS)
            ],
            "run",
        )  # fmt: skip
        store.judge(
            "mall0", "0000", Decision(Verdict.VALID, "Li", "lines", MAY + timedelta(days=1))
        )
        numbers = store.waiting_numbers()
    # The queue looks at it once more than it must.
    ads.update_one({"_id": "mall0:0000"}, {"$set": {"listing.links_due": False}})
    before = list(ads.find().sort("_id"))
    # Half of them as the first layout left them, half as the second did.
    ads.update_many({"ad_id": {"$lt": "0060"}}, {"$unset": {"listing": ""}})
    ads.update_many({"ad_id": {"$gte": "0060"}}, {"$unset": {"listing.texts": ""}})
    layout.update_one({"_id": "layout"}, {"$set": {"version": 1}})

    kill_after(upgrading(mongodb_url), database, 20)
    assert layout.find_one({"_id": "layout"}) == {"_id": "layout", "version": 1}
    first, second = upgrading(mongodb_url), upgrading(mongodb_url)
    kill_after(first, database, 50)
    kill_after(second, database, 80)
    assert layout.find_one({"_id": "layout"}) == {"_id": "layout", "version": 1}
    both = [upgrading(mongodb_url) for _ in range(2)]
    assert [process.wait(300) for process in both] == [0, 0]

    assert list(ads.find().sort("_id")) == before
    assert layout.find_one({"_id": "layout"}) == {"_id": "layout", "version": VERSION}
    with closing(open_store(mongodb_url)) as store:
        assert store.waiting_numbers() == numbers
        assert len(store.waiting(most=ADS)) == ADS - 1
