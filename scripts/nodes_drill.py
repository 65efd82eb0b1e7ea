"""Drill of a month on several nodes: scrapyd processes, virtual sites, and a node killed twice.

Run: python -m scripts.nodes_drill [--sites 60] [--declared N] [--nodes 4] [--jobs 1] [--minutes 30]

All on loopback. The sites are searched by jobs that a copy of this project, with a keyword of each
species group, gets from `scrapy schedule`; it may declare more sites than these. A node is killed
with its crawls when a quarter of the sites have been searched, and again when a half have, each
time followed by another `scrapy schedule`. Then every site must have been searched as *ok*, have
all its advertisements stored and each counted as new in one run, and never have been asked for two
pages at once, nor faster than its pace. The exit code is 1 if something of this does not hold. When
the time is over, the sites that were searched by then are checked, and the others are named.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from threading import Lock

import yaml

from tests.helpers.crawling import Result
from tests.helpers.crawls import CONTACT
from tests.helpers.mongodb_server import MongoServer, NoServerError
from tests.helpers.odd_site import Answer, Asked, odd_site, results
from tests.helpers.scrapyd_node import (
    ScrapydNode,
    command,
    copy_of_project,
    dependencies_only,
    write_config,
)
from wildcrawl.items import Health, Run
from wildcrawl.months import month_of
from wildcrawl.store import open_store

PACE = 0.3
"""Seconds between two requests to a site; Scrapy varies them between a half and one and a half."""
RESULTS = 4
"""Advertisements that a site shows for a keyword."""
SPIDERS = '''
from typing import ClassVar

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.demo.site import DemoSite


class VirtualSpider(DemoSite, HtmlSearchSpider):
    """Site on loopback."""

    demo = False
    label = "Virtual site"
    kind = "antiques"
    way = "html"
    custom_settings: ClassVar = {{
        "DOWNLOAD_DELAY": {pace}, "AUTOTHROTTLE_START_DELAY": {pace},
    }}
    max_pages = 1
    card = "li"
    empty = "p.none"
    fields: ClassVar = {{
        "ad_id": "::attr(data-id)", "url": "a::attr(href)",
        "title": "a::text", "price": ".price::text",
    }}
    expect: ClassVar = {{"advertisements": 1, "title": 1.0}}


for number in range({sites}):
    name = f"virtual{{number:04d}}"
    globals()[name] = type(name, (VirtualSpider,), {{
        "__module__": __name__, "__doc__": "Site on loopback.", "name": name, "home": f"/{{name}}/",
        "search_url": f"/{{name}}/search?key={{{{keyword}}}}&page={{{{page}}}}",
    }})
del VirtualSpider
'''


@dataclass
class Sites:
    """The virtual sites: when each was asked for which keyword, and how often for two at once."""

    asked: dict[str, list[tuple[float, str]]] = field(default_factory=lambda: defaultdict(list))
    together: int = 0
    _busy: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def answer(self, asked: Asked) -> Answer:
        site = asked.path.split("/")[1]
        with self._lock:
            self.asked[site].append((time.monotonic(), asked.keyword))
            self._busy[site] += 1
            self.together += self._busy[site] > 1
        time.sleep(PACE / 6)
        with self._lock:
            self._busy[site] -= 1
        return results(asked, RESULTS)

    def shortest_pause(self) -> float:
        """Seconds between the two requests to one site that were the closest to each other."""
        return min(
            later[0] - earlier[0]
            for each in self.asked.values()
            for earlier, later in pairwise(each)
        )

    def repeated(self) -> int:
        """Requests for a page that had been asked for before."""
        return sum(len(each) - len({word for _, word in each}) for each in self.asked.values())


@dataclass
class Month:
    """The nodes, the store that they share, and the project from which jobs are scheduled."""

    project: Path
    nodes: list[ScrapydNode]
    store: str
    names: list[str]
    settings: dict[str, str]
    end: float
    """When the time is over, by the monotonic clock."""

    def run(self, *words: str) -> Result:
        given = {"PYTHONPATH": str(self.project), "WILDCRAWL_STORE": self.store}
        return command(*words, folder=self.project, **given)

    def schedule(self, *words: str) -> Result:
        said = self.run("scrapy", "schedule", "--sites", ",".join(self.names), *words)
        print("  " + (said.out.strip().splitlines() or [said.err.strip()])[-1], flush=True)
        return said

    def runs(self) -> list[Run]:
        with closing(open_store(self.store)) as store:
            return [run for run in store.runs() if run.site in self.names]

    def searched(self) -> set[str]:
        return {run.site for run in self.runs() if run.finished and run.health == Health.OK}

    def wait_for(self, number: int) -> None:
        """Waits until `number` sites have been searched, no node has jobs, or the time is over."""
        while len(self.searched()) < number and self.is_busy() and not self.is_over():
            time.sleep(1)

    def is_over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self.end

    def wait_for_crawl(self, node: ScrapydNode) -> bool:
        """Waits until a crawl on `node` has stored its run; False if the node has no more jobs."""
        while node.is_busy() and not self.is_over():
            running = {job["id"] for job in node.ask("listjobs", project="wildcrawl")["running"]}
            if any(run.job in running and not run.finished for run in self.runs()):
                return True
            time.sleep(0.3)
        return False

    def is_busy(self) -> bool:
        """Whether a node has jobs."""
        return any(node.is_busy() for node in self.nodes if node.is_up)


def small_vocabulary(path: Path) -> int:
    """Leaves one keyword of each species group; the number of them."""
    document = yaml.safe_load(path.read_text("utf-8"))
    for group in document["groups"].values():
        group["keywords"] = group["keywords"][:1]
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
    return sum(len(group["keywords"]) for group in document["groups"].values())


def prepared(folder: Path, store: str, address: str, given: argparse.Namespace) -> Month:
    """Starts the nodes and deploys the project to them."""
    project = copy_of_project(folder / "project")
    code = SPIDERS.format(sites=max(given.sites, given.declared), pace=PACE)
    (project / "spiders" / "virtual.py").write_text(code, "utf-8")
    settings = {
        "WILDCRAWL_STORE": store,
        "WILDCRAWL_DEMO_URL": address,
        "WILDCRAWL_CONTACT": CONTACT,
    }
    python = dependencies_only(folder / "env")
    made = [ScrapydNode(folder / f"node{number}", python) for number in range(1, given.nodes + 1)]
    for node in made:
        path = node.folder / "scrapyd.conf"
        text = path.read_text("utf-8").replace("max_proc = 4", f"max_proc = {given.jobs}")
        path.write_text(text, "utf-8")
        node.start(**settings)
    write_config(project, *made)
    names = [f"virtual{number:04d}" for number in range(given.sites)]
    return Month(project, made, store, names, settings, time.monotonic() + 60 * given.minutes)


def drill(month: Month, seed: int) -> None:
    """Searches all sites, and kills a node twice."""
    deployed = month.run("scrapyd-deploy", "-a")
    if deployed.out.count('"status": "ok"') != len(month.nodes):
        raise SystemExit(f"The project was not deployed:\n{deployed.out}{deployed.err}")
    month.schedule()
    chance = random.Random(seed)
    for share in (4, 2):
        month.wait_for(len(month.names) // share)
        # Of the nodes with most jobs, so that one is lost in mid-search.
        victim = max(
            month.nodes,
            key=lambda node: (
                len(node.ask("listjobs", project="wildcrawl")["running"]),
                len(node.jobs()),
                chance.random(),
            ),
        )
        if not month.wait_for_crawl(victim):
            raise SystemExit(
                f"{victim.name} was not killed: it had no more jobs, or the time was over; give "
                "--sites or --minutes"
            )
        victim.kill()
        print(f"{victim.name} is killed; {len(month.searched())} sites are searched", flush=True)
        month.schedule()
        victim.start(**month.settings)
    while len(month.searched()) < len(month.names) and not month.is_over():
        before = len(month.runs())
        month.wait_for(len(month.names))
        month.schedule()
        if len(month.runs()) == before and not month.is_busy():
            break


def checked(month: Month, sites: Sites, keywords: int) -> list[str]:
    """What does not hold at the end of the month; prints what was measured."""
    faults = []
    runs = month.runs()
    killed = sum(run.health == Health.KILLED for run in runs)
    missing = sorted(set(month.names) - month.searched())
    if missing:
        faults.append(f"not searched: {', '.join(missing)}")
    expected = keywords * RESULTS
    with closing(open_store(month.store)) as store:
        stored = Counter(ad.site for ad in store.advertisements())
    counted: Counter[str] = Counter()
    for run in runs:
        counted[run.site] += run.new + run.set_aside
    faults += [
        f"{site}: {stored[site]} stored, {counted[site]} counted as new, of {expected}"
        for site in sorted(set(month.names) - set(missing))
        if not stored[site] == counted[site] == expected
    ]
    if sites.together:
        faults.append(f"{sites.together} requests to a site while it answered another")
    shortest = sites.shortest_pause()
    if shortest < PACE / 2 * 0.9:
        faults.append(f"two requests to a site within {shortest:.2f} s, at a pace of {PACE} s")
    asked = sum(map(len, sites.asked.values()))
    print(
        f"{len(month.names)} sites on {len(month.nodes)} nodes: {len(runs)} runs, {killed} of them "
        f"killed; {asked} requests, {sites.repeated()} of them repeated; shortest pause "
        f"{shortest:.2f} s"
    )
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sites", type=int, default=60)
    parser.add_argument("--declared", type=int, default=0, help="sites of the project, at least")
    parser.add_argument("--nodes", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=1, help="crawls at once on a node")
    parser.add_argument("--minutes", type=float, default=30, help="when to stop waiting")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    # So that the nodes are stopped, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began, sites = time.monotonic(), Sites()
    with tempfile.TemporaryDirectory() as name, odd_site(sites.answer) as site:
        folder = Path(name)
        (folder / "server").mkdir()
        server = MongoServer(folder / "server")
        try:
            server.start()
        except NoServerError as error:
            print(f"Not done: {error}")
            return 1
        month = prepared(folder, f"{server.url}drill", site.address, given)
        keywords = small_vocabulary(month.project / "keywords.yaml")
        try:
            drill(month, given.seed)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.monotonic()
            month.schedule("--status", month_of(datetime.now(UTC)))
            taken, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            faults = checked(month, sites, keywords)
        finally:
            for node in month.nodes:
                node.stop()
            server.stop()
    print(f"'scrapy schedule --status' took {taken:.1f} s, {cpu:.1f} s of processor time")
    print(f"{time.monotonic() - began:.0f} s in all; seed {given.seed}")
    print("\n".join(faults) or "All sites were searched, and nothing was lost or counted twice.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
