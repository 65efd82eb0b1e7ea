"""Microdata (itemscope, itemprop) as the same dicts that JSON-LD gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsel import Selector

    # lxml comes without types.
    HtmlElement = Any

DEEPEST = 12
"""How far things nest within things."""

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
"""Element to the attributes that hold its value; the text is what others say."""


def read_microdata(page: Selector) -> list[dict[str, Any]]:
    """The things that stand in no other, in the order of the page."""
    outer = page.xpath("//*[@itemscope and not(@itemprop)]")
    return [_item(each.root, DEEPEST) for each in outer]


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
