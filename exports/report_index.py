"""Index page of all reports in a folder, one line per period."""

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
_LANGUAGE = re.compile(r'<html lang="([\w-]+)">')
_HEAD = 4096
"""Characters at the start of a page in which its meta elements are searched."""


@dataclass(frozen=True)
class ListedReport:
    """A report of the folder, described by its page's meta elements.

    `made` is the moment of the export, or its text on older pages; `alike` is True if another
    report of the folder has the same period.
    """

    folder: str
    first: str
    last: str
    total: int
    pending: bool
    provisional: bool
    made: datetime | str
    alike: bool = False


def find_reports(folder: Path) -> list[ListedReport]:
    """Reports in the subfolders of `folder`, latest period first; other pages are ignored."""
    entries = [entry for page in folder.glob("*/index.html") if (entry := _read(page))]
    periods = Counter((entry.first, entry.last) for entry in entries)
    entries = [replace(entry, alike=periods[entry.first, entry.last] > 1) for entry in entries]
    return sorted(entries, key=lambda entry: (entry.last, entry.first, entry.folder), reverse=True)


def _read(page: Path) -> ListedReport | None:
    meta = _meta(page)
    try:
        first, last = meta["period"].split(" ")
        months_between(first, last)
        total = int(meta["total"])
    except (KeyError, ValueError, MonthError):
        return None
    pending, provisional = meta.get("pending") == "yes", meta.get("provisional") == "yes"
    made = _moment(meta.get("made", ""))
    return ListedReport(page.parent.name, first, last, total, pending, provisional, made)


def _moment(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text).astimezone(CHINA)
    except ValueError:
        return html.unescape(text)


def page_language(page: Path) -> str:
    """Language of a report's page; "" if there is none, or another page."""
    if not page.exists() or "period" not in _meta(page):
        return ""
    with page.open(encoding="utf-8", errors="replace") as file:
        found = _LANGUAGE.search(file.read(_HEAD))
    return found[1] if found else ""


def _meta(page: Path) -> dict[str, str]:
    with page.open(encoding="utf-8", errors="replace") as file:
        return dict(_META.findall(file.read(_HEAD)))


def write_collection(folder: Path, texts: Texts) -> Path | None:
    """Writes index.html for the reports of `folder`; None if it exists and is another page."""
    index = folder / "index.html"
    if index.exists() and "collection" not in _meta(index):
        return None
    reports = find_reports(folder)
    page = (
        environment()
        .get_template("collection.html")
        .render(
            months=[report for report in reports if report.first == report.last],
            periods=[report for report in reports if report.first != report.last],
            say=texts.say,
            texts=texts,
        )
    )
    atomic_write(index, page.encode())
    return index
