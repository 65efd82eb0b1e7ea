"""Accounts, surveys and posts in the store, each under its key, however often they are read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from wildcrawl.tabular.surveys.model import KINDS, Account, Item, Known, Post, Survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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
