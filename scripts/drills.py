"""Drills: crawls of a site on loopback under faults, and what each of them lost or doubled.

Run: python -m scripts.drills [--minutes 10] [--seed N] [--only WORD] [--hostile]

Each drill crawls under a fault, then once more without it, and compares the store with that of a
crawl that had no fault. Something is lost if the store lacks it after that second crawl, or if the
run under the fault ended as good without it; it is doubled if runs count more new advertisements
than there are. The exit code is 1 if anything was lost or doubled. Drills that no time is left for
are named, and so are those that this machine cannot do.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import runpy
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from scripts.hostile_pages import PAGES, RESULTS, Page
from tests.helpers.crawling import environment
from tests.helpers.crawls import CONTACT
from tests.helpers.mongodb_server import MongoServer, NoServerError
from tests.helpers.odd_site import ROBOTS, Answer, Asked, OddSite, odd_site, results
from wildcrawl.items import Health, Run
from wildcrawl.store import StoreError, open_store

LONGEST = 300.0
"""Seconds of processor time after which a crawl is counted as hung, and killed."""
IDLE = 200.0
"""Seconds in which a crawl that works takes more than one of processor time, however busy the
machine is: it waits for an answer of its database for 120 s at most."""
MOST_MEMORY = 512
"""Megabytes that a crawl may take for a hostile page."""
ARGUMENTS = (
    *("crawl", "polite_site", "-s", "SPIDER_MODULES=tests.helpers.polite_spiders"),
    *("-a", "keywords=tiger,leopard,saiga"),
)


@dataclass
class Crawl:
    """A crawl that has ended: exit code (negative: a signal), output, and peak memory in MB."""

    code: int
    output: str
    memory: float
    hung: bool = False


@dataclass
class Ground:
    """Where a drill takes place: a folder, a store, the pages of the site, and its address."""

    folder: Path
    store: str
    page: Page
    site: OddSite

    def start(self, *fault: str) -> subprocess.Popen[bytes]:
        """Starts a crawl, with faults inside the process as `--inside` has them."""
        scrapy = ["scripts.drills", "--inside", *fault, "--"] if fault else ["scrapy"]
        settings = {
            "WILDCRAWL_STORE": self.store,
            "WILDCRAWL_DEMO_URL": self.site.address,
            "WILDCRAWL_CONTACT": CONTACT,
            "WILDCRAWL_EVIDENCE": "off",
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "PYTHONFAULTHANDLER": "1",
        }
        return subprocess.Popen(
            [sys.executable, "-m", *scrapy, *ARGUMENTS],
            cwd=self.folder,
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def crawl(self, *fault: str) -> Crawl:
        return ended(self.start(*fault))

    def stored(self) -> tuple[set[str], list[Run]]:
        """The ids in the store, and its runs; empty if there is no store."""
        path = self.store.removeprefix("sqlite:///")
        if path != self.store and not Path(path).exists():
            return set(), []
        store = open_store(self.store)
        try:
            return {ad.ad_id for ad in store.advertisements()}, list(store.runs())
        finally:
            store.close()

    def set_aside(self) -> int:
        """Advertisements that a crawl saved beside the store."""
        return sum(
            len(path.read_text("utf-8").splitlines())
            for path in self.folder.glob("wildcrawl-unsaved-*.jsonl")
        )


@dataclass
class Outcome:
    """What a drill came to; `skipped` is why it did not take place."""

    name: str
    said: str = ""
    lost: int = 0
    doubled: int = 0
    seconds: float = 0.0
    skipped: str = ""

    @property
    def is_bad(self) -> bool:
        return bool(self.lost or self.doubled)


@dataclass(frozen=True)
class Drill:
    """A fault: what is done, and on which pages."""

    name: str
    do: Callable[[Ground, random.Random], list[Crawl]]
    page: Page | None = None
    """The site's pages under the fault; None: those without one."""
    on_server: bool = False
    refused: bool = False
    """Whether the crawl must store nothing, and end as a fault."""


