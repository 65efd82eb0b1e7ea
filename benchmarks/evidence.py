"""Evidence benchmarks: objects against plain files, and captures among many, as ratios in one run.

Run: python -m benchmarks.evidence [--objects 400] [--captures 20000]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wildcrawl.evidence import Capture, CaptureKind, Evidence, open_evidence, open_objects, sha256
from wildcrawl.evidence.checking import check
from wildcrawl.evidence.records import Exchange, Origin, read_records, response_record
from wildcrawl.evidence.usage import usage_of
from wildcrawl.store import open_store

START = datetime(2026, 1, 1, tzinfo=UTC)
SIZE = 100_000
BATCH = 6
"""Captures of an advertisement: its page and five pictures."""


def seconds(work: Callable[[], object]) -> float:
    """Duration of `work` in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plain(folder: Path, bodies: list[bytes], *, sync: bool) -> None:
    """Writes each body to a file, flushed to the disk if `sync`."""
    folder.mkdir()
    for number, body in enumerate(bodies):
        with (folder / str(number)).open("wb") as file:
            file.write(body)
            if sync:
                file.flush()
                os.fsync(file.fileno())


def measure_objects(folder: Path, number: int) -> None:
    """Prints times of objects and records against plain files of the same bytes."""
    bodies = [os.urandom(SIZE) for _ in range(number)]
    objects = open_objects(folder / "evidence")
    bare = seconds(lambda: plain(folder / "bare", bodies, sync=False)) / number
    synced = seconds(lambda: plain(folder / "synced", bodies, sync=True)) / number
    put = seconds(lambda: [objects.put(body) for body in bodies]) / number
    again = seconds(lambda: [objects.put(body) for body in bodies]) / number
    names = list(objects)
    got = seconds(lambda: [objects.get(name) for name in names]) / number
    page = ("<li>象牙手镯 民国旧物</li>" * 3000).encode()
    exchange = Exchange("http://mall.example/7", START, 200, [("Content-Type", "text/html")], page)
    origin = Origin("run", "mall")
    record = response_record(exchange, origin, page)
    made = seconds(lambda: [response_record(exchange, origin, page) for _ in range(200)]) / 200
    read = seconds(lambda: [list(read_records(record)) for _ in range(200)]) / 200
    print(f"{number} objects of {SIZE} bytes")
    print(f"  plain files            {1 / bare:10.0f} a second")
    print(f"  plain files, synced    {1 / synced:10.0f} a second")
    print(f"  put                    {1 / put:10.0f} a second; {put / synced:.1f}x of synced files")
    print(
        f"  put again              {1 / again:10.0f} a second; {again / put:.2f}x of the first time"
    )
    print(f"  get                    {1 / got:10.0f} a second; {got / put:.2f}x of put")
    print(f"  record of {len(page)} bytes {1 / made:10.0f} a second; read {1 / read:.0f} a second")


def capture(number: int) -> Capture:
    """A made-up capture, its object left out."""
    ad, kind = number // BATCH, CaptureKind.PICTURE if number % BATCH else CaptureKind.PAGE
    name = sha256(str(number).encode())
    url = f"http://mall.example/{number}"
    at = START + timedelta(minutes=ad)
    return Capture(
        f"site{ad % 31}", str(ad), at, "run", kind, url, 200, "image/jpeg", name, "", name, 9
    )


def measure_captures(evidence: Evidence, number: int) -> None:
    """Prints times of adding captures and of finding them among few and many."""
    few = 300
    # The made-up objects exist.
    sizes = {capture(each).record: SIZE for each in range(number)}
    evidence.objects.has = lambda _: True  # type: ignore[assignment, method-assign]
    evidence.objects.sizes = lambda: sizes  # type: ignore[method-assign]
    first = seconds(lambda: add(evidence, 0, few)) / few
    find_few = find(evidence, few)
    add(evidence, few, number - few, 100 * BATCH)
    last = seconds(lambda: add(evidence, number - few, number)) / few
    found = find(evidence, number)
    listed = seconds(lambda: list(evidence.captures.all()))
    usage = seconds(lambda: usage_of(evidence))
    log = seconds(evidence.custody.check)
    agree = seconds(lambda: sum(1 for _ in check(evidence, read_objects=False)))
    print(f"{number} captures in SQLite, {BATCH} at once")
    print(f"  add, the first {few:6} {first * 1e6:10.0f} us each")
    print(f"  add, the last {few:6}  {last * 1e6:10.0f} us each; {last / first:.2f}x of the first")
    for name, time_few, time_found in zip(FINDS, find_few, found, strict=True):
        print(f"  {name:22} {time_found * 1e6:10.0f} us; {time_found / time_few:.2f}x of few")
    print(f"  read all               {listed:10.2f} s; {listed / number * 1e6:.0f} us each")
    print(f"  usage by month         {usage:10.2f} s; {usage / listed:.1f}x of reading all")
    print(f"  check the log          {log:10.2f} s")
    print(f"  check without objects  {agree:10.2f} s")


def add(evidence: Evidence, start: int, end: int, batch: int = BATCH) -> None:
    """Adds captures, with a link in the custody log for each `batch`."""
    for number in range(start, end, batch):
        evidence.add([capture(each) for each in range(number, min(number + batch, end))], "run")


FINDS = ("of an advertisement", "picture by address", "by payload", "users of an object")


def find(evidence: Evidence, number: int) -> list[float]:
    """Seconds for each way to find one capture among `number`."""
    known = [capture(each) for each in range(1, number, max(1, number // 50)) if each % BATCH]
    found = evidence.captures
    ways: list[Callable[[Capture], object]] = [
        lambda each: found.of(each.site, each.ad_id),
        lambda each: found.picture(each.url),
        lambda each: found.by_payload(each.payload),
        lambda each: found.users(each.record),
    ]
    return [
        seconds(lambda way=way: [way(each) for each in known]) / len(known)  # type: ignore[misc]
        for way in ways
    ]


def main() -> None:
    """Measures objects, then captures."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--objects", type=int, default=400)
    arguments.add_argument("--captures", type=int, default=20_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure_objects(folder, given.objects)
        store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
        measure_captures(open_evidence(store, folder / "captures"), given.captures)
        store.close()


if __name__ == "__main__":
    main()
