"""What spreadsheet programs do to a file that is opened and saved, and verdicts typed into it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from openpyxl import Workbook

from exports import NEEDED, Context, export
from pipelines.clean import clean
from tests.helpers.exports_data import MADE_AT, RATE, RATE_DATE
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.items import Advertisement
from wildcrawl.store import Store
from wildcrawl.store.return_keys import KeysOfStore
from wildcrawl.tabular.records import Record, read_records
from wildcrawl.tabular.tables import Rejection
from wildcrawl.tabular.words import ColumnWords

MAY = datetime(2016, 5, 3, 4, tzinfo=UTC)
_EXCEL_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_SECONDS = 120


def advertisements(number: int) -> Iterator[Advertisement]:
    """Pending advertisements whose ids, titles and prices spreadsheets like to change."""
    kinds: list[Callable[[int], str]] = [
        lambda n: str(612345678901 + n),  # shown as 6.12346E+11
        lambda n: f"00{12345 + n}",  # loses its zeros
        lambda n: (
            f"{1 + n % 12}-{1 + n % 28}-{n}" if n > 300 else f"{1 + n % 12}-{1 + n // 12 % 28}"
        ),
        lambda n: str(12345678901234567890 + n),  # loses its last digits
        lambda n: f"{n}E5",  # becomes a number
        lambda n: f"=x{n}",  # a formula
        lambda n: f"ITEM-{n}",
        lambda n: f"TRUE{n}",
    ]
    for n in range(number):
        ad_id = kinds[n % len(kinds)](n)
        ad = Advertisement(f"site{n % 3}", ad_id, f"https://m.example/{n}?id={ad_id}")
        ad.title = f"老象牙手镯 {n}号" if n % 5 else f"{n}-12"
        ad.description = '带"包浆"\n第二行; 议价' if n % 2 else ""
        ad.price, ad.seller_id = ("3-5", "12345678901234567890") if n % 7 == 0 else ("￥1,200", "")
        ad.species, ad.product_type, ad.relevance = ["ivory"], "worked_carved", "likely"
        ad.found_at = MAY + timedelta(minutes=n)
        yield ad


def exported(store: Store, folder: Path) -> tuple[Path, Path]:
    """advertisements.csv and the workbook of a report with all that waits for a verdict."""
    groups = list(load_vocabulary().groups.values())
    context = Context(
        months=["2016-05"],
        groups=groups,
        sites=[],
        rate=RATE,
        rate_date=RATE_DATE,
        made_at=MADE_AT,
        include_pending=True,
    )
    done = export(store.frames(columns=NEEDED), context, folder, formats=("csv", "xlsx"))
    assert done.xlsx
    return done.csv["advertisements"], done.xlsx


def brought_back(store: Store, path: Path) -> list[Rejection]:
    """Reads a file into `store` as `scrapy crawl records` does; returns its rejected rows."""
    groups = load_vocabulary().groups
    rows = read_records(path, groups, words=ColumnWords(groups), finder=KeysOfStore(store))
    ads, rejections = [], []
    for row in rows:
        if isinstance(row, Record):
            ad = row.advertisement
            ad.found_at = ad.found_at or datetime.now(UTC)
            clean(ad)
            ads.append(ad)
        else:
            rejections.append(row)
    store.record(ads, "records")
    return rejections


def table_of(path: Path, charset: str = "utf-8-sig") -> list[list[str]]:
    """The rows of a CSV file."""
    with path.open(encoding=charset, newline="") as file:
        return list(csv.reader(file))


def typed_verdicts(rows: list[list[str]], verdict: str) -> list[list[str]]:
    """The rows with `verdict` in each, as a person types it."""
    place = rows[0].index("verdict")
    return [rows[0], *([*row[:place], verdict, *row[place + 1 :]] for row in rows[1:])]


def write_csv(path: Path, rows: list[list[str]], charset: str, delimiter: str = ",") -> Path:
    """Writes the rows as a program of that charset and delimiter does."""
    with path.open("w", encoding=charset, errors="replace", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def write_book(path: Path, rows: list[list[str]]) -> Path:
    """Writes the rows as a workbook, in which what looks like a number is one."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append([_number(cell) for cell in row])
    book.save(path)
    return path


def _number(cell: str) -> str | float:
    if re.fullmatch(r"\d+(?:E\d+)?|\d+\.\d+E\+\d+", cell):
        return float(cell)
    return cell[:32_767]


def excel(cell: str) -> str:
    """What Excel shows, and saves as CSV, for a cell of a CSV file."""
    if re.fullmatch(r"0\d+", cell):
        return str(int(cell))
    if re.fullmatch(r"\d{12,}|\d+E\d+", cell):
        mantissa, exponent = f"{float(cell):.5E}".split("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E+{int(exponent)}"
    match = re.fullmatch(r"(\d{1,2})[-/](\d{1,2})", cell)
    if match and int(match[1]) <= 12:
        return f"{match[2]}-{_EXCEL_MONTHS[int(match[1]) - 1]}"
    moment = re.fullmatch(r"(\d{4})-0?(\d+)-0?(\d+)(?: 0?(\d+):(\d\d).*)?", cell)
    if moment:
        return f"{moment[1]}/{moment[2]}/{moment[3]} {moment[4] or 0}:{moment[5] or '00'}"
    return cell[:32_767]


def soffice() -> str | None:
    """Path of LibreOffice; None if it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def converted(program: str, path: Path, target: str, folder: Path, profile: Path) -> Path:
    """`path` opened by LibreOffice and saved as `target`, such as "xlsx", in `folder`."""
    filters = {
        "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
        "xlsx": "xlsx:Calc MS Excel 2007 XML",
    }
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        "--convert-to", filters.get(target, target), "--outdir", str(folder), str(path),
    ]  # fmt: skip
    if path.suffix == ".csv":
        # UTF-8, comma, columns of every kind recognised as at a double click, numbers too.
        command[4:4] = ["--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"]
    done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True, text=True)
    made = sorted(folder.glob(f"{path.stem}*.{target}"))
    assert made, f"{done.stdout}{done.stderr}"
    named = [each for each in made if each.stem.endswith("-advertisements")]
    return (named or made)[0]
