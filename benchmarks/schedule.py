"""Scheduling benchmark: the month's status and the list of sites with 1,000 sites on four nodes.

Run: python -m benchmarks.schedule [--sites 100 1000] [--nodes 4] [--months 12]

Each node is an HTTP server on loopback that answers as scrapyd does, with its share of the jobs on
record. The store, on SQLite and on the MongoDB-protocol server that the tests use, has a run and a
claim of each site in each month; the last one has killed, broken and running ones among them. What
is measured are the commands, each as a process of its own.
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
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from benchmarks.server import server
from wildcrawl.crawl.scheduling.jobs import Claim
from wildcrawl.items import Advertisement, Run
from wildcrawl.months import month_of
from wildcrawl.store import open_store
from wildcrawl.store.documents import Document, run_to_document
from wildcrawl.store.transfer import BATCH, RUNS, from_line, to_line

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (("list",), ("schedule", "--status"), ("sites",))


def answer_of(path: str, jobs: Sequence[tuple[str, str, str]]) -> dict[str, object]:
    """scrapyd's answer to a request; `jobs` are spider, id and state."""
    if path.startswith("/listprojects"):
        return {"status": "ok", "projects": ["wildcrawl"]}
    return {
        "status": "ok",
        **{
            state: [{"id": job, "spider": spider} for spider, job, of in jobs if of == state]
            for state in ("pending", "running", "finished")
        },
    }


@contextmanager
def node(jobs: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """A node with jobs on record; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(answer_of(self.path, jobs)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()


def fill(url: str, sites: Sequence[str], months: int, nodes: int) -> list[list[tuple[str, ...]]]:
    """Stores the runs and claims of `months`; each node's jobs of the last one."""
    now = datetime.now(UTC)
    jobs: list[list[tuple[str, ...]]] = [[] for _ in range(nodes)]
    with closing(open_store(url)) as store:
        for back in range(months):
            started = now - timedelta(days=30 * back, hours=1)
            claims: dict[str, Document] = {}
            runs: list[Document] = []
            for number, site in enumerate(sites):
                claim = Claim(site, month_of(started), 1, f"node{number % nodes}")
                claims[claim.id] = {"node": claim.node, "at": started.isoformat()}
                run = Run(f"{site}-{back}", site, started, job=claim.id, new=20, seen=300)
                run.keywords = [f"keyword {each}" for each in range(112)]
                run.yields = dict.fromkeys(run.keywords, (3, 1))
                state = "finished"
                if back == 0 and number % 50 == 0:
                    # Alive, by its heartbeat.
                    run.heard_of, run.complete, state = now.isoformat(), True, "running"
                else:
                    run.finished = started + timedelta(minutes=20)
                    run.health = "killed" if number % 50 == 1 else "ok"
                    run.complete = run.in_full = run.health == "ok"
                runs.append(from_line(to_line(run_to_document(run))))
                if back == 0:
                    jobs[number % nodes].append((site, claim.id, state))
            store.put_documents("jobs", claims)
            ads = [Advertisement(site, "1", title="象牙", found_at=started) for site in sites]
            store.record(ads, "1")
            for begin in range(0, len(runs), BATCH):
                store.load(RUNS, runs[begin : begin + BATCH])
    return jobs


def seconds(command: Sequence[str], folder: Path, store: str) -> tuple[float, float, int]:
    """Seconds of a command, seconds of CPU, and the number of lines that it prints."""
    environment = os.environ | {
        "WILDCRAWL_STORE": store,
        "SCRAPY_SETTINGS_MODULE": "wildcrawl.settings",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
    }
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    taken, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert not done.stderr, done.stderr
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken, cpu, len(done.stdout.splitlines())


def measure(url: str, number: int, nodes: int, months: int) -> str:
    """A row of the table."""
    sites = [f"site{each:04d}" for each in range(number)]
    jobs = fill(url, sites, months, nodes)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        urls = [stack.enter_context(node(each)) for each in jobs]  # type: ignore[arg-type]
        sections = (
            f"[deploy:node{each}]\nurl = {address}\nproject = wildcrawl\n"
            for each, address in enumerate(urls)
        )
        Path(name, "scrapy.cfg").write_text(
            "[settings]\ndefault = wildcrawl.settings\n\n" + "\n".join(sections)
        )
        cells = []
        for command in COMMANDS:
            taken, cpu, lines = seconds(command, Path(name), url)
            cells.append(f"{taken:.1f} / {cpu:.1f} ({lines} lines)")
    return f"| {url.partition(':')[0]} | {number} | {' | '.join(cells)} |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--sites", type=int, nargs="+", default=[100, 1000])
    arguments.add_argument("--nodes", type=int, default=4)
    arguments.add_argument("--months", type=int, default=12)
    given = arguments.parse_args()
    print("Seconds / seconds of CPU (lines that are printed):\n")
    print("| store | sites | `scrapy list` | `scrapy schedule --status` | `scrapy sites` |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for number in given.sites:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/wildcrawl.db"
            print(measure(url, number, given.nodes, given.months), flush=True)
            Path(folder, "server").mkdir()
            with server(Path(folder, "server")) as address:
                url = f"{address.rstrip('/')}/benchmark_{number}"
                print(measure(url, number, given.nodes, given.months), flush=True)


if __name__ == "__main__":
    main()
