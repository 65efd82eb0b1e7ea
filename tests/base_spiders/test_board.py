"""Forum boards: read newest first to the last checkpoint; only matching threads are fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings
from twisted.python.failure import Failure

from tests.helpers.board_spiders import NamedBoardsSpider, SmallForumSpider
from tests.helpers.crawling import scrapy
from tests.helpers.forum_site import PAGE_SIZE, Forum, Thread, serve
from wildcrawl.base_spiders.board import BoardWalk
from wildcrawl.crawl.middlewares import SiteThrottleMiddleware
from wildcrawl.crawl.run_report import is_complete
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Advertisement, Sighting
from wildcrawl.store import open_store

TRADE, TALK = 2, 3


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def forum() -> Forum:
    forum = Forum({TRADE: "牙角交易", TALK: "站务公告"})
    forum.post(TRADE, *plain(range(1, 26)))
    return forum


def plain(tids: Iterable[int]) -> list[Thread]:
    return [Thread(tid, f"今天天气不错 {tid}") for tid in tids]


class Walked:
    """A run without a network: its spider and its output."""

    def __init__(self, spider: BoardWalk, items: list[Advertisement]) -> None:
        self.spider = spider
        self.items = {item.ad_id: item for item in items}
        self.read = [item for item in items if not isinstance(item, Sighting)]

    def stat(self, name: str) -> Any:
        return self.spider.stats.get_value(name, 0)


def walk(
    forum: Forum,
    store: str,
    *,
    site: type[BoardWalk] = NamedBoardsSpider,
    ended: str = "finished",
    **arguments: str,
) -> Walked:
    """One run over `forum`; what it finds is recorded, and the run `ended` for that reason."""
    settings = get_project_settings()
    settings.setdict({"WILDCRAWL_STORE": store, "WILDCRAWL_DEMO_URL": "https://forum.example"})
    crawler = Crawler(site, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    middlewares = SimpleNamespace(middlewares=[SiteThrottleMiddleware(crawler)])
    downloader = SimpleNamespace(slots={}, middleware=middlewares)
    crawler.engine = SimpleNamespace(downloader=downloader)  # type: ignore[assignment]
    spider = site.from_crawler(crawler, **arguments)
    forum.asked.clear()
    items: list[Advertisement] = []
    try:
        _run(spider, forum, items)
    except CloseSpider as closed:
        ended = closed.reason
    now = datetime.now(UTC)
    spider.session.store.record([replace(item, found_at=now) for item in items], "run")
    spider.ended(ended)
    spider.session.store.close()
    return Walked(spider, items)


def _run(spider: BoardWalk, forum: Forum, items: list[Advertisement]) -> None:
    async def first() -> list[Any]:
        return [each async for each in spider.start()]

    waiting = asyncio.run(first())
    while waiting:
        request = max(waiting, key=lambda each: each.priority)
        waiting.remove(request)
        for each in _ask(request, forum):
            (waiting if isinstance(each, Request) else items).append(each)


def _ask(request: Request, forum: Forum) -> Iterable[Any]:
    parts = urlsplit(request.url)
    status, body = forum.answer(f"{parts.path}?{parts.query}")
    if status == 200:
        page: Response = TextResponse(request.url, body=body.encode(), request=request)
        assert request.callback is not None
        return list(request.callback(page, **request.cb_kwargs))
    failure: Any = Failure(HttpError(Response(request.url, status=status)))  # type: ignore[no-untyped-call]
    failure.request = request
    assert request.errback is not None
    return list(request.errback(failure) or ())


def test_only_threads_that_match_are_read(forum: Forum, store: str) -> None:
    forum.post(
        TRADE,
        Thread(101, "老象牙手镯，圈口58", "老料，一物一图。售价：3500元", kind="出售"),
        Thread(102, "虎骨酒一瓶"),
    )
    forum.post(TRADE, *plain(range(110, 115)))
    walked = walk(forum, store)
    assert set(walked.items) == {"101", "102"}
    ivory = walked.items["101"]
    assert ivory.found_by == ["象牙", "象牙手镯", "老象牙"]
    assert (ivory.category, ivory.price) == ("牙角交易 出售", "3500元")
    assert (ivory.seller, ivory.seller_id) == ("藏友甲", "7")
    assert len(forum.reads()) == 2
    assert len(forum.walked()) == 3
    assert walked.stat(Stat.THREADS) == 30 + 2 - (32 - 3 * PAGE_SIZE)
    assert walked.spider.yields()["虎骨酒"] == (1, 0)


@pytest.mark.parametrize(
    ("title", "keywords"),
    [
        ("老 象 牙 手 镯", ["象牙"]),
        ("鶴頂紅手串一條", ["鹤顶红手串"]),
        ("Ｘ牙珠子", ["X牙"]),
        ("象#牙珠子", ["象牙珠子"]),
        ("出一串果冻手串", ["果冻"]),
        ("血牙一对", ["血牙"]),
    ],
)
def test_disguises_are_seen_through(
    forum: Forum, store: str, title: str, keywords: list[str]
) -> None:
    forum.post(TRADE, Thread(101, title))
    found_by = walk(forum, store).items["101"].found_by
    assert set(keywords) <= set(found_by)


@pytest.mark.parametrize("title", ["喜欢吃果冻", "面包圈做法", "我的XYZ", "懂的来", ""])
def test_what_is_nearly_always_legal_costs_no_request_without_other_support(
    forum: Forum, store: str, title: str
) -> None:
    site = type("Plain", (NamedBoardsSpider,), {"boards": {str(TRADE): "灌水"}})
    forum.post(TRADE, Thread(101, title))
    assert not walk(forum, store, site=site).items
    assert not forum.reads()


def test_what_the_tagger_knows_by_another_name_is_read_as_well(forum: Forum, store: str) -> None:
    forum.post(TRADE, Thread(101, "牙镯一只，圈口58"))
    assert walk(forum, store).items["101"].found_by == []
    forum.post(TRADE, Thread(102, "牙镯一只，圈口56"))
    assert not walk(forum, store, keywords="tiger").items, "only some keywords were asked for"


def test_the_next_run_stops_at_what_the_last_one_saw(forum: Forum, store: str) -> None:
    forum.post(TRADE, Thread(101, "虎骨酒一瓶"))
    walk(forum, store)
    again = walk(forum, store)
    assert len(forum.asked) == 1, "nothing new costs one page"
    assert [type(item) for item in again.items.values()] == [Sighting]
    forum.post(TRADE, Thread(102, "玳瑁眼镜"), *plain(range(110, 113)), Thread(103, "虎骨一副"))
    new = walk(forum, store)
    assert {item.ad_id for item in new.read} == {"102", "103"}
    assert (len(forum.walked()), len(forum.reads())) == (1, 2)


def test_a_pinned_thread_is_read_and_stops_no_walk(forum: Forum, store: str) -> None:
    forum.post(TRADE, Thread(90, "象牙制品交易须知", pinned=True))
    assert "90" in walk(forum, store).items
    forum.post(TRADE, *plain(range(110, 121)), Thread(101, "虎骨酒一瓶"))
    forum.threads[TRADE].sort(key=lambda each: each.tid != 101)  # first on the second page
    forum.threads[TRADE].insert(11, forum.threads[TRADE].pop(0))
    assert "101" in {item.ad_id for item in walk(forum, store).read}


def test_a_thread_that_was_moved_up_stops_no_walk(forum: Forum, store: str) -> None:
    walk(forum, store)
    moved = forum.threads[TRADE].pop(3)
    forum.post(TRADE, *plain(range(110, 116)), Thread(101, "虎骨酒"), *plain(range(116, 120)))
    forum.threads[TRADE].insert(2, moved)
    assert "101" in walk(forum, store).items


def test_a_gap_that_a_failed_run_left_is_made_up_for(forum: Forum, store: str) -> None:
    walk(forum, store)
    forum.post(TRADE, Thread(101, "虎骨酒一瓶"), *plain(range(110, 125)))
    forum.failing = {"page=2"}
    failed = walk(forum, store)
    assert not failed.items
    assert failed.stat(Stat.PAGES_FAILED) == 1
    assert not failed.spider.yields(), "no keyword was searched on the whole board"
    forum.failing.clear()
    assert "101" in walk(forum, store).items


def test_a_board_whose_pages_repeat_moves_no_mark_and_breaks_the_run(
    forum: Forum, store: str
) -> None:
    walk(forum, store)
    forum.post(TRADE, Thread(101, "虎骨酒一瓶"), *plain(range(110, 125)))
    forum.stuck = True
    stuck = walk(forum, store)
    assert not stuck.items
    assert "1 of 1 boards were not read to their end" in stuck.spider.run_report().paging
    assert "牙角交易" in stuck.spider.run_report().paging
    assert not stuck.spider.yields()
    forum.stuck = False
    assert "101" in walk(forum, store).items


@pytest.mark.parametrize("words", ["共 3 页", "共 25 个主题"])
def test_a_board_that_states_more_than_was_read_moves_no_mark(
    forum: Forum, store: str, words: str
) -> None:
    forum.stuck = True
    forum.said = words
    stuck = walk(forum, store)
    assert "1 of 1 boards were not read to their end" in stuck.spider.run_report().paging
    forum.stuck, forum.said = False, ""
    forum.post(TRADE, Thread(101, "虎骨酒一瓶"), *plain(range(110, 115)))
    assert "101" in walk(forum, store).items
    assert len(forum.walked()) == 3, "the board is read from its start"


def test_new_threads_beyond_the_page_limit_make_the_run_thin(forum: Forum, store: str) -> None:
    walk(forum, store)
    forum.post(TRADE, *plain(range(200, 240)))
    report = walk(forum, store).spider.run_report()
    assert report.unread == "1 of 1 boards have new threads beyond the page limit (牙角交易)"


def test_a_board_is_read_to_its_end_and_not_reported(forum: Forum, store: str) -> None:
    walked = walk(forum, store)
    assert len(forum.walked()) == 3
    assert walked.spider.run_report().paging == ""


@pytest.mark.parametrize("ended", ["shutdown", "blocked", "closespider_timeout"])
def test_a_run_that_was_cut_short_moves_no_mark(forum: Forum, store: str, ended: str) -> None:
    walk(forum, store, ended=ended)
    walk(forum, store)
    assert len(forum.walked()) == 3


@pytest.mark.parametrize("arguments", [{"keywords": "tiger"}, {"pages": "2"}])
def test_a_run_in_part_moves_no_mark(forum: Forum, store: str, arguments: Any) -> None:
    forum.post(TRADE, Thread(101, "老象牙手镯"))
    forum.post(TRADE, *plain(range(110, 131)))
    assert "101" not in walk(forum, store, **arguments).items
    assert "101" in walk(forum, store).items


def test_a_board_that_begins_with_its_oldest_threads_is_reported(
    forum: Forum, store: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Such a board would never show anything new on its first page."""
    forum.threads[TRADE].reverse()
    walked = walk(forum, store)
    assert walked.stat(Stat.PAGES_UNRECOGNISED) == 1
    assert "begin with the oldest" in caplog.text
    walk(forum, store)
    assert len(forum.walked()) == 1, "it is looked at again, from its first page"


