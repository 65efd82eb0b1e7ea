"""Job claims: which job of a site is current, and on which node.

The store keeps a claim for each job. A job in the queue of a node that was away is superseded by a
later one, and ends without a request when the node comes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from wildcrawl.crawl.parts import site_of
from wildcrawl.store import Store

_KIND = "jobs"
_ID = re.compile(r"(?P<site>.+)-(?P<month>[0-9]{4}-[0-9]{2})-(?P<attempt>[0-9]+)")


@dataclass(frozen=True, order=True)
class Claim:
    """An attempt to search a site in a month, with its node and the moment of scheduling."""

    site: str
    """The site, or a part of it (`parts.unit_of`)."""
    month: str
    attempt: int
    node: str = ""
    at: str = ""

    @property
    def id(self) -> str:
        """The job's id.

        >>> Claim("demo_mall", "2026-11", 2).id
        'demo_mall-2026-11-2'
        """
        return f"{self.site}-{self.month}-{self.attempt}"


def parse_id(job: str) -> Claim | None:
    """The site, month and attempt in a job's id; None if it is not that of a scheduled job.

    >>> parse_id("demo_mall-2026-11-2")
    Claim(site='demo_mall', month='2026-11', attempt=2, node='', at='')
    """
    found = _ID.fullmatch(job)
    return Claim(found["site"], found["month"], int(found["attempt"])) if found else None


def unit_of_job(job: str, spider: str) -> str:
    """The unit that a job searches: by its id if that is one of ours, else its spider.

    >>> unit_of_job("mall.2of4-2026-11-1", "mall"), unit_of_job("by-hand", "mall")
    ('mall.2of4', 'mall')
    """
    claim = parse_id(job)
    return claim.site if claim and site_of(claim.site) == spider else spider


def claims(store: Store, site: str | None = None) -> list[Claim]:
    """The claims of one site or of all, oldest first within a site."""
    found = []
    prefix = "" if site is None else f"{site}-"
    for job, document in store.documents(_KIND, prefix=prefix).items():
        claim = parse_id(job)
        # Another site's name may begin with "SITE-".
        if claim and site in (None, claim.site):
            found.append(
                Claim(claim.site, claim.month, claim.attempt, document["node"], document["at"])
            )
    return sorted(found)


def newest(found: Iterable[Claim], month: str) -> dict[str, Claim]:
    """Each site's last claim in `month`."""
    return {claim.site: claim for claim in sorted(found) if claim.month == month}


def next_claim(latest: Mapping[str, Claim], site: str, month: str, node: str) -> Claim:
    """The claim for the next attempt at a site in a month."""
    attempt = latest[site].attempt + 1 if site in latest else 1
    return Claim(site, month, attempt, node, datetime.now(UTC).isoformat(timespec="seconds"))


def keep(store: Store, claim: Claim) -> None:
    """Stores a claim, which replaces its earlier version."""
    store.put_documents(_KIND, {claim.id: {"node": claim.node, "at": claim.at}})


def superseded_by(store: Store, job: str) -> str:
    """The later job of the same site that replaces `job`; empty if there is none."""
    own = parse_id(job)
    if own is None:
        return ""
    later = [
        claim
        for claim in claims(store, own.site)
        if (claim.month, claim.attempt) > (own.month, own.attempt)
    ]
    return later[-1].id if later else ""
