"""Cohen's kappa: agreement of two persons beyond chance, with a 95% interval.

Sources: Cohen 1960 (kappa); Fleiss, Cohen and Everitt 1969 (its variance); Wilson 1927 (interval
of a share).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

Z = 1.959964
"""The 97.5% point of the normal distribution."""


class Kappa(NamedTuple):
    """Kappa of one table, its variance, and the agreement that chance alone gives."""

    value: float
    variance: float
    expected: float


@dataclass(frozen=True)
class Agreement:
    """Agreement on `sample` advertisements that two persons judged independently.

    `kappa`, `low` and `high` (a 95% interval) are None if kappa is not defined: without a sample,
    or if every verdict is the same, so that chance alone agrees always. `low` and `high` are None
    too if the variance is 0 though the persons disagree, as with one advertisement.
    """

    sample: int
    agreed: int
    kappa: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def share(self) -> float | None:
        """The share on which both gave the same verdict, from 0 to 1; None without a sample."""
        return self.agreed / self.sample if self.sample else None


def agreement_of(looks: Iterable[tuple[str, str, str, str]]) -> Agreement:
    """Agreement over (name, verdict, other name, other verdict), one for each advertisement.

    With more than two persons, kappa is the mean of the kappas of each two of them, weighted by
    the number of advertisements and the agreement that is left to reach beyond chance.
    """
    by_persons: defaultdict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for name, verdict, other, other_verdict in looks:
        # One order of the two, whoever judged first.
        (first, given), (second, later) = sorted([(name, verdict), (other, other_verdict)])
        by_persons[first, second][given, later] += 1
    sample = sum(counts.total() for counts in by_persons.values())
    agreed = sum(
        number
        for counts in by_persons.values()
        for (given, later), number in counts.items()
        if given == later
    )
    weight = mean = variance = 0.0
    for counts in by_persons.values():
        kappa = kappa_of(_table(counts))
        if kappa is None:
            continue
        each = counts.total() * (1 - kappa.expected)
        weight += each
        mean += each * kappa.value
        variance += each**2 * kappa.variance
    if not weight:
        return Agreement(sample, agreed)
    value, error = mean / weight, sqrt(variance) / weight
    if not error and agreed < sample:
        return Agreement(sample, agreed, value)
    low, high = value - Z * error, min(value + Z * error, 1.0)
    if agreed == sample:
        # The variance is 0 then, whatever the size of the sample; that of the share is not.
        low = 1 - (1 - wilson_low(agreed, sample)) * sample / weight
    return Agreement(sample, agreed, value, max(low, -1.0), high)


def kappa_of(table: Sequence[Sequence[int]]) -> Kappa | None:
    """Kappa of a square table of counts, rows one person's verdicts and columns the other's.

    None for an empty table, and if both persons gave one and the same verdict throughout.
    """
    number = sum(map(sum, table))
    if not number:
        return None
    size = range(len(table))
    share = [[cell / number for cell in row] for row in table]
    rows = [sum(share[i]) for i in size]
    columns = [sum(share[i][j] for i in size) for j in size]
    observed = sum(share[i][i] for i in size)
    expected = sum(rows[i] * columns[i] for i in size)
    left = 1 - expected
    if left < 1e-12:
        return None
    same = sum(share[i][i] * (left - (rows[i] + columns[i]) * (1 - observed)) ** 2 for i in size)
    others = sum(share[i][j] * (columns[i] + rows[j]) ** 2 for i in size for j in size if i != j)
    rest = (observed * expected - 2 * expected + observed) ** 2
    variance = (same + (1 - observed) ** 2 * others - rest) / (number * left**4)
    return Kappa((observed - expected) / left, max(variance, 0.0), expected)


def wilson_low(successes: int, number: int) -> float:
    """Lower limit of Wilson's 95% interval of a share."""
    share, square = successes / number, Z**2
    middle = share + square / (2 * number)
    spread = Z * sqrt(share * (1 - share) / number + square / (4 * number**2))
    return (middle - spread) / (1 + square / number)


def _table(counts: Counter[tuple[str, str]]) -> list[list[int]]:
    verdicts = sorted({verdict for both in counts for verdict in both})
    return [[counts[row, column] for column in verdicts] for row in verdicts]
