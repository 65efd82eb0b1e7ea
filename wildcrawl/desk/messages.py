"""Messages of files, worksheets and imports in the request's language, by the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from wildcrawl.desk.languages import say
from wildcrawl.desk.message_catalogue import FAULTS, FILES, ROWS, RUNS, WORDS
from wildcrawl.tabular.words import CLOSED, COLUMN_LABELS

if TYPE_CHECKING:
    from wildcrawl.tabular.tables import Fault

LONGEST = 4_000
"""Characters of a message that is translated; a longer one is shown as it is."""
_NAME = re.compile(r"\{(\w+)\}")
_CELL = r"(?:Search|Advertisements)![A-Z]+[0-9]+"
_PLACE = rf"(?:{_CELL}|(?:Search |Advertisements )?line [0-9]+(?:, \w+)?)"
_PATTERNS = {"Place": _PLACE, "Column": r"\w+(?:, \w+)*"}
_NEXT_CELL = re.compile(rf"; (?={_PLACE}: )")
_SEPARATE = re.compile(r"; (?=[0-9]+ )")
_LABELS = {
    str(word): f"{word} {label}" for choices in CLOSED.values() for word, label in choices.items()
}


class _Template(NamedTuple):
    """A message with its Chinese; `literal` is its longest part that does not differ."""

    pattern: re.Pattern[str]
    chinese: str
    literal: str


def message(text: str) -> str:
    """A message in the request's language; one that the catalogue lacks stays in English."""
    return say(text, in_chinese(text) or text)


def fault_text(fault: Fault) -> str:
    """What is wrong with a cell, in the request's language, its column first."""
    column = _columns(fault.column)
    value = f"：“{fault.shown}”" if fault.value else ""
    return say(str(fault), f"{column}{value}{in_chinese(fault.fix) or fault.fix}")


@lru_cache(maxsize=1_000)
def in_chinese(text: str) -> str:
    """The Chinese of a message; "" if the catalogue lacks it.

    >>> in_chinese("file.csv: no such file"), in_chinese("line 3: 'x' is a list; give one text")
    ('file.csv：没有这个文件', '第 3 行：“x”是列表；请只填写一段文字')
    """
    if len(text) > LONGEST:
        return ""
    several = _NEXT_CELL.split(text)
    if len(several) > 1:
        return "；".join(in_chinese(part) or part for part in several)
    for template in _templates():
        if template.literal in text and (found := template.pattern.fullmatch(text)):
            return _filled(template.chinese, found.groupdict())
    return ""


def _filled(chinese: str, parts: Mapping[str, str]) -> str:
    return _NAME.sub(lambda name: _part(name[1], parts[name[1]]), chinese)


def _part(name: str, text: str) -> str:
    if name == "Place":
        return re.sub(r"line ([0-9]+)(?:, (\w+))?", _line, text)
    if name == "Column":
        return _columns(text)
    if name == "Words":
        return "、".join(_LABELS.get(word, word) for word in text.split(", "))
    if name == "Reasons":
        return "；".join(in_chinese(reason) or reason for reason in _SEPARATE.split(text))
    return (in_chinese(text) or text) if name[0].isupper() else text


def _line(found: re.Match[str]) -> str:
    column = f"，{_columns(found[2])}" if found[2] else ""
    return f"第 {found[1]} 行{column}"


def _columns(names: str) -> str:
    return "、".join(COLUMN_LABELS.get(name, name) for name in names.split(", "))


@cache
def _templates() -> tuple[_Template, ...]:
    """All templates, those first that leave least open."""
    pairs = [pair for part in (WORDS, FAULTS, ROWS, FILES, RUNS) for pair in part.items()]
    pairs.sort(key=lambda pair: -len(_NAME.sub("", pair[0])))
    return tuple(_template(english, chinese) for english, chinese in pairs)


def _template(english: str, chinese: str) -> _Template:
    pieces = _NAME.split(english)
    literals, names = pieces[::2], pieces[1::2]
    pattern = re.escape(literals[0]) + "".join(
        f"(?P<{name}>{_PATTERNS.get(name, _open(name))}){re.escape(literal)}"
        for name, literal in zip(names, literals[1:], strict=True)
    )
    return _Template(re.compile(pattern, re.DOTALL), chinese, max(literals, key=len))


def _open(name: str) -> str:
    # A run has no such part if there is nothing to say.
    return ".*?" if name == "Reused" else ".+?"
