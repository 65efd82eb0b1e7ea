"""One scrapyd node: deployment, deployment check, a month's jobs, and their faults."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from tests.helpers.crawling import Result
from tests.helpers.crawling import scrapy as forked
from tests.helpers.few_keywords import write_few_keywords
from tests.helpers.scrapyd_node import (
    PASSWORD,
    ScrapydNode,
    alone,
    command,
    copy_of_project,
    dependencies_only,
    until,
    write_config,
)
from wildcrawl.base_spiders import Site
from wildcrawl.months import month_of, previous_month
from wildcrawl.store import open_store

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scrapyd node")]

MONTH = month_of(datetime.now(UTC))


@dataclass(frozen=True)
class Place:
    """A copy of the project, deployed to and scheduled on one node."""

    project: Path
    node: ScrapydNode
    store: str

    def run(self, *words: str, **settings: str) -> Result:
        """Runs a command in the project."""
        given = {"PYTHONPATH": str(self.project), "WILDCRAWL_STORE": self.store, **settings}
        return command(*words, folder=self.project, **given)

    def scrapy(self, *words: str, **settings: str) -> Result:
        return self.run("scrapy", *words, **settings)

    def schedule(self, *words: str, **settings: str) -> Result:
        """Runs `scrapy schedule`, forked: unlike deploy-check, it does not read the project."""
        given = {"WILDCRAWL_STORE": self.store, **settings}
        return forked("schedule", *words, folder=self.project, **alone(self.project), **given)

    def wait(self) -> None:
        """Waits until the node has no job."""
        until(lambda: not self.node.is_busy())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, marketplaces: str) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("scrapyd")
    node = ScrapydNode(folder / "node1", dependencies_only(folder / "env"))
    project = copy_of_project(folder / "project")
    write_few_keywords(project / "keywords.yaml")
    write_config(project, node)
    store = f"sqlite:///{folder / 'store-not-to-be-told.db'}"
    node.start(WILDCRAWL_STORE=store, WILDCRAWL_DEMO_URL=marketplaces)
    yield Place(project, node, store)
    node.stop()


def test_a_node_without_a_deployment_is_reported(place: Place) -> None:
    for asked in (("deploy-check", "node1"), ("schedule", "--sites", "demo_forum")):
        said = place.scrapy(*asked)
        assert said.code
        assert "has no project wildcrawl; deploy it: scrapyd-deploy node1" in said.out


def test_a_deployment_is_proved_and_leaves_nothing_made_up(place: Place) -> None:
    deployed = place.run("scrapyd-deploy", "node1")
    assert '"status": "ok"' in deployed.out, deployed.err
    checked = place.scrapy("deploy-check", "node1")
    assert checked.code == 0, checked.out + checked.err
    assert checked.out.splitlines()[-1] == "node1: ok"
    store = open_store(place.store)
    assert not list(store.advertisements())
    assert not store.runs()
    store.close()


def test_a_month_is_searched_once(place: Place) -> None:
    asked = (MONTH, "--sites", "demo_forum,demo_market")
    first = place.schedule(*asked)
    assert first.code == 0, first.out + first.err
    assert f"demo_forum: scheduled on node1 (demo_forum-{MONTH}-1)" in first.out
    at_once = place.schedule(*asked)
    assert re.search(r"demo_forum: (pending|running) on node1", at_once.out)
    assert f"0 scheduled for {MONTH}" in at_once.out
    place.wait()
    status = place.schedule("--status")
    assert status.code == 0, status.out
    lines = [line.split() for line in status.out.splitlines()]
    assert [line[:4] for line in lines if line[0].startswith("demo")] == [
        ["demo_forum", "finished", "ok", "node1"],
        ["demo_market", "finished", "ok", "node1"],
    ]
    done = place.schedule(*asked)
    assert done.code == 0
    assert re.search(r"demo_market: done \d{4}-\d\d-\d\d \d\d:\d\d \(ok\)", done.out)
    assert len(place.node.jobs()) == 3


def test_again_searches_what_is_done_and_finds_nothing_new(place: Place) -> None:
    again = place.schedule(MONTH, "--sites", "demo_forum", "--again")
    assert f"demo_forum: scheduled on node1 (demo_forum-{MONTH}-2)" in again.out
    place.wait()
    store = open_store(place.store)
    first, second = store.runs("demo_forum")
    ads = len(list(store.advertisements(site="demo_forum")))
    store.close()
    assert (first.job, second.job) == (f"demo_forum-{MONTH}-1", f"demo_forum-{MONTH}-2")
    assert first.new + first.set_aside == second.seen == ads
    assert (second.new, second.set_aside) == (0, 0)


def test_the_stores_address_shows_in_no_log_and_no_argument(place: Place) -> None:
    told = "".join(path.read_text("utf-8") for path in place.node.folder.rglob("*.log"))
    assert "demo_forum" in told
    assert "-not-to-be-" not in told
    refused = place.schedule("-s", f"WILDCRAWL_STORE={place.store}")
    assert refused.code == 2
    assert "put WILDCRAWL_STORE into scrapyd's environment" in refused.err


def test_another_month_cannot_be_searched(place: Place) -> None:
    earlier = previous_month(MONTH)
    refused = place.schedule(earlier, "--sites", "demo_forum")
    assert refused.code == 2
    assert f"write 'scrapy schedule {MONTH}'" in refused.err
    status = place.schedule("--status", earlier, "--sites", "demo_forum")
    assert status.code == 0
    assert re.search(r"^demo_forum +not scheduled", status.out, re.MULTILINE)


def test_a_site_without_permission_is_left_out_with_the_reason(place: Place) -> None:
    loader = SpiderLoader.from_settings(get_project_settings())
    spiders = [loader.load(name) for name in loader.list()]
    sites = [each for each in spiders if issubclass(each, Site)]
    off, *_ = [each for each in sites if each.permission]
    said = place.schedule(MONTH, "--sites", off.name, WILDCRAWL_SWITCHED_ON="")
    assert said.code == 2
    assert f"{off.name}: left out, off until it is in WILDCRAWL_SWITCHED_ON: " in said.out
    assert off.permission in said.out
    assert off.name not in dict(place.node.jobs())


def test_a_job_that_cannot_start_is_reported_with_its_reason(place: Place) -> None:
    placed = place.schedule(MONTH, "--sites", "demo_mall", "-s", "WILDCRAWL_RATE=plenty")
    assert placed.code == 0
    place.wait()
    status = place.schedule("--status", "--sites", "demo_mall")
    assert status.code == 1
    assert re.search(r"demo_mall +did not run +node1 +WILDCRAWL_RATE: 'plenty'", status.out)


def test_a_wrong_password_is_reported_and_not_shown(place: Place, tmp_path: Path) -> None:
    wrong = place.node.section.replace(PASSWORD, "a-wrong-one")
    (tmp_path / "scrapy.cfg").write_text(wrong)
    for asked in (("deploy-check", "node1"), ("schedule", "--sites", "demo_forum")):
        said = command(
            "scrapy",
            *asked,
            folder=tmp_path,
            PYTHONPATH=str(place.project),
            WILDCRAWL_STORE=place.store,
        )
        assert said.code
        assert "node1 (http://127.0.0.1" in said.out
        assert "rejects the username or password" in said.out
        assert "a-wrong-one" not in said.out + said.err


def test_a_check_against_another_store_says_so(place: Place, tmp_path: Path) -> None:
    said = place.scrapy("deploy-check", WILDCRAWL_STORE=f"sqlite:///{tmp_path / 'other.db'}")
    assert said.code == 1
    assert "node1: not ok: " in said.out
    assert "another store than this one" in said.out


def test_a_checkout_that_has_moved_on_is_no_longer_what_runs(place: Place) -> None:
    with (place.project / "keywords.yaml").open("a", encoding="utf-8") as rules:
        rules.write("# one more line\n")
    said = place.scrapy("deploy-check", "node1")
    assert said.code == 1
    assert "differs from this checkout: wildcrawl/keywords.yaml differs" in said.out
    assert "scrapyd-deploy node1" in said.out


def test_broken_eggs_are_found_and_a_fixed_one_is_ok(place: Place, tmp_path: Path) -> None:
    """scrapyd answers ok to the first, and keeps the second in spite of its own "error"."""
    egg = tmp_path / "good.egg"
    assert place.run("scrapyd-deploy", "--build-egg", str(egg)).code == 0
    mute = tmp_path / "mute.egg"
    with zipfile.ZipFile(egg) as good, zipfile.ZipFile(mute, "w") as bad:
        for name in good.namelist():
            if name != "wildcrawl/keywords.yaml":
                bad.writestr(name, good.read(name))
    torn = tmp_path / "torn.egg"
    shutil.copy(egg, torn)
    with zipfile.ZipFile(torn, "a") as bad:
        bad.writestr("spiders/torn.py", "class Torn(\n")
    for number, (broken, fault) in enumerate(
        [(mute, "the check's job failed: .*keywords.yaml"), (torn, "cannot be loaded")]
    ):
        version = f"990000000{number}"
        deployed = place.run("scrapyd-deploy", "node1", "--egg", str(broken), "-v", version)
        assert deployed.code == 0
        said = place.scrapy("deploy-check", "node1")
        assert said.code == 1
        assert re.search(f"node1: not ok: .*{fault}", said.out), said.out
    place.run("scrapyd-deploy", "node1", "--egg", str(egg), "-v", "9900000009")
    assert place.scrapy("deploy-check", "node1").out.splitlines()[-1] == "node1: ok"


def test_what_shadows_the_egg_is_named(place: Place, tmp_path: Path) -> None:
    python = dependencies_only(tmp_path / "env")
    (packages,) = (tmp_path / "env").glob("lib/python3*/site-packages")
    for name in ("wildcrawl", "spiders", "pipelines", "exports"):
        shutil.copytree(place.project / name, packages / name)
    shutil.copy(place.project / "keywords.yaml", packages / "wildcrawl")
    node = ScrapydNode(tmp_path / "shadowed", python)
    node.start(WILDCRAWL_STORE=place.store)
    try:
        write_config(place.project, place.node, node)
        place.run("scrapyd-deploy", "shadowed")
        said = place.scrapy("deploy-check", "shadowed")
    finally:
        node.stop()
        write_config(place.project, place.node)
    assert said.code == 1
    assert f"{packages}/wildcrawl/__init__.py instead of what was deployed" in said.out
