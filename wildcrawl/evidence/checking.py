"""Checking: whether objects, captures and the custody log of a store agree."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from wildcrawl.evidence.archive import IN_HAND, Evidence
from wildcrawl.evidence.captures import Capture
from wildcrawl.evidence.custody import Action, LogEntry
from wildcrawl.evidence.errors import EvidenceError


class ArchiveFault(NamedTuple):
    """A fault: what it concerns, and the problem with its fix."""

    subject: str
    problem: str


def check(
    evidence: Evidence,
    *,
    read_objects: bool = True,
    roots: Sequence[bytes] = (),
    now: datetime | None = None,
) -> Iterator[ArchiveFault]:
    """Streams what is changed, missing or not logged; nothing if all agree.

    With `read_objects` every object is read and its hashes are compared; without, only its
    existence is looked at. `roots` are root certificates (PEM) of time-stamp authorities.
    """
    for fault in evidence.custody.check():
        yield ArchiveFault(f"custody log, link {fault.number}", fault.problem)
    yield from _check_seals(evidence, roots)
    captures, links = evidence.captures, evidence.custody.links()
    yield from check_log(captures.all(), links, now or datetime.now(UTC))
    objects = _Objects(evidence, read_objects)
    for capture in captures.all():
        for problem in objects.faults(capture):
            yield ArchiveFault(_name(capture), problem)


def check_log(
    captures: Iterable[Capture], links: Iterable[LogEntry], now: datetime
) -> Iterator[ArchiveFault]:
    """Captures that are not as the custody log has them.

    Captures of the last hour may be unlogged: their crawl may be about to log them.
    """
    logged, erased = _logged(links)
    stored: set[str] = set()
    for capture in captures:
        name = _name(capture)
        stored.add(capture.digest)
        if capture.digest in erased:
            yield ArchiveFault(name, "is logged as erased, but still stored; erase it again")
        elif capture.digest not in logged and now - capture.at > IN_HAND:
            yield ArchiveFault(name, "is not in the custody log: changed, or added by other means")
    explained = stored | erased
    sites = Counter(site for digest, site in logged.items() if digest not in explained)
    for site, number in sorted(sites.items()):
        yield ArchiveFault(
            f"captures of {site}",
            f"{number} in the custody log are missing in the store, or were changed; "
            "restore a backup",
        )


def _logged(links: Iterable[LogEntry]) -> tuple[dict[str, str], set[str]]:
    """Sites by digests of the captures that were logged as captured, and digests of those erased.

    Entries that cannot be read are passed over; the chain's check reports a changed link.
    """
    logged: dict[str, str] = {}
    erased: set[str] = set()
    for link in links:
        if link.action in (Action.CAPTURED, Action.ERASED):
            for text in link.entries:
                entry = _entry(text)
                digest = str(entry.get("capture", ""))
                if link.action == Action.ERASED:
                    erased.add(digest)
                else:
                    logged[digest] = str(entry.get("site", ""))
    return logged, erased


def _entry(text: str) -> dict[str, object]:
    try:
        entry = json.loads(text)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _check_seals(evidence: Evidence, roots: Sequence[bytes]) -> Iterator[ArchiveFault]:
    seals = evidence.seals.all()
    replies = {seal.reply_digest for seal in seals}
    for link in evidence.custody.links():
        if link.action == Action.SEALED:
            for entry in map(_entry, link.entries):
                if entry.get("reply") not in replies:
                    yield ArchiveFault(
                        f"custody log, link {link.number}", "its time-stamp is missing"
                    )
    if not seals:
        return
    try:
        for found in evidence.seals.check(evidence.custody.links(), roots):
            for problem in found.problems:
                name = f"time-stamp of {found.seal.at} by {found.seal.authority}"
                yield ArchiveFault(name, problem)
    except EvidenceError as error:
        yield ArchiveFault(f"{len(seals)} time-stamps", f"were not checked: {error}")


class _Objects:
    """The check of the objects of captures, each of which is read once."""

    def __init__(self, evidence: Evidence, read: bool) -> None:
        self._evidence = evidence
        self._read = read
        self._present = evidence.objects.sizes().keys()
        self._done: set[str] = set()
        self._bad: set[str] = set()
        self._payloads: set[tuple[str, str]] = set()

    def faults(self, capture: Capture) -> Iterator[str]:
        """Problems of the capture's objects that no earlier capture had."""
        for sha in sorted(capture.objects - self._done):
            self._done.add(sha)
            if sha not in self._present:
                self._bad.add(sha)
                if sha in self._evidence.lost.among([sha]):
                    continue
                yield f"its object {sha} is missing; restore it from a backup, or declare it lost"
            elif self._read:
                yield from self._problems({sha}, partial(self._evidence.objects.get, sha))
        body = (capture.source or capture.record, capture.payload)
        if self._read and capture.record and body not in self._payloads:
            self._payloads.add(body)
            if not capture.objects & self._bad:
                yield from self._problems(capture.objects, partial(self._evidence.payload, capture))

    def _problems(self, objects: Set[str], read: Callable[[], bytes]) -> Iterator[str]:
        try:
            read()
        except EvidenceError as error:
            self._bad |= objects
            yield str(error)


def _name(capture: Capture) -> str:
    return f"{capture.kind} of {capture.site} {capture.ad_id}, {capture.at.isoformat()}"
