"""What the desk works with, handed to it so that its pages know neither settings nor Scrapy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Vocabulary
    from wildcrawl.desk.drafts import Drafts
    from wildcrawl.review.queue import Queued
    from wildcrawl.store import Store
    from wildcrawl.tabular.worksheet import Filled, WorksheetSite


@dataclass(frozen=True)
class DeskSite:
    """A monitored site: its worksheet's view of it, and how it is worked."""

    site: WorksheetSite
    way: str
    automated: bool
    kind: str = ""
    demo: bool = False


@dataclass(frozen=True)
class ReadIn:
    """How it went when a worksheet was read in.

    `line` says what was found, `said` what was logged as a warning or an error, a line each.
    """

    line: str
    said: tuple[str, ...] = ()
    ok: bool = True


@dataclass(frozen=True)
class Desk:
    """The sites, the vocabulary, the drafts; and how to open the store and read a worksheet in.

    `queue` gives what waits for a verdict in a store, in the order to read it in.
    """

    sites: Sequence[DeskSite]
    vocabulary: Vocabulary
    drafts: Drafts
    store: Callable[[], AbstractContextManager[Store]]
    queue: Callable[[Store], Sequence[Queued]]
    read_in: Callable[[str, Filled], ReadIn]
    """Takes in what a site's worksheet holds."""
    today: Callable[[], date]
    """The day in China."""

    def site(self, name: str) -> DeskSite | None:
        """The site of that name."""
        return next((each for each in self.sites if each.site.name == name), None)
