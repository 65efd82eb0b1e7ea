"""Sets up the programs under test; without one its tests are skipped, or fail where required."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.engines.planted import Crawled, stored
from tests.helpers.crawling import scrapy

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 900


def installed(program: str) -> Path:
    """What scripts/engines/PROGRAM.sh prints: where the program is."""
    done = subprocess.run(
        [ROOT / "scripts" / "engines" / f"{program}.sh"],
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"no {program}"])[-1]
        if os.environ.get("WILDCRAWL_REQUIRE_ENGINES") == "1":
            pytest.fail(done.stderr)
        pytest.skip(reason)
    return Path(done.stdout.strip())


def crawl(site: str, folder: Path, addresses: dict[str, str]) -> Crawled:
    """Crawls a site of tests.engines.spiders as a user does; `addresses` by spiders' names."""
    options = ("SPIDER_MODULES=tests.engines.spiders", "DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0")
    result = scrapy(
        "crawl",
        site,
        *(part for option in options for part in ("-s", option)),
        folder=folder,
        WILDCRAWL_CONTACT="monitoring@example.org",
        **{f"ENGINE_{name.upper()}": address for name, address in addresses.items()},
    )
    assert result.code == 0, result.err
    crawled = stored(folder)
    assert crawled.run.health == "ok", crawled.run.reason
    return crawled
