"""Survey model: accounts, surveys, posts and their columns, storage and data frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum

from wildcrawl.tabular.surveys.accounts import Owners, fold_name, fold_number, names_in
from wildcrawl.tabular.tables import Rejection


class SurveyError(ValueError):
    """Raised when a file of surveys cannot be read; no row of it was used."""


class AccountStatus(StrEnum):
    """State of an account at the surveys of a year."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    QUIT = "quit"
    PRIVATE = "private"
    MOVED = "moved"
    OTHER = "other"


_NAMED = 5


@dataclass(frozen=True)
class Account:
    """A social media account in one year; name and year identify it.

    `formerly` has the names it had before, with semicolons between; `dealer` is the name of the
    dealer or main account to which a backup account belongs.
    """

    account: str
    year: int
    status: str
    platform: str = ""
    note: str = ""
    formerly: str = ""
    dealer: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.account, str(self.year))

    @property
    def names(self) -> list[str]:
        """Its name and former names."""
        return [self.account, *names_in(self.formerly)]


@dataclass(frozen=True)
class Survey:
    """A 24-hour count of posts; its name identifies it.

    `date` is the day in China on which it began, `start` the hour (HH:MM), `accounts` the
    number of accounts surveyed; None: all that have a status in its year. `advertisements`,
    `images` and `videos` are the totals of a survey whose posts were not listed; None otherwise.
    """

    survey: str
    date: date
    start: str = ""
    accounts: int | None = None
    note: str = ""
    advertisements: int | None = None
    images: int | None = None
    videos: int | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.survey,)


@dataclass(frozen=True)
class Post:
    """A post counted in a survey; survey, account and post identify it.

    `advertisements` is how many it has, one in most; `images` and `videos` are those of the whole
    post. `price` is the seller's text.
    """

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
    price: str = ""
    advertisements: int = 1

    @property
    def key(self) -> tuple[str, ...]:
        return (self.survey, self.account, self.post)


Item = Account | Survey | Post
KINDS: Mapping[str, type[Item]] = {"accounts": Account, "surveys": Survey, "posts": Post}
"""Kinds of items, in reading order: each one refers to those before it."""
COLUMNS = {name: tuple(column.name for column in fields(kind)) for name, kind in KINDS.items()}
TOTALS = ("advertisements", "images", "videos")
"""Totals of a survey whose posts were not listed."""
MOST_IN_POST = 100
"""Most advertisements of one post; more are a slip of the keyboard."""
NEEDED = {
    "accounts": ("account", "year", "status"),
    "surveys": ("survey", "date"),
    "posts": ("survey", "account", "post", "species"),
}
"""Required columns of each kind."""


@dataclass
class Known:
    """Surveys and accounts that a post may name: from the store, and from the file so far."""

    surveys: dict[str, Survey] = field(default_factory=dict)
    itemised: set[str] = field(default_factory=set)
    """Surveys that have posts."""
    posts: list[Post] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)
    """Names of accounts as compared, to their first spelling."""
    owners: Owners = field(default_factory=Owners)
    dealers: Owners = field(default_factory=lambda: Owners(dealers=True))
    """The same with backup accounts as their dealer's."""
    _listed: list[tuple[str, int]] = field(default_factory=list)
    _years: set[tuple[str, int]] | None = None
    _posts: dict[tuple[str, str, str], Post] | None = None
    _surveys: dict[str, str] = field(default_factory=dict)

    def add(self, item: Item) -> None:
        """Adds an item, so that later ones may refer to it."""
        if isinstance(item, Account):
            for name in item.names:
                self.accounts.setdefault(fold_name(name), name)
            self.owners.add(item)
            self.dealers.add(item)
            self._listed.append((item.account, item.year))
            self._years = self._posts = None
        elif isinstance(item, Survey):
            self.surveys[item.survey] = item
            self._surveys.setdefault(fold_name(item.survey), item.survey)
        else:
            self.itemised.add(item.survey)
            self.posts.append(item)
            if self._posts is not None:
                self._posts.setdefault(self.identity(item), item)

    def survey_name(self, name: str) -> str:
        """The spelling in which a survey is known; `name` itself if it is new."""
        return self._surveys.get(fold_name(name), name)

    def identity(self, post: Post) -> tuple[str, str, str]:
        """Key of a post, the same for all names of its account and spellings of its number."""
        return (post.survey, self.owners.root(post.account), fold_number(post.post))

    def known_post(self, post: Post) -> Post:
        """The post as it is known, by any name of its account; `post` itself if it is new."""
        if self._posts is None:
            self._posts = {}
            for each in self.posts:
                self._posts.setdefault(self.identity(each), each)
        return self._posts.get(self.identity(post), post)

    def same_day(self, survey: Survey) -> list[Survey]:
        """Surveys of other names that began when `survey` did, as far as their hours are known."""
        return [
            each
            for each in self.surveys.values()
            if each.survey != survey.survey
            and each.date == survey.date
            and (each.start == survey.start or not (each.start and survey.start))
        ]

    def counted_in(self, post: Post) -> str:
        """Another survey of the same day that has the post already; "" if none has."""
        known = self.known_post(post)
        survey = self.surveys.get(post.survey)
        for other in self.same_day(survey) if survey and known is post else ():
            twin = replace(post, survey=other.survey)
            if self.known_post(twin) is not twin:
                return other.survey
        return ""

    def listed(self, year: int) -> int:
        """How many accounts have a status in `year`."""
        return len({self.owners.root(name) for name, listed in self._listed if listed == year})

    def dealers_with_posts(self) -> Counter[str]:
        """How many dealers have posts in each survey that has any."""
        return Counter(
            survey
            for survey, _ in {(post.survey, self.dealers.root(post.account)) for post in self.posts}
        )

    def is_listed(self, account: str, year: int) -> bool:
        """Whether the account, under any of its names, has a status in `year`."""
        if self._years is None:
            self._years = {(self.owners.root(name), listed) for name, listed in self._listed}
        return (self.owners.root(account), year) in self._years


@dataclass
class SurveyReading:
    """Content of a file of surveys: its items, and its rejected rows and columns by kind."""

    items: list[Item] = field(default_factory=list)
    rejections: dict[str, list[Rejection]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    repeated: dict[str, list[int]] = field(default_factory=dict)
    """Kind to the lines that repeat an earlier row of the file."""
    of_tables: list[str] = field(default_factory=list)
    """What there is to say about the tables as such."""

    def notes(self) -> list[str]:
        """Sentences on what was read although it may not count, or once although it is repeated."""
        return [*self.of_tables, *self._repeated()]

    def _repeated(self) -> list[str]:
        return [
            f"{len(lines)} of the {kind} repeat an earlier row in all columns (lines "
            f"{', '.join(map(str, lines[:_NAMED]))}{', …' if len(lines) > _NAMED else ''}) and "
            "count once; give each post a number of its own"
            for kind, lines in self.repeated.items()
            if kind == "posts"
        ]

    @property
    def rows(self) -> int:
        """Number of rows that were read, the rejected and the repeated ones included."""
        rejected = sum(map(len, self.rejections.values()))
        return len(self.items) + rejected + sum(map(len, self.repeated.values()))

    def count(self, kind: str) -> int:
        """Number of items of a kind."""
        return sum(isinstance(item, KINDS[kind]) for item in self.items)
