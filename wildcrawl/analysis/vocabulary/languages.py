"""Further languages of keywords.yaml, and combinations of animals and parts, as model classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from wildcrawl.analysis.vocabulary.model import (
    AgeRule,
    Animals,
    Group,
    Language,
    ProductRule,
    Rules,
    Vocabulary,
)

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary.schema import (
        AnimalsEntry,
        File,
        LanguageEntry,
        LanguageGroup,
    )

Words = tuple[str, ...]


def combined(entry: AnimalsEntry, section: File | LanguageEntry) -> Animals:
    """Animals and parts of an entry with the joints of the file or language that it is in."""
    # The lists under parts: are in Chinese, so that the parts of a language are words.
    lists: Mapping[str, Words] = section.get("parts", {})  # type: ignore[assignment]
    words = (word for part in entry["parts"] for word in lists.get(part, (part,)))
    remains: Mapping[str, Words] = section.get("remains", {})  # type: ignore[assignment]
    shown = entry["parts"] if entry.get("apart", False) else ()
    return Animals(
        names=entry["names"],
        parts=tuple(dict.fromkeys(words)),
        without=entry.get("without", ()),
        strength=entry.get("strength", "name"),
        joints=section.get("joints", ()),
        remains=tuple(word for part in shown for word in remains.get(part, ())),
    )


def with_language(vocabulary: Vocabulary, code: str, language: LanguageEntry) -> Vocabulary:
    """The vocabulary with the terms and rules of a further language added to its own."""
    groups = dict(vocabulary.groups)
    terms: dict[str, frozenset[str]] = {}
    for name, entry in language["groups"].items():
        groups[name], terms[name] = _with_terms(groups[name], entry, language)
    known = Language(
        code, language["label"], language["reviewed"], terms, tuple(language.get("sources", ()))
    )
    rules = _with_rules(vocabulary.rules, language)
    return Vocabulary(groups, rules, (*vocabulary.languages, known))


def _with_terms(
    group: Group, entry: LanguageGroup, language: LanguageEntry
) -> tuple[Group, frozenset[str]]:
    """A group with the terms of a language, and these terms."""
    animals = tuple(combined(one, language) for one in entry.get("animals", ()))
    exclusions = dict(group.exclusions)
    for reason, phrases in entry.get("exclusions", {}).items():
        exclusions[reason] = _joined(exclusions.get(reason, ()), phrases)
    names, codes = entry.get("names", ()), entry.get("codes", ())
    made = (term for one in animals for _, term in one.terms())
    extended = replace(
        group,
        names=_joined(group.names, names),
        codes=_joined(group.codes, codes),
        signs=_joined(group.signs, entry.get("signs", ())),
        animals=(*group.animals, *animals),
        exclusions=exclusions,
    )
    return extended, frozenset((*names, *codes, *made))


def _with_rules(rules: Rules, language: LanguageEntry) -> Rules:
    added = language.get("reasons", {})
    reasons = tuple(
        replace(
            reason,
            words=_joined(reason.words, added[reason.name].get("words", ())),
            titles=_joined(reason.titles, added[reason.name].get("titles", ())),
        )
        if reason.name in added
        else reason
        for reason in rules.reasons
    )
    products = tuple(
        ProductRule(
            entry["type"],
            entry.get("words", ()),
            entry.get("beside", ()),
            entry.get("categories", ()),
        )
        for entry in language.get("product_types", ())
    )
    ages = tuple(
        AgeRule(entry["claim"], entry.get("words", ()), entry.get("alone", ()), entry.get("years"))
        for entry in language.get("age_claims", ())
    )
    return replace(
        rules,
        reasons=reasons,
        product_types=(*rules.product_types, *products),
        age_claims=(*rules.age_claims, *ages),
    )


def _joined(words: Words, more: Words) -> Words:
    return tuple(dict.fromkeys((*words, *more)))
