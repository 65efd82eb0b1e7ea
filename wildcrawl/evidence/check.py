"""Evidence check: finds damaged and missing objects, changed captures, and a broken log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wildcrawl.evidence.custody import Action
from wildcrawl.evidence.errors import EvidenceError

if TYPE_CHECKING:
    from wildcrawl.evidence.archive import Evidence
    from wildcrawl.evidence.custody import Link


@dataclass
class Checked:
    """Result of a check; `faults` name each object, capture or link that is wrong."""

    objects: int = 0
    captures: int = 0
    links: int = 0
    faults: list[str] = field(default_factory=list)


def check_evidence(evidence: Evidence) -> Checked:
    """Reads all objects and captures, and follows the custody log."""
    checked = Checked()
    for sha in evidence.objects:
        checked.objects += 1
        try:
            evidence.objects.get(sha)
        except EvidenceError as error:
            checked.faults.append(str(error))
    for fault in evidence.custody.check():
        checked.faults.append(f"custody log: link {fault.number} {fault.problem}")
    _check_captures(evidence, checked)
    return checked


def _check_captures(evidence: Evidence, checked: Checked) -> None:
    """Each capture has its objects and is in the log as it is; none of the log is missing."""
    logged: set[str] = set()
    erased: set[str] = set()
    for link in evidence.custody.links():
        checked.links += 1
        if link.action == Action.CAPTURED:
            logged |= set(_captures(link))
        elif link.action == Action.ERASED:
            erased |= set(_captures(link))
    missing = logged - erased
    for capture in evidence.captures.all():
        name = f"{capture.site}:{capture.ad_id}: the {capture.kind} of {capture.url}"
        digest = capture.digest
        missing.discard(digest)
        if not capture.record:
            continue
        checked.captures += 1
        if digest not in logged:
            checked.faults.append(f"{name} is not in the custody log as it is stored")
        for sha in {capture.record, capture.source} - {""}:
            if not evidence.objects.has(sha):
                checked.faults.append(f"{name}: the object {sha} is missing")
    checked.faults += [
        f"the capture {digest} of the custody log is not stored" for digest in missing
    ]


def _captures(link: Link) -> Iterator[str]:
    """The digests of captures that a link names."""
    for entry in link.entries:
        digest = json.loads(entry).get("capture")
        if digest:
            yield str(digest)
