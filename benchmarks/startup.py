"""Start-up benchmark: `scrapy list` here and in a bare project with as many spiders.

Run: python -m benchmarks.startup
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 9
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
SPIDER = """import scrapy


class Spider{number}(scrapy.Spider):
    name = "site{number}"
    start_urls = ["https://site{number}.example/"]

    def parse(self, response):
        yield {{"url": response.url}}
"""


def sites(folder: Path) -> list[str]:
    """Names of the spiders listed by `scrapy list` in `folder`."""
    # Bytecode is written, so that only the first run compiles.
    environment = {name: os.environ[name] for name in os.environ if name != NO_BYTECODE}
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.split()


def seconds(folder: Path) -> float:
    """Processor time in seconds of one `scrapy list` in `folder`."""
    before = os.times()
    sites(folder)
    after = os.times()
    return (
        after.children_user
        + after.children_system
        - (before.children_user + before.children_system)
    )


def make_bare(folder: Path, spiders: int) -> Path:
    """Creates a project of Scrapy's template with `spiders` spiders; returns its folder."""
    subprocess.run(
        [sys.executable, "-m", "scrapy", "startproject", "bare", str(folder)],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    for number in range(spiders):
        path = folder / "bare" / "spiders" / f"site{number}.py"
        path.write_text(SPIDER.format(number=number), encoding="utf-8")
    return folder


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        number = len(sites(ROOT))
        bare = make_bare(Path(name), number)
        # The first run of each compiles its modules.
        assert len(sites(bare)) == number
        pairs = [(seconds(ROOT), seconds(bare)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(
        f"scrapy list, {number} spiders: {ours:.2f} s here, {theirs:.2f} s bare: {ratio:.2f} times"
    )


if __name__ == "__main__":
    main()
