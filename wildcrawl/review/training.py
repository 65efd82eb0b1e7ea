"""Learns from verdicts what an analyst finds valid."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pycrfsuite

from wildcrawl.items import Advertisement, Verdict
from wildcrawl.review.features import features
from wildcrawl.review.ranking import Model, scale

FEWEST = 50
"""Verdicts that are needed of either side: fewer say more of chance than of advertisements."""
RARE = 2
"""A mark that fewer advertisements have teaches nothing."""
PENALTY = 0.02
"""How strongly large weights are held down (L2); chosen on the labelled advertisements."""
_VALID, _OTHER = "valid", "other"

Example = tuple[frozenset[str], bool]
"""The marks of a judged advertisement, and whether it is valid."""


class TooFewVerdicts(ValueError):
    """Not enough verdicts to learn from; the message says how many there are."""


def judged(ads: Iterable[Advertisement]) -> list[Advertisement]:
    """Those on which a person has given a verdict."""
    return [ad for ad in ads if ad.verdict not in ("", Verdict.PENDING)]


def is_valid(ad: Advertisement) -> bool:
    """Whether a person judged it valid (against irrelevant or fake)."""
    return ad.verdict == Verdict.VALID


def check_enough(ads: Sequence[Advertisement]) -> None:
    """TooFewVerdicts if either side of the judged `ads` is too small."""
    valid = sum(map(is_valid, ads))
    other = len(ads) - valid
    if min(valid, other) < FEWEST:
        raise TooFewVerdicts(
            f"a ranking is learned from at least {FEWEST} advertisements judged valid and {FEWEST} "
            f"judged irrelevant or fake; the store has {valid} and {other}. Until then the "
            "tagger's strength orders the queue"
        )


def train(ads: Iterable[Advertisement]) -> Model:
    """The model that the judged among `ads` teach; TooFewVerdicts if they are too few."""
    chosen = judged(ads)
    check_enough(chosen)
    model = fit([(features(ad), is_valid(ad)) for ad in chosen])
    verdicts = dict(sorted(Counter(str(ad.verdict) for ad in chosen).items()))
    return Model(model.weights, model.bias, verdicts)


def fit(examples: Sequence[Example]) -> Model:
    """A logistic regression with an L2 penalty over the examples' marks.

    CRFsuite fits it: a conditional random field over sequences of one is just that.
    """
    seen = Counter(mark for marks, _ in examples for mark in marks)
    # Numbers for names: the library's listing of weights does not take every character.
    names = [mark for mark in sorted(seen) if seen[mark] >= RARE]
    numbers = {mark: str(number) for number, mark in enumerate(names)}
    trainer = pycrfsuite.Trainer(
        algorithm="lbfgs", params={"c1": 0.0, "c2": PENALTY, "max_iterations": 200}, verbose=False
    )
    for marks, valid in examples:
        value = scale(marks)
        row = {numbers[mark]: value for mark in sorted(marks) if mark in numbers}
        trainer.append([{"bias": 1.0, **row}], [_VALID if valid else _OTHER])
    found = _weights(trainer)
    bias = found.pop("bias", 0.0)
    weights = {names[int(number)]: round(weight, 4) for number, weight in found.items()}
    return Model({mark: weight for mark, weight in weights.items() if weight}, round(bias, 4))


def _weights(trainer: pycrfsuite.Trainer) -> Counter[str]:
    """Each mark's weight for valid, less its weight against."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        weights: Counter[str] = Counter()
        for (mark, label), weight in tagger.info().state_features.items():
            weights[mark] += weight if label == _VALID else -weight
        tagger.close()
    return weights
