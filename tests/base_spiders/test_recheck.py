"""`scrapy recheck SITE` on the bundled marketplaces: removed, still up, or unknown."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from tests.helpers.answered_run import made
from tests.helpers.crawling import Result, requests_so_far, running, scrapy
from tests.helpers.odd_site import Answer, Asked, odd_site
from tests.helpers.store_fixtures import SQLITE_DAILY
from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.base_spiders.recheck import RecheckSpider, recheck_spider
from wildcrawl.demo.server import running_marketplaces
from wildcrawl.demo.truth import load_truth
from wildcrawl.items import Advertisement
from wildcrawl.review.notices import Notified, Recheck, State, checks, keep_checks, notify, removals
from wildcrawl.store import open_store

PATHS = {
    "demo_mall": "/mall/item-{}.html",
    "demo_market": "/market/item/{}",
    "demo_forum": "/forum/thread-{}-1-1.html",
}
AT = datetime.now(UTC) - timedelta(days=10)


def told(site: str, ad_id: str, url: str, mark: str = "老象牙手串") -> Notified:
    return Notified(site, ad_id, url, mark, "2016-05", AT)


def recheck(site: str, base: str, folder: Path, store: str, *options: str) -> Result:
    done = scrapy(
        "recheck", site, *options, folder=folder, WILDCRAWL_DEMO_URL=base, WILDCRAWL_STORE=store
    )
    assert "Error processing" not in done.err, done.err
    return done


@SQLITE_DAILY
@pytest.mark.parametrize("site", PATHS)
def test_what_the_second_month_lacks_is_removed_and_the_rest_still_up(
    site: str, store_url: str, tmp_path: Path
) -> None:
    before = [each for each in load_truth() if each.site == site and each.relevant]
    left = {each.ad_id for each in load_truth(2) if each.site == site}
    gone = {each.ad_id for each in before} - left
    assert gone, "the second month must lack some"
    store = open_store(store_url)
    with running_marketplaces(month=2) as base:
        notify(
            store,
            [
                told(site, ad.ad_id, base + PATHS[site].format(ad.ad_id), ad.title or "no title")
                for ad in before
            ],
        )
        done = recheck(site, base, tmp_path, store_url)
        assert done.code == 0, done.err
        pages = requests_so_far(base)["pages"]
        found = {check.ad_id: check.state for check in checks(store, site)}
        assert {ad_id for ad_id, state in found.items() if state == State.REMOVED} == gone
        up = {ad_id for ad_id, state in found.items() if state == State.UP}
        # Without title or text the state may be unknown, but nothing that is up counts as removed.
        assert len(up) >= 0.9 * (len(before) - len(gone))
        assert f"{len(before)} of {len(before)} visited: {len(gone)} removed" in done.out
        assert set(pages.values()) <= {1}, "an advertisement was visited twice"
        (row,) = removals(store)
        assert (row.notified, row.removed, row.removed_within_30_days) == (
            len(before),
            len(gone),
            len(gone),
        )
        assert row.removed_within_7_days == 0
        assert row.removed + row.still_up + row.unknown == row.notified

        again = recheck(site, base, tmp_path, store_url)
        assert f"{len(before) - len(gone)} of {len(before) - len(gone)} visited" in again.out
    assert store.runs() == [], "a recheck is not a search"
    assert list(store.advertisements()) == []
    store.close()


@pytest.mark.parametrize("kind", ["403", "500", "captcha", "login", "empty", "changed"])
def test_a_block_or_an_error_proves_nothing(marketplaces: str, tmp_path: Path, kind: str) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(url)
    notify(store, [told("broken_site", n, f"{marketplaces}/broken/{kind}?ad={n}") for n in "123"])
    modules = ("-s", "SPIDER_MODULES=tests.helpers.broken_spiders", "-s", "RETRY_ENABLED=False")
    done = recheck("broken_site", marketplaces, tmp_path, url, *modules)
    states = {check.state for check in checks(store)}
    (row,) = removals(store)
    store.close()
    assert states == {State.UNKNOWN}
    assert (row.removed, row.still_up, row.unknown) == (0, 0, 3)
    assert done.code == 1
    assert "0 removed, 0 still up" in done.out
    if kind in ("403", "captcha", "login"):
        assert "1 of 3 visited" in done.out, "a site that blocks must not be asked on"


def test_a_site_that_does_not_answer_is_left_alone_and_nothing_is_lost(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with running_marketplaces() as base:
        pass
    store = open_store(url)
    notify(store, [told("demo_mall", str(n), f"{base}/mall/item-{n}.html") for n in range(30)])
    done = recheck("demo_mall", base, tmp_path, url, "-s", "RETRY_ENABLED=False")
    assert done.code == 1
    assert "8 of 30 visited: 0 removed, 0 still up, 8 unknown" in done.out
    assert len(checks(store)) == 8
    store.close()


def test_robots_txt_is_kept_to(marketplaces: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(url)
    notify(store, [told("demo_mall", "1", f"{marketplaces}/mall/admin?ad=1")])
    done = recheck("demo_mall", marketplaces, tmp_path, url)
    assert "1 unknown (robots.txt forbids the visit)" in done.out
    (check,) = checks(store)
    store.close()
    assert check.state == State.UNKNOWN
    assert "/mall/admin" not in str(requests_so_far(marketplaces))


def test_a_site_that_only_records_name_is_visited_by_address(
    marketplaces: str, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    ad = next(each for each in load_truth() if each.site == "demo_mall" and each.title)
    page = f"{marketplaces}/mall/item-{ad.ad_id}.html"
    store = open_store(url)
    notify(
        store,
        [
            told("somewhere", "1", page, ad.title),
            told("somewhere", "2", f"{marketplaces}/mall/item-0.html"),
            told("somewhere", "3", ""),
        ],
    )
    refused = recheck("somewhere", marketplaces, tmp_path, url)
    assert refused.code == 2
    assert "set WILDCRAWL_CONTACT" in refused.out + refused.err
    options = (
        "WILDCRAWL_CONTACT=monitoring@example.org",
        "DOWNLOAD_DELAY=0.1",
        "AUTOTHROTTLE_START_DELAY=0.1",
    )
    given = [part for option in options for part in ("-s", option)]
    done = recheck("somewhere", marketplaces, tmp_path, url, *given)
    found = {check.ad_id: check.state for check in checks(store)}
    store.close()
    assert found == {"1": State.UP, "2": State.REMOVED, "3": State.UNKNOWN}
    assert done.code == 0


def test_what_there_is_nothing_to_visit_for_is_one_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    done = recheck("mall", "http://127.0.0.1:1", tmp_path, url)
    assert done.code == 2
    assert "nothing was notified to 'mall'" in done.out + done.err
    store = open_store(url)
    notify(store, [told("mall", "1", "http://127.0.0.1:1/1")])
    keep_checks(store, [Recheck("mall", "1", AT + timedelta(days=1), State.REMOVED)])
    store.close()
    done = recheck("mall", "http://127.0.0.1:1", tmp_path, url)
    assert done.code == 0
    assert "mall: all notified advertisements have been removed" in done.out


LIST = "<ul><li>老象牙手串</li><li>老象牙手串 二</li></ul>"
ANSWERS = {
    "/": Answer(LIST),
    "/item/404": Answer("老象牙手串", 404),
    "/item/410": Answer("", 410),
    "/item/front": Answer("", 302, {"Location": "/"}),
    "/item/meta": Answer("<meta http-equiv=refresh content='0; url=/'>"),
    "/item/77": Answer("", 301, {"Location": "/new/77-a.html"}),
    "/new/77-a.html": Answer("<h1>老象牙手串</h1>"),
    "/item/slash": Answer("", 301, {"Location": "/item/slash/"}),
    "/item/slash/": Answer("<h1>老象牙手串</h1>"),
    "/item/loop": Answer("", 302, {"Location": "/item/loop"}),
    "/item/away": Answer("", 302, {"Location": "http://127.0.0.2:9/"}),
    "/item/moved404": Answer("", 302, {"Location": "/item/404"}),
    "/item/up": Answer("<h1>老象牙手串</h1>"),
    "/item/other": Answer("<h1>别的</h1>"),
    "/item/500": Answer("老象牙手串", 500),
}
FOUND = {
    "404": State.REMOVED,
    "410": State.REMOVED,
    "moved404": State.REMOVED,
    "77": State.UP,
    "slash": State.UP,
    "up": State.UP,
    "front": State.UNKNOWN,  # its list has others of the same title
    "meta": State.UNKNOWN,
    "loop": State.UNKNOWN,
    "away": State.UNKNOWN,
    "other": State.UNKNOWN,
    "500": State.UNKNOWN,
    "slow": State.UNKNOWN,
}


def test_what_a_site_leads_to_proves_only_what_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"

    def answer(asked: Asked) -> Answer:
        if asked.path == "/item/slow":
            time.sleep(4)
        return ANSWERS.get(asked.path, Answer("", 404))

    store = open_store(url)
    with odd_site(answer) as site:
        notify(store, [told("polite_site", n, f"{site.address}/item/{n}") for n in FOUND])
        options = [
            "SPIDER_MODULES=tests.helpers.polite_spiders",
            "RETRY_ENABLED=False",
            "DOWNLOAD_TIMEOUT=2",
            "WILDCRAWL_CONTACT=monitoring@example.org",
        ]
        given = [word for option in options for word in ("-s", option)]
        done = recheck("polite_site", site.address, tmp_path, url, *given)
    found = {check.ad_id: check for check in checks(store)}
    store.close()
    assert {ad_id: check.state for ad_id, check in found.items()} == FOUND
    assert "robots.txt" not in found["loop"].reason
    assert "redirect" in found["loop"].reason
    assert all(check.reason for check in found.values() if check.state != State.UP)
    assert done.code == 0
    assert "Traceback" not in done.err


class Shop(HtmlSearchSpider):
    name = "shop"
    label = "Shop"
    kind = "antiques"
    home = "https://shop.example/"
    search_url = "https://shop.example/s?q={keyword}"
    card = "li.item"
    detail: ClassVar = {"title": "h1::text", "price": ".price::text"}


@pytest.mark.parametrize(
    ("page", "state"),
    [
        ("<h1>抱歉</h1><p>该商品已下架</p>", State.UNKNOWN),
        ("<h1>提示信息</h1><div>该拍品已关闭</div>", State.UNKNOWN),
        ("<h1>Sorry</h1><p>This item is no longer available.</p>", State.UNKNOWN),
        ("<h1>老象牙手串</h1><p>已下架的勿拍</p>", State.UP),
        ("<h1>老料手串，改了标题</h1><b class='price'>480</b>", State.UP),
        (
            "<h1>改了标题</h1><ul><li>手镯已下架</li><li>印章</li><li>吊坠</li></ul>",
            State.UP,
        ),
    ],
)
def test_a_heading_on_a_page_for_removed_goods_is_not_the_advertisement(
    page: str, state: State
) -> None:
    ad = told("shop", "1", "https://shop.example/i/1")
    spider = made(recheck_spider(Shop, [ad]))
    assert isinstance(spider, RecheckSpider)
    answer = HtmlResponse(ad.url, body=page, encoding="utf-8", request=Request(ad.url))
    assert spider.judge(answer, ad)[0] == state


def test_what_a_search_sees_again_after_its_removal_is_up_and_visited_again(
    marketplaces: str, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(url)
    removed = AT + timedelta(days=3)
    notify(store, [told("demo_mall", n, f"{marketplaces}/mall/item-{n}.html") for n in "12"])
    keep_checks(store, [Recheck("demo_mall", n, removed, State.REMOVED) for n in "12"])
    for ad_id, days in (("1", 2), ("2", 4)):
        ad = Advertisement("demo_mall", ad_id, title="老象牙手串", relevance="likely")
        store.record([replace(ad, found_at=AT + timedelta(days=days))], "run")
    (row,) = removals(store)
    assert (row.removed, row.still_up, row.unknown) == (1, 1, 0)
    assert "1 of 1 visited: 1 removed" in recheck("demo_mall", marketplaces, tmp_path, url).out
    (row,) = removals(store)
    assert (row.removed, row.removed_within_7_days, row.removed_within_30_days) == (2, 1, 2)
    store.close()


def test_a_killed_recheck_loses_no_visit(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(url)
    with odd_site(lambda asked: Answer("<h1>老象牙手串</h1>")) as site:
        notify(store, [told("polite_site", str(n), f"{site.address}/item/{n}") for n in range(400)])
        with running(
            *("recheck", "polite_site", "-s", "SPIDER_MODULES=tests.helpers.polite_spiders"),
            folder=tmp_path,
            streams={},
            WILDCRAWL_STORE=url,
            WILDCRAWL_DEMO_URL=site.address,
            WILDCRAWL_CONTACT="monitoring@example.org",
        ) as command:
            while len(site.paths("/item")) < 5:
                os.kill(command.pid, 0)
                time.sleep(0.02)
            os.kill(command.pid, signal.SIGKILL)
            command.wait()
        visited = len(site.paths("/item"))
    assert len(checks(store)) >= visited - 1 > 0, "what is on its way alone may be lost"
    store.close()


def test_a_site_of_which_nothing_stands_may_have_moved_its_pages(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(url)
    with odd_site(lambda asked: Answer("", 404)) as site:
        notify(store, [told("polite_site", str(n), f"{site.address}/item/{n}") for n in range(10)])
        options = ("-s", "SPIDER_MODULES=tests.helpers.polite_spiders")
        contact = ("-s", "WILDCRAWL_CONTACT=monitoring@example.org")
        done = recheck("polite_site", site.address, tmp_path, url, *options, *contact)
    store.close()
    assert "10 removed, 0 still up, 0 unknown; all of them were removed: check by hand" in done.out


def test_a_site_that_is_worked_by_hand_is_visited_by_no_program(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(url)
    notify(store, [told("demo_fair", "1", "http://127.0.0.1:9/1")])
    done = recheck("demo_fair", "http://127.0.0.1:9", tmp_path, url)
    assert done.code == 2
    assert (
        "demo_fair is searched by hand and cannot be visited automatically" in done.out + done.err
    )
    (row,) = removals(store)
    assert row.unknown == 1
    store.close()