def ended(process: subprocess.Popen[bytes]) -> Crawl:
    """Waits for a crawl; one that takes too long is killed."""
    hung, moment, taken = False, time.monotonic(), 0.0
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    output = bytearray()
    while True:
        output += process.stdout.read() or b""
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        seconds = processor_seconds(process.pid)
        if seconds > taken + 1:
            moment, taken = time.monotonic(), seconds
        if not hung and (seconds > LONGEST or time.monotonic() - moment > IDLE):
            hung = True
            # Python writes where it hangs, see environment.
            process.send_signal(signal.SIGABRT)
        time.sleep(0.05)
    output += process.stdout.read() or b""
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    memory = used.ru_maxrss / 1024
    return Crawl(process.returncode, output.decode("utf-8", "replace"), memory, hung)


def processor_seconds(pid: int) -> float:
    """Processor time of a process of this machine that runs, or has ended and is not waited for."""
    # After the name, which may contain anything: user and system time are fields 14 and 15.
    times = (
        Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[11:13]
    )
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def plain(asked: Asked) -> Answer:
    """A page of results that differ by keyword, each with a word of the vocabulary."""
    return results(asked, RESULTS)


# Faults


def killed_at_random(ground: Ground, chance: random.Random) -> list[Crawl]:
    process = ground.start()
    end = time.monotonic() + chance.uniform(0.5, 6)
    while time.monotonic() < end and process.poll() is None:
        if ground.site.paths("/search") and chance.random() < 0.05:
            break
        time.sleep(0.05)
    if process.returncode is None:
        process.kill()
    return [] if process.returncode is not None else [ended(process)]


def inside(*fault: str) -> Callable[[Ground, random.Random], list[Crawl]]:
    """A crawl with a fault inside its process."""

    def do(ground: Ground, _: random.Random) -> list[Crawl]:
        return [ground.crawl(*fault)]

    return do


def store_deleted(ground: Ground, _: random.Random) -> list[Crawl]:
    process = ground.start()
    wait_for(process, lambda: len(ground.site.paths("/search")) >= 3)
    for path in ground.folder.glob("store.db*"):
        path.unlink()
    return [ended(process)]


def two_at_once(ground: Ground, _: random.Random) -> list[Crawl]:
    return [ended(process) for process in (ground.start(), ground.start())]


def plainly(ground: Ground, _: random.Random) -> list[Crawl]:
    return [ground.crawl()]


def wait_for(process: subprocess.Popen[bytes], condition: Callable[[], bool]) -> None:
    """Waits until the condition holds, or the process has ended."""
    end = time.monotonic() + 2 * LONGEST
    while time.monotonic() < end and not condition():
        if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(0.05)


def many_cards(asked: Asked) -> Answer:
    return results(asked, 30_000)


def long_title(asked: Asked) -> Answer:
    return Answer(
        plain(asked).body + f'<li data-id="1"><a href="/item/1">{"<a" * 150_000}</a></li>'
    )


def deep_page(asked: Asked) -> Answer:
    return Answer("<div>" * 100_000 + plain(asked).body)


def year_behind(asked: Asked) -> Answer:
    """A site with the right time, seen from a machine whose clock is a year ahead."""
    answer = plain(asked)
    at = datetime.now(UTC) - timedelta(days=365)
    # The last of two is read.
    answer.headers["Date"] = format_datetime(at, usegmt=True)
    return answer


def random_bytes(asked: Asked) -> Answer:
    return Answer(raw=random.Random(asked.path).randbytes(300_000))


