"""YAML faults: what is wrong with a file that a person wrote, its line, and the fix."""

from __future__ import annotations

import re

import yaml

from wildcrawl.analysis.text import one_line

QUOTE_IT = 'put a text that begins with such a sign in quotes, as in "*see note"'
_OF_SIGNS = re.compile(
    r"while scanning an? (?:alias|anchor|tag|directive)|undefined alias|cannot start any token"
    r"|constructor for the tag"
)


def hint(error: yaml.YAMLError) -> str:
    """The fix of a text that begins with a sign of YAML, such as * or &; "" for other faults."""
    return QUOTE_IT if _OF_SIGNS.search(str(error)) else ""


def yaml_fault(error: Exception) -> str:
    """The fault of a file in one line, with its line in the file.

    >>> try:
    ...     yaml.safe_load("a: 1\\nb: * see note")
    ... except yaml.YAMLError as error:
    ...     print(yaml_fault(error).partition(";")[0])
    line 2: while scanning an alias: expected alphabetic or numeric character, but found ' '
    """
    if not isinstance(error, yaml.MarkedYAMLError):
        return one_line(str(error))
    mark = error.problem_mark or error.context_mark
    words = ": ".join(filter(None, (error.context, error.problem)))
    place = f"line {mark.line + 1}: " if mark else ""
    return "; ".join(filter(None, (place + one_line(words), hint(error))))
