"""What the tagger makes of one advertisement."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from wildcrawl.items import Relevance


class Match(NamedTuple):
    """One term found in one field.

    `start` and `end` are positions in the original field, `text` what stands there;
    `strength` is name, bare, code or spelling; `supports` are the words that speak for it,
    `excluded_by` says why it does not count ("" if it does).
    """

    field: str
    start: int
    end: int
    text: str
    term: str
    group: str
    strength: str
    supports: tuple[str, ...] = ()
    excluded_by: str = ""


class Tagging:
    """The tagger's reading; `species` has the primary group first.

    `product_type` and `age_claim` are empty where nothing is said, `reason` says why the
    relevance is what it is, `terms` are the matched terms as keywords.yaml writes them.
    `matches` explains each of them; it is worked out when it is first asked for.
    """

    __slots__ = (
        "_explain",
        "_matches",
        "age_claim",
        "product_type",
        "reason",
        "relevance",
        "species",
        "terms",
    )

    def __init__(
        self,
        relevance: Relevance,
        reason: str,
        species: tuple[str, ...] = (),
        product_type: str = "",
        age_claim: str = "",
        terms: tuple[str, ...] = (),
        explain: Callable[[], tuple[Match, ...]] | None = None,
    ) -> None:
        self.relevance = relevance
        self.reason = reason
        self.species = species
        self.product_type = product_type
        self.age_claim = age_claim
        self.terms = terms
        self._explain = explain
        self._matches: tuple[Match, ...] | None = None

    @property
    def matches(self) -> tuple[Match, ...]:
        """Every term found, with its place, supports and exclusion."""
        if self._matches is None:
            self._matches = self._explain() if self._explain else ()
        return self._matches

    def __repr__(self) -> str:
        return f"Tagging({self.relevance}, {self.reason!r}, {self.species}, {self.terms})"
