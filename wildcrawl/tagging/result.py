"""What the tagger makes of one advertisement."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
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


class Tagging(NamedTuple):
    """The tagger's reading; `species` has the primary group first.

    `product_type` and `age_claim` are empty where nothing is said, `reason` says why the
    relevance is what it is, `terms` are the matched terms as keywords.yaml writes them.
    """

    relevance: Relevance
    reason: str = ""
    species: tuple[str, ...] = ()
    product_type: str = ""
    age_claim: str = ""
    terms: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
