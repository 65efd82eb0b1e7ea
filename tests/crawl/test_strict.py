"""Exit codes of crawls with --strict."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.crawling import scrapy
from tests.helpers.odd_site import Answer, OddSite, odd_site, results

BLOCKED = Answer("<title>安全验证</title>")
CHANGED = Answer("<div>全新改版</div>")
NOTHING = Answer('<p class="none">没有找到</p>')


def run(site: OddSite, folder: Path, *command: str) -> tuple[int, str]:
    result = scrapy(
        *command,
        "-a",
        "keywords=leopard",
        "-s",
        "SPIDER_MODULES=tests.helpers.polite_spiders",
        folder=folder,
        WILDCRAWL_DEMO_URL=site.address,
        WILDCRAWL_CONTACT="monitoring@example.org",
    )
    assert "Traceback" not in result.err
    return result.code, result.err + result.out


@pytest.mark.parametrize(
    ("given", "word", "strict"),
    [(None, "ok", 0), (NOTHING, "quiet", 0), (CHANGED, "broken", 1), (BLOCKED, "blocked", 1)],
    ids=["ok", "quiet", "broken", "blocked"],
)
def test_a_broken_or_blocked_run_fails_under_strict_and_says_why(
    tmp_path: Path, given: Answer | None, word: str, strict: int
) -> None:
    with odd_site(lambda asked: given or results(asked)) as site:
        code, said = run(site, tmp_path, "crawl", "polite_site", "--strict")
    assert code == strict
    assert f"requests: {word}" in said


def test_without_strict_a_broken_run_is_no_failure_of_the_command(tmp_path: Path) -> None:
    with odd_site(lambda _: CHANGED) as site:
        code, said = run(site, tmp_path, "crawl", "polite_site")
    assert code == 0
    assert "requests: broken" in said
