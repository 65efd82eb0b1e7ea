"""Orders the screening queue: by the tagger's strength, or by what was learned from verdicts.

A model decides nothing: it says what to read first.
"""

from wildcrawl.ranking.model import Model, ModelError, load_model, save_model
from wildcrawl.ranking.queue import Queued, queue_order
from wildcrawl.ranking.training import TooFewVerdicts, train
from wildcrawl.ranking.validation import Validation, cross_validate

__all__ = [
    "Model",
    "ModelError",
    "Queued",
    "TooFewVerdicts",
    "Validation",
    "cross_validate",
    "load_model",
    "queue_order",
    "save_model",
    "train",
]
