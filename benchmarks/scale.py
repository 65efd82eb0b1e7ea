"""Scale benchmark: the queue, the desk's first card and the lists in stores of growing size.

Run: python -m benchmarks.scale [--sizes 10000 100000 1000000] [--server-sizes 1000]

Fills a store on SQLite, and one on the MongoDB-protocol server that the tests use, with generated
advertisements, and prints the seconds of each question, the processor seconds of the process that
asks, which other work on the machine changes little, and the memory of that process at most. A
million advertisements take an hour to fill on two busy cores, and 3 GB.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate, islice
from pathlib import Path

from benchmarks.server import server
from wildcrawl.items import Advertisement
from wildcrawl.review.queue import read_queue
from wildcrawl.store import Store, open_store
from wildcrawl.store.search import ListQuery, Sort

START = datetime(2012, 1, 1, tzinfo=UTC)
WORDS = ("象牙", "手镯", "犀角", "虎骨", "穿山甲", "玳瑁", "砗磲", "红珊瑚", "果冻", "血料")
LETTERS = [chr(0x4E00 + 3 * number) for number in range(4_000)]
COMMON = list(accumulate(1 / (number + 1) for number in range(len(LETTERS))))
"""Cumulated weights of the letters, by Zipf's law, as those of texts are."""
BATCH = 2_000


def generated(count: int) -> Iterator[Advertisement]:
    """Advertisements of 31 sites over several years; one in ten is judged."""
    chance = random.Random(7)
    for number in range(count):
        word = WORDS[min(9, int(chance.expovariate(0.5)))]
        text = "".join(chance.choices(LETTERS, cum_weights=COMMON, k=112))
        relevance = "likely" if chance.random() < 0.6 else "set_aside"
        judged = chance.random()
        yield Advertisement(
            f"site{int(chance.random() ** 2 * 31)}",
            str(number),
            title=f"老{word}{text[:12]} {number}",
            description=text[12:],
            seller=f"seller{int(chance.random() ** 2 * 5_000)}",
            found_at=START + timedelta(minutes=7 * number),
            found_by=[word],
            species=["ivory" if word == "象牙" else "other"],
            terms=[word],
            relevance=relevance,
            audit=relevance == "set_aside" and chance.random() < 0.05,
            strength=chance.choice(("name", "bare", "spelling", "code")),
            supports=chance.randrange(4),
            price_usd=Decimal(chance.randrange(100_000)) / 100,
            reason=f"{word} (name)",
            rules="rules",
            verdict="" if judged < 0.9 else "valid" if judged < 0.95 else "irrelevant",
        )


QUESTIONS: dict[str, Callable[[Store], object]] = {
    "queue, first 10": lambda store: list(islice(read_queue(store), 10)),
    "numbers that wait": lambda store: store.waiting_numbers(),
    "tagged by other rules": lambda store: store.other_rules("rules"),
    "first months of sites": lambda store: store.first_months(),
    "list, newest first": lambda store: store.search(ListQuery()),
    "list, dearest first": lambda store: store.search(ListQuery(sort=Sort.DEAREST)),
    "list of a site, cheapest": lambda store: store.search(
        ListQuery(sites=("site30",), sort=Sort.CHEAPEST)
    ),
    "list of a month, dearest": lambda store: store.search(
        ListQuery(month="2012-01", sort=Sort.DEAREST)
    ),
    "list of a seller": lambda store: store.search(ListQuery(seller="seller7")),
    "list, judged valid": lambda store: store.search(ListQuery(verdicts=("valid",))),
    "list of a rare keyword": lambda store: store.search(ListQuery(keyword="none")),
    "search 象牙 (common)": lambda store: store.search(ListQuery(text="象牙")),
    "search 牙 (one letter)": lambda store: store.search(ListQuery(text="牙")),
    "search of three letters": lambda store: store.search(ListQuery(text="老血料")),
    "search of what is nowhere": lambda store: store.search(ListQuery(text="鼗鼗")),
    "count of a search": lambda store: store.count(ListQuery(text="象牙", verdicts=("valid",))),
}


def ask(url: str) -> None:
    """Prints the best of three times of each question, and the memory of this process at most."""
    with closing(open_store(url)) as store:
        for name, question in QUESTIONS.items():
            times, used = [], []
            for _ in range(3):
                start, processor = time.perf_counter(), time.process_time()
                question(store)
                times.append(time.perf_counter() - start)
                used.append(time.process_time() - processor)
            print(f"  {name:28} {min(times):8.3f} s {min(used):8.3f} s of processor", flush=True)
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:19} MB")


def measure(name: str, url: str, count: int) -> None:
    """Fills a store and asks it in a process of its own."""
    start = time.process_time()
    with closing(open_store(url)) as store:
        ads = generated(count)
        while batch := list(islice(ads, BATCH)):
            store.record(batch, "run")
        recorded = time.process_time() - start
        while store.index_texts():
            pass
    indexed = time.process_time() - start - recorded
    print(
        f"{name}, {count:,} advertisements; {recorded / count * 1e6:.0f} us of processor time each "
        f"to make and record, {indexed / count * 1e6:.0f} us to index",
        flush=True,
    )
    subprocess.run([sys.executable, "-m", "benchmarks.scale", "--ask", url], check=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    arguments.add_argument("--server-sizes", type=int, nargs="*", default=[1_000])
    arguments.add_argument("--ask", metavar="URL", help="only ask a store that is filled")
    given = arguments.parse_args()
    if given.ask:
        ask(given.ask)
        return
    with tempfile.TemporaryDirectory() as folder:
        for size in given.sizes:
            measure("SQLite", f"sqlite:///{folder}/{size}.db", size)
        with server(Path(folder)) as served:
            for size in given.server_sizes:
                measure("MongoDB protocol", f"{served.rstrip('/')}/wildcrawl_{size}", size)


if __name__ == "__main__":
    main()
