"""Writers benchmark: one, four and eight processes that write to one store at once.

Run: python -m benchmarks.writers [--ads 2000]

On SQLite, and on the MongoDB-protocol server that the tests use. Each process records its share of
new advertisements in batches of 100: of a site of its own, as crawls do, or all of one site.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

from pymongo import MongoClient

from benchmarks.server import server
from benchmarks.store import made_up
from wildcrawl.store import open_store

BATCH = 100
WRITERS = (1, 4, 8)
_BARRIERS: list[Barrier] = []
"""The barrier at which the writers of this process's round meet."""


def _meet_at(barrier: Barrier) -> None:
    _BARRIERS.append(barrier)


def write(url: str, number: int, count: int, site: str) -> tuple[float, float, float]:
    """Records `count` advertisements; its first and last moment, and its slowest batch."""
    store = open_store(url)
    ads = [
        replace(made_up(each), site=site, ad_id=f"{number}-{each}", found_by=["象牙"])
        for each in range(count)
    ]
    _BARRIERS[0].wait()
    started, slowest = time.time(), 0.0
    for start in range(0, count, BATCH):
        before = time.perf_counter()
        store.record(ads[start : start + BATCH], f"run-{number}")
        slowest = max(slowest, time.perf_counter() - before)
    ended = time.time()
    store.close()
    return started, ended, slowest


def together(url: str, writers: int, count: int, *, one_site: bool) -> tuple[float, float]:
    """Advertisements per second of all `writers`, and the slowest batch in seconds."""
    open_store(url).close()
    jobs = [
        (url, number, count // writers, "site" if one_site else f"site{number}")
        for number in range(writers)
    ]
    context = multiprocessing.get_context("spawn")
    with context.Pool(writers, _meet_at, (context.Barrier(writers),)) as pool:
        done = pool.starmap(write, jobs, chunksize=1)
    lasted = max(end for _, end, _ in done) - min(start for start, _, _ in done)
    return writers * (count // writers) / lasted, max(slowest for *_, slowest in done)


def measure(name: str, urls: list[str], count: int) -> None:
    """Prints the speed of each number of writers, each on a store of its own in `urls`."""
    for one_site in (False, True):
        print(f"{name}, {'one site' if one_site else 'a site each'}")
        alone = 0.0
        for writers in WRITERS:
            speed, slowest = together(urls.pop(), writers, count, one_site=one_site)
            alone = alone or speed
            print(
                f"  {writers} writers {speed:8.0f} advertisements/s ({speed / alone:.2f} of one), "
                f"slowest batch {slowest:.2f} s"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ads", type=int, default=2000)
    count = parser.parse_args().ads
    rounds = 2 * len(WRITERS)
    with tempfile.TemporaryDirectory() as folder:
        files = [f"sqlite:///{Path(folder) / f'{number}.db'}" for number in range(rounds)]
        measure("SQLite", files, count)
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as address:
        names = [f"wildcrawl_writers_{number}" for number in range(rounds)]
        measure("MongoDB protocol", [f"{address}{name}" for name in names], count)
        with MongoClient[dict[str, object]](address) as client:
            for name in names:
                client.drop_database(name)


if __name__ == "__main__":
    main()
