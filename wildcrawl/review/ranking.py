"""The learned ranking: a weight for each mark of an advertisement, in a file a person can read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildcrawl.review.features import features
from wildcrawl.utils import atomic_write

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement

FORMAT = "wildcrawl ranking 1"
_MEND = "make a new one with 'scrapy rank', or empty WILDCRAWL_RANKING"


class ModelError(ValueError):
    """A file that is no ranking model; the message names it and the mend."""


@dataclass(frozen=True)
class Model:
    """A logistic regression over `features`; a positive weight speaks for `valid`.

    `verdicts` are the numbers of advertisements it learned from, `auc` what cross-validation
    gave, `made_at` an ISO moment.
    """

    weights: Mapping[str, float]
    bias: float = 0.0
    verdicts: Mapping[str, int] = field(default_factory=dict)
    auc: float | None = None
    made_at: str = ""

    def score(self, ad: Advertisement) -> float:
        """How likely a person judges it valid, from 0 to 1; it orders, it does not decide."""
        return self.score_of(features(ad))

    def score_of(self, marks: frozenset[str]) -> float:
        """The same for marks that are known already."""
        weights = self.weights
        # Sorted, or the last digit would change with the order of the set.
        total = math.fsum(sorted(weights[each] for each in marks if each in weights))
        return _logistic(self.bias + total * scale(marks))

    def reasons(self, ad: Advertisement, most: int = 3) -> list[str]:
        """The marks that move its score most, with the sign of what they speak for."""
        known = [each for each in features(ad) if each in self.weights]
        known.sort(key=lambda each: (-abs(self.weights[each]), each))
        return [f"{'+' if self.weights[each] > 0 else '-'}{each}" for each in known[:most]]


def scale(marks: frozenset[str]) -> float:
    """What every weight is multiplied by, so that long texts do not outweigh short ones."""
    return 1 / math.sqrt(len(marks)) if marks else 0.0


def _logistic(value: float) -> float:
    if value < 0:
        return 1 - _logistic(-value)
    return 1 / (1 + math.exp(-value))


def save_model(model: Model, path: Path) -> None:
    """Writes the model as JSON; NotWrittenError if it cannot be written."""
    document = {"format": FORMAT, **asdict(model)}
    atomic_write(path, json.dumps(document, ensure_ascii=False, indent=0).encode())


def load_model(path: Path) -> Model:
    """Reads a model; ModelError if the file is missing or is none. Nothing in it is executed."""
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"there is no ranking model {path}; {_MEND}") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"the ranking model {path} cannot be read ({error}); {_MEND}") from None
    if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
        raise ModelError(f"{path} is no ranking model of this version; {_MEND}")
    try:
        model = Model(**document)
        numbers = [model.bias, *model.weights.values()]
        sound = all(isinstance(each, int | float) and math.isfinite(each) for each in numbers)
    except (TypeError, AttributeError):
        sound = False
    if not sound:
        raise ModelError(f"the ranking model {path} is damaged; {_MEND}")
    return model
