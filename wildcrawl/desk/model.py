"""Desk model: everything the pages need, independent of settings and Scrapy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from wildcrawl.pictures.decode import LIMITS, Limits

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Vocabulary
    from wildcrawl.desk.drafts import Drafts
    from wildcrawl.evidence import ObjectStore
    from wildcrawl.items import Key
    from wildcrawl.review.queue import Queued
    from wildcrawl.store import Store
    from wildcrawl.tabular.worksheet import Filled, WorksheetSite


@dataclass(frozen=True)
class DeskSite:
    """A monitored site: its description for worksheets, and how it is searched."""

    site: WorksheetSite
    way: str
    automated: bool
    kind: str = ""
    demo: bool = False


@dataclass(frozen=True)
class ReadIn:
    """Result of importing a worksheet.

    `line` is its summary, `messages` are the logged warnings and errors, one line each. `ads` are
    the advertisements that were read, by the line of their row.
    """

    line: str
    messages: tuple[str, ...] = ()
    ok: bool = True
    ads: Mapping[int, Key] = field(default_factory=dict)


Told = Callable[[str, int, int], None]
"""Is told of a letter: its site, and how many of how many advertisements are done."""


@dataclass(frozen=True)
class Desk:
    """Sites, vocabulary and drafts, with functions that open the store and import a worksheet.

    `queue` returns the advertisements of a store pending a verdict, in screening order.
    """

    sites: Sequence[DeskSite]
    vocabulary: Vocabulary
    drafts: Drafts
    store: Callable[[], AbstractContextManager[Store]]
    queue: Callable[[Store], Iterable[Queued]]
    read_in: Callable[[str, Filled], ReadIn]
    """Imports the content of a site's worksheet."""
    today: Callable[[], date]
    """The current day in China."""
    objects: ObjectStore
    """The object store with the evidence; nothing is created until something is put."""
    limits: Limits = LIMITS
    """Limits of the pictures that are shown."""
    shared_sample: float = 0.0
    """Share of advertisements that two persons judge without seeing each other's verdict."""
    write_report: Callable[[str, str], ReadIn] | None = None
    """Writes the report of a month in a language; the result's line is its path."""
    write_notices: Callable[[str, Told], ReadIn] | None = None
    """Writes the notices of a month, and sends none; the result's line is their folder."""
    written: Mapping[str, Path] = field(default_factory=dict)
    """The folders in which reports and notices are written, by these names."""
    rules_note: Callable[[Store], str] = lambda _: ""
    """A sentence on advertisements that other rules tagged; "" if none waits for a verdict."""

    def site(self, name: str) -> DeskSite | None:
        """The site of that name; None if there is none."""
        return next((site for site in self.sites if site.site.name == name), None)
