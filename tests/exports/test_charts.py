"""Figures of a report: what their bars, lines and legends name, and what they combine."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from exports import ReportSite, texts_of
from exports.charts import draw_figures
from exports.charts.figure import NAMED, Figure
from exports.dataset import read_report_data
from exports.formats import NOTHING, Formats, signed
from exports.summary import summarise
from exports.tables import make_tables
from tests.helpers.exports_data import ad, context, frame
from tests.helpers.made_runs import run
from wildcrawl.months import months_between


def figures(rows: list[dict[str, Any]], *months: str, **given: Any) -> dict[str, Figure]:
    """The figures of a report in English."""
    made = context(*months, **given)
    data = read_report_data(frame(*rows), made)
    tables = make_tables(data)
    return draw_figures(data, tables, summarise(data, tables), Formats(made, texts_of("en")))


def test_a_month_names_some_of_the_sites_that_were_not_searched() -> None:
    sites = [
        ReportSite(f"s{number:02}", f"Shop {number:02}", "2016-05") for number in range(NAMED + 3)
    ]
    drawn = figures([ad()], sites=sites, runs=[run("mall", "2016-05")])
    legend = drawn["monthly"].legend
    assert "Shop 00" in legend
    assert "Shop 08" not in legend
    assert legend.endswith("3 more websites.")
    # The bars end with the first of them.
    bars = drawn["sites"].wide
    assert [f"Shop {number:02}" in bars for number in (0, 2, 3)] == [True, True, False]
    assert f"{NAMED} others" in bars


def test_a_chart_of_many_provisional_months_names_some() -> None:
    months = months_between("2015-01", "2016-03")
    rows = [
        ad(f"{month}-03", ad_id=f"{month} {place}", verdict="valid" if place else "pending")
        for month in months
        for place in range(4)
    ]
    legend = figures(rows, *months)["monthly"].legend
    assert "January 2015" in legend
    assert legend.endswith(f"{len(months) - NAMED} more months.")


@pytest.mark.parametrize(
    ("percent", "text"), [(None, NOTHING), (Decimal("-40.7"), "−40.7"), (Decimal("0.0"), "0.0")]
)
def test_a_change_has_its_sign_and_none_has_a_dash(percent: Decimal | None, text: str) -> None:
    assert signed(percent) == text


@pytest.mark.parametrize(("raw", "others", "label"), [(5, 106, "5"), (49, 1051, "4"), (1, 7, "13")])
def test_a_share_in_a_bar_is_rounded_once_and_half_up(raw: int, others: int, label: str) -> None:
    """4.5045 % are 5, 4.4545 % (4.5 in the table) are 4, and 12.5 % are 13."""
    kinds = ["raw"] * raw + ["carved"] * others
    rows = [ad(ad_id=str(number), product_type=kind) for number, kind in enumerate(kinds)]
    bars = figures(rows, "2016-05")["products"].wide
    assert re.search(rf">(?:Raw )?{label}</text>", str(bars), re.IGNORECASE)
