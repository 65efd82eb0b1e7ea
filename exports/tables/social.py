"""social_surveys.csv, social_summary.csv, social_accounts.csv: 24-hour counts over accounts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from exports.rounding import change, half_up
from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table

if TYPE_CHECKING:
    from exports.context import Context, Social
    from exports.dataset import ReportData

_ACTIVE = "active"


def posts_of_period(context: Context) -> pl.DataFrame | None:
    """Advertisements counted by the surveys of the period; None without surveys."""
    return None if context.social is None else _in_period(context.social.posts, context)


def _in_period(frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    month = pl.col("date").dt.strftime("%Y-%m")
    return frame.filter(month.is_between(pl.lit(context.months[0]), pl.lit(context.months[-1])))


def _until(frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    return frame.filter(pl.col("date").dt.strftime("%Y-%m") <= context.months[-1])


def social_surveys(data: ReportData) -> Table:
    """One row for each survey of the period, by day."""
    rows: list[tuple[Any, ...]] = []
    if data.context.social:
        surveys = _in_period(data.context.social.surveys, data.context)
        rows = [
            (str(row["date"].year), row["survey"], str(row["date"]), row["accounts"],
             row["advertisements"], _media(row))
            for row in surveys.sort("date", "survey").rows(named=True)
        ]  # fmt: skip
    columns = {"year": TEXT, "survey": TEXT, "date": TEXT, "accounts": COUNT}
    return make_table(
        "social_surveys", columns | {"advertisements": COUNT, "images_and_videos": COUNT}, rows
    )


def social_summary(data: ReportData) -> Table:
    """One row for each year that has surveys in the period.

    Averages are over the year's surveys up to the end of the period; changes are relative to the
    year before, whose averages stand beside them, even if that is outside the period.
    """
    averages = survey_averages(data.context)
    rows = []
    for year in survey_years(data.context):
        number, ads, media = averages[year]
        before = averages.get(year - 1)
        moved = (change(ads, before[1]), change(media, before[2])) if before else (None, None)
        held = (half_up(before[1], 1), half_up(before[2], 1)) if before else (None, None)
        rows.append((str(year), number, half_up(ads, 1), half_up(media, 1), *moved, *held))
    columns = {"year": TEXT, "surveys": COUNT, "average_advertisements": PERCENT}
    columns |= {"average_images_and_videos": PERCENT, "change_percent": PERCENT}
    columns |= dict.fromkeys(
        (
            "images_and_videos_change_percent",
            "average_advertisements_before",
            "average_images_and_videos_before",
        ),
        PERCENT,
    )
    return make_table("social_summary", columns, rows)


def survey_averages(context: Context) -> dict[int, tuple[int, Fraction, Fraction]]:
    """By year: number of surveys, average advertisements, average images and videos."""
    if context.social is None:
        return {}
    years: dict[int, list[dict[str, Any]]] = {}
    for row in _until(context.social.surveys, context).rows(named=True):
        years.setdefault(row["date"].year, []).append(row)
    return {
        year: (
            len(rows),
            Fraction(sum(row["advertisements"] or 0 for row in rows), len(rows)),
            Fraction(sum(map(_media, rows)), len(rows)),
        )
        for year, rows in sorted(years.items())
    }


def social_accounts(data: ReportData) -> Table:
    """One row per status of accounts in the last year surveyed in the period.

    The row of active accounts has the daily averages, in that year and in the year before, of
    those active in both.
    """
    columns = {"status": TEXT, "accounts": COUNT}
    for name in ("advertisements", "images_and_videos"):
        columns |= {f"{name}_before": PERCENT, f"{name}_now": PERCENT}
        columns[f"{name}_change_percent"] = PERCENT
    social, years = data.context.social, survey_years(data.context)
    if social is None or not years:
        return make_table("social_accounts", columns, [])
    statuses = social.accounts.filter(pl.col("year") == years[-1])
    counts = Counter(statuses["status"].to_list())
    names = sorted(counts, key=lambda name: (name != _ACTIVE, -counts[name], name))
    averages = _both_years(social, years[-1], data.context)
    nothing = (None,) * (len(columns) - 2)
    rows = [
        (name, counts[name], *(averages if name == _ACTIVE and averages else nothing))
        for name in names
    ]
    return make_table("social_accounts", columns, rows)


def _both_years(social: Social, year: int, context: Context) -> tuple[Any, ...] | None:
    """Daily averages of the accounts active in both years, before and now, and their change."""
    active = [
        set(
            social.accounts.filter(pl.col("year") == active_year, pl.col("status") == _ACTIVE)[
                "account"
            ]
        )
        for active_year in (year - 1, year)
    ]
    accounts = active[0] & active[1]
    if not accounts:
        return None
    figures: list[tuple[Fraction, Fraction]] = []
    surveys, posts = _until(social.surveys, context), _until(social.posts, context)
    for active_year in (year - 1, year):
        days = _itemised(surveys, posts).filter(pl.col("date").dt.year() == active_year).height
        theirs = posts.filter(
            pl.col("date").dt.year() == active_year, pl.col("account").is_in(list(accounts))
        )
        if not days:
            return None
        media = theirs.select(pl.sum_horizontal("images", "videos").sum()).item()
        figures.append((Fraction(theirs.height, days), Fraction(media, days)))
    (ads_before, media_before), (ads, media) = figures
    return (
        half_up(ads_before, 1),
        half_up(ads, 1),
        change(ads, ads_before),
        half_up(media_before, 1),
        half_up(media, 1),
        change(media, media_before),
    )


def _itemised(surveys: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Surveys whose posts are listed; of the others only totals are known."""
    listed = pl.col("survey").is_in(posts["survey"].unique().to_list())
    return surveys.filter(listed | (pl.col("advertisements") == 0))


def survey_years(context: Context) -> list[int]:
    """The years that have surveys in the period, in order."""
    if context.social is None:
        return []
    days: list[date] = _in_period(context.social.surveys, context)["date"].to_list()
    return sorted({day.year for day in days})


def _media(row: dict[str, Any]) -> int:
    return (row["images"] or 0) + (row["videos"] or 0)
