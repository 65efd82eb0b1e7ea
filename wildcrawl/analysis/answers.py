"""JSON answers: data in the forms in which sites send it, from JSONP to JavaScript objects."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

SHOWN = 60
"""Characters of a text that is not JSON which an error shows."""
_OPENINGS = 8
"""Brackets at the beginning of a text, of which each may begin the data."""
_LONGEST_HEAD = 2000
"""Characters before the data."""


class NotJson(ValueError):
    """Raised for a text that holds no JSON; the message says why, and how the text begins."""


def parse_answer(text: str) -> Any:
    r"""The data in the text of an answer; NotJson if there is none.

    Reads JSON, also with line breaks in texts, and with NUL or other control characters; JSONP; a
    value that a script assigns; a value behind a guard such as `)]}'`; objects one a line, as a
    list; the text of an HTML page that shows nothing else; JavaScript objects. NaN is None.

    >>> parse_answer('cb({"title": "象牙"});'), parse_answer("var a = {b: 'c'};")
    ({'title': '象牙'}, {'b': 'c'})
    """
    plain = text.replace("\0", "").strip("\ufeff \t\r\n")
    if not plain:
        raise NotJson("the answer is empty")
    try:
        return _DECODER.decode(plain)
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    if plain.startswith("<"):
        plain = _shown(plain)
    for form in _forms(plain):
        for start in _starts(form):
            values = _values(form, start)
            if values:
                return values[0] if len(values) == 1 else values
    for start in islice(_starts(plain), 1):
        with suppress(ValueError, RecursionError):
            return _javascript(plain[start:])
    raise NotJson(f"the answer is not JSON ({why}); it begins with '{beginning(text)}'")


def beginning(text: str) -> str:
    """The first SHOWN characters of a text, in one line."""
    return " ".join(text[: 4 * SHOWN].split())[:SHOWN]


def value_at(text: str, start: int) -> Any:
    """The JSON value, with small mistakes, that begins at `start`; ValueError if there is none."""
    try:
        return _DECODER.raw_decode(text, start)[0]
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:
        pass
    try:
        return _DECODER.raw_decode(_TOKEN.sub(_repair, text[start:]))[0]
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def script_text(text: str, start: int) -> str:
    r"""The value of the text in a script whose quotation mark is at `start`; ValueError if none.

    >>> script_text(r"x = '{\"a\": \'b\'}'", 4)
    '{"a": \'b\'}'
    """
    mark = text[start]
    found = re.compile(rf"(?>(?:[^{mark}\\]|\\.)*){mark}", re.DOTALL).match(text, start + 1)
    if found is None:
        raise ValueError("it does not end")
    plain = _IN_TEXT.sub(lambda each: _escape(each) if each[0] != '"' else '\\"', found[0][:-1])
    return str(_DECODER.decode(f'"{plain}"'))


def escaped(text: str) -> str:
    """The data at the beginning of a text that writes quotation marks as HTML does.

    >>> escaped('{&quot;a&quot;: 1}" class="app">')
    '{"a": 1}'
    """
    mark = re.match(r"[{\[]\s{0,9}[{\[]?\s{0,9}&(?:quot|#34|#x22);", text)
    return html.unescape(re.split('["<]', text, maxsplit=1)[0]) if mark else ""


NESTED = 4
"""Levels of JSON within texts of JSON that are read."""


def unfolded(value: Any, levels: int = NESTED) -> Any:
    """A copy of `value` in which texts that hold an object or a list are replaced by it.

    Programs that hand on the answer of another one write it so.

    >>> unfolded({"data": '{"items": ["a", "[b]"]}'})
    {'data': {'items': ['a', '[b]']}}
    """
    if isinstance(value, dict):
        return {name: unfolded(each, levels) for name, each in value.items()}
    if isinstance(value, list):
        return [unfolded(each, levels) for each in value]
    if levels and isinstance(value, str) and _LIKE_JSON.fullmatch(value):
        try:
            held = _DECODER.decode(value.strip())
        except (ValueError, RecursionError):
            return value
        return unfolded(held, levels - 1)
    return value


_LIKE_JSON = re.compile(r"""\s*(?:\{.*\}|\[.*\]|"[{\[].*[}\]]")\s*""", re.DOTALL)
_DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
_COMMENTS = re.compile(r"(?:\s+|/\*(?>(?:[^*]|\*(?!/))*)\*/|//[^\n]*\n)+")
_GUARD = re.compile(
    r"""\)\]\}'?,?|while\s*\(\s*(?:1|true)\s*\)\s*;|for\s*\(\s*;\s*;\s*\)\s*;"""
    r"""|throw 1;[^\n]*|&&&START&&&|\{\}\s*&&|/\*"""
)
"""What sites put before JSON, so that other sites' pages cannot run it."""
_BEFORE = re.compile(r"(?:[\w$\])?]\s*[(=]|^\(+|&&|\breturn)\s*$")
"""End of a text before data: a call or an assignment."""
_AFTER = re.compile(r"\s*(?:[);]|\*/|//|<!--|&&&END&&&|$)")
"""Beginning of a text after data."""
_TOKEN = re.compile(
    r'"(?>(?:[^"\\]|\\.)*)"?|\b(?:undefined|NaN|Infinity)\b|-Infinity\b|,(?=\s*+[}\]])', re.DOTALL
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u[0-9a-fA-F]{4}|(.))", re.DOTALL)
_IN_TEXT = re.compile(f'{_ESCAPE.pattern}|"', re.DOTALL)
_KNOWN_ESCAPES = '"\\/bfnrt'


