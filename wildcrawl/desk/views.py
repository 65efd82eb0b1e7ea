"""A worksheet as its pages show it: keyword by keyword, with its rows and their mistakes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from wildcrawl.desk.drafts import key_of
from wildcrawl.tabular.worksheet import ADS, check_filled
from wildcrawl.tabular.worksheet.writer import hint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wildcrawl.analysis.vocabulary import Group, Vocabulary
    from wildcrawl.tabular.worksheet import Filled, Site, Worksheet


@dataclass(frozen=True)
class RowView:
    """An advertisement as it was typed; `line` is its row in the workbook.

    `mistakes` are sentences by column.
    """

    key: str
    line: int
    typed: dict[str, str]
    mistakes: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a person knows the row by."""
        known = (self.typed.get(name, "") for name in ("title", "url", "ad_id"))
        return next(filter(None, known), "…")


@dataclass(frozen=True)
class KeywordView:
    """A keyword and what has become of its search."""

    term: str
    group: str
    hint: str
    link: str
    tick: str
    rows: list[RowView]
    mistake: str = ""
    searched: bool = False


@dataclass(frozen=True)
class SheetView:
    """A worksheet: its keywords by species group, and rows that belong to none of them."""

    groups: list[tuple[Group, list[KeywordView]]]
    rows: list[RowView]
    astray: list[RowView]
    searched: int
    total: int
    mistakes: int

    @property
    def keywords(self) -> list[KeywordView]:
        """All keywords in their order."""
        return [each for _, keywords in self.groups for each in keywords]

    def keyword(self, term: str) -> KeywordView | None:
        """The keyword `term`."""
        return next((each for each in self.keywords if each.term == term), None)

    def after(self, term: str) -> KeywordView | None:
        """The next keyword that is not searched yet, from `term` on and then from the top."""
        terms = [each.term for each in self.keywords]
        place = terms.index(term) + 1 if term in terms else 0
        turned = [*self.keywords[place:], *self.keywords[:place]]
        return next((each for each in turned if not each.searched and each.term != term), None)


def sheet_view(filled: Filled, site: Site, vocabulary: Vocabulary) -> SheetView:
    """What is `filled` in, checked as it will be when it is read in."""
    terms = [keyword.term for keyword in vocabulary.keywords]
    # A clock that runs ahead somewhere is no reason to refuse a row.
    latest = datetime.now(UTC) + timedelta(days=1)
    checked = check_filled(filled, site, terms, vocabulary.groups, latest)
    of_rows, of_terms = _mistakes(checked, terms)
    rows = [
        RowView(key_of(row), line, row, of_rows.get(line, {}))
        for line, row in enumerate(filled.rows, start=2)
    ]
    by_term: dict[str, list[RowView]] = defaultdict(list)
    for row in rows:
        for term in _terms(row):
            by_term[term].append(row)
    groups = [
        (
            group,
            [
                KeywordView(
                    keyword.term,
                    group.name,
                    hint(keyword),
                    site.link(keyword.term),
                    filled.ticks.get(keyword.term, ""),
                    by_term[keyword.term],
                    of_terms.get(keyword.term, ""),
                    keyword.term in checked.searched,
                )
                for keyword in group.keywords
            ],
        )
        for group in vocabulary.groups.values()
    ]
    astray = [row for row in rows if not {*_terms(row)} & {*terms}]
    searched = len({*checked.searched} & {*terms})
    return SheetView(groups, rows, astray, searched, len(terms), len(checked.rejections))


def _terms(row: RowView) -> Iterable[str]:
    parts = row.typed.get("found_by", "").replace("；", ";").split(";")
    return dict.fromkeys(part.strip() for part in parts if part.strip())


def _mistakes(
    checked: Worksheet, terms: list[str]
) -> tuple[dict[int, dict[str, str]], dict[str, str]]:
    """The mistakes of rows by line and column, and those of keywords by term."""
    of_rows: dict[int, dict[str, str]] = {}
    of_terms: dict[str, str] = {}
    for mistake in checked.rejections:
        if mistake.sheet != ADS:
            place = mistake.line - 2
            if 0 <= place < len(terms):
                of_terms[terms[place]] = "; ".join(map(str, mistake.faults))
            continue
        of_rows[mistake.line] = {
            column.strip(): str(fault)
            for fault in mistake.faults
            for column in fault.column.split(",")
        }
    return of_rows, of_terms
