"""Sheet rows: table rows as the XML of a worksheet, made column by column by polars.

Writing cell by cell in Python takes tens of times as long for a million rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from exports.workbook.columns import CellKind

MOST = 32_767
"""Characters of a cell, of which those outside the basic plane count twice."""
_EPOCH_DAY = 25_569
"""Number of 1 January 1970 among the days of a spreadsheet."""
_DAY_SECONDS = 86_400
_ESCAPE = "(_x[0-9A-Fa-f]{4}_)"
"""What spreadsheets would take for the escape of a character."""
_BLANK_END = r"^\s|\s$|\n"


def fitting(text: str) -> str:
    """The beginning of `text` that a cell holds; Excel takes a longer one for a damaged file.

    Reading records knows such a text as cut and never shortens what is stored.
    """
    if 2 * len(text) <= MOST:
        return text
    return text.encode("utf-16-le")[: 2 * MOST].decode("utf-16-le", "ignore")


def rows_xml(
    rows: pl.DataFrame, kinds: Sequence[CellKind], styles: Sequence[str], first: int
) -> str:
    """The rows as `<row>` elements, numbered from `first`; null cells are left out.

    `rows` hold texts without characters that XML forbids. `styles` are the numbers of the cell
    formats, "" for none.
    """
    number = pl.int_range(first, first + pl.len()).cast(pl.String)
    cells = [
        _cell(rows[name], kind, xl_col_to_name(place), style, number)
        for place, (name, kind, style) in enumerate(zip(rows.columns, kinds, styles, strict=True))
    ]
    start = pl.concat_str(pl.lit('<row r="'), number, pl.lit('">')).alias("")
    row = pl.concat_str(pl.all(), pl.lit("</row>"), ignore_nulls=True)
    return str(rows.select(start, *cells).select(row.str.join("")).item())


def _cell(values: pl.Series, kind: CellKind, letters: str, style: str, number: pl.Expr) -> pl.Expr:
    """The `<c>` elements of a column; null for null."""
    column = pl.col(values.name)
    attributes = f'" s="{style}' if style else ""
    start = pl.lit(f'<c r="{letters}')
    if kind is not CellKind.TEXT:
        parts = [pl.lit(f'{attributes}"><v>'), _number(column, kind), pl.lit("</v></c>")]
    else:
        opened = f'{attributes}" t="inlineStr"><is><t'
        blank = column.str.contains(_BLANK_END)
        tag = pl.when(blank).then(pl.lit(' xml:space="preserve">')).otherwise(pl.lit(">"))
        parts = [pl.lit(opened), tag, _escaped(values), pl.lit("</t></is></c>")]
    return pl.concat_str(start, number, *parts).alias(values.name)


def _number(column: pl.Expr, kind: CellKind) -> pl.Expr:
    """A number's text; moments and days as days since the spreadsheet's epoch."""
    if kind is CellKind.MOMENT:
        # Without the time zone, which spreadsheets do not support.
        moment = column.str.slice(0, 19).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="ms")
        return (moment.dt.epoch("s") / _DAY_SECONDS + _EPOCH_DAY).cast(pl.String)
    if kind in (CellKind.DAY, CellKind.MONTH):
        text = column + "-01" if kind is CellKind.MONTH else column
        return (text.str.to_date("%Y-%m-%d").dt.epoch("d") + _EPOCH_DAY).cast(pl.String)
    return column.cast(pl.String)


def _escaped(values: pl.Series) -> pl.Expr:
    """Texts for XML, of a length that a cell holds."""
    # Each search is needed by few columns, and one test of a column is many times faster.
    column, whole = pl.col(values.name), values.str.join("\n").item()
    if (values.str.len_chars() > MOST // 2).any():
        column = column.map_elements(fitting, return_dtype=pl.String)
    if "_x" in whole:
        column = column.str.replace_all(_ESCAPE, "_x005F$1")
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        if character in whole:
            column = column.str.replace_all(character, entity, literal=True)
    return column
