"""Monitored sites of a report, and the month since which each is monitored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from wildcrawl.base_spiders import HtmlSearchSpider, ManualSpider, Site
from wildcrawl.commands.export import report_sites, unmatched_again
from wildcrawl.items import Health, Run


class MallSpider(HtmlSearchSpider):
    name = "mall"
    label = "Mall"
    since = "2016-03"


class FairSpider(ManualSpider):
    name = "fair"
    since = "2026-11"


DECLARED: list[type[Site]] = [MallSpider, FairSpider]


def run(site: str, month: int, health: str) -> Run:
    started = datetime(2027, month, 3, tzinfo=UTC)
    return Run(id=f"{site}{month}", site=site, started=started, finished=started, health=health)


def since(recorded: dict[str, str], *runs: Run) -> dict[str, str]:
    return {site.name: site.since for site in report_sites(DECLARED, recorded, runs)}


def test_a_site_that_was_never_searched_is_not_monitored() -> None:
    assert since({}) == {}
    failed = run("mall", 1, Health.BLOCKED), run("mall", 2, Health.BROKEN)
    assert since({}, *failed) == {"mall": ""}, "only listed for its label"


def test_a_site_is_monitored_since_its_first_search_or_record() -> None:
    runs = [run("mall", 1, Health.BLOCKED), run("mall", 2, Health.QUIET), run("fair", 3, Health.OK)]
    assert since({}, *runs) == {"mall": "2027-02", "fair": "2027-03"}
    assert since({"mall": "2016-05", "stall": "2012-01"}, *runs) == {
        "mall": "2016-05",
        "fair": "2027-03",
        "stall": "2012-01",
    }


def test_records_from_before_a_spider_was_written_are_of_a_monitored_site() -> None:
    assert since({"fair": "2012-01"}, run("fair", 3, Health.OK)) == {"fair": "2012-01"}


@pytest.mark.parametrize("name", ["records", "survey"])
def test_reading_a_file_does_not_count_as_a_search(name: str) -> None:
    assert since({}, run(name, 1, Health.OK)) == {}


def test_what_two_runs_of_a_site_left_unmatched_may_be_the_same() -> None:
    first, later = (replace(run("mall", month, Health.OK), irrelevant=3) for month in (1, 2))
    assert unmatched_again([first, later], ["2027-01", "2027-02"])
    assert not unmatched_again([first, later], ["2027-01"])
    assert not unmatched_again([first, replace(later, irrelevant=0)], ["2027-01", "2027-02"])
    assert not unmatched_again([first, replace(later, site="fair")], ["2027-01", "2027-02"])
