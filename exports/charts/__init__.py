"""The figures of a report, drawn from its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.charts.monthly import monthly_figure
from exports.charts.species import species_figure

if TYPE_CHECKING:
    from exports.charts.figure import Figure
    from exports.formats import Formats
    from exports.tables.table import Table


def draw_figures(tables: dict[str, Table], formats: Formats) -> dict[str, Figure]:
    """Every figure that the report has, by name; a report that counts nothing has none."""
    monthly = tables["monthly"]
    if not monthly.rows["all"].sum():
        return {}
    drawn = (monthly_figure(monthly, formats), species_figure(monthly, formats))
    return {figure.name: figure for figure in drawn if figure}
