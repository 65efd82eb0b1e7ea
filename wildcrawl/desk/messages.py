"""Messages of files, runs, the store and the tagger in the request's language, by the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from wildcrawl.analysis.singular import in_number
from wildcrawl.desk.languages import language, say
from wildcrawl.desk.match_words import SUPPORTS, TAGGING
from wildcrawl.desk.message_catalogue import FAULTS, FILES, ROWS, RUNS, WORDS
from wildcrawl.desk.run_messages import REASONS
from wildcrawl.desk.store_messages import EVIDENCE, LETTERS, PICTURES, SIGN_INS, STORES
from wildcrawl.labels import HEALTH, STRENGTHS, label_of
from wildcrawl.tabular.tables import Fault
from wildcrawl.tabular.words import CLOSED, COLUMN_LABELS

LONGEST = 4_000
"""Characters of a message that is translated; a longer one is shown as it is."""
_NAME = re.compile(r"\{(\w+)\}")
_CELL = r"(?:Search|Advertisements)![A-Z]+[0-9]+"
_PLACE = rf"(?:{_CELL}|(?:Search |Advertisements )?line [0-9]+(?:, \w+)?)"
_PATTERNS = {
    "Place": _PLACE, "Column": r"\w+(?:, \w+)*", "Reasons": ".+", "Figures": ".+?",
    "Health": "|".join((*HEALTH, "not finished")), "Strength": "|".join(STRENGTHS),
    "phrase": ".+?", "page": r"\{page\}", "board": r"\{board\}", "keyword": r"\{keyword\}",
}  # fmt: skip
"""What a part of a certain name may be; {page} and the like stand for themselves."""
_NEXT_CELL = re.compile(rf"; (?={_PLACE}: )")
_NUMBER = re.compile(r"n[0-9]*")
_NUMBER_NAME = re.compile(r"\{(?:n[0-9]*|pages|requests)\}")
_MORE = re.compile(r" and ([0-9]+) more$")
_SEARCH = re.compile(r"'([^']*)'(?: page ([0-9]+))?: ")
_OF = re.compile(r"(?<![0-9])([0-9]+) of ([0-9]+)( pages| missing)?")
_BREAK = re.compile(r"[;,] ")
_NEAR_HASH = re.compile(r"\b[0-9]{1,2} of 64 bits\b")
"""How near the hashes of two pictures are, in words of those who measure it."""
_BREAKS = 24
"""Most breaks within a sentence of a row of sentences."""
_MOST_BREAKS = 150
"""Most breaks of a row that is translated."""
_SEPARATORS = {"; ": "；", ", ": "，", "": ""}
_HEALTH = {str(health): label.chinese for health, label in HEALTH.items()}
_LABELS = {
    str(word): f"{word} {label}" for choices in CLOSED.values() for word, label in choices.items()
}


class _Template(NamedTuple):
    """A message with its Chinese; `literal` is its longest part that does not differ."""

    pattern: re.Pattern[str]
    chinese: str
    start: str
    literal: str

    def fills(self, text: str) -> re.Match[str] | None:
        """The parts of a text that is this message; None if it is another one."""
        if text.startswith(self.start) and self.literal in text:
            return self.pattern.fullmatch(text)
        return None


def message(text: str) -> str:
    """A message in the request's language; one that the catalogue lacks stays in English."""
    text = _NEAR_HASH.sub("nearly unchanged", text)
    return (in_chinese(text) or text) if language() == "zh" else text


def prepare_messages() -> None:
    """Compiles the catalogue, for which the first message would wait otherwise."""
    _templates()


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
    return _of_one(text) or _of_row(text)


def _of_one(text: str) -> str:
    """The Chinese of one message; "" if the catalogue lacks it."""
    for template in _templates():
        if found := template.fills(text):
            return _filled(template.chinese, found.groupdict())
    return ""


def _of_row(text: str) -> str:
    """The Chinese of several messages in a row; "" if the catalogue lacks all of them.

    Those that it lacks are kept in English.
    """
    if sum(1 for _ in _BREAK.finditer(text)) > _MOST_BREAKS:
        return ""
    said, known, at = [], False, 0
    while at < len(text):
        chinese, end = _next_of_row(text, at)
        known = known or bool(chinese)
        separator = _BREAK.match(text, end)
        said += [chinese or text[at:end], _SEPARATORS[separator[0] if separator else ""]]
        at = separator.end() if separator else len(text)
    return "".join(said) if known else ""


