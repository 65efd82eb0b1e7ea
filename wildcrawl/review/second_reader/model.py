"""Model of the second reader: weights of character n-grams, in a JSON file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import add
from pathlib import Path
from typing import NamedTuple

from wildcrawl.analysis.text import normalise
from wildcrawl.review.model_file import ModelKind, load, save
from wildcrawl.review.ranking import Model

LONGEST = 200
"""Characters of a description that are read; the rest is rarely about the goods."""
LONGEST_TITLE = 300


class ReaderError(ValueError):
    """Raised for a file that is not a model of a second reader; names the file and the fix."""


def ngrams(title: str, description: str = "") -> frozenset[str]:
    """The characters of a text and their pairs, folded as the tagger folds it.

    Longer runs found no more on the labelled texts.

    >>> sorted(ngrams("虎皮"))
    ['皮', '虎', '虎皮']
    """
    found: set[str] = set()
    for text in (title[:LONGEST_TITLE], description[:LONGEST]):
        folded = normalise(text).text.strip()
        found.update(folded)
        found.update(map(add, folded, folded[1:]))
    return frozenset(found)


class Measures(NamedTuple):
    """What cross-validation found, with models that had not seen the material or seller.

    `offers` were scored, of which the rules miss `missed`; `found` and `missed_found` are those
    above the score that `share` of the `titles` of other goods exceed.
    """

    offers: int = 0
    found: int = 0
    missed: int = 0
    missed_found: int = 0
    titles: int = 0
    share: float = 0.0


@dataclass(frozen=True)
class SecondReader:
    """A trained second reader.

    A text is raised if its score is above `threshold`, from 0 to 1. `verdicts` are the team's own
    verdicts it was trained on, besides `examples` that are shipped, whose fingerprint is
    `trained_on`; `rules` is the fingerprint of the rules at that time, `made_at` an ISO moment (""
    for the model that is shipped).
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float
    examples: int = 0
    trained_on: str = ""
    verdicts: Mapping[str, int] = field(default_factory=dict)
    rules: str = ""
    made_at: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def _model(self) -> Model:
        return Model(self.weights, self.bias)

    def score(self, title: str, description: str = "") -> float:
        """Score of a text from 0 to 1; it orders texts, and is not a probability."""
        return self._model.score_of(ngrams(title, description))

    def reasons(self, title: str, description: str = "", most: int = 4) -> list[str]:
        """The n-grams of a text that speak for an offer, the strongest first.

        A pair of characters has its own weight and those of both; a character is named alone only
        if no pair with it is.
        """
        weights = self.weights
        known = {
            each: sum(weights.get(part, 0) for part in {each, *each})
            for each in ngrams(title, description)
            if not any(character.isspace() for character in each)
        }
        known = {each: weight for each, weight in known.items() if weight > 0}
        paired = {character for each in known if len(each) > 1 for character in each}
        named = [each for each in known if each not in paired]
        return sorted(named, key=lambda each: (-known[each], each))[:most]


_KIND = ModelKind(
    "second reader",
    "wildcrawl second reader 1",
    "create one with 'scrapy second-look --train', or set WILDCRAWL_SECOND_READER to nothing",
    ReaderError,
)


def save_reader(reader: SecondReader, path: Path) -> None:
    """Writes the model as JSON, atomically; NotWrittenError if that fails."""
    save(_KIND, reader, path)


def bundled() -> Traversable:
    """The file of the model that is shipped, trained on the shipped examples."""
    return files("wildcrawl.review.second_reader") / "model.json"


@cache
def bundled_reader() -> SecondReader:
    """The model that is shipped, read once."""
    return load_reader(bundled())


def load_reader(path: Traversable) -> SecondReader:
    """Reads a model from JSON; ReaderError if the file is missing or not a model."""
    return load(_KIND, SecondReader, path, ["threshold"])
