"""Whole crawls on both stores: planted advertisements are found and stored once."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.helpers.crawling import ROOT, requests_so_far, reset_requests, running, scrapy
from tests.helpers.few_keywords import write_few_keywords
from tests.helpers.store_fixtures import SQLITE_DAILY
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.demo.server import running_marketplaces
from wildcrawl.demo.tally import tally
from wildcrawl.demo.truth import Planted, findable, load_truth
from wildcrawl.items import Advertisement, Run
from wildcrawl.store import open_store

TERMS = [keyword.term for keyword in load_vocabulary().keywords]
SEEN_THROUGH_BY_A_PERSON = {"YS-0339"}
"""A silk scarf in hornbill red: the search finds it by 鹤顶红, its card shows no category."""
HTML_AND_JSON = ("demo_mall", "demo_market", "demo_forum")


def planted(site: str, month: int = 1) -> list[Planted]:
    return [each for each in load_truth(month) if each.site == site]


def stored(url: str, site: str) -> tuple[list[Advertisement], list[Run]]:
    store = open_store(url)
    try:
        return list(store.advertisements(site=site)), store.runs(site)
    finally:
        store.close()


def crawl(
    site: str, folder: Path, base: str, store: str, *arguments: str, keywords: Path | str = ""
) -> str:
    settings = {"WILDCRAWL_DEMO_URL": base, "WILDCRAWL_STORE": store}
    settings["WILDCRAWL_KEYWORDS"] = str(keywords)
    result = scrapy("crawl", site, *arguments, folder=folder, **settings)
    assert result.code == 0, result.err
    assert "Traceback" not in result.err
    return result.err


def detail_requests(base: str, site: str) -> dict[str, int]:
    pages = requests_so_far(base)["pages"]
    return {key: count for key, count in pages.items() if key.startswith(f"{site}:")}


@pytest.fixture(params=["all"])
def keywords(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """The vocabulary to search by: "" for the bundled one, or the path of one with "few"."""
    return write_few_keywords(tmp_path / "few.yaml") if request.param == "few" else ""


@pytest.mark.parametrize(
    ("site", "store_url", "keywords"),
    [
        *((site, "sqlite", "all") for site in HTML_AND_JSON),
        # In full on MongoDB one site, since what differs by site is not what differs by store;
        # in full with a browser the demo, in tests/commands.
        pytest.param("demo_forum", "mongodb", "all", marks=pytest.mark.slow),
        pytest.param("demo_mall", "mongodb", "few", marks=pytest.mark.slow),
        pytest.param("demo_market", "mongodb", "few", marks=pytest.mark.slow),
        pytest.param("demo_shop", "sqlite", "few", marks=pytest.mark.slow),
    ],
    indirect=["store_url", "keywords"],
)
def test_a_month_finds_what_is_planted_and_the_next_crawl_counts_none_twice(
    site: str,
    store_url: str,
    keywords: Path | str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    if site == "demo_shop":
        request.getfixturevalue("browser")
    vocabulary = load_vocabulary(Path(keywords) if keywords else None)
    terms = [keyword.term for keyword in vocabulary.keywords]
    truth = [each for each in planted(site) if not keywords or findable(each, terms)]
    with running_marketplaces() as base:
        crawl(site, tmp_path, base, store_url, keywords=keywords)
        ads, (first,) = stored(store_url, site)
        once = detail_requests(base, site)
        found = tally(truth, ads, terms)
        assert found.planted > 10
        assert found.found >= 0.95 * found.planted, found.missed
        by_text = {each.ad_id for each in found.wrongly_kept if each.trick != "image_only"}
        assert by_text <= SEEN_THROUGH_BY_A_PERSON
        assert first.health == "ok", first.reason
        assert first.new + first.set_aside == len(ads)
        assert set(once.values()) <= {1}, "an advertisement was fetched twice"
        assert {ad.ad_id for ad in ads} <= {each.ad_id for each in truth}

        reset_requests(base)
        crawl(site, tmp_path, base, store_url, keywords=keywords)
        again, (_, second) = stored(store_url, site)
        assert (second.new, second.set_aside, second.seen) == (0, 0, len(ads))
        assert detail_requests(base, site) == {}, "a known advertisement cost a request"
        assert [ad.first_seen for ad in again] == [ad.first_seen for ad in ads]
        assert all(ad.last_seen > ad.first_seen for ad in again)  # type: ignore[operator]
        assert [ad.history for ad in again] == [[] for _ in ads]
        assert second.pages == first.pages
        assert second.irrelevant == first.irrelevant


@pytest.fixture(scope="module")
def first_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with a crawl of the market in its first month."""
    folder = tmp_path_factory.mktemp("first_month")
    path = folder / "store.db"
    with running_marketplaces() as base:
        crawl("demo_market", folder, base, f"sqlite:///{path}")
    return path


