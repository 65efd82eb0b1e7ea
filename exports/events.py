"""What happened in the world, by day: laws and bans beside which the counts are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

import yaml

from exports.context import ExportError
from wildcrawl.analysis.text import one_line

if TYPE_CHECKING:
    from pathlib import Path

    from exports.context import Context

_KEYS = {"date", "label", "label_zh"}


@dataclass(frozen=True)
class Event:
    """One event: its day, and a few words for it in English and in Chinese."""

    day: date
    label: str
    label_zh: str

    @property
    def month(self) -> str:
        """The month of its day."""
        return f"{self.day:%Y-%m}"


def events_of(context: Context) -> list[Event]:
    """The events of the report's period."""
    first, last = context.months[0], context.months[-1]
    return [event for event in context.events if first <= event.month <= last]


def load_events(path: Path | None = None) -> list[Event]:
    """The events of a YAML file, by day; None means the bundled one, events.yaml beside this.

    ExportError names the entry and the mend.
    """
    source = path or files("exports") / "events.yaml"
    try:
        entries = yaml.safe_load(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExportError(f"the events file {source} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ExportError(f"the events file {source} is no YAML in UTF-8: {error}") from error
    except (ValueError, RecursionError) as error:
        # YAML makes a date of what looks like one, the 30th of February too.
        raise ExportError(
            f"the events file {source} cannot be read: {error}; write each day as 2017-01-01"
        ) from error
    if not isinstance(entries or [], list):
        raise ExportError(f"the events file {source} must be a list: each entry begins with '- '")
    events = [
        _event(entry, f"{source}, entry {number}") for number, entry in enumerate(entries or [], 1)
    ]
    return sorted(events, key=lambda event: event.day)


def _event(entry: object, where: str) -> Event:
    if not isinstance(entry, dict) or not entry.keys() <= _KEYS or "label" not in entry:
        raise ExportError(f"{where}: write date: 2017-01-01, label: … and, if wanted, label_zh: …")
    day = entry.get("date")
    # A moment is a date too to Python, and has no place here.
    if type(day) is not date:
        raise ExportError(f"{where}: '{day}' is no day; write date: 2017-01-01")
    label = _words(entry["label"], where)
    return Event(day, label, _words(entry.get("label_zh") or label, where))


def _words(value: object, where: str) -> str:
    words = one_line(str(value)) if isinstance(value, str | int) else ""
    if not words:
        raise ExportError(f"{where}: '{value}' is no label; write a few words, such as label: Ban")
    return words
