"""How long an export takes beside reading its records once, and how both grow.

    python benchmarks/export.py [--sizes 10000,100000,1000000]

Fills an SQLite store with made-up advertisements of five years, then, in a process of its
own for each size, reads it into a data frame and exports that. The ratio is reading and
exporting together over reading alone; times of different machines do not compare, it does.
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
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exports import Context, Site, export
from wildcrawl.items import Advertisement
from wildcrawl.months import months_between
from wildcrawl.prices import usd
from wildcrawl.store import open_store
from wildcrawl.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE, RATE_DATE = Decimal("6.89"), date(2017, 4, 14)
START, DAYS = datetime(2012, 1, 1, tzinfo=UTC), 1826
TEXT = "清代老料摆件 包浆厚重 传世精品 私洽 走亲友价 欢迎老师们赏玩 "
_KINDS = ("amount", "on_request", "placeholder", "per_gram", "absent")
_WEIGHTS = (45, 25, 10, 2, 18)


def made_up(number: int) -> Iterator[Advertisement]:
    """So many advertisements over five years, the same ones on every run."""
    chance = random.Random(2012)
    species = [*load_vocabulary().groups]
    for place in range(number):
        seen = START + timedelta(seconds=chance.randrange(DAYS * 86400))
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
            verdict=chance.choices(["valid", "pending", "irrelevant"], [90, 5, 5])[0],
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


def fill(url: str, number: int) -> None:
    """Records the made-up advertisements in the store."""
    store = open_store(url)
    advertisements = made_up(number)
    while batch := list(islice(advertisements, 2000)):
        store.record(batch, "benchmark")
    store.close()


def measure(url: str, folder: Path) -> dict[str, float]:
    """Seconds and peak memory (MiB) of reading the store, and of the export after it."""
    store = open_store(url)
    started = time.perf_counter()
    frame = store.frame()
    read = time.perf_counter()
    peak_of_reading = peak()
    context = Context(
        months=months_between("2012-01", "2016-12"),
        groups=tuple(load_vocabulary().groups.values()),
        sites=[Site(f"site{number}", since="2012-01") for number in range(31)],
        rate=RATE,
        rate_date=RATE_DATE,
        made_at=datetime(2017, 1, 1, tzinfo=UTC),
    )
    ready = time.perf_counter()
    export(frame, context, folder)
    done = time.perf_counter()
    store.close()
    return {
        "read": read - started,
        "export": done - ready,
        "peak_read": peak_of_reading,
        "peak": peak(),
    }


def peak() -> float:
    """The most memory this process has used, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Prints one line for each size."""
    parser = argparse.ArgumentParser(description="export beside reading")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure[0], Path(given.measure[1]))))
        return
    print("      rows  read s  export s  ratio  peak MiB reading  peak MiB in all")
    for size in map(int, given.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/benchmark.db"
            fill(url, size)
            got: dict[str, Any] = json.loads(
                subprocess.run(
                    [sys.executable, __file__, "--measure", url, f"{folder}/report"],
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
            )
        ratio = (got["read"] + got["export"]) / got["read"]
        print(
            f"{size:10,} {got['read']:7.2f} {got['export']:9.2f} {ratio:6.2f}"
            f" {got['peak_read']:17,.0f} {got['peak']:16,.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
