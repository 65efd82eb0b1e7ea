"""Training of the ranking model on verdicts, and its cross-validation; needs scikit-learn."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import heappush, heappushpop
from statistics import fmean, pstdev
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from wildcrawl.items import Advertisement, Verdict
from wildcrawl.review.ranking import Model, features, scale, tagger_score
from wildcrawl.store.forgotten import is_forgotten

FEWEST = 50
"""Minimum verdicts of each side; fewer would train on chance."""
MOST = 20_000
"""Verdicts that are learned from; more would take memory without end, and order hardly better."""
RARE = 2
"""Minimum advertisements of a feature; rarer features are ignored."""
INVERSE_PENALTY = 50.0
"""C of the L2 penalty on weights; chosen on the labelled advertisements."""
FOLDS = 5
"""Parts of the cross-validation."""

_PLACES = 1 << 24
"""Places in which features are counted before any has a column."""

Example = tuple[frozenset[str], bool]
"""The features of a judged advertisement, and whether it is valid."""


class TooFewVerdicts(ValueError):
    """Raised if there are too few verdicts to train on; the message says how many there are."""


class OrderMeasures(NamedTuple):
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
    learned: OrderMeasures
    strength: OrderMeasures

    @property
    def better(self) -> bool:
        """Whether the learned order beats that of the tagger's strength."""
        return self.learned.auc > self.strength.auc


def train(ads: Iterable[Advertisement]) -> Model:
    """Model trained on the judged ones of `ads`, in any order; TooFewVerdicts if too few."""
    return learn(judged(ads))


def learn(chosen: Sequence[Advertisement]) -> Model:
    """Model trained on `chosen`, all judged and in the order of `judged`."""
    table = table_of(lambda: map(features, chosen))
    model = table.fit([is_valid(ad) for ad in chosen])
    verdicts = dict(sorted(Counter(str(ad.verdict) for ad in chosen).items()))
    return Model(model.weights, model.bias, verdicts)


def fit(examples: Sequence[Example]) -> Model:
    """Logistic regression with an L2 penalty over the examples' features."""
    table = table_of(lambda: (known for known, _ in examples))
    return table.fit([valid for _, valid in examples])


@dataclass(frozen=True)
class FeatureMatrix:
    """The features of examples as a sparse matrix, a row each; `names` are those of the columns.

    Features of a single example have no column, but count for the length of its row.
    """

    rows: Any
    names: Sequence[str]

    def fit(self, labels: Sequence[bool], chosen: Sequence[int] | None = None) -> Model:
        """Model of the examples, or of those at the positions `chosen`."""
        rows = self.rows if chosen is None else self.rows[list(chosen)]
        frequent = np.flatnonzero(rows.getnnz(axis=0) >= RARE)
        rows = rows[:, frequent]
        regression = LogisticRegression(C=INVERSE_PENALTY, max_iter=1_000)
        regression.fit(rows, list(labels))
        weights = {
            self.names[int(column)]: round(float(weight), 4)
            for column, weight in zip(frequent, regression.coef_[0], strict=True)
        }
        bias = round(float(regression.intercept_[0]), 4)
        return Model({name: weight for name, weight in weights.items() if weight}, bias)

    def scores(self, model: Model, chosen: Sequence[int]) -> list[float]:
        """The order that a model gives to the examples at the positions `chosen`."""
        weights = np.array([model.weights.get(name, 0.0) for name in self.names])
        return [float(score) for score in self.rows[list(chosen)] @ weights]


def table_of(examples: Callable[[], Iterable[frozenset[str]]]) -> FeatureMatrix:
    """The table of the features that `examples` gives, which is called twice.

    The texts of all features of all examples would take many times the memory of the matrix.
    """
    seen = np.zeros(_PLACES, np.uint8)
    for known in examples():
        places = np.unique(np.fromiter((hash(name) % _PLACES for name in known), np.int64))
        seen[places] += seen[places] < RARE
    columns: dict[str, int] = {}
    indices, lengths, values = array("i"), array("q", [0]), array("d")
    for known in examples():
        # A place that two rare features share lets both in; `fit` counts exactly.
        frequent = [name for name in known if seen[hash(name) % _PLACES] >= RARE]
        indices.extend(columns.setdefault(name, len(columns)) for name in frequent)
        values.extend([scale(known)] * len(frequent))
        lengths.append(len(indices))
    # By name, so that the same examples give the same model whatever the order of sets.
    names = sorted(columns)
    places = np.empty(len(columns), np.int32)
    places[[columns[name] for name in names]] = np.arange(len(columns), dtype=np.int32)
    shape = (len(lengths) - 1, len(names))
    rows = csr_matrix((np.array(values), places[np.array(indices)], np.array(lengths)), shape)
    rows.sort_indices()
    return FeatureMatrix(rows, names)


def cross_validate(ads: Iterable[Advertisement], folds: int = FOLDS) -> Validation:
    """Validation of models that order each fold and are trained on the other folds.

    No seller is in two folds, or the model would be tested on known texts. TooFewVerdicts if the
    verdicts are too few, or come from too few sellers.
    """
    chosen = judged(ads)
    labels = [is_valid(ad) for ad in chosen]
    parts = split(chosen, folds)
    table = table_of(lambda: map(features, chosen))
    learned, plain = [], []
    for fold in parts:
        held_out = set(fold)
        others = [position for position in range(len(chosen)) if position not in held_out]
        model = table.fit([labels[position] for position in others], others)
        truth = [labels[position] for position in fold]
        learned.append(_measure(table.scores(model, fold), truth))
        plain.append(_measure([tagger_score(chosen[position]) for position in fold], truth))
    valid = sum(labels)
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


class TrainingSet(list[Advertisement]):
    """Judged advertisements by site and ad_id; `of` is how many there are, with those not drawn."""

    of = 0


def judged(ads: Iterable[Advertisement], most: int = MOST) -> TrainingSet:
    """The judged ones of `ads`; TooFewVerdicts if either side has too few.

    Of more than `most` that many are drawn by lot, the same ones each time.
    """
    sides = Counter[bool]()
    drawn: list[tuple[int, int, Advertisement]] = []
    for number, ad in enumerate(ads):
        # A forgotten one has a verdict, and no text to learn from.
        if ad.verdict in ("", Verdict.PENDING) or is_forgotten(ad.ad_id):
            continue
        sides[is_valid(ad)] += 1
        keep = heappush if len(drawn) < most else heappushpop
        keep(drawn, (-_lot(ad), number, ad))
    if min(sides[True], sides[False]) < FEWEST:
        raise TooFewVerdicts(
            f"a ranking needs at least {FEWEST} advertisements judged valid and {FEWEST} "
            f"judged irrelevant or fake; the store has {sides[True]} and {sides[False]}. Judge "
            "more; until then the tagger's strength orders the queue"
        )
    chosen = TrainingSet(sorted((ad for *_, ad in drawn), key=lambda ad: (ad.site, ad.ad_id)))
    chosen.of = ads.of if isinstance(ads, TrainingSet) else sides.total()
    return chosen


def _lot(ad: Advertisement) -> int:
    return int.from_bytes(sha256(f"{ad.site}\0{ad.ad_id}".encode()).digest()[:8])


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


def _mean(measured: Iterable[tuple[float, ...]]) -> OrderMeasures:
    auc, valid, other, first = (list(map(float, values)) for values in zip(*measured, strict=True))
    return OrderMeasures(fmean(auc), pstdev(auc), fmean(valid), fmean(other), fmean(first))


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