DRILLS = (
    *(Drill(f"kill -9 at random, {number}", killed_at_random) for number in range(1, 6)),
    *(
        Drill(f"kill -9 {when} {call}, call {number}", inside("kill", call, str(number), when))
        for call, number in (("record", 1), ("record", 2), ("save_run", 1), ("save_run", 2))
        for when in ("before", "after")
    ),
    Drill("full disk (no file over 200 kB)", inside("full", "200000")),
    Drill("full disk at once", inside("full", "40000")),
    Drill("store deleted in mid-crawl", store_deleted),
    Drill("two crawls at once", two_at_once),
    Drill("database away for 3 calls", inside("away", "3")),
    Drill("database away to the end", inside("away", "1000000")),
    Drill("slow database (1 s a write)", inside("slow", "1")),
    Drill("two crawls at once, MongoDB", two_at_once, on_server=True),
    Drill("kill -9 after record, MongoDB", inside("kill", "record", "1", "after"), on_server=True),
    Drill("clock a year ahead", plainly, year_behind, refused=True),
    Drill("30,000 cards a page", plainly, many_cards),
    Drill("title of 300,000 letters", plainly, long_title),
    Drill("100,000 nested elements", plainly, deep_page),
    Drill("random bytes", plainly, random_bytes),
    *(Drill(name, plainly, page) for name, page in PAGES.items()),
)


def drilled(drill: Drill, folder: Path, server: str, expected: set[str], seed: int) -> Outcome:
    """Does a drill; `expected` are the ids that a crawl without a fault stores."""
    began = time.monotonic()
    pages: list[Page] = [drill.page or plain]
    store = f"{server}drill_{os.urandom(4).hex()}" if drill.on_server else ""

    # The date of robots.txt is that of the other pages.
    def rules(asked: Asked) -> Answer:
        return Answer(ROBOTS, headers=pages[0](asked).headers)

    with odd_site(lambda asked: pages[0](asked), rules) as site:
        ground = Ground(folder, store or f"sqlite:///{folder / 'store.db'}", pages[0], site)
        crawls = drill.do(ground, random.Random(seed))
        after, runs = ground.stored()
        # A killed run is closed by the next; an unfinished one did not end as good.
        good = [run for run in runs if run.health == Health.OK and run.finished]
        saved = ground.set_aside()
        lost = len(expected - after) if good else 0
        if drill.refused:
            lost = len(after) + len(good)
        pages[0] = plain
        last = ground.crawl()
        ids, runs = ground.stored()
    lost = max(lost, len(expected - ids))
    counted = sum(run.new + run.set_aside for run in runs)
    said = ", ".join(described(crawl) for crawl in crawls) or "ended before the fault"
    if saved:
        said += f"; {saved} saved beside the store"
    if last.code:
        said += f"; the crawl after it: {described(last)}"
        lost = max(lost, 1)
    if any(crawl.hung or crawl.memory > MOST_MEMORY for crawl in crawls):
        lost = max(lost, 1)
    doubled = max(0, counted - len(ids))
    return Outcome(drill.name, said, lost, doubled, time.monotonic() - began)


def described(crawl: Crawl) -> str:
    """Exit code, last line and memory of a crawl."""
    lines = [line for line in crawl.output.splitlines() if line.strip()]
    if crawl.hung:
        how = f"hung:\n{crawl.output[-3000:]}\n"
    elif crawl.code < 0:
        how = signal.Signals(-crawl.code).name
    else:
        how = f"exit {crawl.code}"
    verdict = lines[-1].partition("] ")[2] or lines[-1] if lines and crawl.code >= 0 else ""
    return f"{how}, {crawl.memory:.0f} MB{f': {verdict[:100]}' if verdict else ''}"


# Faults inside the process of a crawl


def crawl_with(fault: str, values: list[str], command: list[str]) -> None:
    """Runs `scrapy COMMAND` in this process with a fault in its store or its disk."""
    if fault == "full":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(values[0]), int(values[0])))
    else:
        from wildcrawl.store.mongo import MongoStore
        from wildcrawl.store.sqlite import SQLiteStore

        for store in (SQLiteStore, MongoStore):
            spoil(store, fault, values)
    sys.argv = ["scrapy", *command]
    runpy.run_module("scrapy", run_name="__main__", alter_sys=True)


def spoil(store: Any, fault: str, values: list[str]) -> None:
    """Gives the store's writing a fault: kill CALL NUMBER WHEN, away TIMES, or slow SECONDS."""
    name = values[0] if fault == "kill" else "record"
    original, calls = getattr(store, name), [0]

    def call(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        if fault == "away" and calls[0] <= int(values[0]):
            raise StoreError("the store does not answer (a drill)")
        if fault == "slow":
            time.sleep(float(values[0]))
        due = fault == "kill" and calls[0] == int(values[1])
        if due and values[2] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **named)
        if due:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(store, name, call)


