"""YAML document as plain data, with line numbers of all parts for error messages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from wildcrawl.analysis.yaml_faults import hint

Data = str | list["Data"] | dict[str, "Data"]
"""Scalars remain stripped texts; the schema interprets values such as `since: 2016-05`."""
Path = Sequence[str | int]
"""Keys and positions that lead from the top of the document to a part."""

MAX_DEPTH = 20
"""Levels of nesting; deeper documents would crash PyYAML's composer."""
MOST_ALTERNATIVES = 1000
"""Words that one entry of a list may stand for."""
_CHOICE = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
# The C reader is ten times as fast where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DocumentError(ValueError):
    """Raised for a text that is not valid YAML; `line` is counted from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class _Container:
    """Mapping or list being read: lines of its entries, and the key without a value yet."""

    data: list[Data] | dict[str, Data]
    line: int
    anchor: str | None
    lines: dict[str | int, tuple[int, int]] = field(default_factory=dict)
    key: tuple[str, int] | None = None


class Document:
    """Data of a YAML text; of repeated keys the first one counts, the others are in `faults`.

    An entry of a list with alternatives, such as (银|刀)是新打, becomes one entry for each.
    Faults are pairs of line and message. DocumentError if the text is not YAML. Aliases are
    resolved; an alias within its own anchor is an error.
    """

    def __init__(self, text: str) -> None:
        self.data: Data | None = None
        self.faults: list[tuple[int, str]] = []
        self._line = 1
        self._lines: dict[int, dict[str | int, tuple[int, int]]] = {}
        self._open: list[_Container] = []
        self._anchors: dict[str, Data] = {}
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            fix = hint(error) or "check indents, quotes and brackets"
            raise DocumentError(
                mark.line + 1 if mark else 1, f"is not YAML: {error.problem}; {fix}"
            ) from None
        except yaml.reader.ReaderError as error:
            # It gives the place in bytes or in characters, by the reader.
            line = text.count("\n", 0, max(text.find(chr(error.character)), 0)) + 1
            why = f"is not YAML: it has the character U+{error.character:04X}; remove it"
            raise DocumentError(line, why) from None

    def line(self, path: Path, *, key: bool = False) -> int:
        """Line of the value at `path`, or of its `key`; of the parent if it is missing."""
        line, part = self._line, self.data
        for step in path:
            lines = self._lines.get(id(part), {}).get(step)
            if lines is None:
                return line
            line = lines[0] if key else lines[1]
            part = part[step]  # type: ignore[index]
        return line

    def _take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):
            self._put(event.value.strip(), line, event.anchor)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self._open) == MAX_DEPTH:
                raise DocumentError(line, f"is nested more than {MAX_DEPTH} levels deep")
            mapping = isinstance(event, yaml.MappingStartEvent)
            self._open.append(_Container({} if mapping else [], line, event.anchor))
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self._open.pop()
            self._lines[id(done.data)] = done.lines
            self._put(done.data, done.line, done.anchor)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise DocumentError(
                    line, f"'*{event.anchor}' has no anchor '&{event.anchor}' that ends before it"
                )
            self._put(self._anchors[event.anchor], line, None)
        elif isinstance(event, yaml.DocumentStartEvent) and self.data is not None:
            raise DocumentError(line, "a second document begins here; remove the '---'")

    def _put(self, value: Data, line: int, anchor: str | None) -> None:
        """Adds a finished value to the innermost open container."""
        if anchor:
            self._anchors[anchor] = value
        if not self._open:
            self.data, self._line = value, line
            return
        parent = self._open[-1]
        if isinstance(parent.data, list):
            for entry in _alternatives(value, line) if isinstance(value, str) else (value,):
                parent.lines[len(parent.data)] = (line, line)
                parent.data.append(entry)
        elif parent.key is None:
            if not isinstance(value, str):
                raise DocumentError(line, "a key must be a text, not a list or a mapping")
            parent.key = (value, line)
        else:
            name, at = parent.key
            parent.key = None
            if name in parent.data:
                self.faults.append((at, f"key '{name}' is repeated; remove one"))
            else:
                parent.lines[name] = (at, line)
                parent.data[name] = value


def _alternatives(word: str, line: int) -> list[str]:
    """The words that an entry of a list stands for: (银|刀)是新(打|配) stands for four.

    DocumentError if it stands for more than MOST_ALTERNATIVES.
    """
    words = [""]
    for place, part in enumerate(_CHOICE.split(word)):
        choices = [one.strip() for one in part.split("|")] if place % 2 else [part]
        if len(words) * len(choices) > MOST_ALTERNATIVES:
            raise DocumentError(
                line, f"'{word}' stands for more than {MOST_ALTERNATIVES} words; split it"
            )
        words = [f"{before}{choice}" for before in words for choice in choices]
    return words
