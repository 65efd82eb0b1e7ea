"""Tagger: relevance, species groups, product type and age claim of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from wildcrawl.analysis.tagging.attributes import age_claim
from wildcrawl.analysis.tagging.fingerprint import fingerprint
from wildcrawl.analysis.tagging.patterns import Patterns, Role
from wildcrawl.analysis.tagging.products import product_type
from wildcrawl.analysis.tagging.relevance import GENERAL, judge
from wildcrawl.analysis.tagging.scan import Scan
from wildcrawl.items import Relevance

if TYPE_CHECKING:
    from wildcrawl.analysis.tagging.relevance import CodeEvidence
    from wildcrawl.analysis.tagging.terms import TermMatch
    from wildcrawl.analysis.vocabulary import Vocabulary


class Match(NamedTuple):
    """A term in a field of an advertisement.

    `start` and `end` are positions in the original field, `text` is the text between them;
    `strength` is a Strength, or hint; `supports` are the words that support the term,
    `excluded_by` says why it does not count ("" if it is not excluded).
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
    """Result of the tagger; `species` has the primary group first.

    `product_type` and `age_claim` are empty if the text has none, `reason` explains the
    relevance, `terms` are the matched terms as spelt in keywords.yaml.
    `strength` is the Strength of the match that makes it likely ("" if none does), `supports`
    the number of words that support that match.
    `matches` explains each term; it is computed on first access.
    """

    __slots__ = (
        "_explain",
        "_matches",
        "age_claim",
        "product_type",
        "reason",
        "relevance",
        "species",
        "strength",
        "supports",
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
        strength: str = "",
        supports: int = 0,
    ) -> None:
        self.relevance = relevance
        self.reason = reason
        self.species = species
        self.product_type = product_type
        self.age_claim = age_claim
        self.terms = terms
        self.strength = strength
        self.supports = supports
        self._explain = explain
        self._matches: tuple[Match, ...] | None = None

    @property
    def matches(self) -> tuple[Match, ...]:
        """All terms of the text, with place, supports and exclusion."""
        if self._matches is None:
            self._matches = self._explain() if self._explain else ()
        return self._matches

    def __repr__(self) -> str:
        return f"Tagging({self.relevance}, {self.reason!r}, {self.species}, {self.terms})"


IN_PICTURE = "in picture: "
"""Beginning of a reason that comes from text in a picture."""
_NONE = Relevance.NONE
_NOTHING = Tagging(_NONE, "no term of the vocabulary")


# Compiling takes longer than tagging some hundred texts.
_patterns = lru_cache(maxsize=2)(Patterns)


