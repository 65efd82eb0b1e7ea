"""Keys of a card in a real browser: when it takes them, which they are, undo, redo and reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.helpers.desk_cards import FOUND, ad, keep, kept
from tests.helpers.desk_data import desk_in
from tests.helpers.desk_entrance import served
from tests.helpers.desk_pages import judge_by, ready
from tests.helpers.fonts import launch
from wildcrawl.desk import create_app
from wildcrawl.review.verdict_reasons import all_reasons
from wildcrawl.store import open_store

pytestmark = pytest.mark.xdist_group("desk")

NUMBER = 14
ALIKE = ("alike0", "alike1")
"""Advertisements with one text."""
KEYDOWN = """([key, code, more]) => document.body.dispatchEvent(
  new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, ...more }))"""

PRESS = """document.body.dispatchEvent(
  new KeyboardEvent("keydown", { key: "v", code: "KeyV", bubbles: true }))"""
TAP = f"""if (sessionStorage.tap) {{
  sessionStorage.removeItem("tap");
  document.addEventListener("DOMContentLoaded", () => {PRESS});
}}"""
"""A script that presses `v` once in the next page."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("keys")
    keep(made, *(ad(str(number), f"牙雕 {number}", seller="藏友") for number in range(NUMBER)))
    # Found before the others, and so the last ones of the queue.
    text = "包浆自然，祖上传下来的老物件，请看图再问价格"
    early = {"description": text, "found_at": FOUND - timedelta(days=1)}
    keep(made, *(ad(each, "象牙笔筒 58圈口", **early) for each in ALIKE))
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    app = create_app(desk_in(folder))
    with served(app) as start:
        yield start.rstrip("/")