def test_a_board_is_first_read_to_the_page_limit_and_no_further(forum: Forum, store: str) -> None:
    forum.post(TRADE, *plain(range(200, 260)))
    first = walk(forum, store)
    assert len(forum.walked()) == SmallForumSpider.max_pages
    assert is_complete(first.spider)
    walk(forum, store)
    assert len(forum.walked()) == 1


def test_more_that_is_new_than_the_page_limit_is_reported_and_stays_to_be_read(
    forum: Forum, store: str, caplog: pytest.LogCaptureFixture
) -> None:
    walk(forum, store)
    forum.post(TRADE, Thread(101, "虎骨酒一瓶"), *plain(range(200, 240)))
    short = walk(forum, store)
    assert "101" not in short.items
    assert not is_complete(short.spider)
    assert "scrapy crawl named_boards -a pages=15" in caplog.text
    assert "101" in walk(forum, store, pages="15").items
    walk(forum, store)
    assert len(forum.walked()) == 1, "made up for, the mark has moved"


def test_from_start_reads_a_board_as_if_for_the_first_time(forum: Forum, store: str) -> None:
    walk(forum, store)
    walk(forum, store, from_start="1")
    assert len(forum.walked()) == 3
    with pytest.raises(ValueError, match="from_start=soon: 'soon' is not a whole number"):
        walk(forum, store, from_start="soon")
    with pytest.raises(ValueError, match="one of keywords, pages, worksheet, again, from_start"):
        walk(forum, store, fromstart="1")


