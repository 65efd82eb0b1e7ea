"""The ledger's surveys of social media: five in 2015 and five in 2016 over the same accounts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from openpyxl import Workbook

from tests.briefing.spread import spread

Row = dict[str, str | int]

_ACTIVE, _SUSPENDED, _QUIT = 27, 16, 15
ACCOUNTS = [f"account-{number:02d}" for number in range(1, _ACTIVE + _SUSPENDED + _QUIT + 1)]
_DAYS = ("05-12", "05-26", "06-08", "06-30", "07-21")
_COUNTS_2016 = ((146, 856), (107, 517), (133, 647), (102, 487), (185, 1014))
_STILL_ACTIVE_2015 = ((115, 596),) * 5
_GONE_2015 = ((116, 640), (104, 640), (125, 640), (107, 640), (108, 640))
_IVORY = {"2015": (77, 91, 252, 280), "2016": (44, 52, 144, 160)}
_TYPES = ("raw", "semi_worked", "worked_carved", "worked_uncarved")
_OTHERS = (
    ("rhino_horn", "worked_carved"),
    ("helmeted_hornbill", "worked_uncarved"),
    ("sea_turtle", "worked_uncarved"),
    ("tiger", "raw"),
)


def accounts() -> list[Row]:
    """All accounts as they stood in both years."""
    status = ["active"] * _ACTIVE + ["suspended"] * _SUSPENDED + ["quit"] * _QUIT
    rows: list[Row] = [
        {"account": account, "year": 2015, "status": "active", "platform": "messenger"}
        for account in ACCOUNTS
    ]
    for account, word in zip(ACCOUNTS, status, strict=True):
        rows.append({"account": account, "year": 2016, "status": word, "platform": "messenger"})
    return rows


def surveys() -> list[Row]:
    """Ten surveys of 24 hours."""
    return [
        {"survey": f"{year}-{number}", "date": f"{year}-{day}", "start": "09:00", "accounts": 58}
        for year in (2015, 2016)
        for number, day in enumerate(_DAYS, start=1)
    ]


def posts() -> list[Row]:
    """Every advertisement of every survey."""
    rows: list[Row] = []
    for year in ("2015", "2016"):
        kinds = _kinds(year)
        for number in range(5):
            survey = f"{year}-{number + 1}"
            if year == "2015":
                gone = ACCOUNTS[_ACTIVE:]
                rows += _posts(survey, ACCOUNTS[:_ACTIVE], _STILL_ACTIVE_2015[number], kinds)
                rows += _posts(survey, gone, _GONE_2015[number], kinds)
            else:
                rows += _posts(survey, ACCOUNTS[:_ACTIVE], _COUNTS_2016[number], kinds)
    return rows


def write(path: Path) -> None:
    """Writes the workbook that a team would have filled in."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("Accounts", accounts()), ("Surveys", surveys()), ("Posts", posts())):
        sheet = book.create_sheet(name)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    book.save(path)


def _kinds(year: str) -> Iterator[tuple[str, str]]:
    """Species and product type of one post after the other, ivory and others mixed."""
    of_year = _COUNTS_2016 if year == "2016" else (*_STILL_ACTIVE_2015, *_GONE_2015)
    total, ivory = sum(count for count, _ in of_year), sum(_IVORY[year])
    types = [name for name, count in zip(_TYPES, _IVORY[year], strict=True) for _ in range(count)]
    others = cycle(_OTHERS)
    taken = 0
    for place in range(total):
        if (place + 1) * ivory // total > taken:
            # A step that shares no factor with the number visits each once.
            yield "ivory", types[taken * 37 % ivory]
            taken += 1
        else:
            yield next(others)


def _posts(
    survey: str, of_accounts: list[str], counts: tuple[int, int], kinds: Iterator[tuple[str, str]]
) -> list[Row]:
    advertisements, shown = counts
    weights = [1 + number % 5 for number in range(advertisements)]
    pictures = spread(shown, weights, [0] * advertisements, [shown] * advertisements)
    rows: list[Row] = []
    for number, shows in enumerate(pictures):
        species, product_type = next(kinds)
        videos = int(number % 9 == 0 and shows > 0)
        rows.append(
            {
                "survey": survey,
                "account": of_accounts[number % len(of_accounts)],
                "post": str(number + 1),
                "species": species,
                "product_type": product_type,
                "images": shows - videos,
                "videos": videos,
            }
        )
    return rows
