"""`scrapy login SITE`: a person signs in to a site, for later crawls with that sign-in."""

from __future__ import annotations

import argparse
import select
import sys

from scrapy.exceptions import UsageError

from wildcrawl.commands.common import find_site, plain_errors
from wildcrawl.crawl.base_command import QuietCommand


class Command(QuietCommand):
    uses_store = False

    def syntax(self) -> str:
        return "SITE"

    def short_desc(self) -> str:
        return "Sign in to a site once, in a browser window, for its crawls"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. The sign-in is kept in a folder below WILDCRAWL_PROFILES, which "
            "holds cookies: whoever can read it is signed in as you. No password is read or kept."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.base_spiders import ProfileBrowserSpider
        from wildcrawl.base_spiders.login import check_display, find_window_browser, sign_in

        if len(args) != 1:
            raise UsageError("give one site; 'scrapy sites' shows them")
        assert self.settings is not None
        with plain_errors():
            spider = find_site(self.settings, args[0])
            if not issubclass(spider, ProfileBrowserSpider):
                raise ValueError(
                    f"{args[0]} needs no sign-in; its way of working is '{spider.way}'"
                )
            folder = spider.profile(self.settings)
            check_display(args[0], folder)
            browser = find_window_browser(self.settings.get("WILDCRAWL_BROWSER", ""))
            address = spider.address(self.settings, spider.entry or spider.home)
            print(f"Sign in at {address} in the window that opens.")  # noqa: T201
            print("When you are in, press Enter here or close the window.")  # noqa: T201
            cookies = sign_in(folder, address, browser, lambda _: enter_pressed())
        if not cookies:
            print("The site set no cookie, so there is no sign-in; run the command again.")  # noqa: T201
            self.exitcode = 1
            return
        print(f"{folder}: the sign-in is saved ({cookies} cookies); treat it like a password.")  # noqa: T201


def enter_pressed() -> bool:
    """Whether a line was entered on the terminal."""
    if not sys.stdin.isatty():
        return False
    ready, _, _ = select.select([sys.stdin], [], [], 0)
    return bool(ready) and bool(sys.stdin.readline())
