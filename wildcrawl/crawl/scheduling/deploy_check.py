"""Deployment check: a node runs a job and its result arrives in the store."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from wildcrawl.crawl.scheduling.status import log_reason
from wildcrawl.items import Health
from wildcrawl.utils import bundled_keywords

if TYPE_CHECKING:
    from wildcrawl.crawl.scheduling.api import Client
    from wildcrawl.crawl.scheduling.nodes import Node
    from wildcrawl.store import Store

SPIDER = "deploy_check"
_KIND = "deploy_checks"


@dataclass(frozen=True)
class DeployReport:
    """The result of one check's job."""

    job: str
    place: str
    """The file from which the project's package was loaded."""
    code: list[str]
    """The checksums of its code, each "FILE CHECKSUM"."""
    kept: int
    """Number of advertisements that were stored."""
    health: str
    reason: str

    @property
    def marks(self) -> dict[str, str]:
        """File to checksum, as `checksums` returns them."""
        return dict(line.split(" ", 1) for line in self.code)


def job_id(node: str, token: str) -> str:
    """The id of a check's job; it holds the node's name, under which the report is stored."""
    return f"check-{token}-{node}"


def save_report(store: Store, report: DeployReport) -> None:
    """Stores a report, which replaces the node's last one."""
    store.put_documents(_KIND, {_key(report.job): asdict(report)})


def find_report(store: Store, job: str) -> DeployReport | None:
    """The report that the job `job` left; None if it left none in this store."""
    key = _key(job)
    document = store.documents(_KIND, keys=[key]).get(key)
    if document is None or document["job"] != job:
        return None
    return DeployReport(**document)


def _key(job: str) -> str:
    return job.split("-", 2)[-1] or "none"


PACKAGES = ("wildcrawl", "spiders", "pipelines", "exports")
VOCABULARY = "wildcrawl/keywords.yaml"
_KINDS = (".py", ".yaml", ".html", ".css", ".js", ".tmpl")


def checksums() -> dict[str, str]:
    """File to the checksum of its contents, for the running code."""
    sums = {
        path: _checksum(file)
        for package in PACKAGES
        for path, file in _walk(files(package), package)
        if path.endswith(_KINDS)
    }
    return {**sums, VOCABULARY: _checksum(bundled_keywords())}


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, name)
        else:
            yield name, entry


def _checksum(file: Traversable) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def difference(there: Mapping[str, str], here: Mapping[str, str]) -> str:
    """The files in which the code `there` differs from the code `here`; empty if none.

    >>> difference({"a.py": "1", "b.py": "1"}, {"a.py": "2", "c.py": "1"})
    'a.py differs, b.py is extra, c.py is missing'
    """
    paths = [path for path in sorted({*there, *here}) if there.get(path) != here.get(path)]
    changes = [f"{path} {_how(path, there, here)}" for path in paths]
    more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
    return ", ".join(changes[:3]) + more


def _how(path: str, there: Mapping[str, str], here: Mapping[str, str]) -> str:
    if path in there:
        return "differs" if path in here else "is extra"
    return "is missing"


_WRITTEN = "the report is in the store"


class CheckFailed(Exception):
    """A node cannot run jobs; the message gives the reason and the fix."""


def check_node(
    node: Node, store: Store, here: Collection[str], seconds: float, say: Callable[[str], None]
) -> None:
    """Checks one node and reports each step to `say`; CheckFailed or NodeError if one fails.

    `here`: the spiders of this checkout. `seconds`: the time limit of its job.
    """
    from wildcrawl.crawl.scheduling.api import Client

    client = Client(node)
    if node.project not in client.projects():
        raise CheckFailed(
            f"{node} has no project {node.project}; deploy it: scrapyd-deploy {node.name}"
        )
    versions = client.versions()
    spiders = _spiders(client, versions)
    say(f"{node}: version {versions[-1]}, {len(spiders)} spiders: {', '.join(spiders)}")
    others = ", ".join(sorted(set(here) ^ set(spiders)))
    if SPIDER not in spiders:
        raise CheckFailed(_stale(node, versions, f"its spiders differ ({others})"))
    job = job_id(node.name, secrets.token_hex(4))
    client.schedule(SPIDER, job, {})
    report = _wait_for(client, job, store, seconds)
    _judge(report, client, job)
    unlike = difference(report.marks, checksums())
    if unlike:
        raise CheckFailed(_stale(node, versions, unlike))
    say(
        f"{node}: its job searched a bundled marketplace, and its result is in this store "
        f"({report.kept} advertisements, {report.health})"
    )


def _spiders(client: Client, versions: list[str]) -> list[str]:
    from wildcrawl.crawl.scheduling.api import NodeRefusal

    try:
        return client.spiders(versions[-1])
    except NodeRefusal as error:
        raise CheckFailed(
            f"{error}; version {versions[-1]} cannot be loaded; deploy a fixed one, or install "
            "what it lacks in the node's environment"
        ) from None


def _stale(node: Node, versions: list[str], unlike: str) -> str:
    hidden = (
        f"; if it is deployed, delete the versions that sort after it: {', '.join(versions)}"
        if len(versions) > 1
        else ""
    )
    return (
        f"{node} runs version {versions[-1]}, which differs from this checkout: {unlike}; "
        f"deploy it: scrapyd-deploy {node.name}{hidden}"
    )


def _wait_for(client: Client, job: str, store: Store, seconds: float) -> DeployReport:
    """The report of a job; CheckFailed if it ends without one or does not end."""
    until = time.monotonic() + seconds
    while (state := client.state(job)) != "finished":
        if time.monotonic() > until:
            raise CheckFailed(
                f"{client.node}: after {seconds:.0f} s the check's job is still {state or 'lost'}; "
                "if other jobs fill the node, wait for them or raise max_proc"
            )
        time.sleep(0.5)
    report = find_report(store, job)
    if report:
        return report
    log = client.log(SPIDER, job)
    if _WRITTEN in log:
        raise CheckFailed(
            f"{client.node} uses another store than this one; set WILDCRAWL_STORE to the same "
            "address in scrapyd's environment and here, a file with its absolute path"
        )
    raise CheckFailed(f"{client.node}: the check's job failed: {log_reason(log)}")


def _judge(report: DeployReport, client: Client, job: str) -> None:
    if ".egg" not in report.place:
        raise CheckFailed(
            f"{client.node} runs {report.place} instead of what was deployed; give scrapyd an "
            "environment without wildcrawl (scripts/node-environment.sh) and a working directory "
            "outside a checkout"
        )
    if report.health != Health.OK or not report.kept:
        why = report.reason or log_reason(client.log(SPIDER, job))
        raise CheckFailed(
            f"{client.node}: the check's job is {report.health or 'unfinished'}: {why}"
        )
