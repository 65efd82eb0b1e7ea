"""Data for tests of the exporter: a small vocabulary, rows with defaults, a context."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from exports import Context, ReportSite, Social
from wildcrawl.analysis.vocabulary import Group, Keyword
from wildcrawl.store.frame import FRAME_SCHEMA

RATE = Decimal("6.89")
RATE_DATE = date(2017, 4, 14)
MADE_AT = datetime(2016, 6, 1, 1, 30, tzinfo=UTC)


def group(name: str, label: str, label_zh: str, *since: str) -> Group:
    """A species group with one keyword for each month of `since`."""
    keywords = tuple(
        Keyword(f"{label_zh}{number}", name, "name", ambiguous=False, since=month)
        for number, month in enumerate(since)
    )
    return Group(name, label, label_zh, keywords)


GROUPS = (
    group("ivory", "Ivory", "象牙", "2012-01", "2012-01", "2016-04"),
    group("rhino_horn", "Rhino horn", "犀角", "2012-01", "2016-05"),
    group("pangolin", "Pangolin", "穿山甲", "2016-05"),
    group("general", "General", "综合", "2012-01"),
)


def ad(first_seen: str = "2016-05-10T04:00:00", **given: Any) -> dict[str, Any]:
    """A valid advertisement; `first_seen` is ISO in UTC, other fields as given."""
    moment = datetime.fromisoformat(first_seen).replace(tzinfo=UTC)
    row: dict[str, Any] = {
        name: "" if kind == pl.String else None for name, kind in FRAME_SCHEMA.items()
    }
    row |= {
        "site": "mall",
        "ad_id": "1",
        "title": "老象牙摆件",
        "species": "ivory",
        "verdict": "valid",
        "relevance": "likely",
        "price_kind": "absent",
        "first_seen": moment,
        "last_seen": moment,
        "found_at": moment,
        "audit": False,
    }
    unknown = given.keys() - row.keys()
    assert not unknown, f"no such columns: {unknown}"
    return row | given


def amount(cny: str, usd: str | None = None, **given: Any) -> dict[str, Any]:
    """A valid advertisement with a total price in RMB."""
    price = Decimal(cny)
    return ad(
        price=cny,
        price_kind="amount",
        price_cny=price,
        price_amount=price,
        price_currency="CNY",
        price_usd=None if usd is None else Decimal(usd),
        rate=RATE,
        rate_date=RATE_DATE,
        **given,
    )


def per_gram(cny: str, **given: Any) -> dict[str, Any]:
    """A valid advertisement with a price in RMB per gram."""
    return ad(price_kind="per_gram", price_amount=Decimal(cny), price_currency="CNY", **given)


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    """The rows as a frame of the store."""
    return pl.DataFrame(list(rows), schema=FRAME_SCHEMA)


def context(*months: str, sites: Sequence[ReportSite] = (), **given: Any) -> Context:
    """A context of the months, by default May 2016."""
    base: dict[str, Any] = {
        "months": list(months) or ["2016-05"],
        "groups": GROUPS,
        "sites": sites,
        "rate": RATE,
        "rate_date": RATE_DATE,
        "made_at": MADE_AT,
    }
    return Context(**(base | given))


def social() -> Social:
    """Two surveys in 2015 and two in 2016 of four accounts, two of which are gone."""
    surveys, posts, accounts = [], [], []
    counts = {date(2015, 5, 10): 6, date(2015, 6, 10): 3, date(2016, 5, 9): 5, date(2016, 5, 20): 2}
    for day, number in counts.items():
        surveys.append((str(day), day, 4, number, 2 * number, number))
        for place in range(number):
            who = "abcd"[place % (4 if day.year == 2015 else 2)]
            kind = ["raw", "worked_carved", ""][place % 3]
            posts.append((str(day), day, who, "ivory", kind, 2, 1))
    for year, statuses in (
        (2015, ["active"] * 4),
        (2016, ["active", "active", "quit", "suspended"]),
    ):
        accounts += [(who, year, status) for who, status in zip("abcd", statuses, strict=True)]
    text, count = pl.String(), pl.Int32()
    start: dict[str, pl.DataType] = {"survey": text, "date": pl.Date()}
    pictures: dict[str, pl.DataType] = {"images": count, "videos": count}
    rows: dict[str, pl.DataType] = {"account": text, "species": text, "product_type": text}
    numbers: dict[str, pl.DataType] = {"accounts": count, "advertisements": count}
    return Social(
        surveys=pl.DataFrame(surveys, schema=start | numbers | pictures, orient="row"),
        posts=pl.DataFrame(posts, schema=start | rows | pictures, orient="row"),
        accounts=pl.DataFrame(
            accounts, schema={"account": text, "year": count, "status": text}, orient="row"
        ),
    )


def read(path: Path) -> list[list[str]]:
    """The lines of a CSV file, each as its cells."""
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))
