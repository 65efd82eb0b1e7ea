"""Worksheet model: the site, its keywords and the columns to fill in."""

from __future__ import annotations

from dataclasses import dataclass, field

from wildcrawl.analysis.charsets import quote_keyword
from wildcrawl.items import RECORD_COLUMNS, Advertisement
from wildcrawl.tabular.tables import Fault, RecordsError, Rejection

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
_DEFAULT_STEPS_ZH = ("打开搜索链接（或在站内搜索关键词）。", "逐页查看全部结果。")


class WorksheetError(RecordsError):
    """Raised for a file that is not a worksheet of the site; no row of it was used."""


@dataclass(frozen=True)
class WorksheetSite:
    """Site data that a worksheet needs.

    `search_url` contains {keyword}, and {page} where needed; None if the site has no search of
    its own. `charset` encodes the keyword in the address. `steps` explain the search, and
    `steps_zh` do so in Chinese.
    """

    name: str
    label: str = ""
    label_zh: str = ""
    url: str = ""
    search_url: str | None = None
    charset: str = "utf-8"
    steps: list[str] = field(default_factory=list)
    steps_zh: list[str] = field(default_factory=list)
    first_page: int = 1

    def link(self, term: str) -> str:
        """Address of the first page of results for `term`; "" if there is none."""
        quoted = quote_keyword(term, self.charset)
        if not self.search_url or quoted is None:
            return ""
        return self.search_url.format(keyword=quoted, page=self.first_page)

    def all_steps(self, lang: str = "en") -> list[str]:
        """Steps of the search, in order; those in English if the site has none in Chinese."""
        if lang == "zh" and (self.steps_zh or not self.steps):
            opening = _DEFAULT_STEPS_ZH if self.search_url else [f"打开 {self.url}。"]
            return self.steps_zh or list(opening)
        return self.steps or list(_DEFAULT_STEPS if self.search_url else [f"Open {self.url}."])

    def where_to_look(self) -> str:
        """Steps of the search, numbered, one per line."""
        steps = enumerate(self.all_steps(), start=1)
        return "\n".join(f"{number}. {step}" for number, step in steps)


@dataclass(frozen=True)
class Mistake(Rejection):
    """A rejected row of a worksheet; the reason names the cell.

    `sheet` is the name of its sheet ("" in a CSV file), `faults` are its faults by cell.
    `left_out` is false for a wrong tick, whose keyword's advertisements are still read.
    """

    sheet: str = ""
    faults: tuple[Fault, ...] = ()
    left_out: bool = True

    def __str__(self) -> str:
        return self.reason


@dataclass
class Filled:
    """Content of a worksheet as typed so far.

    `ticks` are the cells of nothing_found by keyword, `rows` the advertisements by column.
    """

    ticks: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What there is to say about the sheets as such."""


@dataclass
class Worksheet:
    """A filled worksheet: its advertisements, its mistakes, and the progress of the search.

    `searched` are the keywords with a tick under nothing_found or an advertisement,
    `unsearched` the others, both in the order of the worksheet; `rows` is the number of rows that
    were filled in, the rejected ones included; `notes` are what there is to say about its sheets
    as such.
    """

    records: list[Advertisement] = field(default_factory=list)
    rejections: list[Mistake] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)
    unsearched: list[str] = field(default_factory=list)
    rows: int = 0
    notes: list[str] = field(default_factory=list)
