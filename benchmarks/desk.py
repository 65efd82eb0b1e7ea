"""Desk benchmark: time from a verdict key to the next card painted, with its first picture.

Run: python -m benchmarks.desk [--ads 1000 100000] [--server-ads 1000] [--cards 40] [--pause 1]

Serves `scrapy desk` on stores of generated advertisements, on SQLite and on the MongoDB-protocol
server that the tests use, opens it in Chromium at 1280 x 800 and presses the key of a verdict for
one card after another, as a hand that looks, with a pause before each. Each card has three
photographs of 1.9 million pixels. The time runs from the key's event to the second frame after the
next card's first picture is decoded, on the browser's clock. Printed for each store: the seconds of
the first card after the start, the median of the times, the processor time that the desk and its
decoding processes took for a card, their memory at most, and how many questions a card asks the
store. Times depend on the machine and on what else it does, memory and questions do not.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from scrapy.settings import Settings

from benchmarks.questions import Questions
from benchmarks.server import server
from wildcrawl.base_spiders.browser import working_browser
from wildcrawl.commands.desk import desk_of
from wildcrawl.desk import close_app, create_app
from wildcrawl.desk.accounts import Access
from wildcrawl.desk.screening import LATER
from wildcrawl.evidence import Capture, CaptureKind, Evidence, open_evidence
from wildcrawl.evidence.records import Exchange, Origin
from wildcrawl.items import Advertisement
from wildcrawl.store import open_store

START = datetime(2016, 12, 3, 4, 0, tzinfo=UTC)
BATCH = 2_000
LETTERS = [chr(0x4E00 + 3 * number) for number in range(4_000)]
_CLOCK = """
addEventListener("keydown", () => {
  sessionStorage.pressed = performance.timeOrigin + performance.now();
}, true);
window.took = new Promise((resolve) => addEventListener("DOMContentLoaded", async () => {
  await document.querySelector(".pictures figure img")?.decode();
  requestAnimationFrame(() => requestAnimationFrame(() => {
    resolve(performance.timeOrigin + performance.now() - Number(sessionStorage.pressed));
  }));
}));
"""
"""`took` resolves to the milliseconds since the last key, once the first picture is painted."""


PICTURES = 3
SIZE = (1200, 1600)
"""Height and width of a photograph."""


def photographs() -> Iterator[bytes]:
    """JPEGs with the noise and gradients of photographs, each with other bytes."""
    chance = np.random.default_rng(2016)
    light = np.linspace(60, 200, SIZE[1])[None, :, None] + chance.normal(0, 12, (*SIZE, 3))
    pixels = np.clip(light, 0, 255).astype(np.uint8)
    while True:
        pixels = np.roll(pixels, 37, axis=1)
        written = BytesIO()
        Image.fromarray(pixels).save(written, "JPEG", quality=85)
        yield written.getvalue()


def capture(evidence: Evidence, ad_id: str, made: Iterator[bytes]) -> None:
    """Keeps a page and PICTURES photographs of one advertisement."""
    captures = []
    for place in range(PICTURES + 1):
        kind = CaptureKind.PICTURE if place else CaptureKind.PAGE
        body = next(made) if place else f"<title>{ad_id}</title>".encode()
        url = f"http://fair.example/{ad_id}/{place}"
        exchange = Exchange(url, START, 200, [("Content-Type", "image/jpeg")], body)
        kept = evidence.keep(exchange, body, Origin("run", "fair", [ad_id]))
        captures.append(
            Capture("fair", ad_id, START, "run", kind, url, 200, "image/jpeg", **kept._asdict())
        )
    evidence.add(captures, "benchmark")


def fill(url: str, folder: Path, ads: int, pictured: int) -> None:
    """Stores `ads` advertisements pending a verdict, the first `pictured` of the queue captured."""
    with closing(open_store(url)) as store:
        for first in range(0, ads, BATCH):
            store.record(
                [advertisement(number) for number in range(first, min(first + BATCH, ads))], "run"
            )
        while store.index_texts():
            pass
        evidence, pictures = open_evidence(store, folder / "evidence"), photographs()
        # The newest come first in the queue.
        for number in range(ads - pictured, ads):
            capture(evidence, advertisement(number).ad_id, pictures)


def advertisement(number: int) -> Advertisement:
    """One of many that are alike only in what they are."""
    chance = random.Random(number)
    return Advertisement(
        "fair", f"a{number:06}", title=f"老象牙手镯 {number}",
        description="".join(chance.choices(LETTERS, k=160)),
        url=f"http://fair.example/item/{number}", price="￥1200", price_kind="amount",
        image_urls=[f"http://img.example/{number}.jpg"], species=["ivory"], terms=["象牙"],
        found_by=["象牙"], found_at=START + timedelta(minutes=number), relevance="likely",
        seller=f"藏友{number % 997}", reason="象牙 (name)", strength="name",
    )  # fmt: skip


@contextmanager
def desk(folder: Path, url: str) -> Iterator[tuple[str, int]]:
    """The address of `scrapy desk` on a store, and the number of its process."""
    command = [sys.executable, "-m", "scrapy", "desk", "-p", "0"]
    environment = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "wildcrawl.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "WILDCRAWL_STORE": url,
        "WILDCRAWL_EVIDENCE_DIR": str(folder / "evidence"),
        "WILDCRAWL_DESK_DIR": str(folder / "desk"),
    }
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[4], process.pid
        finally:
            process.terminate()


def processor_time(process: int) -> float:
    """Seconds that a process and the processes it started have computed."""
    found = 0.0
    for number in (process, *children(process)):
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        found += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def children(process: int) -> list[int]:
    """Processes that a process started and that still run."""
    listed = Path(f"/proc/{process}/task").glob("*/children")
    return [int(number) for each in listed for number in each.read_text().split()]


def most_memory(process: int) -> int:
    """The most memory that a process has had, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def questions(url: str, folder: Path, counted: Questions, cards: int = 10) -> float:
    """How many questions a verdict and the next card ask the store, the mean of `cards`.

    Without the part of the card that is searched for once it is on the screen.
    """
    settings = Settings()
    settings.setmodule("wildcrawl.settings")
    settings.set("WILDCRAWL_STORE", url)
    settings.set("WILDCRAWL_EVIDENCE_DIR", str(folder / "evidence"))
    access = Access()
    app = create_app(desk_of(settings), access)
    client = app.test_client()
    with counted.counting_sqlite():
        client.get(f"/enter?token={access.token.value}")
        client.set_cookie(LATER, "1")
        page = client.get("/screen/").text
        before = counted.number
        for _ in range(cards):
            page = judge_next(client, page)
    asked = (counted.number - before) / cards
    close_app(app)
    return asked


