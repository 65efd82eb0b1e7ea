"""Aho-Corasick automaton of all words of the vocabulary, with their roles in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from operator import add, itemgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from wildcrawl.analysis.tagging.disguises import disguises
from wildcrawl.analysis.text import FIELD, Normaliser
from wildcrawl.analysis.vocabulary import Group, Reason, Support, Vocabulary
from wildcrawl.items import Strength

ANY_TERM = "…"
"""Placeholder for any term in a phrase."""
FIRST_EMOJI = "\U0001f000"
STRENGTHS = tuple(strength.value for strength in Strength)
"""From strong to weak. A hint is a code of a group without signs."""
APART = "mark"
"""Strength of an animal's name, which counts beside a word of remains alone."""
WEAK = ("code", "mark", "hint")
"""Strengths that need support."""


class Role:
    """Role of a word in a text: the index of its list of hits in a scan.

    Plain integers, since enum members are slow to read and a scan reads about twenty of them.
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
    HINT = 23
    SALE = 24
    HALF_HINT = 25
    REMAINS = 26
    CALL = 27
    PRODUCT_END = 28
    COUNT = 29


class Term(NamedTuple):
    """A term of a group; `strength` is one of STRENGTHS.

    `sole` is whether it counts in a text that names nothing else; `doubt` are points of support
    that it needs more than other code words; `plain` is whether it is a name that needs support;
    `apart` is whether it is an animal that counts near a word of remains, `pictured` whether it
    begins with an emoji, which must be in the text as such.
    """

    term: str
    group: str
    strength: str
    sole: bool = False
    doubt: int = 0
    plain: bool = False
    apart: bool = False
    pictured: bool = False


_DOUBT = {"high": 0, "medium": 0, "low": 2}


class Cover(NamedTuple):
    """A phrase that excludes the terms it covers; `group` limits it to one group ("": any)."""

    reason: Reason
    group: str


class AttributeStep(NamedTuple):
    """A word of one step of an attribute's rules; the lowest matching step decides."""

    step: int
    word: str


Value = object
Roles = tuple[tuple[int, Value], ...]


_AT_ONCE = 2000
"""Entries that are folded at once."""
_PAIR = 2
"""Characters of the shortest terms, which most longer ones contain."""


