"""Politeness: Crawl-delay and Retry-After are honoured, with one request at a time."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from scrapy.crawler import Crawler, CrawlerRunner
from scrapy.http import Response
from scrapy.utils.project import get_project_settings

from tests.helpers.crawling import environment, scrapy
from tests.helpers.crawls import CONTACT, crawl
from tests.helpers.odd_site import Answer, Asked, odd_site, results
from tests.helpers.polite_spiders import PoliteSpider, SlowSpider
from wildcrawl.crawl.middlewares import retry_after


def test_one_request_at_a_time_whatever_host_it_goes_to(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/item"):
            return Answer('<div id="text">老豹骨 一副</div>')
        return results(asked)

    with odd_site(answer) as site:
        run, ads, result = crawl(site, tmp_path, spider="polite_details")
    assert (run.health, run.reason) == ("ok", "")
    assert {each.host for each in site.asked} == {"127.0.0.1", "localhost"}
    assert site.paths("/robots.txt") == ["/robots.txt"] * 2
    assert len(site.paths("/item")) == 6
    assert site.most_at_once == 1
    assert re.findall(r"slot (\S+):", result.err) == ["polite_details"]
    assert all(ad.description for ad in ads)


def test_a_browser_opens_one_page_at_a_time_too(tmp_path: Path, browser: str) -> None:
    with odd_site(results) as site:
        run, _, result = crawl(site, tmp_path, spider="polite_browser")
    assert (run.health, run.found) == ("ok", 6), run.reason
    assert len(site.paths("/search")) == 3
    assert site.most_at_once == 1
    assert re.findall(r"slot (\S+):", result.err) == ["polite_browser"]


def test_the_site_gets_a_name_and_a_contact(tmp_path: Path) -> None:
    with odd_site(results) as site:
        crawl(site, tmp_path)
    agents = {each.agent for each in site.asked}
    assert len(agents) == 1
    assert re.match(r"wildcrawl/\S+ \(wildlife trade monitoring; monitoring@", agents.pop())


@pytest.mark.parametrize(
    ("robots", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 0.3\n", "0.3"),
        ("User-agent: *\nCrawl-delay: 0.3\n\nUser-agent: wildcrawl\nCrawl-delay: 0.5\n", "0.5"),
        ("User-agent: *\nCrawl-delay: 0.01\n", "0.04"),
    ],
)
def test_a_crawl_delay_is_kept_where_it_is_more_than_ours(
    tmp_path: Path, robots: str, delay: str
) -> None:
    with odd_site(results, Answer(robots)) as site:
        run, _, result = crawl(site, tmp_path)
    assert run.health == "ok"
    jitter = "0.5" if delay == "0.04" else "0"
    assert f"at least {delay}, delay at least that: True, jitter {jitter}" in result.err


def test_a_robots_txt_for_us_alone_is_kept(tmp_path: Path) -> None:
    robots = "User-agent: *\nAllow: /\n\nUser-agent: wildcrawl\nDisallow: /search\n"
    with odd_site(results, Answer(robots)) as site:
        run, _, _ = crawl(site, tmp_path)
    assert site.paths() == ["/robots.txt"]
    assert run.health == "blocked"
    assert "scrapy worksheet polite_site" in run.reason


def test_a_robots_txt_that_the_server_fails_to_give_allows_nothing(tmp_path: Path) -> None:
    with odd_site(results, Answer(status=500)) as site:
        run, _, _ = crawl(site, tmp_path, "-s", "RETRY_ENABLED=False")
    assert site.paths() == ["/robots.txt"]
    assert (run.health, run.reason) == (
        "blocked",
        "robots.txt could not be fetched (status 500), so no page was requested",
    )


def test_a_robots_txt_that_is_reset_allows_nothing_and_is_named(tmp_path: Path) -> None:
    with odd_site(results, Answer(status=0)) as site:
        run, ads, result = crawl(site, tmp_path, "-s", "RETRY_TIMES=1")
    assert site.paths() == ["/robots.txt"] * 2
    assert (run.health, run.reason, ads) == (
        "broken",
        "robots.txt could not be fetched (the connection was closed), so no page was requested",
        [],
    )
    assert "Traceback" not in result.err


def test_an_unreachable_robots_txt_of_the_advertisements_host_is_a_fault(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        return results(asked)

    def rules(asked: Asked) -> Answer:
        return Answer(status=0) if asked.host == "localhost" else Answer("User-agent: *\n")

    with odd_site(answer, rules) as site:
        run, ads, _ = crawl(site, tmp_path, "-s", "RETRY_ENABLED=False", spider="polite_details")
    assert site.paths("/item") == []
    assert len(ads) == 6
    assert run.health == "broken"
    assert run.reason.startswith("6 pages that could not be fetched; 6 advertisements are stored")


def test_what_waits_for_its_page_when_the_site_refuses_is_stored(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        if not asked.path.startswith("/item"):
            return results(asked)
        own = Answer('<div id="text">老豹骨 一副</div>')
        return own if len(site.paths("/item")) <= 2 else Answer(status=403)

    with odd_site(answer) as site:
        run, ads, _ = crawl(site, tmp_path, spider="polite_details")
    # One more may have been sent meanwhile.
    assert len(site.paths("/item")) <= 4
    assert (run.health, run.found, run.new) == ("blocked", 6, 6)
    assert len(ads) == 6
    assert sum(bool(ad.description) for ad in ads) == 2
    assert "4 advertisements are stored as the search shows them" in run.reason


def test_where_only_the_advertisements_pages_are_forbidden_the_search_goes_on(
    tmp_path: Path,
) -> None:
    robots = Answer("User-agent: *\nDisallow: /item\n")
    with odd_site(results, robots) as site:
        run, ads, result = crawl(site, tmp_path, spider="polite_details")
    assert run.health == "ok"
    assert site.paths("/item") == []
    assert len(ads) == 6
    assert "robots.txt forbids the pages of advertisements" in result.err


def soon() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("date", [True, False])
def test_a_retry_after_is_waited_for_and_the_page_fetched(
    tmp_path: Path, status: int, *, date: bool
) -> None:
    def answer(asked: Asked) -> Answer:
        if asked is site.asked[1]:
            return Answer("later", status, {"Retry-After": soon() if date else "1"})
        return results(asked)

    with odd_site(answer) as site:
        run, _, result = crawl(site, tmp_path)
    assert (run.health, run.reason, run.found) == ("ok", "", 6)
    assert re.search(rf": status {status}; retrying in [01] s", result.err)
    assert len(site.paths("/search")) == 4
    assert site.asked[1].path == site.asked[2].path, "another page was asked for in the meantime"


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_wants_long_to_be_left_alone_is_and_says_until_when(
    tmp_path: Path, status: int
) -> None:
    with odd_site(lambda _: Answer("later", status, {"Retry-After": "7200"})) as site:
        run, _, _ = crawl(site, tmp_path)
    assert len(site.paths("/search")) == 1
    assert run.health == "blocked"
    until = re.search(r"asks to retry after (\d{4}-\d\d-\d\d \d\d:\d\d) in", run.reason)
    assert until
    assert datetime.fromisoformat(f"{until[1]}+08:00") > run.started + timedelta(hours=1)


def test_too_many_requests_without_a_time_are_backed_off_from_then_ended(tmp_path: Path) -> None:
    with odd_site(lambda _: Answer("slower", 429)) as site:
        run, _, result = crawl(site, tmp_path, "-s", "RETRY_TIMES=1")
    assert len(site.paths("/search")) == 2
    assert "retrying in" in result.err
    assert (run.health, run.reason) == (
        "blocked",
        "the site refused further requests after 0 advertisements: it answered with status 429",
    )


def test_a_wait_ends_when_somebody_ends_the_crawl(tmp_path: Path) -> None:
    log = tmp_path / "crawl.log"
    with odd_site(lambda _: Answer("later", 503, {"Retry-After": "290"})) as site:
        command = [sys.executable, "-m", "scrapy", "crawl", "polite_site", "--logfile", str(log)]
        settings = environment(WILDCRAWL_DEMO_URL=site.address, WILDCRAWL_CONTACT=CONTACT)
        where = ["-s", "SPIDER_MODULES=tests.helpers.polite_spiders"]
        with subprocess.Popen([*command, *where], cwd=tmp_path, env=settings) as process:
            until = time.monotonic() + 60
            while time.monotonic() < until and not site.paths("/search"):
                time.sleep(0.05)
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            process.wait(60)
    assert len(site.paths("/search")) == 1
    assert "retrying in 290 s" in log.read_text(encoding="utf-8")


def test_a_retry_after_is_read_in_either_form() -> None:
    now = datetime(2016, 5, 1, 8, tzinfo=UTC)

    def read(text: str) -> float | None:
        return retry_after(Response("http://h/", headers={"Retry-After": text}), now)

    assert read("120") == 120
    assert read(" 0 ") == 0
    assert read("Sun, 01 May 2016 08:01:30 GMT") == 90
    assert read("Sun, 01 May 2016 07:00:00 GMT") == 0
    for text in ("", "soon", "-5", "１２０", "12.5.3"):
        assert read(text) is None
    assert retry_after(Response("http://h/"), now) is None


@pytest.mark.parametrize(
    ("given", "delay", "warned"),
    [
        ({}, 7.5, False),
        ({"DOWNLOAD_DELAY": "20"}, 20.0, False),
        ({"DOWNLOAD_DELAY": "1"}, 7.5, True),
    ],
)
def test_the_command_line_lengthens_a_declared_pace_and_never_shortens_it(
    given: dict[str, str], delay: float, caplog: pytest.LogCaptureFixture, *, warned: bool
) -> None:
    settings = get_project_settings()
    settings.setdict(given, priority="cmdline")
    crawler = Crawler(SlowSpider, settings)
    # As a crawl begins: Scrapy merges the command line's settings once more.
    CrawlerRunner(settings).create_crawler(crawler)
    assert crawler.settings.getfloat("DOWNLOAD_DELAY") == delay
    said = "slow_site declares 7.5 seconds between two requests, which are kept"
    assert (said in caplog.text) == warned


def test_by_default_a_real_site_is_asked_once_in_two_seconds_and_for_robots_txt() -> None:
    settings = get_project_settings()
    for name, value in {
        "DOWNLOAD_DELAY": 2,
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    }.items():
        assert settings.getint(name) == value
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings.getbool("AUTOTHROTTLE_ENABLED")


def test_a_real_site_is_not_asked_without_a_contact(tmp_path: Path) -> None:
    assert not PoliteSpider.demo
    with odd_site(results) as site:
        refused = scrapy(
            "crawl",
            "polite_site",
            "-s",
            "SPIDER_MODULES=tests.helpers.polite_spiders",
            folder=tmp_path,
            WILDCRAWL_DEMO_URL=site.address,
            WILDCRAWL_CONTACT="",
        )
    assert refused.code == 2
    assert "set WILDCRAWL_CONTACT" in refused.err
    assert site.asked == []
