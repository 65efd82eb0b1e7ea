"""Desk benchmark: time from a verdict key to the next card painted, with its first picture.

Run: python -m benchmarks.desk [--ads 1000] [--cards 40] [--pause 1]

Serves `scrapy desk` on a store of generated advertisements, opens it in Chromium at 1280 x 800 and
presses the key of a verdict for one card after another, as a hand that looks, with a pause before
each; first without evidence, then with three
photographs of 1.9 million pixels for each card. The time runs from the key's event to the second
frame after the next card's first picture is decoded, on the browser's clock. The ratio is the
second median over the first; ratios are comparable between machines, times are not.
"""

from __future__ import annotations

import argparse
import os
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
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from wildcrawl.base_spiders.browser import working_browser
from wildcrawl.evidence import Capture, CaptureKind, Evidence, open_evidence
from wildcrawl.evidence.records import Exchange, Origin
from wildcrawl.items import Advertisement
from wildcrawl.store import open_store

START = datetime(2016, 12, 3, 4, 0, tzinfo=UTC)
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


def fill(folder: Path, ads: int, pictured: int) -> None:
    """Stores `ads` advertisements pending a verdict, the first `pictured` of the queue captured."""
    made = [
        Advertisement(
            "fair", f"a{number:06}", title=f"老象牙手镯 {number}",
            description="包浆自然 传世精品 " * 20,
            url=f"http://fair.example/item/{number}", price="￥1200", price_kind="amount",
            image_urls=[f"http://img.example/{number}.jpg"], species=["ivory"], terms=["象牙"],
            found_by=["象牙"], found_at=START + timedelta(minutes=number), relevance="likely",
            seller="藏友", reason="象牙 (name)", strength="name",
        )
        for number in range(ads)
    ]  # fmt: skip
    with closing(open_store(f"sqlite:///{folder / 'wildcrawl.db'}")) as store:
        for first in range(0, ads, 500):
            store.record(made[first : first + 500], "run")
        evidence, pictures = open_evidence(store, folder / "evidence"), photographs()
        # The newest come first in the queue.
        for ad in made[ads - pictured :]:
            capture(evidence, ad.ad_id, pictures)


@contextmanager
def desk(folder: Path) -> Iterator[str]:
    """The address of `scrapy desk` in `folder`."""
    command = [sys.executable, "-m", "scrapy", "desk", "-p", "0"]
    environment = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "wildcrawl.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
    }
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[4]
        finally:
            process.terminate()


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
    """Prints the times without and with pictures, and their ratio."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--ads", type=int, default=1_000)
    arguments.add_argument("--cards", type=int, default=40)
    arguments.add_argument("--pause", type=float, default=1.0)
    given = arguments.parse_args()
    chromium = working_browser(os.environ.get("WILDCRAWL_BROWSER", ""))
    medians = []
    print(f"{given.ads} pending, {given.cards} cards")
    for name, pictured in (("without evidence", 0), ("with pictures", given.cards + 2)):
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder), given.ads, min(pictured, given.ads))
            taken = sorted(run(chromium, Path(folder), given.cards, given.pause))
        medians.append(statistics.median(taken))
        slow = taken[len(taken) * 9 // 10 - 1]
        print(f"  {name:18} median {medians[-1]:4.0f} ms, nine in ten within {slow:4.0f} ms")
    print(f"  with pictures takes {medians[1] / medians[0]:.2f}x")


def run(chromium: str, folder: Path, cards: int, pause: float) -> list[float]:
    """The times of a desk in `folder`."""
    with sync_playwright() as playwright, desk(folder) as address:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(_CLOCK)
        page.goto(f"{address}screen/")
        page.wait_for_load_state()
        taken = times(page, cards, pause)
        if (folder / "evidence").exists():
            assert page.locator(".pictures img").count(), "the last card has its pictures"
        browser.close()
    return taken


if __name__ == "__main__":
    main()
