"""Whole numbers that add up."""

from __future__ import annotations

from collections.abc import Sequence


def spread(
    total: int, weights: Sequence[float], low: Sequence[int], high: Sequence[int]
) -> list[int]:
    """`total` in whole parts near to the proportions of `weights`, each within its bounds.

    ValueError if the bounds leave no way.

    >>> spread(10, [1, 1, 2], [0, 0, 0], [9, 2, 9])
    [3, 2, 5]
    """
    if not sum(low) <= total <= sum(high):
        raise ValueError(f"{total} is not within {sum(low)} to {sum(high)}")

    def parts(factor: float) -> list[int]:
        return [
            max(least, min(most, int(factor * weight)))
            for weight, least, most in zip(weights, low, high, strict=True)
        ]

    below, above = 0.0, 1.0
    while sum(parts(above)) < total and above < 1e12:
        above *= 2
    for _ in range(80):
        middle = (below + above) / 2
        below, above = (middle, above) if sum(parts(middle)) <= total else (below, middle)
    found = parts(below)
    rest = total - sum(found)
    by_fraction = sorted(
        range(len(found)), key=lambda each: -(below * weights[each] - int(below * weights[each]))
    )
    while rest:
        for each in by_fraction:
            if rest and found[each] < high[each]:
                found[each] += 1
                rest -= 1
    return found
