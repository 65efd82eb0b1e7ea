"""Evidence benchmark: a crawl of a bundled marketplace with captures, against one without.

Run: python -m benchmarks.evidence_crawl [--site demo_mall] [--keywords ivory]

Seconds are of whole processes, whose start takes most of a short crawl; the ratios are what counts.
The marketplace draws its pictures in this process, so a first crawl, which is not measured, draws
them beforehand.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from wildcrawl.crawl.evidence_settings import Level
from wildcrawl.demo.server import running_marketplaces
from wildcrawl.store import open_store


@dataclass(frozen=True)
class Cost:
    """The cost of a crawl: seconds in all and of processor time, requests, and bytes on disk."""

    seconds: float
    processor: float
    requests: int
    pictures: int
    new: int
    stored: int
    files: int


def crawl(base: str, site: str, keywords: str, level: Level, folder: Path) -> Cost:
    """Crawls `site` of the marketplaces at `base` into `folder`."""
    settings = {
        "SCRAPY_SETTINGS_MODULE": "wildcrawl.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "WILDCRAWL_DEMO_URL": base,
        "WILDCRAWL_STORE": f"sqlite:///{folder / 'wildcrawl.db'}",
        "WILDCRAWL_EVIDENCE": level,
        "WILDCRAWL_EVIDENCE_DIR": str(folder / "evidence"),
    }
    command = [sys.executable, "-m", "scrapy", "crawl", site, "-L", "ERROR"]
    if keywords:
        command += ["-a", f"keywords={keywords}"]
    urllib.request.urlopen(urllib.request.Request(f"{base}/_count/reset", method="POST")).close()
    before = processor_seconds()
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=os.environ | settings, check=True)
    seconds = time.perf_counter() - start
    with urllib.request.urlopen(f"{base}/_count") as answer:
        pictures = json.load(answer)["images"]
    store = open_store(settings["WILDCRAWL_STORE"])
    run = store.runs(site)[-1]
    store.close()
    assert run.health == "ok", run.reason
    kept = [path for path in (folder / "evidence").rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in kept)
    processor = processor_seconds() - before
    return Cost(seconds, processor, run.requests, pictures, run.new, size, len(kept))


def processor_seconds() -> float:
    """Processor time of the processes that have ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--site", default="demo_mall")
    parser.add_argument("--keywords", default="", help="groups or keywords; all by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, running_marketplaces() as base:
        costs = {}
        for label, level in (("drawing", Level.PICTURES), *((each, each) for each in Level)):
            folder = Path(name, label)
            folder.mkdir()
            costs[label] = crawl(base, options.site, options.keywords, level, folder)
        without = costs[Level.OFF]
        print(
            f"{'':10} {'s':>7} {'x':>5} {'CPU s':>7} {'x':>5} {'pages':>6} {'pictures':>8}", end=""
        )
        print(f" {'new':>5} {'files':>6} {'kB':>8}")
        for each in Level:
            cost = costs[each]
            print(
                f"{each:10} {cost.seconds:7.1f} {cost.seconds / without.seconds:5.2f} "
                f"{cost.processor:7.1f} {cost.processor / without.processor:5.2f} "
                f"{cost.requests:6} {cost.pictures:8} {cost.new:5} {cost.files:6} "
                f"{cost.stored / 1000:8.0f}"
            )


if __name__ == "__main__":
    main()
