"""Ranking of the screening queue: the tagger's score, and a learned model in a readable file."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from wildcrawl.analysis.text import normalise
from wildcrawl.items import Advertisement, Strength
from wildcrawl.utils import atomic_write

STRENGTH_SCORES = {
    Strength.NAME: 0.8,
    Strength.BARE: 0.6,
    Strength.SPELLING: 0.5,
    Strength.CODE: 0.4,
    Strength.MARK: 0.4,
}
"""What a match counts, by its strength; a mark counts as a code word does."""
_WITHOUT_MATCH = 0.3
_PERSON = 0.9

LONGEST = 1_000
"""Characters of a description that become features; what follows is seldom about the goods."""
FORMAT = "wildcrawl ranking 1"
_FIX = "make a new one with 'scrapy rank', or empty WILDCRAWL_RANKING"


def tagger_score(ad: Advertisement) -> float:
    """How sure the tagger is, from 0 to 1: by the match that decides and by what supports it.

    A name counts more than a disguised spelling, that more than a code word; further terms
    and supports add a little, never a whole step. What a person recorded comes first.
    """
    if ad.by_person:
        return _PERSON
    if not ad.strength:
        return _WITHOUT_MATCH
    further = 0.01 * min(4, ad.supports) + 0.01 * min(4, max(0, len(ad.terms) - 1))
    return STRENGTH_SCORES[Strength(ad.strength)] + further


def features(ad: Advertisement) -> frozenset[str]:
    """The advertisement as a set of features, each `where:what`.

    Runs of 1 to 3 characters of the title and 2 to 4 of the description, both normalised;
    category, site, terms, keywords, kind of price and the tagger's score. The seller is left
    out, so that the model does not learn persons.
    """
    title = normalise(ad.title).text.strip()
    description = normalise(ad.description[:LONGEST]).text.strip()
    found = {f"title:{each}" for each in _runs(title, 1, 3)}
    found.update(f"text:{each}" for each in _runs(description, 2, 4))
    found.update(f"term:{each}" for each in ad.terms)
    found.update(f"keyword:{each}" for each in ad.found_by)
    found.update((f"site:{ad.site}", f"category:{ad.category}", f"price:{ad.price_kind}"))
    found.add(f"strength:{tagger_score(ad):.1f}")
    return frozenset(found)


def _runs(text: str, shortest: int, longest: int) -> Iterator[str]:
    for size in range(shortest, longest + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


class ModelError(ValueError):
    """A file that is not a ranking model; the message names the file and the fix."""


@dataclass(frozen=True)
class Model:
    """A logistic regression over `features`; a positive weight speaks for `valid`.

    `verdicts` are the numbers of advertisements it was trained on, `auc` is the result of
    cross-validation, `made_at` an ISO moment.
    """

    weights: Mapping[str, float]
    bias: float = 0.0
    verdicts: Mapping[str, int] = field(default_factory=dict)
    auc: float | None = None
    made_at: str = ""

    def score(self, ad: Advertisement) -> float:
        """How likely a person judges it valid, from 0 to 1; it orders, it does not decide."""
        return self.score_of(features(ad))

    def score_of(self, found: frozenset[str]) -> float:
        """The same for features that are known already."""
        weights = self.weights
        # Sorted, or the last digit would change with the order of the set.
        total = math.fsum(sorted(weights[each] for each in found if each in weights))
        return _logistic(self.bias + total * scale(found))

    def reasons(self, ad: Advertisement, most: int = 3) -> list[str]:
        """The features that move its score most, with the sign of what they speak for."""
        known = [each for each in features(ad) if each in self.weights]
        known.sort(key=lambda each: (-abs(self.weights[each]), each))
        return [f"{'+' if self.weights[each] > 0 else '-'}{each}" for each in known[:most]]


def scale(found: frozenset[str]) -> float:
    """The value of each feature of an advertisement: all together have length 1.

    Otherwise long texts would outweigh short ones.
    """
    return 1 / math.sqrt(len(found)) if found else 0.0


def _logistic(value: float) -> float:
    if value < 0:
        return 1 - _logistic(-value)
    return 1 / (1 + math.exp(-value))


def save_model(model: Model, path: Path) -> None:
    """Writes the model as JSON, whole or not at all; NotWrittenError if it cannot."""
    document = {"format": FORMAT, **asdict(model)}
    atomic_write(path, json.dumps(document, ensure_ascii=False, indent=0).encode())


def load_model(path: Path) -> Model:
    """Reads a model; ModelError if the file is missing or not a model. Executes nothing in it."""
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"there is no ranking model {path}; {_FIX}") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"the ranking model {path} cannot be read ({error}); {_FIX}") from None
    if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
        raise ModelError(f"{path} is not a ranking model of this version; {_FIX}")
    try:
        model = Model(**document)
        numbers = [model.bias, *model.weights.values()]
        sound = all(isinstance(each, int | float) and math.isfinite(each) for each in numbers)
    except (TypeError, AttributeError):
        sound = False
    if not sound:
        raise ModelError(f"the ranking model {path} is damaged; {_FIX}")
    return model
