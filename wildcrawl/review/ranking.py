"""Ranking of the screening queue: the tagger's score, and a trained model in a JSON file."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from wildcrawl.analysis.text import normalise
from wildcrawl.items import Advertisement
from wildcrawl.review.model_file import ModelKind, load, save
from wildcrawl.store.listing import STRENGTH_SCORES, tagger_score

__all__ = [
    "STRENGTH_SCORES",
    "Model",
    "RankingModelError",
    "features",
    "load_model",
    "save_model",
    "scale",
    "tagger_score",
]

LONGEST = 1_000
"""Characters of a description used for features; the rest is rarely about the goods."""


def features(ad: Advertisement) -> frozenset[str]:
    """Features of an advertisement, each `where:what`.

    Runs of 1 to 3 characters of the title and 2 to 4 of the description, both normalised;
    category, site, terms, keywords, kind of price and the tagger's score. The seller is excluded,
    so that the model does not learn persons.
    """
    title = normalise(ad.title).text.strip()
    description = normalise(ad.description[:LONGEST]).text.strip()
    result = {f"title:{run}" for run in _runs(title, 1, 3)}
    result.update(f"text:{run}" for run in _runs(description, 2, 4))
    result.update(f"term:{term}" for term in ad.terms)
    result.update(f"keyword:{keyword}" for keyword in ad.found_by)
    result.update((f"site:{ad.site}", f"category:{ad.category}", f"price:{ad.price_kind}"))
    result.add(f"strength:{tagger_score(ad):.1f}")
    return frozenset(result)


def _runs(text: str, shortest: int, longest: int) -> Iterator[str]:
    for size in range(shortest, longest + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


class RankingModelError(ValueError):
    """Raised for a file that is not a ranking model; the message names the file and the fix."""


@dataclass(frozen=True)
class Model:
    """Logistic regression over `features`; positive weights indicate `valid`.

    `verdicts` are the numbers of advertisements it was trained on, `auc` is the result of
    cross-validation, `made_at` is an ISO moment.
    """

    weights: Mapping[str, float]
    bias: float = 0.0
    verdicts: Mapping[str, int] = field(default_factory=dict)
    auc: float | None = None
    made_at: str = ""

    @cached_property
    def name(self) -> str:
        """Fingerprint of the weights, by which a store knows whose scores it has."""
        content = json.dumps([self.bias, sorted(self.weights.items())], ensure_ascii=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def score(self, ad: Advertisement) -> float:
        """Probability of the verdict valid, from 0 to 1; used for ordering only."""
        return self.score_of(features(ad))

    def score_of(self, names: frozenset[str]) -> float:
        """Score of given features."""
        # The order of a set varies; fsum rounds the exact sum once, whatever the order.
        total = math.fsum(filter(None, map(self.weights.get, names)))
        return _logistic(self.bias + total * scale(names))

    def reasons(self, ad: Advertisement, most: int = 3) -> list[str]:
        """The features with the largest weights in its score, with their signs."""
        known = [name for name in features(ad) if name in self.weights]
        known.sort(key=lambda name: (-abs(self.weights[name]), name))
        return [f"{'+' if self.weights[name] > 0 else '-'}{name}" for name in known[:most]]


def scale(names: frozenset[str]) -> float:
    """Value of each feature of an advertisement, normalised to length 1.

    Otherwise long texts would outweigh short ones.
    """
    return 1 / math.sqrt(len(names)) if names else 0.0


def _logistic(value: float) -> float:
    if value < 0:
        return 1 - _logistic(-value)
    return 1 / (1 + math.exp(-value))


_KIND = ModelKind(
    "ranking model",
    "wildcrawl ranking 1",
    "create one with 'scrapy rank', or set WILDCRAWL_RANKING to nothing",
    RankingModelError,
)


def save_model(model: Model, path: Path) -> None:
    """Writes the model as JSON, atomically; NotWrittenError if that fails."""
    save(_KIND, model, path)


def load_model(path: Path) -> Model:
    """Reads a model from JSON; ModelError if the file is missing or not a model."""
    return load(_KIND, Model, path)
