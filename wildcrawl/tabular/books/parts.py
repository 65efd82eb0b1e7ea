"""XML parts of zipped workbooks: read element by element in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from lxml import etree  # type: ignore[import-untyped]

_BLOCK = 1 << 20
_NAME = rb"<(?:[\w.-]+:)?"
_ROW = re.compile(_NAME + rb"(?:table-)?row[\s/>]")
_TEXT = re.compile(_NAME + rb"si[\s/>]")
_CELL = re.compile(_NAME + rb"(?:c|(?:covered-)?table-cell)[\s/>]")
_LONGEST_NAME = 256
"""Bytes of the name of a tag."""


@dataclass
class Counts:
    """What a part has, counted in its bytes, which takes a small share of what reading takes."""

    rows: int = 0
    texts: int = 0
    """Shared texts."""
    cells: int = 0
    together: int = 0
    """Tags since the block with the last row or text: they are in memory together."""


def counted(file: IO[bytes]) -> Iterator[Counts]:
    """The counts of a part so far, after each block of it."""
    counts, rest = Counts(), b""
    while block := file.read(_BLOCK):
        data = rest + block
        # A tag whose name the end of the block may cut off is left to the next one.
        last = data.rfind(b"<", -_LONGEST_NAME)
        end = len(data) if last < 0 else last
        data, rest = data[:end], data[end:]
        rows, texts = (len(pattern.findall(data)) for pattern in (_ROW, _TEXT))
        tags = data.count(b"<")
        counts.together = tags if rows or texts else counts.together + tags
        counts.rows += rows
        counts.texts += texts
        counts.cells += len(_CELL.findall(data))
        yield counts


def parsed(file: IO[bytes], names: tuple[str, ...]) -> Iterator[etree._Element]:
    """The elements of the local names `names` at their ends, each forgotten after its use."""
    wanted = [f"{{*}}{name}" for name in names]
    elements = etree.iterparse(
        file, events=("end",), tag=wanted, resolve_entities=False, load_dtd=False, no_network=True
    )
    for _, element in elements:
        yield element
        element.clear(keep_tail=False)
        while element.getprevious() is not None:
            del element.getparent()[0]


def local(element: etree._Element) -> str:
    """Name of an element without its namespace; "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Children of a local name."""
    return (child for child in element if local(child) == name)


def contains(file: IO[bytes], word: bytes) -> bool:
    """Whether the part has `word`, which is much faster to find out than to read it."""
    rest = b""
    while block := file.read(_BLOCK):
        if word in rest + block:
            return True
        rest = block[-len(word) :]
    return False


def attribute(element: etree._Element, name: str) -> str:
    """Attribute of a name in any namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""
