"""Parts of a site: its keywords shared among several jobs, which are judged as one run.

A part searches its share and leaves the pages that it read in the store. The last part then starts
a search of the whole site, which takes these pages over and asks only for what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from wildcrawl.items import RunHead
from wildcrawl.store import Store

T = TypeVar("T")

MOST = 20
"""Parts of a site at most."""
_KIND = "splits"
_UNIT = re.compile(r"(?P<site>.+)\.(?P<number>[0-9]+)of(?P<of>[0-9]+)")


@dataclass(frozen=True)
class Part:
    """One of `of` parts, counted from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def share(self, keywords: Sequence[T]) -> tuple[T, ...]:
        """This part's keywords.

        >>> Part(2, 3).share("abcdefg")
        ('b', 'e')
        """
        return tuple(keywords[self.number - 1 :: self.of])


def parse_part(text: str) -> Part | None:
    """The part in a spider argument, None if it is empty; ValueError if it is not one.

    >>> parse_part("2/4")
    Part(number=2, of=4)
    """
    if not text:
        return None
    number, _, of = text.partition("/")
    if number.isascii() and number.isdigit() and of.isascii() and of.isdigit():
        part = Part(int(number), int(of))
        if 1 <= part.number <= part.of <= MOST:
            return part
    raise ValueError(
        f"-a part={text}: '{text}' is not a part of a site; write for example part=2/4, at most "
        f"{MOST} parts"
    )


def unit_of(site: str, part: str) -> str:
    """The name under which a site or a part of it is scheduled.

    >>> unit_of("mall", ""), unit_of("mall", "2/4")
    ('mall', 'mall.2of4')
    """
    return f"{site}.{part.replace('/', 'of')}" if part else site


def site_of(unit: str) -> str:
    """The site of a unit."""
    found = _UNIT.fullmatch(unit)
    return found["site"] if found else unit


def part_of(unit: str) -> str:
    """The part of a unit as a spider argument; "" for a whole site.

    >>> part_of("mall.2of4"), part_of("mall")
    ('2/4', '')
    """
    found = _UNIT.fullmatch(unit)
    return f"{found['number']}/{found['of']}" if found else ""


def units_of(site: str, number: int) -> list[str]:
    """The parts of a site that is split into `number`."""
    return [unit_of(site, str(Part(each + 1, number))) for each in range(number)]


def parse_splits(text: str) -> dict[str, int]:
    """Site to its number of parts, from "SITE=4,OTHER=2"; ValueError if it is not valid.

    >>> parse_splits("mall=4, shop=1")
    {'mall': 4, 'shop': 1}
    """
    splits = {}
    for entry in filter(None, (entry.strip() for entry in text.split(","))):
        site, _, number = (piece.strip() for piece in entry.partition("="))
        if not site or not number.isascii() or not number.isdigit():
            raise ValueError(f"--split {entry}: write a site and a number, for example mall=4")
        if not 1 <= int(number) <= MOST:
            raise ValueError(f"--split {entry}: a site has from 1 to {MOST} parts")
        splits[site] = int(number)
    return splits


def keep_splits(store: Store, month: str, splits: dict[str, int]) -> None:
    """Stores into how many parts sites are split in a month; 1 undoes it."""
    if splits:
        documents = {site: {"month": month, "parts": number} for site, number in splits.items()}
        store.put_documents(_KIND, documents)


def splits_of(store: Store, month: str, sites: Collection[str] | None = None) -> dict[str, int]:
    """Site to its number of parts in a month, of those that are split."""
    found = store.documents(_KIND, keys=sites)
    return {
        site: document["parts"]
        for site, document in found.items()
        if document["month"] == month and document["parts"] > 1
    }


def units_left(site: str, number: int, done: Collection[str], *, again: bool = False) -> list[str]:
    """The units of a split site that are to be scheduled; `done` are those that were searched.

    Its parts, then the whole site, which takes them over.

    >>> units_left("mall", 2, {"mall.1of2"}), units_left("mall", 2, {"mall.1of2", "mall.2of2"})
    (['mall.2of2'], ['mall'])
    """
    parts = units_of(site, number)
    if again:
        return parts
    if site in done:
        return [site]
    return [part for part in parts if part not in done] or [site]


def unit_of_run(run: RunHead) -> str:
    """The unit that a run has searched."""
    return unit_of(run.site, run.part)


def is_last_part(store: Store, run: RunHead, done: Collection[RunHead]) -> bool:
    """Whether the run of a part completes its site, so that it is to put the parts together.

    `done`: the satisfactory runs of the month, by unit. Of several that end at once it is
    true for one only.
    """
    part = parse_part(run.part)
    own = {each.site: each for each in done}
    if part is None or not set(units_of(run.site, part.of)) <= own.keys():
        return False
    parts = [own[unit] for unit in units_of(run.site, part.of)]
    whole = own.get(run.site)
    if whole and any(each.started <= whole.started for each in parts):
        # A search of the whole has put that part together; it is to be searched again first.
        return False
    key = "\n".join([run.site, *(each.id for each in parts)])
    return bool(store.put_documents("splits_complete", {key: {"run": run.id}}, replace=False))
