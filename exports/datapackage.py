"""Data package of a report: datapackage.json, with the schema of every CSV file (Frictionless)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from exports.caveats import banners, provisional, searches, title
from exports.file_names import csv_name

if TYPE_CHECKING:
    from exports.author import Author
    from exports.formats import Formats
    from exports.summary import Summary
    from exports.tables.table import Table

NAME = "datapackage.json"
_ADDRESS = re.compile(r"https?://[^\s)）>，。；]+")
_MOMENTS = ("found_at", "first_seen", "last_seen")
_DAYS = ("date", "rate_date", "sent", "checked", "recorded", "removed")
_MONTHS = ("month", "before", "lowest_month", "highest_month", "notice")


def data_package(
    tables: Mapping[str, Table], summary: Summary, formats: Formats, author: Author | None
) -> str:
    """The text of datapackage.json, by the Data Package standard, version 2.

    Title and labels of columns are those of the page; the description has what it says of the
    period's gaps and of what waits for a verdict.
    """
    context, texts = formats.context, formats.texts
    caveats = [
        *banners(summary, formats),
        *provisional(summary, formats),
        *searches(summary, formats),
    ]
    first, last = context.months[0], context.months[-1]
    period = first if first == last else f"{first}_{last}"
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"wildlife-advertisements-{period}".lower(),
        "title": title(summary, formats),
        **({"description": texts.join(caveats)} if caveats else {}),
        "created": context.made_at.isoformat(timespec="seconds"),
    }
    if author and author.licence:
        package["licenses"] = [_licence(author.licence)]
    if author and (author.organisation or author.authors):
        names = [*author.authors, *([author.organisation] if author.organisation else [])]
        package["contributors"] = [{"title": name} for name in names]
    package["resources"] = [
        {
            "name": name,
            "path": f"csv/{csv_name(name, provisional=summary.provisional is not None)}",
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


def _licence(licence: str) -> dict[str, str]:
    """The licence's title, and its address apart from it.

    >>> _licence("CC BY 4.0, https://creativecommons.org/licenses/by/4.0/")
    {'title': 'CC BY 4.0', 'path': 'https://creativecommons.org/licenses/by/4.0/'}
    >>> _licence("CC BY 4.0")
    {'title': 'CC BY 4.0'}
    """
    address = _ADDRESS.search(licence)
    if not address:
        return {"title": licence}
    around = (
        licence[: address.start()].rstrip(" ,，:：;；(（<"),
        licence[address.end() :].strip(" )）>"),
    )
    name = " ".join(filter(None, around))
    return {"title": name or address[0], "path": address[0]}
