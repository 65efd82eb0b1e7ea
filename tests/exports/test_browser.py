"""The report in a real browser: no errors, no requests, nothing wider than the screen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from exports import Site, export
from exports.context import Event
from tests.helpers.exports_data import ad, amount, context, frame, group, per_gram, social
from wildcrawl.months import months_between

pytestmark = pytest.mark.xdist_group("pages")

_NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
_GROUPS = (
    group("ivory", "Ivory (elephant)", "象牙", "2012-01"),
    group("rhino_horn", "Rhino horn", "犀牛角", "2012-01"),
    group("sea_turtle", "Sea turtle (hawksbill)", "玳瑁", "2012-01"),
    group("helmeted_hornbill", "Helmeted hornbill", "盔犀鸟", "2013-04"),
    group("saiga", "Saiga antelope", "赛加羚羊", "2012-01"),
    group("pangolin", "Pangolin", "穿山甲", "2012-01"),
    group("general", "All species in general", "通用", "2012-01"),
)
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


_TEXTS_THAT_MEET = """svg => {
    const found = [], near = 2;
    const texts = [...svg.querySelectorAll("text")].filter(each => each.textContent.trim());
    const boxes = texts.map(each => each.getBoundingClientRect());
    const whole = svg.getBoundingClientRect();
    boxes.forEach((a, i) => {
        if (a.left < whole.left - near || a.right > whole.right + near)
            found.push([texts[i].textContent, "leaves its figure"]);
        boxes.slice(i + 1).forEach((b, j) => {
            if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > near
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > near * 2)
                found.push([texts[i].textContent, texts[i + 1 + j].textContent]);
        });
    });
    return found;
}"""


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("months", [1, 3, 12, 36])
def test_no_name_in_a_figure_lies_on_another(
    browser: Browser, tmp_path: Path, lang: str, months: int
) -> None:
    period = months_between("2013-01", "2016-12")[-months:]
    odd = {"2014-09": 40, "2014-10": 42, "2014-11": 39, "2016-03": 30, "2016-04": 44}
    kinds = ("raw", "semi_worked", "worked_carved", "worked_uncarved", "other", "")
    species = [each.name for each in _GROUPS]
    rows = [
        amount(
            str(100 + number * 977),
            first_seen=f"{month}-05T00:00:00",
            ad_id=f"{month} {number}",
            species=species[number * number % len(species)],
            product_type=kinds[number % 6],
            age_claim=("old", "new", "")[number % 3],
            site=f"第{number % 17}个古玩市场",
        )
        for month in period
        for number in range(odd.get(month, 12))
    ]
    events = (Event(date(2015, 5, 29), "China pledges to end its ivory trade", "宣布停止象牙贸易"),)
    given = context(*period, events=events, social=social(), groups=_GROUPS)
    made = export(frame(*rows), given, tmp_path, lang=lang)
    assert "…" not in made.index.read_text(encoding="utf-8"), "a name was cut"
    for width in (1200, 390):
        page, _, _ = opened(browser, made.index, width)
        try:
            figures = page.locator("figure svg:visible")
            met = [
                figures.nth(place).evaluate(_TEXTS_THAT_MEET) for place in range(figures.count())
            ]
            assert [each for each in met if each] == [], width
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
        # Where a table stands in columns beside each other, none is wider than its column.
        assert page.evaluate(
            "[...document.querySelectorAll('#coverage .scroll')]"
            ".every(each => each.scrollWidth <= each.clientWidth)"
        )
    finally:
        page.close()
