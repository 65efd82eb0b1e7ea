"""HTML page of the report: no script, nothing loaded from outside, every text escaped."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import TYPE_CHECKING

import polars as pl
from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from exports.caveats import banners, titled_provisional
from exports.context import GENERAL
from exports.expected_range import LEVEL
from exports.file_names import csv_name, figure_name, month_page_name
from exports.formats import signed, us_dollars, yuan
from exports.list_filters import counted_query, lists_of, month_query, period_query
from exports.narrative import (
    comparable_sentences,
    leading_figures,
    notes,
    paragraphs,
    removal_sentences,
    social_sentences,
)
from exports.spill import NEWEST
from exports.tables.expected import (
    NOT_JUDGED,
    NOT_OVER,
    NOT_SEARCHED,
    SEASONS,
    TOO_LITTLE,
    WINDOW,
)
from exports.tables.prices import several_priced
from wildcrawl.months import CHINA

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

    from exports.charts.figure import Figure
    from exports.context import Context
    from exports.dataset import ReportData
    from exports.formats import Formats
    from exports.summary import Summary
    from exports.tables.table import Table


@dataclass(frozen=True)
class Report:
    """Contents of a page."""

    data: ReportData
    tables: Mapping[str, Table]
    figures: Mapping[str, Figure]
    summary: Summary


@dataclass(frozen=True)
class Column:
    """A column of the page; `css` are its classes: `number`, or its own name.

    `query` are the filters of its numbers' lists; None if they have none.
    """

    name: str
    heading: str
    css: str
    query: str | None = None


@dataclass(frozen=True)
class TableView:
    """A table of the page: its columns and the texts of its cells.

    The text of a share is followed by the share again, as the length of a bar. `folded` are rows
    in which every number is 0, which the page folds up below the others. `query` and `queries`
    are the filters of the lists of the table and of each row; None if its numbers have no lists.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[tuple[str, ...]]
    folded: Sequence[tuple[str, ...]] = ()
    query: str | None = None
    queries: Sequence[str] = ()


@dataclass(frozen=True)
class Links:
    """Folders of the figure files and the CSV files of a page, as seen from it.

    `tables` are those that have a file there; None: all.
    """

    figures: str = "figures"
    csv: str = "csv"
    tables: Collection[str] | None = None

    def has(self, table: str) -> bool:
        """Whether the table has a file of its own."""
        return self.tables is None or table in self.tables


_IF_ANY = {
    "not_sent", "sites_not_searched", "not_searched", "months_not_searched", "without_keyword",
    "removed_before_sent", "not_yet_7_days", "not_yet_30_days", "unclear_7_days",
    "unclear_30_days",
}  # fmt: skip
"""Columns that the page leaves out if no row has anything in them."""
_FOLDED = {"site_share"}
_LEAST_FOLDED = 3
"""Rows of nothing but 0 from which on they are folded up."""
_OF_ONE: Mapping[str, str] = {"site_species": "year", "product_types": "channel"}
"""Tables with a column that the page leaves out if it has one value, and words for that case."""
_IN_FIGURE = {("monthly", "same_sites")}
"""Columns that the page shows in a figure, since the table is wide."""


ALWAYS = (
    "monthly", "species_share", "site_share", "expected", "age_claims", "product_types",
    "price_kinds", "coverage",
)  # fmt: skip
SEVERAL = ("comparable", "extremes", "months")
"""Sections that say nothing of a single month."""
REPEATED = ("site_share", "extremes", "comparable", "expected", "age_claims", "price_kinds")
"""Sections that would only repeat what that of the species says, if nothing was searched."""
SECTIONS = (
    "waiting", "monthly", "species_share", "site_share", "yearly", "extremes", "comparable",
    "expected", "age_claims", "sampled", "product_types", "prices", "price_kinds", "coverage",
    "comparisons", "agreement", "social_surveys", "social_summary", "social_accounts", "ruled_out",
    "removals", "reposts", "site_species", "advertisements", "months", "notes",
)  # fmt: skip
"""Sections of the page, in its order; of ALWAYS only REPEATED may be absent.

Asking prices have one if there is any, or if some are left out for naming several species."""
REMOVAL_COLUMNS = (
    "site", "notified", "not_sent", "removed", "removed_before_sent",
    "removed_within_7_days", "not_yet_7_days", "unclear_7_days",
    "removed_within_30_days", "not_yet_30_days", "unclear_30_days",
    "still_up", "unknown", "median_days", "reposted",
)  # fmt: skip
"""Columns of the removals on the page: each term with what is counted apart from it."""
EXPECTED_COLUMNS = (
    "series", "advertisements", "expected_low", "expected_high", "against_expected",
    "season_low", "season_high", "against_season",
)  # fmt: skip
"""Columns of what was expected on the page, with one name for a species or a site."""
SEASON_COLUMNS = ("season_low", "season_high", "against_season")
"""Those of them that say nothing while too few earlier years are on record."""
PRICE_COLUMNS = (
    "species", "product_type", "age_claim", "kind", "sample",
    "median_cny", "range_cny", "median_usd", "range_usd",
)  # fmt: skip
"""Columns of prices on the page, which would repeat the only price of a sample three times."""


