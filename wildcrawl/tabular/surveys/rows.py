"""The rules for one row of a survey's sheets: cells as typed in, an item or its faults out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wildcrawl.analysis.dates import EARLIEST, LATEST, DateError, parse_moment
from wildcrawl.analysis.text import one_line
from wildcrawl.items import ProductType
from wildcrawl.months import CHINA
from wildcrawl.tabular.errors import Fault, suggestion
from wildcrawl.tabular.rows import RowError
from wildcrawl.tabular.surveys.model import Account, AccountStatus, Post, Survey

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import date

    from wildcrawl.tabular.rows import Cell
    from wildcrawl.tabular.surveys.model import Item, Known

_WHOLE = re.compile(r"([0-9]{1,6})(?:\.0+)?")
_HOUR = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?")


class Row:
    """The cells of a row and the faults that were found in them."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self.cells = cells
        self.faults: list[Fault] = []

    def fault(self, column: str, mend: str) -> None:
        self.faults.append(Fault(column, self.text(column), mend))

    def text(self, column: str) -> str:
        cell = self.cells.get(column, "")
        return one_line(cell if isinstance(cell, str) else ";".join(cell))

    def needed(self, column: str, what: str) -> str:
        """A cell that must not be empty."""
        text = self.text(column)
        if not text:
            self.fault(column, f"is empty; give {what}")
        return text

    def named(self, column: str, what: str, known: Collection[str], where: str) -> str:
        """A cell that names something of another sheet."""
        name = self.needed(column, what)
        if name and name not in known:
            self.fault(column, f"is not known; write it in the sheet {where} first")
        return name

    def word(self, column: str, words: Collection[str], *, empty: bool) -> str:
        """One of the closed words, in small letters; `empty` if it may be left out."""
        word = self.text(column).lower()
        if word and word not in words:
            self.fault(column, f"is not known; {suggestion(word, words)}")
        elif not word and not empty:
            self.fault(column, f"is empty; possible are: {', '.join(words)}")
        return word

    def whole(self, column: str) -> int | None:
        """A whole number; None if the cell is empty."""
        text = self.text(column)
        match = _WHOLE.fullmatch(text)
        if text and not match:
            self.fault(column, "is no whole number from 0; write how many there are, such as 3")
        return int(match[1]) if match else None


def read_account(row: Row, known: Known, species: Collection[str]) -> Account:  # noqa: ARG001
    """An account of the list, in one year."""
    year = row.whole("year") or 0
    if not EARLIEST <= year <= LATEST:
        row.fault("year", f"is no year from {EARLIEST} to {LATEST}; write it as 2016")
    return Account(
        account=row.needed("account", "the account's name"),
        year=year,
        status=row.word("status", list(AccountStatus), empty=False),
        platform=row.text("platform"),
        note=row.text("note"),
    )


def read_survey(row: Row, known: Known, species: Collection[str]) -> Survey:  # noqa: ARG001
    """A survey, with the day on which it began."""
    start = row.text("start")
    match = _HOUR.fullmatch(start)
    if start and not match:
        row.fault("start", "is no time of day; write it as 09:00 (China's time)")
    return Survey(
        survey=row.needed("survey", "the survey a name of its own, such as 2016-1"),
        date=_day(row),
        start=f"{int(match[1]):02d}:{match[2]}" if match else "",
        accounts=row.whole("accounts"),
        note=row.text("note"),
    )


def read_post(row: Row, known: Known, species: Collection[str]) -> Post:
    """An advertisement of an account, within a survey."""
    return Post(
        survey=row.named("survey", "the survey's name", known.surveys, "Surveys"),
        account=row.named("account", "the account's name", known.accounts, "Accounts"),
        post=row.needed("post", "the post's number, its own within account and survey"),
        species=row.word("species", species, empty=False),
        product_type=row.word("product_type", list(ProductType), empty=True),
        images=row.whole("images") or 0,
        videos=row.whole("videos") or 0,
        url=row.text("url"),
        title=row.text("title"),
        note=row.text("note"),
    )


READERS: Mapping[str, Callable[[Row, Known, Collection[str]], Item]] = {
    "accounts": read_account,
    "surveys": read_survey,
    "posts": read_post,
}


def read_item(kind: str, cells: Mapping[str, Cell], known: Known, species: Collection[str]) -> Item:
    """The item that a row describes; RowError naming every fault of the row."""
    row = Row(cells)
    item = READERS[kind](row, known, species)
    if row.faults:
        raise RowError(row.faults)
    return item


def _day(row: Row) -> date:
    text = row.needed("date", "the day on which it began, such as 2016-05-12")
    try:
        return parse_moment(text or "2000-01-01").astimezone(CHINA).date()
    except DateError as error:
        row.fault("date", str(error).partition("' ")[2])
        return parse_moment("2000-01-01").date()
