"""Contradictions between valid parts of keywords.yaml, which would tag or count wrongly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wildcrawl.analysis.vocabulary.entry_text import hidden_character
from wildcrawl.analysis.vocabulary.spelling import folded

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary.document import Document
    from wildcrawl.analysis.vocabulary.document import Path as Place
    from wildcrawl.analysis.vocabulary.schema import File

Fault = tuple[int, str]
"""Line of a fault, and its message with the fix."""


def contradictions(file: File, document: Document) -> Iterator[Fault]:
    """Faults of parts that are valid alone, each with its line and the fix."""
    yield from _equal_labels(file, document)
    yield from _hidden_in_keywords(file, document)
    yield from _bare_signs(file, document)
    yield from _names_of_two_groups(file, document)
    yield from _phrases_of_two_reasons(file, document)
    yield from _spellings_of_two_words(file, document)
    yield from _reasons_against_terms(file, document)


def _equal_labels(file: File, document: Document) -> Iterator[Fault]:
    """Groups that tables and charts could not tell apart."""
    for key in ("label", "label_zh"):
        first: dict[str, str] = {}
        for name, group in file["groups"].items():
            labels: dict[str, Any] = dict(group)
            label = labels[key]
            other = first.setdefault(label.casefold(), name)
            if other != name:
                yield (
                    document.line(("groups", name, key)),
                    f"{key} '{label}' is that of group '{other}' as well, so that reports could "
                    "not tell them apart; write another one",
                )


def _hidden_in_keywords(file: File, document: Document) -> Iterator[Fault]:
    """Keywords with an invisible character, which sites would be searched for.

    Those that repeat another keyword are reported as such.
    """
    keywords = [
        (keyword["term"], ("groups", name, "keywords", number, "term"))
        for name, group in file["groups"].items()
        for number, keyword in enumerate(group["keywords"])
    ]
    plain = folded([term for term, _ in keywords], file.get("characters", {}))
    seen = Counter(plain[term].replace(" ", "") for term, _ in keywords)
    for term, place in keywords:
        if seen[plain[term].replace(" ", "")] == 1 and (message := hidden_character(term)):
            yield document.line(place), message


def _bare_signs(file: File, document: Document) -> Iterator[Fault]:
    """Words that speak for themselves, though nearly every text may have them."""
    for name, group in file["groups"].items():
        lists: dict[str, Any] = dict(group)
        for key in ("names", "bare"):
            for number, word in enumerate(lists.get(key, ())):
                if word.isdecimal() or (len(word) == 1 and word.isalnum()):
                    what = "a number" if word.isdecimal() else "one character"
                    yield (
                        document.line(("groups", name, key, number)),
                        f"'{word}' is {what}, which is in many texts; list it under codes, or "
                        "write a longer word",
                    )


def _names_of_two_groups(file: File, document: Document) -> Iterator[Fault]:
    """Words that speak for themselves in two groups; codes may be those of several."""
    first: dict[str, tuple[str, int]] = {}
    further: list[tuple[str, str, int]] = []
    for name, group in file["groups"].items():
        lists: dict[str, Any] = dict(group)
        for number, keyword in enumerate(group["keywords"]):
            if not keyword["ambiguous"]:
                line = document.line(("groups", name, "keywords", number, "term"))
                first.setdefault(keyword["term"], (name, line))
        for key in ("names", "bare"):
            for number, word in enumerate(lists.get(key, ())):
                further.append((word, name, document.line(("groups", name, key, number))))
    for word, name, line in further:
        other, earlier = first.setdefault(word, (name, line))
        if other != name:
            yield (
                line,
                f"'{word}' is a term of group '{other}' already (line {earlier}), so that an "
                "advertisement would be of both; remove one",
            )


def _phrases_of_two_reasons(file: File, document: Document) -> Iterator[Fault]:
    """Exclusions of a group under two reasons, of which the second is never given."""
    for name, group in file["groups"].items():
        first: dict[str, str] = {}
        for reason, phrases in group.get("exclusions", {}).items():
            for number, phrase in enumerate(phrases):
                other = first.setdefault(phrase, reason)
                if other != reason:
                    yield (
                        document.line(("groups", name, "exclusions", reason, number)),
                        f"'{phrase}' is excluded as {other} already; remove one",
                    )


def _spellings_of_two_words(file: File, document: Document) -> Iterator[Fault]:
    """Spellings that are listed for two words, or that are the word itself."""
    spellings = file.get("spellings", {})
    characters = file.get("characters", {})
    plain = folded(
        [*spellings, *(one for given in spellings.values() for one in given)], characters
    )
    first: dict[str, str] = {}
    for word, given in spellings.items():
        for number, spelling in enumerate(given):
            line = document.line(("spellings", word, number))
            other = first.setdefault(plain[spelling], word)
            if other != word:
                yield (
                    line,
                    f"'{spelling}' is a spelling of '{other}' already, so that it would never be "
                    f"read as '{word}'; remove one",
                )
            elif spelling == word:
                yield line, f"'{spelling}' is the word itself, which needs no entry; remove it"


def _reasons_against_terms(file: File, document: Document) -> Iterator[Fault]:
    """Words that rule out every text that has them, and are a term that counts alone."""
    terms = {
        term: name
        for name, group in file["groups"].items()
        for term in (
            *(keyword["term"] for keyword in group["keywords"] if not keyword["ambiguous"]),
            *group.get("names", ()),
        )
    }
    for reason, entry in file.get("reasons", {}).items():
        if entry.get("against", "all") != "all":
            continue
        lists: dict[str, Any] = dict(entry)
        for key in ("words", "titles"):
            for number, word in enumerate(lists.get(key, ())):
                if word in terms:
                    place: Place = ("reasons", reason, key, number)
                    yield (
                        document.line(place),
                        f"'{word}' is a term of group '{terms[word]}' and would rule out every "
                        "advertisement that has it; write a longer word, or remove one",
                    )
