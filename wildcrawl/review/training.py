"""Training of the ranking model on verdicts, and its cross-validation; needs scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import NamedTuple

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from wildcrawl.items import Advertisement, Verdict
from wildcrawl.review.ranking import Model, features, scale, tagger_score
from wildcrawl.store.forgotten import is_forgotten

FEWEST = 50
"""Minimum verdicts of each side; fewer would train on chance."""
RARE = 2
"""Minimum advertisements of a feature; rarer features are ignored."""
INVERSE_PENALTY = 50.0
"""C of the L2 penalty on weights; chosen on the labelled advertisements."""
FOLDS = 5
"""Parts of the cross-validation."""

Example = tuple[frozenset[str], bool]
"""The features of a judged advertisement, and whether it is valid."""


class TooFewVerdicts(ValueError):
    """Raised if there are too few verdicts to train on; the message says how many there are."""


class Measures(NamedTuple):
    """Quality of one order: means over the folds, from 0 to 1.

    `auc`: probability that a valid advertisement is before another one (0.5 is chance);
    `spread`: its standard deviation; `valid`, `other`: average precision of either side;
    `head`: share of valid ones in the first tenth.
    """

    auc: float
    spread: float
    valid: float
    other: float
    head: float


@dataclass(frozen=True)
class Validation:
    """Result of cross-validation, with the numbers of advertisements it rests on."""

    valid: int
    other: int
    folds: int
    learned: Measures
    strength: Measures

    @property
    def better(self) -> bool:
        """Whether the learned order beats that of the tagger's strength."""
        return self.learned.auc > self.strength.auc


def train(ads: Iterable[Advertisement]) -> Model:
    """Model trained on the judged ones of `ads`, in any order; TooFewVerdicts if too few."""
    chosen = judged(ads)
    model = fit([(features(ad), is_valid(ad)) for ad in chosen])
    verdicts = dict(sorted(Counter(str(ad.verdict) for ad in chosen).items()))
    return Model(model.weights, model.bias, verdicts)


def fit(examples: Sequence[Example]) -> Model:
    """Logistic regression with an L2 penalty over the examples' features."""
    seen = Counter(name for known, _ in examples for name in known)
    frequent = {name for name, number in seen.items() if number >= RARE}
    vectorizer = DictVectorizer()
    rows = vectorizer.fit_transform(
        dict.fromkeys(known & frequent, scale(known)) for known, _ in examples
    )
    regression = LogisticRegression(C=INVERSE_PENALTY, max_iter=1_000)
    regression.fit(rows, [valid for _, valid in examples])
    names = vectorizer.get_feature_names_out()
    weights = {
        str(name): round(float(weight), 4)
        for name, weight in zip(names, regression.coef_[0], strict=True)
    }
    bias = round(float(regression.intercept_[0]), 4)
    return Model({name: weight for name, weight in weights.items() if weight}, bias)


def cross_validate(ads: Iterable[Advertisement], folds: int = FOLDS) -> Validation:
    """Validation of models that order each fold and are trained on the other folds.

    No seller is in two folds, or the model would be tested on known texts. TooFewVerdicts if the
    verdicts are too few, or come from too few sellers.
    """
    chosen = judged(ads)
    examples = [(features(ad), is_valid(ad)) for ad in chosen]
    learned, plain = [], []
    for fold in split(chosen, folds):
        held_out = set(fold)
        model = fit([example for i, example in enumerate(examples) if i not in held_out])
        truth = [examples[i][1] for i in fold]
        learned.append(_measure([model.score_of(examples[i][0]) for i in fold], truth))
        plain.append(_measure([tagger_score(chosen[i]) for i in fold], truth))
    valid = sum(map(is_valid, chosen))
    return Validation(valid, len(chosen) - valid, folds, _mean(learned), _mean(plain))


def split(ads: Sequence[Advertisement], folds: int) -> list[list[int]]:
    """Positions of `ads` in folds that have both sides and share no seller; deterministic."""
    labels = [is_valid(ad) for ad in ads]
    sellers = [_seller(ad) for ad in ads]
    numbers = {seller: number for number, seller in enumerate(sorted(set(sellers)))}
    positions: list[list[int]] = []
    if len(numbers) >= folds:
        splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
        parts = splitter.split(labels, labels, [numbers[seller] for seller in sellers])
        positions = [held_out.tolist() for _, held_out in parts]
    if not positions or any(len({labels[i] for i in fold}) < 2 for fold in positions):
        raise TooFewVerdicts(
            f"the verdicts come from too few sellers for cross-validation: it needs {folds} parts "
            "without common sellers, each with advertisements judged valid and others"
        )
    return positions


def judged(ads: Iterable[Advertisement]) -> list[Advertisement]:
    """The judged ones of `ads`, by site and ad_id; TooFewVerdicts if either side has too few."""
    # A forgotten one has a verdict, and no text to learn from.
    chosen = [
        ad for ad in ads if ad.verdict not in ("", Verdict.PENDING) and not is_forgotten(ad.ad_id)
    ]
    chosen.sort(key=lambda ad: (ad.site, ad.ad_id))
    valid = sum(map(is_valid, chosen))
    other = len(chosen) - valid
    if min(valid, other) < FEWEST:
        raise TooFewVerdicts(
            f"a ranking needs at least {FEWEST} advertisements judged valid and {FEWEST} "
            f"judged irrelevant or fake; the store has {valid} and {other}. Judge more; "
            "until then the tagger's strength orders the queue"
        )
    return chosen


def is_valid(ad: Advertisement) -> bool:
    """Whether it was judged valid, not irrelevant or fake."""
    return ad.verdict == Verdict.VALID


def _seller(ad: Advertisement) -> str:
    """Key of the seller; without one, advertisements of the same title count as one seller's."""
    seller = ad.seller_id or ad.seller
    return f"{ad.site}\0{seller}" if seller else f"\0{ad.title or ad.ad_id}"


def _measure(scores: Sequence[float], truth: Sequence[bool]) -> tuple[float, ...]:
    return (
        roc_auc_score(truth, scores),
        average_precision_score(truth, scores),
        average_precision_score([not flag for flag in truth], [-flag for flag in scores]),
        head(scores, truth),
    )


def _mean(measured: Iterable[tuple[float, ...]]) -> Measures:
    auc, valid, other, first = (list(map(float, values)) for values in zip(*measured, strict=True))
    return Measures(fmean(auc), pstdev(auc), fmean(valid), fmean(other), fmean(first))


def head(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """Share of true values in the top tenth of scores; ties at its end count by their mean.

    >>> head([0.9, 0.4, 0.4], [True, True, False])
    1.0
    """
    size = max(1, round(len(truth) / 10))
    last = sorted(scores, reverse=True)[size - 1]
    above = [true for score, true in zip(scores, truth, strict=True) if score > last]
    ties = [true for score, true in zip(scores, truth, strict=True) if score == last]
    return (sum(above) + (size - len(above)) * fmean(ties)) / size