def contents(report: Report) -> list[str]:
    """The sections that the page has, in their order, without those of the author."""
    summary = report.summary
    conditions = dict.fromkeys(SEVERAL, len(report.data.context.months) > 1)
    conditions |= dict.fromkeys((*ALWAYS, "notes"), True)
    if summary.searched_nothing:
        conditions |= dict.fromkeys(REPEATED, False)
        conditions["product_types"] = report.tables["product_types"].rows.height > 0
    conditions["waiting"] = summary.provisional is not None
    conditions["yearly"] = len(summary.years) > 1
    conditions["comparisons"] = summary.differing
    priced = report.tables["prices"].rows.height + several_priced(report.data)
    conditions["prices"] = priced > 0
    return [
        name
        for name in SECTIONS
        if (conditions[name] if name in conditions else report.tables[name].rows.height)
    ]


def view(
    table: Table, formats: Formats, columns: Sequence[str] = (), context: Context | None = None
) -> TableView:
    """View of `table`: all columns, or the given ones in that order.

    `context` is that of the page, if it is one of a single month of a longer period.
    """
    given = _ARRANGED[table.name](table.rows) if table.name in _ARRANGED else table.rows
    rows = _with_series(given, formats) if "series" in columns else given
    rows = _with_ranges(rows) if "range_cny" in columns else rows
    # Columns by their names, which takes a tenth of the time of a selection by expressions.
    rows = rows[list(columns)] if columns else rows
    left_out = [name for name in rows.columns if name in _IF_ANY and not any(rows[name])]
    left_out += [name for name in rows.columns if (table.name, name) in _IN_FIGURE]
    left_out += [_OF_ONE[table.name]] if is_of_one(table) else []
    if table.name == "expected" and not has_seasons(table):
        left_out += SEASON_COLUMNS
    rows = rows[[name for name in rows.columns if name not in left_out]]
    schema = rows.schema
    css = {name: name for name in rows.columns}
    for name in rows.columns:
        if schema[name].is_numeric() or name.startswith("range_"):
            css[name] = "number share_percent" if name == "share_percent" else "number"
    lists = lists_of(table.name, context or formats.context)
    of_columns = lists.columns if lists else {}
    columns_of_page = [
        Column(name, formats.heading(name, table.name), css[name], of_columns.get(name))
        for name in rows.columns
    ]
    query = lists.table if lists else None
    queries = [lists.row(row) for row in given.iter_rows(named=True)] if lists else []
    # By columns, in which values repeat.
    texts = [text for name in rows.columns for text in _column_texts(name, rows[name], formats)]
    cells = list(zip(*texts, strict=True))
    if table.name not in _FOLDED:
        return TableView(table.name, columns_of_page, cells, (), query, queries)
    numeric = [name for name in rows.columns if schema[name].is_numeric()]
    zeros = [all(row[name] == 0 for name in numeric) for row in rows.iter_rows(named=True)]
    if not _LEAST_FOLDED <= sum(zeros) < len(zeros):
        return TableView(table.name, columns_of_page, cells, (), query, queries)
    shown = [not zero for zero in zeros]
    kept, folded = list(compress(cells, shown)), list(compress(cells, zeros))
    return TableView(
        table.name, columns_of_page, kept, folded, query, list(compress(queries, shown))
    )


def is_of_one(table: Table) -> bool:
    """Whether a column of the table has one value, which its words for that case say."""
    column = _OF_ONE.get(table.name)
    if column is None:
        return False
    values = set(table.rows[column])
    # The words on product types are those on websites, not those on a survey alone.
    return values <= {"web"} if column == "channel" else len(values) <= 1


def has_seasons(table: Table) -> bool:
    """Whether anything in the table of what was expected has the earlier years that it needs."""
    return table.rows["season_low"].count() > 0


