"""Survey model: accounts, surveys, posts and their columns, storage and data frames."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import polars as pl

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


class Keeper(Protocol):
    """What keeps small documents; a store does."""

    def keep(
        self, kind: str, documents: Mapping[str, dict[str, Any]], *, replace: bool = True
    ) -> set[str]: ...

    def kept(self, kind: str) -> dict[str, dict[str, Any]]: ...


@dataclass
class Kept:
    """All that is kept of surveys, by key."""

    accounts: list[Account]
    surveys: list[Survey]
    posts: list[Post]

    @property
    def known(self) -> Known:
        """What posts may name."""
        return Known(
            {survey.survey for survey in self.surveys},
            {account.account for account in self.accounts},
        )


def keep(store: Keeper, items: Iterable[Item]) -> dict[str, int]:
    """Keeps the items, those with a known key in place of what was kept; how many are new."""
    documents: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
    for item in items:
        kind = next(name for name, each in KINDS.items() if isinstance(item, each))
        document = asdict(item)
        if isinstance(item, Survey):
            document["date"] = item.date.isoformat()
        documents[kind][json.dumps(item.key, ensure_ascii=False)] = document
    return {kind: len(store.keep(kind, some)) if some else 0 for kind, some in documents.items()}


def load(store: Keeper) -> Kept:
    """All accounts, surveys and posts that are kept."""
    surveys = [
        Survey(**each | {"date": date.fromisoformat(each["date"])})
        for each in store.kept("surveys").values()
    ]
    return Kept(
        accounts=[Account(**each) for each in store.kept("accounts").values()],
        surveys=sorted(surveys, key=lambda survey: (survey.date, survey.survey)),
        posts=[Post(**each) for each in store.kept("posts").values()],
    )


SURVEYS = {
    "survey": "text",
    "date": "day",
    "accounts": "count",
    "advertisements": "count",
    "images": "count",
    "videos": "count",
}
POSTS = {
    "survey": "text",
    "date": "day",
    "account": "text",
    "species": "text",
    "product_type": "text",
    "images": "count",
    "videos": "count",
}
ACCOUNTS = {"account": "text", "year": "count", "status": "text"}


class Social(NamedTuple):
    """What the report takes: one row a survey, an advertisement, an account and year."""

    surveys: pl.DataFrame
    posts: pl.DataFrame
    accounts: pl.DataFrame


def frames(store: Keeper) -> Social:
    """All surveys of the store, by date; without any, empty frames of the same columns.

    A survey's advertisements, images and videos are the sums of its posts. `accounts` is the
    number that the survey gives, or else how many accounts have a status in its year.
    """
    kept = load(store)
    dates = {survey.survey: survey.date for survey in kept.surveys}
    listed = Counter(account.year for account in kept.accounts)
    advertisements, images, videos = Counter[str](), Counter[str](), Counter[str]()
    for post in kept.posts:
        advertisements[post.survey] += 1
        images[post.survey] += post.images
        videos[post.survey] += post.videos
    surveys = [
        (
            each.survey,
            each.date,
            listed[each.date.year] if each.accounts is None else each.accounts,
            *(counts[each.survey] for counts in (advertisements, images, videos)),
        )
        for each in kept.surveys
    ]
    posts = [
        (p.survey, dates[p.survey], p.account, p.species, p.product_type, p.images, p.videos)
        for p in kept.posts
    ]
    accounts = [(each.account, each.year, each.status) for each in kept.accounts]
    by_date = sorted(posts, key=lambda post: (post[1], post[0]))
    return Social(
        _frame(surveys, SURVEYS),
        _frame(by_date, POSTS),
        _frame(accounts, ACCOUNTS),
    )


def _frame(rows: Sequence[tuple[Any, ...]], columns: Mapping[str, str]) -> pl.DataFrame:
    # Not at the top: it takes long to load, and Scrapy loads all commands for each one.
    import polars as pl

    types = {"text": pl.String(), "day": pl.Date(), "count": pl.Int32()}
    schema = {name: types[kind] for name, kind in columns.items()}
    return pl.DataFrame(rows, schema=schema, orient="row")