# The whole


@dataclass
class Server:
    """A MongoDB-protocol server, started on first use; `fault` is why there is none."""

    folder: Path
    fault: str = ""
    running: MongoServer | None = field(default=None, init=False)

    def url(self) -> str:
        if self.running is None and not self.fault:
            try:
                self.folder.mkdir()
                server = MongoServer(self.folder)
                server.start()
            except NoServerError as error:
                self.fault = str(error).splitlines()[0]
            else:
                self.running = server
        return self.running.url if self.running else ""


@contextmanager
def possible_server(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    try:
        yield server
    finally:
        if server.running:
            server.running.stop()


def reference(folder: Path) -> set[str]:
    """The ids that a crawl without a fault stores."""
    folder.mkdir()
    with odd_site(plain) as site:
        ground = Ground(folder, f"sqlite:///{folder / 'store.db'}", plain, site)
        crawl = ground.crawl()
        ids, runs = ground.stored()
    if crawl.code or not ids or runs[-1].health != Health.OK:
        raise SystemExit(f"The crawl without a fault failed, so that no drill says anything:\n"
                         f"{crawl.output}")  # fmt: skip
    return ids


def all_drills(minutes: float, seed: int, chosen: Sequence[Drill]) -> list[Outcome]:
    """Does the drills until the time is over; prints each as it ends."""
    end = time.monotonic() + 60 * minutes
    outcomes = []
    with tempfile.TemporaryDirectory() as name, possible_server(Path(name, "server")) as server:
        expected = reference(Path(name, "reference"))
        print(f"A crawl without a fault stores {len(expected)} advertisements; seed {seed}.")
        for number, drill in enumerate(chosen):
            folder = Path(name, str(number))
            folder.mkdir()
            url = server.url() if drill.on_server else ""
            if time.monotonic() > end:
                outcome = Outcome(drill.name, skipped="no time was left")
            elif drill.on_server and not url:
                outcome = Outcome(drill.name, skipped=server.fault)
            else:
                outcome = drilled(drill, folder, url, expected, seed + number)
            print(line_of(outcome), flush=True)
            outcomes.append(outcome)
    return outcomes


def line_of(outcome: Outcome) -> str:
    """A line of the table."""
    if outcome.skipped:
        return f"{outcome.name:38} {'-':>5} {'-':>7} {'-':>8}  not done: {outcome.skipped}"
    return (
        f"{outcome.name:38} {outcome.lost:5} {outcome.doubled:7} {outcome.seconds:8.0f}  "
        f"{outcome.said}"
    )


def summary(outcomes: list[Outcome]) -> Mapping[str, int]:
    """Numbers of drills: done, bad, and not done."""
    done = [outcome for outcome in outcomes if not outcome.skipped]
    return {
        "done": len(done),
        "bad": sum(outcome.is_bad for outcome in done),
        "not done": len(outcomes) - len(done),
    }


def main() -> int:
    if sys.argv[1:2] == ["--inside"]:
        mark = sys.argv.index("--")
        crawl_with(sys.argv[2], sys.argv[3:mark], sys.argv[mark + 1 :])
        return 0
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10, help="when to begin no further drill")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", default="", help="drills with this word in their name")
    parser.add_argument("--hostile", action="store_true", help="hostile pages only")
    given = parser.parse_args()
    print(f"{'drill':38} {'lost':>5} {'doubled':>7} {'seconds':>8}  outcome")
    chosen = [each for each in DRILLS if given.only in each.name]
    if given.hostile:
        chosen = [each for each in chosen if each.name in PAGES]
    numbers = summary(all_drills(given.minutes, given.seed, chosen))
    print(", ".join(f"{number} {name}" for name, number in numbers.items()))
    return 1 if numbers["bad"] or not numbers["done"] else 0


if __name__ == "__main__":
    sys.exit(main())
