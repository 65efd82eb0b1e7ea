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

FEWEST = 50
"""Verdicts needed for each side; fewer say more of chance than of advertisements."""
RARE = 2
"""Features of fewer advertisements than this are left out."""
INVERSE_PENALTY = 50.0
"""C of the L2 penalty on weights; chosen on the labelled advertisements."""
FOLDS = 5

Example = tuple[frozenset[str], bool]
"""The features of a judged advertisement, and whether it is valid."""


class TooFewVerdicts(ValueError):
    """Not enough verdicts to train on; the message says how many there are."""


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
    """A model of the judged among `ads`, whatever their order; TooFewVerdicts if too few."""
    chosen = judged(ads)
    model = fit([(features(ad), is_valid(ad)) for ad in chosen])
    verdicts = dict(sorted(Counter(str(ad.verdict) for ad in chosen).items()))
    return Model(model.weights, model.bias, verdicts)


def fit(examples: Sequence[Example]) -> Model:
    """A logistic regression with an L2 penalty over the examples' features."""
    seen = Counter(each for found, _ in examples for each in found)
    frequent = {each for each, number in seen.items() if number >= RARE}
    vectorizer = DictVectorizer()
    rows = vectorizer.fit_transform(
        dict.fromkeys(found & frequent, scale(found)) for found, _ in examples
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
    """Orders each fold of the judged `ads` by a model of the other folds.

    No seller is in two folds, or the model would be tested on what it has seen.
    TooFewVerdicts if they are too few, or come from too few sellers.
    """
    chosen = judged(ads)
    examples = [(features(ad), is_valid(ad)) for ad in chosen]
    learned, plain = [], []
    for fold in split(chosen, folds):
        held_out = set(fold)
        model = fit([each for i, each in enumerate(examples) if i not in held_out])
        truth = [examples[i][1] for i in fold]
        learned.append(_measure([model.score_of(examples[i][0]) for i in fold], truth))
        plain.append(_measure([tagger_score(chosen[i]) for i in fold], truth))
    valid = sum(map(is_valid, chosen))
    return Validation(valid, len(chosen) - valid, folds, _mean(learned), _mean(plain))


def split(ads: Sequence[Advertisement], folds: int) -> list[list[int]]:
    """The positions of `ads` in folds that hold both sides and share no seller; always the same."""
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
            f"the verdicts come from too few sellers to test a ranking on others: {folds} parts "
            "are needed, each with advertisements judged valid and others, and no seller in two"
        )
    return positions


def judged(ads: Iterable[Advertisement]) -> list[Advertisement]:
    """Those that a person has judged, by site and ad_id; TooFewVerdicts if either side is small."""
    chosen = [ad for ad in ads if ad.verdict not in ("", Verdict.PENDING)]
    chosen.sort(key=lambda ad: (ad.site, ad.ad_id))
    valid = sum(map(is_valid, chosen))
    other = len(chosen) - valid
    if min(valid, other) < FEWEST:
        raise TooFewVerdicts(
            f"a ranking is learned from at least {FEWEST} advertisements judged valid and {FEWEST} "
            f"judged irrelevant or fake; the store has {valid} and {other}. Until then the "
            "tagger's strength orders the queue"
        )
    return chosen


def is_valid(ad: Advertisement) -> bool:
    """Whether a person judged it valid (against irrelevant or fake)."""
    return ad.verdict == Verdict.VALID


def _seller(ad: Advertisement) -> str:
    """Whose advertisement it is; without a seller, those of the same title belong together."""
    seller = ad.seller_id or ad.seller
    return f"{ad.site}\0{seller}" if seller else f"\0{ad.title or ad.ad_id}"


def _measure(scores: Sequence[float], truth: Sequence[bool]) -> tuple[float, ...]:
    return (
        roc_auc_score(truth, scores),
        average_precision_score(truth, scores),
        average_precision_score([not each for each in truth], [-each for each in scores]),
        head(scores, truth),
    )


def _mean(measured: Iterable[tuple[float, ...]]) -> Measures:
    auc, valid, other, first = (list(map(float, each)) for each in zip(*measured, strict=True))
    return Measures(fmean(auc), pstdev(auc), fmean(valid), fmean(other), fmean(first))


def head(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """The share of true ones in the first tenth; of ties at its end, the mean.

    >>> head([0.9, 0.4, 0.4], [True, True, False])
    1.0
    """
    size = max(1, round(len(truth) / 10))
    last = sorted(scores, reverse=True)[size - 1]
    above = [true for score, true in zip(scores, truth, strict=True) if score > last]
    ties = [true for score, true in zip(scores, truth, strict=True) if score == last]
    return (sum(above) + (size - len(above)) * fmean(ties)) / size
