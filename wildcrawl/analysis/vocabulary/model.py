"""Vocabulary classes: species groups, keywords and tagging rules, as read from keywords.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from wildcrawl.months import check_month
from wildcrawl.utils import did_you_mean

Words = tuple[str, ...]


class VocabularyError(ValueError):
    """Raised for a faulty keywords.yaml, or for a group or term that it does not have."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A search term, monitored from the month `since` to the month `until` (YYYY-MM; "": no end).

    Most use of an `ambiguous` keyword is legal; nearly all use of an `extreme` one is, and it is
    ambiguous as well.
    """

    term: str
    group: str
    kind: str
    ambiguous: bool
    since: str
    extreme: bool = False
    until: str = ""

    def monitored(self, month: str) -> bool:
        """Whether it is monitored in `month` (YYYY-MM)."""
        return self.since <= month and not self.ended(month)

    def ended(self, month: str) -> bool:
        """Whether its last month is before `month` (YYYY-MM)."""
        return bool(self.until) and self.until < month


@dataclass(frozen=True, slots=True)
class Animals:
    """Animals, each combined with each of `parts`; `without` are combinations to leave out.

    A combination is recognised with nothing, a space or one of `joints` between; `strength` is
    that of a name or a code. A name alone counts in a sentence with a word of `remains`:
    金钱豹的，褥子一床.
    """

    names: Words
    parts: Words
    without: Words = ()
    strength: str = "name"
    joints: Words = ()
    remains: Words = ()

    def terms(self) -> Iterator[tuple[str, str]]:
        """Each spelling of each combination, with its term: 虎的骨 and 虎骨 are both 虎骨."""
        left_out = frozenset(self.without)
        for name in self.names:
            for part in self.parts:
                spaced = name[-1].isascii() and part[0].isascii()
                term = f"{name} {part}" if spaced else f"{name}{part}"
                if term not in left_out:
                    yield term, term
                    # Elsewhere the folding of texts removes the space.
                    if min(len(name), len(part)) > 1 and not spaced:
                        yield f"{name} {part}", term
                    yield from ((f"{name}{joint}{part}", term) for joint in self.joints)


@dataclass(frozen=True, slots=True)
class Reported:
    """A code word from a single report; `sure` is high, medium or low."""

    word: str
    sure: str
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """A species group: its keywords, and further terms that are recognised in texts.

    `names` count alone, `bare` names unless another material is named, `codes` only with
    support; one of `signs` is enough support for codes of this group. `marks` of the material
    are signs that also count like codes if another sign supports them. `exclusions` are
    phrases by reason; they exclude the matches that they cover. `animals` are combined with their
    parts to further terms; a term that is also listed has the strength of its list. `reported` are
    further codes, each with its source. `unworked` is the product type
    if no word gives another one.
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
    animals: tuple[Animals, ...] = ()
    reported: tuple[Reported, ...] = ()
    unworked: str = "worked_uncarved"


@dataclass(frozen=True, slots=True)
class Reason:
    """Reason why a matching text is not a likely advertisement.

    `outcome` is set_aside or none. `phrases` exclude the match that they cover ("…" is any
    term); `words`, `titles` (words in the title), `hints` in the title (two different
    ones if it is an offer; two `half_hints` are one), and `categories` rule out the whole text.
    Of its words, `items` say nothing where a title alone lists counted goods.
    `against` limits the reason: all strengths, `bare` names and codes, or `codes` only. If
    `whole`, a phrase that excludes a term of the title rules out the text as well.
    """

    name: str
    label: str
    outcome: str
    against: str = "all"
    phrases: Words = ()
    words: Words = ()
    titles: Words = ()
    hints: Words = ()
    half_hints: Words = ()
    items: Words = ()
    categories: Words = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Support:
    """Words and categories that support a code word; two points are enough.

    `units` support behind a number: 150cm, 九公分.
    """

    name: str
    points: int
    words: Words = ()
    units: Words = ()
    categories: Words = ()


@dataclass(frozen=True, slots=True)
class ProductRule:
    """One step of reading the product type; the first step with a match decides.

    If `beside` has words, the step's words count only in a text with one of these. `ends` are words
    that count at the end of a word of the title only; of a `weak` step the words decide only
    where no field has others.
    """

    product_type: str
    words: Words = ()
    beside: Words = ()
    categories: Words = ()
    ends: Words = ()
    weak: bool = False


