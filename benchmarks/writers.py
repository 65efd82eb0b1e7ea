"""Writers benchmark: one, four and eight processes that write to one store at once.

Run: python -m benchmarks.writers [--ads 2000] [--turns 3] [--only sqlite]

On SQLite, and on the MongoDB-protocol server that the tests use. Each process records its share of
new advertisements in batches of 100: of a site of its own, as crawls do, or all of one site. One,
four and eight follow each other in each turn, since the speed of a busy machine changes, and the
ratios printed are medians of the turns. The lock under which stored advertisements of one site are
changed is measured by itself, held for 5 ms each time, since FerretDB reads its whole collection
for each change.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median

from pymongo import MongoClient

from benchmarks.server import server
from benchmarks.store import made_up
from wildcrawl.store import open_store
from wildcrawl.store.mongo_client import WriterLock

BATCH = 100
HELD = 0.005
"""Seconds for which a writer holds the lock."""
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


def measure(name: str, urls: list[str], count: int, turns: int) -> None:
    """Measures each number of writers, each on a store of its own in `urls`."""
    for one_site in (False, True):
        title = f"{name}, {'one site' if one_site else 'a site each'}"

        def work(writers: int, *, one_site: bool = one_site) -> tuple[float, float]:
            return together(urls.pop(), writers, count, one_site=one_site)

        compare(title, "advertisements/s", "slowest batch", work, turns)


def compare(
    title: str,
    unit: str,
    longest: str,
    work: Callable[[int], tuple[float, float]],
    turns: int,
) -> None:
    """Prints what `work` measures for each number of writers: its median speed and ratio to one.

    The longest time is that of all turns.
    """
    print(title, flush=True)
    speeds: dict[int, list[float]] = {writers: [] for writers in WRITERS}
    times: dict[int, list[float]] = {writers: [] for writers in WRITERS}
    for _ in range(turns):
        for writers in WRITERS:
            speed, slowest = work(writers)
            speeds[writers].append(speed)
            times[writers].append(slowest)
    for writers, measured in speeds.items():
        ratios = [each / alone for each, alone in zip(measured, speeds[WRITERS[0]], strict=True)]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(
            f"  {writers} writers {median(measured):8.0f} {unit} "
            f"({median(ratios):.2f} of one; {spread}), {longest} {max(times[writers]):.2f} s",
            flush=True,
        )


def take_turns(url: str, turns: int) -> tuple[float, float, float]:
    """Takes the writer lock of a site `turns` times; as `write`, with the longest wait."""
    with MongoClient[dict[str, object]](url) as client:
        lock = WriterLock(client.get_default_database()["locks"])
        _BARRIERS[0].wait()
        started, longest = time.time(), 0.0
        for _ in range(turns):
            before = time.perf_counter()
            with lock.held("site"):
                longest = max(longest, time.perf_counter() - before)
                time.sleep(HELD)
        return started, time.time(), longest


def measure_lock(url: str, count: int, turns: int) -> None:
    """Measures how often in a second processes get the lock in turn."""
    context = multiprocessing.get_context("spawn")

    def work(writers: int) -> tuple[float, float]:
        with context.Pool(writers, _meet_at, (context.Barrier(writers),)) as pool:
            done = pool.starmap(take_turns, [(url, count // writers)] * writers, chunksize=1)
        lasted = max(end for _, end, _ in done) - min(start for start, _, _ in done)
        return writers * (count // writers) / lasted, max(longest for *_, longest in done)

    compare("MongoDB protocol, the lock of one site", "turns/s", "longest wait", work, turns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ads", type=int, default=2000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--only", default="", help="sqlite or mongodb")
    given = parser.parse_args()
    count = given.ads
    rounds = 2 * len(WRITERS) * given.turns
    if given.only != "mongodb":
        with tempfile.TemporaryDirectory() as folder:
            files = [f"sqlite:///{Path(folder) / f'{number}.db'}" for number in range(rounds)]
            measure("SQLite", files, count, given.turns)
    if given.only == "sqlite":
        return
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as address:
        names = [f"wildcrawl_writers_{number}" for number in range(rounds)]
        measure("MongoDB protocol", [f"{address}{name}" for name in names], count, given.turns)
        measure_lock(f"{address}{names[0]}", count // 10, given.turns)
        with MongoClient[dict[str, object]](address) as client:
            for name in names:
                client.drop_database(name)


if __name__ == "__main__":
    main()
