"""Question counter: how many statements and commands the stores of this process are asked."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
    register,
)

_SQL = re.compile(
    r"\s*(SELECT|INSERT|REPLACE|UPDATE|DELETE)\b.*?\b(?:FROM|INTO|UPDATE)\s+(\w+)", re.DOTALL
)
_COMMANDS = ("find", "aggregate", "insert", "update", "delete", "findAndModify")


class Questions(CommandListener):
    """Counts by kind what is asked: without the ends of transactions, and what triggers do."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        register(self)

    @property
    def number(self) -> int:
        """How many questions were counted."""
        return self.kinds.total()

    @contextmanager
    def counting_sqlite(self) -> Iterator[None]:
        """Counts the statements of all connections to SQLite that are made meanwhile."""
        connect = sqlite3.connect

        def connected(*given: Any, **named: Any) -> sqlite3.Connection:
            made: sqlite3.Connection = connect(*given, **named)
            last = ""

            def asked(statement: str) -> None:
                nonlocal last
                # What a trigger does is reported as the same statement again, or as a comment.
                if statement != last and (found := _SQL.match(statement)):
                    self.kinds[f"{found[1].lower()} {found[2]}"] += 1
                last = statement

            made.set_trace_callback(asked)
            return made

        sqlite3.connect = connected  # type: ignore[assignment]
        try:
            yield
        finally:
            sqlite3.connect = connect

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in _COMMANDS:
            self.kinds[f"{event.command_name} {event.command[event.command_name]}"] += 1

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass
