"""Social media surveys in the store: accounts, surveys and posts, as documents and as frames."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from wildcrawl.tabular.surveys import KINDS, Account, AccountStatus, Item, Known, Post, Survey
from wildcrawl.tabular.surveys.accounts import Owners
from wildcrawl.tabular.surveys.model import COLUMNS

if TYPE_CHECKING:
    import polars as pl

    from wildcrawl.store.base import DocumentStore
    from wildcrawl.store.documents import Document


@dataclass
class Surveys:
    """All stored accounts, surveys and posts."""

    accounts: list[Account]
    surveys: list[Survey]
    posts: list[Post]

    @property
    def known(self) -> Known:
        """Surveys and accounts that posts may refer to."""
        known = Known()
        items: list[Item] = [*self.accounts, *self.surveys, *self.posts]
        for item in items:
            known.add(item)
        return known


def put_surveys(store: DocumentStore, items: Iterable[Item]) -> dict[str, int]:
    """Stores the items, replacing those of the same key; returns how many of each kind are new.

    What the desk added to a document, such as its pictures, remains.
    """
    documents: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS}
    for item in items:
        documents[kind_of(item)][key_of(item)] = document_of(item)
    new = {}
    for kind, batch in documents.items():
        stored = store.documents(kind, keys=list(batch)) if batch else {}
        whole = {key: added(stored.get(key)) | each for key, each in batch.items()}
        new[kind] = len(store.put_documents(kind, whole)) if batch else 0
    return new


def kind_of(item: Item) -> str:
    """The kind of an item, one of KINDS."""
    return next(name for name, item_type in KINDS.items() if isinstance(item, item_type))


def key_of(item: Item) -> str:
    """The key of an item's document."""
    return json.dumps(item.key, ensure_ascii=False)


def document_of(item: Item) -> Document:
    """The document of an item."""
    document = asdict(item)
    if isinstance(item, Survey):
        document["date"] = item.date.isoformat()
    return document


def item_of(kind: str, document: Document) -> Item:
    """The item of a document."""
    values = {name: document[name] for name in COLUMNS[kind] if name in document}
    if kind == "surveys":
        values["date"] = date.fromisoformat(document["date"])
    return KINDS[kind](**values)


def added(document: Document | None) -> Document:
    """What a document has besides the columns of its kind."""
    columns = {name for names in COLUMNS.values() for name in names}
    return {name: value for name, value in (document or {}).items() if name not in columns}


def load_surveys(store: DocumentStore) -> Surveys:
    """All accounts, surveys and posts of the store."""
    return surveys_of({kind: store.documents(kind) for kind in KINDS})


def surveys_of(documents: Mapping[str, Mapping[str, Document]]) -> Surveys:
    """The accounts, surveys and posts of documents by kind and key."""
    items: dict[str, list[Any]] = {
        kind: [item_of(kind, document) for document in documents[kind].values()] for kind in KINDS
    }
    items["surveys"].sort(key=lambda survey: (survey.date, survey.survey))
    return Surveys(**items)


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


class SurveyFrames(NamedTuple):
    """Frames for the report: one row per survey, per advertisement, per account and year."""

    surveys: pl.DataFrame
    posts: pl.DataFrame
    accounts: pl.DataFrame


def survey_frames(store: DocumentStore) -> SurveyFrames:
    """All surveys of the store, by date; without any, empty frames of the same columns.

    A survey's advertisements, images and videos are the sums of its posts, or its given totals.
    A post with several advertisements has as many rows, the first of them with its pictures.
    `accounts` is the number given by the survey, or else the number of dealers with a status in
    its year. The accounts of one dealer, under all their names, are one account of that name.
    """
    stored = load_surveys(store)
    owners = Owners(stored.accounts, dealers=True)
    dates = {survey.survey: survey.date for survey in stored.surveys}
    statuses = _statuses(stored.accounts, owners)
    listed = Counter(year for _, year in statuses)
    sums = sums_of(stored.posts)
    surveys = [
        (
            survey.survey,
            survey.date,
            listed[survey.date.year] if survey.accounts is None else survey.accounts,
            *totals_of(survey, sums),
        )
        for survey in stored.surveys
    ]
    posts = [
        (
            post.survey,
            dates[post.survey],
            owners.name_of(post.account),
            *(post.species, post.product_type),
            *((0, 0) if number else (post.images, post.videos)),
        )
        for post in stored.posts
        for number in range(post.advertisements)
    ]
    accounts = [(name, year, status) for (name, year), status in statuses.items()]
    by_date = sorted(posts, key=lambda post: (post[1], post[0]))
    return SurveyFrames(
        _frame(surveys, SURVEYS),
        _frame(by_date, POSTS),
        _frame(accounts, ACCOUNTS),
    )


def _statuses(accounts: Iterable[Account], owners: Owners) -> dict[tuple[str, int], str]:
    """Status of each dealer by name and year: active if one of the accounts is."""
    order = list(AccountStatus)
    statuses: dict[tuple[str, int], str] = {}
    for account in accounts:
        key = (owners.name_of(account.account), account.year)
        earlier = statuses.get(key, account.status)
        statuses[key] = min(earlier, account.status, key=order.index)  # type: ignore[arg-type]
    return statuses


def sums_of(posts: Iterable[Post]) -> dict[str, tuple[int, int, int]]:
    """Advertisements, images and videos of each survey that has posts."""
    sums: dict[str, tuple[int, int, int]] = {}
    for post in posts:
        ads, images, videos = sums.get(post.survey, (0, 0, 0))
        counted = ads + post.advertisements, images + post.images, videos + post.videos
        sums[post.survey] = counted
    return sums


def totals_of(survey: Survey, sums: Mapping[str, tuple[int, int, int]]) -> tuple[int, int, int]:
    """Advertisements, images and videos of a survey: the sums of its posts, else its totals."""
    given = (survey.advertisements or 0, survey.images or 0, survey.videos or 0)
    return sums.get(survey.survey, given)


def _frame(rows: Sequence[tuple[Any, ...]], columns: Mapping[str, str]) -> pl.DataFrame:
    # Imported late: polars loads slowly, and Scrapy imports all commands to run one.
    import polars as pl

    types = {"text": pl.String(), "day": pl.Date(), "count": pl.Int32()}
    schema = {name: types[kind] for name, kind in columns.items()}
    return pl.DataFrame(rows, schema=schema, orient="row")
