"""Cost of a month at a number of sites, computed from measured figures.

Run: python scripts/scale.py [--keywords 112] [--pages 2] [--delay 2] [--sites 31 1000 …]

Prints the table of docs/scale.md. Each figure that is measured is named with its source in FIGURES;
what depends on the sites is an option.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """Measured figures, with the benchmark that measures each."""

    advertisement: float = 1_840
    """Bytes of an advertisement of 120 letters in SQLite, all indexes included: the file of 10,000
    that benchmarks.scale makes."""
    crawl_memory: float = 160
    """MB of a crawl of demo_mall with evidence; demo_forum, the largest, takes 197."""


FIGURES = Figures()
BUSY = 0.5
"""Share of a month in which a node may crawl; the rest is for repetitions."""
MONTH = 30 * 24
"""Hours."""


@dataclass(frozen=True)
class Site:
    """What a month at one site takes; assumptions, which options change."""

    keywords: int = 112
    pages: float = 2.0
    """Search pages of a keyword."""
    new: int = 350
    """New advertisements."""
    delay: float = 2.0
    """Seconds between two requests."""
    capture: float = 150_000
    """Bytes of evidence of a new advertisement: its page and its pictures."""

    @property
    def requests(self) -> float:
        """Requests: search pages, and the page of each new advertisement."""
        return self.keywords * self.pages + self.new

    @property
    def hours(self) -> float:
        """Hours at a polite pace, one request at a time."""
        return self.requests * self.delay / 3600


def row(sites: int, site: Site, crawls: int) -> list[str]:
    """The cells of a number of sites; `crawls` run on a node at once."""
    hours = sites * site.hours
    nodes = max(1, -(-hours // (MONTH * BUSY * crawls)))
    stored = sites * site.new * FIGURES.advertisement / 1e9
    evidence = sites * site.new * site.capture / 1e9
    return [
        f"{sites:,}", f"{sites * site.requests:,.0f}", f"{hours:,.0f}", f"{nodes:,.0f}",
        f"{crawls * FIGURES.crawl_memory / 1000:.1f} GB", f"{stored:,.2f} GB",
        f"{evidence:,.0f} GB", f"{sites * site.new:,}",
    ]  # fmt: skip


HEADER = (
    "sites", "requests", "hours of crawling", "nodes", "memory of a node", "database",
    "evidence", "new advertisements",
)  # fmt: skip


def table(sites: list[int], site: Site, crawls: int) -> str:
    """The rows as a Markdown table."""
    rows = [list(HEADER), ["---:"] * len(HEADER), *(row(each, site, crawls) for each in sites)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--sites", type=int, nargs="+", default=[31, 1_000, 10_000, 1_000_000])
    arguments.add_argument("--keywords", type=int, default=Site.keywords)
    arguments.add_argument("--pages", type=float, default=Site.pages)
    arguments.add_argument("--new", type=int, default=Site.new)
    arguments.add_argument("--delay", type=float, default=Site.delay)
    arguments.add_argument("--capture", type=float, default=Site.capture)
    arguments.add_argument("--crawls", type=int, default=8, help="crawls of a node at once")
    given = arguments.parse_args()
    site = Site(given.keywords, given.pages, given.new, given.delay, given.capture)
    print(table(given.sites, site, given.crawls))


if __name__ == "__main__":
    main()
