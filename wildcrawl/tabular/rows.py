"""The rules for one row of records: cells as typed in, an advertisement or its faults out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wildcrawl.analysis.dates import DateError, parse_moment
from wildcrawl.analysis.text import one_line
from wildcrawl.items import (
    RECORD_COLUMNS,
    Advertisement,
    AgeClaim,
    Dated,
    ProductType,
    Verdict,
)
from wildcrawl.tabular.errors import Fault, suggestion
from wildcrawl.analysis.ids import derive_ad_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime
    from enum import StrEnum

Cell = str | list[str]
"""What a cell holds: text, or a list where the file has lists."""

LIST_COLUMNS = ("found_by", "image_urls", "species")
TAGGED_COLUMNS = ("species", "product_type", "age_claim")
"""What a person may say in place of the tagger."""
_CLOSED: dict[str, type[StrEnum]] = {
    "product_type": ProductType,
    "age_claim": AgeClaim,
    "verdict": Verdict,
}
_TEXT_COLUMNS = [
    name
    for name in RECORD_COLUMNS
    if name not in (*LIST_COLUMNS, *_CLOSED, "found_at", "images", "videos")
]
_WHOLE = re.compile(r"([0-9]{1,9})(?:\.0+)?")
_WIDE_SEMICOLON = "；"
NO_CLAIM = "none"
"""In place of an age claim: a person's word that the seller makes none."""


class RowError(ValueError):
    """A row with faults, all of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(str(fault) for fault in self.faults))


def read_row(
    row: Mapping[str, Cell], species: Collection[str], latest: datetime | None = None
) -> Advertisement:
    """The advertisement that a row describes; RowError naming every fault of the row.

    `species` are the group names that may be given. A missing `ad_id` is derived. A missing
    `found_at` stays None; one after `latest` is a fault. What a person says of species,
    product type and age claim is listed in `by_person`; the age claim "none" is such a word.
    """
    faults: list[Fault] = []
    no_claim = _is_no_claim(row.get("age_claim", ""))
    if no_claim:
        row = {**row, "age_claim": ""}
    ad = Dated(site="") if row.get("found_at", "") else Advertisement(site="")
    for name in _TEXT_COLUMNS:
        setattr(ad, name, _text(name, row, faults))
    # It is a name in tables and figures, and one site must not stand there twice.
    ad.site = one_line(ad.site)
    for name in LIST_COLUMNS:
        setattr(ad, name, _list(row.get(name, "")))
    for name, closed in _CLOSED.items():
        setattr(ad, name, _word(name, _text(name, row, faults), closed, faults))
    for name in ("images", "videos"):
        setattr(ad, name, _count(name, _text(name, row, faults), faults))
    ad.found_at = _moment(_text("found_at", row, faults), latest, faults)
    ad.species = _species(ad.species, species, faults)
    if not ad.site:
        faults.append(Fault("site", "", "is empty; name the site of the advertisement"))
    if not (ad.ad_id or ad.url or ad.title):
        faults.append(Fault("ad_id, url, title", "", "are all empty; give one of them"))
    if faults:
        raise RowError(faults)
    ad.ad_id = ad.ad_id or derive_ad_id(ad.url, ad.title, ad.seller)
    ad.by_person = [name for name in TAGGED_COLUMNS if getattr(ad, name)]
    if no_claim:
        ad.by_person.append("age_claim")
    return ad


def _is_no_claim(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().lower() == NO_CLAIM


def _text(name: str, row: Mapping[str, Cell], faults: list[Fault]) -> str:
    cell = row.get(name, "")
    if isinstance(cell, list):
        faults.append(Fault(name, ";".join(cell), "is a list; give one text"))
        return ""
    return cell.strip()


def _list(cell: Cell) -> list[str]:
    parts = cell if isinstance(cell, list) else cell.replace(_WIDE_SEMICOLON, ";").split(";")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _word(name: str, text: str, closed: type[StrEnum], faults: list[Fault]) -> str:
    word = text.lower()
    if word and word not in list(closed):
        faults.append(Fault(name, text, f"is not known; {suggestion(text, closed)}, or empty"))
    return word


def _count(name: str, text: str, faults: list[Fault]) -> int | None:
    if not text:
        return None
    match = _WHOLE.fullmatch(text)
    if match:
        return int(match[1])
    faults.append(
        Fault(name, text, "is no whole number from 0; write how many there are, such as 3")
    )
    return None


def _moment(text: str, latest: datetime | None, faults: list[Fault]) -> datetime | None:
    if not text:
        return None
    try:
        moment = parse_moment(text)
    except DateError as error:
        faults.append(Fault("found_at", text, str(error).partition("' ")[2]))
        return None
    if latest and moment > latest:
        faults.append(Fault("found_at", text, "is in the future; write when it was found"))
    return moment


def _species(given: list[str], allowed: Collection[str], faults: list[Fault]) -> list[str]:
    """The groups that are meant, each once, in capitals or not; faults for what is none."""
    named = [name if name in allowed else name.lower() for name in given]
    faults += [
        Fault("species", typed, f"is no species group; {suggestion(typed, allowed)}")
        for typed, name in zip(given, named, strict=True)
        if name not in allowed
    ]
    return list(dict.fromkeys(named))
