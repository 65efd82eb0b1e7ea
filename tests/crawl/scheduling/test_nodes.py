"""Two scrapyd nodes and one MongoDB server: distribution of jobs, and loss of a node."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.helpers.crawling import Result, scrapy
from tests.helpers.few_keywords import write_few_keywords
from tests.helpers.scrapyd_node import (
    ScrapydNode,
    alone,
    command,
    copy_of_project,
    dependencies_only,
    until,
    write_config,
)
from wildcrawl.months import month_of
from wildcrawl.store import Store, open_store

# Five crawls and two nodes: minutes on a machine that does much else.
pytestmark = [
    pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("scrapyd nodes"),
]  # fmt: skip

MONTH = month_of(datetime.now(UTC))
SITES = ("demo_forum", "demo_mall", "demo_market")


class Pair:
    """Two nodes with one job slot each, deployed to from a copy of the project."""

    def __init__(self, folder: Path, store: str, marketplaces: str) -> None:
        self.project = copy_of_project(folder / "project")
        write_few_keywords(self.project / "keywords.yaml")
        self.store = store
        python = dependencies_only(folder / "env")
        self.nodes = [ScrapydNode(folder / name, python) for name in ("node1", "node2")]
        self.settings = {"WILDCRAWL_STORE": store, "WILDCRAWL_DEMO_URL": marketplaces}
        for node in self.nodes:
            path = node.folder / "scrapyd.conf"
            path.write_text(path.read_text("utf-8").replace("max_proc = 4", "max_proc = 1"))
            node.start(**self.settings)
        write_config(self.project, *self.nodes)

    def run(self, *words: str) -> Result:
        given = {"PYTHONPATH": str(self.project), "WILDCRAWL_STORE": self.store}
        return command(*words, folder=self.project, **given)

    def schedule(self, *words: str) -> Result:
        """Runs `scrapy schedule`, forked, since it does not read the project."""
        given = {"WILDCRAWL_STORE": self.store, **alone(self.project)}
        return scrapy("schedule", "--sites", ",".join(SITES), *words, folder=self.project, **given)

    def placed(self) -> dict[str, list[tuple[str, str]]]:
        """Node to its jobs, each as site and id; a node that is away has none."""
        return {node.name: node.jobs() for node in self.nodes if node.is_up}


@pytest.fixture
def pair(tmp_path: Path, mongodb_url: str, marketplaces: str) -> Iterator[Pair]:
    made = Pair(tmp_path / "pair", mongodb_url, marketplaces)
    yield made
    for node in made.nodes:
        node.stop()


@pytest.fixture
def store(pair: Pair) -> Iterator[Store]:
    opened = open_store(pair.store)
    yield opened
    opened.close()


def test_a_lost_node_costs_nothing_but_time(pair: Pair, store: Store) -> None:
    deployed = pair.run("scrapyd-deploy", "-a")
    assert deployed.out.count('"status": "ok"') == 2, deployed.err

    # Two people at once: each site gets one job, on one node.
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: pair.schedule("-s", "DOWNLOAD_DELAY=0.4"), range(2)))
    assert [said.code for said in both] == [0, 0], [said.out + said.err for said in both]
    assert sorted(re.findall(r"^(\d) scheduled", both[0].out + both[1].out, re.MULTILINE)) == [
        "0",
        "3",
    ]
    jobs = pair.placed()
    assert sorted(job for each in jobs.values() for job in each) == [
        (site, f"{site}-{MONTH}-1") for site in SITES
    ]
    assert sorted(len(each) for each in jobs.values()) == [1, 2]

    # The node with two jobs, of which one waits, loses its power in mid-search.
    lost, other = sorted(pair.nodes, key=lambda node: -len(node.jobs()))
    running = lost.ask("listjobs", project="wildcrawl")["running"][0]["spider"]
    (waiting,) = [site for site, _ in lost.jobs() if site != running]
    until(lambda: any(True for _ in store.advertisements(site=running)))
    lost.kill()
    before = {ad.ad_id for ad in store.advertisements(site=running)}
    (killed,) = store.runs(running)
    assert not killed.finished

    # The next schedule gives its sites to the other node, and says that one is away.
    again = pair.schedule()
    assert again.code == 1
    assert f"{lost.name} ({lost.url}) does not answer; its sites go to the other nodes" in again.out
    for site in (running, waiting):
        assert f"{site}: scheduled on {other.name} ({site}-{MONTH}-2)" in again.out
    (kept,) = set(SITES) - {running, waiting}
    assert re.search(rf"{kept}: (running on {other.name}|done)", again.out)

    # What waited on the lost node has been superseded, and ends there without a request.
    lost.start(**pair.settings)
    job = f"{waiting}-{MONTH}-1"
    until(lambda: "was scheduled in its place" in lost.log_of(waiting, job))

    until(lambda: not any(node.is_busy() for node in pair.nodes), seconds=600)
    status = pair.schedule("--status")
    assert status.code == 0, status.out
    assert len(re.findall(rf"finished +ok +{other.name}", status.out)) == 3
    for site in SITES:
        ads = {ad.ad_id for ad in store.advertisements(site=site)}
        last = store.runs(site)[-1]
        assert last.new + last.set_aside + last.seen == len(ads)
        if site == running:
            # The run that continues the killed one counts its finds as new, once.
            assert before
            assert before <= ads
        else:
            assert [run.job for run in store.runs(site)] == [last.job]
            assert last.seen == 0
