"""Browsers: those that are missing or do not start, and pages that show their results late."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from tests.helpers.crawling import Result, scrapy
from tests.helpers.crawls import crawl
from tests.helpers.odd_site import Answer, Asked, odd_site, results
from tests.helpers.polite_spiders import PoliteBrowserSpider
from wildcrawl.base_spiders.browser import VISIBLE, NoBrowser, working_browser
from wildcrawl.base_spiders.growing_pages import Growth, drops_results, grow
from wildcrawl.base_spiders.responses import Unreadable
from wildcrawl.store import open_store

FAULTS = {
    "missing": ("WILDCRAWL_BROWSER", "no-such-chromium", "'no-such-chromium' is not a program"),
    "broken browser": ("WILDCRAWL_BROWSER", "", r"\S+/program does not start \(.*libnss3\.so"),
    "broken driver": (
        "PLAYWRIGHT_NODEJS_PATH",
        "",
        r"driver does not start \(.*libatomic\.so\.1.*install libatomic1",
    ),
    "dead driver": ("PLAYWRIGHT_NODEJS_PATH", "", r"driver does not start \(Connection closed"),
}
"""Fault to the variable that brings it about, its value (a program if empty), and the reason."""


DAILY = ("missing", "dead driver")
"""Of a browser that cannot be started and a driver that fails later, whole runs are made daily."""


@pytest.fixture
def fault(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[dict[str, str], str]:
    """The environment in which the browser cannot be used, and a pattern of the reason."""
    name, value, reason = FAULTS[request.param]
    if request.param != "missing" and name != "WILDCRAWL_BROWSER":
        request.getfixturevalue("browser")
    library = "libatomic.so.1" if name == "PLAYWRIGHT_NODEJS_PATH" else "libnss3.so"
    lines = [f"echo 'error while loading shared libraries: {library}' >&2", "exit 127"]
    if request.param == "dead driver":
        # It dies once it is spoken to: a write to one that is dead already is another fault.
        lines[:0] = ["[ $1 = --version ] && exit 0", "head -c 40 >/dev/null"]
    program = tmp_path / "program"
    program.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    program.chmod(0o755)
    return {name: value or str(program)}, reason


def refused(folder: Path, *arguments: str, **settings: str) -> Result:
    done = scrapy(*arguments, folder=folder, **settings)
    assert "Traceback" not in done.out + done.err
    return done


def broken_run(folder: Path) -> str:
    """The reason of the one run in the store, which is broken and has read nothing."""
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    (run,) = store.runs("demo_shop")
    store.close()
    assert (run.health, run.pages, run.complete) == ("broken", 0, False)
    return run.reason


@pytest.mark.parametrize(
    "fault",
    [pytest.param(name, marks=() if name in DAILY else pytest.mark.slow) for name in FAULTS],
    indirect=True,
)
def test_the_run_is_broken_and_says_why_once(
    fault: tuple[dict[str, str], str], tmp_path: Path, marketplaces: str
) -> None:
    settings, reason = fault
    done = refused(tmp_path, "crawl", "demo_shop", WILDCRAWL_DEMO_URL=marketplaces, **settings)
    assert done.code == 0, "without --strict"
    (line,) = [each for each in done.err.splitlines() if "demo_shop: 0 new" in each]
    assert re.search(rf"0 search pages, \d+ requests: broken \(.*{reason}", line), line
    assert len(re.findall(reason, done.out + done.err)) == 1
    assert re.search(reason, broken_run(tmp_path))


@pytest.mark.parametrize("fault", ["broken browser"], indirect=True)
def test_crawlall_prints_why_in_the_line_of_the_site_and_strict_exits_with_1(
    fault: tuple[dict[str, str], str], tmp_path: Path, marketplaces: str
) -> None:
    settings, reason = fault[0] | {"WILDCRAWL_DEMO_URL": marketplaces}, fault[1]
    done = refused(tmp_path, "crawlall", "demo_shop", **settings)
    assert done.code == 1
    (line,) = [each for each in done.out.splitlines() if each.startswith("demo_shop: 0 new")]
    assert re.search(rf"0 search pages, \d+ requests: broken \(.*{reason}", line), line
    assert len(re.findall(reason, done.out + done.err)) == 1
    assert re.search(reason, broken_run(tmp_path))
    strict = ("crawl", "demo_shop", "-a", "keywords=tiger", "--strict")
    assert refused(tmp_path, *strict, **settings).code == 1


@pytest.mark.parametrize(
    "fault",
    ["broken driver", pytest.param("broken browser", marks=pytest.mark.slow)],
    indirect=True,
)
def test_one_page_of_the_site_is_refused_with_the_reason(
    fault: tuple[dict[str, str], str], tmp_path: Path, marketplaces: str
) -> None:
    settings, reason = fault
    done = refused(
        tmp_path, "save-page", "demo_shop", "虎骨", "-o", "pages",
        WILDCRAWL_DEMO_URL=marketplaces, **settings,
    )  # fmt: skip
    assert done.code == 1
    assert re.search(reason, done.out)


@pytest.mark.parametrize("fault", FAULTS, indirect=True)
def test_the_fault_is_found_without_a_crawl(
    fault: tuple[dict[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, reason = fault
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(NoBrowser, match=reason):
        working_browser(os.environ.get("WILDCRAWL_BROWSER", ""))


def test_a_browser_that_starts_is_given(browser: str) -> None:
    assert working_browser(browser) == browser


def test_a_program_that_is_not_a_browser_is_named(tmp_path: Path, browser: str) -> None:
    with pytest.raises(NoBrowser, match=r"/true does not start \(exitCode=0\); reinstall it"):
        working_browser("true")


GROWING = """<div id="more"></div><div style="height: 4000px"></div><script>
const add = id => document.querySelector("#more").insertAdjacentHTML("beforeend",
  `<li data-id="${id}"><a href="/item/${id}">豹骨 ${id}</a><b class="price">100元</b></li>`);
