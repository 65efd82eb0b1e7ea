"""The report as one HTML page: no script, nothing loaded, every text escaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from exports.notes import notes
from exports.summary import sentences
from exports.tables.advertisements import SHOWN
from wildcrawl.months import CHINA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exports.charts.figure import Figure
    from exports.formats import Formats
    from exports.ledger import Ledger
    from exports.summary import Summary
    from exports.tables.table import Table


@dataclass(frozen=True)
class Column:
    """A column as the page shows it; `css` is `number`, `text` or the column's own class."""

    name: str
    heading: str
    css: str


@dataclass(frozen=True)
class View:
    """A table as the page shows it: its columns and the texts of its cells."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    shares: Sequence[float]


def view(table: Table, formats: Formats, columns: Sequence[str] = ()) -> View:
    """The rows of `table` as the page prints them; all columns, or those named, in that order."""
    rows = table.rows.select(columns) if columns else table.rows
    schema = rows.schema
    css = {name: "number" if schema[name].is_numeric() else name for name in rows.columns}
    shown = [Column(name, formats.heading(name, table.name), css[name]) for name in rows.columns]
    cells = [
        [formats.cell(name, value) for name, value in zip(rows.columns, row, strict=True)]
        for row in rows.iter_rows()
    ]
    shares = rows["share_percent"].to_list() if "share_percent" in rows.columns else []
    return View(table.name, shown, cells, [float(share) for share in shares])


def render(
    ledger: Ledger,
    tables: Mapping[str, Table],
    figures: Mapping[str, Figure],
    summary: Summary,
    formats: Formats,
) -> str:
    """The page, whole."""
    context, texts = ledger.context, formats.texts
    environment = Environment(
        loader=PackageLoader("exports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made = context.made_at.astimezone(CHINA)
    return environment.get_template("index.html").render(
        context=context,
        figures=figures,
        formats=formats,
        lines=sentences(summary, formats),
        made=f"{texts.day(made.date())}, {made:%H:%M} (UTC+8)",
        notes=notes(ledger, summary, formats),
        period=texts.period(context.months[0], context.months[-1]),
        say=texts.say,
        shown=min(SHOWN, ledger.total),
        summary=summary,
        tables=tables,
        texts=texts,
        view=lambda name, columns=(): view(tables[name], formats, columns),
    )
