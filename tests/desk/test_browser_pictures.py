"""Pictures of cards in a real browser: keys, sizes, focus, without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.helpers.desk_cards import ad, keep, kept
from tests.helpers.desk_data import desk_in
from tests.helpers.desk_entrance import served
from tests.helpers.desk_pages import ready
from tests.helpers.evidence_data import keep_capture, photograph
from tests.helpers.fonts import launch
from wildcrawl.desk import create_app

pytestmark = pytest.mark.xdist_group("desk")

SLOW = 60_000
TITLE = "老象牙手镯 58圈口 民国旧物 包浆自然 一只"
SHOWN = ".pictures figure:not([hidden]) img"


@pytest.fixture(scope="module")
def chromium(browser: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = launch(playwright, browser, "chinese", tmp_path_factory.mktemp("fonts"))
        expect.set_options(timeout=SLOW)
        yield launched
        launched.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A desk with two advertisements; the first one in the queue has three pictures."""
    text = "祖上传下来的老物件，包浆自然。" * 8
    keep(tmp_path, ad("1", "牙雕"), ad("22", TITLE, description=text, price="￥2800"))
    keep_capture(tmp_path, "page", b"<p>ivory", ad_id="22")
    for number, size in enumerate([(1600, 1200), (600, 900), (400, 300)], 1):
        body = photograph(number, size)
        keep_capture(tmp_path, "picture", body, ad_id="22", minutes=number)
    app = create_app(desk_in(tmp_path))
    with served(app) as start:
        yield start + "screen/"


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test on errors in the browser and on requests to elsewhere."""
    opened = chromium.new_page(viewport={"width": 1280, "height": 800})
    opened.set_default_timeout(SLOW)
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    requested: list[str] = []
    opened.on("request", lambda request: requested.append(request.url))
    yield opened
    opened.close()
    assert complaints == []
    assert [url for url in requested if not url.startswith(address.removesuffix("screen/"))] == []


def width_of(page: Page) -> int:
    """Width in pixels of the picture shown, once it is loaded."""
    page.locator(SHOWN).evaluate("image => image.decode()")
    width: int = page.locator(SHOWN).evaluate("image => image.naturalWidth")
    return width


def test_pictures_are_leafed_through_and_enlarged_by_keys(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address)
    assert width_of(page) == 1000
    current = page.locator(".thumbnails [aria-current]")
    for key, width, number in (
        ("ArrowRight", 600, "2"),
        ("ArrowRight", 400, "3"),
        ("ArrowRight", 1000, "1"),
        ("ArrowLeft", 400, "3"),
        ("ArrowRight", 1000, "1"),
    ):
        page.keyboard.press(key)
        assert width_of(page) == width
        expect(current).to_have_attribute("data-picture", number)
    zoom = page.locator("dialog.zoom")
    page.keyboard.press("z")
    expect(zoom).to_be_visible()
    enlarged = zoom.locator("img")
    enlarged.evaluate("image => image.decode()")
    assert enlarged.evaluate("image => image.naturalWidth") == 1600
    assert enlarged.evaluate("image => image.clientWidth") == 1280
    page.keyboard.press("z")
    assert enlarged.evaluate("image => image.clientWidth") == 1600, "at its own size"
    page.keyboard.press("ArrowRight")
    expect(enlarged).to_have_attribute("alt", "Picture 2 of 3")
    page.keyboard.press("Escape")
    expect(zoom).to_be_hidden()
    page.locator(".thumbnails a").first.click()
    assert width_of(page) == 1000
    page.locator("a.large:visible").click()
    expect(zoom).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.get_by_label("Judged by").fill("Li")
    page.keyboard.press("Enter")
    page.keyboard.press("z")
    ready(page)
    with page.expect_navigation():
        page.keyboard.press("v")
    expect(page.locator("h1")).to_have_text("牙雕")
    expect(page.get_by_text("No picture is kept")).to_be_visible()
    assert kept(tmp_path, "22").verdict == "valid"


def test_arrow_keys_in_a_field_do_not_leaf(page: Page, address: str) -> None:
    page.goto(address)
    ready(page)
    page.keyboard.press("s")
    page.keyboard.press("ArrowRight")
    page.get_by_label("Note").fill("z")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".thumbnails [aria-current]")).to_have_attribute("data-picture", "1")
    expect(page.locator("dialog.zoom")).to_be_hidden()


@pytest.mark.parametrize("size", [(390, 844), (320, 700)])
def test_a_phone_shows_title_picture_and_verdicts_at_once(
    page: Page, address: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(address)
    width_of(page)
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    buttons = page.locator(".verdicts button")
    expect(buttons).to_have_count(5)
    edge = float(size[1])
    for button in buttons.all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= size[1]
        edge = min(edge, box["y"])
    for part in (page.locator("h1"), page.locator(SHOWN), page.locator(".thumbnails")):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= edge
    # The first verdict needs a name, which is asked for beside the verdicts.
    name = page.get_by_label("Judged by")
    box = name.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= edge
    name.fill("li")
    expect(page.locator("html[data-ready]")).to_have_count(1)
    buttons.first.click()
    expect(name).to_have_value("li")
    # A later one without it leads to the field, which the verdicts do not cover.
    name.fill("")
    page.evaluate("scrollTo(0, 0)")
    buttons.first.click()
    expect(name).to_be_focused()
    box, bar = name.bounding_box(), page.locator(".verdicts").bounding_box()
    assert box is not None
    assert bar is not None
    assert box["y"] + box["height"] <= bar["y"]


@pytest.mark.parametrize(
    "size",
    [
        (1280, 800),
        pytest.param((1280, 720), marks=pytest.mark.slow),
        (640, 360),
        (390, 844),
    ],
)
def test_the_focus_is_visible_and_never_behind_the_verdicts(
    page: Page, address: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(address)
    width_of(page)
    if size[1] > 700 and size[0] > 800:
        page.get_by_label("Judged by").focus()
        assert page.evaluate("scrollY") == 0, "a field that is in view scrolls nothing"
        page.reload()
        width_of(page)
    seen = all_focused(page)
    assert len(seen) > 15
    assert not [each for each in seen if "hidden" in each]
    if size == (640, 360):
        page.goto(f"{address}group?site=fair&ad_id=22")
        assert len(all_focused(page)) > 5


FOCUS = """() => {
  const each = document.activeElement;
  if (each === document.body) return ["", true, "", 0];
  const box = each.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const style = getComputedStyle(each);
  // The ring lies around the element.
  let behind = each.parentElement;
  const painted = (at) => channels(getComputedStyle(at).backgroundColor)[3] !== 0;
  while (behind && !painted(behind)) behind = behind.parentElement;
  const back = behind ? light(getComputedStyle(behind).backgroundColor) : 1;
  const ring = light(style.outlineColor);
  const ratio = (Math.max(ring, back) + 0.05) / (Math.min(ring, back) + 0.05);
  const seen = each.contains(at) || at?.contains(each);
  return [each.outerHTML.slice(0, 80), seen, style.outlineStyle, ratio];
}"""
"""The focused element, whether it is seen, and the kind and contrast of its ring."""


def all_focused(page: Page) -> list[str]:
    """What Tab leads to on a page: each element is seen, in a ring of the contrast of WCAG."""
    seen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name, visible, outline, contrast = page.evaluate(f"(() => {{{LIGHT} return {FOCUS}}})()()")
        if not name:
            break
        seen.append(name)
        assert visible, name
        assert outline != "none", name
        assert contrast >= 3, name
    return seen


def test_pictures_have_texts_and_the_page_has_one_heading(page: Page, address: str) -> None:
    page.goto(address)
    assert page.locator("img:not([alt]), img[alt='']").count() == 0
    assert page.locator("h1").count() == 1
    expect(page.get_by_role("img", name="Picture 1 of 3").first).to_be_visible()


LIGHT = """
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = channels(colour).slice(0, 3).map((each) => each / 255)
      .map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
