"""Social media surveys in the store: accounts, surveys and posts, as documents and as frames."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from wildcrawl.tabular.surveys import KINDS, Account, Item, Known, Post, Survey

if TYPE_CHECKING:
    import polars as pl

    from wildcrawl.store.base import DocumentStore


@dataclass
class Surveys:
    """All stored accounts, surveys and posts."""

    accounts: list[Account]
    surveys: list[Survey]
    posts: list[Post]

    @property
    def known(self) -> Known:
        """Names of surveys and accounts that posts may refer to."""
        return Known(
            {survey.survey for survey in self.surveys},
            {account.account for account in self.accounts},
        )


def put_surveys(store: DocumentStore, items: Iterable[Item]) -> dict[str, int]:
    """Stores the items, replacing those of the same key; returns how many of each kind are new."""
    documents: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
    for item in items:
        kind = next(name for name, item_type in KINDS.items() if isinstance(item, item_type))
        document = asdict(item)
        if isinstance(item, Survey):
            document["date"] = item.date.isoformat()
        documents[kind][json.dumps(item.key, ensure_ascii=False)] = document
    return {
        kind: len(store.put_documents(kind, batch)) if batch else 0
        for kind, batch in documents.items()
    }


def load_surveys(store: DocumentStore) -> Surveys:
    """All accounts, surveys and posts of the store."""
    surveys = [
        Survey(**document | {"date": date.fromisoformat(document["date"])})
        for document in store.documents("surveys").values()
    ]
    return Surveys(
        accounts=[Account(**document) for document in store.documents("accounts").values()],
        surveys=sorted(surveys, key=lambda survey: (survey.date, survey.survey)),
        posts=[Post(**document) for document in store.documents("posts").values()],
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


class SurveyFrames(NamedTuple):
    """Frames for the report: one row per survey, per advertisement, per account and year."""

    surveys: pl.DataFrame
    posts: pl.DataFrame
    accounts: pl.DataFrame


def survey_frames(store: DocumentStore) -> SurveyFrames:
    """All surveys of the store, by date; without any, empty frames of the same columns.

    A survey's advertisements, images and videos are the sums of its posts. `accounts` is the
    number given by the survey, or else the number of accounts with a status in its year.
    """
    stored = load_surveys(store)
    dates = {survey.survey: survey.date for survey in stored.surveys}
    listed = Counter(account.year for account in stored.accounts)
    advertisements, images, videos = Counter[str](), Counter[str](), Counter[str]()
    for post in stored.posts:
        advertisements[post.survey] += 1
        images[post.survey] += post.images
        videos[post.survey] += post.videos
    surveys = [
        (
            survey.survey,
            survey.date,
            listed[survey.date.year] if survey.accounts is None else survey.accounts,
            *(counts[survey.survey] for counts in (advertisements, images, videos)),
        )
        for survey in stored.surveys
    ]
    posts = [
        (p.survey, dates[p.survey], p.account, p.species, p.product_type, p.images, p.videos)
        for p in stored.posts
    ]
    accounts = [(account.account, account.year, account.status) for account in stored.accounts]
    by_date = sorted(posts, key=lambda post: (post[1], post[0]))
    return SurveyFrames(
        _frame(surveys, SURVEYS),
        _frame(by_date, POSTS),
        _frame(accounts, ACCOUNTS),
    )


def _frame(rows: Sequence[tuple[Any, ...]], columns: Mapping[str, str]) -> pl.DataFrame:
    # Imported late: polars loads slowly, and Scrapy imports all commands to run one.
    import polars as pl

    types = {"text": pl.String(), "day": pl.Date(), "count": pl.Int32()}
    schema = {name: types[kind] for name, kind in columns.items()}
    return pl.DataFrame(rows, schema=schema, orient="row")
