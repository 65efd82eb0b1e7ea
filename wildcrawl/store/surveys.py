"""Surveys of social media in the store: accounts, surveys and posts as documents, and as frames."""

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
    """All accounts, surveys and posts that are stored."""

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


def put_surveys(store: DocumentStore, items: Iterable[Item]) -> dict[str, int]:
    """Stores the items, replacing those of the same key; returns how many of each kind are new."""
    documents: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
    for item in items:
        kind = next(name for name, each in KINDS.items() if isinstance(item, each))
        document = asdict(item)
        if isinstance(item, Survey):
            document["date"] = item.date.isoformat()
        documents[kind][json.dumps(item.key, ensure_ascii=False)] = document
    return {
        kind: len(store.put_documents(kind, some)) if some else 0
        for kind, some in documents.items()
    }


def load_surveys(store: DocumentStore) -> Surveys:
    """All accounts, surveys and posts of the store."""
    surveys = [
        Survey(**each | {"date": date.fromisoformat(each["date"])})
        for each in store.documents("surveys").values()
    ]
    return Surveys(
        accounts=[Account(**each) for each in store.documents("accounts").values()],
        surveys=sorted(surveys, key=lambda survey: (survey.date, survey.survey)),
        posts=[Post(**each) for each in store.documents("posts").values()],
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
    """What the report takes: one row a survey, an advertisement, an account and year."""

    surveys: pl.DataFrame
    posts: pl.DataFrame
    accounts: pl.DataFrame


def survey_frames(store: DocumentStore) -> SurveyFrames:
    """All surveys of the store, by date; without any, empty frames of the same columns.

    A survey's advertisements, images and videos are the sums of its posts. `accounts` is the
    number that the survey gives, or else how many accounts have a status in its year.
    """
    kept = load_surveys(store)
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
    return SurveyFrames(
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
