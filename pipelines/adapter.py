"""Adapter: converts an item of any type that Scrapy knows into an Advertisement."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from itemadapter import ItemAdapter

from wildcrawl.items import STORED_FIELDS, Advertisement

_FIELDS = (*STORED_FIELDS, "found_at_given")


def as_advertisement(item: Any) -> Advertisement:
    """The item itself if it is an Advertisement, else a new one with the item's fields.

    Accepts a dict, a scrapy.Item, a dataclass or an attrs object. ValueError for an item without a
    `site`, or with a field that no advertisement has.
    """
    if isinstance(item, Advertisement):
        return item
    given = ItemAdapter(item).asdict()
    kind = type(item).__name__
    for name in given:
        if name not in _FIELDS:
            near = get_close_matches(name, _FIELDS, n=1) or _FIELDS
            raise ValueError(
                f"an item of type {kind} has the field '{name}', which is not a field of an "
                f"advertisement; choose one of {', '.join(near)}"
            )
    if not given.get("site"):
        raise ValueError(f"an item of type {kind} has no 'site'; give it the name of its spider")
    return Advertisement(**given)
