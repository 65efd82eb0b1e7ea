"""`scrapy save-page SITE KEYWORD`: saves a page of a site, and compares it with the last one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from wildcrawl.commands.common import find_crawled_site, plain_errors
from wildcrawl.crawl.base_command import FetchCommand
from wildcrawl.crawl.session import vocabulary_of
from wildcrawl.utils import atomic_write

if TYPE_CHECKING:
    from wildcrawl.base_spiders import CrawledSite
    from wildcrawl.base_spiders.snapshot import PageReading, Recorded

NEW, OLD = "new-", "old-"
REMINDER = "Replace sellers' names, numbers and addresses by made-up ones before you keep a page."


class Command(FetchCommand):
    uses_store = False

    def syntax(self) -> str:
        return "SITE KEYWORD [-o FOLDER] [--replace]"

    def short_desc(self) -> str:
        return "Save a page of a site's results for its test and compare it with the saved one"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. One page of results is fetched, as the site's spider would, "
            "and one advertisement's own page where the spider reads it. A saved page is kept: "
            "the new one is written beside it as new-…, until --replace (alone, or with a keyword) "
            "puts it in its place and the former beside it as old-…. The store is left unchanged."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", dest="folder", metavar="FOLDER", help="where to save (tests/pages/SITE)"
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="put the new pages in the place of the saved ones",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:

        if len(args) != 2 and not (len(args) == 1 and opts.replace):
            raise UsageError("give a site and a keyword; or a site and --replace")
        assert self.settings is not None
        folder = Path(opts.folder or f"tests/pages/{args[0]}")
        with plain_errors():
            site = find_crawled_site(self.settings, args[0])
            if len(args) == 2:
                vocabulary_of(self.settings)
                site.check(self.settings, {})
        if len(args) == 2:
            pages = self.fetch(site, args[1])
            with plain_errors():
                self.report(site, folder, pages)
        if opts.replace:
            with plain_errors():
                replace(folder)

    def fetch(self, site: type[CrawledSite], phrase: str) -> dict[str, Recorded]:
        """The pages by name; for one that could not be fetched the exit code is 1."""
        from wildcrawl.base_spiders.snapshot import RecordingSpider, recording_spider

        spider = self.visit(recording_spider(site, phrase))
        assert isinstance(spider, RecordingSpider)
        for problem in spider.problems:
            print(problem)  # noqa: T201
        if spider.problems or not spider.pages:
            self.exitcode = 1
        return spider.pages

    def report(self, site: type[CrawledSite], folder: Path, pages: dict[str, Recorded]) -> None:
        """Writes the pages and prints what is read from each."""
        from wildcrawl.base_spiders.snapshot import DETAILS, differences, site_spider, summary

        assert self.settings is not None
        spider = site_spider(site, self.settings)
        for name, page in pages.items():
            saved = saved_page(folder, name)
            path = write(folder, name, page.body)
            print(f"{path}: {len(page.body)} bytes of {page.url}")  # noqa: T201
            if name.endswith("-data"):
                continue
            lines = summary(page.reading)
            if saved:
                before = read_saved(spider, saved, details=name == DETAILS)
                other = differences(before, page.reading) or ["reads as the saved one does"]
                lines += [f"beside {saved.name}: {line}" for line in other]
            print("\n".join(f"  {line}" for line in lines))  # noqa: T201
            if page.reading.problem:
                self.exitcode = 1
        if pages:
            print(REMINDER)  # noqa: T201


def saved_page(folder: Path, name: str) -> Path | None:
    """The saved page called `name`, of any file type."""
    return next(iter(sorted(folder.glob(f"{name}.*"))), None)


def read_saved(spider: CrawledSite, path: Path, *, details: bool) -> PageReading:
    from wildcrawl.base_spiders.snapshot import read_details, read_results, saved_response

    read = read_details if details else read_results
    return read(spider, saved_response(spider, path))


def write(folder: Path, name: str, body: bytes) -> Path:
    """Writes a page byte for byte, under another name if one is there."""
    folder.mkdir(parents=True, exist_ok=True)
    ending = "json" if body.lstrip()[:1] in (b"{", b"[") else "html"
    prefix = NEW if saved_page(folder, name) else ""
    path = folder / f"{prefix}{name}.{ending}"
    atomic_write(path, body)
    return path


def replace(folder: Path) -> None:
    """Renames each saved page to old-…, and each new-… to the saved page's name."""
    fresh = sorted(folder.glob(f"{NEW}*"))
    if not fresh:
        print(f"{folder} has no new page; save one first with 'scrapy save-page SITE KEYWORD'")  # noqa: T201
    for path in fresh:
        place = path.name.removeprefix(NEW)
        saved = saved_page(folder, place.rpartition(".")[0])
        if saved:
            saved.rename(unused(folder, f"{OLD}{saved.name}"))
        path.rename(folder / place)
        print(f"{folder / place}: replaced")  # noqa: T201


def unused(folder: Path, name: str) -> Path:
    """An unused name in the folder."""
    stem, _, ending = name.rpartition(".")
    path, number = folder / name, 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.{ending}", number + 1
    return path