def _forms(text: str) -> Iterator[str]:
    """The text, without comments and guards before it, as it is and with mistakes repaired."""
    for _ in range(4):
        before = len(text)
        for lead in (_GUARD, _COMMENTS):
            match = lead.match(text)
            # A guard that opens a comment ends with the text.
            if match and not (match[0] == "/*" and not text.endswith("*/")):
                text = text[match.end() :]
        if len(text) == before:
            break
    yield text
    repaired = _TOKEN.sub(_repair, text)
    if repaired != text:
        yield repaired


def _repair(token: re.Match[str]) -> str:
    """A token as JSON has it: no extra comma, no unknown escape, null for what is undefined."""
    if token[0] == ",":
        return ""
    return _ESCAPE.sub(_escape, token[0]) if token[0].startswith('"') else "null"


def _escape(match: re.Match[str]) -> str:
    if match[1]:
        return f"\\u00{match[1]}"
    if match[2] and match[2] not in _KNOWN_ESCAPES:
        return match[2]
    return match[0]


def _starts(text: str) -> Iterator[int]:
    """Positions at which data may begin: at the beginning, or after a call or an assignment."""
    brackets = re.finditer(r"[{\[]", text[:_LONGEST_HEAD])
    for bracket, _ in zip(brackets, range(_OPENINGS), strict=False):
        start = bracket.start()
        if start == 0 or _BEFORE.search(text[max(0, start - 100) : start]):
            yield start


def _values(text: str, start: int) -> list[Any]:
    """The value at `start`, or all values from there on, one a line; [] if there is other text."""
    found: list[Any] = []
    position = start
    while position < len(text):
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return []
        found.append(value)
        if _AFTER.match(text, position):
            # Text after several values is not that of one call.
            return found if len(found) == 1 or not text[position:].strip() else []
        if not isinstance(value, dict | list):
            return []
        following = _NEXT.match(text, position)
        position = following.end() if following else len(text)
    return found


_NEXT = re.compile(r"[\s,]*")


def _javascript(text: str) -> Any:
    """The JavaScript object or list at the beginning of `text`; ValueError if there is none."""
    import chompjs

    repaired = _TOKEN.sub(_repair, text)
    try:
        _DECODER.raw_decode(repaired)
    except (ValueError, RecursionError):
        pass
    else:
        # Data with other text after it may be the first of several pieces.
        raise ValueError("it is followed by other text")
    try:
        return chompjs.parse_js_object(repaired, loader_kwargs={"strict": False})
    except (RecursionError, MemoryError):
        raise ValueError("it is nested too deeply") from None


def _shown(page: str) -> str:
    """The text that an HTML page shows, if it begins like data, as browsers show it; else ""."""
    from parsel import Selector

    shown = Selector(page, type="html").xpath(
        "//body//text()[not(ancestor::script or ancestor::style)]"
    )
    text = "".join(shown.getall()).strip("\ufeff \t\r\n")
    match = _LIKE_DATA.match(text)
    return text if match else ""


_LIKE_DATA = re.compile(r"[{\[]|[\w$.]{1,100}\s*\(\s*[{\[]|\)\]\}'")
