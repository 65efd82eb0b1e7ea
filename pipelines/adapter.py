"""Adapter: converts an item of any type that Scrapy knows into an Advertisement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from itemadapter import ItemAdapter

from wildcrawl.analysis.ids.spelling import EXACT
from wildcrawl.items import STORED_FIELDS, Advertisement, Verdict
from wildcrawl.utils import closest

_FIELDS = (*STORED_FIELDS, "found_at_given")
_TYPES = {field.name: str(field.type) for field in fields(Advertisement)}


def as_advertisement(item: Any) -> Advertisement:
    """The item itself if it is an Advertisement, else a new one with the item's fields.

    Accepts a dict, a scrapy.Item, a dataclass or an attrs object; None is an empty field, and a
    whole number is a text where a text belongs, such as an id, and as a float too, up to the size
    at which floats lose digits. ValueError for an item without a
    `site` or without an `ad_id`, with a field that no advertisement has, or with a value of the
    wrong type.
    """
    if isinstance(item, Advertisement):
        return item
    kind = type(item).__name__
    given = {name: value for name, value in ItemAdapter(item).asdict().items() if value is not None}
    _check_names(given, kind)
    for name in ("site", "ad_id"):
        if given.get(name) in (None, ""):
            raise ValueError(f"an item of type {kind} has no '{name}'; set it")
    return Advertisement(**{name: _checked(name, value, kind) for name, value in given.items()})


def _check_names(given: Mapping[str, Any], kind: str) -> None:
    for name in given:
        if name not in _FIELDS:
            near = closest(name, _FIELDS, 1)
            fix = f"did you mean '{near[0]}'?" if near else f"choose one of {', '.join(_FIELDS)}"
            raise ValueError(
                f"an item of type {kind} has the field '{name}', which is not a field of an "
                f"advertisement; {fix}"
            )


def _checked(name: str, value: Any, kind: str) -> Any:
    if name == "verdict" and value not in ("", *Verdict):
        raise ValueError(
            f"an item of type {kind}: '{value}' is not a valid verdict; choose one of "
            f"{', '.join(Verdict)}"
        )
    wanted = _TYPES[name]
    whole = isinstance(value, int) and not isinstance(value, bool)
    if wanted == "str" and whole:
        return str(value)
    if name == "ad_id" and isinstance(value, float) and value.is_integer() and value <= EXACT:
        return str(int(value))
    fix = _fix(wanted, value, whole=whole)
    if fix:
        raise ValueError(
            f"an item of type {kind} has a value of type {type(value).__name__} in '{name}'; {fix}"
        )
    return value


def _fix(wanted: str, value: Any, *, whole: bool) -> str:
    """What to give instead of a value of the wrong type; empty if the type is right."""
    if wanted == "str":
        return "" if isinstance(value, str) else "give a text"
    if wanted == "list[str]":
        right = isinstance(value, list) and all(isinstance(text, str) for text in value)
        return "" if right else "give a list of texts"
    if wanted.startswith("datetime"):
        return "" if isinstance(value, datetime) else "give a datetime with a time zone"
    if wanted.startswith("int"):
        return "" if whole else "give a whole number"
    return ""
