"""Imports of record files within the test's process: run, stored rows and rejected rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import Settings

from spiders.records import RecordsFileSpider
from wildcrawl.crawl.ingest import ingest
from wildcrawl.items import Advertisement, Run
from wildcrawl.store import open_store
from wildcrawl.tabular.records import RejectedFile


@dataclass(frozen=True)
class Imported:
    """An imported file: its run, all advertisements of the store by id, and the reasons by line."""

    run: Run
    ads: dict[str, Advertisement]
    rejected: dict[int, str]
    messages: tuple[str, ...]


def import_file(folder: Path, text: str, name: str = "r.csv") -> Imported:
    """Imports a file with `text` as `scrapy crawl records` does, into a store in `folder`."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    settings = Settings()
    settings.setmodule("wildcrawl.settings")
    store_url = f"sqlite:///{folder / 'store.db'}"
    settings.set("WILDCRAWL_STORE", store_url)

    def read(spider: RecordsFileSpider) -> Iterator[Advertisement]:
        records = spider.records()
        with RejectedFile(path, records.columns) as rejected:
            yield from spider.read_rows(records, rejected)
        spider.note_places()

    done = ingest(RecordsFileSpider, settings, read, {"file": str(path)})
    store = open_store(store_url)
    ads = {ad.ad_id: ad for ad in store.advertisements()}
    store.close()
    return Imported(done.run, ads, _rejected(path), done.messages)


def _rejected(path: Path) -> dict[int, str]:
    rejected = path.with_name(f"{path.name}.rejected.csv")
    if not rejected.exists():
        return {}
    with rejected.open(encoding="utf-8-sig", newline="") as file:
        return {int(row["line"]): row["reason"] for row in csv.DictReader(file)}
