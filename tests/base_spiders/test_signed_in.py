"""Signed-in sites: read slowly in a member's browser, until the first challenge."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scrapy.crawler import Crawler, CrawlerRunner
from scrapy.utils.project import get_project_settings

from tests.helpers.club import Club, open_club
from tests.helpers.crawling import Result, scrapy
from tests.helpers.crawls import last_run
from tests.helpers.profile_spiders import RealClubSpider
from wildcrawl.base_spiders import browser_profiles as profiles
from wildcrawl.base_spiders.browser import FLAGS, NoBrowser
from wildcrawl.base_spiders.browser_profiles import (
    ProfileError,
    held,
    keep_cookies,
    make_private,
    missing_cookies,
)
from wildcrawl.base_spiders.login import NoDisplay, check_display, find_window_browser, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def club() -> Iterator[Club]:
    with open_club() as club:
        yield club


def become_member(club: Club, browser: str, folder: Path, site: str = "club") -> Path:
    """Signs in as a person would in the window, here in a browser without one."""
    profile = folder / "profiles" / site

    def fill_in(page: Page) -> bool:
        page.fill("[name=name]", "member")
        page.fill("[name=word]", "secret")
        page.click("button")
        page.wait_for_url(f"{club.base}/")
        return True

    sign_in(profile, f"{club.base}/login", browser, fill_in, FLAGS)
    return profile


def known_member(folder: Path, site: str = "club") -> Path:
    """A profile as `become_member` leaves it, made without a browser."""
    profile = folder / "profiles" / site
    make_private(profile)
    cookie = {"name": "member", "value": "member", "domain": "127.0.0.1", "path": "/"}
    keep_cookies(profile, [cookie | {"expires": -1}])
    return profile


def run(club: Club, folder: Path, *arguments: str, site: str = "club", **more: str) -> Result:
    settings = {"WILDCRAWL_DEMO_URL": club.base, "WILDCRAWL_SWITCHED_ON": site, **more}
    modules = "SPIDER_MODULES=tests.helpers.profile_spiders"
    return scrapy("crawl", site, "-s", modules, *arguments, folder=folder, **settings)


ONE = ("-a", "keywords=象牙")


def test_a_members_browser_sees_what_is_drawn_what_scrolling_adds_and_what_was_fetched(
    club: Club, browser: str, tmp_path: Path
) -> None:
    become_member(club, browser, tmp_path)
    club.agents.clear()
    result = run(club, tmp_path, *ONE, "-a", "pages=2", WILDCRAWL_CONTACT="me@example.org")
    assert result.code == 0, result.err
    made, ads = last_run(tmp_path)
    assert made.health == "ok", made.reason
    assert len(club.searched) == 2
    assert len(ads) == 10
    assert {ad.price for ad in ads} == {"¥1,200"}
    assert {ad.seller for ad in ads} == {f"藏友{number}" for number in range(5)}
    (agent,) = club.agents
    assert agent.startswith("Mozilla/5.0")
    assert "Chrome" in agent
    assert agent.count("wildcrawl/") == 1
    assert "me@example.org" in agent


def test_without_the_sign_in_it_is_blocked_at_the_first_page(
    club: Club, browser: str, tmp_path: Path
) -> None:
    folder = tmp_path / "profiles" / "club"
    make_private(folder)
    keep_cookies(folder, [])
    result = run(club, tmp_path, "-a", "keywords=ivory")
    made, ads = last_run(tmp_path)
    assert (made.health, ads) == ("blocked", []), result.err
    assert club.searched == []
    assert "/login" in result.err


def test_a_challenge_is_the_end_and_what_was_found_is_kept(
    club: Club, browser: str, tmp_path: Path
) -> None:
    known_member(tmp_path)
    club.patience = 2
    result = run(club, tmp_path, "-a", "keywords=ivory")
    made, ads = last_run(tmp_path)
    assert made.health == "blocked", result.err
    assert len(club.searched) == 2
    assert len(ads) == 7
    assert "baxia-dialog" in result.err


def test_own_pages_are_opened_one_by_one(club: Club, browser: str, tmp_path: Path) -> None:
    known_member(tmp_path, "club_pages")
    run(club, tmp_path, *ONE, "-a", "pages=1", site="club_pages")
    made, ads = last_run(tmp_path)
    assert made.health == "ok", made.reason
    assert len(club.opened) == 5
    assert {ad.description for ad in ads} == {f"一件 {ad.ad_id}" for ad in ads}


def test_what_a_challenge_leaves_unopened_is_kept_as_the_search_showed_it(
    club: Club, browser: str, tmp_path: Path
) -> None:
    known_member(tmp_path, "club_pages")
    club.patience = 1
    run(club, tmp_path, *ONE, site="club_pages")
    made, ads = last_run(tmp_path)
    assert made.health == "blocked"
    assert club.opened == []
    assert len(ads) == 2


def test_a_run_has_a_limit_of_pages_and_says_so(club: Club, browser: str, tmp_path: Path) -> None:
    known_member(tmp_path, "club_tired")
    run(club, tmp_path, *ONE, "-a", "pages=1", site="club_tired")
    made, ads = last_run(tmp_path)
    assert len(club.searched) + len(club.opened) == 3
    assert len(ads) == 5
    assert made.health == "thin"
    assert "page_limit" in made.reason


def test_robots_txt_holds_for_a_member_too(club: Club, browser: str, tmp_path: Path) -> None:
    known_member(tmp_path, "club_forbidden")
    run(club, tmp_path, *ONE, site="club_forbidden")
    made, _ = last_run(tmp_path)
    assert made.health == "blocked"
    assert "robots.txt" in made.reason
    assert "worksheet" in made.reason


def test_it_is_off_until_somebody_switches_it_on(club: Club, tmp_path: Path) -> None:
    result = run(club, tmp_path, WILDCRAWL_SWITCHED_ON="")
    assert result.code == 2
    assert "WILDCRAWL_SWITCHED_ON=club" in result.err
    assert "scrapy worksheet club" in result.err


def test_without_a_profile_it_says_how_to_make_one(
    club: Club, browser: str, tmp_path: Path
) -> None:
    result = run(club, tmp_path)
    assert result.code == 2
    assert "sign in with 'scrapy login club'" in result.err
    assert club.searched == []


def test_a_profile_serves_one_at_a_time(club: Club, browser: str, tmp_path: Path) -> None:
    profile = known_member(tmp_path)
    with held(profile):
        result = run(club, tmp_path)
    assert result.code == 2
    assert "in use by another crawl or login" in result.err


def test_a_profile_that_is_open_in_a_browser_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / profiles.BROWSER_LOCK).symlink_to("another-machine-77")
    with pytest.raises(ProfileError, match="another-machine-77"), held(tmp_path):
        pass
    (tmp_path / profiles.BROWSER_LOCK).unlink()
    with held(tmp_path):
        pass


def test_a_fresh_page_is_saved_as_a_member_sees_it(
    club: Club, browser: str, tmp_path: Path
) -> None:
    known_member(tmp_path)
    modules = "SPIDER_MODULES=tests.helpers.profile_spiders"
    settings = {"WILDCRAWL_DEMO_URL": club.base, "WILDCRAWL_SWITCHED_ON": "club"}
    saved = scrapy(
        "save-page", "club", "象牙", "-s", modules, "-o", "here", folder=tmp_path, **settings
    )
    assert saved.code == 0, saved.err
    assert b'data-id="' in (tmp_path / "here" / "results.html").read_bytes()
    fetched = json.loads((tmp_path / "here" / "results-data.json").read_bytes())
    assert len(fetched["goods"]) == 5
    assert len(club.searched) == 1


def test_a_filled_worksheet_needs_neither_profile_nor_browser(club: Club, tmp_path: Path) -> None:
    made = scrapy(
        "worksheet", "club", "-s", "SPIDER_MODULES=tests.helpers.profile_spiders", "-o", "list.csv",
        folder=tmp_path, WILDCRAWL_DEMO_URL=club.base,
    )  # fmt: skip
    assert made.code == 0, made.err
    result = run(club, tmp_path, "-a", "worksheet=list.csv", WILDCRAWL_SWITCHED_ON="")
    assert result.code == 0, result.err


def test_whoever_reads_the_profile_is_its_owner_alone(
    club: Club, browser: str, tmp_path: Path
) -> None:
    profile = become_member(club, browser, tmp_path)
    assert profile.stat().st_mode & 0o077 == 0
    assert profile.parent.stat().st_mode & 0o077 == 0
    assert (profile / profiles.COOKIES).stat().st_mode & 0o077 == 0


def test_a_cookie_that_the_browser_has_or_that_has_expired_is_not_given_again(
    tmp_path: Path,
) -> None:
    def cookie(name: str, expires: float) -> dict[str, object]:
        return {"name": name, "domain": "a.example", "path": "/", "expires": expires}

    now = time.time()
    kept = [
        cookie("session", -1),
        cookie("old", now - 9),
        cookie("here", -1),
        cookie("on", now + 9),
    ]
    keep_cookies(tmp_path, kept)
    assert json.loads((tmp_path / profiles.COOKIES).read_text()) == kept
    missing = missing_cookies(tmp_path, [cookie("here", -1)], now)
    assert [each["name"] for each in missing] == ["session", "on"]


def test_a_real_site_is_read_at_a_persons_pace_whatever_the_settings_say() -> None:
    settings = get_project_settings()
    settings.set("DOWNLOAD_DELAY", 0, priority="cmdline")
    crawler = Crawler(RealClubSpider, settings)
    # As a crawl begins: Scrapy merges the command line's settings once more.
    CrawlerRunner(settings).create_crawler(crawler)
    settings = crawler.settings
    assert settings.getfloat("DOWNLOAD_DELAY") * 0.5 >= 8
    assert settings.getbool("RANDOMIZE_DOWNLOAD_DELAY")


def test_signing_in_needs_a_display(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(NoDisplay, match="on a desktop, then copy its folder"):
        check_display("club", tmp_path)
    monkeypatch.setenv("DISPLAY", ":0")
    check_display("club", tmp_path)


def test_signing_in_needs_a_browser_with_a_window(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("chrome-headless-shell", "chromium"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_window_browser("chrome-headless-shell") == str(tmp_path / "chromium")
    (tmp_path / "chromium").unlink()
    with pytest.raises(NoBrowser, match="with a window"):
        find_window_browser("chrome-headless-shell")


def test_a_browser_that_does_not_open_is_reported_in_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(ProfileError, match="does not open with"):
        sign_in(tmp_path / "profile", "http://127.0.0.1:9/", str(broken), lambda _: True)


def test_only_a_site_that_needs_it_is_signed_in_to(tmp_path: Path) -> None:
    result = scrapy("login", "demo_mall", folder=tmp_path)
    assert result.code == 2
    assert "needs no sign-in" in result.err
