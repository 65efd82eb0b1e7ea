"""Earlier layouts: what later ones added is removed from a SQLite file."""

from __future__ import annotations

import sqlite3


def drop_listing(file: sqlite3.Connection) -> None:
    """Removes what layouts 5 to 7 added."""
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for (name,) in file.execute(names).fetchall():
        file.execute(f"DROP TRIGGER {name}")
    for table in (
        "listing",
        "listing_words",
        "month_numbers",
        "queue_numbers",
        "texts",
        "texts_due",
        "links_due",
        "same_texts",
    ):
        file.execute(f"DROP TABLE {table}")
    file.execute("DROP INDEX runs_by_site")
    file.execute("DROP INDEX runs_by_start")
    file.execute("DROP INDEX runs_by_health")