@dataclass(frozen=True, slots=True)
class AgeRule:
    """One step of reading the age claim; the first step with a match decides.

    `alone` are words that count only without adjacent Chinese characters; `years` are the first
    and last year of a period.
    """

    claim: str
    words: Words = ()
    alone: Words = ()
    years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Tagging rules for all groups."""

    characters: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, Words] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)
    lookalikes: Mapping[str, str] = field(default_factory=dict)
    radicals: Mapping[str, str] = field(default_factory=dict)
    plain_words: Words = ()
    supports: tuple[Support, ...] = ()
    quantities: Words = ()
    reasons: tuple[Reason, ...] = ()
    negations: Words = ()
    contrasts: Words = ()
    styles: Mapping[str, Words] = field(default_factory=dict)
    word_starts: Words = ()
    states_before: Words = ()
    states_after: Words = ()
    harmless: Words = ()
    offers: Words = ()
    sales: Words = ()
    calls: Words = ()
    product_types: tuple[ProductRule, ...] = ()
    no_product: Words = ()
    asides: Words = ()
    age_claims: tuple[AgeRule, ...] = ()
    no_age: Words = ()
    acquired: Words = ()

    @staticmethod
    def stated(reason: Reason) -> Reason:
        """`reason` against all strengths, for a text that states it explicitly."""
        return replace(reason, against="all")


@dataclass(frozen=True, slots=True)
class Language:
    """A further language of the vocabulary; `terms` are its terms by group.

    Unless it is `reviewed`, no speaker of the language has checked its words.
    """

    name: str
    label: str
    reviewed: bool
    terms: Mapping[str, frozenset[str]]
    sources: Words = ()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All groups in the order of the file, the tagging rules, and the further languages.

    The terms and rules of the languages are in the groups and rules as well. A vocabulary equals
    itself only, so that what is compiled from it can be cached.
    """

    groups: dict[str, Group]
    rules: Rules = field(default_factory=Rules)
    languages: tuple[Language, ...] = ()

    @property
    def keywords(self) -> tuple[Keyword, ...]:
        """All search keywords, in the order of the file."""
        return tuple(keyword for group in self.groups.values() for keyword in group.keywords)

    def searched(self, month: str) -> tuple[Keyword, ...]:
        """Keywords to search for in `month` (YYYY-MM): all but those that ended before it."""
        return tuple(keyword for keyword in self.keywords if not keyword.ended(month))

    def select(self, wanted: str, month: str = "") -> tuple[Keyword, ...]:
        """Keywords of a comma-separated list of groups and terms; all keywords for "".

        In a `month` (YYYY-MM) without those that ended before it. VocabularyError names an
        unknown entry and the possible groups, or a term that ended.
        """
        names = [name.strip() for name in wanted.replace("，", ",").split(",") if name.strip()]
        searched = self.searched(month) if month else self.keywords
        if not names:
            if not searched:
                raise VocabularyError(f"no keyword is searched in {month}: all have ended")
            return searched
        terms = {keyword.term: keyword for keyword in self.keywords}
        selected: dict[str, Keyword] = {}
        for name in names:
            if name in self.groups:
                of_group = {each.term: each for each in searched if each.group == name}
                if not of_group:
                    raise VocabularyError(
                        f"'{name}' has no keyword that is searched in {month or 'any month'}; "
                        "add one, or remove an 'until' from the vocabulary"
                    )
                selected |= of_group
            elif name not in terms:
                raise VocabularyError(self._unknown(name, terms))
            elif terms[name] not in searched:
                raise VocabularyError(
                    f"'{name}' is searched until {terms[name].until} only; to search it again, "
                    "remove its 'until' from the vocabulary"
                )
            else:
                selected[name] = terms[name]
        return tuple(selected.values())

    def since(self, month: str) -> tuple[Keyword, ...]:
        """Keywords monitored in `month` (YYYY-MM); MonthError if it is not a month."""
        check_month(month)
        return tuple(keyword for keyword in self.keywords if keyword.monitored(month))

    def _unknown(self, name: str, terms: Iterable[str]) -> str:
        near = did_you_mean(name, [*self.groups, *terms])
        groups = ", ".join(self.groups)
        return f"'{name}' is not a valid species group or keyword{near}; groups: {groups}"
