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
"""Characters of a suggestion."""
SELLERS = 3
"""A word that fewer sellers use is a seller's habit."""
BOILERPLATE = 10
"""A phrase so long that stands word for word in several advertisements is a template."""
SURE = 1.96
"""The least z-score of a suggestion: chance brings no more than one word in forty as far."""
FOLDED = 0.8
"""A longer run stands for a shorter one if it has this share of its sellers."""
EXAMPLES = 3

# A run of Latin letters is one sign of a word, as a Chinese character is; a figure ends a phrase.
_PHRASE = re.compile(r"[^\W\d_]+")
_SIGN = re.compile(r"[a-z]+|.", re.DOTALL)


class Posting(NamedTuple):
    """What is looked at of an advertisement; `seller` is anything that tells sellers apart."""

    seller: str
    title: str
    description: str


@dataclass(frozen=True)
class Suggestion:
    """A word, how many sellers use it in valid advertisements and how many in others, examples.

    `score` is the z-score of its log-odds; `advertisements` counts the valid ones.
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
    """The words that mark `valid` off from `others` and that no group of the vocabulary has.

    Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008), counted in
    sellers, so that nobody's template counts more than once. `others` are read once, after
    `valid`.
    """
    reader = _Reader(vocabulary)
    texts = _Texts(sorted(valid), reader)
    against, sellers = _count(others, reader, texts.candidates())
    found: list[Suggestion] = []
    # Without others there is nothing to stand out from.
    while sellers and len(found) < most:
        best = texts.best(lambda term, count: _score(count, texts.total, against[term], sellers))
        if best is None:
            break
        term, score = best
        found.append(texts.suggestion(term, score, against[term]))
        texts.take_out(term)
    return found


def _score(count: int, total: int, other: int, others: int) -> float:
    """The z-score of the log-odds of a word that `count` of `total` sellers use.

    The prior is what both sides have in common, as heavy as the valid side itself: with less, a
    new word of eight sellers that nobody else uses would not be sure.
    """
    # One seller more than there are: a word that all use shall not divide by nothing.
    share = total * (count + other) / (total + others + 1)
    odds = math.log((count + share) / (2 * total - count - share))
    other_odds = math.log((other + share) / (others + total - other - share))
    return (odds - other_odds) / math.sqrt(1 / (count + share) + 1 / (other + share))


class _Texts:
    """The phrases of the valid advertisements, and which sellers use which run of characters."""

    def __init__(self, postings: Iterable[Posting], reader: _Reader) -> None:
        self.postings: list[Posting] = []
        self.phrases: list[list[str]] = []
        templates: set[str] = set()
        for posting in postings:
            told = [each for each in reader.phrases(posting) if each not in templates]
            templates.update(each for each in told if len(each) >= BOILERPLATE)
            self.postings.append(posting)
            self.phrases.append(reader.unknown(told))
        self.plain = reader.plain
        self.total = len({each.seller for each in self.postings})
        frequent = Counter(term for told in self.phrases for term in _runs(told))
        self.uses: dict[str, set[int]] = defaultdict(set)
        for index, told in enumerate(self.phrases):
            for term in _runs(told):
                if frequent[term] >= SELLERS and term not in self.plain:
                    self.uses[term].add(index)

    def candidates(self) -> set[str]:
        """The runs that enough sellers use."""
        return {term for term in self.uses if self.sellers(term) >= SELLERS}

    def sellers(self, term: str) -> int:
        """How many sellers use `term`."""
        return len({self.postings[index].seller for index in self.uses.get(term, ())})

    def best(self, score: Callable[[str, int], float]) -> tuple[str, float] | None:
        """The run with the highest score, in its longest form; None if none is sure."""
        scores = {term: score(term, self.sellers(term)) for term in self.candidates()}
        sure = [term for term, each in scores.items() if each >= SURE]
        if not sure:
            return None
        term = max(sure, key=lambda each: (scores[each], len(each), each))
        enough = FOLDED * self.sellers(term)
        longer = [each for each in sure if term in each and self.sellers(each) >= enough]
        whole = max(longer, key=lambda each: (len(each), scores[each], each))
        return whole, scores[whole]

    def suggestion(self, term: str, score: float, others: int) -> Suggestion:
        """`term` with its counts and the titles, one a seller, in which it stands."""
        using = sorted(self.uses[term])
        titles = {self.postings[i].seller: self.postings[i].title for i in reversed(using)}
        examples = [title for title in dict.fromkeys(reversed(titles.values())) if title]
        shown = tuple(examples[:EXAMPLES])
        return Suggestion(term, score, self.sellers(term), others, len(using), shown)

    def take_out(self, term: str) -> None:
        """Cuts `term` out of the phrases, so that what overlaps with it no longer counts for it."""
        for index in sorted(self.uses.pop(term)):
            before = _runs(self.phrases[index])
            cut = [each for phrase in self.phrases[index] for each in phrase.split(term) if each]
            self.phrases[index] = cut
            for gone in before - _runs(cut):
                if gone in self.uses:
                    self.uses[gone].discard(index)


class _Reader:
    """Splits postings into phrases, and takes out of these what the vocabulary knows."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.normaliser = Normaliser(vocabulary.rules.characters)
        words = {self.normaliser(each).text for each in _known(vocabulary)} - {""}
        # The longest first, or 象牙 would leave 果 of 象牙果.
        self.known = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
        self.plain = _runs(self.normaliser(each).text for each in _rule_words(vocabulary.rules))

    def phrases(self, posting: Posting) -> list[str]:
        """What stands between spaces, signs and figures, normalised, each phrase once."""
        texts = (self.normaliser(each).text for each in (posting.title, posting.description))
        return list(dict.fromkeys(each for text in texts for each in _PHRASE.findall(text)))

    def unknown(self, phrases: Iterable[str]) -> list[str]:
        """What is left of phrases without the vocabulary's words."""
        return [part for each in phrases for part in self.known.sub(" ", each).split()]


def _known(vocabulary: Vocabulary) -> Iterator[str]:
    """Every word by which the vocabulary recognises something already."""
    for group in vocabulary.groups.values():
        yield from (keyword.term for keyword in group.keywords)
        for words in (group.names, group.bare, group.codes, group.signs):
            yield from words


def _rule_words(rules: Rules) -> Iterator[str]:
    """The words that say what a thing is, how old it is or that it is for sale: no code words."""
    for support in rules.supports:
        yield from support.words
    for product in rules.product_types:
        yield from product.words
    for age in rules.age_claims:
        yield from age.words
    yield from (*rules.no_product, *rules.no_age, *rules.harmless)


def _runs(phrases: Iterable[str]) -> set[str]:
    """The runs of SHORTEST to LONGEST characters; Latin words are not cut."""
    found: set[str] = set()
    for phrase in phrases:
        signs = _SIGN.findall(phrase)
        for start in range(len(signs)):
            run = ""
            for sign in signs[start:]:
                run += sign
                if len(run) > LONGEST:
                    break
                if len(run) >= SHORTEST:
                    found.add(run)
    return found


def _count(
    postings: Iterable[Posting], reader: _Reader, candidates: set[str]
) -> tuple[Counter[str], int]:
    """How many sellers use each candidate, and how many sellers there are."""
    users: dict[str, set[str]] = defaultdict(set)
    sellers: set[str] = set()
    for posting in postings:
        sellers.add(posting.seller)
        for term in _runs(reader.unknown(reader.phrases(posting))) & candidates:
            users[term].add(posting.seller)
    return Counter({term: len(each) for term, each in users.items()}), len(sellers)