_NOT_COMPARED = {NOT_SEARCHED, NOT_JUDGED, NOT_OVER, TOO_LITTLE}


def why_nothing_known(table: Table) -> str:
    """Phrase that says why no number of the table is known or compared; "" if any is."""
    rows = table.rows
    if table.name == "expected":
        states = {*rows["against_expected"], *rows["against_season"]}
        return "" if states - _NOT_COMPARED else f"expected.{rows['against_expected'][0]}"
    shares = rows.height and {"advertisements", "share_percent"} <= set(rows.columns)
    return "not_known" if shares and not rows["advertisements"].count() else ""


def _wording(report: Report, formats: Formats) -> Callable[..., str]:
    """A function from a table and a part, title or note, to the words of this page."""

    def wording(name: str, part: str, **words: object) -> str:
        phrase = f"{name}.{part}"
        alone = name in _OF_ONE and is_of_one(report.tables[name])
        if alone and f"{phrase}.alone" in formats.texts.phrases:
            phrase += ".alone"
        return formats.texts.say(phrase, **words)

    return wording


def _by_site(rows: pl.DataFrame) -> pl.DataFrame:
    """What waits, with a row for each site and a column for each species, the most first."""
    order = rows.group_by("species").agg(pl.col("waiting").sum()).sort("waiting", descending=True)
    species = rows.pivot("species", index="site", values="waiting").select(
        "site", *order["species"]
    )
    everything = rows.group_by("site").agg(pl.col("waiting").sum())
    whole = everything.join(species, on="site").sort("waiting", "site", descending=[True, False])
    return whole.fill_null(0)


def _largest_first(rows: pl.DataFrame) -> pl.DataFrame:
    """Shares of species as their figure has them: the most first, those not stated last."""
    stated = pl.col("species") != GENERAL
    order = (stated, pl.col("advertisements"))
    return rows.sort(order, descending=True, nulls_last=True, maintain_order=True)


_ARRANGED = {"waiting": _by_site, "species_share": _largest_first}
"""How the page arranges the rows of a table in another way than its file."""


def _with_series(rows: pl.DataFrame, formats: Formats) -> pl.DataFrame:
    """The rows with a column `series`: the label of the row's site or else of its species."""
    names = [
        formats.species(species) if site == "all" else formats.site(site)
        for species, site in rows.select("species", "site").rows()
    ]
    return rows.with_columns(pl.Series("series", names, dtype=pl.String))


def _with_ranges(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with columns of the lowest to the highest price; empty where there is one price."""
    ranges = []
    for currency, shown in (("cny", yuan), ("usd", us_dollars)):
        ends = zip(rows["sample"], rows[f"min_{currency}"], rows[f"max_{currency}"], strict=True)
        texts = [f"{shown(low)}–{shown(high)}" if sample > 1 else "" for sample, low, high in ends]
        ranges.append(pl.Series(f"range_{currency}", texts, dtype=pl.String))
    return rows.with_columns(ranges)


_BREAK_AFTER = re.compile(r"(?<=[/?&=])(?![/?&=])")


def _breakable(address: str) -> Markup:
    """An address that breaks after its parts, and not within an id."""
    return Markup("<wbr>").join(_BREAK_AFTER.split(address))


def row_cells(cells: Markup, texts: Sequence[str]) -> Markup:
    """The HTML of a row: its `cells`, with a %s for each of the texts.

    >>> row_cells(Markup("<td>%s</td>"), ["a<b"])
    Markup('<td>a&lt;b</td>')
    """
    # Many times faster than the operator of Markup, which looks at each text's class.
    return Markup(str(cells) % tuple(map(escape, texts)))  # noqa: S704


_DATE = re.compile(r"(\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?)")


def with_whole_dates(text: str) -> Markup:
    """A text whose Chinese dates are never broken over two lines.

    >>> with_whole_dates("2026年1月<b")
    Markup('<span class="whole">2026年1月</span>&lt;b')
    """
    return Markup(_DATE.sub(r'<span class="whole">\1</span>', str(escape(text))))  # noqa: S704


_LONGEST_TITLE = 120
"""Characters of a title that the page shows."""
_CSS_PLAIN = re.compile(r"[^\w ]|_")


def css_text(text: str) -> Markup:
    """A text within quotes in a style sheet, with every sign escaped.

    >>> css_text('A </style>')
    Markup('A \\\\3c \\\\2f style\\\\3e ')
    """
    return Markup(_CSS_PLAIN.sub(lambda sign: f"\\{ord(sign[0]):x} ", text))  # noqa: S704


def _column_texts(name: str, values: pl.Series, formats: Formats) -> list[list[str]]:
    """The texts of a column's cells; those of shares are followed by the lengths of their bars."""
    plain = values.to_list()
    shown = {value: formats.cell(name, value) for value in set(plain)}
    if name.startswith("range_"):
        # Left empty, by which a phone leaves the cell out.
        shown[""] = ""
    texts = [shown[value] for value in plain]
    if name == "title":
        texts = [_cut(text) for text in texts]
    if name == "url":
        texts = [_breakable(text) for text in texts]
    return [texts, [str(value or 0) for value in plain]] if name == "share_percent" else [texts]


def _cut(title: str) -> str:
    """The first characters of a title, which may fill half a page; its whole is in the CSV."""
    return title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE].rstrip()}…"


