"""Sheet rows: table rows as the XML of a worksheet, made column by column by polars.

Writing cell by cell in Python takes tens of times as long for a million rows.
"""

from __future__ import annotations

import io
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
_ROW_NUMBER = ""
"""Name of the column of row numbers, which no table has."""


def fitting(text: str) -> str:
    """The beginning of `text` that a cell holds; Excel takes a longer one for a damaged file.

    Reading records knows such a text as cut and never shortens what is stored.
    """
    if 2 * len(text) <= MOST:
        return text
    return text.encode("utf-16-le")[: 2 * MOST].decode("utf-16-le", "ignore")


def rows_xml(
    rows: pl.DataFrame, kinds: Sequence[CellKind], styles: Sequence[str], first: int
) -> bytes:
    """The rows as `<row>` elements in UTF-8, numbered from `first`; null cells are left out.

    `rows` hold texts without characters that XML forbids. `styles` are the numbers of the cell
    formats, "" for none.
    """
    number = pl.int_range(first, first + pl.len()).cast(pl.String).alias(_ROW_NUMBER)
    numbered = rows.with_columns(number)
    start = pl.concat_str(pl.lit('<row r="'), pl.col(_ROW_NUMBER), pl.lit('">'))
    cells = [
        _cell(rows[name], kind, xl_col_to_name(place), style)
        for place, (name, kind, style) in enumerate(zip(rows.columns, kinds, styles, strict=True))
        if rows[name].null_count() < rows.height
    ]
    # Joined by the writer of CSV files, which needs a third of the time of a join within polars.
    written = io.BytesIO()
    numbered.select(start.alias(_ROW_NUMBER), *cells).write_csv(
        written,
        include_header=False,
        separator="\n",
        line_terminator="</row>\n",
        quote_style="never",
    )
    return written.getvalue()


def _cell(values: pl.Series, kind: CellKind, letters: str, style: str) -> pl.Expr:
    """The `<c>` elements of a column; null for null."""
    attributes = f'" s="{style}' if style else ""
    if kind is CellKind.TEXT:
        tag, text = _text(values)
        parts = [pl.lit(f'{attributes}" t="inlineStr"><is>{tag}'), text, pl.lit("</t></is></c>")]
    else:
        number = _number(pl.col(values.name), kind)
        parts = [pl.lit(f'{attributes}"><v>'), number, pl.lit("</v></c>")]
    start = pl.lit(f'<c r="{letters}')
    return pl.concat_str(start, pl.col(_ROW_NUMBER), *parts).alias(values.name)


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


def _text(values: pl.Series) -> tuple[str, pl.Expr]:
    """The opening tag of a column's texts, and the texts for XML, of a length that a cell holds."""
    # Each change is needed by few columns, and one search of a column is many times faster.
    column, whole = pl.col(values.name), values.str.join("").cast(pl.Binary).item()
    is_long = (values.str.len_bytes() > MOST // 2).any()
    if is_long:
        column = column.map_elements(fitting, return_dtype=pl.String)
    if b"_x" in whole:
        column = column.str.replace_all(_ESCAPE, "_x005F$1")
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        if character.encode() in whole:
            column = column.str.replace_all(character, entity, literal=True)
    # A text that is cut may end with a blank.
    has_blanks = is_long or b"\n" in whole or (values.str.strip_chars() != values).any()
    return ('<t xml:space="preserve">' if has_blanks else "<t>"), column
