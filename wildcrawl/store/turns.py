"""Pauses between attempts to write, for processes that wait for each other.

Who has waited longest asks most often, so that all get their turn, and those who have just come do
not keep the one that writes from writing.
"""

from __future__ import annotations

import random

LONGEST, SHORTEST = 0.03, 0.003
"""Seconds between two attempts: at first, and after long waiting."""
_AGE = 0.1
"""Seconds of waiting after which the pause is half of the longest."""


def pause(waited: float) -> float:
    """Seconds until the next attempt, of a writer that has waited for `waited` seconds."""
    longest = max(SHORTEST, LONGEST / (1 + waited / _AGE))
    return random.uniform(longest / 2, longest)  # noqa: S311 (not for secrets)
