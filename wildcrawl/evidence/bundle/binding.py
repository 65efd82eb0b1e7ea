"""Binding: a link of the custody log that names the hashes of a bundle's report.

Captures are in the log by their digests; what a person reads of them is not, but for this link. It
is written before the bundle is, so that the log in the bundle ends with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Any, NamedTuple

from wildcrawl.evidence.archive import Evidence
from wildcrawl.evidence.bundle.layout import COLLECTION, CUSTODY, REPORT
from wildcrawl.evidence.canonical import canonical
from wildcrawl.evidence.custody import Action, LogEntry
from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.evidence.seals import Seal

BOUND = (COLLECTION, REPORT)
"""The files that the link names."""


class Bound(NamedTuple):
    """The custody log up to the link that names a bundle's files, and a time-stamp over it.

    `problem` says why there is no time-stamp, "" if there is one or none is wanted.
    """

    links: Sequence[LogEntry]
    seal: Seal | None = None
    problem: str = ""


Bind = Callable[[str, Mapping[str, str]], Bound]
"""Writes the link of a bundle, by its id and the SHA-256 of each of its BOUND files."""


def binder(evidence: Evidence, who: str, authority: str = "") -> Bind:
    """Binds bundles to the log of `evidence`, for `who`; has `authority`, if any, stamp the link.

    An authority that does not answer is no reason to hand over nothing: the bundle is then written
    without its time-stamp, and says so.
    """

    def bind(bundle: str, files: Mapping[str, str]) -> Bound:
        entry = canonical({"bundle": bundle, "files": dict(files)})
        last = evidence.custody.append(Action.PACKED, who, [entry]).number
        seal, problem = None, ""
        if authority:
            try:
                seal = evidence.seals.add(authority, f"bundle {bundle}", (), who)
                last = max(last, seal.number)
            except EvidenceError as error:
                problem = str(error)
        return Bound(
            [*takewhile(lambda link: link.number <= last, evidence.custody.links())], seal, problem
        )

    return bind


class Binding(NamedTuple):
    """What the log of a bundle says of its files: a sentence, "" without a link, and faults."""

    sentence: str
    faults: Sequence[str]


def check_binding(
    links: Iterable[LogEntry], about: Mapping[str, Any], found: Mapping[str, str]
) -> Binding:
    """Compares the SHA-256 of each BOUND file, as `found`, with the link that names them.

    `about` is what the bundle says of itself. A bundle of an earlier version has no such link.
    """
    ours, others = None, False
    for link, entry in _packed(links):
        if entry.get("bundle") == about.get("id"):
            ours = link, entry
        others = entry.get("bundle") != about.get("id")
    if ours is None:
        expected = bool(about.get("named_in_log")) or others
        return Binding("", [f"{CUSTODY}: no link names this bundle's report"] if expected else [])
    link, entry = ours
    files = entry.get("files")
    named = files if isinstance(files, dict) else {}
    faults = [
        f"{name}: it is not the one that link {link.number} of the custody log names"
        for name in BOUND
        if named.get(name) != found.get(name)
    ]
    sentence = (
        f"{REPORT} and {COLLECTION} are those that link {link.number} of the custody "
        f"log names, by {link.who} at {link.at}."
    )
    return Binding("" if faults else sentence, faults)


def _packed(links: Iterable[LogEntry]) -> Iterator[tuple[LogEntry, dict[str, Any]]]:
    """The links that name files of bundles, with their entries."""
    for link in links:
        if link.action == Action.PACKED:
            for text in link.entries:
                with suppress(ValueError):
                    entry = json.loads(text)
                    if isinstance(entry, dict):
                        yield link, entry