def test_every_keyword_that_finds_an_advertisement_is_noted(first_month: Path) -> None:
    ads, _ = stored(f"sqlite:///{first_month}", "demo_market")
    truth = {each.ad_id: each for each in planted("demo_market")}
    several = 0
    for ad in ads:
        assert set(ad.found_by) == findable(truth[ad.ad_id], TERMS)
        several += len(ad.found_by) > 1
    assert several > 10


def test_what_a_seller_changed_goes_into_the_history(first_month: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{shutil.copy(first_month, tmp_path)}"
    with running_marketplaces(month=2) as base:
        crawl("demo_market", tmp_path, base, store)
    ads, (_, second) = stored(store, "demo_market")
    before = {each.ad_id: each for each in planted("demo_market")}
    after = {each.ad_id: each for each in planted("demo_market", month=2)}
    changed = 0
    for ad in ads:
        if ad.ad_id in before and ad.ad_id in after and ad.price_cny is not None:
            changed += before[ad.ad_id].price_cny != after[ad.ad_id].price_cny
            assert ad.price_cny == after[ad.ad_id].price_cny
            assert len(ad.history) == (before[ad.ad_id].price != after[ad.ad_id].price) + (
                before[ad.ad_id].title != after[ad.ad_id].title
            )
    assert changed
    arrived = {ad_id for ad_id in after if ad_id not in before and after[ad_id].relevant}
    assert arrived <= {ad.ad_id for ad in ads}
    assert second.new >= len(arrived)


def test_some_keywords_and_pages_only(tmp_path: Path, marketplaces: str) -> None:
    store = f"sqlite:///{tmp_path / 'store.db'}"
    crawl("demo_mall", tmp_path, marketplaces, store, "-a", "keywords=tiger,象牙", "-a", "pages=1")
    ads, (run,) = stored(store, "demo_mall")
    assert len(run.keywords) == 13
    assert run.pages == 13
    assert (run.health, run.limited, run.complete, run.in_full) == ("ok", True, False, False)
    assert {ad.species[0] for ad in ads if ad.relevance == "likely"} >= {"tiger"}


@SQLITE_DAILY
def test_two_crawls_of_one_site_at_once_count_nothing_twice(
    tmp_path: Path, marketplaces: str, store_url: str
) -> None:
    with ThreadPoolExecutor(2) as pool:
        asked = ("demo_forum", tmp_path, marketplaces, store_url, "-a", "keywords=ivory,tiger")
        for done in [pool.submit(crawl, *asked) for _ in range(2)]:
            done.result()
    ads, runs = stored(store_url, "demo_forum")
    assert len(runs) == 2
    assert sum(run.new + run.set_aside for run in runs) == len(ads)
    assert sum(run.seen for run in runs) == len(ads)


@SQLITE_DAILY
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_crawl_that_is_stopped_keeps_what_it_has_read(
    tmp_path: Path, marketplaces: str, store_url: str, how: signal.Signals
) -> None:
    log = tmp_path / "crawl.log"
    command = ("crawl", "demo_mall", "--logfile", str(log), "-a", "keywords=rhino_horn")
    slow = ("-s", "DOWNLOAD_DELAY=0.05", "-L", "DEBUG")
    settings = {"WILDCRAWL_DEMO_URL": marketplaces, "WILDCRAWL_STORE": store_url}
    with running(*command, *slow, folder=tmp_path, streams={}, **settings) as process:
        wait_for(log, r"(read demo_mall .*\n(.|\n)*?){5}")
        os.kill(process.pid, how)
        process.wait()
    read = re.findall(r"read demo_mall (\S+)", log.read_text(encoding="utf-8"))
    ads, (run,) = stored(store_url, "demo_mall")
    assert {ad.ad_id for ad in ads} == set(read)
    assert run.new + run.set_aside == len(ads)
    assert run.health == "thin"
    assert "stopped early" in run.reason


def wait_for(log: Path, pattern: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if log.exists() and re.search(pattern, log.read_text(encoding="utf-8")):
            return
        time.sleep(0.05)
    raise AssertionError(f"{pattern} did not come up in {os.fspath(log)}")


def test_what_nothing_matched_in_is_read_again_once_the_rules_change(
    tmp_path: Path, marketplaces: str
) -> None:
    store = f"sqlite:///{tmp_path / 'store.db'}"
    rules = ROOT / "keywords.yaml"
    mine = tmp_path / "mine.yaml"
    only = ["-a", "keywords=果冻", "-s", f"WILDCRAWL_KEYWORDS={mine}"]
    requests = []
    for added in ("", "", "\n# one more line\n"):
        mine.write_text(rules.read_text(encoding="utf-8") + added, encoding="utf-8")
        crawl("demo_market", tmp_path, marketplaces, store, *only)
        requests.append(stored(store, "demo_market")[1][-1].requests)
    first, again, changed = requests
    irrelevant = stored(store, "demo_market")[1][0].irrelevant
    assert irrelevant > 0
    assert changed == again + irrelevant <= first
