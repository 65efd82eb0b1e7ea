"""Data package of a report: datapackage.json, with the schema of every CSV file (Frictionless)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from exports.file_names import csv_name

if TYPE_CHECKING:
    from exports.author import Author
    from exports.formats import Formats
    from exports.tables.table import Table

NAME = "datapackage.json"
_MOMENTS = ("found_at", "first_seen", "last_seen")
_DAYS = ("date", "rate_date", "sent", "checked", "recorded", "removed")
_MONTHS = ("month", "before", "lowest_month", "highest_month", "notice")


def data_package(
    tables: Mapping[str, Table], formats: Formats, *, provisional: bool, author: Author | None
) -> str:
    """The text of datapackage.json, by the Data Package standard, version 2.

    Labels of columns are in the report's language.
    """
    context, texts = formats.context, formats.texts
    first, last = context.months[0], context.months[-1]
    period = first if first == last else f"{first}_{last}"
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"wildlife-advertisements-{period}".lower(),
        "title": texts.say("title", period=texts.period(first, last)),
        "created": context.made_at.isoformat(timespec="seconds"),
    }
    if author and author.licence:
        package["licenses"] = [{"title": author.licence, **_path(author.licence)}]
    if author and (author.organisation or author.authors):
        names = [*author.authors, *([author.organisation] if author.organisation else [])]
        package["contributors"] = [{"title": name} for name in names]
    package["resources"] = [
        {
            "name": name,
            "path": f"csv/{csv_name(name, provisional=provisional)}",
            "title": texts.phrases.get(f"{name}.title", name),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
            "schema": {
                "fields": [
                    _field(column, kind, table.name, formats)
                    for column, kind in table.rows.schema.items()
                ],
                "missingValues": [""],
            },
        }
        for name, table in tables.items()
    ]
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _field(column: str, kind: pl.DataType, table: str, formats: Formats) -> dict[str, str]:
    entry = {"name": column, "title": formats.heading(column, table)}
    if column in _MOMENTS:
        return entry | {"type": "datetime", "format": "any"}
    if (column in _DAYS and not kind.is_numeric()) or kind == pl.Date:
        return entry | {"type": "date"}
    if column in _MONTHS and not kind.is_numeric():
        return entry | {"type": "yearmonth"}
    if kind.is_integer():
        return entry | {"type": "integer"}
    return entry | {"type": "number" if kind.is_numeric() else "string"}


def _path(licence: str) -> dict[str, str]:
    address = re.search(r"https?://[^\s)]+", licence)
    return {"path": address[0]} if address else {}