def judge_next(client: FlaskClient, page: str) -> str:
    """Judges the card of a page, and returns the page of the next one."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    form = {name: hidden[name] for name in ("ad_id", "site", "was", "state")}
    answer = client.post("/screen/verdict", data={**form, "by": "Li", "verdict": "valid"})
    assert answer.status_code == 302
    return client.get(answer.headers["Location"]).text


def times(page: Page, cards: int, pause: float) -> list[float]:
    """Milliseconds from key to painted card, for each of `cards` verdicts `pause` seconds apart."""
    taken = []
    page.get_by_label("Judged by").fill("Li")
    page.keyboard.press("Enter")
    for _ in range(cards):
        time.sleep(pause)
        with page.expect_navigation():
            page.keyboard.press("v")
        taken.append(float(page.evaluate("window.took")))
    return taken


def main() -> None:
    """Prints a line of figures for each store."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--ads", type=int, nargs="*", default=[1_000])
    arguments.add_argument("--server-ads", type=int, nargs="*", default=[])
    arguments.add_argument("--cards", type=int, default=40)
    arguments.add_argument("--pause", type=float, default=1.0)
    given = arguments.parse_args()
    chromium = working_browser(os.environ.get("WILDCRAWL_BROWSER", ""))
    counted = Questions()
    for ads in given.ads:
        with tempfile.TemporaryDirectory() as place:
            url = f"sqlite:///{place}/wildcrawl.db"
            measure(f"SQLite, {ads:,} pending", url, Path(place), ads, given, chromium, counted)
    for ads in given.server_ads:
        with tempfile.TemporaryDirectory() as place, server(Path(place)) as served:
            url = f"{served.rstrip('/')}/wildcrawl"
            name = f"MongoDB protocol, {ads:,} pending"
            measure(name, url, Path(place), ads, given, chromium, counted)


def measure(
    name: str,
    url: str,
    folder: Path,
    ads: int,
    given: argparse.Namespace,
    chromium: str,
    counted: Questions,
) -> None:
    """Fills a store, screens some of it and prints what it took."""
    # Those that are judged in the browser, and then to count questions.
    fill(url, folder, ads, min(given.cards + 14, ads))
    with desk(folder, url) as (address, process):
        first, taken, seconds = run(chromium, address, process, given.cards, given.pause)
        memory, decoding = most_memory(process), [most_memory(each) for each in children(process)]
    slow = sorted(taken)[len(taken) * 9 // 10 - 1]
    print(
        f"{name}: first card {first:.2f} s; key to next card median "
        f"{statistics.median(taken):.0f} ms, nine in ten within {slow:.0f} ms; "
        f"{1000 * seconds / len(taken):.0f} ms of processor time a card; at most {memory} MB, "
        f"decoding {max(decoding, default=0)} MB; "
        f"{questions(url, folder, counted):.1f} questions a card",
        flush=True,
    )


def run(
    chromium: str, address: str, process: int, cards: int, pause: float
) -> tuple[float, list[float], float]:
    """Seconds of the first card, times in ms of the others, and the processor time of these."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(_CLOCK)
        # The first page of any kind opens the store.
        page.goto(address)
        start = time.perf_counter()
        page.goto(f"{address.partition('enter')[0]}screen/")
        page.locator(".pictures figure img").first.evaluate("picture => picture.decode()")
        first = time.perf_counter() - start
        page.wait_for_load_state()
        before = processor_time(process)
        taken = times(page, cards, pause)
        seconds = processor_time(process) - before
        assert page.locator(".pictures img").count(), "the last card has its pictures"
        browser.close()
    return first, taken, seconds


if __name__ == "__main__":
    main()
