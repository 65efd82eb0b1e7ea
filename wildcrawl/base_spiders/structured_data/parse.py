"""Parser of the schema.org things in a page, from JSON-LD and microdata.

A thing is a dict: its properties as JSON-LD names them, "@type" a list of plain type names.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parsel import Selector

    HtmlElement = Any

DEEPEST_ITEM = 12
"""Maximum depth of things within things."""

_ADDRESSES = {
    "a": ("href",),
    "area": ("href",),
    "link": ("href",),
    "img": ("src", "data-src"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "embed": ("src",),
    "video": ("src",),
    "audio": ("src",),
    "object": ("data",),
    "data": ("value",),
    "meter": ("value",),
    "time": ("datetime",),
}
"""Element to the attributes that hold its value; other elements hold it as text."""


def read_microdata(page: Selector) -> list[dict[str, Any]]:
    """The outermost things, in the order of the page."""
    outer = page.xpath("//*[@itemscope and not(@itemprop)]")
    return [_item(each.root, DEEPEST_ITEM) for each in outer]


def _item(element: HtmlElement, depth: int) -> dict[str, Any]:
    item: dict[str, Any] = {"@type": (element.get("itemtype") or "").split()}
    if element.get("itemid"):
        item["@id"] = element.get("itemid")
    for owner in _properties(element):
        value = _value(owner, depth - 1)
        for name in (owner.get("itemprop") or "").split():
            if value not in ("", None):
                item.setdefault(name.rsplit("/", 1)[-1], []).append(value)
    return item


def _properties(element: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that state a property of `element`'s thing, also those it refers to by id."""
    referred: list[HtmlElement] = []
    for name in (element.get("itemref") or "").split():
        referred += element.xpath("//*[@id=$name][1]", name=name)
    stack = [*reversed(referred), *reversed(list(element))]
    while stack:
        inner = stack.pop()
        if not isinstance(inner.tag, str):
            continue
        if inner.get("itemprop"):
            yield inner
        if inner.get("itemscope") is None:
            stack += reversed(list(inner))


def _value(element: HtmlElement, depth: int) -> Any:
    if element.get("itemscope") is not None:
        return _item(element, depth) if depth > 0 else None
    if element.get("content") is not None or element.tag == "meta":
        return (element.get("content") or "").strip()
    for name in _ADDRESSES.get(element.tag, ()):
        if element.get(name):
            return element.get(name).strip()
    pieces = element.xpath(".//text()[not(parent::script or parent::style)]")
    return " ".join(" ".join(pieces).split())


Node = dict[str, Any]
"""A thing: its properties by their schema.org names, and its types under "@type"."""


def text_of(value: Any, names: Iterable[str] = ("name", "@value", "value")) -> str:
    """The text of a value: the value itself, the first of several, or the name of a thing."""
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
    """The text of the first of the properties `names` that is not empty."""
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
    """The things in a value, which is one or a list."""
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, dict)]


REFERENCES = ("offers", "seller", "author", "image", "item", "hasVariant", "priceSpecification")
"""The properties whose things pages may describe elsewhere, by reference."""
DEEPEST = 30
"""Maximum depth of things within things; deeper nesting is a mistake of the page."""

_SCRIPTS = "//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]/text()"


def find_nodes(page: Selector) -> list[Node]:
    """The outermost things of a page: from its JSON-LD, then from its microdata."""
    found: list[Node] = []
    for text in page.xpath(_SCRIPTS).getall():
        found += _things(parse_json_ld(text))
    _resolve(found)
    return found + [_typed(node) for node in read_microdata(page)]


def parse_json_ld(text: str) -> Any:
    """The data in a JSON-LD block, with common mistakes repaired; None if that fails.

    Repairs extra commas, comments, line breaks inside texts, and entities instead of quotes.
    Numbers stay as they are written: 1299.00 is a price.

    >>> parse_json_ld('{"name": "牙雕", "price": 1299.00, /* asked */ }')
    {'name': '牙雕', 'price': '1299.00'}
    """
    as_written: dict[str, Any] = {"strict": False, "parse_float": str}
    # A block without a single quote has entities in place of quotes.
    plain = text if '"' in text else html.unescape(text)
    try:
        return json.loads(plain, **as_written)
    except (ValueError, RecursionError):
        pass
    import chompjs

    try:
        found: list[Any] = list(chompjs.parse_js_objects(plain, loader_kwargs=as_written))
    except (ValueError, RecursionError):
        return None
    return found[0] if len(found) == 1 else found or None


def walk(nodes: list[Node]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Every thing, outer before inner, with the path of properties to it."""
    stack: list[tuple[Any, tuple[str, ...]]] = [(nodes, ())]
    while stack:
        value, path = stack.pop()
        if len(path) > DEEPEST:
            continue
        if isinstance(value, list):
            stack += [(each, path) for each in reversed(value)]
        elif isinstance(value, dict):
            yield value, path
            inner = [(each, (*path, name)) for name, each in value.items() if name != "@type"]
            stack += reversed(inner)


def types(node: Node) -> list[str]:
    """The type names of a thing, without the address of the vocabulary."""
    named = node.get("@type", [])
    return [str(each) for each in (named if isinstance(named, list) else [named])]


def _things(data: Any) -> list[Node]:
    """The things of a block, which is one, a list of them, or a graph."""
    if isinstance(data, list):
        return [node for each in data for node in _things(each)]
    if not isinstance(data, dict):
        return []
    graph = data.get("@graph")
    if isinstance(graph, list | dict):
        return _things(graph)
    return [_typed(data)]


def _typed(node: Node) -> Node:
    """`node` with plain type names, in itself and in the things within it."""
    for inner, _ in walk([node]):
        for name in ("type", "@type"):
            if name in inner and (name == "@type" or "@context" in inner):
                given = inner[name] if isinstance(inner[name], list) else [inner[name]]
                inner["@type"] = [re.split(r"[/#:]", str(each))[-1] for each in given]
    return node


def _resolve(nodes: list[Node]) -> None:
    """Replaces references ({"@id": …}) by the things that the page describes under that id.

    References within those things stay, since things refer to each other in circles.
    """
    described = [node for node, _ in walk(nodes) if len(node) > 1]
    known = {name: node for node in reversed(described) if isinstance(name := node.get("@id"), str)}
    wanted = [
        (node, key, value)
        for node in described
        for key, value in node.items()
        if key in REFERENCES and any(_name_only(each) in known for each in nodes_of(value))
    ]
    copies = {
        name: deepcopy(known[name])
        for _, _, value in wanted
        for each in nodes_of(value)
        if (name := _name_only(each)) in known
    }
    for node, key, value in wanted:
        node[key] = [copies.get(_name_only(each), each) for each in nodes_of(value)]


def _name_only(node: Node) -> str:
    """The id of a bare reference; "" if `node` has further properties."""
    return str(node["@id"]) if set(node) == {"@id"} else ""
