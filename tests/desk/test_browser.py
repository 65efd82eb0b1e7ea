"""Desk in a real browser, served by `scrapy desk`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.helpers.crawling import Running, running, scrapy
from tests.helpers.desk_cards import ad, keep
from tests.helpers.desk_data import desk_in, keep_reused_id
from tests.helpers.desk_entrance import enter, served, session_request
from tests.helpers.desk_pages import ready
from tests.helpers.evidence_data import keep_capture, photograph
from wildcrawl.desk import create_app
from wildcrawl.evidence import Custody
from wildcrawl.items import Advertisement
from wildcrawl.months import CHINA
from wildcrawl.store import open_store

pytestmark = pytest.mark.xdist_group("desk")

SHEET = "worksheets/demo_fair/2016-12/"
KEYWORD = f"{SHEET}keyword?term=象牙"
LONG = "老象牙" * 40 + " https://seller.example/" + "x" * 300
SLOW = 60_000
"""Time-out of a page in milliseconds, for busy machines."""


@contextmanager
def running_desk(folder: Path) -> Iterator[tuple[str, Running]]:
    """`scrapy desk` in a separate folder: its URL, which browsers have entered, and its process."""
    with running("desk", "-p", "0", folder=folder, streams={}) as command:
        line = command.first_line()
        assert line.startswith("The desk is at http://127.0.0.1:"), line
        yield enter(line.split()[4]), command


COUNT_SENT = """() => {
  window.sent = 0;
  document.querySelector("form[data-slow]").addEventListener("submit", (event) => {
    if (!event.defaultPrevented) window.sent += 1;
    event.preventDefault();
  });
}"""
"""Counts in the browser how often a form would be sent, and sends it never."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[str]:
    with running_desk(folder) as (address, _):
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that fails the test on errors in the browser."""
    opened = chromium.new_page()
    opened.set_default_timeout(SLOW)
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.close()
    assert complaints == []


@pytest.fixture(scope="module", autouse=True)
def patience() -> None:
    expect.set_options(timeout=SLOW)


def test_a_tick_is_saved_at_once_and_is_there_after_a_reload(page: Page, desk: str) -> None:
    page.goto(desk + SHEET)
    tick = page.get_by_label("Searched, nothing found 犀角杯", exact=True)
    row = page.locator(".keyword", has=tick)
    tick.check()
    expect(row.locator(".status")).to_contain_text("Saved")
    expect(row).to_have_class("keyword done")
    expect(page.locator("[data-searched]")).to_have_text("1")
    page.reload()
    expect(tick).to_be_checked()
    tick.uncheck()
    expect(row.locator(".status")).to_contain_text("Saved")
    expect(row).to_have_class("keyword")


def test_typed_text_survives_closing_the_window(page: Page, desk: str, chromium: Browser) -> None:
    first = chromium.new_page()
    first.goto(f"{desk}{SHEET}keyword?term=虎骨")
    form = first.locator("form#new")
    form.get_by_label("Title", exact=True).fill("虎骨酒 一坛")
    form.get_by_label("Product type", exact=True).select_option("other")
    form.get_by_label("Tiger products", exact=True).check()
    expect(form.locator(".status")).to_contain_text("Saved")
    form.get_by_label("Price as written", exact=True).fill("面议")
    first.close(run_before_unload=False)
    page.goto(f"{desk}{SHEET}keyword?term=虎骨")
    page.get_by_text("虎骨酒 一坛").click()
    kept = page.locator(".written form")
    expect(kept).to_have_count(1)
    expect(kept.get_by_label("Product type", exact=True)).to_have_value("other")
    expect(kept.get_by_label("Tiger products", exact=True)).to_be_checked()


PASTE = """([selector, data]) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const clipboard = new DataTransfer();
  clipboard.items.add(new File([bytes], "image.png", { type: "image/jpeg" }));
  const event = { clipboardData: clipboard, bubbles: true, cancelable: true };
  document.querySelector(selector).dispatchEvent(new ClipboardEvent("paste", event));
}"""


def test_a_pasted_screenshot_and_a_count_survive_closing_the_window(page: Page, desk: str) -> None:
    address = f"{desk}{SHEET}keyword?term=豹骨"
    page.goto(address)
    page.get_by_label("Title", exact=True).fill("豹骨一件")
    picture = b64encode(photograph(1, (160, 120))).decode()
    page.evaluate(PASTE, ["#new [name=title]", picture])
    expect(page.locator("#new .thumbnails img")).to_have_count(1)
    expect(page.locator("#new .status")).to_contain_text("Saved")
    page.goto("about:blank")
    page.goto(address)
    page.get_by_text("豹骨一件").click()
    expect(page.locator(".written .thumbnails img")).to_have_count(1)
    page.get_by_role("button", name="Remove picture 1").click()
    expect(page.locator(".thumbnails img")).to_have_count(0)

    page.goto(f"{desk}surveys/")
    page.get_by_label("Account", exact=True).fill("甲店")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("link", name="Next account").click()
    sheet = page.url
    for _ in range(2):
        page.get_by_role("button", name="one more: Images").click()
    expect(page.locator("form.post .status")).to_contain_text("Saved")
    page.goto("about:blank")
    page.goto(sheet)
    typed = page.locator("form.post").first
    expect(typed.get_by_label("Images", exact=True)).to_have_value("2")
    typed.get_by_label("Species").select_option("ivory")
    typed.get_by_role("button", name="Save post").click()
    expect(page.locator(".glance dd").nth(1)).to_have_text("2")
    expect(page.locator("form.post")).to_have_count(2)
    # The next post is entered without the mouse.
    expect(page.locator("form.post [name=advertisements]").first).to_be_focused()
    page.keyboard.press("Tab")
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown", "Tab", "Tab", "i"):
        page.keyboard.press(key)
    for key in ("Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".glance dd").nth(1)).to_have_text("4")


def test_a_mistake_is_shown_beside_its_field_until_it_is_fixed(page: Page, desk: str) -> None:
    page.goto(f"{desk}{SHEET}keyword?term=玳瑁")
    form = page.locator("form#new")
    form.get_by_label("Title", exact=True).fill("玳瑁手镯")
    form.get_by_text("More columns").click()
    images = form.get_by_label("Pictures", exact=True)
    images.fill("three")
    wrong = form.locator('[data-mistake="images"]')
    expect(wrong).to_have_text(
        "images: 'three' is not a whole number from 0; write a count such as 3"
    )
    status = form.get_by_role("status")
    expect(status).to_contain_text("Mistakes: images: 'three' is not a whole number")
    expect(images).to_have_attribute("aria-invalid", "true")
    images.fill("3")
    expect(wrong).to_be_hidden()
    expect(images).not_to_have_attribute("aria-invalid", "true")
    expect(status).not_to_contain_text("Mistakes")


def test_a_filled_worksheet_is_imported_once_and_then_seen(
    page: Page, desk: str, folder: Path
) -> None:
    page.goto(desk + KEYWORD)
    form = page.locator("form#new")
    form.get_by_label("Title", exact=True).fill("老象牙手镯 一只")
    form.get_by_label("Advertisement id", exact=True).fill("B01-01")
    form.get_by_label("Price as written", exact=True).fill("￥1200")
    form.get_by_role("button", name="Save and add another row").click()
    expect(page.locator(".written > summary")).to_contain_text("老象牙手镯 一只")
    expect(page.locator("form#new").get_by_label("Title", exact=True)).to_have_value("")
    for _ in range(2):
        page.goto(desk + SHEET)
        page.get_by_role("button", name="Import").click()
        expect(page.locator("h1")).to_contain_text("Imported")
        expect(page.locator("main > p").first).to_contain_text("demo_fair: ")
        expect(page.locator(".said")).to_contain_text("neither ticked nor have an advertisement")
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    found = {ad.ad_id: ad for ad in store.advertisements()}
    runs = store.runs("demo_fair")
    store.close()
    assert found["B01-01"].found_by == ["象牙"]
    assert found["B01-01"].title == "老象牙手镯 一只"
    assert [run.new for run in runs][1] == 0
    assert runs[1].seen == runs[0].new
    assert {run.health for run in runs} == {"thin"}
    page.goto(desk + SHEET)
    page.evaluate(COUNT_SENT)
    for _ in range(2):
        page.get_by_role("button", name="Import").click()
    expect(page.locator("#announcement")).to_contain_text("Working; this may take some minutes")
    assert page.evaluate("window.sent") == 1, "an impatient second click begins nothing"


BROKEN_WORDS = """[...document.querySelectorAll(".numbers thead th")].filter(each => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return !each.textContent.trim().includes(" ") && range.getClientRects().length > 1;
}).map(each => each.textContent)"""


def test_heads_of_progress_break_between_words_only(page: Page, tmp_path: Path) -> None:
    keep(tmp_path, ad("1"))
    with served(create_app(desk_in(tmp_path))) as start:
        page.set_viewport_size({"width": 390, "height": 900})
        page.goto(f"{start}progress?month=2026-11")
        expect(page.locator(".numbers thead th")).not_to_have_count(0)
        assert page.evaluate(BROKEN_WORDS) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_pages_fit_and_load_nothing_from_elsewhere(page: Page, desk: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{desk}{SHEET}keyword?term=豹骨")
    form = page.locator("form#new")
    form.get_by_label("Title", exact=True).fill(LONG)
    form.get_by_label("Address", exact=True).fill(f"https://seller.example/{LONG}")
    form.get_by_label("Price as written", exact=True).fill(LONG)
    expect(form.locator(".status")).to_contain_text("Saved")
    for address in ("", SHEET, f"{SHEET}keyword?term=豹骨", f"{SHEET}rows", f"{SHEET}?show=left"):
        page.goto(desk + address)
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        for width in (1200, 768, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
            ".filter(each => !each.labels?.length).length"
        )
        assert unnamed == 0, address
    assert all(url.startswith(desk) for url in requests)


def test_the_first_page_leads_to_every_sites_worksheet(page: Page, desk: str) -> None:
    page.goto(f"{desk}?month=2016-12")
    links = page.locator("section :is(.sites, details) a")
    assert links.count() >= 12
    links.first.click()
    expect(page.locator("h1")).to_contain_text("2016-12")
    expect(page.locator(".keyword")).to_have_count(112)


def test_a_desk_that_is_gone_is_reported_and_the_text_remains(
    chromium: Browser, tmp_path: Path
) -> None:
    with running_desk(tmp_path) as (address, command):
        page = chromium.new_page()
        page.set_default_timeout(SLOW)
        page.goto(address + KEYWORD)
        command.end()
        form = page.locator("form#new")
        form.get_by_label("Title", exact=True).fill("老象牙")
        expect(form.locator(".status")).to_contain_text("Not saved")
        expect(form.get_by_label("Title", exact=True)).to_have_value("老象牙")
        page.close()


def test_without_a_script_every_form_has_its_button(
    chromium: Browser, desk: str, page: Page
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{desk}{SHEET}keyword?term=犀角")
    with plain.expect_navigation():
        plain.locator("form.tick button").click()
    plain.get_by_label("Title", exact=True).fill("犀角杯")
    plain.get_by_role("button", name="Save and add another row").click()
    assert "犀角杯" in plain.locator(".written > summary").inner_text()
    context.close()


def test_screening_goes_by_keys_and_a_verdict_needs_one(
    chromium: Browser, page: Page, tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    found = datetime(2016, 12, 3, 4, 0, tzinfo=UTC)
    ads = [
        Advertisement(
            "fair", name, title=f"牙雕 {name} {LONG}", description=LONG, price=LONG,
            found_at=found, relevance="likely", terms=["牙雕"],
        )
        for name in "abc"
    ]  # fmt: skip
    store.record(ads, "run")

    def verdicts() -> dict[str, str]:
        return {ad.ad_id: ad.verdict for ad in store.advertisements()}

    with running_desk(tmp_path) as (address, _):
        page.set_viewport_size({"width": 320, "height": 800})
        page.goto(address)
        page.get_by_role("button", name="Screen advertisements").click()
        by = page.get_by_label("Judged by")
        expect(by).to_be_visible()
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        by.fill("Li f")
        by.press("Enter")
        assert set(verdicts().values()) == {"pending"}
        by.blur()
        ready(page)
        with page.expect_navigation():
            page.keyboard.press("v")
        expect(page.locator(".last")).to_contain_text("valid")
        assert sorted(verdicts().values()) == ["pending", "pending", "valid"]
        ready(page)
        with page.expect_navigation():
            page.keyboard.press("u")
        expect(page.get_by_text("3 pending")).to_be_visible()
        assert set(verdicts().values()) == {"pending"}
        ready(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Irrelevant").click()
        expect(page.get_by_label("Judged by")).to_have_value("Li f")
        expect(page.get_by_text("2 pending")).to_be_visible()
        assert sorted(verdicts().values()) == ["irrelevant", "pending", "pending"]
    store.close()


def test_a_wrong_species_is_corrected_by_keys_and_counts_as_corrected(
    page: Page, tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    found = datetime(2016, 12, 3, 4, 0, tzinfo=UTC)
    tagged = Advertisement(
        "fair", "a", title="虎牙", found_at=found, relevance="likely", terms=["虎牙"],
        species=["tiger", "leopard"], product_type="raw", age_claim="old",
    )  # fmt: skip
    store.record([tagged, replace(tagged, ad_id="b")], "run")
    with running_desk(tmp_path) as (address, _):
        page.goto(address + "screen/")
        page.get_by_label("Judged by").fill("Li")
        page.keyboard.press("Enter")
        species = page.get_by_role("combobox", name="Species")
        ready(page)
        page.keyboard.press("s")
        expect(species).to_be_focused()
        page.keyboard.type("leo")
        expect(species).to_have_value("leopard")
        expect(page.locator(".tag.changed")).to_have_count(1)
        page.keyboard.press("Enter")
        page.keyboard.press("p")
        page.keyboard.type("worked_c")
        page.keyboard.press("Escape")
        page.get_by_text("also").click()
        page.get_by_label("Saiga antelope").check()
        expect(page.get_by_label("Leopard products", exact=True)).to_be_hidden()
        ready(page)
        with page.expect_navigation():
            page.keyboard.press("v")
        expect(page.locator(".last")).to_contain_text(
            "Tiger products; Leopard products → Leopard products; Saiga antelope"
        )
        (ad,) = [each for each in store.advertisements() if each.verdict == "valid"]
        assert (ad.species, ad.product_type, ad.age_claim) == (
            ["leopard", "saiga"],
            "worked_carved",
            "old",
        )
        assert ad.by_person == ["species", "product_type"]
        ready(page)
        with page.expect_navigation():
            page.keyboard.press("u")
        expect(page.get_by_role("combobox", name="Species")).to_have_value("tiger")
        expect(page.locator(".tag.changed")).to_have_count(0)
        ready(page)
        page.keyboard.press("s")
        page.keyboard.type("leo")
        page.keyboard.press("Enter")
        ready(page)
        with page.expect_navigation():
            page.keyboard.press("v")
        # A field that lost focus by mouse does not take the verdicts' keys.
        page.get_by_role("combobox", name="Species").click()
        page.keyboard.press("Escape")
        ready(page)
        with page.expect_navigation():
            page.keyboard.press("i")
    assert {(ad.verdict, *ad.species) for ad in store.advertisements()} == {
        ("valid", "leopard"),
        ("irrelevant", "tiger", "leopard"),
    }
    store.close()
    done = scrapy("export", "2016-12", folder=tmp_path)
    assert done.code == 0, done.err
    shares = tmp_path / "reports" / "2016-12" / "csv" / "species_share.csv"
    counted = [line.split(",")[:2] for line in shares.read_text("utf-8-sig").splitlines()[1:]]
    assert [row for row in counted if row[1] != "0"] == [["leopard", "1"]]


def test_a_port_in_use_is_a_one_line_error(desk: str, tmp_path: Path) -> None:
    port = desk.rstrip("/").rpartition(":")[2]
    done = scrapy("desk", "-p", port, folder=tmp_path)
    assert done.code == 2
    assert f"port {port}:" in done.err
    assert "Traceback" not in done.err


def test_both_states_of_a_reused_id_are_side_by_side_or_below_each_other(
    page: Page, tmp_path: Path
) -> None:
    keep_reused_id(tmp_path, description="清中期风格" * 60)
    with served(create_app(desk_in(tmp_path))) as start:
        for width, beside in ((1200, True), (390, False)):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{start}screen/")
            states = page.locator(".state")
            expect(states).to_have_count(2)
            expect(page.get_by_text("judge it again")).to_be_visible()
            before, now = (states.nth(place).bounding_box() for place in (0, 1))
            assert before is not None
            assert now is not None
            assert (before["y"] == now["y"]) is beside
            assert now["y"] + now["height"] < 1000, "the text now is below, in full"
            assert page.evaluate("document.documentElement.scrollWidth") == width
        # A card asks for more a second after it is painted, which the desk may not outlive.
        page.goto("about:blank")


def test_a_desk_that_is_ended_writes_who_looked_first(tmp_path: Path) -> None:
    store_url = f"sqlite:///{tmp_path / 'wildcrawl.db'}"
    with closing(open_store(store_url)) as store:
        found = datetime(2016, 12, 3, 4, 0, tzinfo=UTC)
        store.record([Advertisement("fair", "1", found_at=found, relevance="likely")], "run")
    capture = keep_capture(tmp_path, "picture", photograph(1), store_url=store_url)
    with running_desk(tmp_path) as (address, command):
        with urlopen(session_request(f"{address}screen/")) as answer:
            assert capture.payload in answer.read().decode()
        assert command.end() == 0
    with closing(open_store(store_url)) as store:
        (link,) = Custody(store).links()
    assert (link.action, link.who) == ("looked", "(no name given)")


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_a_month_is_worked_on_the_chinese_desk_from_worksheet_to_letter(
    chromium: Browser, tmp_path: Path, width: int
) -> None:
    month = f"{datetime.now(CHINA):%Y-%m}"
    with running_desk(tmp_path) as (desk, _):
        page = chromium.new_page(
            viewport={"width": width, "height": 844}, extra_http_headers={"Accept-Language": "zh"}
        )
        page.set_default_timeout(SLOW)
        page.goto(f"{desk}worksheets/demo_fair/{month}/keyword?term=象牙")
        form = page.locator("form#new")
        form.locator("[name=title]").fill("老象牙手镯 一只")
        form.locator("[name=ad_id]").fill("B01-01")
        form.get_by_role("button", name="保存并再填一行").click()
        expect(page.locator(".written > summary")).to_contain_text("老象牙手镯 一只")
        page.goto(f"{desk}worksheets/demo_fair/{month}/")
        page.get_by_role("button", name="导入", exact=True).click()
        expect(page.locator(".said")).not_to_be_empty()
        page.goto(f"{desk}?month={month}")
        page.get_by_role("button", name="审核已找到的广告").click()
        by = page.get_by_label("审核人")
        by.fill("李")
        by.blur()
        ready(page)
        page.keyboard.press("v")
        expect(page.locator("main")).to_contain_text("撤销")
        page.goto(f"{desk}?month={month}")
        page.get_by_role("button", name="写报告").click()
        expect(page.locator("h1")).to_contain_text("报告已写好")
        page.get_by_role("link", name="打开").click()
        assert page.locator("html").get_attribute("lang") == "zh"
        page.goto(f"{desk}?month={month}")
        page.get_by_role("button", name="写通知").click()
        expect(page.locator("h1")).to_contain_text("通知已写好，尚未发送")
        page.get_by_role("link", name="标记发函日期").click()
        expect(page.get_by_role("link", name="打开函件")).to_have_count(1)
        page.get_by_role("button", name="标记为已发出").click()
        expect(page.locator("section.letter")).to_contain_text("已发出")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("link", name="打开函件").click()
        expect(page.locator("body")).to_contain_text("老象牙手镯 一只")
        page.close()
    with closing(open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")) as store:
        (judged,) = store.advertisements()
    assert (judged.ad_id, judged.verdict, judged.screened_by) == ("B01-01", "valid", "李")
