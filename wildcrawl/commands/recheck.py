"""`scrapy recheck SITE`: visits the advertisements reported to a site's operator."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from wildcrawl.commands.common import all_sites, opened_store, plain_errors
from wildcrawl.crawl.base_command import FetchCommand
from wildcrawl.crawl.session import check_settings

if TYPE_CHECKING:
    from wildcrawl.base_spiders import CrawledSite, Site
    from wildcrawl.review.notices import Notified


class Command(FetchCommand):
    def syntax(self) -> str:
        return "SITE"

    def short_desc(self) -> str:
        return "Revisit the advertisements reported to a site's operator: removed, or still up"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. One that was removed is not visited again. An error or a block "
            "proves nothing; the exit code is 1 if none of them could be determined."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.base_spiders.recheck import RecheckSpider, recheck_spider
        from wildcrawl.review.notices import State

        if len(args) != 1:
            raise UsageError("give one site to whose operator a notice was written")
        assert self.settings is not None
        with plain_errors():
            check_settings(self.settings)
            site = rechecked_site(self.settings, args[0])
            wanted = to_visit(self.settings, args[0])
            if not wanted:
                print(f"{args[0]}: all notified advertisements have been removed")  # noqa: T201
                return
            visited = check_visitable(self.settings, site)
        spider = self.visit(recheck_spider(visited, wanted))
        assert isinstance(spider, RecheckSpider)
        print(spider.summary())  # noqa: T201
        determined = any(check.state != State.UNKNOWN for check in spider.checks)
        written = not (spider.unsaved or spider.session.evidence_fault)
        self.exitcode = 0 if determined and written else 1


def check_visitable(settings: Settings, site: type[Site]) -> type[CrawledSite]:
    """The spider of a site that is read automatically; ValueError for any other."""
    from wildcrawl.base_spiders import CrawledSite

    if not issubclass(site, CrawledSite):
        raise ValueError(
            f"{site.name} is searched by hand and cannot be visited automatically; open the "
            "addresses in its notice yourself; the report counts them as unknown"
        )
    site.check(settings, {})
    return site


def to_visit(settings: Settings, name: str) -> list[Notified]:
    """The notified advertisements not known to be removed; ValueError if none were notified."""
    from wildcrawl.review.notices import notified, still_to_check

    with opened_store(settings) as store:
        wanted = still_to_check(store, name)
        if wanted or notified(store, name):
            return wanted
    raise ValueError(f"nothing was notified to '{name}'; write notices with 'scrapy notices MONTH'")


def rechecked_site(settings: Settings, name: str) -> type[Site]:
    """The site's spider; for a site known from records only, one that checks titles only."""
    from wildcrawl.base_spiders import CrawledSite

    for site in all_sites(settings):
        if site.name == name:
            return site
    return type("RecordedSite", (CrawledSite,), {"name": name})
