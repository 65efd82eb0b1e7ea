"""Figures of a report: functions from tables to a figure, listed here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from exports.charts.bars import month_figure, site_figure, yearly_figure
from exports.charts.prices import price_figure
from exports.charts.products import product_figure
from exports.charts.site_years import site_years_figure

if TYPE_CHECKING:
    from exports.charts.figure import Figure
    from exports.dataset import ReportData
    from exports.formats import Formats
    from exports.summary import Summary
    from exports.tables.table import Table


def draw_figures(
    data: ReportData, tables: Mapping[str, Table], summary: Summary, formats: Formats
) -> dict[str, Figure]:
    """All figures of the report, by name; none if it counts no advertisements."""
    if not data.total:
        return {}
    if len(data.context.months) == 1:
        drawn = [
            month_figure(tables["monthly"], summary, formats),
            site_figure(tables["site_share"], formats),
            product_figure(tables["product_types"], formats),
            price_figure(data, formats),
            site_years_figure(data, tables["site_species"], formats),
        ]
        return {figure.name: figure for figure in drawn if figure}
    # Imported here: Vega takes most of a second to load, and no figure of one month needs it.
    from exports.charts.lines import (
        comparable_figure,
        growth_figure,
        leading_figure,
        species_figure,
    )
    from exports.charts.monthly import monthly_figure
    from exports.charts.stack import stack_figures

    drawn = [
        monthly_figure(tables["monthly"], summary, formats),
        leading_figure(tables["monthly"], formats),
        species_figure(tables["monthly"], formats),
        *stack_figures(tables["monthly"], formats),
        site_figure(tables["site_share"], formats),
        yearly_figure(tables["yearly"], formats),
        comparable_figure(tables["comparable"], formats),
        product_figure(tables["product_types"], formats),
        price_figure(data, formats),
        growth_figure(tables["coverage"], formats),
        site_years_figure(data, tables["site_species"], formats),
    ]
    return {figure.name: figure for figure in drawn if figure}


def draw_month_figures(
    tables: Mapping[str, Table], summary: Summary, formats: Formats
) -> dict[str, Figure]:
    """Figures of a month's own page within a longer period: its species and its sites.

    None if it counts no advertisements. A period has many such pages, so only quick figures.
    """
    if not summary.total:
        return {}
    drawn = (
        month_figure(tables["monthly"], summary, formats),
        site_figure(tables["site_share"], formats),
    )
    return {figure.name: figure for figure in drawn if figure}


MONTH_TABLES = ("monthly", "site_share")
"""Tables behind the figures of a month's page."""
