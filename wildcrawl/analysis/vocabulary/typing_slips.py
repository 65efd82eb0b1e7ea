"""Typing slips in the text of keywords.yaml: tabs, wide spaces, full-width colons and commas."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_INDENT = re.compile(r"\s*")
_INDENTED_WITH = {"\t": "a tab", "\u3000": "a full-width space", "\xa0": "a non-breaking space"}
_COMMENT = re.compile(r"(?:^|\s)#.*")
_WIDE_COLON = re.compile(r"(?:^\s*(?:-\s*)?|[{,]\s*)[\"']?(\w+)[\"']?\s*：")
_WIDE_LIST = re.compile(r"^\s*(?:-\s*)?\w+: *([［【〔「])")
_MERGE_MARK = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)")
_WIDE_COMMA = re.compile(r"[{,，][^{}\[\]]*?\w: *[^,{}\[\]]*，\s*\w+ *[:：]")


def slips_near(text: str, line: int) -> list[tuple[int, str]]:
    """Slips in `line` (from 1) and the line before it, which explain a fault found there."""
    lines = text.splitlines()
    marks = [n for n, one in enumerate(lines, 1) if _MERGE_MARK.match(one)]
    return [
        (number, message)
        for number in (*marks, line - 1, line)
        if 1 <= number <= len(lines)
        for message in _slips(lines[number - 1])
    ]


def wide_colons(text: str, keys: Collection[str]) -> list[tuple[int, str]]:
    """Full-width colons after one of `keys`: YAML reads such a line as a text, not as a key."""
    return [
        (number, _wide_colon(found[1]))
        for number, line in enumerate(text.splitlines(), 1)
        for found in _WIDE_COLON.finditer(_COMMENT.sub("", line))
        if found[1] in keys
    ]


def _slips(line: str) -> Iterator[str]:
    if _MERGE_MARK.match(line):
        yield "is a mark of a merge that git did not finish; keep one of the two versions"
    indent = _INDENT.match(line)
    for letter in dict.fromkeys(indent[0] if indent else ""):
        if letter in _INDENTED_WITH:
            yield f"is indented with {_INDENTED_WITH[letter]}; use spaces"
    bare = _COMMENT.sub("", line)
    yield from (_wide_colon(found[1]) for found in _WIDE_COLON.finditer(bare))
    if bracket := _WIDE_LIST.match(bare):
        yield f"has the full-width bracket '{bracket[1]}'; write the list as [a, b]"
    if _WIDE_COMMA.search(bare):
        yield "has the full-width comma '，' between keys; write ', '"


def _wide_colon(key: str) -> str:
    return f"has the full-width colon '：' after '{key}'; write '{key}: ' with a plain colon"
