"""Worksheet model: the site, its keywords and the columns to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wildcrawl.analysis.charsets import quote_keyword
from wildcrawl.items import RECORD_COLUMNS, Advertisement, AgeClaim, ProductType, Verdict
from wildcrawl.tabular.tables import Fault, RecordsError, Rejection

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Group

Choices = dict[str, str]
"""Allowed words, each with its Chinese label."""

CLOSED: dict[str, Choices] = {
    "product_type": {
        ProductType.RAW: "原料",
        ProductType.SEMI_WORKED: "半成品",
        ProductType.WORKED_CARVED: "成品（雕刻）",
        ProductType.WORKED_UNCARVED: "成品（无雕刻）",
        ProductType.OTHER: "其他",
    },
    "age_claim": {AgeClaim.OLD: "老", AgeClaim.NEW: "新"},
    "verdict": {
        Verdict.PENDING: "待审",
        Verdict.VALID: "有效",
        Verdict.IRRELEVANT: "无关",
        Verdict.FAKE: "虚假",
    },
}
"""Choices of each closed column of an advertisement; a cell may also be empty."""


def choices_of(groups: Mapping[str, Group]) -> dict[str, Choices]:
    """Columns with a drop-down, species first, and the choices of each."""
    return {"species": {name: group.label_zh for name, group in groups.items()}, **CLOSED}


def shown(word: str, label: str) -> str:
    """Text of a word in its drop-down, in both languages."""
    return f"{word} {label}".strip()


def chosen(text: str, choices: Mapping[str, str]) -> str:
    """The word that a person chose or typed, in either language; other text unchanged.

    >>> chosen("raw 原料", CLOSED["product_type"]), chosen("有效", CLOSED["verdict"])
    ('raw', 'valid')
    >>> chosen("cheap", CLOSED["age_claim"])
    'cheap'
    """
    text = text.strip()
    for word, label in choices.items():
        if text.lower() in (word, shown(word, label).lower()) or (label and text == label):
            return str(word)
    return text


def all_chosen(text: str, choices: Mapping[str, str]) -> str:
    """The same for a cell with several values, separated by ;."""
    parts = text.replace("；", ";").split(";")
    return ";".join(chosen(part, choices) for part in parts if part.strip())


SEARCH, ADS, GUIDE = "Search", "Advertisements", "Guide"
"""Names of the sheets of a workbook."""
LISTS = "Lists"
"""Name of the hidden sheet with the drop-downs' choices, which a rule limits to 255 characters."""
SEARCH_COLUMNS = ("group", "keyword", "hint", "search_link", "where_to_look", "nothing_found")
_FIRST = ("found_by", "url", "title", "description", "price", "seller", "posted_at")
AD_COLUMNS = (*_FIRST, *(name for name in RECORD_COLUMNS if name not in (*_FIRST, "site")))
"""Columns of the Advertisements sheet: those of a record, without `site`."""
LEAD_COLUMNS = ("site", "group", "search_link", "where_to_look", "found_by", "nothing_found")
"""First columns of a worksheet in CSV."""
CSV_COLUMNS = (*LEAD_COLUMNS, *(name for name in AD_COLUMNS if name != "found_by"))

_DEFAULT_STEPS = (
    "Open the search link (or type the keyword into the site's search).",
    "Look through every page of results.",
)


class WorksheetError(RecordsError):
    """Raised for a file that is not a worksheet of the site; no row of it was used."""


@dataclass(frozen=True)
class WorksheetSite:
    """Site data that a worksheet needs.

    `search_url` contains {keyword}, and {page} where needed; None if the site has no search of
    its own. `charset` encodes the keyword in the address. `steps` explain the search.
    """

    name: str
    label: str = ""
    label_zh: str = ""
    url: str = ""
    search_url: str | None = None
    charset: str = "utf-8"
    steps: list[str] = field(default_factory=list)
    first_page: int = 1

    def link(self, term: str) -> str:
        """Address of the first page of results for `term`; "" if there is none."""
        quoted = quote_keyword(term, self.charset)
        if not self.search_url or quoted is None:
            return ""
        return self.search_url.format(keyword=quoted, page=self.first_page)

    def all_steps(self) -> list[str]:
        """Steps of the search, in order."""
        return self.steps or list(_DEFAULT_STEPS if self.search_url else [f"Open {self.url}."])

    def where_to_look(self) -> str:
        """Steps of the search, numbered, one per line."""
        steps = enumerate(self.all_steps(), start=1)
        return "\n".join(f"{number}. {step}" for number, step in steps)


@dataclass(frozen=True)
class Mistake(Rejection):
    """A rejected row of a worksheet; the reason names the cell.

    `sheet` is the name of its sheet ("" in a CSV file), `faults` are its faults by cell.
    """

    sheet: str = ""
    faults: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        return self.reason


@dataclass
class Filled:
    """Content of a worksheet as typed so far.

    `ticks` are the cells of nothing_found by keyword, `rows` the advertisements by column.
    """

    ticks: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Worksheet:
    """A filled worksheet: its advertisements, its mistakes, and the progress of the search.

    `searched` are the keywords with a tick under nothing_found or an advertisement,
    `unsearched` the others, both in the order of the worksheet.
    """

    records: list[Advertisement] = field(default_factory=list)
    rejections: list[Mistake] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)
    unsearched: list[str] = field(default_factory=list)
