"""Reads the rules of tagging that hold for all groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from wildcrawl.analysis.vocabulary.model import AgeRule, ProductRule, Reason, Rules, Support
from wildcrawl.items import AgeClaim, ProductType

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary.nodes import Faults, Node

RULES = (
    "characters",
    "spellings",
    "supports",
    "reasons",
    "negations",
    "states_before",
    "states_after",
    "harmless",
    "offers",
    "product_types",
    "no_product",
    "asides",
    "age_claims",
    "no_age",
    "acquired",
)
_REASON = ("label", "outcome", "against", "whole", "phrases", "words", "titles", "categories")
_SUPPORT = ("points", "words", "categories")
_PRODUCT = ("type", "words", "beside", "categories")
_AGE = ("claim", "words", "alone", "years")
_OUTCOMES = ("set_aside", "none")
_AGAINST = ("all", "bare", "codes")


def read_rules(entries: dict[str, Node], faults: Faults) -> Rules:
    """The rules of a file's top-level entries; what is missing is empty."""
    return Rules(
        characters=_characters(entries.get("characters"), faults),
        spellings={
            term: faults.words(node, f"spellings of {term}")
            for term, node in faults.mapping(entries.get("spellings"), "spellings").items()
        },
        supports=tuple(
            _support(name, node, faults)
            for name, node in faults.mapping(entries.get("supports"), "supports").items()
        ),
        reasons=tuple(
            _reason(name, node, faults)
            for name, node in faults.mapping(entries.get("reasons"), "reasons").items()
        ),
        negations=faults.words(entries.get("negations"), "negations"),
        states_before=faults.words(entries.get("states_before"), "states_before"),
        states_after=faults.words(entries.get("states_after"), "states_after"),
        harmless=faults.words(entries.get("harmless"), "harmless"),
        offers=faults.words(entries.get("offers"), "offers"),
        product_types=tuple(
            _product(node, faults)
            for node in faults.sequence(entries.get("product_types"), "product_types")
        ),
        no_product=faults.words(entries.get("no_product"), "no_product"),
        asides=faults.words(entries.get("asides"), "asides"),
        age_claims=tuple(
            _age(node, faults) for node in faults.sequence(entries.get("age_claims"), "age_claims")
        ),
        no_age=faults.words(entries.get("no_age"), "no_age"),
        acquired=faults.words(entries.get("acquired"), "acquired"),
    )


def _characters(node: Node | None, faults: Faults) -> dict[str, str]:
    found = {}
    for character, reading in faults.mapping(node, "characters").items():
        if len(character) != 1:
            faults.add(reading, f"'{character}' is not one character; use spellings for words")
        else:
            found[character] = faults.text(reading, f"the reading of {character}")
    return found


def _support(name: str, node: Node, faults: Faults) -> Support:
    what = f"support '{name}'"
    entries = faults.mapping(node, what, _SUPPORT)
    faults.required(node, entries, ("points",), what)
    return Support(
        name=name,
        points=faults.number(entries.get("points"), f"points of {what}"),
        words=faults.words(entries.get("words"), f"words of {what}"),
        categories=faults.words(entries.get("categories"), f"categories of {what}"),
    )


def _reason(name: str, node: Node, faults: Faults) -> Reason:
    what = f"reason '{name}'"
    entries = faults.mapping(node, what, _REASON)
    faults.required(node, entries, ("label", "outcome"), what)
    return Reason(
        name=name,
        label=faults.text(entries.get("label"), f"label of {what}"),
        outcome=faults.choice(entries.get("outcome"), "outcome", _OUTCOMES),
        against=faults.choice(entries.get("against"), "strength to be against", _AGAINST) or "all",
        phrases=faults.words(entries.get("phrases"), f"phrases of {what}"),
        words=faults.words(entries.get("words"), f"words of {what}"),
        titles=faults.words(entries.get("titles"), f"titles of {what}"),
        categories=faults.words(entries.get("categories"), f"categories of {what}"),
        whole=faults.choice(entries.get("whole"), "answer for whole", ("true", "false")) == "true",
    )


def _product(node: Node, faults: Faults) -> ProductRule:
    entries = faults.mapping(node, "a step of product_types", _PRODUCT)
    if entries:
        faults.required(node, entries, ("type",), "a step of product_types")
    return ProductRule(
        product_type=faults.choice(entries.get("type"), "product type", tuple(ProductType)),
        words=faults.words(entries.get("words"), "words of product_types"),
        beside=faults.words(entries.get("beside"), "beside of product_types"),
        categories=faults.words(entries.get("categories"), "categories of product_types"),
    )


def _age(node: Node, faults: Faults) -> AgeRule:
    entries = faults.mapping(node, "a step of age_claims", _AGE)
    if entries:
        faults.required(node, entries, ("claim",), "a step of age_claims")
    return AgeRule(
        claim=faults.choice(entries.get("claim"), "age claim", tuple(AgeClaim)),
        words=faults.words(entries.get("words"), "words of age_claims"),
        alone=faults.words(entries.get("alone"), "alone of age_claims"),
        years=_years(entries.get("years"), faults),
    )


def _years(node: Node | None, faults: Faults) -> tuple[int, int] | None:
    if node is None:
        return None
    members = faults.sequence(node, "years")
    numbers = [faults.number(each, "a year") for each in members]
    if isinstance(node, yaml.SequenceNode) and (len(numbers) != 2 or numbers[0] > numbers[1]):
        faults.add(node, "years must be two years, the first and the last: [1949, 2100]")
        return None
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None