class Patterns:
    """The automaton, and the roles and values of each of its patterns."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.normaliser = Normaliser(vocabulary.rules.characters)
        roles = self._roles(vocabulary)
        # Terms and spellings first, so that an index below `terms` identifies them.
        # The texts themselves are not kept: they are in the automaton.
        terms: list[str] = []
        others: list[str] = []
        for text, given in roles.items():
            (terms if _termlike(given) else others).append(text)
        texts = terms + others
        self.terms = len(terms)
        self._shortest = _shortest(terms)
        self.entries = [roles[text] for text in texts]
        self.elsewhere = [
            given if _SHELVES.isdisjoint(map(itemgetter(0), given)) else _off_shelf(given)
            for given in self.entries
        ]
        """Roles and values of each pattern outside of the category."""
        # Before the automaton is built, which takes most memory.
        del roles, terms, others
        self.worded = [_worded(text) for text in texts]
        rules = vocabulary.rules
        units: dict[Support | None, tuple[str, ...]] = {one: one.units for one in rules.supports}
        units[None] = rules.quantities
        self.measures = [
            (_measure(self._folded(list(names))), support)
            for support, names in units.items()
            if names
        ]
        """Pattern of a number with its unit, for each support with units and for quantities."""
        self.marks = frozenset(
            (group.name, mark) for group in vocabulary.groups.values() for mark in group.marks
        )
        """Marks of the material of each group."""
        self.conditional = frozenset(
            step for step, rule in enumerate(rules.product_types) if rule.beside
        )
        """Steps of the product type of which the words need another one beside them."""
        self.negation_ends = frozenset(word[-1] for word in rules.negations)
        """Last characters of the negations, and first ones of the contrasts, for a quick look."""
        self.contrast_starts = frozenset(word[0] for word in rules.contrasts)
        # As fast as the DFA on texts of advertisements, which takes 48 MB for 25,000 patterns.
        small = Implementation.ContiguousNFA
        self._automaton = AhoCorasick(texts or ["\x02"], implementation=small)
        self.find = self._automaton.find_matches_as_indexes

    @cached_property
    def terms_in(self) -> Callable[[str], list[tuple[int, int, int]]]:
        """Finds whether a text has terms or spellings; built for the first text.

        Most texts have none, and all words of a text take five times as long.
        """
        small = Implementation.ContiguousNFA
        return AhoCorasick(self._shortest or ["\x02"], implementation=small).find_matches_as_indexes

    def _roles(self, vocabulary: Vocabulary) -> dict[str, Roles]:
        """Roles and values of each text."""
        # Tuples, since a dictionary for each of 25,000 texts takes 6 MB. Those that follow each
        # other are mostly equal, and are kept once.
        found: dict[str, Roles] = {}
        plain = {word: self.normaliser(word).text for word in vocabulary.rules.spellings}
        last: Roles = ()
        for folded, role, value in self._folded_entries(vocabulary):
            # A spelling that folding already resolves is not a disguise.
            if folded and not (role == Role.SPELLING and folded == plain[str(value)]):
                roles = found.get(folded, ())
                if (role, value) not in roles:
                    roles = (*roles, (role, value))
                    found[folded] = last = last if roles == last else roles
        return found

    def _folded_entries(self, vocabulary: Vocabulary) -> Iterator[tuple[str, int, Value]]:
        """The entries with their words folded: many at once, since all of them take 7 MB."""
        rest = entries(vocabulary)
        while some := list(islice(rest, _AT_ONCE)):
            folds = self._folded([word for word, _, _ in some])
            yield from ((folded, *entry[1:]) for folded, entry in zip(folds, some, strict=True))

    def _folded(self, words: list[str]) -> list[str]:
        """Each word as texts are matched with it, all folded at once, since each call costs."""
        text = self.normaliser(FIELD.join(word.replace(FIELD, " ") for word in words)).text
        return [folded.strip() for folded in text.split(FIELD)]


NUMERALS = "0-9一二两三四五六七八九十百半几"
PIECES = "个只对根支枝条件枚颗块张副套"
"""Measure words that count whole pieces."""


def _measure(units: Iterable[str]) -> re.Pattern[str]:
    """Pattern of a number with one of the units; a letter may not follow: 20mm, but not 20mmol.

    A size may (20mmx15mm).
    """
    choices = "|".join(map(re.escape, sorted(units, key=len, reverse=True)))
    # With the first numeral apart, the search skips all other characters fast.
    return re.compile(rf"[{NUMERALS}][{NUMERALS}]* ?(?:{choices})(?!(?!x[0-9])[a-z])")


_SHELVES = frozenset((Role.CATEGORY_REASON, Role.CATEGORY_PRODUCT))
"""Roles that a word has in the category alone."""


def _off_shelf(roles: Roles) -> Roles:
    return tuple(role for role in roles if role[0] not in _SHELVES)


_TERMLIKE = frozenset((Role.TERM, Role.SPELLING))


def _termlike(roles: Iterable[tuple[int, Value]]) -> bool:
    return not _TERMLIKE.isdisjoint(map(itemgetter(0), roles))


def _shortest(terms: list[str]) -> list[str]:
    """Terms of which one is in each text that has any term: those that hold no shorter one."""
    pairs = {term for term in terms if len(term) <= _PAIR}
    return [term for term in terms if term in pairs or pairs.isdisjoint(map(add, term, term[1:]))]


def _worded(text: str) -> bool:
    """Whether `text` has a letter or digit at an edge, so that it must be a whole word."""
    first, last = text[0], text[-1]
    return (first.isascii() and first.isalnum()) or (last.isascii() and last.isalnum())


def entries(vocabulary: Vocabulary) -> Iterator[tuple[str, int, Value]]:
    """Every word of the vocabulary with its role and value, in the order of the file."""
    rules = vocabulary.rules
    reasons = {reason.name: reason for reason in rules.reasons}
    for group in vocabulary.groups.values():
        yield from _group(group, reasons)
    for reason in rules.reasons:
        yield from _reason(reason)
    for spelling, variants in rules.spellings.items():
        spelt = dict.fromkeys((*variants, *disguises(spelling, rules)))
        yield from ((variant, Role.SPELLING, spelling) for variant in spelt)
    for support in rules.supports:
        yield from ((word, Role.SUPPORT, support) for word in support.words)
        yield from ((category, Role.CATEGORY_SUPPORT, support) for category in support.categories)
    for role, words in (
        (Role.HARMLESS, rules.harmless),
        (Role.OFFER, rules.offers),
        (Role.SALE, rules.sales),
        (Role.CALL, rules.calls),
        (Role.NO_PRODUCT, rules.no_product),
        (Role.NO_AGE, rules.no_age),
        (Role.ACQUIRED, rules.acquired),
        (Role.ASIDE, rules.asides),
    ):
        yield from ((word, role, word) for word in words)
    yield from _attributes(vocabulary)


def _group(group: Group, reasons: dict[str, Reason]) -> Iterator[tuple[str, int, Value]]:
    strengths = {
        keyword.term: "code" if keyword.ambiguous else "name" for keyword in group.keywords
    }
    plain = {word.term for word in group.keywords if word.kind == "name" and word.ambiguous}
    # An ambiguous name that is mostly legal in longer texts, such as 羚羊角.
    soles = {word.term for word in group.keywords if word.term in plain and not word.extreme}
    for strength, words in (
        ("mark", group.marks),
        ("name", group.names),
        ("bare", group.bare),
        ("code", group.codes),
    ):
        strengths |= dict.fromkeys(words, strength)
    apart = [name for animals in group.animals if animals.remains for name in animals.names]
    strengths = dict.fromkeys(apart, APART) | strengths
    for word, given in strengths.items():
        strength = "hint" if given == "code" and not group.signs else given
        own = Term(
            word, group.name, strength, word in soles, plain=word in plain, apart=word in apart
        )
        yield from ((spelt, Role.TERM, own) for spelt in _spelt(word, given))
    weak = "code" if group.signs else "hint"
    for reported in group.reported:
        if reported.word not in strengths:
            own = Term(reported.word, group.name, weak, doubt=_DOUBT[reported.sure])
            yield reported.word, Role.TERM, own
    for animals in group.animals:
        yield from ((word, Role.REMAINS, group.name) for word in animals.remains)
        strength = "hint" if animals.strength == "code" and not group.signs else animals.strength
        for word, term in animals.terms():
            if word not in strengths:
                yield (
                    word,
                    Role.TERM,
                    Term(term, group.name, strength, pictured=term >= FIRST_EMOJI),
                )
    for word in dict.fromkeys((*group.signs, *group.marks)):
        yield word, Role.SIGN, (group.name, word)
    for name, phrases in group.exclusions.items():
        yield from ((phrase, Role.COVER, Cover(reasons[name], group.name)) for phrase in phrases)


def _spelt(word: str, strength: str) -> tuple[str, ...]:
    """A term, and a code of letters letter by letter as well: H D H."""
    letters = strength == "code" and word.isascii() and word.isalpha()
    return (word, " ".join(word)) if letters else (word,)


def _reason(reason: Reason) -> Iterator[tuple[str, int, Value]]:
    for phrase in reason.phrases:
        if phrase.endswith(ANY_TERM):
            yield phrase.removesuffix(ANY_TERM), Role.BEFORE, reason
        elif phrase.startswith(ANY_TERM):
            yield phrase.removeprefix(ANY_TERM), Role.AFTER, reason
        else:
            yield phrase, Role.COVER, Cover(reason, "")
    yield from ((word, Role.WORD, reason) for word in reason.words)
    yield from ((word, Role.TITLE_WORD, reason) for word in reason.titles)
    yield from ((word, Role.HINT, reason) for word in reason.hints)
    yield from ((word, Role.HALF_HINT, reason) for word in reason.half_hints)
    yield from ((category, Role.CATEGORY_REASON, reason) for category in reason.categories)


def _attributes(vocabulary: Vocabulary) -> Iterator[tuple[str, int, Value]]:
    for step, product in enumerate(vocabulary.rules.product_types):
        yield from ((word, Role.PRODUCT, AttributeStep(step, word)) for word in product.words)
        yield from ((word, Role.BESIDE, step) for word in product.beside)
        yield from (
            (word.removeprefix(ANY_TERM), Role.PRODUCT_END, AttributeStep(step, word))
            for word in product.ends
        )
        yield from (
            (category, Role.CATEGORY_PRODUCT, AttributeStep(step, category))
            for category in product.categories
        )
    for step, age in enumerate(vocabulary.rules.age_claims):
        for word in age.words:
            if word.endswith(ANY_TERM):
                yield word.removesuffix(ANY_TERM), Role.AGE_BEFORE, AttributeStep(step, word)
            else:
                yield word, Role.AGE, AttributeStep(step, word)
        yield from ((word, Role.AGE_ALONE, AttributeStep(step, word)) for word in age.alone)
