"""Keyword suggestions: words of valid advertisements that the vocabulary lacks."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from wildcrawl.analysis.text import Normaliser

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Rules, Vocabulary

SHORTEST, LONGEST = 2, 6
"""Minimum and maximum characters of a suggestion."""
SELLERS = 3
"""Minimum sellers that use a suggested word; fewer show a personal habit."""
BOILERPLATE = 10
"""Characters from which a phrase repeated in several advertisements counts as a template."""
SURE = 1.96
"""Minimum z-score of a suggestion, which one random word in forty exceeds."""
FOLDED = 0.8
"""Share of a run's sellers that a longer run needs to replace it."""
EXAMPLES = 3
"""Maximum example titles of a suggestion."""

# A run of Latin letters counts as one sign, as a Chinese character does; digits end a phrase.
_PHRASE = re.compile(r"[^\W\d_]+")
_SIGN = re.compile(r"[a-z]+|.", re.DOTALL)


class Posting(NamedTuple):
    """Texts of an advertisement; `seller` is any value that identifies the seller."""

    seller: str
    title: str
    description: str


@dataclass(frozen=True)
class Suggestion:
    """A suggested word with the numbers of sellers that use it, in valid ads and in `others`.

    `score` is the z-score of its log-odds; `advertisements` counts the valid ones; `examples` are
    titles.
    """

    term: str
    score: float
    sellers: int
    others: int
    advertisements: int
    examples: tuple[str, ...]


def suggest(
    valid: Iterable[Posting],
    others: Iterable[Posting],
    vocabulary: Vocabulary,
    most: int = 20,
) -> list[Suggestion]:
    """Words typical of `valid` compared with `others` that are not in the vocabulary.

    Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008), counted by
    sellers, so that a seller's template counts once. `others` are read once, after `valid`.
    """
    reader = _Reader(vocabulary)
    texts = _Texts(sorted(valid), reader)
    against, sellers = _count(others, reader, texts.candidates())
    suggestions: list[Suggestion] = []
    # Without others there is nothing to compare with.
    while sellers and len(suggestions) < most:
        best = texts.best(lambda term, count: _score(count, texts.total, against[term], sellers))
        if best is None:
            break
        term, score = best
        suggestions.append(texts.suggestion(term, score, against[term]))
        texts.take_out(term)
    return suggestions


def _score(count: int, total: int, other: int, others: int) -> float:
    """The z-score of the log-odds of a word that `count` of `total` sellers use.

    The prior is the word's share on both sides, weighted like the valid side; with less weight, a
    new word used by eight sellers and by no others would not reach SURE.
    """
    # One more than all sellers, so that a word used by all does not divide by zero.
    share = total * (count + other) / (total + others + 1)
    odds = math.log((count + share) / (2 * total - count - share))
    other_odds = math.log((other + share) / (others + total - other - share))
    return (odds - other_odds) / math.sqrt(1 / (count + share) + 1 / (other + share))