def test_keywords_that_are_new_since_the_last_walk_are_reported(
    forum: Forum, store: str, caplog: pytest.LogCaptureFixture
) -> None:
    walk(forum, store)
    with_store = open_store(store)
    ((key, mark),) = with_store.documents("boards").items()
    mark["keywords"].remove("虎骨酒")
    with_store.put_documents("boards", {key: mark})
    with_store.close()
    walk(forum, store)
    assert "1 keyword is new since these boards were read" in caplog.text
    assert "scrapy crawl named_boards -a from_start=1" in caplog.text
    caplog.clear()
    walk(forum, store)
    assert "are new since" not in caplog.text


def test_boards_are_found_on_the_index_by_their_names(forum: Forum, store: str) -> None:
    forum.post(TRADE, Thread(101, "虎骨酒一瓶"))
    forum.post(TALK, Thread(102, "关于象牙制品的公告"))
    walked = walk(forum, store, site=SmallForumSpider)
    assert set(walked.items) == {"101"}
    assert not any("fid=3" in path for path in forum.asked)
    forum.names = {TALK: "站务公告"}
    assert walk(forum, store, site=SmallForumSpider).stat(Stat.PAGES_UNRECOGNISED) == 1


def test_a_forum_that_is_closed_to_guests_is_blocked(forum: Forum, store: str) -> None:
    forum.closed = True
    walked = walk(forum, store, site=SmallForumSpider)
    assert walked.stat(Stat.PAGES_BLOCKED) == 1
    assert "没有权限" in walked.spider.blocked_by


