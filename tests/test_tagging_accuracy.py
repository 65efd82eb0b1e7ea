"""The tagger against labelled advertisements: what an analyst may rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.accuracy import Accuracy, measure, read_rows
from wildcrawl.tagging import Tagger
from wildcrawl.vocabulary import load_vocabulary

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_vocabulary())


def check(found: Accuracy, name: str, least: float) -> None:
    got = getattr(found, name)
    assert got >= least, f"{name} {got:.3f} < {least}\n" + "\n".join(found.mistakes)


@pytest.mark.parametrize("name", ["dev", "tuning", "heldout"])
def test_every_measure_holds(tagger: Tagger, name: str) -> None:
    found = measure(tagger, read_rows(DATA / f"labelled_{name}.jsonl"))
    check(found, "f1", 0.96)
    check(found, "precision", 0.95)
    check(found, "recall", 0.96)
    check(found, "species", 0.98)
    check(found, "product", 0.85)
    check(found, "age", 0.92)
    assert min(found.group_recall.values()) >= 0.90, found.group_recall


@pytest.mark.parametrize("name", ["dev", "tuning"])
def test_what_the_rules_were_tuned_on_stays_right(tagger: Tagger, name: str) -> None:
    found = measure(tagger, read_rows(DATA / f"labelled_{name}.jsonl"))
    check(found, "f1", 0.985)
    check(found, "product", 0.96)
    check(found, "age", 0.98)


def test_no_labelled_advertisement_stands_in_two_sets() -> None:
    seen: dict[tuple[str, str], str] = {}
    for name in ("dev", "tuning", "heldout"):
        for row in read_rows(DATA / f"labelled_{name}.jsonl"):
            key = (row["title"], row["description"])
            assert seen.setdefault(key, name) == name, key
