"""Presence: whether the objects of earlier captures are in their place, seen by a sample of them.

A folder that was removed or never mounted shows at once, without a list of all objects.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from wildcrawl.evidence.archive import Evidence
from wildcrawl.evidence.errors import EvidenceError

SAMPLE = 32
"""Objects that are looked for, at most; of fewer, all."""


@dataclass(frozen=True)
class Absent:
    """Objects of earlier captures that were not found: `gone` of `looked_for` in `place`."""

    gone: int
    looked_for: int
    place: str

    def __str__(self) -> str:
        return (
            f"{self.gone} of {self.looked_for} objects of earlier captures that were looked for "
            f"are not in {self.place}; restore them from a backup, or set WILDCRAWL_EVIDENCE_DIR "
            "to their place ('scrapy evidence --lost' if they are nowhere)"
        )


def absent_objects(evidence: Evidence) -> Absent | None:
    """The objects of a sample that are not in their place; None if all are, or there are none.

    What was declared lost and is back is lost no longer, so that its next loss is said.
    StoreError if the store cannot be asked; a place that cannot be read has none of them.
    """
    with suppress(EvidenceError):
        evidence.lost.look_again(evidence.objects)
    sample = evidence.captures.sample(SAMPLE)
    gone = [sha for sha in sample if not _has(evidence, sha)]
    # An index entry without a capture is of one that is being written or erased.
    gone = [sha for sha in gone if evidence.captures.users(sha)]
    gone = [sha for sha in gone if sha not in evidence.lost.among(gone)]
    if not gone:
        return None
    return Absent(len(gone), len(sample), evidence.objects.address)


def _has(evidence: Evidence, sha: str) -> bool:
    try:
        return evidence.objects.has(sha)
    except EvidenceError:
        return False
