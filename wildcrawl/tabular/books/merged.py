"""Merged cells: fills the value of a cell that is merged over several rows into the rows below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from wildcrawl.tabular.books.cells import MOST_COLUMNS, Value

Span = tuple[int, int, int]
"""First row, last row and column of a merged cell, all from 1."""
Row = tuple[int, list[Value]]
"""Number of a row, from 1, and its values."""


def with_merged(rows: Iterable[Row], spans: Iterable[Span]) -> Iterator[Row]:
    """The rows of a sheet in their order, each with the values of cells merged over it.

    Only the first column of a merged cell is filled, and only rows that have another value. A
    cell merged from the first row on is part of the head, and not filled.

    >>> list(with_merged([(1, ["id", "v"]), (2, [1, "x"]), (3, [2])], [(2, 3, 2)]))
    [(1, ['id', 'v']), (2, [1, 'x']), (3, [2, 'x'])]
    """
    beginning: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for first, last, column in spans:
        if last > first and column <= MOST_COLUMNS:
            beginning[first].append((last, column))
    head: int | None = None
    # By column, since merged cells do not overlap: a file with many that do would take for ever.
    active: dict[int, tuple[int, Value]] = {}
    for number, values in rows:
        active = {column: each for column, each in active.items() if each[0] >= number}
        if head is None and any(map(_is_filled, values)):
            head = number
        if any(map(_is_filled, values)):
            for column, (_, value) in active.items():
                values += [None] * (column - len(values))
                if not _is_filled(values[column - 1]):
                    values[column - 1] = value
        if number != head:
            active = {
                column: (last, values[column - 1])
                for last, column in beginning.get(number, ())
                if column <= len(values) and _is_filled(values[column - 1])
            } | active
        yield number, values


def _is_filled(value: Value) -> bool:
    return value is not None and value != ""
