"""Own titles: advertisements' own pages that all show one title, which is another page's."""

from __future__ import annotations

from collections import Counter

ENOUGH = 6
"""Own pages with the same title from which on it is not chance."""
MOST = 0.5
"""Share of the own pages that they must make up."""


class OwnTitlesDetector:
    """Compares the titles of advertisements' own pages with those in the results."""

    def __init__(self) -> None:
        self.read = 0
        self._shown: Counter[str] = Counter()
        self._in_results: dict[str, set[str]] = {}

    def add(self, in_results: str, own: str) -> None:
        """Records an own page with its title, and the title in the results."""
        if not (own and in_results):
            return
        self.read += 1
        self._shown[own] += 1
        self._in_results.setdefault(own, set()).add(in_results)

    def message(self) -> str:
        """A sentence if most own pages show one title for different advertisements, else ""."""
        if not self._shown:
            return ""
        title, number = self._shown.most_common(1)[0]
        different = len(self._in_results[title])
        if number < ENOUGH or different < ENOUGH or number <= MOST * self.read:
            return ""
        return (
            f"{number} of {self.read} advertisements' own pages show the title '{title[:40]}', "
            f"where the results show {different} different ones; check title in detail, and "
            "detail_url"
        )
