"""Keyed rows: rows of an export, matched by their return key with what is stored."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from wildcrawl.analysis.contacts import is_hidden
from wildcrawl.analysis.lost_characters import is_damaged
from wildcrawl.analysis.return_keys import read_key, return_key
from wildcrawl.analysis.text import nfkc
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.tabular.tables import KEY, Cell, Rejection, Row, TableFile

_AT_ONCE = 1000
"""Ids that the store is asked for at once."""
_NAMED = 5
"""Lines that a note names."""
_ROUNDED = re.compile(r"-?\d\.\d{14}E\+\d{2,3}")
_PART = 12
"""Characters from which the beginning of a title is enough to recognise it."""


@dataclass(frozen=True)
class Stored:
    """A stored advertisement: what it is known by, and what tells a person which one it is."""

    site: str
    ad_id: str
    url: str = ""
    title: str = ""


class Finder(Protocol):
    """Access to the stored advertisements."""

    def known(self, site: str, ad_ids: Collection[str]) -> set[str]:
        """Those of `ad_ids` that are stored for `site`."""
        ...

    def by_key(self, keys: Collection[str]) -> Mapping[str, Stored]:
        """The stored advertisements with one of the return keys `keys`."""
        ...

    def contradiction(self, ad: Advertisement) -> str:
        """Why a returned row cannot be taken; "" if it can."""
        ...


class KeyedTable:
    """A table of records whose rows have the site and id that their return key stands for.

    A row keeps its key only if the stored advertisement has been found. A key that is damaged,
    unknown or another advertisement's is a Rejection. Without a `finder`, every key is unknown
    whose row does not have the site and id itself.
    """

    def __init__(self, table: TableFile, finder: Finder | None) -> None:
        self.columns = table.columns
        self._table = table
        self._finder = finder
        self._notes: list[str] = []

    @property
    def notes(self) -> list[str]:
        """What there is to say about the whole file."""
        return [*self._table.notes, *self._notes]

    def rows(self) -> Iterator[Row | Rejection]:
        """The rows of the table, matched."""
        self._notes.clear()
        found, foreign = self._look_up()
        verdicts: dict[str, tuple[int, str]] = {}
        new: list[int] = []
        for row in self._table.rows():
            if isinstance(row, Rejection):
                yield row
                continue
            line, cells = row
            key = read_key(_text(cells, KEY))
            if not key:
                yield _without_key(line, cells, key)
                continue
            own = key == return_key(_text(cells, "site"), _text(cells, "ad_id"))
            reason = (not own and _mismatch(cells, found.get(key))) or _other_verdict(
                verdicts, key, line, cells
            )
            if reason:
                yield Rejection(line, reason, _typed(cells))
            elif key in foreign:
                new.append(line)
                yield line, {**cells, KEY: ""}
            elif own:
                yield line, {**cells, KEY: key}
            else:
                stored = found[key]
                yield line, {**cells, "site": stored.site, "ad_id": stored.ad_id, KEY: key}
        if new:
            self._notes.append(_foreign_note(new))

    def _look_up(self) -> tuple[Mapping[str, Stored], set[str]]:
        """Stored advertisements of keys whose rows have another id; keys that none here has."""
        astray: set[str] = set()
        foreign: set[str] = set()
        own: dict[str, list[str]] = {}
        for row in self._table.rows():
            if isinstance(row, Rejection):
                continue
            cells = row[1]
            key, site, ad_id = read_key(_text(cells, KEY)), *_own_id(cells)
            if key and key == return_key(site, ad_id):
                own.setdefault(site, []).append(ad_id)
                if len(own[site]) >= _AT_ONCE:
                    foreign |= self._unknown(site, own.pop(site))
            elif key:
                astray.add(key)
        for site, ad_ids in own.items():
            foreign |= self._unknown(site, ad_ids)
        found = self._finder.by_key(astray) if self._finder and astray else {}
        return found, foreign

    def _unknown(self, site: str, ad_ids: Collection[str]) -> set[str]:
        known = self._finder.known(site, ad_ids) if self._finder else set()
        return {return_key(site, ad_id) for ad_id in ad_ids if ad_id not in known}


def _own_id(cells: Mapping[str, Cell]) -> tuple[str, str]:
    return _text(cells, "site"), _text(cells, "ad_id")


def _text(cells: Mapping[str, Cell], column: str) -> str:
    cell = cells.get(column, "")
    return (";".join(cell) if isinstance(cell, list) else cell).strip()


def _typed(cells: Mapping[str, Cell]) -> dict[str, str]:
    return {name: _text(cells, name) for name in cells}


def _without_key(line: int, cells: dict[str, Cell], key: str | None) -> Row | Rejection:
    """A row whose key is empty, or damaged (None)."""
    if key is None:
        typed = _text(cells, KEY)[:60]
        reason = (
            f"key: '{typed}' is damaged; copy the key again from the exported file, or empty the "
            "cell if the row is a new advertisement"
        )
        return Rejection(line, reason, _typed(cells))
    return line, cells


def rounded_id(cells: Mapping[str, Cell]) -> str:
    """Message about an id that a spreadsheet rounded; "" if there is none, or a url beside it."""
    for name in ("seller_id",) if _text(cells, "url") else ("ad_id", "seller_id"):
        if _ROUNDED.fullmatch(_text(cells, name)):
            return (
                f"{name}: the spreadsheet read '{_text(cells, name)}' as a number and lost its "
                "last digits; format the column as text and type it again"
            )
    return ""


def _mismatch(cells: Mapping[str, Cell], stored: Stored | None) -> str:
    """Why a key does not stand for a row with another id; "" if it does."""
    if stored is None:
        return (
            f"key: '{_text(cells, KEY)}' is of no advertisement in this store; read the file into "
            "the store it was exported from, or empty the cell if the row is a new advertisement"
        )
    return other_advertisement(stored, _text(cells, "url"), _text(cells, "title"))


def other_advertisement(stored: Stored, url: str, title: str) -> str:
    """Why a row is not of the stored advertisement that its key stands for; "" if it may be."""
    if is_hidden(url, stored.url) or is_hidden(title, stored.title):
        return ""
    if is_damaged(title, stored.title):
        return ""
    address, folded = _address(url), _folded(title)
    if not (address or folded) or (address and address == _address(stored.url)):
        return ""
    theirs = _folded(stored.title)
    if folded and (folded == theirs or (len(folded) >= _PART and theirs.startswith(folded))):
        return ""
    return (
        f"key: it is that of '{stored.title[:60]}' ({stored.site} {stored.ad_id}), but the title "
        "and the url are another advertisement's; empty the key if the row is a new advertisement"
    )


def _other_verdict(
    verdicts: dict[str, tuple[int, str]], key: str, line: int, cells: Mapping[str, Cell]
) -> str:
    """Why a row contradicts an earlier one of the same key; "" if it does not."""
    verdict = _text(cells, "verdict").lower()
    if verdict in ("", Verdict.PENDING):
        return ""
    earlier, given = verdicts.setdefault(key, (line, verdict))
    if given == verdict:
        return ""
    return (
        f"verdict: '{verdict}' contradicts '{given}' in line {earlier} for the same advertisement; "
        "keep one of the two rows"
    )


def _address(url: str) -> str:
    return re.sub(r"^https?://", "", url.strip().lower()).rstrip("/")


def _folded(text: str) -> str:
    plain = nfkc(text).lower()
    return "".join(character for character in plain if character.isalnum())


def _foreign_note(lines: list[int]) -> str:
    named = ", ".join(map(str, lines[:_NAMED])) + (", …" if len(lines) > _NAMED else "")
    return (
        f"{len(lines)} rows have keys that this store does not know (lines {named}); their ids are "
        "undamaged, so they were recorded as new advertisements"
    )
