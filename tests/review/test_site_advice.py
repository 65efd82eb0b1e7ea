"""Site advice: the advised way of working by volume, with its reason."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.settings import Settings

from tests.helpers.crawling import scrapy
from wildcrawl.commands.sites import as_table, last_month, site_lines
from wildcrawl.items import Advertisement, Run
from wildcrawl.months import month_bounds
from wildcrawl.review.site_advice import AUTOMATED, MANUAL, UNKNOWN, Worked, advise
from wildcrawl.store import open_store

CRAWLED, BY_HAND = Worked(automated=True), Worked(automated=False)


def run(month: str, health: str = "ok", *, limited: bool = False) -> Run:
    started = month_bounds(month, month)[0] + timedelta(days=3)
    return Run(month, "mall", started, finished=started, health=health, limited=limited)


LONG = [run("2016-03"), run("2016-04"), run("2016-05")]


@pytest.mark.parametrize(
    ("worked", "count", "way", "why"),
    [
        (CRAWLED, 51, AUTOMATED, ""),
        (
            CRAWLED,
            50,
            MANUAL,
            "50 new advertisements in 2016-05, 50 or fewer: a worksheet would be enough",
        ),
        (
            CRAWLED,
            0,
            MANUAL,
            "0 new advertisements in 2016-05, 50 or fewer: a worksheet would be enough",
        ),
        (BY_HAND, 50, MANUAL, ""),
        (BY_HAND, 51, AUTOMATED, "51 new advertisements in 2016-05, more than 50: an automated"),
        (Worked(automated=True, off="ask first"), 400, AUTOMATED, "it is off: ask first"),
    ],
)
def test_fifty_a_month_is_the_line(worked: Worked, count: int, way: str, why: str) -> None:
    advice = advise(worked, "2016-05", count, LONG)
    assert advice.way == way
    assert why in advice.why
    assert bool(advice.why) == bool(why)


@pytest.mark.parametrize(
    ("runs", "count", "why"),
    [
        ([], 0, ""),
        ([run("2016-03")], 0, "it was not searched in 2016-05"),
        ([run("2016-04"), run("2016-05", "blocked")], 0, "no search of it finished"),
        ([run("2016-04"), run("2016-05", limited=True)], 0, "no search of it finished"),
        (
            [run("2016-05")],
            400,
            "2016-05 was the month of its first search, in which everything is new",
        ),
    ],
)
def test_a_month_that_says_nothing_is_no_low_volume(runs: list[Run], count: int, why: str) -> None:
    advice = advise(CRAWLED, "2016-05", count, runs)
    assert advice.way == UNKNOWN
    assert advice.why.startswith(why)


@pytest.mark.parametrize(("runs", "since"), [([run("2016-06")], ""), ([run("2016-04")], "2016-06")])
def test_a_site_that_is_monitored_since_later_lacks_no_month(runs: list[Run], since: str) -> None:
    assert advise(CRAWLED, "2016-05", 0, runs, since).why == ""
    assert "not searched in 2016-07" in advise(CRAWLED, "2016-07", 0, runs, since).why


def test_what_was_recorded_elsewhere_counts_without_a_run() -> None:
    assert advise(BY_HAND, "2016-05", 80, []).way == AUTOMATED
    assert advise(BY_HAND, "2016-05", 8, []).way == MANUAL


def test_the_table_says_it_for_each_site(tmp_path: Path) -> None:
    month = last_month(datetime.now(UTC))
    rows = [f"fleamarket,a{n},老象牙手镯 {n},{month}-10" for n in range(60)]
    rows += [f"smallfair,b{n},老象牙手镯 {n},{month}-10" for n in range(3)]
    text = "\n".join(["site,ad_id,title,found_at", *rows])
    (tmp_path / "r.csv").write_text(text + "\n", encoding="utf-8")
    assert scrapy("crawl", "records", "-a", "file=r.csv", folder=tmp_path).code == 0
    done = scrapy("sites", folder=tmp_path).out
    said = f"60 new advertisements in {month}, more than 50: an automated search would be"
    assert re.search(
        rf"^fleamarket +records +\S+ +never +60 +automated search +{said}", done, re.MULTILINE
    )
    assert re.search(r"^smallfair +records +\S+ +never +3 +manual search$", done, re.MULTILINE)


def test_problems_come_first_and_each_site_has_one_line(tmp_path: Path) -> None:
    started = datetime(2016, 5, 1, tzinfo=UTC)
    with closing(open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")) as store:
        for name, health in (("a", "ok"), ("b", "blocked"), ("c", "ok"), ("d", "")):
            ad = Advertisement(name, "1", title="象牙", found_at=started)
            store.record([ad], f"{name}-1")
            first = Run(f"{name}-1", name, started, finished=started, health="ok", complete=True)
            store.save_run(first)
            day = timedelta(days=1)
            store.save_run(Run(f"{name}-2", name, started + day, health=health, keywords=["象牙"]))
        settings = Settings({"SPIDER_MODULES": [], "WILDCRAWL_SWITCHED_ON": ""})
        lines = site_lines(settings, store, "2016-05")
    assert [line.site for line in lines] == ["b", "d", "a", "c"]
    assert [line.problem for line in lines] == [True, True, False, False]
    assert [line.last_month for line in lines] == ["1"] * 4
    table = as_table(lines, "2016-05").splitlines()
    assert len(table) == 5
    assert table[1].endswith("blocked; 2016-05 was the month of its first search, in which "
                             "everything is new")  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ([("", "", 1)], False),
        ([("", "", 70)], True),
        ([("1/3", "ok", 0), ("2/3", "", 1)], False),
        ([("1/3", "ok", 0), ("2/3", "", 1), ("3/3", "killed", 0)], True),
        ([("1/3", "killed", 0), ("1/3", "", 1)], False),
        ([("1/3", "ok", 0), ("2/3", "", 70)], True),
        ([("1/3", "ok", 0), ("2/3", "ok", 0)], True),
    ],
)
def test_a_site_that_is_searched_now_is_no_problem(
    tmp_path: Path, parts: list[tuple[str, str, int]], problem: bool
) -> None:
    """A part: which one, its health once it has ended, and seconds since its last heartbeat."""
    now = datetime.now(UTC)
    with closing(open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")) as store:
        for number, (part, health, silent) in enumerate(parts):
            started = now - timedelta(seconds=100 - number)
            each = Run(f"r{number}", "mall", started, health=health, part=part)
            each.finished = now if health else None
            each.heard_of = (now - timedelta(seconds=silent)).isoformat()
            store.save_run(each)
        ad = Advertisement("mall", "1", title="象牙", found_at=now)
        store.record([ad], "r0")
        settings = Settings({"SPIDER_MODULES": [], "WILDCRAWL_SWITCHED_ON": ""})
        (line,) = site_lines(settings, store, last_month(now))
    assert line.problem == problem


def test_a_person_accepts_what_a_redesigned_site_shows(tmp_path: Path) -> None:
    started = datetime(2016, 5, 1, tzinfo=UTC)
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    redesigned = Run(
        "mall-1",
        "mall",
        started,
        finished=started,
        health="broken",
        reason="price on 1 of 60 advertisements",
        found=60,
        complete=True,
    )
    in_part = Run("mall-2", "mall", started + timedelta(days=1), health="ok", found=2)
    for each in (redesigned, in_part):
        store.save_run(each)
    store.close()
    done = scrapy("sites", "--accept", "mall", folder=tmp_path)
    assert done.code == 0, done.err
    assert (
        "mall: later runs are compared with the run of 2016-05-01 08:00 and its 60 advertisements"
        in done.out
    )
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    first, second = store.runs("mall")
    store.close()
    assert (first.health, first.accepted, second.accepted) == ("ok", True, False)
    assert first.reason == "accepted; it was broken: price on 1 of 60 advertisements"
    refused = scrapy("sites", "--accept", "nowhere", folder=tmp_path)
    assert refused.code == 2
    assert "'nowhere' is not a site" in refused.err
