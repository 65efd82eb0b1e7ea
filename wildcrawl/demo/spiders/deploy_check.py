"""Job of `scrapy deploy-check`: a small search that needs only its own process."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from scrapy import signals
from scrapy.settings import BaseSettings

import wildcrawl
from wildcrawl.base_spiders.site import FIXED
from wildcrawl.crawl.locations import store_url_of
from wildcrawl.demo.spiders.demo_market import DemoMarketSpider
from wildcrawl.store import open_store

_REAL_STORE = "DEPLOY_CHECK_STORE"
_FOLDER = "DEPLOY_CHECK_FOLDER"
_VOCABULARY = """\
groups:
  elephant:
    label: Elephant
    label_zh: 象
    keywords:
      - {term: 象牙, kind: name, ambiguous: false, since: 2016-01}
"""


class DeployCheckSpider(DemoMarketSpider):
    """Serves the bundled marketplaces itself, so that it runs on any node.

    Its results go to a temporary store, so that fictional advertisements do not mix with real
    ones. The report goes to the store that the node's jobs use.
    """

    name = "deploy_check"
    monitored = False
    _base: ClassVar[str] = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"pages": "1"} | kwargs))
        self.marketplaces = ExitStack()

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set(_REAL_STORE, store_url_of(settings), priority=FIXED)
        folder = tempfile.mkdtemp(prefix="wildcrawl-check-")
        # The project's vocabulary may have nothing that the marketplaces sell.
        words = Path(folder) / "keywords.yaml"
        words.write_text(_VOCABULARY, encoding="utf-8")
        settings.set("WILDCRAWL_KEYWORDS", str(words), priority=FIXED)
        settings.set(_FOLDER, folder, priority=FIXED)
        settings.set("WILDCRAWL_STORE", f"sqlite:///{folder}/check.db", priority=FIXED)

    @classmethod
    def address(cls, settings: BaseSettings, url: str) -> str:  # noqa: ARG003
        return cls._base + url if url else ""

    async def start(self) -> AsyncIterator[Any]:
        from wildcrawl.demo.server import running_marketplaces

        # Connected after the run recorder, whose health value goes into the report.
        self.crawler.signals.connect(self.report, signals.spider_closed)
        type(self)._base = self.marketplaces.enter_context(running_marketplaces())
        async for request in super().start():
            yield request

    def report(self) -> None:
        """Stores the report in the store of the node's jobs."""
        from wildcrawl.crawl.scheduling.deploy_check import DeployReport, checksums, save_report

        self.marketplaces.close()
        own = str(self.settings["WILDCRAWL_STORE"])
        store = open_store(own)
        kept = sum(1 for _ in store.advertisements(site=self.name))
        store.close()
        shutil.rmtree(str(self.settings[_FOLDER]), ignore_errors=True)
        report = DeployReport(
            job=getattr(self, "_job", ""),
            place=str(wildcrawl.__file__),
            code=[f"{path} {mark}" for path, mark in sorted(checksums().items())],
            kept=kept,
            health=self.session.run.health,
            reason=self.session.run.reason,
        )
        store = open_store(str(self.settings[_REAL_STORE]))
        save_report(store, report)
        store.close()
        self.logger.info("%s: the report is in the store", report.job)