class _CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates in the user's temporary folder; compiling them takes half a second."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled_templates() -> _CompiledTemplates | None:
    """None where there is no folder that only this user can write to."""
    if sys.dont_write_bytecode:
        return None
    try:
        return _CompiledTemplates()
    except (OSError, RuntimeError):
        return None


@cache
def environment() -> Environment:
    """Jinja environment of the templates, created once."""
    made = Environment(
        bytecode_cache=_compiled_templates(),
        loader=PackageLoader("exports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["with_whole_dates"] = with_whole_dates
    made.globals.update(
        css_text=css_text,
        expected_columns=EXPECTED_COLUMNS,
        has_seasons=has_seasons,
        level=LEVEL,
        price_columns=PRICE_COLUMNS,
        removal_columns=REMOVAL_COLUMNS,
        row_cells=row_cells,
        seasons=SEASONS,
        signed=signed,
        why_nothing_known=why_nothing_known,
        window=WINDOW,
    )
    return made


def render(
    report: Report,
    formats: Formats,
    *,
    files: Collection[str] = (),
    links: Links = Links(),
    within: ReportData | None = None,
) -> str:
    """HTML of the whole page.

    `files` are the formats written beside it, to which it has `links`; `within` is the data of
    the whole period, if this is the page of one of its months.
    """
    data, context = report.data, report.data.context
    whole = "csv" in files and links.tables is None
    months = list((within or data).context.months)
    template = environment().get_template("index.html")
    return template.render(
        author=context.author if within is None else None,
        contents=contents(report),
        context=context,
        figures=report.figures,
        files=files,
        formats=formats,
        left_out=data.left_out,
        links=links,
        moment=context.made_at.isoformat(timespec="seconds"),
        months=months,
        place=months.index(context.months[0]) if within else None,
        say=formats.texts.say,
        several=several_priced(data),
        shown=min(NEWEST, data.total),
        summary=report.summary,
        tables=report.tables,
        texts=formats.texts,
        view=lambda name, columns=(): view(report.tables[name], formats, columns, context),
        whole=whole,
        wording=_wording(report, formats),
        **_sentences_of(report, formats, with_files=whole),
        **_names_of(report, within or data),
    )


def _sentences_of(report: Report, formats: Formats, *, with_files: bool) -> dict[str, object]:
    """The page's sentences about its numbers, in its language."""
    data, summary = report.data, report.summary
    context, texts = data.context, formats.texts
    return {
        "banners": banners(summary, formats),
        "comparable": comparable_sentences(data, report.tables["comparable"], formats),
        "leading": leading_figures(summary, formats),
        "made": texts.made(context.made_at.astimezone(CHINA)),
        "notes": notes(data, summary, formats, with_files=with_files),
        "paragraphs": [texts.join(lines) for lines in paragraphs(summary, formats)],
        "period": texts.period(context.months[0], context.months[-1]),
        "removed": removal_sentences(context, formats),
        "social": social_sentences(context, formats),
        "titled_provisional": titled_provisional(summary, formats),
    }


def _names_of(report: Report, period: ReportData) -> dict[str, object]:
    """Names of the files beside the page, and the filters of the desk's lists."""
    context = report.data.context
    provisional = report.summary.provisional is not None
    unfinished = period.provisional.months if period.provisional else {}
    return {
        "counted_query": counted_query(context),
        "csv_name": lambda name: csv_name(name, provisional=provisional),
        "figure_name": lambda name: figure_name(name, provisional=provisional),
        "month_page": lambda month: month_page_name(month, provisional=month in unfinished),
        "month_query": lambda month: month_query(context, month),
        "period_query": period_query(context),
    }
