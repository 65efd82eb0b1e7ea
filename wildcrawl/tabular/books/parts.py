"""XML parts of zipped workbooks: read element by element in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from lxml import etree  # type: ignore[import-untyped]

_BLOCK = 1 << 20


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
