"""SQLite table of monthly numbers: how many advertisements were first seen in each month.

Triggers keep it in step with the listing, so that a report compares with years of a million
advertisements by reading some thousand rows.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from functools import lru_cache

from wildcrawl.months import CHINA

_KEYS = ("month", "site", "species", "verdict", "relevance")
_FIELDS = ("first_seen", "site", "species", "verdict", "relevance")
"""Columns of the listing that decide where an advertisement is counted."""


def add_functions(connection: sqlite3.Connection) -> None:
    """Adds the function that the triggers call; without it a connection cannot write."""
    connection.create_function("wc_month", 1, month_number, deterministic=True)


_HOUR = 3_600_000


def month_number(milliseconds: int) -> int:
    """The month in China of a moment, as a number.

    >>> month_number(1462032000000), month_number(1462031999999)
    (201605, 201604)
    """
    # In China months begin at a full hour of UTC, and a trigger asks for one moment six times.
    return _month_of_hour(milliseconds // _HOUR)


@lru_cache(maxsize=64)
def _month_of_hour(hour: int) -> int:
    moment = datetime.fromtimestamp(hour * _HOUR / 1000, UTC).astimezone(CHINA)
    return moment.year * 100 + moment.month


def _of(row: str) -> str:
    """The keys of a row of the listing, as expressions."""
    return f"wc_month({row}.first_seen), " + ", ".join(f"{row}.{name}" for name in _FIELDS[1:])


def _step(row: str, step: int) -> str:
    """The statements that count a row of the listing once more, or once less."""
    here = f"({', '.join(_KEYS)}) = ({_of(row)})"
    change = f"UPDATE month_numbers SET number = number + {step} WHERE {here};"
    if step < 0:
        return f"{change} DELETE FROM month_numbers WHERE {here} AND number <= 0;"
    # Not an upsert: in a trigger, the writing statement's own way with conflicts counts.
    return (
        f"INSERT INTO month_numbers SELECT {_of(row)}, 0"
        f" WHERE NOT EXISTS (SELECT 1 FROM month_numbers WHERE {here}); {change}"
    )


_OLD, _NEW = (", ".join(f"{row}.{name}" for name in _FIELDS) for row in ("old", "new"))
_TEXTS = ", ".join(f"{name} TEXT NOT NULL" for name in _KEYS[1:])
SCHEMA = (
    f"CREATE TABLE month_numbers (month INTEGER NOT NULL, {_TEXTS}, number INTEGER NOT NULL,"
    f" PRIMARY KEY ({', '.join(_KEYS)})) WITHOUT ROWID",
    f"CREATE TRIGGER months_more AFTER INSERT ON listing BEGIN {_step('new', 1)} END",
    f"CREATE TRIGGER months_less AFTER DELETE ON listing BEGIN {_step('old', -1)} END",
    f"CREATE TRIGGER months_other AFTER UPDATE ON listing WHEN ({_OLD}) IS NOT ({_NEW})"
    f" BEGIN {_step('old', -1)} {_step('new', 1)} END",
)
"""Statements that create the table beside the listing."""
FILL = (
    f"INSERT INTO month_numbers SELECT {_of('listing')}, count(*) FROM listing"
    f" GROUP BY {', '.join(str(place) for place in range(1, len(_KEYS) + 1))}",
)
"""Statements that fill a new table from the listing."""
