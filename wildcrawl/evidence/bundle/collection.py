"""Collection: the advertisements of a bundle with their captures, and how they were collected."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from wildcrawl.evidence.custody import Action

if TYPE_CHECKING:
    from wildcrawl.evidence.captures import Capture
    from wildcrawl.evidence.custody import LogEntry
    from wildcrawl.evidence.records import Collector
    from wildcrawl.evidence.seals import Seal
    from wildcrawl.items import Advertisement


@dataclass(frozen=True)
class Subject:
    """An advertisement with its captures, by time; `label` and `label_zh` name its site."""

    ad: Advertisement
    captures: Sequence[Capture]
    label: str = ""
    label_zh: str = ""


@dataclass(frozen=True)
class Facts:
    """How a bundle was made: by whom, when, where, with what, and of which advertisements.

    `store` is the name of the store, and `settings` are those of the evidence at the export, by
    name, without secrets.
    """

    made_at: datetime
    operator: str
    host: str
    system: str
    software: str
    selection: str
    store: str
    settings: Mapping[str, str] = field(default_factory=dict)


def _untranslated(_: str) -> str:
    return ""


@dataclass(frozen=True)
class Collection:
    """What a bundle holds.

    `links` is the whole custody log, since a part of it cannot be checked. `seals` are the
    time-stamps over it. `lost` are objects that were declared lost, each with the phrase for it.
    `in_chinese` gives the Chinese of a reason, "" if it knows none.
    """

    subjects: Sequence[Subject]
    links: Sequence[LogEntry]
    facts: Facts
    seals: Sequence[Seal] = ()
    lost: Mapping[str, str] = field(default_factory=dict)
    in_chinese: Callable[[str], str] = _untranslated

    @property
    def id(self) -> str:
        """Id of the bundle: its moment, and a part of the hash of what it holds."""
        held = "\n".join(capture.digest for capture in self.captures())
        head = self.links[-1].hash if self.links else ""
        moment = f"{self.facts.made_at:%Y%m%dT%H%M%S.%fZ}"
        digest = sha256(f"{moment}\n{self.facts.selection}\n{head}\n{held}".encode())
        return f"{self.facts.made_at:%Y%m%dT%H%M%SZ}-{digest.hexdigest()[:12]}"

    def captures(self) -> Iterator[Capture]:
        """All captures, by advertisement and time."""
        for subject in self.subjects:
            yield from subject.captures

    def unlogged(self) -> list[Capture]:
        """The captures that the custody log does not have as they are stored."""
        logged = logged_in(self.links)
        return [each for each in self.captures() if each.record and each.digest not in logged]

    def records(self) -> list[tuple[str, str]]:
        """Object and name of each record that the captures need, once each, in their order."""
        needed: dict[str, str] = {}
        for capture in self.captures():
            for record in (capture.source, capture.record):
                if record:
                    needed.setdefault(record, name_of(capture))
        return list(needed.items())


def logged_in(links: Iterable[LogEntry]) -> set[str]:
    """The digests of the captures that links of the custody log name as captured.

    Entries of another form are passed over; the check of the chain reports changed links.
    """
    logged = set()
    for link in links:
        if link.action == Action.CAPTURED:
            for text in link.entries:
                with suppress(ValueError, AttributeError):
                    logged.add(str(json.loads(text).get("capture")))
    return logged


class Handling(NamedTuple):
    """What somebody did with captures by the log: how many times, from when to when (ISO, UTC)."""

    action: str
    who: str
    times: int
    first: str
    last: str


def handlings(links: Iterable[LogEntry], digests: Set[str]) -> list[Handling]:
    """Who did what with the captures of those digests, by the custody log, in order of time."""
    found: dict[tuple[str, str], Handling] = {}
    for link in links:
        if not digests.isdisjoint(chain.from_iterable(map(_named, link.entries))):
            key = link.action, link.who
            earlier = found.get(key, Handling(*key, 0, link.at, link.at))
            found[key] = earlier._replace(times=earlier.times + 1, last=link.at)
    return list(found.values())


def _named(entry: str) -> list[str]:
    """Digests of the captures that an entry of the log names; none if it is of another form."""
    try:
        said = json.loads(entry)
        return [str(each) for each in (*said.get("captures", ()), said.get("capture"))]
    except (ValueError, AttributeError, TypeError):
        return []


def read_stated(text: str) -> dict[str, Any]:
    """Settings or a declaration as a record states them; empty if it states none."""
    try:
        stated = json.loads(text)
    except ValueError:
        return {}
    return stated if isinstance(stated, dict) else {}


def name_of(capture: Capture) -> str:
    """A capture in a message: what it is, of which address, and when."""
    return f"the {capture.kind} of {capture.url}, {capture.at:%Y-%m-%d %H:%M:%S} UTC"


@dataclass(frozen=True)
class BundledCapture:
    """A capture in the bundle: its file, if it is a picture, and its record in the archive."""

    capture: Capture
    subject: int
    file: str = ""
    offset: int = 0
    length: int = 0


@dataclass(frozen=True)
class PageWords:
    """The price and the seller as the captured page of an advertisement has them, "" if it has not.

    `read` is whether a page of it could be read.
    """

    price: str = ""
    seller: str = ""
    read: bool = False


@dataclass
class Bundle:
    """What was written: the SHA-256 of the file and of its manifest, and numbers.

    `missing` has a sentence for each record of a capture that was not found, is damaged, or is
    not as the custody log has it. `unstamped` says why no authority stamped it, "" if one did or
    none is set. `lost` is the number of those that were declared lost. `collectors` are who made
    the records, each with their number. `declarations` are pairs of a site and how it was declared
    to them, as canonical JSON.
    """

    id: str
    path: Path
    sha256: str = ""
    manifest: str = ""
    size: int = 0
    pages: int = 0
    pictures: int = 0
    screenshots: int = 0
    unstamped: str = ""
    missing: list[str] = field(default_factory=list)
    lost: int = 0
    collectors: Counter[Collector] = field(default_factory=Counter)
    declarations: set[tuple[str, str]] = field(default_factory=set)
