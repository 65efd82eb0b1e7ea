"""What a property says, whichever of the many shapes it is written in."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

Node = dict[str, Any]
"""A thing: its properties by their schema.org names, and its types under "@type"."""


def text_of(value: Any, names: Iterable[str] = ("name", "@value", "value")) -> str:
    """The text of a value: itself, the first of several, or what the thing it is is called."""
    if isinstance(value, str):
        return html.unescape(value).strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return next((text for each in value if (text := text_of(each, names))), "")
    if isinstance(value, dict):
        return next((text for name in names if (text := text_of(value.get(name)))), "")
    return ""


def first(node: Node, *names: str) -> str:
    """The text of the first property that has any."""
    return next((text for name in names if (text := text_of(node.get(name)))), "")


def links_of(value: Any) -> list[str]:
    """The addresses in a value: texts, or things that have one."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, list):
        found = [link for each in value for link in links_of(each)]
        return list(dict.fromkeys(found))
    if isinstance(value, dict):
        return next(
            (
                found
                for name in ("url", "contentUrl", "@id")
                if (found := links_of(value.get(name)))
            ),
            [],
        )
    return []


def nodes_of(value: Any) -> list[Node]:
    """The things in a value: one or several."""
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, dict)]
