"""Table of a report: named columns and rows, shared by files and page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from polars.datatypes import DataType

TEXT = pl.String()
COUNT = pl.Int64()
PERCENT = pl.Decimal(12, 1)
COEFFICIENT = pl.Decimal(6, 2)
MONEY = pl.Decimal(20, 2)


@dataclass(frozen=True)
class Table:
    """A table of the report; its name is the file's name without .csv.

    `rows` are the rows on the page; `whole` returns all rows in parts, `number` in all, if there
    are more.
    """

    name: str
    rows: pl.DataFrame
    whole: Callable[[], Iterator[pl.DataFrame]] | None = None
    number: int | None = None

    @property
    def height(self) -> int:
        """Number of all rows."""
        return self.rows.height if self.number is None else self.number

    def parts(self) -> Iterator[pl.DataFrame]:
        """All rows in one or more parts; never none, so that the columns are known."""
        return self.whole() if self.whole else iter([self.rows])


def make_table(
    name: str, columns: Mapping[str, DataType], rows: Sequence[Sequence[object]]
) -> Table:
    """Table made from tuples."""
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    made = zip(columns.items(), values, strict=True)
    return Table(name, pl.DataFrame([_column(key, kind, each) for (key, kind), each in made]))


def _column(name: str, kind: DataType, values: Sequence[object]) -> pl.Series:
    """The values as a series; polars loads NumPy to look at rows and at decimals."""
    if not isinstance(kind, pl.Decimal):
        return pl.Series(name, values, kind)
    texts = [None if value is None else str(value) for value in values]
    return pl.Series(name, texts, pl.String).cast(kind)
