"""The report in a real browser: no errors, no requests, nothing wider than the screen."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, sync_playwright

from exports import Site, export
from tests.exports_data import ad, amount, context, frame, per_gram
from wildcrawl.months import months_between

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

_NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
LONG = "老象牙" * 40 + " https://seller.example/" + "x" * 300


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser of this machine; WILDCRAWL_BROWSER names one."""
    found = os.environ.get("WILDCRAWL_BROWSER") or next(filter(None, map(shutil.which, _NAMES)), "")
    if not found:
        reason = f"no browser: none of {', '.join(_NAMES)} is here; set WILDCRAWL_BROWSER"
        if os.environ.get("WILDCRAWL_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module", params=[1, 14, 60])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of so many months, with the longest texts that a seller might write."""
    months = months_between("2012-01", "2016-12")[-request.param :]
    hostile = '<script src="http://seller.example/x.js"></script><img src=http://seller.example/y>'
    rows = [
        each
        for number, month in enumerate(months)
        for each in (
            ad(f"{month}-03T00:00:00", ad_id=f"a{number}", title=LONG, url=LONG, site="s" * 80),
            ad(f"{month}-04T00:00:00", ad_id=f"b{number}", title=hostile, price=hostile),
            amount(str(98765432 + number), first_seen=f"{month}-05T00:00:00", ad_id=f"c{number}"),
            per_gram("600", first_seen=f"{month}-06T00:00:00", ad_id=f"d{number}"),
        )
    ]
    sites = [Site("mall", "A mall whose name is longer than any phone is wide, and then some")]
    given = context(*months, sites=sites, include_pending=True)
    return export(frame(*rows), given, tmp_path_factory.mktemp("report")).index


def opened(browser: Browser, report: Path, width: int) -> tuple[Page, list[str], list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 800})
    errors: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    return page, errors, requests


@pytest.mark.parametrize("width", [1200, 768, 390, 320])
def test_the_page_is_quiet_and_fits(browser: Browser, report: Path, width: int) -> None:
    page, errors, requests = opened(browser, report, width)
    try:
        assert errors == []
        assert [url for url in requests if not url.startswith("data:")] == [report.as_uri()]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        figures = page.locator("figure svg:visible")
        assert figures.count() == page.locator("figure").count()
        for place in range(figures.count()):
            box = figures.nth(place).bounding_box()
            assert box is not None
            assert box["width"] > width * 0.6 or box["width"] >= 800
            assert box["height"] > 35
    finally:
        page.close()


def test_nothing_would_load_even_if_a_text_slipped_through(browser: Browser, report: Path) -> None:
    page, errors, _ = opened(browser, report, 1200)
    try:
        page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<img src=\"http://127.0.0.1:9/x\">')"
        )
        page.wait_for_function("document.images.length === 1")
        page.wait_for_timeout(200)
        assert any("Content Security Policy" in error for error in errors)
        with pytest.raises(Error):
            page.add_script_tag(content="window.ran = true")
    finally:
        page.close()


def test_on_paper_the_wide_drawing_stands_and_no_table_is_cut(
    browser: Browser, report: Path
) -> None:
    page, _, _ = opened(browser, report, 390)
    try:
        # The width of an A4 page between its margins, in CSS pixels.
        page.set_viewport_size({"width": 672, "height": 990})
        page.emulate_media(media="print")
        assert page.locator("figure .wide:visible").count() == page.locator("figure").count()
        assert page.locator("figure .narrow:visible").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 672
    finally:
        page.close()