setTimeout(() => add("later"), 900);
window.addEventListener("scroll", () => setTimeout(() => add("scrolled"), 300), {once: true});
</script>"""
"""Part of a page that adds a result after a moment, and one as a visitor scrolls."""


def test_a_page_whose_load_never_ends_is_read_once_it_shows_no_more_results(
    tmp_path: Path, browser: str
) -> None:
    end = Event()

    def answer(asked: Asked) -> Answer:
        if asked.path == "/tracker":
            end.wait(60)
            return Answer(status=0)
        return Answer(f'{results(asked).body}{GROWING}<iframe src="/tracker"></iframe>')

    with odd_site(answer) as site:
        run, ads, result = crawl(
            site, tmp_path, "-s", "RETRY_ENABLED=False", spider="polite_browser",
            keywords="keywords=豹骨",
        )  # fmt: skip
        end.set()
    assert (run.health, run.reason, len(ads)) == ("ok", "", 4)
    assert "did not load to its end and is read as it is" in result.err


LATE = """<p class="none">没有找到</p><div id="box" style="height: 200px; overflow: auto">
<ul id="list"></ul></div><script>
const put = (ids, text) => list.insertAdjacentHTML("beforeend", ids.map(id =>
  `<li data-id="${id}" style="height: 90px">${text(id)}</li>`).join(""));
const link = id => `<a href="/item/${id}">豹骨 ${id}</a><b class="price">100元</b>`;
setTimeout(() => { document.querySelector(".none").remove(); put([1, 2, 3], id => ""); }, 600);
setTimeout(() => { list.replaceChildren(); put([1, 2, 3], link); }, 2400);
box.addEventListener("scroll", () => setTimeout(() => put([4], link), 300), {once: true});
</script>"""
"""A page that first shows no results, then empty places, then results, and more in a box."""


def test_late_results_and_those_of_a_box_that_scrolls_are_read(
    tmp_path: Path, browser: str
) -> None:
    with odd_site(lambda _: Answer(LATE)) as site:
        run, ads, _ = crawl(site, tmp_path, spider="polite_browser", keywords="keywords=豹骨")
    assert (run.health, run.reason) == ("ok", "")
    assert {ad.ad_id for ad in ads} == {"1", "2", "3", "4"}


class Scrolled:
    """A browser's page that shows more results a while after each scroll, on its own clock."""

    def __init__(self, slow_ms: float, total: int = 14, more: int = 4) -> None:
        self.slow_ms, self.total, self.more = slow_ms, total, more
        self.now_ms, self.due_ms, self.shown = 0.0, 0.0, more

    def monotonic(self) -> float:
        return self.now_ms / 1000

    async def wait_for_timeout(self, ms: float) -> None:
        self.now_ms += ms
        if self.due_ms and self.now_ms >= self.due_ms:
            self.shown, self.due_ms = min(self.total, self.shown + self.more), 0

    async def evaluate(self, _: str) -> None:
        self.due_ms = self.due_ms or self.now_ms + self.slow_ms

    def locator(self, _: str) -> Scrolled:
        return self

    async def evaluate_all(self, _: str) -> list[str]:
        return [f"/item/{number}" for number in range(self.shown)]


