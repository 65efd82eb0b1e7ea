"""Surveys as data frames, for the report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from wildcrawl.surveys.keeping import load

if TYPE_CHECKING:
    from wildcrawl.surveys.keeping import Keeper

SURVEYS = {
    "survey": pl.String(),
    "date": pl.Date(),
    "accounts": pl.Int32(),
    "advertisements": pl.Int32(),
    "images": pl.Int32(),
    "videos": pl.Int32(),
}
POSTS = {
    "survey": pl.String(),
    "date": pl.Date(),
    "account": pl.String(),
    "species": pl.String(),
    "product_type": pl.String(),
    "images": pl.Int32(),
    "videos": pl.Int32(),
}
ACCOUNTS = {"account": pl.String(), "year": pl.Int32(), "status": pl.String()}


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
    return Social(
        pl.DataFrame(surveys, schema=SURVEYS, orient="row"),
        pl.DataFrame(posts, schema=POSTS, orient="row").sort("date", "survey", maintain_order=True),
        pl.DataFrame(accounts, schema=ACCOUNTS, orient="row"),
    )
