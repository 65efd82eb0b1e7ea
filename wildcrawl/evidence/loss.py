"""Loss: declares the objects of captures lost that are nowhere any longer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from wildcrawl.evidence.archive import Evidence
from wildcrawl.evidence.canonical import canonical
from wildcrawl.evidence.captures import Capture
from wildcrawl.evidence.custody import Action
from wildcrawl.evidence.errors import EvidenceError


class Declared(NamedTuple):
    """What was declared lost now: objects, and the captures and advertisements that need them."""

    objects: int = 0
    captures: int = 0
    advertisements: int = 0


def declare_lost(
    evidence: Evidence, who: str, at: datetime, *, every: bool = False, dry_run: bool = False
) -> Declared:
    """Declares the objects lost that are not in their place, and logs the captures that need them.

    Their advertisements are captured again by the next crawl that shows them. An object that comes
    back is not lost any longer. EvidenceError if most objects are not there, as of another place or
    one that is not mounted, unless `every` says that this is meant. With `dry_run` nothing is
    declared.
    """
    evidence.lost.absent(evidence.objects)
    # What is captured meanwhile is in its place before its capture is stored.
    captures = [capture for capture in evidence.captures.all() if capture.record]
    there = evidence.objects.sizes().keys()
    needed = {sha for capture in captures for sha in capture.objects}
    absent = needed - there
    gone = absent - evidence.lost.among(absent).keys()
    if gone and 2 * len(absent) > len(needed) and not every:
        there_are = f"{len(needed) - len(absent):,}" if needed != absent else "none"
        verb = "is" if len(needed) - len(absent) < 2 else "are"
        raise EvidenceError(
            f"{there_are} of the {len(needed):,} objects of captures {verb} in "
            f"{evidence.objects.address}; "
            "set WILDCRAWL_EVIDENCE_DIR to their place, or give --lost all if all of them are lost"
        )
    hit = [capture for capture in captures if capture.objects & gone]
    keys = {(capture.site, capture.ad_id) for capture in hit}
    if gone and not dry_run:
        # The log first, so that nothing is lost without an entry.
        evidence.append(Action.LOST, who, [_entry(capture, gone) for capture in hit], at)
        evidence.lost.add(gone, who, at)
        evidence.captures.remove_states(keys)
    return Declared(len(gone), len(hit), len(keys))


def _entry(capture: Capture, gone: Collection[str]) -> str:
    lost = sorted(capture.objects & set(gone))
    return canonical({"capture": capture.digest, "site": capture.site, "lost": lost})
