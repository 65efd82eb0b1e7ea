"""Shared fixtures: stores on both databases, and the marketplaces on loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

# Imported first: its import looks at all modules that are already loaded, three times.
import scrapy.core.downloader.handlers.http11  # noqa: F401
from hypothesis import settings

from tests.helpers.crawling import SHARED, start_fork_server
from wildcrawl.base_spiders.browser import NoBrowser, working_browser
from wildcrawl.demo.server import running_marketplaces

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Captures cost requests and time; a test of them switches them on, with a folder of its own.
os.environ["WILDCRAWL_EVIDENCE"] = "off"
# What it raises is stored beside what a test counts; a test of it switches it on.
os.environ["WILDCRAWL_SECOND_LOOK"] = "0"

pytest_plugins = [
    "tests.helpers.store_fixtures",
    "tests.helpers.scheduling",
    "tests.helpers.collection",
]

# A busy machine is no fault of the code.
settings.register_profile("wildcrawl", deadline=None)
settings.load_profile("wildcrawl")


def pytest_configure(config: pytest.Config) -> None:
    """Starts the fork server that all test processes share while they collect the tests."""
    workers = getattr(config.option, "numprocesses", None)
    if workers and not hasattr(config, "workerinput"):
        os.environ[SHARED] = start_fork_server()


@pytest.fixture(scope="session")
def marketplaces() -> Iterator[str]:
    """The address of the bundled marketplaces in their first month."""
    with running_marketplaces() as base:
        yield base


@pytest.fixture(scope="session")
def browser() -> str:
    """The path of a Chromium that starts; the test is skipped, or fails if required, without."""
    try:
        return working_browser(os.environ.get("WILDCRAWL_BROWSER", ""))
    except NoBrowser as error:
        if os.environ.get("WILDCRAWL_REQUIRE_BROWSER") == "1":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def chromium(browser: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium with the widest fonts, independent of the machine's."""
    from playwright.sync_api import sync_playwright

    from tests.helpers.fonts import launch

    with sync_playwright() as playwright:
        launched = launch(playwright, browser, "chinese", tmp_path_factory.mktemp("fonts"))
        yield launched
        launched.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long modules first: a worker that begins one at the end keeps the others waiting."""
    long = {
        item.path
        for item in items
        if item.get_closest_marker("slow")
        or item.get_closest_marker("engines")
        or "browser" in getattr(item, "fixturenames", ())
    }
    waits = {item.path for item in items if item.get_closest_marker("engines")}
    items.sort(key=lambda item: (item.path not in waits, item.path not in long))
