"""Progress bar on a terminal; elsewhere Scrapy's plain log lines are the progress."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import StatsCollector

from wildcrawl.crawl.stats import Stat

if TYPE_CHECKING:
    from tqdm import tqdm

SHOWN = {
    "pages": Stat.PAGES,
    "new": Stat.NEW,
    "seen": Stat.SEEN,
    "irrelevant": Stat.UNMATCHED,
}


class ProgressBar:
    """Progress in keywords, with pages, new and seen advertisements and the time left."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats
        self.bar: tqdm[Any] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not (sys.stderr.isatty() and crawler.settings.getbool("WILDCRAWL_PROGRESS")):
            raise NotConfigured
        assert crawler.stats is not None
        progress = cls(crawler.stats)
        crawler.signals.connect(progress.opened, signals.spider_opened)
        for signal in (signals.response_received, signals.item_scraped, signals.item_dropped):
            crawler.signals.connect(progress.show, signal)
        crawler.signals.connect(progress.closed, signals.spider_closed)
        return progress

    def opened(self, spider: Spider) -> None:
        from tqdm import tqdm

        total = len(getattr(spider, "keywords", ())) or None
        self.bar = tqdm(total=total, desc=spider.name, unit="keyword", file=sys.stderr)

    def show(self) -> None:
        if self.bar is None:
            return
        self.bar.n = self.stats.get_value(Stat.KEYWORDS_DONE, 0)
        counts = {name: self.stats.get_value(stat, 0) for name, stat in SHOWN.items()}
        self.bar.set_postfix(counts, refresh=False)
        self.bar.update(0)

    def closed(self) -> None:
        self.show()
        if self.bar is not None:
            self.bar.refresh()
            self.bar.close()
