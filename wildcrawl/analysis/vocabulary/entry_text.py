"""Checks of one word as it is typed in keywords.yaml: separators, brackets, hidden characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

ANY_TERM = "…"
"""Placeholder for any term, at the beginning or the end of a phrase."""
_SEPARATOR = re.compile(
    r"\s*(?:[、，；;]|(?<![0-9]),|,(?![0-9])|(?<=[\u3400-\u9fff])[/／](?=[\u3400-\u9fff]))\s*"
)
"""What separates words in a list as people type it; no text is matched with it."""
_HIDDEN = ("Cc", "Cf", "Co", "Cn")
_BRACKETS = frozenset("()（）|｜")
_QUOTES = frozenset('"“”‘’《》「」『』[]【】［］{}')


def typed_wrongly(word: str, *, searched: bool = False) -> str:
    """What is wrong with how a word is typed, and the fix; "" if it is well.

    A `searched` word is also typed into the search fields of sites.

    >>> typed_wrongly("标本、野生")
    "'标本、野生' would be one word; write 2 entries with ', ' between them: 标本, 野生"
    """
    # Most words are letters and digits alone, and have none of the faults.
    return "" if word.isalnum() else next(_faults(word, searched), "")


def hidden_character(word: str) -> str:
    """A message for a word with an invisible character; "" without one."""
    hidden = [letter for letter in word if unicodedata.category(letter) in _HIDDEN]
    if not hidden:
        return ""
    return f"'{word}' has an invisible character (U+{ord(hidden[0]):04X}); type it again"


def phrase_typed_wrongly(phrase: str, *, at_end_only: bool = False) -> str:
    """What is wrong with the placeholder of a phrase, and the fix; "" if it is well."""
    words = phrase.replace("...", ANY_TERM)
    if ANY_TERM not in words:
        return ""
    bare = words.strip(ANY_TERM)
    placed = words == f"{bare}{ANY_TERM}" or (words == f"{ANY_TERM}{bare}" and not at_end_only)
    if bare and placed and ANY_TERM not in bare and words == phrase:
        return ""
    forms = f"仿{ANY_TERM}" if at_end_only else f"仿{ANY_TERM} or {ANY_TERM}色"
    return (
        f"'{phrase}' is not a valid phrase; '{ANY_TERM}' stands once for any term, such as {forms}"
    )


def _faults(word: str, searched: bool) -> Iterator[str]:
    if _BRACKETS & {*word}:
        yield (
            f"'{word}' has a bracket or bar without its partner; write alternatives as "
            "(a|b) with plain brackets and bars, and a word without alternatives without them"
        )
    parts = [part for part in _SEPARATOR.split(word) if part]
    if len(parts) > 1:
        yield (
            f"'{word}' would be one word; write {len(parts)} entries with ', ' between them: "
            f"{', '.join(parts)}"
        )
    if not searched and (message := hidden_character(word)):
        yield message
    if not any(unicodedata.category(letter)[0] in "LN" or _pictured(letter) for letter in word):
        yield f"'{word}' has no letter or character that a text could match; write a word"
    if searched and _QUOTES & {*word}:
        yield (
            f"'{word}' has quotes or brackets, which sites would be searched for; write the "
            "word alone"
        )


def _pictured(letter: str) -> bool:
    return unicodedata.category(letter) == "So"
