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
    """Raised when a file of surveys cannot be read; no row of it was used."""


class AccountStatus(StrEnum):
    """State of an account at the surveys of a year."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    QUIT = "quit"
    PRIVATE = "private"
    OTHER = "other"


@dataclass(frozen=True)
class Account:
    """A social media account in one year; name and year identify it."""

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
    """A 24-hour count of posts; its name identifies it.

    `date` is the day in China on which it began, `start` the hour (HH:MM), `accounts` the
    number of accounts surveyed; None: all that have a status in its year.
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
    """An advertisement posted during a survey; survey, account and post identify it."""

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
"""Kinds of items, in reading order: each one refers to those before it."""
COLUMNS = {name: tuple(column.name for column in fields(kind)) for name, kind in KINDS.items()}
NEEDED = {
    "accounts": ("account", "year", "status"),
    "surveys": ("survey", "date"),
    "posts": ("survey", "account", "post", "species"),
}
"""Required columns of each kind."""


@dataclass
class Known:
    """Surveys and accounts that a post may name: from the store, and from the file so far."""

    surveys: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)

    def add(self, item: Item) -> None:
        """Adds the name of an account or survey; other items never refer to posts."""
        if isinstance(item, Account):
            self.accounts.add(item.account)
        elif isinstance(item, Survey):
            self.surveys.add(item.survey)


@dataclass
class Reading:
    """Content of a file of surveys: its items, and its rejected rows and columns by kind."""

    items: list[Item] = field(default_factory=list)
    rejections: dict[str, list[Rejection]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        """Number of items of a kind."""
        return sum(isinstance(item, KINDS[kind]) for item in self.items)
