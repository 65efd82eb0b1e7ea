"""Texts of a pattern: random ones of which it is made, to try what must agree with it."""

from __future__ import annotations

import re
from random import Random
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

_HAN = "象牙手串老板微信"
_CLASSES = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_WORD": "a1_牙",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_WORD": " :：-.👉",
}
_MOST = 6
"""Repetitions beyond the fewest."""


def patterns_of(*modules: ModuleType) -> list[re.Pattern[str]]:
    """The compiled patterns of modules, also those in a table by kind."""
    values = [value for module in modules for value in vars(module).values()]
    tables = [list(value.values()) for value in values if isinstance(value, dict)]
    found = [*values, *(each for table in tables for each in table)]
    return [each for each in found if isinstance(each, re.Pattern)]


def text_of(pattern: re.Pattern[str], random: Random) -> str:
    """A random text of a pattern; what it looks ahead or behind for is not heeded."""
    return _sequence(_parser.parse(pattern.pattern, pattern.flags), _Choices(random.random()))


class _Choices(Random):
    """Random choices, and the texts of the groups so far, which a pattern may repeat."""

    def __init__(self, seed: float) -> None:
        super().__init__(seed)
        self.groups: dict[int | None, str] = {}


def _sequence(parts: Any, random: _Choices) -> str:
    return "".join(_part(str(name), given, random) for name, given in parts)


def _part(name: str, given: Any, random: _Choices) -> str:
    match name:
        case "LITERAL":
            return chr(given)
        case "IN":
            return _one_of(given, random)
        case "NOT_LITERAL" | "ANY":
            return random.choice(_HAN)
        case "BRANCH":
            return _sequence(random.choice(given[1]), random)
        case "SUBPATTERN":
            random.groups[given[0]] = _sequence(given[3], random)
            return random.groups[given[0]]
        case "GROUPREF":
            return random.groups[given]
        case "ATOMIC_GROUP":
            return _sequence(given, random)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            fewest, most, inner = given
            number = random.randint(fewest, min(int(most), fewest + _MOST))
            return "".join(_sequence(inner, random) for _ in range(number))
        case "ASSERT" | "ASSERT_NOT" | "AT":
            return ""
    raise NotImplementedError(name)


def _one_of(members: Any, random: _Choices) -> str:
    if str(members[0][0]) == "NEGATE":
        return random.choice(" :：-.👉")
    name, given = random.choice(members)
    if str(name) == "RANGE":
        return chr(random.randint(*given))
    return chr(given) if str(name) == "LITERAL" else random.choice(_CLASSES[str(given)])
