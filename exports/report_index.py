"""Index page over all reports of a folder: each period with a line on it."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from exports.page import environment
from wildcrawl.months import CHINA, MonthError, months_between
from wildcrawl.utils import atomic_write

if TYPE_CHECKING:
    from exports.texts import Texts

_META = re.compile(r'<meta name="wildcrawl:(\w+)" content="([^"]*)">')
_HEAD = 4096
"""How much of a page is read for what it says of itself."""


@dataclass(frozen=True)
class Entry:
    """A report of the folder, by what its page says of itself.

    `made` is the moment, or what an older page says of it; `alike` tells that another report of
    the folder is of the same period.
    """

    folder: str
    first: str
    last: str
    total: int
    pending: bool
    made: datetime | str
    alike: bool = False


def find_reports(folder: Path) -> list[Entry]:
    """The reports in the folders of `folder`, the latest period first; other pages are no harm."""
    found = [entry for page in folder.glob("*/index.html") if (entry := _read(page))]
    periods = Counter((entry.first, entry.last) for entry in found)
    found = [replace(each, alike=periods[each.first, each.last] > 1) for each in found]
    return sorted(found, key=lambda entry: (entry.last, entry.first, entry.folder), reverse=True)


def _read(page: Path) -> Entry | None:
    told = _told(page)
    try:
        first, last = told["period"].split(" ")
        months_between(first, last)
        total = int(told["total"])
    except (KeyError, ValueError, MonthError):
        return None
    pending = told.get("pending") == "yes"
    return Entry(page.parent.name, first, last, total, pending, _moment(told.get("made", "")))


def _moment(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text).astimezone(CHINA)
    except ValueError:
        return html.unescape(text)


def _told(page: Path) -> dict[str, str]:
    with page.open(encoding="utf-8", errors="replace") as file:
        return dict(_META.findall(file.read(_HEAD)))


def write_collection(folder: Path, texts: Texts) -> Path | None:
    """Writes index.html over the reports of `folder`; None if a page of another kind is there."""
    index = folder / "index.html"
    if index.exists() and "collection" not in _told(index):
        return None
    reports = find_reports(folder)
    page = (
        environment()
        .get_template("collection.html")
        .render(
            months=[each for each in reports if each.first == each.last],
            periods=[each for each in reports if each.first != each.last],
            say=texts.say,
            texts=texts,
        )
    )
    atomic_write(index, page.encode())
    return index
