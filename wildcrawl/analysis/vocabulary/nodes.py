"""Walks a YAML document by its nodes, so that every fault can name its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from wildcrawl.analysis.vocabulary.model import suggestion

Node = yaml.nodes.Node


def line_of(node: Node) -> int:
    """The line on which a node starts, counted from 1."""
    return int(node.start_mark.line) + 1


@dataclass
class Faults:
    """Everything found wrong with one file, each with its line and the mend."""

    file: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, where: Node | int, message: str) -> None:
        """Notes one fault at a node or a line."""
        self.found.append((where if isinstance(where, int) else line_of(where), message))

    def __str__(self) -> str:
        ordered = sorted(set(self.found))
        return "\n".join(f"{self.file} line {line}: {message}" for line, message in ordered)

    def mapping(self, node: Node | None, what: str, known: Sequence[str] = ()) -> dict[str, Node]:
        """The entries of a mapping; unknown and doubled keys are faults and left out."""
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.add(node, f"{what} must be a mapping (key: value), not {_shape(node)}")
            return {}
        entries: dict[str, Node] = {}
        for key, value in node.value:
            name = self.text(key, f"a key of {what}")
            if name in entries:
                self.add(key, f"'{name}' stands twice in {what}; take one out")
            elif known and name not in known:
                near = suggestion(name, known)
                self.add(key, f"'{name}' is unknown in {what}{near}; known: {', '.join(known)}")
            elif name:
                entries[name] = value
        return entries

    def sequence(self, node: Node | None, what: str) -> list[Node]:
        """The members of a list."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.add(node, f"{what} must be a list, not {_shape(node)}")
            return []
        return list(node.value)

    def text(self, node: Node | None, what: str) -> str:
        """A text that is not empty; "" where it is missing or a fault."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.add(node, f"{what} must be a text, not {_shape(node)}")
            return ""
        value = str(node.value).strip()
        if not value:
            self.add(node, f"{what} is empty; write it or take the line out")
        return value

    def choice(self, node: Node | None, what: str, known: Sequence[str]) -> str:
        """One of a few words; "" where it is missing or a fault."""
        value = self.text(node, what)
        if node is None or not value or value in known:
            return value
        near = suggestion(value, known)
        self.add(node, f"'{value}' is no {what}{near}; one of {', '.join(known)}")
        return ""

    def number(self, node: Node | None, what: str) -> int:
        """A whole number; 0 where it is missing or a fault."""
        value = self.text(node, what)
        if node is None or not value:
            return 0
        if not value.isdecimal():
            self.add(node, f"{what} must be a whole number, not '{value}'")
            return 0
        return int(value)

    def words(self, node: Node | None, what: str) -> tuple[str, ...]:
        """A list of texts, each of them once."""
        found: dict[str, None] = {}
        for each in self.sequence(node, what):
            word = self.text(each, f"a word of {what}")
            if word in found:
                self.add(each, f"'{word}' stands twice in {what}; take one out")
            elif word:
                found[word] = None
        return tuple(found)

    def required(
        self, node: Node, entries: Iterable[str], needed: Sequence[str], what: str
    ) -> bool:
        """Whether a mapping has all it needs; each missing key is a fault."""
        missing = [each for each in needed if each not in entries]
        for each in missing:
            self.add(node, f"{what} has no '{each}'; add it")
        return not missing


def repeated(words: Iterable[tuple[str, Node]]) -> Iterator[tuple[str, Node, int]]:
    """Each word that stands more than once, with its node and the line where it stood first."""
    first: dict[str, int] = {}
    for word, node in words:
        if word in first:
            yield word, node, first[word]
        else:
            first[word] = line_of(node)


def _shape(node: Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return f"'{node.value}'" if str(node.value).strip() else "empty"
