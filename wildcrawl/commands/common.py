"""Helpers of the commands: errors as sentences, spiders by name, tables."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import Spider
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from wildcrawl.crawl.locations import store_url_of
from wildcrawl.crawl.session import store_of
from wildcrawl.store import Store, StoreError, redact_url
from wildcrawl.utils import closest, display_width

if TYPE_CHECKING:
    from wildcrawl.base_spiders import CrawledSite, Site
    from wildcrawl.pictures.decode import Limits


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns an expected error into one sentence and exit code 2, without a traceback."""
    try:
        yield
    except BrokenPipeError:
        # The output is closed: `wildcrawl.utils` ends the command silently.
        raise
    except (ValueError, StoreError, OSError) as error:
        raise UsageError(str(error), print_help=False) from None


def say(line: str) -> None:
    """Prints a line at once, also into a pipe."""
    print(line, flush=True)  # noqa: T201


@contextmanager
def opened_store(settings: BaseSettings) -> Iterator[Store]:
    """The store of the settings, closed at the end; StoreError if it cannot be reached."""
    store = store_of(settings)
    try:
        yield store
    finally:
        store.close()


def close_killed_runs(store: Store) -> None:
    """Closes runs that were certainly killed; a store that is only read is left as it is."""
    from wildcrawl.crawl.heartbeat import close_killed, is_over

    now = datetime.now(UTC)
    with suppress(StoreError):
        close_killed(store, [run for run in store.run_heads() if is_over(run, now)])


def picture_limits_of(settings: BaseSettings) -> Limits:
    """The limits of captured pictures in the settings; ValueError if they are not numbers."""
    from wildcrawl.pictures.decode import Limits

    names = ("WILDCRAWL_EVIDENCE_PICTURE_BYTES", "WILDCRAWL_EVIDENCE_PIXELS")
    try:
        return Limits(*(settings.getint(name) for name in names))
    except ValueError:
        raise ValueError(
            f"{' and '.join(names)} are whole numbers; write for example {names[1]}=50000000"
        ) from None


def login_name() -> str:
    """The name under which this process runs; the number of the user if it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def nothing_in(settings: BaseSettings) -> str:
    """The message for an empty store; it names the store, which may be the wrong one."""
    return f"Nothing is recorded yet in {redact_url(store_url_of(settings))}."


def find_spider(settings: BaseSettings, name: str) -> type[Spider]:
    """The spider called `name`; ValueError with the closest names if there is none."""
    loader = SpiderLoader.from_settings(settings)
    try:
        return loader.load(name)
    except KeyError:
        near = ", ".join(closest(name, loader.list(), most=3))
        hint = f"; did you mean {near}? " if near else "; "
        raise ValueError(f"'{name}' is not a site{hint}'scrapy list' shows all") from None


def check_sites(settings: BaseSettings, store: Store, names: Iterable[str]) -> None:
    """ValueError for a name of neither a spider nor a site in the store."""
    recorded = {*store.first_months(), *store.run_bounds()}
    for name in names:
        if name not in recorded:
            find_spider(settings, name)


def find_site(settings: BaseSettings, name: str) -> type[Site]:
    """The spider of a monitored site; ValueError for any other name."""
    from wildcrawl.base_spiders import Site

    spider = find_spider(settings, name)
    if not issubclass(spider, Site) or not spider.monitored:
        raise ValueError(f"'{name}' is not a monitored site; 'scrapy sites' lists them")
    return spider


def find_crawled_site(settings: BaseSettings, name: str) -> type[CrawledSite]:
    """The spider of a site that is read automatically; ValueError for any other name."""
    from wildcrawl.base_spiders import CrawledSite

    site = find_site(settings, name)
    if not issubclass(site, CrawledSite):
        raise ValueError(f"{name} is searched by hand; its spider reads no page")
    return site


def all_sites(settings: BaseSettings) -> list[type[Site]]:
    """The spiders of all monitored sites, including the bundled marketplaces, by name."""
    from wildcrawl.base_spiders import Site

    loader = SpiderLoader.from_settings(settings)
    spiders = [loader.load(name) for name in sorted(loader.list())]
    return [spider for spider in spiders if issubclass(spider, Site) and spider.monitored]


def as_columns(rows: Sequence[Sequence[str]]) -> str:
    """The rows of a table in columns; a Chinese character takes two places.

    Control characters are shown as "�", since sites and sellers wrote the cells.
    """
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(display_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell + " " * (size - display_width(cell))
            for cell, size in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def in_megabytes(size: int) -> str:
    """A number of bytes in megabytes: 1.7 MB."""
    return f"{size / 1_000_000:,.1f} MB"


def printable(text: str) -> str:
    """The text with "�" for each control character, such as those that drive a terminal."""
    return "".join(char if char.isprintable() else "�" for char in text)