"""
"""Luminance of a colour, by WCAG."""
CONTRASTS = (
    f"() => {{{LIGHT}"
    + """
  const opaque = (colour) => channels(colour)[3] !== 0;
  const found = [];
  for (const each of document.querySelectorAll("body *")) {
    const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !each.checkVisibility()) continue;
    const painted = (at) => !at || opaque(getComputedStyle(at).backgroundColor);
    let behind = each;
    while (!painted(behind)) behind = behind.parentElement;
    const text = light(getComputedStyle(each).color);
    const back = behind ? light(getComputedStyle(behind).backgroundColor) : 1;
    const ratio = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    found.push([ratio, each.outerHTML.slice(0, 80)]);
  }
  return found;
}"""
)
"""Contrast of each element that has text of its own, with the element."""


def test_texts_have_the_contrast_of_wcag(page: Page, address: str, tmp_path: Path) -> None:
    keep_capture(tmp_path, "picture", b"", ad_id="22", minutes=8, skipped="SVG, which is not read")
    page.goto(address)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 50
    assert [each for each in contrasts if each[0] < 4.5] == []


def test_without_a_script_thumbnails_and_pictures_are_links(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.set_default_timeout(SLOW)
    plain.goto(address)
    shown = plain.locator(".pictures figure img:visible")
    expect(shown).to_have_attribute("alt", "Picture 1 of 3")
    plain.locator(".thumbnails a").nth(1).click()
    expect(shown).to_have_attribute("alt", "Picture 2 of 3")
    expect(plain.locator("h1")).to_have_text(TITLE)
    plain.locator("a.large:visible").click()
    assert plain.url.endswith("/view")
    plain.go_back()
    plain.get_by_text("Captured pages").click()
    plain.get_by_text("read as text").click()
    expect(plain.locator("pre")).to_have_text("ivory")
    context.close()


def test_a_picture_that_is_gone_is_reported_on_the_card(
    chromium: Browser, address: str, tmp_path: Path
) -> None:
    for path in (tmp_path / "evidence" / "objects").rglob("*"):
        if path.is_file():
            path.unlink()
    page = chromium.new_page()
    page.goto(address)
    expect(page.locator(".failed:visible")).to_contain_text("This picture cannot be shown")
    page.get_by_role("link", name="see why").click()
    expect(page.locator(".wrong")).to_contain_text("is missing")
    page.close()
