"""Store benchmarks: bulk writing and the data frame, as ratios in one run.

Run: python -m benchmarks.store [--ads 20000] [--server-ads 1000]

On SQLite, and on the MongoDB-protocol server that the tests use (WILDCRAWL_TEST_MONGODB_URI, a
mongod, or FerretDB). FerretDB scans all documents for each look-up, so it gets fewer.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
from pymongo import MongoClient

from benchmarks.server import server
from wildcrawl.items import Advertisement
from wildcrawl.store import Store, open_store

START = datetime(2012, 1, 1, tzinfo=UTC)
BATCH = 500


def made_up(number: int) -> Advertisement:
    """A generated advertisement, as the pipelines pass it to the store."""
    return Advertisement(
        site=f"site{number % 31}",
        ad_id=str(number),
        url=f"http://site.example/item/{number}",
        title=f"老象牙手串 {number} 民国旧物",
        description="包浆自然 传世精品 " * 20,
        price="2800元",
        found_at=START + timedelta(minutes=90 * number),
        found_by=["象牙", "果冻"],
        image_urls=[f"http://img.example/{number}.jpg"],
        species=["ivory"],
        price_kind="amount",
        price_cny=Decimal("2800.00"),
        price_usd=Decimal("406.39"),
        relevance="likely",
        terms=["象牙"],
        price_amount=Decimal(2800),
        price_currency="CNY",
        rate=Decimal("6.89"),
        rate_date=date(2017, 4, 14),
    )


def seconds(work: Callable[[], object]) -> float:
    """Duration of `work` in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def record(store: Store, ads: list[Advertisement], run: str, batch: int) -> None:
    """Records the advertisements in batches of `batch`."""
    for start in range(0, len(ads), batch):
        store.record(ads[start : start + batch], run)


def measure(name: str, url: str, count: int, scan: Callable[[], pl.DataFrame]) -> None:
    """Prints times and ratios of recording and reading `count` advertisements."""
    store = open_store(url)
    ads = [made_up(number) for number in range(count)]
    few = count // 20
    single = seconds(lambda: record(store, ads[:few], "run-1", 1)) / few
    bulk = seconds(lambda: record(store, ads[few:], "run-1", BATCH)) / (count - few)
    print(f"{name}, {count} advertisements")
    print(f"  record, one by one   {single * 1e6:10.0f} us each")
    print(f"  record, {BATCH} at once  {bulk * 1e6:10.0f} us each")
    print(f"  one by one takes {single / bulk:.1f}x")
    seen = seconds(lambda: record(store, ads, "run-1", BATCH)) / count
    print(
        f"  the same again       {seen * 1e6:10.0f} us each; {seen / bulk:.1f}x of the first time"
    )
    bare = min(seconds(scan) for _ in range(3))
    frame = min(seconds(store.frame) for _ in range(3))
    few_columns = ["site", "species", "first_seen", "verdict"]
    part = min(seconds(lambda: store.frame(columns=few_columns)) for _ in range(3))
    month = START + timedelta(days=31)
    one = min(seconds(lambda: store.frame(START, month)) for _ in range(3))
    print(f"  bare scan into polars{bare:10.3f} s")
    print(f"  frame()              {frame:10.3f} s; {frame / bare:.2f}x of the bare scan")
    print(f"  frame(4 columns)     {part:10.3f} s; {part / frame:.2f}x of the whole frame")
    print(f"  frame(one month)     {one:10.3f} s; {one / frame:.2f}x of the whole frame")
    store.close()


def main() -> None:
    """Measures both kinds of store."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--ads", type=int, default=20_000)
    arguments.add_argument("--server-ads", type=int, default=1_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wildcrawl.db"

        def scan_sqlite() -> pl.DataFrame:
            with closing(sqlite3.connect(path)) as connection:
                cursor = connection.execute("SELECT * FROM advertisements")
                names = [column[0] for column in cursor.description]
                return pl.DataFrame(
                    cursor.fetchall(), schema=names, orient="row", infer_schema_length=None
                )

        measure("SQLite", f"sqlite:///{path}", given.ads, scan_sqlite)
        with server(Path(folder)) as served, MongoClient[dict[str, object]](served) as client:
            url = f"{served.rstrip('/')}/wildcrawl_benchmark"
            database = client["wildcrawl_benchmark"]

            def scan_mongodb() -> pl.DataFrame:
                documents = list(database["advertisements"].find(batch_size=5000))
                return pl.DataFrame(documents, infer_schema_length=None)

            measure("MongoDB", url, given.server_ads, scan_mongodb)
            client.drop_database(database.name)


if __name__ == "__main__":
    main()
