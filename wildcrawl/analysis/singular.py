"""Singular: English sentences written for several, of which there is one.

Messages are written with the plural, such as "3 pages have no title", and are put right here, so
that no message needs two forms.
"""

from __future__ import annotations

import re

_NOUNS = (
    "account|advertisement|board|capture|card|cell|character|column|day|entry|error|fault|file|group|id|image|key|"
    "keyword|letter|link|month|page|photograph|picture|place|post|process|record|request|result|row|"
    "run|search|sheet|sighting|site|survey|thread|verdict|website|write"
)
_PLURALS = {
    name + ("es" if name.endswith(("s", "ch", "sh")) else "s"): name for name in _NOUNS.split("|")
}
_PLURALS = {**_PLURALS, "entries": "entry"}
_VERBS = {
    "are": "is",
    "were": "was",
    "have": "has",
    "show": "shows",
    "remain": "remains",
    "wait": "waits",
    "need": "needs",
    "differ": "differs",
    "lack": "lacks",
    "equal": "equals",
}
_ADJECTIVES = (
    "(?:(?:more|own|NUL|search|unreadable|failed|new|judged|pending|other|further|earlier) )?"
)
_ONE = re.compile(
    rf"(?<![\w.,:/'=-])1 {_ADJECTIVES}(?P<noun>{'|'.join(_PLURALS)})\b(?P<rest>[^.;,:()]*)"
)
_AFTER_NUMBER = re.compile(r"(?:of|after|page|line) $")
_VERB = re.compile(rf"\b(?P<before>they |and |which |that )?(?P<verb>{'|'.join(_VERBS)})\b")
_THEIR = re.compile(r"\btheir\b")
_THEY = re.compile(r"\b(?:they|them)\b")


def in_number(text: str) -> str:
    """A sentence in which nouns and verbs agree with a count of one.

    >>> in_number("1 NUL characters were dropped")
    '1 NUL character was dropped'
    >>> in_number("1 pages that show neither results nor words")
    '1 page that shows neither results nor words'
    >>> in_number("1 advertisements remain due for their capture; 2 pages have none; 1 of 3 pages")
    '1 advertisement remains due for its capture; 2 pages have none; 1 of 3 pages'
    """
    return _ONE.sub(_agreed, text) if "1 " in text else text


def _agreed(found: re.Match[str]) -> str:
    if _AFTER_NUMBER.search(found.string[: found.start()]) and not found["rest"]:
        return _with_noun(found)
    rest, changed = _VERB.subn(_singular, found["rest"], count=1)
    if changed or not _VERB.search(found["rest"]):
        rest = _THEIR.sub("its", rest)
        rest = _VERB.sub(_of_pronoun, rest)
    return _with_noun(found) + _THEY.sub("it", rest)


def _with_noun(found: re.Match[str]) -> str:
    before = found[0][: found.start("noun") - found.start()]
    return before + _PLURALS[found["noun"]]


def _singular(found: re.Match[str]) -> str:
    return (found["before"] or "") + _VERBS[found["verb"]]


def _of_pronoun(found: re.Match[str]) -> str:
    return _singular(found) if found["before"] in ("they ", "and ") else found[0]
