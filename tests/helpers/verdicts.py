"""Judged advertisements for tests: the labelled ones, tagged, with verdicts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from tests.helpers.crawling import ROOT
from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.apply import apply_tagging
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.items import Advertisement
from wildcrawl.store import Store

FILE = ROOT / "tests" / "data" / "labelled_tuning.jsonl"
MAY = datetime(2016, 5, 2, tzinfo=UTC)


@cache
def tagger() -> Tagger:
    return Tagger(load_vocabulary())


def ad(number: int, title: str, description: str = "", **given: str) -> Advertisement:
    """A tagged advertisement, each `number` of another seller."""
    made = Advertisement("mall", str(number), title=title, description=description)
    made.seller, made.found_at = f"seller {number}", MAY + timedelta(minutes=number)
    made.first_seen = made.found_at
    apply_tagging(made, tagger().tag(title, description), tagger().fingerprint)
    for name, value in given.items():
        setattr(made, name, value)
    return made


def labelled(most: int = 2_000) -> list[Advertisement]:
    """Labelled advertisements; the relevant ones are valid, the others irrelevant."""
    lines = FILE.read_text(encoding="utf-8").splitlines()[:most]
    return [
        ad(number, row["title"], row["description"], verdict=verdict_of(row["relevant"]))
        for number, row in enumerate(map(json.loads, lines))
    ]


def verdict_of(relevant: bool) -> str:
    return "valid" if relevant else "irrelevant"


def fill(store: Store, ads: Sequence[Advertisement]) -> None:
    """Records `ads` with their verdicts."""
    for one in ads:
        one.screened_by = "anna" if one.verdict else ""
    store.record(ads, "run-1")
