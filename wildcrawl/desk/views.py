"""A worksheet as its pages show it: keyword by keyword, with its rows and their mistakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from wildcrawl.desk.drafts import Written, key_of
from wildcrawl.tabular.worksheet import ADS, Filled, Worksheet, WorksheetSite, check_filled
from wildcrawl.tabular.worksheet.guide import COLUMNS
from wildcrawl.tabular.worksheet.model import AD_COLUMNS, choices_of, chosen, shown
from wildcrawl.tabular.worksheet.writer import hint

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from wildcrawl.analysis.vocabulary import Group, Vocabulary

FIRST = (
    "url", "title", "price", "seller", "ad_id", "posted_at", "description",
    "species", "product_type", "age_claim", "verdict",
)  # fmt: skip
"""What is asked for at once; the rest unfolds."""


@dataclass(frozen=True)
class Option:
    """Something to choose, as it is shown, and whether it is chosen."""

    value: str
    shown: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A column as a form asks for it."""

    name: str
    label: str
    help_en: str
    help_zh: str
    value: str
    options: tuple[Option, ...] = ()
    several: bool = False

    @property
    def kind(self) -> str:
        """How it is filled in: checks, choice, long or line."""
        if self.options:
            return "checks" if self.several else "choice"
        return "long" if self.name in ("description", "note") else "line"


def fields_of(typed: Written, groups: Mapping[str, Group]) -> tuple[list[Field], list[Field]]:
    """The fields that are asked for at once, and the others."""
    choices = choices_of(groups)
    fields = {name: _field(name, typed.get(name, ""), choices.get(name, {})) for name in AD_COLUMNS}
    return [fields.pop(name) for name in FIRST], list(fields.values())


def written(form: MultiDict[str, str]) -> Written:
    """The row that a form was filled with, without what was left empty."""
    row = {}
    for name in AD_COLUMNS:
        parts = [part.replace("\r\n", "\n").strip() for part in form.getlist(name)]
        text = ";".join(part for part in parts if part)
        if text:
            row[name] = text
    return row


def _field(name: str, value: str, choices: Mapping[str, str]) -> Field:
    told = COLUMNS[name]
    several = name == "species"
    given = value.replace("；", ";").split(";") if several else [value]
    words = [chosen(each, choices) for each in given if each.strip()]
    options = [Option(word, shown(word, label), word in words) for word, label in choices.items()]
    # What is not a word of the list is shown as it was typed, so that it can be fixed.
    options += [Option(each, each, True) for each in words if choices and each not in choices]
    return Field(name, told.label, told.english, told.chinese, value, tuple(options), several)


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


def sheet_view(filled: Filled, site: WorksheetSite, vocabulary: Vocabulary) -> SheetView:
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
