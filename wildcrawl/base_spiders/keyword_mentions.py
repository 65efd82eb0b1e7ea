"""Keyword mentions: finds out whether results have anything to do with what was searched for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from wildcrawl.analysis.text import normalise
from wildcrawl.base_spiders.recommended import touches

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Keyword

NONSENSE = "qzxvkjwy"
"""A word that no advertisement contains."""
ENOUGH = 3
"""Searches with the goods of other keywords that make a rule."""
FEW = 5
"""Results below which it is chance what they mention."""
RARELY = 0.1
"""Share of the results that mention their keyword below which they say nothing of the search."""
ASIDE = 4
"""How many times as many results must mention another keyword as their own."""
SHORTEST = 2
"""Characters of a keyword below which it is in any text."""
_NAMED = 3


def distinct_words(keywords: Iterable[Keyword]) -> dict[str, str]:
    """The keywords that are in a text for their goods only, each with its species group."""
    return {
        keyword.term: keyword.group
        for keyword in keywords
        if not keyword.ambiguous and len(keyword.term) >= SHORTEST
    }


@dataclass
class Mentions:
    """What the first page of one search mentions: numbers of results."""

    term: str
    phrase: str
    shown: int = 0
    own: int = 0
    """Results that mention a part of the search's own keyword."""
    other: int = 0
    """Results that mention a keyword of another species group, and not their own."""
    texts: int = 0
    """Results that show a text."""

    @property
    def is_of_others(self) -> bool:
        """Whether most results are those of another keyword."""
        return self.shown >= FEW and 2 * self.other > self.shown and self.other >= ASIDE * self.own

    @property
    def is_aside(self) -> bool:
        """Whether the results hardly mention what was searched for."""
        return self.is_of_others or (self.texts >= FEW and not self.own)


@dataclass
class KeywordMentions:
    """The mentions of a run's searches; `groups`: each keyword of the run with its group."""

    groups: Mapping[str, str] = field(default_factory=dict)
    searches: list[Mentions] = field(default_factory=list)
    nonsense: int | None = None
    """Results that the site showed for a nonsense word; None: it was not searched for."""

    def add(self, keyword: Keyword, phrase: str, texts: Iterable[str]) -> None:
        """Records the first page of a search, by the folded text of each result."""
        mentions = Mentions(keyword.term, phrase)
        others = [word for word, group in self._folded if group != keyword.group]
        for text in texts:
            mentions.shown += 1
            mentions.texts += bool(text)
            if text and touches(phrase, text):
                mentions.own += 1
            elif text and any(word in text for word in others):
                mentions.other += 1
        if mentions.shown:
            self.searches.append(mentions)

    @property
    def shown(self) -> int:
        """The number of results on first pages."""
        return sum(each.shown for each in self.searches)

    @property
    def own(self) -> int:
        """The number of them that mention their own keyword."""
        return sum(each.own for each in self.searches)

    @property
    def doubtful(self) -> bool:
        """Whether the results do not show that the site searches for keywords."""
        return self.shown >= FEW and self.own < RARELY * self.shown and not self.broken()

    def broken(self) -> str:
        """A sentence if the site shows the goods of other keywords for most searches, else ""."""
        of_others = [each for each in self.searches if each.is_of_others]
        if len(of_others) >= ENOUGH and 2 * len(of_others) > len(self.searches):
            named = [f"'{each.phrase}': {each.other} of {each.shown}" for each in of_others]
            return (
                f"the site ignores the keyword: {len(of_others)} of {len(self.searches)} searches "
                f"with results show goods of other keywords and not of their own "
                f"({_some(named)})"
            )
        return ""

    def unanswered(self) -> frozenset[str]:
        """The keywords that the site did not answer with results of their own."""
        if not self.broken():
            return frozenset()
        return frozenset(each.term for each in self.searches if each.is_of_others)

    def thin(self) -> str:
        """A sentence if a nonsense word finds as much as keywords do, else ""."""
        if not self.nonsense or not self.doubtful:
            return ""
        return (
            f"the site shows {self.nonsense} results for a word that does not exist, and "
            f"{self._rarely()}, so that it may show any goods whatever is searched for; check "
            "search_url"
        )

    def note(self) -> str:
        """A sentence if it is not certain that results are those of their keyword, else ""."""
        if self.doubtful:
            if self.thin() or not any(each.texts for each in self.searches):
                return ""
            return (
                f"{self._rarely()}: not certain that they are what was searched for, unless the "
                "site searches texts that its results do not show"
            )
        if self.broken():
            return ""
        aside = [each for each in self.searches if each.is_aside]
        if not aside or 2 * self.own < self.shown:
            return ""
        named = [f"'{each.phrase}': {each.own} of {each.shown}" for each in aside]
        searches = (
            "the results of 1 search"
            if len(aside) == 1
            else (f"the results of {len(aside)} searches")
        )
        return (
            f"few or none of {searches} mention their keyword ({_some(named)}): not certain that "
            "they were found, and not shown in place of results"
        )

    def _rarely(self) -> str:
        own = f"{self.own} of" if self.own else "none of"
        mention = "mention" if self.own > 1 else "mentions"
        return f"{own} the {self.shown} results on first pages {mention} its keyword"

    @cached_property
    def _folded(self) -> list[tuple[str, str]]:
        return [(normalise(term).text.strip(), group) for term, group in self.groups.items()]


def _some(named: list[str]) -> str:
    more = len(named) - _NAMED
    return ", ".join(named[:_NAMED]) + (f" and {more} more" if more > 0 else "")