def _next_of_row(text: str, at: int) -> tuple[str, int]:
    """The Chinese of the longest message that begins at a place, "" if none does, and its end."""
    ends = [*(found.start() for found in _BREAK.finditer(text, at)), len(text)]
    for end in reversed(ends[: _BREAKS + 1]):
        if chinese := _of_one(text[at:end]):
            return chinese, end
    following = text.find("; ", at)
    return "", following if following >= 0 else len(text)


def _filled(chinese: str, parts: Mapping[str, str]) -> str:
    return _NAME.sub(lambda name: _part(name[1], parts[name[1]]), chinese)


def _part(name: str, text: str) -> str:
    if name == "Place":
        return re.sub(r"line ([0-9]+)(?:, (\w+))?", _line, text)
    if name == "Column":
        return _columns(text)
    if name == "Words":
        return "、".join(_LABELS.get(word, word) for word in text.split(", "))
    if name == "Supports":
        return "、".join(SUPPORTS.get(word, word) for word in text.split(", "))
    if name == "Strength":
        return label_of("strength", text, "zh")
    if name == "Verdict":
        return label_of("verdict", text, "zh")
    if name == "Terms":
        return _MORE.sub(r"，另有 \1 项", text.replace(", ", "、"))
    if name == "Figures":
        return _figures(text)
    return (in_chinese(text) or text) if name[0].isupper() else text


def _figures(text: str) -> str:
    """Searches with their numbers.

    >>> _figures("'象牙': 12 of 16, '牙雕' page 2: 3 and 4 more")
    '“象牙”：12/16、“牙雕”第 2 页：3，另有 4 项'
    """
    text = _MORE.sub(r"，另有 \1 项", text)
    text = _SEARCH.sub(_search, text).replace(", “", "、“")
    return _OF.sub(_ratio, text)


def _ratio(found: re.Match[str]) -> str:
    if found[3] == " missing":
        return f"{found[2]} 条中缺少 {found[1]} 条"
    return f"{found[1]}/{found[2]}" + (" 页" if found[3] else "")


def _search(found: re.Match[str]) -> str:
    return f"“{found[1]}”第 {found[2]} 页：" if found[2] else f"“{found[1]}”："


def _line(found: re.Match[str]) -> str:
    column = f"，{_columns(found[2])}" if found[2] else ""
    return f"第 {found[1]} 行{column}"


def _columns(names: str) -> str:
    return "、".join(COLUMN_LABELS.get(name, name) for name in names.split(", "))


@cache
def _templates() -> tuple[_Template, ...]:
    """All templates, those first that leave least open."""
    imports = (_HEALTH, WORDS, FAULTS, ROWS, FILES, RUNS)
    parts = (*imports, STORES, EVIDENCE, PICTURES, LETTERS, TAGGING, SIGN_INS)
    pairs = [(*pair, ".+?") for part in parts for pair in part.items()]
    pairs += [(*pair, "[^;]+?") for pair in REASONS.items()]
    pairs += [(*one, anything) for *pair, anything in pairs for one in _of_one_thing(*pair)]
    pairs.sort(key=lambda pair: -len(_NAME.sub("", pair[0])))
    return tuple(_template(*pair) for pair in pairs)


def _of_one_thing(english: str, chinese: str) -> Iterator[tuple[str, str]]:
    """A message as it reads where some of its numbers are 1, and its Chinese."""
    for name in _NUMBER_NAME.findall(english):
        given = english.replace(name, "1")
        if (one := in_number(given)) != given:
            singular = one, chinese.replace(name, "1")
            yield from (singular, *_of_one_thing(*singular))


def _template(english: str, chinese: str, anything: str) -> _Template:
    """A template in which an open part is `anything`: without ";" in a row of sentences."""
    pieces = _NAME.split(english)
    literals, names = pieces[::2], pieces[1::2]
    pattern = re.escape(literals[0]) + "".join(
        f"(?P<{name}>{_PATTERNS.get(name) or _open(name, anything)}){re.escape(literal)}"
        for name, literal in zip(names, literals[1:], strict=True)
    )
    return _Template(re.compile(pattern, re.DOTALL), chinese, literals[0], max(literals, key=len))


def _open(name: str, anything: str) -> str:
    if _NUMBER.fullmatch(name):
        return r"[0-9][0-9,.]*%?"
    # A run has no such part if there is nothing to say.
    return ".*?" if name == "Reused" else anything
