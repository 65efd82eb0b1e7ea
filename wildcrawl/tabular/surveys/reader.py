"""Survey reader: accounts, surveys and posts of a filled file; faults are named by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from wildcrawl.analysis.dates import EARLIEST, LATEST, DateError, parse_moment
from wildcrawl.analysis.text import one_line
from wildcrawl.items import ProductType
from wildcrawl.labels import ACCOUNT_STATES
from wildcrawl.months import CHINA
from wildcrawl.tabular.books import ENDINGS, is_workbook
from wildcrawl.tabular.records import RowError
from wildcrawl.tabular.sheet_table import SheetTable, sheet_names
from wildcrawl.tabular.surveys.accounts import fold_name, names_in
from wildcrawl.tabular.surveys.model import (
    COLUMNS,
    KINDS,
    MOST_IN_POST,
    NEEDED,
    TOTALS,
    Account,
    AccountStatus,
    Item,
    Known,
    Post,
    Survey,
    SurveyError,
    SurveyReading,
)
from wildcrawl.tabular.tables import REJECTED_COLUMNS, Cell, Fault, Rejection, TableFile, suggestion
from wildcrawl.tabular.text_tables import CsvTable
from wildcrawl.tabular.words import ColumnWords
from wildcrawl.tabular.worksheet.reader import CellNames


@dataclass(frozen=True)
class SurveyTable:
    """A table, its kind, and the file beside which its rejected rows are written."""

    kind: str
    table: TableFile
    name: str
    path: Path


def open_sheets(path: Path, charset: str | None = None) -> list[SurveyTable]:
    """Tables of `path`, in the order of KINDS; SurveyError or RecordsError if it has none."""
    if path.is_dir():
        files = [(kind, path / f"{kind}.csv") for kind in KINDS]
        sheets = [_csv(file, charset, kind) for kind, file in files if file.is_file()]
        if not sheets:
            names = ", ".join(file.name for _, file in files)
            raise SurveyError(f"the folder {path} has none of {names}")
        return sheets
    if not path.is_file():
        raise SurveyError(f"{path}: no such file")
    ending = path.suffix.lower()
    texts = (".csv", ".tsv", ".txt")
    if ending in ENDINGS or (ending in texts and is_workbook(path)):
        return _workbook(path)
    if ending in texts:
        return [_csv(path, charset)]
    raise SurveyError(
        f"{path} is not a file of surveys; give an .xlsx or .csv file, or a folder of CSV files"
    )


def _workbook(path: Path) -> list[SurveyTable]:
    names = {name.strip().lower(): name for name in sheet_names(path)}
    kinds = [kind for kind in KINDS if kind in names]
    if not kinds:
        raise SurveyError(
            f"{path} has none of the sheets {', '.join(map(str.title, KINDS))}; "
            "'scrapy survey-template' writes a workbook that has them"
        )
    sheets = []
    for kind in kinds:
        table = SheetTable(path, names[kind])
        _check_columns(f"{path}, {names[kind]}", table.columns, kind)
        beside = path.with_name(f"{path.name}.{kind}")
        sheets.append(SurveyTable(kind, table, names[kind], beside))
    return sheets


def _csv(path: Path, charset: str | None, kind: str = "") -> SurveyTable:
    every = [name for columns in COLUMNS.values() for name in columns]
    table = CsvTable(path, charset, every)
    kind = kind or _kind_of(path, table.columns)
    _check_columns(str(path), table.columns, kind)
    return SurveyTable(kind, table, "", path)


def _kind_of(path: Path, columns: Sequence[str]) -> str:
    """Kind of a CSV file, by the column that only this kind has."""
    for kind, column in (("posts", "post"), ("accounts", "status"), ("surveys", "date")):
        if column in columns:
            return kind
    raise SurveyError(
        f"{path} has none of the columns post (posts), status (accounts) and date (surveys); "
        "'scrapy survey-template -o FOLDER' writes the three files"
    )


def _check_columns(place: str, columns: Sequence[str], kind: str) -> None:
    known = COLUMNS[kind]
    for name in columns:
        if name and name not in (*known, *REJECTED_COLUMNS):
            raise SurveyError(f"{place}: '{name}' is not a known column; {suggestion(name, known)}")
        if name and columns.count(name) > 1:
            raise SurveyError(f"{place}: column '{name}' appears twice; remove one")
    missing = [name for name in NEEDED[kind] if name not in columns]
    if missing:
        raise SurveyError(f"{place}: the column '{missing[0]}' of {kind} is missing; add it")


_WHOLE = re.compile(r"([0-9]{1,30})(?:\.0+)?")
_MOST = 999_999
_HOUR = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?")


class SheetRow:
    """Cells of a row, and their faults."""

    def __init__(self, cells: Mapping[str, Cell], today: date | None = None) -> None:
        self.cells = cells
        self.today = today
        self.faults: list[Fault] = []

    def fault(self, column: str, fix: str) -> None:
        self.faults.append(Fault(column, self.text(column), fix))

    def has_fault(self, column: str) -> bool:
        return any(fault.column == column for fault in self.faults)

    def text(self, column: str) -> str:
        cell = self.cells.get(column, "")
        return one_line(cell if isinstance(cell, str) else ";".join(cell))

    def needed(self, column: str, what: str) -> str:
        """Text of a required cell."""
        text = self.text(column)
        if not text:
            self.fault(column, f"is empty; give {what}")
        return text

    def account(self, column: str, known: Known) -> str:
        """Name of an account, in the spelling first used."""
        name = self.text(column)
        return known.accounts.get(fold_name(name), name)

    def survey(self, known: Known) -> str:
        """Name of a survey, in the spelling first used."""
        return known.survey_name(self.text("survey"))

    def word(
        self,
        column: str,
        words: Collection[str],
        *,
        empty: bool,
        labels: Mapping[str, str] | None = None,
    ) -> str:
        """One of `words`, in lower case, or the word of a label; `empty` if it may be empty."""
        text = self.text(column).lower()
        word = (labels or {}).get(text, text)
        if word and word not in words:
            self.fault(
                column, f"is not a valid {column.replace('_', ' ')}; {suggestion(word, words)}"
            )
        elif not word and not empty:
            self.fault(column, f"is empty; choose one of {', '.join(words)}")
        return word

    def whole(self, column: str, most: int | None = _MOST) -> int | None:
        """A whole number, up to `most`; None if the cell is empty."""
        text = self.text(column)
        match = _WHOLE.fullmatch(text)
        if text and not match:
            self.fault(column, "is not a whole number from 0; write a count such as 3")
        if match and most is not None and int(match[1]) > most:
            self.fault(column, f"is more than {most}; correct it")
            return None
        return int(match[1]) if match else None


_STATES = {
    **{label.english: state for state, label in ACCOUNT_STATES.items()},
    **{label.chinese: state for state, label in ACCOUNT_STATES.items()},
    **dict.fromkeys(("正常", "在用"), AccountStatus.ACTIVE.value),
    **dict.fromkeys(("封停", "被封停", "被封", "已封号"), AccountStatus.SUSPENDED.value),
    **dict.fromkeys(("停用", "已停用", "已注销"), AccountStatus.QUIT.value),
    **dict.fromkeys(("私密", "已设私密"), AccountStatus.PRIVATE.value),
}
"""State of an account by each label of it, as reports and people write them."""


def read_account(row: SheetRow, known: Known, species: Collection[str]) -> Account:  # noqa: ARG001
    """Account of a row."""
    year = row.whole("year") or 0
    last = row.today.year if row.today else LATEST
    if not EARLIEST <= year <= last:
        row.fault("year", f"is not a year from {EARLIEST} to {last}; write it as 2016")
    row.needed("account", "the account's name")
    return Account(
        account=row.account("account", known),
        year=year,
        status=row.word("status", list(AccountStatus), empty=False, labels=_STATES),
        platform=row.text("platform"),
        note=row.text("note"),
        formerly=";".join(names_in(row.text("formerly"))),
        dealer=row.account("dealer", known),
    )


def read_survey(row: SheetRow, known: Known, species: Collection[str]) -> Survey:  # noqa: ARG001
    """Survey of a row."""
    start = row.text("start")
    match = _HOUR.fullmatch(start)
    if start and not match:
        row.fault("start", "is not a time of day; write it as 09:00 (China's time)")
    totals = {name: row.whole(name) for name in TOTALS}
    row.needed("survey", "the survey a unique name, such as 2016-1")
    name = row.survey(known)
    day = _day(row)
    damaged = _damaged_name(name, known.surveys)
    if damaged:
        row.fault(
            "survey",
            f"may be '{damaged}', of which a spreadsheet made a date; format the column as text "
            "and write the name again",
        )
    elif name not in known.surveys and _is_other_date(name, day, sure=not row.has_fault("date")):
        row.fault(
            "survey",
            "is a date that a spreadsheet may have made of a name such as 2016-1; format the "
            "column as text and write the name again",
        )
    survey = Survey(
        survey=name,
        date=day,
        start=f"{int(match[1]):02d}:{match[2]}" if match else "",
        accounts=row.whole("accounts"),
        note=row.text("note"),
        **totals,
    )
    given = [name for name in TOTALS if totals[name] is not None]
    # A total that is no number has a fault of its own.
    if given and not row.text("advertisements"):
        row.fault("advertisements", "is empty; give it with the totals of images and videos")
    if survey.accounts == 0:
        row.fault("accounts", "is a survey of no account; give their number, or leave it empty")
    if given and survey.survey not in known.surveys:
        for other in known.same_day(survey):
            if all(getattr(other, total) == totals[total] for total in TOTALS):
                row.fault(
                    "survey",
                    f"has the day and the totals of '{other.survey}'; a survey is entered once, "
                    "under one name; if it is another one, give both their start",
                )
    if given and survey.survey in known.itemised:
        row.fault(given[0], "is a total of a survey that has posts; leave it empty")
    return survey


def read_post(row: SheetRow, known: Known, species: Collection[str]) -> Post:
    """Post of a row; it must name a survey of `known`, and an account listed in its year."""
    row.needed("survey", "the survey's name")
    survey = known.surveys.get(row.survey(known))
    if row.text("survey") and not survey:
        row.fault("survey", "is not in the sheet Surveys; add it there first")
    row.needed("account", "the account's name")
    account = row.account("account", known)
    if account and fold_name(account) not in known.accounts:
        row.fault("account", "is not in the sheet Accounts; add it there first")
    elif account and survey and not known.is_listed(account, survey.date.year):
        year = survey.date.year
        row.fault(
            "account", f"has no status in {year} in the sheet Accounts; add its row of {year}"
        )
    if survey and survey.advertisements is not None:
        row.fault("survey", "has totals in the sheet Surveys; empty them there, or omit its posts")
    number = row.whole("advertisements", None)
    if number is not None and not 1 <= number <= MOST_IN_POST:
        row.fault(
            "advertisements",
            f"is not a number of advertisements from 1 to {MOST_IN_POST}; empty counts as 1",
        )
    post = Post(
        survey=survey.survey if survey else "",
        account=account,
        post=row.needed("post", "the post a number, unique within account and survey"),
        species=row.word("species", species, empty=False),
        product_type=row.word("product_type", list(ProductType), empty=True),
        images=row.whole("images") or 0,
        videos=row.whole("videos") or 0,
        url=row.text("url"),
        title=row.text("title"),
        note=row.text("note"),
        price=row.text("price"),
        advertisements=1 if number is None else number,
    )
    if other := known.counted_in(post):
        row.fault(
            "post",
            f"is already a post of the account in survey '{other}' of the same day; a survey is "
            "entered once, under one name",
        )
    same = known.known_post(post)
    return replace(post, account=same.account, post=same.post)


READERS: Mapping[str, Callable[[SheetRow, Known, Collection[str]], Item]] = {
    "accounts": read_account,
    "surveys": read_survey,
    "posts": read_post,
}


def read_item(
    kind: str,
    cells: Mapping[str, Cell],
    known: Known,
    species: Collection[str],
    today: date | None,
) -> Item:
    """Item of a row; RowError naming every fault of the row."""
    row = SheetRow(cells, today)
    item = READERS[kind](row, known, species)
    if row.faults:
        raise RowError(row.faults)
    return item


_YEAR_MONTH = re.compile(r"((?:19|20)\d\d)[-/.年]\s?(\d{1,2})月?(?:[-/.]0?1)?日?", re.ASCII)
_MONTH_YEAR = re.compile(r"([a-z]{3})[a-z]*[- ]((?:19|20)?\d\d)|(\d{1,2})月-(\d\d)", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _as_month(name: str) -> tuple[int, int] | None:
    """Year and month for which a spreadsheet takes a survey's name; None if it takes it for none.

    >>> _as_month("2016-1"), _as_month("Jan-16"), _as_month("2016-01-01"), _as_month("spring")
    ((2016, 1), (2016, 1), (2016, 1), None)
    """
    if match := _YEAR_MONTH.fullmatch(name):
        return int(match[1]), int(match[2])
    if match := _MONTH_YEAR.fullmatch(name.lower()):
        year = int(match[2] or match[4])
        month = _MONTHS.index(match[1]) + 1 if match[1] in _MONTHS else int(match[3] or 0)
        return (year if year > 99 else 2000 + year, month) if month else None
    return None


_SHORT_DATE = re.compile(
    rf"(?:{'|'.join(_MONTHS)})-\d\d|\d{{1,2}}-(?:{'|'.join(_MONTHS)})(?:-\d\d)?"
    r"|\d{1,2}月(?:-\d\d|\d{1,2}日)",
    re.ASCII,
)
"""A date without its century, as spreadsheets in English and Chinese write one: Jan-16, 1月16日."""
_WHOLE_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)", re.ASCII)


def _is_other_date(name: str, day: date, *, sure: bool = True) -> bool:
    """Whether a survey's `name` is a date by its form, and not that of its `day`.

    Spreadsheets take a name like 2016-1 for the first of a month, and one like 1-16 for a day of
    the present year. If the day is not `sure`, only a date without its century is one.

    >>> _is_other_date("Jan-16", date(2016, 1, 9)), _is_other_date("2016-1", date(2016, 5, 12))
    (True, False)
    >>> names = "2016年1月", "2016-05-12", "2016/5/1"
    >>> [_is_other_date(name, date(2016, 5, 12)) for name in names]
    [True, False, True]
    """
    if _SHORT_DATE.fullmatch(name.lower()):
        return True
    match = _WHOLE_DATE.fullmatch(name)
    if not match or not sure:
        return False
    year, month, of_month = (int(part or 0) for part in match.groups())
    if not of_month:
        return (year, month) != (day.year, day.month)
    return (year, month, of_month) != (day.year, day.month, day.day) and (
        of_month == 1 or year != day.year
    )


def _damaged_name(name: str, known: Collection[str]) -> str:
    """The known survey for whose name a spreadsheet writes the new `name`; "" if there is none."""
    month = _as_month(name)
    if name in known or month is None:
        return ""
    return next((other for other in known if _as_month(other) == month), "")


def _day(row: SheetRow) -> date:
    text = row.needed("date", "the day on which it began, such as 2016-05-12")
    try:
        day = parse_moment(text or "2000-01-01").astimezone(CHINA).date()
    except DateError as error:
        row.fault("date", str(error).rpartition("' ")[2])
        return parse_moment("2000-01-01").date()
    if row.today and day > row.today:
        row.fault("date", f"is a day to come; write the day of the survey, up to {row.today}")
    return day


def read_surveys(
    path: Path,
    species: Collection[str],
    known: Known | None = None,
    charset: str | None = None,
    today: date | None = None,
    words: ColumnWords | None = None,
) -> SurveyReading:
    """The accounts, surveys and posts of a workbook, a CSV file or a folder of CSV files.

    `species` are the allowed group names; `known` are surveys and accounts that posts may name
    besides those of the file; days after `today` (in China) are refused; `words` are the labels
    that a cell may hold in place of a word. SurveyError or
    RecordsError, before any row is read, if the file cannot be read or a column is unknown or
    missing. A faulty row becomes a Rejection that names its cells, and the others are still read.
    """
    reading = SurveyReading()
    known = known or Known()
    for sheet in open_sheets(path, charset):
        reading.columns[sheet.kind] = sheet.table.columns
        reading.rejections[sheet.kind] = []
        _read(sheet, reading, known, species, today, words or ColumnWords())
        reading.of_tables += sheet.table.notes
    reading.of_tables += _doubtful(reading.items, known)
    return reading


def _doubtful(items: Iterable[Item], known: Known) -> Iterator[str]:
    """Sentences on surveys and posts that were read, and are probably mistyped."""
    with_posts = known.dealers_with_posts()
    for item in items:
        if isinstance(item, Survey) and item.accounts:
            listed = known.listed(item.date.year)
            if 0 < listed < item.accounts:
                yield (
                    f"survey '{item.survey}' names {item.accounts} accounts, but {listed} have a "
                    f"status in {item.date.year}; correct the number, or add their rows"
                )
            if item.accounts < with_posts[item.survey]:
                yield (
                    f"survey '{item.survey}' names {item.accounts} accounts, but has posts of "
                    f"{with_posts[item.survey]}; correct the number"
                )
        elif isinstance(item, Post) and item.post.startswith("-"):
            yield (
                f"post '{item.post}' of '{item.account}' in survey '{item.survey}' has a number "
                "below 0; correct it"
            )


def _read(
    sheet: SurveyTable,
    reading: SurveyReading,
    known: Known,
    species: Collection[str],
    today: date | None,
    words: ColumnWords,
) -> None:
    lines: dict[tuple[str, ...], tuple[int, Item, str]] = {}
    successors = Successors()
    rejections = reading.rejections[sheet.kind]
    for row in sheet.table.rows():
        if isinstance(row, Rejection):
            rejections.append(_placed(row, sheet))
            continue
        line, cells = row
        names = CellNames(sheet.name, sheet.table.columns, line)
        typed = {name: cell if isinstance(cell, str) else "" for name, cell in cells.items()}
        cells = {name: words.cell(name, cell) for name, cell in cells.items()}
        try:
            item = read_item(sheet.kind, cells, known, species, today)
        except RowError as error:
            reason = "; ".join(names.fault(fault) for fault in error.faults)
            rejections.append(Rejection(line, reason, typed))
            continue
        key = _identity(item, known)
        earlier = lines.get(key)
        # Both names of an account may number their posts from 1.
        named = fold_name(typed.get("account", ""))
        if earlier and (earlier[1] != item or (isinstance(item, Post) and earlier[2] != named)):
            reason = f"{names.of(_NAMING[sheet.kind])}: {_twice(item, earlier[0])}"
            rejections.append(Rejection(line, reason, typed))
        elif isinstance(item, Account) and (fault := successors.contradiction(item, line)):
            rejections.append(Rejection(line, names.fault(fault), typed))
        elif earlier:
            reading.repeated.setdefault(sheet.kind, []).append(line)
        else:
            lines[key] = line, item, named
            known.add(item)
            reading.items.append(item)


class Successors:
    """The accounts of a sheet by their former names, of which two in one year contradict."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, int], tuple[Account, int]] = {}

    def contradiction(self, account: Account, line: int) -> Fault | None:
        """The fault of a former name that is another account's too, unless both are one."""
        names = {fold_name(name) for name in account.names}
        for former in names_in(account.formerly):
            other, earlier = self._first.setdefault(
                (fold_name(former), account.year), (account, line)
            )
            told = fold_name(other.account) in names
            if not told and fold_name(account.account) not in map(fold_name, other.names):
                why = (
                    f"is a former name of '{other.account}' in line {earlier} already; add that "
                    "name here if all are one account, or remove the former one"
                )
                return Fault("formerly", former, why)
        return None


def _identity(item: Item, known: Known) -> tuple[str, ...]:
    """Key of an item, in which an account's names are one."""
    if isinstance(item, Post):
        return known.identity(item)
    return item.key


_NAMING = {"accounts": "year", "surveys": "survey", "posts": "post"}


def _twice(item: Item, line: int) -> str:
    kind = next(name for name, item_type in KINDS.items() if isinstance(item, item_type))
    name = Fault("", " ".join(item.key), "").shown
    return f"{name} is already in line {line} of the {kind}; remove one of the two rows"


def _placed(rejection: Rejection, sheet: SurveyTable) -> Rejection:
    where = f"{sheet.name} line {rejection.line}: " if sheet.name else ""
    return Rejection(rejection.line, f"{where}{rejection.reason}", rejection.row, rejection.text)
