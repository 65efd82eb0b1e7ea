"""Report in a real browser: no errors, no requests, nothing wider than the screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright
from pypdf import PdfReader
from pypdf.generic import Destination

from exports import ReportSite, export
from exports.context import Event
from tests.helpers.exports_data import ad, amount, context, frame, group, per_gram, social
from tests.helpers.fonts import launch
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.items import Run
from wildcrawl.months import months_between

pytestmark = pytest.mark.xdist_group("pages")

_GROUPS = (
    group("ivory", "Ivory (elephant)", "象牙", "2012-01"),
    group("rhino_horn", "Rhino horn", "犀牛角", "2012-01"),
    group("sea_turtle", "Sea turtle (hawksbill)", "玳瑁", "2012-01"),
    group("helmeted_hornbill", "Helmeted hornbill", "盔犀鸟", "2013-04"),
    group("saiga", "Saiga antelope", "赛加羚羊", "2012-01"),
    group("pangolin", "Pangolin", "穿山甲", "2012-01"),
    group("general", "All species in general", "通用", "2012-01"),
)
A4 = 672
"""The width of an A4 page between its margins, in CSS pixels."""

LONG = "老象牙" * 40 + " https://seller.example/" + "x" * 300


Launch = Callable[[str], Browser]


@pytest.fixture(scope="module")
def chromium(browser: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launch]:
    """Launches a Chromium with only the fonts of a set, once for each set."""
    with sync_playwright() as playwright:
        launched: dict[str, Browser] = {}

        def launch_once(fonts: str) -> Browser:
            if fonts not in launched:
                folder = tmp_path_factory.mktemp("fonts")
                launched[fonts] = launch(playwright, browser, fonts, folder)
            return launched[fonts]

        yield launch_once
        for each in launched.values():
            each.close()


@pytest.fixture(scope="module")
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report over a number of months, with very long texts of sellers."""
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
    sites = [
        ReportSite("mall", "A mall whose name is longer than any phone is wide, and then some")
    ]
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
    return page, errors, requests


_SIZES = """figures => figures.map(each => each.getBoundingClientRect())
    .map(box => [box.width, box.height])"""
_TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
    .map(each => `${each.closest("section")?.id} ${each.tagName} ${each.className}`)
    .slice(0, 3)"""


def assert_fits(page: Page, width: int) -> None:
    """Asserts that the page fits `width` CSS pixels; the message lists wider elements."""
    page.set_viewport_size({"width": width, "height": 800})
    found = page.evaluate("document.documentElement.scrollWidth")
    assert found <= width, page.evaluate(_TOO_WIDE)


def assert_prints(page: Page) -> None:
    """Asserts that paper has the wide drawings and whole tables, even of a narrow window."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(media="print")
    assert page.locator("figure .wide:visible").count() == page.locator("figure").count()
    assert page.locator("figure .narrow:visible").count() == 0
    assert_fits(page, A4)
    # In tables set in several columns, none is wider than its column.
    assert page.evaluate(
        "[...document.querySelectorAll('#coverage .scroll')]"
        ".every(each => each.scrollWidth <= each.clientWidth)"
    )


_STACKED_FIT = """() => {
    const boxes = [...document.querySelectorAll('.scroll:has(> .stacked)')];
    return boxes.length > 1 && boxes.every(box => box.scrollWidth <= box.clientWidth);
}"""
"""Whether no table whose rows a phone stacks is to be scrolled sideways."""


# Each period and each font set; the reports of `full_report` cover their combinations.
@pytest.mark.parametrize(
    ("report", "fonts"),
    [
        (1, "dejavu"),
        (14, "narrow"),
        (60, "chinese"),
        pytest.param(60, "dejavu", marks=pytest.mark.slow),
    ],
    indirect=["report"],
)
def test_the_page_fits_screens_and_paper_without_errors_or_requests(
    chromium: Launch, report: Path, fonts: str
) -> None:
    page, errors, requests = opened(chromium(fonts), report, 1200)
    try:
        assert errors == []
        assert [url for url in requests if not url.startswith("data:")] == [report.as_uri()]
        for width in (1200, 768, 390, 320):
            assert_fits(page, width)
            sizes = page.locator("figure svg:visible").evaluate_all(_SIZES)
            assert len(sizes) == page.locator("figure").count()
            for wide, high in sizes:
                assert wide > width * 0.6 or wide >= 800
                assert high > 35
            if width == 390:
                assert page.evaluate(_STACKED_FIT)
        assert_prints(page)
    finally:
        page.close()


