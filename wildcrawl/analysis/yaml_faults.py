"""YAML faults: what is wrong with a file that a person wrote, its line, and the fix."""

from __future__ import annotations

import re

import yaml

from wildcrawl.analysis.text import one_line

QUOTE_IT = 'put a text that begins with such a sign in quotes, as in "*see note"'
_FIXES = (
    (r"found character '\\t'", "indent by blanks, not by tabs"),
    (r"mapping values are not allowed", 'put a text with a colon in quotes, as in "Li: a report"'),
    (r"while scanning a quoted scalar", "end the text that begins here with its quotation mark"),
    (r"expected a single document", "remove the line ---"),
    (r"while parsing a flow", "close the bracket that opens here"),
    (
        r"while scanning an? (?:alias|anchor|tag|directive)|undefined alias|cannot start any token"
        r"|constructor for the tag",
        QUOTE_IT,
    ),
)


def hint(error: yaml.YAMLError) -> str:
    """The fix of a fault that people make often, such as a text that begins with *; or ""."""
    words = str(error)
    return next((fix for fault, fix in _FIXES if re.search(fault, words)), "")


def yaml_fault(error: Exception) -> str:
    """The fault of a file in one line, with its line in the file.

    >>> try:
    ...     yaml.safe_load("a: 1\\nb: * see note")
    ... except yaml.YAMLError as error:
    ...     print(yaml_fault(error).partition(";")[0])
    line 2: while scanning an alias: expected alphabetic or numeric character, but found ' '
    """
    if isinstance(error, UnicodeDecodeError):
        return "it has bytes of another encoding; save it as UTF-8"
    if isinstance(error, RecursionError):
        return "its entries are nested too deep; check its brackets"
    if not isinstance(error, yaml.MarkedYAMLError):
        return one_line(str(error))
    # What was not closed is mended where it begins.
    opened = re.search("quoted scalar|parsing a flow", error.context or "")
    mark = error.context_mark if opened else error.problem_mark or error.context_mark
    words = ": ".join(filter(None, (error.context, error.problem)))
    place = f"line {mark.line + 1}: " if mark else ""
    return "; ".join(filter(None, (place + one_line(words), hint(error))))
