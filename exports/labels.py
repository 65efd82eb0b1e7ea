"""Labels of codes in tables: in place of them, in a column beside them, or in the same cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import polars as pl

from exports.tables.table import Table
from wildcrawl.tabular.tables import LABEL
from wildcrawl.tabular.words import CLOSED, shown

if TYPE_CHECKING:
    from exports.formats import Formats

CODED = (
    "site",
    "species",
    "product_type",
    "age_claim",
    "claim",
    "kind",
    "price_kind",
    "channel",
    "status",
    "state",
    "verdict",
    "reason",
    "not_searched",
    "only_now",
    "only_before",
    "original_site",
    "figure",
    "against_expected",
    "against_season",
    "how",
)
"""Columns of codes: their labels depend on the language."""
READ_BACK = ("advertisements",)
"""Tables that are read back: a person edits their codes, so no label may contradict them."""


def labelled(rows: pl.DataFrame, formats: Formats) -> pl.DataFrame:
    """The rows with labels in place of their codes."""
    return rows.with_columns(_labels(rows, name, formats) for name in _coded(rows))


def for_files(table: Table, formats: Formats) -> Table:
    """The table as its CSV file has it: codes, and in a Chinese report the labels beside them.

    A column of codes is followed by one of labels, its name with LABEL at the end. What is read
    back has code and label in one cell, as worksheets do; only `site` has a column of labels.
    """
    if formats.texts.lang != "zh":
        return table
    change = _in_the_cells if table.name in READ_BACK else _beside
    return _changed(table, lambda rows: change(rows, formats))


def _changed(table: Table, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Table:
    def whole() -> Iterator[pl.DataFrame]:
        return map(change, table.parts())

    return Table(table.name, change(table.rows), whole if table.whole else None, table.number)


def _beside(rows: pl.DataFrame, formats: Formats) -> pl.DataFrame:
    coded = _coded(rows)
    columns: list[pl.Series] = []
    for column in rows.iter_columns():
        columns.append(column)
        if column.name in coded:
            columns.append(_labels(rows, column.name, formats).alias(f"{column.name}{LABEL}"))
    return pl.DataFrame(columns)


def _in_the_cells(rows: pl.DataFrame, formats: Formats) -> pl.DataFrame:
    groups = {group.name: group.label_zh for group in formats.context.groups}

    def species(codes: str) -> str:
        names = (name.strip() for name in codes.split(";"))
        return ";".join(shown(name, groups.get(name, "")) for name in names)

    def word(labels: Mapping[str, str]) -> Callable[[str], str]:
        return lambda code: shown(code, labels.get(code, ""))

    changed = [_mapped(rows["species"], species)]
    labels_of = {**CLOSED, "price_kind": formats.texts.values}
    changed += [_mapped(rows[name], word(labels)) for name, labels in labels_of.items()]
    rows = rows.with_columns(changed)
    sites = _labels(rows, "site", formats).alias(f"site{LABEL}")
    return rows.insert_column(rows.columns.index("site") + 1, sites)


def _coded(rows: pl.DataFrame) -> list[str]:
    return [name for name in rows.columns if name in CODED and rows.schema[name] == pl.String]


def _labels(rows: pl.DataFrame, name: str, formats: Formats) -> pl.Series:
    return _mapped(rows[name], lambda code: formats.cell(name, code))


def _mapped(codes: pl.Series, label: Callable[[str], str]) -> pl.Series:
    """The codes with each different one replaced; empty ones remain."""
    known = {code: label(code) for code in codes.unique() if code}
    return codes.replace(known) if known else codes
