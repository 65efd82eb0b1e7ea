"""Workbook benchmark: processor time of report.xlsx and of the CSV files, of the same records.

Run: python -m benchmarks.workbook [--sizes 10000,100000,1000000]

Fills a SQLite store with generated advertisements of five years, and writes the CSV files and the
workbook of their report, each in a process of its own. Times are of the processor, in all threads.
The ratio is that of the workbook over the CSV files.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.export import RATE, RATE_DATE, fill, peak
from exports import NEEDED, Context, ReportSite
from exports.dataset import read_report_data
from exports.formats import Formats
from exports.spill import SpillFiles
from exports.summary import summarise
from exports.tables import make_tables
from exports.texts import texts_of
from exports.workbook import Contents, write_workbook
from exports.writers import write_csv
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.months import month_bounds, months_between
from wildcrawl.store import open_store


def write(url: str, kind: str, folder: Path) -> dict[str, float]:
    """Seconds of writing the files of a kind, and peak memory (MiB) before and after it."""
    months = months_between("2012-01", "2016-12")
    context = Context(
        months=months,
        groups=tuple(load_vocabulary().groups.values()),
        sites=[ReportSite(f"site{number}", since="2012-01") for number in range(31)],
        rate=RATE,
        rate_date=RATE_DATE,
        made_at=datetime(2017, 1, 1, tzinfo=UTC),
    )
    store = open_store(url)
    records = store.frames(*month_bounds(months[0], months[-1]), NEEDED)
    data = read_report_data(records, context, SpillFiles(folder))
    tables = make_tables(data)
    summary = summarise(data, tables)
    before, started = peak(), time.process_time()
    if kind == "csv":
        for name, table in tables.items():
            write_csv(folder / f"{name}.csv", table.parts())
    else:
        contents = Contents(data, tables, tables["advertisements"], summary, with_csv=True)
        write_workbook(folder / "report.xlsx", contents, Formats(data.context, texts_of("en")))
    seconds = time.process_time() - started
    store.close()
    size = sum(path.stat().st_size for path in folder.glob("*.*"))
    return {"seconds": seconds, "before": before, "peak": peak(), "size": size}


def alone(*arguments: str) -> dict[str, float]:
    """Result of a separate process, so that only its own memory counts."""
    command = [sys.executable, "-m", "benchmarks.workbook", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def main() -> None:
    """Prints one line for each size."""
    parser = argparse.ArgumentParser(description="workbook beside CSV files")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--write", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        url, kind, folder = given.write
        print(json.dumps(write(url, kind, Path(folder))))
        return
    print("     rows  CSV s  XLSX s  ratio  MiB before  CSV peak  XLSX peak  XLSX MB")
    for size in map(int, given.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/benchmark.db"
            fill(url, size)
            done = {}
            for kind in ("csv", "xlsx"):
                (Path(folder) / kind).mkdir()
                done[kind] = alone("--write", url, kind, f"{folder}/{kind}")
            csv, xlsx = done["csv"], done["xlsx"]
            print(
                f"{size:9,} {csv['seconds']:6.1f} {xlsx['seconds']:7.1f}"
                f" {xlsx['seconds'] / csv['seconds']:6.2f} {xlsx['before']:11,.0f}"
                f" {csv['peak']:9,.0f} {xlsx['peak']:10,.0f} {xlsx['size'] / 1e6:8,.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
