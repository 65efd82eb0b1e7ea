"""Vocabulary classes: species groups, keywords and tagging rules, as read from keywords.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from wildcrawl.months import check_month
from wildcrawl.utils import did_you_mean

Words = tuple[str, ...]


class VocabularyError(ValueError):
    """keywords.yaml is faulty, or a group or term was asked for that it does not have."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A search term; `since` is the month (YYYY-MM) from which it is monitored.

    Most use of an `ambiguous` one is legal, and nearly all of an `extreme` one, which is
    ambiguous too.
    """

    term: str
    group: str
    kind: str
    ambiguous: bool
    since: str
    extreme: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A species group: its keywords, and what else is recognised in texts.

    `names` speak for themselves, `bare` ones unless another material is named, `codes` only
    with support; each of `signs` is support enough for this group's codes. `marks` of the
    material are signs, and count as codes that only another sign supports. `exclusions` are
    phrases by reason that take the match they cover. `unworked` is the product type when no
    word says otherwise.
    """

    name: str
    label: str
    label_zh: str
    keywords: tuple[Keyword, ...]
    names: Words = ()
    bare: Words = ()
    codes: Words = ()
    signs: Words = ()
    marks: Words = ()
    exclusions: Mapping[str, Words] = field(default_factory=dict)
    unworked: str = "worked_uncarved"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text that matches is not a likely advertisement.

    `outcome` is set_aside or none. `phrases` take the match that they cover ("…" stands for
    any term); `words`, `titles` (only where the title has them) and `categories` rule out the
    whole text, for terms of all strengths or only (`against`) for `bare` ones and codes, or
    for `codes`. Where it is `whole`, a phrase that takes a term of the title rules out the
    text as well.
    """

    name: str
    label: str
    outcome: str
    against: str = "all"
    phrases: Words = ()
    words: Words = ()
    titles: Words = ()
    categories: Words = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Support:
    """Words and categories that speak for a code word; two points are enough."""

    name: str
    points: int
    words: Words = ()
    categories: Words = ()


@dataclass(frozen=True, slots=True)
class ProductRule:
    """One step of reading the product type; the first step that finds something decides.

    Where there are words `beside`, the step's words count only in a text that has one of them.
    """

    product_type: str
    words: Words = ()
    beside: Words = ()
    categories: Words = ()


@dataclass(frozen=True, slots=True)
class AgeRule:
    """One step of reading the age claim; the first step that finds something decides.

    `alone` are words that count only when nothing Chinese touches them; `years` is a span of
    years, both ends included.
    """

    claim: str
    words: Words = ()
    alone: Words = ()
    years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of tagging that hold for all groups."""

    characters: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, Words] = field(default_factory=dict)
    supports: tuple[Support, ...] = ()
    reasons: tuple[Reason, ...] = ()
    negations: Words = ()
    states_before: Words = ()
    states_after: Words = ()
    harmless: Words = ()
    offers: Words = ()
    product_types: tuple[ProductRule, ...] = ()
    no_product: Words = ()
    asides: Words = ()
    age_claims: tuple[AgeRule, ...] = ()
    no_age: Words = ()
    acquired: Words = ()

    @staticmethod
    def stated(reason: Reason) -> Reason:
        """The reason as it holds when the text states it outright: against all strengths."""
        return replace(reason, against="all")


@dataclass(frozen=True)
class Vocabulary:
    """All groups in the file's order, and the rules of tagging."""

    groups: dict[str, Group]
    rules: Rules = field(default_factory=Rules)

    @property
    def keywords(self) -> tuple[Keyword, ...]:
        """Every search keyword, in the file's order."""
        return tuple(each for group in self.groups.values() for each in group.keywords)

    def select(self, wanted: str) -> tuple[Keyword, ...]:
        """The keywords of a comma-separated list of groups and terms; all of them for "".

        VocabularyError names what is unknown and what is possible.
        """
        names = [each.strip() for each in wanted.replace("，", ",").split(",") if each.strip()]
        if not names:
            return self.keywords
        terms = {each.term: each for each in self.keywords}
        found: dict[str, Keyword] = {}
        for name in names:
            if name in self.groups:
                found |= {each.term: each for each in self.groups[name].keywords}
            elif name in terms:
                found[name] = terms[name]
            else:
                raise VocabularyError(self._unknown(name, terms))
        return tuple(found.values())

    def since(self, month: str) -> tuple[Keyword, ...]:
        """The keywords that were monitored in `month` (YYYY-MM; MonthError otherwise)."""
        check_month(month)
        return tuple(each for each in self.keywords if each.since <= month)

    def _unknown(self, name: str, terms: Iterable[str]) -> str:
        near = did_you_mean(name, [*self.groups, *terms])
        groups = ", ".join(self.groups)
        return f"'{name}' is not a species group or a keyword{near}; groups: {groups}"