class _Texts:
    """Phrases of the valid advertisements, and the advertisements that use each run."""

    def __init__(self, postings: Iterable[Posting], reader: _Reader) -> None:
        self.postings: list[Posting] = []
        self.phrases: list[list[str]] = []
        templates: set[str] = set()
        for posting in postings:
            phrases = [phrase for phrase in reader.phrases(posting) if phrase not in templates]
            templates.update(phrase for phrase in phrases if len(phrase) >= BOILERPLATE)
            self.postings.append(posting)
            self.phrases.append(reader.unknown(phrases))
        self.plain = reader.plain
        self.total = len({posting.seller for posting in self.postings})
        frequent = Counter(term for phrases in self.phrases for term in _runs(phrases))
        self.uses: dict[str, set[int]] = defaultdict(set)
        for index, phrases in enumerate(self.phrases):
            for term in _runs(phrases):
                if frequent[term] >= SELLERS and term not in self.plain:
                    self.uses[term].add(index)

    def candidates(self) -> set[str]:
        """Runs used by at least SELLERS sellers."""
        return {term for term in self.uses if self.sellers(term) >= SELLERS}

    def sellers(self, term: str) -> int:
        """Number of sellers that use `term`."""
        return len({self.postings[index].seller for index in self.uses.get(term, ())})

    def best(self, score: Callable[[str, int], float]) -> tuple[str, float] | None:
        """The run with the highest score, in its longest form; None if no run reaches SURE."""
        scores = {term: score(term, self.sellers(term)) for term in self.candidates()}
        sure = [term for term, value in scores.items() if value >= SURE]
        if not sure:
            return None
        term = max(sure, key=lambda run: (scores[run], len(run), run))
        enough = FOLDED * self.sellers(term)
        longer = [run for run in sure if term in run and self.sellers(run) >= enough]
        whole = max(longer, key=lambda run: (len(run), scores[run], run))
        return whole, scores[whole]

    def suggestion(self, term: str, score: float, others: int) -> Suggestion:
        """Suggestion of `term` with its counts and example titles, one per seller."""
        using = sorted(self.uses[term])
        titles = {self.postings[i].seller: self.postings[i].title for i in reversed(using)}
        examples = [title for title in dict.fromkeys(reversed(titles.values())) if title]
        shown = tuple(examples[:EXAMPLES])
        return Suggestion(term, score, self.sellers(term), others, len(using), shown)

    def take_out(self, term: str) -> None:
        """Removes `term` from the phrases, so that overlapping runs no longer count."""
        for index in sorted(self.uses.pop(term)):
            before = _runs(self.phrases[index])
            cut = [part for phrase in self.phrases[index] for part in phrase.split(term) if part]
            self.phrases[index] = cut
            for gone in before - _runs(cut):
                if gone in self.uses:
                    self.uses[gone].discard(index)


class _Reader:
    """Reader that splits postings into phrases and removes the vocabulary's words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.normaliser = Normaliser(vocabulary.rules.characters)
        words = {self.normaliser(word).text for word in _known(vocabulary)} - {""}
        # Longest first, or removing 象牙 from 象牙果 would leave 果.
        self.known = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
        self.plain = _runs(self.normaliser(word).text for word in _rule_words(vocabulary.rules))

    def phrases(self, posting: Posting) -> list[str]:
        """Normalised texts between spaces, punctuation and digits, without repetitions."""
        texts = (self.normaliser(field).text for field in (posting.title, posting.description))
        return list(dict.fromkeys(phrase for text in texts for phrase in _PHRASE.findall(text)))

    def unknown(self, phrases: Iterable[str]) -> list[str]:
        """Parts of phrases between the vocabulary's words."""
        return [part for phrase in phrases for part in self.known.sub(" ", phrase).split()]


def _known(vocabulary: Vocabulary) -> Iterator[str]:
    """All words by which the vocabulary recognises a group."""
    for group in vocabulary.groups.values():
        yield from (keyword.term for keyword in group.keywords)
        for words in (group.names, group.bare, group.codes, group.signs):
            yield from words
        yield from (reported.word for reported in group.reported)
        for animals in group.animals:
            yield from dict.fromkeys(term for _, term in animals.terms())


def _rule_words(rules: Rules) -> Iterator[str]:
    """Words of rules for product, age and supporting context, which cannot be code words."""
    for support in rules.supports:
        yield from support.words
    for product in rules.product_types:
        yield from product.words
    for age in rules.age_claims:
        yield from age.words
    yield from (*rules.no_product, *rules.no_age, *rules.harmless)


def _runs(phrases: Iterable[str]) -> set[str]:
    """Runs of SHORTEST to LONGEST characters; Latin words stay whole."""
    runs: set[str] = set()
    for phrase in phrases:
        signs = _SIGN.findall(phrase)
        for start in range(len(signs)):
            run = ""
            for sign in signs[start:]:
                run += sign
                if len(run) > LONGEST:
                    break
                if len(run) >= SHORTEST:
                    runs.add(run)
    return runs


def _count(
    postings: Iterable[Posting], reader: _Reader, candidates: set[str]
) -> tuple[Counter[str], int]:
    """Numbers of sellers that use each candidate, and the number of all sellers."""
    users: dict[str, set[str]] = defaultdict(set)
    sellers: set[str] = set()
    for posting in postings:
        sellers.add(posting.seller)
        for term in _runs(reader.unknown(reader.phrases(posting))) & candidates:
            users[term].add(posting.seller)
    return Counter({term: len(names) for term, names in users.items()}), len(sellers)
