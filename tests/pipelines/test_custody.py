"""Custody pipeline: each run that captured something is sealed, and interrupted ones are logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.settings import Settings

import wildcrawl.settings
from pipelines.custody import CustodyPipeline
from tests.helpers.crawling import scrapy
from tests.helpers.crawls import CONTACT, last_run
from tests.helpers.evidence import PAGE, captured, exchange
from tests.helpers.odd_site import Answer, OddSite, odd_site
from tests.helpers.timestamp_authority import running_authority
from wildcrawl.crawl.evidence_settings import evidence_settings_of
from wildcrawl.evidence import Action, Capture, CaptureKind, Evidence, open_evidence
from wildcrawl.evidence.checking import check
from wildcrawl.evidence.records import Origin
from wildcrawl.store import open_store

NOBODY = "http://127.0.0.1:9/tsa"
CARD = '<li data-id="7"><a href="/item/7">老豹骨手镯</a><b class="price">100元</b></li>'


@pytest.fixture
def evidence(tmp_path: Path) -> Iterator[Evidence]:
    """The empty evidence of an SQLite store."""
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    yield open_evidence(store, tmp_path / "evidence")
    store.close()


def closed(evidence: Evidence, authority: str = "") -> None:
    """Ends a run with this evidence."""
    run = SimpleNamespace(run=SimpleNamespace(id="run1"), store=evidence._store)
    capturing: Any = SimpleNamespace(
        evidence=evidence, who="run run1", session=run, check_kept=lambda: None
    )
    asyncio.run(CustodyPipeline(capturing, authority).close_spider())


def actions(evidence: Evidence) -> list[str]:
    return [link.action for link in evidence.custody.links()]


def test_a_run_that_captured_nothing_is_not_sealed(evidence: Evidence) -> None:
    closed(evidence, NOBODY)
    assert actions(evidence) == []


def test_captures_of_an_interrupted_run_are_logged(evidence: Evidence) -> None:
    kept = evidence.keep(exchange(), PAGE, Origin("run0", "mall"))
    url = "http://mall.example/7"
    seen = Capture("mall", "7", exchange().at, "run0", CaptureKind.PAGE, url, 200, "", *kept)
    evidence.captures.add([seen])
    assert list(check(evidence)) != []
    closed(evidence)
    assert [(link.action, link.who) for link in evidence.custody.links()] == [
        (Action.CAPTURED, "run run1, recovery")
    ]
    assert list(check(evidence)) == []


def test_an_authority_that_does_not_answer_is_logged(
    evidence: Evidence, caplog: pytest.LogCaptureFixture
) -> None:
    captured(evidence)
    with caplog.at_level(logging.ERROR):
        closed(evidence, NOBODY)
    assert "custody log of this run is not complete: the time-stamp authority" in caplog.text
    assert actions(evidence) == [Action.CAPTURED]


@pytest.mark.parametrize(
    ("automated", "level"), [(False, "pictures"), (True, "off")], ids=["manual", "off"]
)
def test_what_captures_nothing_has_no_custody(automated: bool, level: str) -> None:
    settings = Settings({"WILDCRAWL_EVIDENCE": level})
    crawler = SimpleNamespace(settings=settings, spidercls=SimpleNamespace(automated=automated))
    with pytest.raises(NotConfigured):
        CustodyPipeline.from_crawler(cast(Any, crawler))


@pytest.mark.parametrize("url", ["timestamp.example", "ftp://timestamp.example/"])
def test_an_address_that_is_no_authority_is_refused_before_the_crawl(url: str) -> None:
    settings = Settings(vars(wildcrawl.settings), "project")
    settings.set("WILDCRAWL_TIMESTAMP_URL", url)
    with pytest.raises(ValueError, match=f"WILDCRAWL_TIMESTAMP_URL: '{url}' is not a valid"):
        evidence_settings_of(settings)


def crawl(site: OddSite, folder: Path, authority: str) -> None:
    """Crawls a site with one advertisement; the run must be ok."""
    result = scrapy(
        *("crawl", "pictured_site", "-s", "SPIDER_MODULES=tests.helpers.polite_spiders"),
        *("-a", "keywords=豹骨"),
        folder=folder,
        WILDCRAWL_DEMO_URL=site.address,
        WILDCRAWL_CONTACT=CONTACT,
        WILDCRAWL_EVIDENCE="pages",
        WILDCRAWL_TIMESTAMP_URL=authority,
    )
    run, _ = last_run(folder)
    assert (result.code, run.health) == (0, "ok"), result.err
    assert "Traceback" not in result.err


def test_a_crawl_is_sealed_once_it_is_complete(tmp_path: Path) -> None:
    (tmp_path / "authority").mkdir()
    with (
        running_authority(tmp_path / "authority") as authority,
        odd_site(lambda _: Answer(CARD), Answer("User-agent: *\n")) as site,
    ):
        crawl(site, tmp_path, authority.url)
        store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
        evidence = open_evidence(store, tmp_path / "evidence")
        assert actions(evidence) == [Action.CAPTURED, Action.SEALED]
        [sealed] = evidence.seals.check(evidence.custody.links(), [authority.root])
        assert sealed.trusted
        assert sealed.seal.number == 1
        assert list(check(evidence, roots=[authority.root])) == []
        store.close()
