"""Aho-Corasick automaton of every word of the vocabulary, each with its roles in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from wildcrawl.analysis.text import Normaliser
from wildcrawl.items import Strength

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Group, Reason, Vocabulary

ANY_TERM = "…"
STRENGTHS = (*(each.value for each in Strength), "hint")
"""From strong to weak; a hint is a code of a group without signs: it never counts by itself."""
WEAK = ("code", "mark", "hint")


class Role:
    """Role of a word in a text, as the index of the list of a scan that its hits go to.

    Plain integers: a scan reads them some twenty times an advertisement, and an enum is slow.
    """

    TERM = 0
    SPELLING = 1
    COVER = 2
    BEFORE = 3
    AFTER = 4
    SIGN = 5
    SUPPORT = 6
    WORD = 7
    CATEGORY_REASON = 8
    CATEGORY_SUPPORT = 9
    HARMLESS = 10
    OFFER = 11
    PRODUCT = 12
    CATEGORY_PRODUCT = 13
    NO_PRODUCT = 14
    AGE = 15
    AGE_ALONE = 16
    AGE_BEFORE = 17
    NO_AGE = 18
    TITLE_WORD = 19
    BESIDE = 20
    ACQUIRED = 21
    ASIDE = 22
    COUNT = 23


class Term(NamedTuple):
    """A term of a group; `strength` is one of STRENGTHS."""

    term: str
    group: str
    strength: str


class Cover(NamedTuple):
    """A phrase that excludes the terms it covers: those of one group, or ("") of any."""

    reason: Reason
    group: str


class Step(NamedTuple):
    """A word of one step of an attribute's rules; the lowest step found decides."""

    step: int
    word: str


Value = object


class Patterns:
    """The automaton, and the meaning of each of its patterns."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.normaliser = Normaliser(vocabulary.rules.characters)
        found: dict[str, dict[tuple[int, Value], None]] = {}
        for word, role, value in _entries(vocabulary):
            folded = self.normaliser(word).text.strip()
            # A spelling that folding alone makes plain is not a disguise.
            plain = role == Role.SPELLING and folded == self.normaliser(str(value)).text
            if folded and not plain:
                found.setdefault(folded, {})[role, value] = None
        # Terms and spellings first, so that an index below `terms` identifies them.
        ordered = sorted(found.items(), key=lambda each: not _termlike(each[1]))
        self.texts = [text for text, _ in ordered]
        self.terms = sum(_termlike(roles) for _, roles in ordered)
        self.entries = [tuple(roles) for _, roles in ordered]
        self.worded = [_worded(each) for each in self.texts]
        self._automaton = AhoCorasick(self.texts or ["\x02"], implementation=Implementation.DFA)
        self.find = self._automaton.find_matches_as_indexes


def _termlike(roles: Iterable[tuple[int, Value]]) -> bool:
    return any(role in (Role.TERM, Role.SPELLING) for role, _ in roles)


def _worded(text: str) -> bool:
    """Whether a letter stands at an edge of `text`, so that it must be a whole word."""
    return any(each.isascii() and each.isalnum() for each in (text[0], text[-1]))


def _entries(vocabulary: Vocabulary) -> Iterator[tuple[str, int, Value]]:
    rules = vocabulary.rules
    reasons = {each.name: each for each in rules.reasons}
    for group in vocabulary.groups.values():
        yield from _group(group, reasons)
    for reason in rules.reasons:
        yield from _reason(reason)
    for spelling, variants in rules.spellings.items():
        yield from ((each, Role.SPELLING, spelling) for each in variants)
    for support in rules.supports:
        yield from ((each, Role.SUPPORT, support) for each in support.words)
        yield from ((each, Role.CATEGORY_SUPPORT, support) for each in support.categories)
    for role, words in (
        (Role.HARMLESS, rules.harmless),
        (Role.OFFER, rules.offers),
        (Role.NO_PRODUCT, rules.no_product),
        (Role.NO_AGE, rules.no_age),
        (Role.ACQUIRED, rules.acquired),
        (Role.ASIDE, rules.asides),
    ):
        yield from ((each, role, each) for each in words)
    yield from _attributes(vocabulary)


def _group(group: Group, reasons: dict[str, Reason]) -> Iterator[tuple[str, int, Value]]:
    strengths = {each.term: "code" if each.ambiguous else "name" for each in group.keywords}
    for strength, words in (
        ("mark", group.marks),
        ("name", group.names),
        ("bare", group.bare),
        ("code", group.codes),
    ):
        strengths |= dict.fromkeys(words, strength)
    for word, given in strengths.items():
        strength = "hint" if given == "code" and not group.signs else given
        yield word, Role.TERM, Term(word, group.name, strength)
    for word in dict.fromkeys((*group.signs, *group.marks)):
        yield word, Role.SIGN, (group.name, word)
    for name, phrases in group.exclusions.items():
        yield from ((each, Role.COVER, Cover(reasons[name], group.name)) for each in phrases)


def _reason(reason: Reason) -> Iterator[tuple[str, int, Value]]:
    for phrase in reason.phrases:
        if phrase.endswith(ANY_TERM):
            yield phrase.removesuffix(ANY_TERM), Role.BEFORE, reason
        elif phrase.startswith(ANY_TERM):
            yield phrase.removeprefix(ANY_TERM), Role.AFTER, reason
        else:
            yield phrase, Role.COVER, Cover(reason, "")
    yield from ((each, Role.WORD, reason) for each in reason.words)
    yield from ((each, Role.TITLE_WORD, reason) for each in reason.titles)
    yield from ((each, Role.CATEGORY_REASON, reason) for each in reason.categories)


def _attributes(vocabulary: Vocabulary) -> Iterator[tuple[str, int, Value]]:
    for step, product in enumerate(vocabulary.rules.product_types):
        yield from ((each, Role.PRODUCT, Step(step, each)) for each in product.words)
        yield from ((each, Role.BESIDE, step) for each in product.beside)
        yield from ((each, Role.CATEGORY_PRODUCT, Step(step, each)) for each in product.categories)
    for step, age in enumerate(vocabulary.rules.age_claims):
        for word in age.words:
            if word.endswith(ANY_TERM):
                yield word.removesuffix(ANY_TERM), Role.AGE_BEFORE, Step(step, word)
            else:
                yield word, Role.AGE, Step(step, word)
        yield from ((each, Role.AGE_ALONE, Step(step, each)) for each in age.alone)
