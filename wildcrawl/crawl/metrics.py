"""Metrics of runs for Prometheus: a text file for each site, for the node exporter to collect."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from wildcrawl.crawl.locations import path_of
from wildcrawl.crawl.session import Session
from wildcrawl.items import Health, Run

logger = logging.getLogger(__name__)

COUNTS = {
    "pages": "Pages of results that were read",
    "requests": "Requests that were sent",
    "found": "Advertisements that the site showed",
    "new": "Advertisements that were not stored before",
    "seen": "Advertisements that were stored before",
    "set_aside": "New advertisements that the text itself rules out",
    "irrelevant": "Advertisements in which nothing matched",
    "errors": "Errors in the code",
}


class MetricsFile:
    """Writes the metrics of the run that has ended, into the folder WILDCRAWL_METRICS."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self.folder = folder

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        folder = path_of(crawler.settings, "WILDCRAWL_METRICS")
        if folder is None:
            raise NotConfigured
        metrics = cls(Session.of(crawler), folder)
        crawler.signals.connect(metrics.closed, signals.spider_closed)
        return metrics

    def closed(self) -> None:
        try:
            write_metrics(self.folder, self.session.run, stored=not self.session.failed)
        except OSError as error:
            logger.warning("the metrics cannot be written to %s: %s", self.folder, error)


def check_metrics(folder: Path | None) -> None:
    """ValueError if metrics are wanted and cannot be written."""
    if folder is None:
        return
    try:
        import prometheus_client  # noqa: F401
    except ImportError:
        raise ValueError(
            "WILDCRAWL_METRICS needs prometheus-client; install it: "
            "pip install -c constraints.txt -e '.[metrics]'"
        ) from None
    if not folder.is_dir():
        raise ValueError(f"WILDCRAWL_METRICS: {folder} is not a folder; create it")


def write_metrics(folder: Path, run: Run, *, stored: bool) -> Path:
    """Writes the metrics of an ended run to a file of its site's name; OSError if that fails."""
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry = CollectorRegistry()

    def gauge(name: str, text: str, value: float) -> None:
        metric = Gauge(f"wildcrawl_run_{name}", text, ["site"], registry=registry)
        metric.labels(run.site).set(value)

    health = Gauge(
        "wildcrawl_run_health", "1 for the health of the last run", ["site", "health"],
        registry=registry,
    )  # fmt: skip
    for each in Health:
        health.labels(run.site, each.value).set(each == run.health)
    finished = run.finished or run.started
    gauge("finished_seconds", "End of the last run, in seconds since 1970", finished.timestamp())
    lasted = (finished - run.started).total_seconds()
    gauge("duration_seconds", "Duration of the last run", lasted)
    gauge("stored", "Whether everything that the run found is in the store", float(stored))
    gauge("complete", "Whether it searched the whole site without faults", float(run.complete))
    for name, text in COUNTS.items():
        gauge(name, text, getattr(run, name))
    free = Gauge("wildcrawl_disk_free_bytes", "Free space beside the metrics", registry=registry)
    free.set(shutil.disk_usage(folder).free)
    path = folder / f"wildcrawl-{run.site}.prom"
    # Written beside it and renamed, so that no half file is collected.
    write_to_textfile(str(path), registry)
    return path
