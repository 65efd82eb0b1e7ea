"""Writers benchmark: one, four and eight processes that write to one store at once.

Run: python -m benchmarks.writers [--ads 4000] [--turns 3] [--only sqlite]

On SQLite, and on the MongoDB-protocol server that the tests use. Each process records its share of
new advertisements in batches of 100: of a site of its own, as crawls do, or all of one site. One,
four and eight follow each other in each turn, since the speed of a busy machine changes, and the
ratios printed are medians of the turns. Processor time, which other work changes little, is that
of the processes that write, without the server's. The lock under which stored advertisements of
one site are changed is measured by itself, held for 5 ms each time, since FerretDB reads its whole
collection for each change.
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
from typing import NamedTuple

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


class Share(NamedTuple):
    """What one process did: its first and last moment, longest time and processor seconds."""

    started: float
    ended: float
    longest: float
    processor: float


class Together(NamedTuple):
    """What several processes did together: their speed, and the processor time of one thing."""

    speed: float
    longest: float
    processor: float


def _meet_at(barrier: Barrier) -> None:
    _BARRIERS.append(barrier)


def write(url: str, number: int, count: int, site: str) -> Share:
    """Records `count` advertisements.

    One batch is recorded before, as the first of a process takes longer: a crawl has one such, and
    here eight writers would have eight.
    """
    store = open_store(url)
    ads = [
        replace(made_up(each), site=site, ad_id=f"{number}-{each}", found_by=["象牙"])
        for each in range(count + BATCH)
    ]
    store.record(ads[:BATCH], f"run-{number}")
    _BARRIERS[0].wait()
    started, processor, slowest = time.time(), time.process_time(), 0.0
    for start in range(BATCH, count + BATCH, BATCH):
        before = time.perf_counter()
        store.record(ads[start : start + BATCH], f"run-{number}")
        slowest = max(slowest, time.perf_counter() - before)
    share = Share(started, time.time(), slowest, time.process_time() - processor)
    store.close()
    return share


def summed(shares: list[Share], number: int) -> Together:
    """What processes did together that did `number` things in all."""
    lasted = max(each.ended for each in shares) - min(each.started for each in shares)
    processor = sum(each.processor for each in shares) / number
    return Together(number / lasted, max(each.longest for each in shares), processor)


def together(url: str, writers: int, count: int, *, one_site: bool) -> Together:
    """Has `writers` record their shares of `count` advertisements."""
    open_store(url).close()
    jobs = [
        (url, number, count // writers, "site" if one_site else f"site{number}")
        for number in range(writers)
    ]
    context = multiprocessing.get_context("spawn")
    with context.Pool(writers, _meet_at, (context.Barrier(writers),)) as pool:
        done = pool.starmap(write, jobs, chunksize=1)
    return summed(done, writers * (count // writers))


def measure(name: str, urls: list[str], count: int, turns: int) -> None:
    """Measures each number of writers, each on a store of its own in `urls`."""
    for one_site in (False, True):
        title = f"{name}, {'one site' if one_site else 'a site each'}"

        def work(writers: int, *, one_site: bool = one_site) -> Together:
            return together(urls.pop(), writers, count, one_site=one_site)

        compare(title, "advertisements/s", "slowest batch", work, turns)


def compare(
    title: str,
    unit: str,
    longest: str,
    work: Callable[[int], Together],
    turns: int,
) -> None:
    """Prints what `work` measures for each number of writers: its median speed and ratio to one.

    The longest time is that of all turns.
    """
    print(title, flush=True)
    done: dict[int, list[Together]] = {writers: [] for writers in WRITERS}
    for _ in range(turns):
        for writers in WRITERS:
            done[writers].append(work(writers))
    for writers, measured in done.items():
        alone = done[WRITERS[0]]
        ratios = [each.speed / one.speed for each, one in zip(measured, alone, strict=True)]
        print(
            f"  {writers} writers {median(each.speed for each in measured):8.0f} {unit} "
            f"({median(ratios):.2f} of one; {min(ratios):.2f} to {max(ratios):.2f}), "
            f"{median(each.processor for each in measured) * 1e6:.0f} us of processor time each, "
            f"{longest} {max(each.longest for each in measured):.2f} s",
            flush=True,
        )


def take_turns(url: str, turns: int) -> Share:
    """Takes the writer lock of a site `turns` times."""
    with MongoClient[dict[str, object]](url) as client:
        lock = WriterLock(client.get_default_database()["locks"])
        _BARRIERS[0].wait()
        started, processor, longest = time.time(), time.process_time(), 0.0
        for _ in range(turns):
            before = time.perf_counter()
            with lock.held("site"):
                longest = max(longest, time.perf_counter() - before)
                time.sleep(HELD)
        return Share(started, time.time(), longest, time.process_time() - processor)


def measure_lock(url: str, count: int, turns: int) -> None:
    """Measures how often in a second processes get the lock in turn."""
    context = multiprocessing.get_context("spawn")

    def work(writers: int) -> Together:
        with context.Pool(writers, _meet_at, (context.Barrier(writers),)) as pool:
            done = pool.starmap(take_turns, [(url, count // writers)] * writers, chunksize=1)
        return summed(done, writers * (count // writers))

    compare("MongoDB protocol, the lock of one site", "turns/s", "longest wait", work, turns)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ads", type=int, default=4000)
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
