"""Resumed search: a killed run continues where it was, and is judged by all that was searched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from tests.helpers.answered_run import made
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.base_spiders import CrawledSite, HtmlSearchSpider
from wildcrawl.crawl import search_saving, session
from wildcrawl.crawl.health import judge
from wildcrawl.crawl.heartbeat import close_killed
from wildcrawl.crawl.stats import RunCounts
from wildcrawl.items import Advertisement, Health, Run, Sighting
from wildcrawl.months import month_of
from wildcrawl.store import Store, open_store
from wildcrawl.store.search_progress import KIND, count_finds_of, searched_keywords

TERMS = ("象牙", "虎骨", "玳瑁", "犀角", "穿山甲", "盔犀鸟", "赛加羚羊", "鲸牙")
COUNTS = dict(zip(TERMS, (12, 7, 5, 3, 0, 2, 1, 4), strict=True))
SIZE = 5


class Shop(HtmlSearchSpider):
    name = "shop"
    label = "Shop"
    kind = "antiques"
    home = "https://shop.example/"
    search_url = "https://shop.example/s?q={keyword}&page={page}"
    card = "li.item"
    empty = "p.none"
    fields: ClassVar = {"ad_id": "::attr(data-id)", "title": "a::text", "url": "a::attr(href)"}
    detail: ClassVar = {"description": ".text::text"}


class Changed(Shop):
    card = "ul > li"


class Killed(Exception):
    """Ends a run as a kill would: nothing of it is closed."""


@dataclass
class Site:
    """The answers of the shop, and what it was asked; the `last`-th request kills the run."""

    last: int = 10_000
    counts: dict[str, int] = field(default_factory=lambda: dict(COUNTS))
    failing: tuple[str, ...] = ()
    beyond: int = 200
    """Status of a page after the last one."""
    searched: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def __call__(self, request: Request) -> tuple[int, str]:
        if len(self.searched) + len(self.details) >= self.last:
            raise Killed
        address = urlsplit(request.url)
        if address.path != "/s":
            self.details.append(address.path.rpartition("/")[2])
            return 200, f'<p class="text">老料 {address.path}</p>'
        given = parse_qs(address.query)
        term, page = given["q"][0], int(given["page"][0])
        self.searched.append(f"{term} {page}")
        if term in self.failing:
            return 503, "busy"
        start = (page - 1) * SIZE
        names = [f"{ord(term[0])}-{n}" for n in range(self.counts[term])][start : start + SIZE]
        if not names and page > 1 and self.beyond != 200:
            return self.beyond, "no such page"
        cards = "".join(
            f'<li class="item" data-id="{name}"><a href="/i/{name}">{term}手镯 {name}</a></li>'
            for name in names
        )
        return 200, f"<ul>{cards}</ul>" if cards else f'<p class="none">没有找到 {term}</p>'


@dataclass
class Done:
    """A run, and what it gave to the pipelines."""

    spider: CrawledSite
    items: list[Advertisement]
    reason: str
    new_before: tuple[int, int] = (0, 0)

    @property
    def counts(self) -> RunCounts:
        return RunCounts.from_stats(self.spider.stats.get_stats())

    @property
    def judgement(self) -> Any:
        report, counts = self.spider.run_report(), self.counts
        return judge(counts, {}, complete=self.spider.whole, searched=True, report=report)


def crawl(
    site: Site, url: str, spider: type[CrawledSite] = Shop, reason: str = "finished", **given: str
) -> Done:
    """One run; killed if the site says so, else ended with `reason`."""
    made_spider = made(spider, url, **{"keywords": ",".join(TERMS), **given})
    of_run = made_spider.session
    of_run.store.save_run(of_run.run)
    of_run.run_stored = True
    done = Done(made_spider, [], reason)
    try:
        _work(done, site)
    except Killed:
        close_killed(of_run.store, [of_run.run])
    else:
        # As the recorder does, before the run is over.
        done.new_before = made_spider.run_report().new_before
        made_spider.ended(reason)
        of_run.run.finished = datetime.now(UTC)
        of_run.store.save_run(of_run.run)
    finally:
        of_run.store.close()
    return done


def _work(done: Done, answer: Callable[[Request], tuple[int, str]]) -> None:
    async def first() -> list[Any]:
        return [each async for each in done.spider.start()]

    waiting: list[Request] = []
    take(done, asyncio.run(first()), waiting)
    while waiting:
        waiting.sort(key=lambda request: -request.priority)
        request = waiting.pop(0)
        status, body = answer(request)
        page = HtmlResponse(request.url, status, body=body.encode(), request=request)
        if status == 200:
            assert request.callback
            outputs = request.callback(page, **request.cb_kwargs)
        else:
            failure: Any = Failure(HttpError(page))  # type: ignore[no-untyped-call]
            failure.request = request
            assert request.errback
            outputs = request.errback(failure)
        take(done, outputs or (), waiting)


def take(done: Done, outputs: Any, waiting: list[Request]) -> None:
    for output in outputs:
        if isinstance(output, Request):
            waiting.append(output)
            continue
        done.items.append(output)
        seen = replace(output, found_at=output.found_at or datetime.now(UTC))
        done.spider.session.store.record([seen], done.spider.session.run.id)


@pytest.fixture(autouse=True, scope="module")
def vocabulary() -> Iterator[None]:
    """The vocabulary, loaded once for all runs."""
    loaded = load_vocabulary()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "vocabulary_of", lambda _: loaded)
        yield


@pytest.fixture
def reopened(store_url: str) -> Any:
    """The store between two runs."""
    store = open_store(store_url)
    yield store
    store.close()


def stored(store: Store) -> dict[str, tuple[str, list[str]]]:
    ads = store.advertisements(site="shop")
    return {ad.ad_id: (ad.description, sorted(ad.found_by)) for ad in ads}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Done, Any]:
    """A run from start to end, and what it stored."""
    url = f"sqlite:///{tmp_path_factory.mktemp('whole')}/wildcrawl.db"
    site = Site()
    done = crawl(site, url)
    store = open_store(url)
    try:
        assert not searched_keywords(store, "shop"), "a run that ended leaves nothing"
        assert not store.documents(KIND)
        return site, done, stored(store)
    finally:
        store.close()


@pytest.mark.parametrize("last", [4, 13, 30])
def test_a_killed_run_continues_and_nothing_is_lost_or_searched_again(
    last: int, sqlite_url: str, undisturbed: tuple[Site, Done, Any]
) -> None:
    whole, expected, ads = undisturbed
    killed, again = Site(last), Site()
    crawl(killed, sqlite_url)
    store = open_store(sqlite_url)
    finished = {each.term for each in searched_keywords(store, "shop")}
    done = crawl(again, sqlite_url)
    closing = done.spider.checks_made  # type: ignore[attr-defined]
    asked = {entry.split()[0] for entry in again.searched[: len(again.searched) - closing]}
    assert asked == set(TERMS) - finished
    assert stored(store) == ads
    assert done.counts.found == expected.counts.found
    assert done.counts.pages == expected.counts.pages
    assert done.spider.yields() == expected.spider.yields()
    assert done.judgement.health == expected.judgement.health == Health.OK
    assert ("taken over" in done.judgement.reason) == bool(finished)
    assert not searched_keywords(store, "shop")
    assert len(set(killed.details + again.details)) == len(whole.details)
    store.close()


def test_it_works_on_both_stores_and_after_two_kills(store_url: str, reopened: Store) -> None:
    crawl(Site(12), store_url)
    assert searched_keywords(reopened, "shop")
    crawl(Site(14), store_url)
    again = Site()
    done = crawl(again, store_url)
    note = done.judgement.reason
    assert "of 8 keywords are taken over from 2 earlier runs of this month" in note
    assert done.counts.found == sum(COUNTS.values())
    assert not reopened.documents(KIND)


def test_what_a_killed_run_found_is_new_in_one_later_run_alone(sqlite_url: str) -> None:
    crawl(Site(30), sqlite_url)
    stopped = crawl(Site(), sqlite_url, reason="shutdown")
    assert stopped.new_before[0] > 0
    assert crawl(Site(), sqlite_url).new_before == (0, 0)


def test_of_runs_that_continue_a_killed_one_a_killed_one_counts_nothing(reopened: Store) -> None:
    at = datetime(2026, 11, 3, tzinfo=UTC)
    reopened.save_run(Run("second", "shop", at))
    assert count_finds_of(reopened, ["killed"], "second") == {"killed"}
    assert count_finds_of(reopened, ["killed", "other"], "third") == {"other"}
    assert count_finds_of(reopened, ["killed"], "second") == {"killed"}, "asked twice"
    reopened.save_run(Run("second", "shop", at, finished=at, health=Health.KILLED))
    assert count_finds_of(reopened, ["killed"], "third") == {"killed"}
    assert count_finds_of(reopened, ["killed"], "fourth") == set()


def test_a_page_read_before_the_kill_is_seen_at_that_moment(sqlite_url: str) -> None:
    crawl(Site(30), sqlite_url)
    killed = datetime.now(UTC)
    done = crawl(Site(), sqlite_url)
    taken_over = [item for item in done.items if item.found_at]
    assert any(isinstance(item, Sighting) for item in taken_over), "its own page was read"
    assert all(item.found_at and item.found_at < killed for item in taken_over)


def test_again_searches_everything_and_forgets_what_was_searched(sqlite_url: str) -> None:
    crawl(Site(12), sqlite_url)
    again = Site(3)
    crawl(again, sqlite_url, again="1")
    assert len(again.searched) == 3
    last = Site()
    done = crawl(last, sqlite_url)
    assert len({entry.split()[0] for entry in last.searched}) >= len(TERMS) - 3
    assert done.counts.found == sum(COUNTS.values())


def test_a_finished_run_is_not_continued_and_a_stopped_one_is(sqlite_url: str) -> None:
    crawl(Site(), sqlite_url)
    second = Site()
    crawl(second, sqlite_url, reason="shutdown")
    assert {entry.split()[0] for entry in second.searched} == set(TERMS)
    third = Site()
    done = crawl(third, sqlite_url)
    assert "taken over" in done.judgement.reason
    assert len(third.searched) == done.spider.checks_made  # type: ignore[attr-defined]


def test_another_vocabulary_asks_for_what_is_new(sqlite_url: str) -> None:
    crawl(Site(11), sqlite_url, keywords=",".join(TERMS))
    other = Site()
    done = crawl(other, sqlite_url, keywords=",".join(TERMS[:4]))
    assert {entry.split()[0] for entry in other.searched} == set(TERMS[:4]), "other arguments"
    assert "taken over" not in done.judgement.reason


@pytest.mark.parametrize("change", ["month", "declaration", "unfinished", "page lost", "damaged"])
def test_what_cannot_be_relied_on_is_searched_again(
    change: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl(Site(12), sqlite_url)
    store = open_store(sqlite_url)
    spider: type[Shop] = Shop
    saved = searched_keywords(store, "shop")
    lost = {each.term for each in saved}
    if change == "month":
        later = datetime.now(UTC) + timedelta(days=40)
        monkeypatch.setattr(search_saving, "month_of", lambda _: month_of(later))
    elif change == "declaration":
        spider = Changed
    elif change == "unfinished":
        (run,) = store.runs("shop")
        run.finished, run.health = None, ""
        store.save_run(run)
    elif change == "page lost":
        store.remove_documents(KIND, saved[0].pages[-1:])
        lost = {saved[0].term}
    else:
        page = store.documents(KIND, keys=saved[0].pages[:1])
        store.put_documents(KIND, {key: {**one, "body": "eA=="} for key, one in page.items()})
        lost = {saved[0].term}
    again = Site()
    done = crawl(again, sqlite_url, spider)
    assert lost <= {entry.split()[0] for entry in again.searched}
    assert done.counts.found == sum(COUNTS.values())
    assert done.judgement.health == Health.OK
    assert bool(searched_keywords(store, "shop")) == (change in ("declaration", "unfinished"))
    store.close()


def test_the_parts_of_a_site_are_judged_as_one_run(
    sqlite_url: str, undisturbed: tuple[Site, Done, Any]
) -> None:
    _, expected, ads = undisturbed
    parts = [Site(), Site(), Site()]
    runs = [crawl(site, sqlite_url, part=f"{n + 1}/3") for n, site in enumerate(parts)]
    asked = [{entry.split()[0] for entry in site.searched} for site in parts]
    assert asked[0] | asked[1] | asked[2] == set(TERMS)
    assert sum(map(len, asked)) == len(TERMS)
    assert all("the site counts as searched once" in run.judgement.reason for run in runs)
    assert not any(run.spider.whole for run in runs)
    again = Site()
    whole = crawl(again, sqlite_url)
    assert len(again.searched) == whole.spider.checks_made  # type: ignore[attr-defined]
    assert not again.details
    assert whole.judgement.health == Health.OK
    assert whole.counts.found == expected.counts.found
    assert whole.spider.yields() == expected.spider.yields()
    assert whole.new_before == (len(ads), 0)
    store = open_store(sqlite_url)
    assert stored(store) == ads
    assert not store.documents(KIND)
    store.close()


def test_a_part_without_a_keyword_is_refused(sqlite_url: str) -> None:
    with pytest.raises(ValueError, match="there are only 2 keywords"):
        crawl(Site(), sqlite_url, keywords="象牙,虎骨", part="3/3")


def test_a_keyword_that_failed_is_asked_again_and_its_end_at_a_missing_page_is_not(
    sqlite_url: str,
) -> None:
    first = Site(30, failing=("玳瑁",), beyond=404)
    crawl(first, sqlite_url)
    again = Site(beyond=404)
    done = crawl(again, sqlite_url)
    terms = [entry.split()[0] for entry in again.searched]
    assert "玳瑁" in terms
    assert done.counts.found == sum(COUNTS.values())
    assert done.judgement.health == Health.OK
    assert len(again.searched) - done.spider.checks_made <= 3  # type: ignore[attr-defined]


def test_keywords_without_results_before_the_kill_are_asked_again(sqlite_url: str) -> None:
    empty = dict.fromkeys(TERMS[4:], 0)
    # Eight searches with further pages: the last four had nothing, as if the site were tired.
    crawl(Site(13, {**COUNTS, **empty}), sqlite_url)
    again = Site()
    done = crawl(again, sqlite_url)
    assert {entry.split()[0] for entry in again.searched} >= set(TERMS[4:])
    assert done.counts.found == sum(COUNTS.values())


def test_a_search_of_another_day_is_not_compared_with_one_of_today(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl(Site(30), sqlite_url)
    monkeypatch.setattr(search_saving, "OLD", timedelta(0))
    # New goods came meanwhile; the longest search is asked again, so that the checks have one.
    again = Site(counts={**COUNTS, "穿山甲": 5, "虎骨": 40})
    done = crawl(again, sqlite_url)
    assert {entry.split()[0] for entry in again.searched} == {"象牙"}
    assert done.judgement.health == Health.OK
    assert done.counts.found == sum(COUNTS.values())
