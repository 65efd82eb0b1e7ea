"""Context of a report: its inputs besides the advertisements, such as period, sites and rate."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from wildcrawl.analysis.text import one_line
from wildcrawl.analysis.yaml_faults import yaml_fault
from wildcrawl.months import MonthError, check_month, month_of, months_between
from wildcrawl.store import OtherRules

if TYPE_CHECKING:
    import polars as pl

    from exports.author import Author
    from exports.photographs import Photograph
    from wildcrawl.analysis.vocabulary import Group
    from wildcrawl.items import Run
    from wildcrawl.review.agreement import Agreement
    from wildcrawl.review.looking.after_removal import Reposts
    from wildcrawl.review.notices import Removal, RemovalOutcome

Reasons = Mapping[tuple[str, str], Mapping[str, int]]
GENERAL = "general"
"""Name of the group for advertisements without a species."""


class ExportError(ValueError):
    """Raised when a report cannot be made from its inputs; the message says what to fix."""


@dataclass(frozen=True)
class ReportSite:
    """A monitored website: its name in records, its labels, and the month monitoring began.

    `since` is YYYY-MM; the month of the site's first record counts if that is earlier or if
    `since` is empty.
    """

    name: str
    label: str = ""
    since: str = ""
    label_zh: str = ""


@dataclass(frozen=True)
class Social:
    """Surveys of social media accounts, each of 24 hours.

    surveys   survey String, date Date, accounts, advertisements, images, videos Int32
    posts     one row per advertisement: survey, account, species, product_type String,
              date Date, images, videos Int32
    accounts  status of each account by year: account String, year Int32, status String
              (active, suspended, quit or another word)
    unfinished  surveys in which active accounts were not gone through: how many were, and of how
              many, by name
    rejected  surveys of which an import rejected rows, and how many
    """

    surveys: pl.DataFrame
    posts: pl.DataFrame
    accounts: pl.DataFrame
    unfinished: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """Inputs of a report besides its records.

    months           the period: one month or several in a row, each YYYY-MM
    groups           the vocabulary's species groups, in the order the tables print
    sites            the monitored websites; sites named only by records may be missing
    rate             RMB to the US dollar; rate_date is its day
    made_at          the moment the report is made, with its time zone
    include_pending  also count advertisements pending a verdict
    read_from        the first month of the records, if before the period, whose months are
                     then compared with preceding ones
    not_stored       number of texts of the period that matched no keyword and were not stored
    unmatched_again  whether not_stored has texts of several runs of a site, so that one may count
                     more than once
    removals         state of the advertisements reported in the period's notices, by site
    agreement        how far two persons agree on the shared sample of the period, and
    unsettled        number of its disagreements that nobody has settled
    outcomes         the same for each of these advertisements
    reposts          later advertisements that repeat those of them that were removed
    social           the surveys of social media accounts of all years, if there are any
    events           events to draw on the time axis
    other_rules      numbers of advertisements on record that other rules tagged
    runs             the runs of the monitored sites, by which a month without a search is known;
                     None if they are not known: every monitored site then counts as searched
    incomplete_imports  the (site, month) pairs of records from a file with rejected rows
    reasons          numbers of ruled out advertisements by month and verdict, and by reason
    with_contacts    also write a file of the advertisements with contacts, for officers only
    author           who publishes the report, and their own words
    photographs      what the author chose of the evidence, for publication
    final            refuse a period of which too much waits for a verdict
    """

    months: Sequence[str]
    groups: Sequence[Group]
    sites: Sequence[ReportSite]
    rate: Decimal
    rate_date: date
    made_at: datetime
    include_pending: bool = False
    read_from: str = ""
    not_stored: int | None = None
    unmatched_again: bool = False
    removals: Sequence[Removal] = ()
    agreement: Agreement | None = None
    unsettled: int = 0
    outcomes: Sequence[RemovalOutcome] = ()
    reposts: Reposts | None = None
    social: Social | None = None
    events: Sequence[Event] = ()
    other_rules: OtherRules = field(default_factory=OtherRules)
    runs: Sequence[Run] | None = None
    incomplete_imports: Collection[tuple[str, str]] = ()
    reasons: Reasons = field(default_factory=dict)
    with_contacts: bool = False
    author: Author | None = None
    photographs: Sequence[Photograph] = ()
    final: bool = False

    def __post_init__(self) -> None:
        """Raises MonthError for a period with gaps, ExportError for the rest."""
        if isinstance(self.months, str) or not self.months:
            raise MonthError("the period of a report is empty; give a list of one or more months")
        if list(self.months) != months_between(self.months[0], self.months[-1]):
            raise MonthError(
                f"the months {list(self.months)} have gaps; give consecutive months in order"
            )
        for month in (self.read_from, *(site.since for site in self.sites)):
            if month:
                check_month(month)
        if GENERAL not in (group.name for group in self.groups):
            raise ExportError(
                f"the vocabulary has no group '{GENERAL}', under which advertisements without "
                f"a species are counted; add it to keywords.yaml"
            )
        if self.final and self.include_pending:
            raise ExportError(
                "a final report counts only what a person judged; leave out --include-pending"
            )
        if self.final and self.months[-1] >= month_of(self.made_at):
            raise ExportError(
                f"{self.months[-1]} is not over, so its figures are not final; leave out --final, "
                "or export it in the next month"
            )
        if self.rate <= 0:
            raise ExportError(f"the rate is {self.rate}; set WILDCRAWL_RATE above 0 (RMB per USD)")

    @property
    def species(self) -> list[str]:
        """The names of the species groups, in order."""
        return [group.name for group in self.groups]

    def is_running(self, month: str) -> bool:
        """Whether the report was made in `month`, so that its numbers will still grow."""
        return month == month_of(self.made_at)

    def keywords(self, month: str) -> list[str]:
        """Keywords of the vocabulary in use in `month`."""
        return [
            keyword.term
            for group in self.groups
            for keyword in group.keywords
            if keyword.monitored(month)
        ]

    def single_month(self, month: str) -> Context:
        """The context of one month of the period, for a page of its own."""
        return replace(
            self,
            months=[month],
            read_from=self.read_from or self.months[0],
            not_stored=None,
            agreement=None,
            unsettled=0,
            removals=(),
            outcomes=(),
            reposts=None,
        )


_KEYS = {"date", "label", "label_zh"}


@dataclass(frozen=True)
class Event:
    """An event on the time axis: its day, and short labels in English and Chinese."""

    day: date
    label: str
    label_zh: str

    @property
    def month(self) -> str:
        """The month of its day."""
        return f"{self.day:%Y-%m}"


def events_of(context: Context) -> list[Event]:
    """The events of the report's period."""
    first, last = context.months[0], context.months[-1]
    return [event for event in context.events if first <= event.month <= last]


