"""Survey model: accounts, surveys, posts and their columns, storage and data frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.tabular.tables import Rejection


class SurveyError(ValueError):
    """A file of surveys that cannot be read at all; nothing of it was."""


class AccountStatus(StrEnum):
    """What became of an account by a year's surveys."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    QUIT = "quit"
    PRIVATE = "private"
    OTHER = "other"


@dataclass(frozen=True)
class Account:
    """A social media account in one year, known by its name and the year."""

    account: str
    year: int
    status: str
    platform: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.account, str(self.year))


@dataclass(frozen=True)
class Survey:
    """A count of 24 hours, known by its name.

    `date` is the day in China on which it began, `start` the hour (HH:MM), `accounts` over how
    many accounts it went; None: over all that have a status in its year.
    """

    survey: str
    date: date
    start: str = ""
    accounts: int | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.survey,)


@dataclass(frozen=True)
class Post:
    """One advertisement that an account posted during a survey, known by all three names."""

    survey: str
    account: str
    post: str
    species: str
    product_type: str = ""
    images: int = 0
    videos: int = 0
    url: str = ""
    title: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.survey, self.account, self.post)


Item = Account | Survey | Post
KINDS: Mapping[str, type[Item]] = {"accounts": Account, "surveys": Survey, "posts": Post}
"""In the order in which they are read: each refers to those before it."""
COLUMNS = {name: tuple(each.name for each in fields(kind)) for name, kind in KINDS.items()}
NEEDED = {
    "accounts": ("account", "year", "status"),
    "surveys": ("survey", "date"),
    "posts": ("survey", "account", "post", "species"),
}
"""The columns without which a sheet says nothing."""


@dataclass
class Known:
    """The surveys and accounts that a post may name: of the store, and of the file so far."""

    surveys: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)

    def add(self, item: Item) -> None:
        """Takes in what was read; posts are named by nothing."""
        if isinstance(item, Account):
            self.accounts.add(item.account)
        elif isinstance(item, Survey):
            self.surveys.add(item.survey)


@dataclass
class Reading:
    """What a file of surveys holds: its items, and the rows that were not taken, by kind."""

    items: list[Item] = field(default_factory=list)
    rejections: dict[str, list[Rejection]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        """How many items of a kind there are."""
        return sum(isinstance(item, KINDS[kind]) for item in self.items)
