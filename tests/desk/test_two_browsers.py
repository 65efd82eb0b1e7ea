"""Two persons in two browsers: no verdict is overwritten, and no card handed out twice.

WILDCRAWL_TEST_CARDS is the number of advertisements (60).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from sklearn.metrics import cohen_kappa_score

from tests.helpers.desk_accounts import WORDS
from tests.helpers.desk_accounts import book as book
from tests.helpers.desk_accounts import quick_hashes as quick_hashes
from tests.helpers.desk_cards import ad
from tests.helpers.desk_data import desk_in
from tests.helpers.desk_pages import ready
from tests.helpers.fonts import launch
from wildcrawl.desk import close_app, create_app
from wildcrawl.desk.accounts import Access, AccountBook
from wildcrawl.local_server import server_of
from wildcrawl.review.agreement import is_shared, pairs
from wildcrawl.review.queue import read_queue
from wildcrawl.store import Store, open_store

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk"), pytest.mark.timeout(1800)]

CARDS = int(os.environ.get("WILDCRAWL_TEST_CARDS", "60"))
SHARE = 0.3
KEYS = {"v": "valid", "i": "irrelevant", "f": "fake"}
CLASHES = 3
"""Cards that the second person opens by their address while the first one has them."""


@dataclass
class Session:
    """What one person was shown and pressed."""

    name: str
    judged: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, str] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)


def key_of(name: str, ad_id: str) -> str:
    """The key that a person presses for a card: the same for both on most cards."""
    common, own = (hashlib.sha256(f"{each} {ad_id}".encode()).digest()[0] for each in ("all", name))
    return "vif"[(own if own % 5 == 0 else common) % 3]


@pytest.fixture
def desk(book: AccountBook, tmp_path: Path, store_url: str) -> Iterator[str]:
    """The address of a desk with accounts and CARDS pending advertisements."""
    with closing(open_store(store_url)) as store:
        store.record([ad(f"{each:04}", f"牙雕 {each}") for each in range(CARDS)], "run")
    made = replace(
        desk_in(tmp_path),
        store=lambda: closing(open_store(store_url)),
        queue=read_queue,
        shared_sample=SHARE,
    )
    app = create_app(made, Access(book=book))
    server = server_of(app, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    close_app(app)


def sign_in(page: Page, address: str, name: str) -> None:
    page.set_default_timeout(120_000)
    page.goto(f"{address}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")


def screen(
    browser: str, address: str, name: str, folder: Path, start: threading.Barrier
) -> Session:
    """Judges cards by keys, in a browser of its own, until none is left for the person."""
    session = Session(name)
    with sync_playwright() as playwright:
        launched = launch(playwright, browser, "narrow", folder)
        page = launched.new_page()
        sign_in(page, address, name)
        start.wait()
        page.goto(f"{address}/screen/")
        while page.locator("#judge").count():
            judge(page, session)
        launched.close()
    return session


def judge(page: Page, session: Session) -> None:
    """Presses the key of the card that is shown."""
    ready(page)
    ad_id = page.locator("#judge [name=ad_id]").input_value()
    second = page.locator("#judge [name=second]").count()
    key = key_of(session.name, ad_id)
    with page.expect_navigation():
        page.keyboard.press(key)
    if page.locator("a.next").count():
        session.late.append(ad_id)
        page.locator("a.next").click()
        return
    given = session.seconds if second else session.judged
    assert ad_id not in given, "a person gets a card once"
    given[ad_id] = KEYS[key]


def test_two_persons_overwrite_nothing_and_get_no_card_twice(
    desk: str, browser: str, store_url: str, tmp_path: Path
) -> None:
    start = threading.Barrier(2)
    with ThreadPoolExecutor() as threads:
        sessions = list(
            threads.map(
                lambda name: screen(browser, desk, name, tmp_path / name, start), ("Li", "Wang")
            )
        )
    first, second = sessions
    assert not first.judged.keys() & second.judged.keys(), "no card is handed out twice"
    assert not first.late + second.late, "nobody waits for another's card"
    assert len(first.judged) + len(second.judged) == CARDS
    with closing(open_store(store_url)) as store:
        for session in sessions:
            for ad_id, verdict in session.judged.items():
                stored = store.get("fair", ad_id)
                assert stored
                given = [(each.new, each.by) for each in stored.history if each.field == "verdict"]
                assert given == [(verdict, session.name)], "one verdict, of who was shown the card"
        check_sample(store, first, second)
        shown = len(list(pairs(store)))
    with sync_playwright() as playwright:
        launched = launch(playwright, browser, "narrow", tmp_path / "third")
        page = launched.new_page()
        sign_in(page, desk, "陈")
        settle(page, desk, shown, first, second)
        launched.close()
    with closing(open_store(store_url)) as store:
        assert not [pair for pair in pairs(store) if pair.open]


def check_sample(store: Store, first: Session, second: Session) -> None:
    """Both persons gave an independent verdict on each advertisement of the shared sample."""
    sample = {f"{each:04}" for each in range(CARDS) if is_shared(("fair", f"{each:04}"), SHARE)}
    assert first.seconds.keys() | second.seconds.keys() == sample
    assert first.seconds.keys() <= second.judged.keys()
    assert second.seconds.keys() <= first.judged.keys()
    for pair in pairs(store):
        by_name = {pair.first.by: pair.first.verdict, pair.second.by: pair.second.verdict}
        for session in (first, second):
            own = session.judged.get(pair.ad_id) or session.seconds[pair.ad_id]
            assert by_name[session.name] == own


def settle(page: Page, address: str, number: int, first: Session, second: Session) -> None:
    """The third person finds agreement and disagreements, and settles them."""
    both = [
        ((first.judged | first.seconds)[ad_id], (second.judged | second.seconds)[ad_id])
        for ad_id in first.seconds.keys() | second.seconds.keys()
    ]
    counts = Counter(one == other for one, other in both)
    kappa = cohen_kappa_score(*zip(*both, strict=True))
    page.goto(f"{address}/progress")
    expect(page.get_by_text(f"{counts[True]} of {number}", exact=True)).to_be_visible()
    expect(page.locator("main")).to_contain_text(f"{kappa:.2f} (")
    heading = page.get_by_role("heading", name="Disagreements")
    open_ones = page.locator("section", has=heading).locator("li a")
    assert open_ones.count() == counts[False] > 0
    for left in range(counts[False], 0, -1):
        expect(open_ones).to_have_count(left)
        open_ones.first.click()
        ready(page)
        with page.expect_navigation():
            page.keyboard.press("v")
        page.goto(f"{address}/progress")
    expect(heading).to_have_count(0)


def test_who_comes_second_sees_the_others_verdict_and_no_live_keys(
    desk: str, browser: str, store_url: str, tmp_path: Path
) -> None:
    with sync_playwright() as playwright:
        launched = launch(playwright, browser, "narrow", tmp_path / "both")
        pages = [launched.new_context().new_page() for _ in range(2)]
        for page, name in zip(pages, ("Li", "Wang"), strict=True):
            sign_in(page, desk, name)
        li, wang = pages
        for number in range(CLASHES):
            path = f"/screen/ad?site=fair&ad_id={number:04}"
            for page in pages:
                page.goto(desk + path)
                ready(page)
            li.keyboard.press("v")
            li.wait_for_url("**/screen/?*")
            with wang.expect_navigation():
                wang.keyboard.press("f")
            expect(wang.locator("h1")).to_have_text("Li was faster")
            assert not wang.locator("[data-key=v], [data-key=i], [data-key=f]").count()
            for key in "vifuy":
                wang.keyboard.press(key)
            expect(wang.locator("h1")).to_have_text("Li was faster")
            wang.get_by_role("link", name="Next advertisement").click()
            ready(wang)
        launched.close()
    with closing(open_store(store_url)) as store:
        for number in range(CLASHES):
            stored = store.get("fair", f"{number:04}")
            assert stored
            given = [(each.new, each.by) for each in stored.history if each.field == "verdict"]
            assert given == [("valid", "Li")]
