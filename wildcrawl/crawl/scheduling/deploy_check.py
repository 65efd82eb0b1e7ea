"""Proves a deployment: a node takes a job, the job runs, and its result arrives in the store."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from wildcrawl.crawl.scheduling.api import Client, NodeRefusal
from wildcrawl.crawl.scheduling.code import code_marks, difference
from wildcrawl.crawl.scheduling.proof import SPIDER, Proof, find_proof, job_id
from wildcrawl.crawl.scheduling.status import log_reason
from wildcrawl.items import Health

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from wildcrawl.crawl.scheduling.nodes import Node
    from wildcrawl.store import Store

_WRITTEN = "the proof stands in the store"


class CheckFailed(Exception):
    """A node is not fit for jobs; the message says why, and what mends it."""


def check_node(
    node: Node, store: Store, here: Collection[str], seconds: float, say: Callable[[str], None]
) -> None:
    """Checks one node and says each step; CheckFailed or NodeError says what is wrong.

    `here`: the spiders of this checkout. `seconds`: how long its job may take.
    """
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
        raise CheckFailed(_stale(node, versions, f"its spiders are others than here ({others})"))
    job = job_id(node.name, secrets.token_hex(4))
    client.schedule(SPIDER, job, {})
    proof = _wait_for(client, job, store, seconds)
    _judge(proof, client, job)
    unlike = difference(proof.marks, code_marks())
    if unlike:
        raise CheckFailed(_stale(node, versions, unlike))
    say(
        f"{node}: its job searched a bundled marketplace, and its result is in this store "
        f"({proof.kept} advertisements, {proof.health})"
    )


def _spiders(client: Client, versions: list[str]) -> list[str]:
    try:
        return client.spiders(versions[-1])
    except NodeRefusal as error:
        raise CheckFailed(
            f"{error}; so version {versions[-1]} cannot be loaded: deploy a mended one, or install "
            "in the node's environment what it lacks"
        ) from None


def _stale(node: Node, versions: list[str], unlike: str) -> str:
    hidden = (
        f"; if you have, delete what sorts after your version among {', '.join(versions)}"
        if len(versions) > 1
        else ""
    )
    return (
        f"{node} runs version {versions[-1]}, which is not this checkout: {unlike}; "
        f"deploy it: scrapyd-deploy {node.name}{hidden}"
    )


def _wait_for(client: Client, job: str, store: Store, seconds: float) -> Proof:
    """The proof of a job; CheckFailed if it ends without one or does not end."""
    until = time.monotonic() + seconds
    while (state := client.state(job)) != "finished":
        if time.monotonic() > until:
            raise CheckFailed(
                f"{client.node}: after {seconds:.0f} s the check's job is still {state or 'lost'}; "
                "if other jobs fill the node, wait for them or raise max_proc"
            )
        time.sleep(0.5)
    proof = find_proof(store, job)
    if proof:
        return proof
    log = client.log(SPIDER, job)
    if _WRITTEN in log:
        raise CheckFailed(
            f"{client.node} keeps what it finds in another store than this one; set "
            "WILDCRAWL_STORE in scrapyd's environment and here to one address, a file with its "
            "whole path"
        )
    raise CheckFailed(f"{client.node}: the check's job failed: {log_reason(log)}")


def _judge(proof: Proof, client: Client, job: str) -> None:
    if ".egg" not in proof.place:
        raise CheckFailed(
            f"{client.node} runs not what was deployed but {proof.place}, which shadows it; give "
            "scrapyd an environment without wildcrawl (scripts/node-environment.sh) and a "
            "working directory outside a checkout"
        )
    if proof.health != Health.OK or not proof.kept:
        why = proof.reason or log_reason(client.log(SPIDER, job))
        raise CheckFailed(
            f"{client.node}: the check's job is {proof.health or 'unfinished'}: {why}"
        )