def load_events(path: Path | None = None) -> list[Event]:
    """Events of a YAML file, by day; None means the bundled events.yaml.

    ExportError names the entry and the fix.
    """
    source = path or files("exports") / "events.yaml"
    try:
        entries = yaml.safe_load(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExportError(f"the events file {source} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ExportError(
            f"the events file {source} is not YAML in UTF-8: {yaml_fault(error)}"
        ) from error
    except (ValueError, RecursionError) as error:
        # YAML parses anything that looks like a date, such as the 30th of February.
        raise ExportError(
            f"the events file {source} cannot be read: {error}; write each day as 2017-01-01"
        ) from error
    if not isinstance(entries or [], list):
        raise ExportError(f"the events file {source} must be a list: each entry begins with '- '")
    events = [
        _event(entry, f"{source}, entry {number}") for number, entry in enumerate(entries or [], 1)
    ]
    return sorted(events, key=lambda event: event.day)


def _event(entry: object, where: str) -> Event:
    if not isinstance(entry, dict) or not entry.keys() <= _KEYS or "label" not in entry:
        raise ExportError(f"{where}: write date: 2017-01-01, label: … and, if wanted, label_zh: …")
    day = entry.get("date")
    # datetime is a subclass of date.
    if type(day) is not date:
        raise ExportError(f"{where}: '{day}' is not a day; write date: 2017-01-01")
    label = _words(entry["label"], where)
    return Event(day, label, _words(entry.get("label_zh") or label, where))


def _words(value: object, where: str) -> str:
    words = one_line(str(value)) if isinstance(value, str | int) else ""
    if not words:
        raise ExportError(
            f"{where}: '{value}' is not a label; write a few words, such as label: Ban"
        )
    return words