def test_a_board_for_members_blocks_the_run_but_not_the_other_boards(
    forum: Forum, store: str
) -> None:
    forum.names = {9: "象牙交易", TRADE: "牙角交易"}
    forum.members_only = {9}
    forum.post(TRADE, Thread(101, "虎骨酒一瓶"))
    walked = walk(forum, store, site=SmallForumSpider)
    assert set(walked.items) == {"101"}
    assert walked.stat(Stat.PAGES_BLOCKED) == 1
    assert "象牙交易" in walked.spider.blocked_by
    assert "没有权限" in walked.spider.blocked_by
    assert not walked.spider.yields()


def test_a_thread_that_is_gone_is_kept_as_the_board_shows_it(forum: Forum, store: str) -> None:
    forum.post(TRADE, Thread(101, "虎骨酒一瓶"), Thread(102, "玳瑁眼镜"))
    forum.gone = {101}
    walked = walk(forum, store)
    assert {"101", "102"} == set(walked.items)
    assert walked.items["101"].description == ""
    assert walked.stat(Stat.PAGES_WITHHELD) == 1
    assert not walked.stat(Stat.PAGES_BLOCKED)


def test_in_the_order_of_answers_a_known_thread_may_stand_above_a_new_one(
    forum: Forum, store: str
) -> None:
    site = type("Answered", (NamedBoardsSpider,), {"state": "td.num::text"})
    walk(forum, store, site=site)
    forum.post(TRADE, Thread(101, "虎骨酒一瓶"))
    forum.answer_in(TRADE, range(1, PAGE_SIZE + 1))
    assert "101" in walk(forum, store, site=site).items
    assert len(forum.walked()) == 2
    walk(forum, store, site=site)
    assert len(forum.walked()) == 1


def test_a_run_that_only_reads_what_is_new_is_not_held_to_what_a_whole_one_finds(
    forum: Forum, store: str
) -> None:
    assert is_complete(walk(forum, store).spider)
    assert not is_complete(walk(forum, store).spider)


def test_a_whole_crawl_over_http_keeps_robots_and_counts_none_twice(
    forum: Forum, tmp_path: Path
) -> None:
    forum.post(
        TRADE, Thread(101, "老象牙手镯，圈口58", "老料。售价：3500元"), Thread(102, "虎骨酒")
    )

    def crawl() -> tuple[int, str]:
        done = scrapy(
            *("crawl", "small_forum", "-s", "SPIDER_MODULES=tests.helpers.board_spiders"),
            folder=tmp_path,
            WILDCRAWL_DEMO_URL=url,
        )
        return done.code, done.err

    with serve(forum) as url:
        assert crawl()[0] == 0
        first = list(forum.asked)
        forum.asked.clear()
        assert crawl()[0] == 0
        second = list(forum.asked)
        forum.robots = "User-agent: *\nDisallow: /\n"
        crawl()
    assert first[0] == "/robots.txt"
    assert sum("viewthread" in path for path in first) == 2
    assert not any("viewthread" in path for path in second)
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    try:
        ads = {ad.ad_id: ad for ad in store.advertisements()}
        runs = store.runs("small_forum")
    finally:
        store.close()
    assert set(ads) == {"101", "102"}
    assert ads["101"].price_cny == 3500
    assert [run.new for run in runs] == [2, 0, 0]
    assert [run.health for run in runs] == ["ok", "ok", "blocked"]
    assert runs[0].yields["象牙"] == (1, 0)
    assert len(runs[0].yields) == len(runs[0].keywords)
