"""Picture model: a hook for a callable of one's own that scores pictures by label.

No model is shipped, and no species is claimed from a picture without one. The setting
WILDCRAWL_PICTURE_MODEL names a callable as `module:name`. It gets a batch, a list of RGB arrays
(height, width, 3) of 8 bits, and returns for each picture a mapping of labels to scores from
0 to 1. An attribute `version` (a text) tells the scores of one state of the model from another's.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wildcrawl.pictures.decode import Pixels

Scores = Mapping[str, float]
LONGEST = 640
"""Longer side in pixels of the pictures in a batch, at most."""
_FIX = "correct WILDCRAWL_PICTURE_MODEL, or set it to nothing"


class ModelError(ValueError):
    """Raised for a model that cannot be loaded, or whose result has another form."""


@dataclass(frozen=True)
class PictureModel:
    """A loaded model: `name` is its name and version, for the record of what scored a picture."""

    name: str
    call: Callable[[Sequence[Pixels]], Sequence[Scores]]

    def scores(self, pictures: Sequence[Pixels]) -> list[dict[str, float]]:
        """Scores by label of each picture; ModelError if the result has another form."""
        try:
            result = list(self.call(pictures))
        except Exception as error:
            raise ModelError(f"the picture model {self.name} failed: {error!r}; {_FIX}") from error
        if len(result) != len(pictures):
            raise ModelError(
                f"the picture model {self.name} gave {len(result)} results for {len(pictures)} "
                "pictures; return one mapping of labels to scores for each"
            )
        return [self._checked(scores) for scores in result]

    def _checked(self, scores: Any) -> dict[str, float]:
        try:
            checked = {label: float(score) for label, score in scores.items()}
            sound = all(isinstance(label, str) for label in checked) and all(
                math.isfinite(score) and 0 <= score <= 1 for score in checked.values()
            )
        except (AttributeError, TypeError, ValueError):
            sound = False
        if not sound:
            raise ModelError(
                f"the picture model {self.name} gave {scores!r:.80}; return a mapping of labels "
                "to numbers from 0 to 1"
            )
        return checked


def load_picture_model(name: str) -> PictureModel | None:
    """The model called `module:name`; None for an empty name; ModelError if there is none."""
    if not name.strip():
        return None
    module_name, mark, attribute = name.strip().partition(":")
    if not (mark and module_name and attribute):
        raise ModelError(f"'{name}' is not of the form module:name; {_FIX}")
    try:
        found: Any = importlib.import_module(module_name)
        for part in attribute.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise ModelError(f"the picture model '{name}' was not found ({error}); {_FIX}") from None
    if not callable(found):
        raise ModelError(f"the picture model '{name}' is not callable; {_FIX}")
    made = getattr(found, "version", "")
    return PictureModel(f"{name.strip()} {made}".strip(), found)
