"""Surveys as data frames, for the report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from wildcrawl.tabular.surveys.keeping import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from wildcrawl.tabular.surveys.keeping import Keeper


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