@pytest.fixture(scope="module")
def page(browser: str, address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page of which all verdicts are by Li, and which reports errors in the browser."""
    with sync_playwright() as playwright:
        launched: Browser = launch(playwright, browser, "chinese", tmp_path_factory.mktemp("fonts"))
        opened = launched.new_page()
        complaints: list[str] = []
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(address + "/screen/")
        name = opened.get_by_label("Judged by")
        ready(opened)
        opened.keyboard.press("v")
        expect(name).to_be_focused()
        said = name.evaluate("field => field.validationMessage")
        assert said.startswith("First enter your name"), said
        name.fill("Li")
        assert name.evaluate("field => field.validity.valid")
        opened.keyboard.press("Enter")
        judge_by(opened, "v")
        yield opened
        launched.close()
        assert complaints == []


def shown(page: Page) -> str:
    return page.locator("#judge [name=ad_id]").input_value()


def test_what_needs_searches_comes_once_the_card_is_shown(page: Page) -> None:
    ready(page)
    more = page.locator("[data-more]")
    assert (more.get_attribute("data-more") or "").startswith("/screen/more?")
    expect(more).to_contain_text(f"{NUMBER - 1} more on this site")
    assert more.get_attribute("aria-busy") is None
    # A quick verdict would have come before it was asked for, a second after the card was painted.
    started = "performance.getEntriesByType('resource').find((e) => e.name.includes('/more'))"
    assert page.evaluate(f"{started}.startTime - readyAt") > 700


def test_a_judged_card_is_searched_for_no_more(page: Page) -> None:
    page.reload()
    ready(page)
    held: list[Route] = []
    page.route("**/screen/verdict", lambda route: held.append(route))
    page.keyboard.press("v")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(1_500)
    assert held
    assert not [url for url in asked if "/screen/more" in url]
    held[0].abort()
    page.unroute("**/screen/verdict")
    page.reload()
    ready(page)


def test_a_double_tap_judges_one_card_and_says_so(page: Page, folder: Path) -> None:
    first = shown(page)
    # The second tap comes as soon as the next page has its scripts.
    page.add_init_script(TAP)
    with page.expect_navigation():
        page.evaluate("sessionStorage.tap = 1; " + PRESS)
    second = shown(page)
    expect(page.locator("#announcement")).to_contain_text(
        re.compile("only just appeared|still loading")
    )
    ready(page)
    assert kept(folder, first).verdict == "valid"
    assert (second != first, kept(folder, second).verdict) == (True, "pending")


def test_keys_come_although_the_browser_makes_no_frames(page: Page, address: str) -> None:
    page.add_init_script(
        'if (location.hash === "#frameless") window.requestAnimationFrame = () => 0'
    )
    page.goto(f"{address}/screen/#frameless")
    assert page.evaluate("requestAnimationFrame(() => 1)") == 0
    ready(page)


def test_a_long_text_scrolls_so_that_tags_stay_in_view(
    page: Page, address: str, folder: Path
) -> None:
    # Aside, so that it is not a card of the other tests.
    aside = {"relevance": "set_aside", "description": "祖上传下来的老物件。" * 200}
    keep(folder, ad("long", "牙雕", **aside))
    page.goto(f"{address}/screen/ad?site=fair&ad_id=long")
    text = page.get_by_role("region", name="Text")
    assert text.evaluate("each => each.scrollHeight > 2 * each.clientHeight")
    last, bar = page.locator(".tag").last.bounding_box(), page.locator("#judge").bounding_box()
    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] < bar["y"]
    page.set_viewport_size({"width": 390, "height": 844})
    assert text.evaluate("each => each.scrollHeight === each.clientHeight")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{address}/screen/")


@pytest.mark.slow
def test_a_verdict_that_is_not_answered_is_said_and_can_be_given_again(
    page: Page, folder: Path
) -> None:
    ready(page)
    judged = shown(page)
    # No page comes of such an answer, as of none.
    page.route("**/screen/verdict", lambda route: route.fulfill(status=204))
    page.keyboard.press("v")
    expect(page.locator("#announcement")).to_contain_text("Waiting for the desk")
    page.unroute("**/screen/verdict")
    page.keyboard.press("v")
    assert shown(page) == judged, "a verdict on its way takes no other"
    expect(page.locator("#announcement")).to_contain_text("press again", timeout=60_000)
    judge_by(page, "v")
    assert kept(folder, judged).verdict == "valid"
    assert shown(page) != judged


def test_caps_lock_input_methods_and_other_scripts_do_not_matter(page: Page, folder: Path) -> None:
    cases: list[tuple[str, str, dict[str, object]]] = [
        ("V", "KeyV", {}),
        ("Process", "KeyV", {"keyCode": 229}),
        ("м", "KeyV", {}),
        ("ｖ", "KeyV", {}),
    ]
    for key, code, more in cases:
        ready(page)
        judged = shown(page)
        with page.expect_navigation():
            page.evaluate(KEYDOWN, [key, code, more])
        assert kept(folder, judged).verdict == "valid", key
    ready(page)
    judged = shown(page)
    # A keyboard with other places: the letter counts; with Ctrl or Shift it is no key of the card.
    cases = [("k", "KeyV", {}), ("v", "KeyV", {"ctrlKey": True}),
             ("V", "KeyV", {"shiftKey": True}), ("Enter", "Enter", {})]  # fmt: skip
    for key, code, more in cases:
        page.evaluate(KEYDOWN, [key, code, more])
    assert kept(folder, judged).verdict == "pending"


def test_undo_and_redo_go_through_the_session_and_keep_the_reason(page: Page, folder: Path) -> None:
    first = shown(page)
    judge_by(page, "f")
    page.keyboard.press("2")
    expect(page.locator("#announcement")).to_contain_text("Reason saved: bone")
    second, wide = shown(page), page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator(".last .reasons fieldset").evaluate("e => e.scrollWidth <= e.clientWidth")
    assert wide
    page.set_viewport_size(wide)
    page.reload()
    expect(page.locator("#announcement")).to_contain_text("fake (bone)")
    assert page.evaluate("document.activeElement === document.body"), "reading begins at the top"
    judge_by(page, "i")
    for _ in range(2):
        judge_by(page, "u")
    assert shown(page) == first
    assert {kept(folder, each).verdict for each in (first, second)} == {"pending"}
    for _ in range(2):
        judge_by(page, "y")
    assert [kept(folder, each).verdict for each in (first, second)] == ["fake", "irrelevant"]
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        assert all_reasons(store)["fair", first] == ("fake", "bone")
    expect(page.get_by_role("button", name="Redo")).to_have_count(0)


def test_a_decision_on_a_group_takes_a_reason_undo_and_redo_by_key(
    page: Page, address: str, folder: Path
) -> None:
    page.goto(f"{address}/screen/ad?site=fair&ad_id=alike0")
    ready(page)
    expect(page.locator("[data-more]")).to_contain_text("Compare and judge")
    with page.expect_navigation():
        page.keyboard.press("b")
    with page.expect_navigation():
        page.get_by_role("button", name="All chosen: fake").click()
    expect(page.locator(".last")).to_contain_text("fake: 2 judged")
    page.keyboard.press("1")
    expect(page.locator("#announcement")).to_contain_text("Reason saved")
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        given = all_reasons(store)
    assert given["fair", "alike0"][1]
    assert given["fair", "alike0"] == given["fair", "alike1"]
    with page.expect_navigation():
        page.keyboard.press("u")
    expect(page.locator(".last")).to_contain_text("2 taken back")
    assert {kept(folder, each).verdict for each in ALIKE} == {"pending"}
    with page.expect_navigation():
        page.keyboard.press("y")
    expect(page.locator(".last")).to_contain_text("fake (")
    assert {kept(folder, each).verdict for each in ALIKE} == {"fake"}
    with page.expect_navigation():
        page.keyboard.press("u")
    page.goto(f"{address}/screen/")


def test_the_language_is_a_key_away_and_keys_can_be_changed_and_switched_off(
    page: Page, address: str, folder: Path
) -> None:
    judge_by(page, "g")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.get_by_role("button", name="有效")).to_be_visible()
    judge_by(page, "g")
    page.goto(address + "/preferences")
    page.get_by_label("Valid", exact=True).fill("i")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".wrong")).to_contain_text("have the same key")
    page.get_by_label("Valid", exact=True).fill("X")
    page.get_by_role("button", name="Save").click()
    page.goto(address + "/screen/")
    judged = shown(page)
    judge_by(page, "x")
    assert kept(folder, judged).verdict == "valid"
    page.goto(address + "/preferences")
    page.get_by_label("off: buttons only").check()
    page.get_by_role("button", name="Save").click()
    page.goto(address + "/screen/")
    ready(page)
    judged = shown(page)
    for key in "vxifqlu":
        page.keyboard.press(key)
    assert kept(folder, judged).verdict == "pending"
    with page.expect_navigation():
        page.get_by_role("button", name="Valid").click()
    assert kept(folder, judged).verdict == "valid"
    page.context.clear_cookies(name="keys")


def test_a_page_that_another_website_opened_takes_keys_after_a_click(
    page: Page, address: str, folder: Path
) -> None:
    page.goto(address + "/screen/")
    ready(page)
    # What the attribute data-foreign makes of it, which the server gives such a page.
    page.evaluate("foreign = true")
    judged = shown(page)
    page.keyboard.press("v")
    expect(page.locator("#announcement")).to_contain_text("until you click")
    assert kept(folder, judged).verdict == "pending"
    page.locator("h1").click()
    judge_by(page, "v")
    assert kept(folder, judged).verdict == "valid"
