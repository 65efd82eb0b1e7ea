"""Desk benchmark: time from a verdict key to the next card painted, with its first picture.

Run: python -m benchmarks.desk [--ads 1000] [--cards 40]

Serves `scrapy desk` on a store of generated advertisements, opens it in Chromium at 1280 x 800 and
presses the key of a verdict for one card after another. The time runs from the key's event to the
second frame after the next card's first picture is decoded, on the browser's clock.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from wildcrawl.base_spiders.browser import working_browser
from wildcrawl.items import Advertisement
from wildcrawl.store import open_store

START = datetime(2016, 12, 3, 4, 0, tzinfo=UTC)
_CLOCK = """
addEventListener("keydown", () => {
  sessionStorage.pressed = performance.timeOrigin + performance.now();
}, true);
addEventListener("DOMContentLoaded", async () => {
  await document.querySelector(".pictures img")?.decode();
  requestAnimationFrame(() => requestAnimationFrame(() => {
    window.took = performance.timeOrigin + performance.now() - Number(sessionStorage.pressed);
  }));
});
"""
"""Sets `took` to the milliseconds since the last key, once the page's first picture is painted."""


def fill(folder: Path, ads: int) -> None:
    """Stores `ads` advertisements that are pending a verdict."""
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


def times(page: Page, cards: int) -> list[float]:
    """Milliseconds from key to painted card, for each of `cards` verdicts."""
    taken = []
    page.get_by_label("Judged by").fill("Li")
    page.keyboard.press("Enter")
    for _ in range(cards):
        with page.expect_navigation():
            page.keyboard.press("v")
        page.wait_for_function("window.took > 0")
        taken.append(float(page.evaluate("window.took")))
    return taken


def main() -> None:
    """Prints the median and the slowest of the times."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--ads", type=int, default=1_000)
    arguments.add_argument("--cards", type=int, default=40)
    given = arguments.parse_args()
    chromium = working_browser(os.environ.get("WILDCRAWL_BROWSER", ""))
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        fill(folder, given.ads)
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        with desk(folder) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.add_init_script(_CLOCK)
            page.goto(f"{address}screen/")
            page.wait_for_load_state()
            taken = sorted(times(page, given.cards))
            print(f"{given.ads} pending, {given.cards} cards")
            print(f"  key to next card     median {statistics.median(taken):.0f} ms")
            print(f"  nine in ten within   {taken[len(taken) * 9 // 10 - 1]:.0f} ms")
        browser.close()


if __name__ == "__main__":
    main()