@pytest.mark.parametrize("slow_ms", [300, 1600, 2200])
def test_results_that_come_slowly_as_a_page_is_scrolled_are_waited_for(
    slow_ms: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    growth = Growth()
    for _ in range(4):
        page = Scrolled(slow_ms)
        monkeypatch.setattr("wildcrawl.base_spiders.growing_pages.time", page)
        asyncio.run(grow(page, ["li"], 30_000, growth))  # type: ignore[arg-type]
        assert page.shown == page.total
    assert growth.note() == ""


@pytest.mark.parametrize("known", [True, False])
def test_further_results_are_waited_for_while_their_request_is_open(
    known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Scrolled(6_000)
    monkeypatch.setattr("wildcrawl.base_spiders.growing_pages.time", page)
    asyncio.run(grow(page, ["li"], 60_000, Growth(), lambda: known and bool(page.due_ms)))  # type: ignore[arg-type]
    assert (page.shown == page.total) is known


class InSight(Scrolled):
    """A page of empty places for results, of which a few are filled once they are in sight."""

    def __init__(self, fills: bool) -> None:
        super().__init__(slow_ms=1e9)
        self.fills = fills

    async def evaluate_all(self, script: str) -> list[str]:
        self.shown += 2 * self.fills * ("scrollIntoView" in script)
        full = min(self.shown, 40)
        return [f"/item/{number}" for number in range(full)] + (40 - full) * [""]


@pytest.mark.parametrize("fills", [True, False])
def test_places_that_are_filled_once_in_sight_are_filled_or_missed_aloud(
    fills: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, growth = InSight(fills), Growth()
    monkeypatch.setattr("wildcrawl.base_spiders.growing_pages.time", page)
    asyncio.run(grow(page, ["li"], 15_000, growth))  # type: ignore[arg-type]
    assert (page.shown >= 40) is fills
    assert growth.thin().startswith("" if fills else "most places for results on 1 page stayed")
    assert bool(growth.thin()) is not fills


def test_results_that_only_a_shadow_root_holds_are_no_empty_result() -> None:
    spider = PoliteBrowserSpider()
    meta = {VISIBLE: SimpleNamespace(result=spider.card)}
    request = Request("http://h/", meta=meta)
    body = '<p class="none" hidden>没有找到</p><div></div>'.encode()
    page = HtmlResponse("http://h/", body=body, request=request, encoding="utf-8")
    with pytest.raises(Unreadable, match="in shadow roots"):
        spider.read_results(page)


@pytest.mark.parametrize(("visible", "recognised"), [("", False), ("p.none", True), (None, True)])
def test_nothing_found_in_a_hidden_element_says_nothing(
    visible: str | None, recognised: bool
) -> None:
    meta = {} if visible is None else {VISIBLE: SimpleNamespace(result=visible)}
    request = Request("http://h/", meta=meta)
    body = '<p class="none" hidden>没有找到</p>'.encode()
    page = HtmlResponse("http://h/", body=body, request=request, encoding="utf-8")
    assert PoliteBrowserSpider().shows_nothing(page) is recognised


def test_a_page_that_holds_only_the_results_in_sight_is_told_from_one_that_grows() -> None:
    growth = Growth()
    many = [str(place) for place in range(23)]
    shown = [("abcde", "abcdefgh"), ("abcde", "abcdX"), ("abcd", "efgh"), ("a", "b")]
    for first, last in (*shown, (many[:16], many[7:])):
        growth.in_sight_only += drops_results(first, last)
    assert growth.thin().startswith("2 pages held only the results in sight")
