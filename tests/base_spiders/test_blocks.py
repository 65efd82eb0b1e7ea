"""Blocked and changed sites: the run reports them, never as zero advertisements."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.helpers.crawls import crawl
from tests.helpers.odd_site import Answer, Asked, odd_site, results
from wildcrawl.store import open_store

ALL = "keywords="
HASTY = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
"""For many pages, where the pace is not what is looked at."""
JSON = {"Content-Type": "application/json"}
CHALLENGE = "<html><title>百度安全验证</title><body><p>网络不给力，请稍后重试</p></body></html>"


def as_json(data: object) -> Answer:
    return Answer(json.dumps(data), headers=JSON)


def test_a_login_wall_that_the_search_leads_to_is_a_block(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/search"):
            return Answer(status=302, headers={"Location": "/passport/login?to=search"})
        return Answer("<title>会员中心</title><form><input name='u'></form>")

    with odd_site(answer) as site:
        run, _, _ = crawl(site, tmp_path, keywords=ALL)
    assert run.health == "blocked"
    assert f"the site redirected to {site.address}/passport/login" in run.reason
    assert len(site.paths("/search")) <= 2


def test_a_login_wall_is_one_too_where_robots_txt_forbids_to_look_at_it(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        return Answer(status=302, headers={"Location": "/login"})

    with odd_site(answer, Answer("User-agent: *\nDisallow: /login\n")) as site:
        run, _, _ = crawl(site, tmp_path)
    assert run.health == "blocked"
    assert "/login" in run.reason
    assert "robots.txt" not in run.reason
    assert site.paths("/login") == []


def test_a_browser_that_is_led_to_a_login_says_so(tmp_path: Path, browser: str) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/search"):
            return Answer("<script>setTimeout(() => location = '/passport/in', 50)</script>")
        return Answer("<p>会员中心</p>")

    with odd_site(answer) as site:
        run, _, _ = crawl(site, tmp_path, spider="polite_browser")
    assert run.health == "blocked"
    assert "/passport/in" in run.reason


def test_being_led_in_circles_is_not_a_word_of_robots_txt(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        return Answer(status=302, headers={"Location": f"{asked.path}&again=1"[:200]})

    with odd_site(answer) as site:
        run, _, _ = crawl(site, tmp_path, "-s", "REDIRECT_MAX_TIMES=2")
    assert run.health == "broken"
    assert "3 pages that could not be fetched" in run.reason


@pytest.mark.parametrize("status", [403, 412, 418, 521])
def test_a_refusal_by_status_ends_the_run(tmp_path: Path, status: int) -> None:
    with odd_site(lambda _: Answer("no", status)) as site:
        run, _, _ = crawl(site, tmp_path, keywords=ALL)
    assert (run.health, run.reason) == (
        "blocked",
        "the site refused further requests after 0 advertisements: "
        f"it answered with status {status}",
    )
    assert len(site.paths("/search")) <= 2


def test_a_challenge_behind_an_error_is_a_block(tmp_path: Path) -> None:
    page = "<html><title>Just a moment...</title><body></body></html>"
    with odd_site(lambda _: Answer(page, 503)) as site:
        run, _, _ = crawl(site, tmp_path, "-s", "RETRY_ENABLED=False")
    assert run.health == "blocked"
    assert "just a moment" in run.reason


def test_a_block_in_the_middle_keeps_what_was_found_before_it(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        return results(asked) if len(site.paths("/search")) <= 2 else Answer(CHALLENGE)

    with odd_site(answer) as site:
        run, ads, _ = crawl(site, tmp_path, keywords=ALL)
    assert run.health == "blocked"
    assert "after 4 advertisements" in run.reason
    assert run.found == 4
    assert len(ads) == run.new + run.set_aside >= 1
    assert len(site.paths("/search")) <= 4


def test_a_page_of_results_is_a_page_of_results_whatever_sellers_write(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        given = results(asked)
        return Answer(given.body.replace("手镯", "手镯 请先登录 请输入验证码 访问过于频繁"))

    with odd_site(answer) as site:
        run, ads, _ = crawl(site, tmp_path)
    assert (run.health, len(ads)) == ("ok", 6)


@pytest.mark.parametrize(
    "given",
    [
        Answer(CHALLENGE),
        as_json({"ret": ["FAIL_SYS_USER_VALIDATE::哎哟喂,被挤爆啦"], "data": {}}),
        as_json({"status": 0, "message": "请求过于频繁", "data": {"list": []}}),
        as_json({"code": 401, "msg": "请登录", "data": None}),
    ],
    ids=["a page", "mtop", "an empty list", "a code"],
)
def test_a_json_search_that_refuses_is_a_block(tmp_path: Path, given: Answer) -> None:
    with odd_site(lambda _: given) as site:
        run, _, _ = crawl(site, tmp_path, spider="polite_json", keywords=ALL)
    assert run.health == "blocked", run.reason
    assert len(site.paths("/api")) <= 2


def test_a_json_search_that_has_nothing_is_quiet(tmp_path: Path) -> None:
    with odd_site(lambda _: as_json({"code": 0, "msg": "", "data": {"list": []}})) as site:
        run, _, _ = crawl(site, tmp_path, spider="polite_json")
    assert (run.health, run.reason) == (
        "quiet",
        "no advertisements; the site has none for what was searched",
    )


def test_a_soft_404_is_a_broken_search_and_no_zero(tmp_path: Path) -> None:
    with odd_site(lambda _: Answer("<h1>抱歉，您访问的页面不存在</h1>")) as site:
        run, _, _ = crawl(site, tmp_path)
    assert (run.health, run.reason) == ("broken", "3 pages that the site reports as missing")


def test_a_site_that_shows_nothing_that_can_be_read_is_left_alone(tmp_path: Path) -> None:
    with odd_site(lambda _: Answer("<div>全新改版</div>")) as site:
        run, _, _ = crawl(site, tmp_path, keywords=ALL)
    assert run.health == "broken"
    assert re.match(r"[89] pages that show neither results nor 'nothing found'", run.reason)
    assert 8 <= len(site.paths("/search")) <= 9


def test_a_search_that_shows_everybody_the_same_is_not_a_search(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        # In another order each time, and one of its own.
        rows = [
            f'<li data-id="{n}"><a href="/i">热卖 {n}</a><b class="price">9</b></li>'
            for n in range(9)
        ]
        turn = len(site.asked) % 9
        own = f'<li data-id="own{len(site.asked)}"><a href="/i">新品</a><b class="price">9</b></li>'
        return Answer("".join([*rows[turn:], *rows[:turn], own]))

    with odd_site(answer) as site:
        run, _, _ = crawl(site, tmp_path, keywords="keywords=ivory,tiger")
    assert run.health == "broken"
    assert "the site ignores the keyword: 9 advertisements were returned" in run.reason


def test_what_a_run_showed_of_each_field_is_kept(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        return Answer(results(asked).body.replace("200元", ""))

    with odd_site(answer) as site:
        run, _, _ = crawl(site, tmp_path)
    assert run.found == 6
    assert run.coverage == {"ad_id": (6, 6), "url": (6, 6), "title": (6, 6), "price": (3, 6)}
    assert not run.complete, "some keywords only"


def test_ids_that_the_site_no_longer_shows_are_missed_though_others_stand_in(
    tmp_path: Path,
) -> None:
    with odd_site(lambda asked: Answer(results(asked).body.replace("data-id", "data-x"))) as site:
        run, _, _ = crawl(site, tmp_path)
    assert run.coverage["ad_id"] == (0, 6)
    assert run.found == 6


def test_a_field_that_is_gone_since_the_last_runs_breaks_the_next(tmp_path: Path) -> None:
    with odd_site(results) as site:
        run, _, _ = crawl(site, tmp_path, *HASTY, keywords=ALL)
        assert (run.health, run.complete) == ("ok", True)
    # Two more such runs before it.
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    for days in (1, 2):
        store.save_run(
            replace(run, id=f"{run.id}-{days}", started=run.started - timedelta(days=days))
        )
    store.close()
    with odd_site(lambda asked: Answer(results(asked).body.replace("price", "p"))) as site:
        run, _, result = crawl(site, tmp_path)
    assert run.health == "broken"
    assert "price on 0 of 6 advertisements (0%), where it used to be on 100%" in run.reason
    assert run.reason in result.err