class Tagger:
    """Tags advertisements by the rules of one vocabulary; safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.patterns = _patterns(vocabulary)
        self._groups = {keyword.term: keyword.group for keyword in vocabulary.keywords}

    def tag(
        self,
        title: str,
        description: str = "",
        category: str = "",
        found_by: Sequence[str] = (),
        picture_text: str = "",
        price: str = "",
    ) -> Tagging:
        """Tags one text; `found_by` are the search keywords that found it.

        A text with a `price`, as the page states it, is an offer rather than a story.

        An advertisement with images only is likely: in the groups that `picture_text`, the text
        in its pictures, offers, or else in those of the keywords.
        """
        if not (title.strip() or description.strip()):
            return self._image_only(found_by, picture_text)
        return self._by_text(title, description, category, found_by, price)

    def _by_text(
        self,
        title: str,
        description: str,
        category: str,
        found_by: Sequence[str],
        price: str = "",
    ) -> Tagging:
        scan = Scan(self.patterns, title, description, category)
        if not scan.any_term or not scan.hits[Role.TERM]:
            return _NOTHING
        rules = self.vocabulary.rules
        judgement = judge(scan, rules, self._known(found_by) if found_by else (), price)
        relevance, reason, species = judgement.relevance, judgement.reason, judgement.species
        matches, deciding = judgement.matches, judgement.deciding
        explanation = partial(_matches, scan, matches, judgement.evidence)
        counted = [match.term.term for match in matches if match.excluded is None]
        terms = tuple(dict.fromkeys(counted))
        if relevance is _NONE:
            return Tagging(relevance, reason, terms=terms, explain=explanation)
        product = product_type(scan, rules, self._unworked(species), judgement.focus)
        age = age_claim(scan, rules)
        if deciding is None:
            return Tagging(relevance, reason, species, product, age, terms, explanation)
        strength, supports = deciding.strength, len(deciding.supports)
        return Tagging(
            relevance, reason, species, product, age, terms, explanation, strength, supports
        )

    @cached_property
    def fingerprint(self) -> str:
        """Fingerprint of the rules, by which stored tags are distinguished."""
        return fingerprint(self.vocabulary)

    def _unworked(self, species: tuple[str, ...]) -> str:
        """Product type if no word says otherwise; a lot of unlike goods is another type."""
        groups = self.vocabulary.groups
        if len(species) == 1:
            return groups[species[0]].unworked
        types = {groups[group].unworked for group in species}
        return types.pop() if len(types) == 1 else "other"

    def _known(self, found_by: Iterable[str]) -> list[str]:
        return [self._groups[keyword] for keyword in found_by if keyword in self._groups]

    def _image_only(self, found_by: Sequence[str], picture_text: str) -> Tagging:
        seen = self._by_text("", picture_text, "", found_by) if picture_text.strip() else _NOTHING
        if seen.relevance is Relevance.LIKELY:
            return _in_picture(seen)
        species = tuple(dict.fromkeys(self._known(found_by) if found_by else ())) or (GENERAL,)
        # A picture's text rules nothing out, since it may be misread and the pictures show more.
        doubt = "" if seen.relevance is _NONE else f"; {IN_PICTURE}{seen.reason}"
        return Tagging(Relevance.LIKELY, f"image-only post{doubt}", species)


def _in_picture(seen: Tagging) -> Tagging:
    """The tagging of text in a picture, with its place in the reason and in the matches."""
    return Tagging(
        seen.relevance,
        f"{IN_PICTURE}{seen.reason}",
        seen.species,
        seen.product_type,
        seen.age_claim,
        seen.terms,
        lambda: tuple(match._replace(field="picture_text") for match in seen.matches),
        seen.strength,
        seen.supports,
    )


def _matches(
    scan: Scan, matches: list[TermMatch], evidence: CodeEvidence | None
) -> tuple[Match, ...]:
    """All terms with what supports them, also beside a name, where it decides nothing."""
    for match in matches:
        if evidence and match.strength == "code" and not (match.excluded or match.supports):
            evidence.points(match)
    return tuple(_match(scan, match) for match in matches)


def _match(scan: Scan, match: TermMatch) -> Match:
    field, start, end, text = scan.place(match.hit)
    label = f"{match.excluded.label}: {match.by}" if match.excluded else ""
    return Match(
        field,
        start,
        end,
        text,
        match.term.term,
        match.term.group,
        match.strength,
        match.supports,
        label,
    )


def explain(
    tagger: Tagger,
    title: str,
    description: str = "",
    category: str = "",
    picture_text: str = "",
    price: str = "",
) -> str:
    """Explanation of a tagging: all terms with place, strength, supports and exclusion.

    One line each, then the result. Positions are characters of the original field, from 0; the
    text in pictures is the field picture_text.
    """
    tagging = tagger.tag(title, description, category, picture_text=picture_text, price=price)
    notes = _notes(tagger.vocabulary)
    lines = [
        f"{_line(match)}{notes.get((match.group, match.term), '')}" for match in tagging.matches
    ] or ["no term found"]
    lines.append(f"relevance: {tagging.relevance} ({tagging.reason})")
    groups = tagger.vocabulary.groups
    species = [f"{group} ({groups[group].label_zh})" for group in tagging.species]
    lines.append(f"species: {', '.join(species) or 'none'}")
    lines.append(f"product type: {tagging.product_type or 'none'}")
    lines.append(f"age claim: {tagging.age_claim or 'none'}")
    return "\n".join(lines)


def _notes(vocabulary: Vocabulary) -> dict[tuple[str, str], str]:
    """What is known of the origin of some terms, by group and term."""
    notes = {
        (group.name, reported.word): f"; reported ({reported.sure}): {reported.source}"
        for group in vocabulary.groups.values()
        for reported in group.reported
    }
    for language in vocabulary.languages:
        note = f"; {language.label}{'' if language.reviewed else ', not reviewed by a speaker'}"
        for group, terms in language.terms.items():
            notes |= dict.fromkeys(((group, term) for term in terms), note)
    return notes


def _line(match: Match) -> str:
    place = f"{match.field} {match.start}-{match.end}"
    line = f"{match.term}: {place} '{match.text}', {match.group}, {match.strength}"
    if match.supports:
        line += f"; supported by {', '.join(match.supports)}"
    if match.excluded_by:
        line += f"; excluded: {match.excluded_by}"
    return line