_TEXTS_THAT_MEET = """figures => figures.flatMap(svg => {
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
})"""


@pytest.fixture(scope="module")
def full_report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with every figure and table, over a number of months and in a language."""
    months, lang = request.param
    period = months_between("2012-01", "2016-12")[-months:]
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
            # The widest letters, so that a name needs more room than most of its length.
            site=f"第{number % 17}个古玩市场" if number % 17 else "Wenwan Tianxia Forum",
        )
        for month in period
        for number in range(odd.get(month, 12))
    ]
    events = (Event(date(2015, 5, 29), "China pledges to end its ivory trade", "宣布停止象牙贸易"),)
    given = context(*period, events=events, social=social(), groups=_GROUPS)
    made = export(frame(*rows), given, tmp_path_factory.mktemp("full"), lang=lang)
    return made.index


DAILY = {(1, "zh", "chinese"), (12, "en", "narrow"), (60, "en", "narrow"), (60, "zh", "chinese")}
"""Each kind of time axis, and each language in the fonts that have its letters."""


# DejaVu has the letters of the set "chinese", and narrower glyphs for missing characters.
@pytest.mark.parametrize(
    ("full_report", "fonts"),
    [
        pytest.param(
            (months, lang),
            fonts,
            id=f"{months}-{lang}-{fonts}",
            marks=() if (months, lang, fonts) in DAILY else pytest.mark.slow,
        )
        for months in (1, 3, 12, 36, 60)
        for lang in ("en", "zh")
        # The ticks of months are in English as wide as in Chinese, or wider.
        if lang == "en" or months in (1, 60)
        for fonts in ("narrow", "chinese")
    ],
    indirect=["full_report"],
)
def test_labels_in_figures_do_not_overlap(chromium: Launch, full_report: Path, fonts: str) -> None:
    assert "…" not in full_report.read_text(encoding="utf-8"), "a name was cut"
    page, _, _ = opened(chromium(fonts), full_report, 1200)
    try:
        for width in (1200, 768, 390, 320):
            assert_fits(page, width)
            assert texts_that_meet(page) == [], width
        page.emulate_media(media="print")
        assert_fits(page, A4)
        assert texts_that_meet(page) == []
    finally:
        page.close()


_BROKEN_WORDS = """() => [...document.querySelectorAll("#monthly thead th")].flatMap(cell => {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), broken = [];
    while (texts.nextNode())
        for (const word of texts.currentNode.data.matchAll(/\\S+/g)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(each => each.top)).size > 1)
                broken.push(word[0]);
        }
    return broken;
})"""


def empty_below(pdf: Path) -> list[float]:
    """What part of each page is empty below its last text, the number of the page apart."""
    top, bottom = 297 - 17, 18
    parts = []
    for page in PdfReader(pdf).pages:
        heights: list[float] = []

        def note(
            text: str, cm: list[float], tm: list[float], *_: object, to: Any = heights
        ) -> None:
            if text.strip():
                to.append((tm[4] * cm[1] + tm[5] * cm[3] + cm[5]) / 72 * 25.4)

        page.extract_text(visitor_text=note)
        lowest = min(height for height in heights if height > bottom)
        parts.append((lowest - bottom) / (top - bottom))
    return parts


@pytest.mark.slow
@pytest.mark.parametrize(
    ("full_report", "fonts"), [((1, "en"), "narrow")], indirect=["full_report"]
)
def test_no_quarter_of_a_page_of_a_month_is_left_empty(
    chromium: Launch, full_report: Path, fonts: str, tmp_path: Path
) -> None:
    page, _, _ = opened(chromium(fonts), full_report, 1200)
    try:
        page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True, outline=True, tagged=True)
    finally:
        page.close()
    title = PdfReader(tmp_path / "report.pdf").outline[0]
    assert isinstance(title, Destination)
    assert re.match(r"New advertisements\s\w+ 20\d\d", str(title.title))
    # The cover and the last page end where they end.
    empty = empty_below(tmp_path / "report.pdf")[1:-1]
    assert len(empty) >= 3
    assert max(empty) < 1 / 4, empty


def test_headings_of_the_monthly_table_break_between_words_only(
    chromium: Launch, tmp_path: Path
) -> None:
    groups, months = load_vocabulary().groups, months_between("2016-04", "2016-05")
    rows = [ad(f"{months[0]}-03", ad_id=name, species=name) for name in groups]
    runs = [Run(months[0], "mall", datetime(2016, 4, 3, tzinfo=UTC), None, health="broken")]
    given = context(*months, groups=tuple(groups.values()), runs=runs)
    page, _, _ = opened(chromium("dejavu"), export(frame(*rows), given, tmp_path).index, 1200)
    try:
        assert page.locator("#monthly thead th").count() > len(groups)
        assert page.evaluate(_BROKEN_WORDS) == []
        for width in (1200, 768):
            assert_fits(page, width)
        page.emulate_media(media="print")
        assert_fits(page, A4)
        assert page.evaluate(_BROKEN_WORDS) == []
    finally:
        page.close()


@pytest.fixture(scope="module")
def gap_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A provisional report with months and sites that were not searched, and an unlisted group."""
    period = months_between("2015-10", "2016-12")
    sites = ("A mall whose name is longer than any phone is wide, and then some", "fair", "shop")
    health = {("2016-03", "fair"): "blocked", ("2016-12", "shop"): "thin"}
    runs, rows = [], []
    for month in period:
        started = datetime(int(month[:4]), int(month[5:]), 3, tzinfo=UTC)
        for site in sites if month not in ("2016-01", "2016-07", "2016-08") else ():
            state = health.get((month, site), "ok")
            runs.append(Run(f"{month} {site}", site, started, started, health=state))
            rows += [
                ad(
                    f"{month}-03",
                    site=site,
                    ad_id=f"{month} {number}",
                    species="bear" if number == 7 else "ivory",
                    verdict="pending" if month == "2016-12" else "valid",
                )
                for number in range(9)
                if state == "ok"
            ]
    given = context(*period, runs=runs, groups=_GROUPS)
    return export(frame(*rows), given, tmp_path_factory.mktemp("gaps")).index


def test_a_report_with_gaps_fits_and_its_labels_do_not_meet(
    chromium: Launch, gap_report: Path
) -> None:
    page, errors, _ = opened(chromium("narrow"), gap_report, 1200)
    try:
        assert page.locator("pattern").count() > 0
        for width in (1200, 390, 320):
            assert_fits(page, width)
            assert texts_that_meet(page) == [], width
        page.emulate_media(media="print")
        assert_fits(page, A4)
        page.emulate_media(media="screen")
        december = gap_report.parent / "months" / "2016-12-provisional.html"
        page.goto(december.as_uri())
        assert_fits(page, 320)
        assert errors == []
    finally:
        page.close()


def texts_that_meet(page: Page) -> list[list[str]]:
    """Pairs of texts that overlap in a visible figure, or a text and where it leaves its figure."""
    # One call for all figures: each call searches the page for its visible figures again.
    met: list[list[str]] = page.locator("figure svg:visible").evaluate_all(_TEXTS_THAT_MEET)
    return met


@pytest.mark.parametrize("report", [1], indirect=True)
def test_nothing_would_load_even_if_a_text_slipped_through(chromium: Launch, report: Path) -> None:
    page, errors, _ = opened(chromium("dejavu"), report, 1200)
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
