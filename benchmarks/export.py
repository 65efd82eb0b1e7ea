"""Export benchmark: time of a report relative to a bare read of the same records.

Run: python -m benchmarks.export [--sizes 10000,100000,1000000] [--server-sizes 2000,10000]
     [--shuffled]

Fills a store with generated advertisements of five years. One process then only reads them into a
data frame, another writes the whole report: all tables, all figures, and the pages of sixty
months, and a third the report of the last month, with the numbers of the five years before it to
compare with. The ratio is the second time over the first; ratios are comparable between machines,
times are not. Runs on SQLite and on the MongoDB-protocol server of the tests, with fewer
advertisements, since FerretDB is slow.

The store is filled in chronological order, as by crawls; --shuffled fills it in random order, as by
imports of old records, so that every month is scattered over the store.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from pymongo import MongoClient

from benchmarks.server import server
from exports import NEEDED, Context, ReportSite, export
from wildcrawl.analysis.prices import usd
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.items import Advertisement
from wildcrawl.months import month_bounds, months_between, previous_month
from wildcrawl.store import open_store
from wildcrawl.store.documents import to_document

RATE, RATE_DATE = Decimal("6.89"), date(2017, 4, 14)
START, DAYS = datetime(2012, 1, 1, tzinfo=UTC), 1826
TEXT = "清代老料摆件 包浆厚重 传世精品 私洽 走亲友价 欢迎老师们赏玩 "
_KINDS = ("amount", "on_request", "placeholder", "per_gram", "absent")
_WEIGHTS = (45, 25, 10, 2, 18)


def made_up(number: int, *, shuffled: bool = False) -> Iterator[Advertisement]:
    """A number of advertisements over five years, the same ones on every run.

    In chronological order, or `shuffled` over all months.
    """
    chance = random.Random(2012)
    species = [*load_vocabulary().groups]
    for place in range(number):
        second = chance.randrange(DAYS * 86400)
        seen = START + timedelta(seconds=second if shuffled else place * DAYS * 86400 // number)
        kind = chance.choices(_KINDS, _WEIGHTS)[0]
        asked = Decimal(chance.randrange(100, 10**8)) / 100
        yield Advertisement(
            site=f"site{int(chance.paretovariate(1)) % 31}",
            ad_id=str(place),
            url=f"http://site.example/item/{place}",
            title=f"{TEXT}{place}",
            description=TEXT * 3,
            price=str(asked),
            found_at=seen,
            found_by=["象牙", "果冻"],
            species=[species[int(chance.paretovariate(1)) % len(species)]],
            product_type=chance.choice(["raw", "semi_worked", "worked_carved", ""]),
            age_claim=chance.choice(["old", "new", ""]),
            verdict=chance.choices(["valid", "pending", "irrelevant"], [92, 3, 5])[0],
            price_kind=kind,
            price_cny=asked if kind == "amount" else None,
            price_usd=usd(asked, RATE) if kind == "amount" else None,
            price_amount=asked if kind in ("amount", "per_gram") else None,
            price_currency="CNY" if kind in ("amount", "per_gram") else "",
            rate=RATE,
            rate_date=RATE_DATE,
            first_seen=seen,
            last_seen=seen + timedelta(days=20),
            relevance="likely",
            terms=["象牙"],
        )


def fill(url: str, number: int, *, shuffled: bool = False) -> None:
    """Fills the store with generated advertisements."""
    store = open_store(url)
    advertisements = made_up(number, shuffled=shuffled)
    while batch := list(islice(advertisements, 2000)):
        if url.startswith("sqlite"):
            store.record(batch, "benchmark")
            continue
        # As documents, since FerretDB takes hours to look up each of them first.
        documents = [{"_id": f"{ad.site}:{ad.ad_id}", **to_document(ad)} for ad in batch]
        with MongoClient[dict[str, object]](url) as client:
            client.get_default_database()["advertisements"].insert_many(documents, ordered=False)
    store.close()


def scan(url: str) -> dict[str, float]:
    """Seconds and peak memory (MiB) of reading the store into one data frame."""
    store = open_store(url)
    started = time.perf_counter()
    frame = store.frame()
    seconds = time.perf_counter() - started
    store.close()
    return {"rows": frame.height, "seconds": seconds, "peak": peak()}


def report(url: str, folder: Path, first: str = "2012-01") -> dict[str, float]:
    """Seconds and peak memory (MiB) of reading the store and writing the report from `first` on."""
    store = open_store(url)
    months = months_between(first, "2016-12")
    context = Context(
        months=months,
        groups=tuple(load_vocabulary().groups.values()),
        sites=[ReportSite(f"site{number}", since="2012-01") for number in range(31)],
        rate=RATE,
        rate_date=RATE_DATE,
        made_at=datetime(2017, 1, 1, tzinfo=UTC),
        read_from="2012-01",
    )
    started, earlier = time.perf_counter(), None
    if first > "2012-01":
        earlier = store.month_numbers("2012-01", previous_month(first))
    records = store.frames(*month_bounds(months[0], months[-1]), NEEDED)
    done = export(records, context, folder, earlier=earlier)
    seconds = time.perf_counter() - started
    store.close()
    return {"rows": done.summary.total, "seconds": seconds, "peak": peak()}


def peak() -> float:
    """Peak memory of this process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Prints one line for each size, on each kind of store."""
    parser = argparse.ArgumentParser(description="export beside reading")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--server-sizes", default="2000,10000")
    parser.add_argument("--shuffled", action="store_true")
    parser.add_argument("--scan", help=argparse.SUPPRESS)
    parser.add_argument("--report", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.scan:
        print(json.dumps(scan(given.scan)))
    elif given.report:
        url, folder, first = given.report
        print(json.dumps(report(url, Path(folder), first)))
    else:
        print(
            "store        rows    scan s  export s  ratio   month s  peak MiB scan  peak MiB export"
        )
        for size in filter(None, given.sizes.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite:///{folder}/benchmark.db"
                compare("SQLite", url, int(size), folder, shuffled=given.shuffled)
        sizes = [int(size) for size in given.server_sizes.split(",") if size]
        on_server(sizes, shuffled=given.shuffled)


def on_server(sizes: list[int], *, shuffled: bool) -> None:
    """Runs on the server of WILDCRAWL_TEST_MONGODB_URI, or else on a temporary one."""
    if not sizes:
        return
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as url:
        for size in sizes:
            name = f"wildcrawl_benchmark_{size}"
            database = f"{url.rstrip('/')}/{name}"
            compare("MongoDB", database, size, folder, shuffled=shuffled)
            with MongoClient[dict[str, object]](url) as client:
                client.drop_database(name)


def compare(kind: str, url: str, size: int, folder: str, *, shuffled: bool) -> None:
    """Fills the store and prints time and memory of scanning and exporting it."""
    fill(url, size, shuffled=shuffled)
    read = alone("--scan", url)
    wrote = alone("--report", url, f"{folder}/report", "2012-01")
    month = alone("--report", url, f"{folder}/month", "2016-12")
    print(
        f"{kind:8} {size:9,} {read['seconds']:9.2f} {wrote['seconds']:9.2f}"
        f" {wrote['seconds'] / read['seconds']:6.2f} {month['seconds']:9.2f}"
        f" {read['peak']:14,.0f} {wrote['peak']:16,.0f}",
        flush=True,
    )


def alone(*arguments: str) -> dict[str, float]:
    """Result of a separate process, so that only its own memory counts."""
    command = [sys.executable, "-m", "benchmarks.export", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    main()
