"""prices.csv: asking prices by species, product type and age claim."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from exports.dataset import AGE_CLAIMS, PRODUCT_TYPES, ReportData
from exports.rounding import dollars, half_up
from exports.tables.table import COUNT, MONEY, TEXT, Table, make_table
from wildcrawl.items import PriceKind

_KINDS = (PriceKind.AMOUNT.value, PriceKind.PER_GRAM.value)
_KEYS = ("species", "product_type", "age_claim", "kind")
_FIGURES = ("min_cny", "median_cny", "max_cny", "min_usd", "median_usd", "max_usd")


def prices(data: ReportData) -> Table:
    """One row for each combination that has prices: whole amounts, and prices per gram.

    Advertisements that name several species are left out, since their price is for all of them.

    Dollar amounts are those recorded with each advertisement, at the exchange rate of its time;
    prices per gram are converted at the report's rate.
    """
    orders = (data.context.species, PRODUCT_TYPES, AGE_CLAIMS, _KINDS)
    groups = sorted(
        _grouped(data, _KEYS),
        key=lambda row: tuple(
            order.index(name) for order, name in zip(orders, row[:4], strict=True)
        ),
    )
    rate = data.context.rate
    columns = dict.fromkeys(_KEYS, TEXT) | {"sample": COUNT} | dict.fromkeys(_FIGURES, MONEY)
    return make_table("prices", columns, [_row(group, rate) for group in groups])


def price_ranges(
    data: ReportData,
) -> list[tuple[tuple[str, str, str], int, tuple[Decimal, Decimal, Decimal]]]:
    """Price ranges by species, age claim and kind: sample size; lowest, median, highest in RMB."""
    orders = (data.context.species, AGE_CLAIMS, _KINDS)
    ranges = [
        (group[:3], group[3], _statistics(group[4:8]))
        for group in _grouped(data, ("species", "age_claim", "kind"))
    ]
    return sorted(
        ranges,
        key=lambda row: tuple(o.index(name) for o, name in zip(orders, row[0], strict=True)),
    )


def several_priced(data: ReportData) -> int:
    """Number of advertisements with a price that are left out: they name several species."""
    return sum(number for _, number in data.rows(_several_by, "kind"))


def _several_by(data: ReportData, keys: Sequence[str]) -> pl.DataFrame:
    return _with_amounts(data).filter("several").group_by(keys).len()


def _grouped(data: ReportData, keys: tuple[str, ...]) -> list[Any]:
    return data.rows(_figures_by, *keys)


def _figures_by(data: ReportData, keys: Sequence[str]) -> pl.DataFrame:
    figures = (pl.len(), *_middle("cny"), *_middle("usd"))
    return _priced(data).group_by(keys).agg(*figures)


def _row(group: tuple[Any, ...], rate: Decimal) -> tuple[Any, ...]:
    keys, sample, figures = group[:4], group[4], group[5:]
    cny, usd = _statistics(figures[:4]), figures[4:]
    if keys[-1] == PriceKind.PER_GRAM:
        in_dollars = [dollars(value, rate) for value in cny]
    else:
        in_dollars = [half_up(value, 2) for value in _statistics(usd)]
    return (*keys, sample, *(half_up(value, 2) for value in cny), *in_dollars)


def _statistics(figures: tuple[Decimal, ...]) -> tuple[Decimal, Decimal, Decimal]:
    """Smallest, median and largest, exactly, from the smallest, the two middle, the largest."""
    low, left, right, high = figures
    return low, (left + right) / 2, high


def _middle(column: str) -> list[pl.Expr]:
    ordered = pl.col(column).sort()
    middle = [ordered.get((pl.len() - 1) // 2), ordered.get(pl.len() // 2)]
    names = ("low", "left", "right", "high")
    return [
        figure.alias(f"{column}_{name}")
        for name, figure in zip(names, [ordered.first(), *middle, ordered.last()], strict=True)
    ]


def _priced(data: ReportData) -> pl.DataFrame:
    return _fill_dollars(_with_amounts(data).filter(~pl.col("several")), data.context.rate)


def _with_amounts(data: ReportData) -> pl.DataFrame:
    """The advertisements that have an amount or a price per gram."""
    kind, gram = pl.col("price_kind"), pl.col("price_currency").is_in(["CNY", ""])
    named = data.counted.select(
        "month",
        "species",
        "product_type",
        "age_claim",
        "several",
        kind.alias("kind"),
        pl.when(kind == PriceKind.AMOUNT)
        .then(pl.col("price_cny").cast(pl.Decimal(20, 4)))
        .when((kind == PriceKind.PER_GRAM) & gram)
        .then(pl.col("price_amount").cast(pl.Decimal(20, 4)))
        .alias("cny"),
        pl.col("price_usd").alias("usd"),
    )
    return named.filter(pl.col("cny").is_not_null())


def _fill_dollars(priced: pl.DataFrame, rate: Decimal) -> pl.DataFrame:
    """Converts amounts recorded without dollars at the report's rate."""
    without = (pl.col("kind") == PriceKind.AMOUNT) & pl.col("usd").is_null()
    amounts = priced.filter(without)["cny"].unique().to_list()
    if not amounts:
        return priced
    converted = pl.DataFrame(
        {"cny": amounts, "usd_now": [dollars(amount, rate) for amount in amounts]},
        schema={"cny": priced.schema["cny"], "usd_now": priced.schema["usd"]},
    )
    joined = priced.join(converted, on="cny", how="left")
    return joined.with_columns(pl.col("usd").fill_null(pl.col("usd_now"))).drop("usd_now")
