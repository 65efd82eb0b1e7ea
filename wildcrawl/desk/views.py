"""Views of a worksheet for its pages: keywords with their rows and mistakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from werkzeug.datastructures import MultiDict

from wildcrawl.analysis.vocabulary import Group, Vocabulary
from wildcrawl.desk.drafts import Written, key_of
from wildcrawl.desk.goods_names import goods_name
from wildcrawl.desk.languages import language, say
from wildcrawl.desk.messages import fault_text
from wildcrawl.labels import CLOSED, field_label, labels_in
from wildcrawl.tabular.words import choices_of, chosen
from wildcrawl.tabular.worksheet import ADS, Filled, Worksheet, WorksheetSite, check_filled
from wildcrawl.tabular.worksheet.guide import COLUMNS
from wildcrawl.tabular.worksheet.model import AD_COLUMNS
from wildcrawl.tabular.worksheet.writer import hints

FIRST = (
    "url", "title", "price", "seller", "ad_id", "posted_at", "description",
    "species", "product_type", "age_claim", "verdict",
)  # fmt: skip
"""Columns shown at once; the others unfold."""


@dataclass(frozen=True)
class Option:
    """An option of a field: its value, its label, and whether it is chosen."""

    value: str
    shown: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A column as a field of a form."""

    name: str
    label: str
    help_en: str
    help_zh: str
    value: str
    options: tuple[Option, ...] = ()
    several: bool = False

    @property
    def kind(self) -> str:
        """Kind of form control: checks, choice, long or line."""
        if self.options:
            return "checks" if self.several else "choice"
        return "long" if self.name in ("description", "note") else "line"


def fields_of(typed: Written, groups: Mapping[str, Group]) -> tuple[list[Field], list[Field]]:
    """The fields shown at once, and the others."""
    choices = choices_of(groups)
    labels = {name: labels_in(language(), CLOSED[name]) for name in choices if name in CLOSED}
    labels["species"] = {name: goods_name(group) for name, group in groups.items()}
    fields = {
        name: _field(name, typed.get(name, ""), choices.get(name, {}), labels.get(name, {}))
        for name in AD_COLUMNS
    }
    return [fields.pop(name) for name in FIRST], list(fields.values())


def written(form: MultiDict[str, str]) -> Written:
    """Row of a submitted form, without empty fields."""
    row = {}
    for name in AD_COLUMNS:
        parts = [part.replace("\r\n", "\n").strip() for part in form.getlist(name)]
        text = ";".join(part for part in parts if part)
        if text:
            row[name] = text
    return row


_HELP = {
    "species": ("Only if you are sure.", "确定时才选。"),
    "product_type": ("Only if you are sure.", "确定时才选。"),
    "verdict": ("Empty: it is screened later.", "留空则以后审核。"),
}
"""Words of fields with options, in place of those for a column in a file."""


def _field(name: str, value: str, choices: Mapping[str, str], shown: Mapping[str, str]) -> Field:
    """A field with the words of its column; `shown` are their labels in the page's language."""
    column = COLUMNS[name]
    several = name == "species"
    values = value.replace("；", ";").split(";") if several else [value]
    words = [chosen(word, choices) for word in values if word.strip()]
    options = [Option(word, label, word in words) for word, label in shown.items()]
    # Values that are not valid are shown as typed, so that they can be fixed.
    options += [Option(word, word, True) for word in words if choices and word not in choices]
    return Field(
        name,
        field_label(name, language()),
        *_HELP.get(name, (column.english, column.chinese)),
        value,
        tuple(options),
        several,
    )


@dataclass(frozen=True)
class RowView:
    """A row as typed; `line` is its row in the workbook.

    `mistakes` are sentences by column.
    """

    key: str
    line: int
    typed: dict[str, str]
    mistakes: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the row on the page: title, URL or ad_id."""
        known = (self.typed.get(name, "") for name in ("title", "url", "ad_id"))
        return next(filter(None, known), "…")


@dataclass(frozen=True)
class KeywordView:
    """A keyword with the state of its search."""

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
    """A worksheet: keywords by species group; `astray` are the rows without a valid keyword."""

    groups: list[tuple[Group, list[KeywordView]]]
    rows: list[RowView]
    astray: list[RowView]
    searched: int
    total: int
    mistakes: int

    @property
    def keywords(self) -> list[KeywordView]:
        """All keywords in the vocabulary's order."""
        return [keyword for _, keywords in self.groups for keyword in keywords]

    def keyword(self, term: str) -> KeywordView | None:
        """The keyword `term`; None if there is none."""
        return next((keyword for keyword in self.keywords if keyword.term == term), None)

    def after(self, term: str) -> KeywordView | None:
        """The next unsearched keyword after `term`, continuing from the top, if there is one."""
        terms = [keyword.term for keyword in self.keywords]
        place = terms.index(term) + 1 if term in terms else 0
        turned = [*self.keywords[place:], *self.keywords[:place]]
        return next(
            (keyword for keyword in turned if not keyword.searched and keyword.term != term), None
        )


def sheet_view(
    filled: Filled, site: WorksheetSite, vocabulary: Vocabulary, month: str
) -> SheetView:
    """View of a month's worksheet, checked as an import checks it."""
    terms = [keyword.term for keyword in vocabulary.searched(month)]
    known = [keyword.term for keyword in vocabulary.keywords]
    # Tolerates clocks that are ahead.
    latest = datetime.now(UTC) + timedelta(days=1)
    checked = check_filled(filled, site, known, vocabulary.groups, latest, terms)
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
                    say("; ", "；").join(say(*each) for each in hints(keyword)),
                    site.link(keyword.term),
                    filled.ticks.get(keyword.term, ""),
                    by_term[keyword.term],
                    of_terms.get(keyword.term, ""),
                    keyword.term in checked.searched,
                )
                for keyword in group.keywords
                if keyword.term in terms
            ],
        )
        for group in vocabulary.groups.values()
    ]
    astray = [row for row in rows if not {*_terms(row)} & {*known}]
    mistakes = sum(len(each.faults) for each in checked.rejections)
    searched = len({*checked.searched} & {*terms})
    return SheetView(groups, rows, astray, searched, len(terms), mistakes)


def _terms(row: RowView) -> Iterable[str]:
    parts = row.typed.get("found_by", "").replace("；", ";").split(";")
    return dict.fromkeys(part.strip() for part in parts if part.strip())


def _mistakes(
    checked: Worksheet, terms: list[str]
) -> tuple[dict[int, dict[str, str]], dict[str, str]]:
    """Mistakes of rows by line and column, and mistakes of keywords by term."""
    of_rows: dict[int, dict[str, str]] = {}
    of_terms: dict[str, str] = {}
    for mistake in checked.rejections:
        if mistake.sheet != ADS:
            place = mistake.line - 2
            if 0 <= place < len(terms):
                of_terms[terms[place]] = say("; ", "；").join(map(fault_text, mistake.faults))
            continue
        of_rows[mistake.line] = {
            column.strip(): text
            for fault, text in ((each, fault_text(each)) for each in mistake.faults)
            for column in fault.column.split(",")
        }
    return of_rows, of_terms
