"""How well a ranking orders verdicts that it has not seen."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from wildcrawl.review.features import features
from wildcrawl.review.strength import tagger_score
from wildcrawl.review.training import TooFewVerdicts, check_enough, fit, is_valid, judged

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement

FOLDS = 5


@dataclass(frozen=True)
class Measures:
    """How well one way of ordering does: means over the folds, 0 to 1.

    `auc`: how often a valid advertisement stands above another one (0.5 is chance); `spread` is
    its standard deviation. `valid`, `other`: average precision of either side; `head`: how many
    of the first tenth are valid.
    """

    auc: float
    spread: float
    valid: float
    other: float
    head: float


@dataclass(frozen=True)
class Validation:
    """What cross-validation says, with the numbers it rests on."""

    valid: int
    other: int
    folds: int
    learned: Measures
    strength: Measures

    @property
    def better(self) -> bool:
        """Whether the learned order beats that of the tagger's strength."""
        return self.learned.auc > self.strength.auc


def cross_validate(ads: Iterable[Advertisement], folds: int = FOLDS) -> Validation:
    """Orders each part of the judged `ads` by what the other parts teach.

    One seller's advertisements stay in one part, or the model would be asked what it was told.
    TooFewVerdicts if they are too few, or come from too few sellers.
    """
    chosen = judged(ads)
    check_enough(chosen)
    parts = split(chosen, folds)
    marks = [features(ad) for ad in chosen]
    labels = [is_valid(ad) for ad in chosen]
    learned, plain = [], []
    for part in parts:
        held_out = set(part)
        model = fit([(marks[i], labels[i]) for i in range(len(chosen)) if i not in held_out])
        truth = [labels[i] for i in part]
        learned.append(_measure([model.score_of(marks[i]) for i in part], truth))
        plain.append(_measure([tagger_score(chosen[i]) for i in part], truth))
    valid = sum(labels)
    return Validation(valid, len(chosen) - valid, folds, _mean(learned), _mean(plain))


def split(ads: Sequence[Advertisement], folds: int) -> list[list[int]]:
    """The positions of `ads` in parts that hold both sides and share no seller; always the same."""
    by_seller: dict[str, list[int]] = defaultdict(list)
    for position, ad in enumerate(ads):
        by_seller[_seller(ad)].append(position)
    groups = sorted(by_seller, key=lambda each: (-len(by_seller[each]), _shuffled(each)))
    parts: list[list[int]] = [[] for _ in range(folds)]
    held = [[0, 0] for _ in range(folds)]
    for group in groups:
        valid = sum(is_valid(ads[each]) for each in by_seller[group])
        side = int(2 * valid >= len(by_seller[group]))
        chosen = min(range(folds), key=lambda each: (held[each][side], len(parts[each]), each))
        parts[chosen] += by_seller[group]
        held[chosen][1] += valid
        held[chosen][0] += len(by_seller[group]) - valid
    if any(not (other and valid) for other, valid in held):
        raise TooFewVerdicts(
            f"the verdicts come from too few sellers to try a ranking on others: {folds} parts "
            "are needed, each with advertisements judged valid and others, and no seller in two"
        )
    return [sorted(part) for part in parts]


def _seller(ad: Advertisement) -> str:
    """Whose advertisement it is; without a seller, those of the same title belong together."""
    seller = ad.seller_id or ad.seller
    return f"{ad.site}\0{seller}" if seller else f"\0{ad.title or ad.ad_id}"


def _shuffled(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _measure(scores: Sequence[float], truth: Sequence[bool]) -> tuple[float, ...]:
    return (
        auc(scores, truth),
        average_precision(scores, truth),
        average_precision([-each for each in scores], [not each for each in truth]),
        _head(scores, truth),
    )


def _mean(measured: list[tuple[float, ...]]) -> Measures:
    ranks, valid, other, head = zip(*measured, strict=True)
    return Measures(fmean(ranks), pstdev(ranks), fmean(valid), fmean(other), fmean(head))


def auc(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """The share of pairs, one of each side, in which the true one scores higher; ties are half.

    >>> auc([0.9, 0.4, 0.4], [True, True, False])
    0.75
    """
    below: float = 0
    others = 0
    for same in _ties(scores, truth):
        false = len(same) - sum(same)
        below += sum(same) * (others + false / 2)
        others += false
    return below / (others * (len(truth) - others))


def average_precision(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """The mean of the precisions at each true one, best first; ties stand at one place.

    >>> average_precision([0.9, 0.8, 0.1], [True, False, True])
    0.8333333333333333
    """
    total: float = 0
    read = true = 0
    for same in reversed(_ties(scores, truth)):
        read += len(same)
        true += sum(same)
        total += sum(same) * true / read
    return total / true


def _head(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """The share of true ones in the first tenth; of a tie that reaches over its end, the mean."""
    size = max(1, round(len(truth) / 10))
    left, true = size, 0.0
    for same in reversed(_ties(scores, truth)):
        taken = min(left, len(same))
        true += sum(same) * taken / len(same)
        left -= taken
        if not left:
            break
    return true / size


def _ties(scores: Sequence[float], truth: Sequence[bool]) -> list[list[bool]]:
    """The truths by score, lowest first, those of one score together."""
    by_score: dict[float, list[bool]] = defaultdict(list)
    for score, each in zip(scores, truth, strict=True):
        by_score[score].append(each)
    return [by_score[score] for score in sorted(by_score)]
