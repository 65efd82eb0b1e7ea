"""Conflicts: rows of a file whose id belongs to another advertisement.

Ids are reused: two files number their rows 1, 2, …; one address is written for all lots of a page.
Such a row must neither replace what is stored nor be counted with it. Nor is a row read whose
verdict contradicts the stored one and cannot replace it. A row that corrects or
completes an advertisement keeps its title, its price or its own address.
"""

from __future__ import annotations

import difflib
import re
from urllib.parse import urlsplit

from wildcrawl.analysis.ids import (
    canonical_address,
    find_address,
    is_derived,
    names_one_page,
)
from wildcrawl.analysis.text import nfkc
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.months import CHINA

_ALIKE = 0.6
"""Similarity from which on one title may be an edited form of another."""
_LONGER = 0.9
"""Similarity of a title to a longer one that contains it; the highest of titles that differ."""
_EQUAL = 1.0
_NUMBERING = re.compile(r"[A-Za-z]{0,2}[-_.]?[0-9]{1,4}")
"""Ids that a person may have given by counting."""
_LONG = re.compile(r"[0-9]{6,}")
_COMPARED = 200


def conflict(stored: Advertisement, row: Advertisement, run: str) -> str:
    """A sentence if a row cannot be of the stored advertisement with its id, else "".

    `run` is the run that reads the row. Fields that either side lacks contradict nothing.
    """
    return _sentence(stored, row) if _contradicts(stored, row, run) else ""


def verdict_contradiction(stored: Advertisement, row: Advertisement, *, at_desk: bool) -> str:
    """Why a row's verdict does not replace the stored one: the desk's, or perhaps a later one."""
    said = f"verdict: '{row.verdict}' contradicts '{stored.verdict}'"
    if at_desk:
        by = f" by {stored.screened_by}" if stored.screened_by else ""
        return f"{said}, given{by} at the desk; change it there, or write that verdict here"
    seen, found = (
        f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else "no date"
        for at in (stored.last_seen, row.found_at)
    )
    return (
        f"{said} in the store; the advertisement was last seen on {seen} and this row is of "
        f"{found}: judge it at the desk, or in an export with its key, or leave the verdict empty"
    )


def _contradicts(stored: Advertisement, row: Advertisement, run: str) -> bool:
    title, price, species, url = (
        _title(stored, row),
        _price(stored, row),
        _species(stored, row),
        _url(stored, row),
    )
    counted = _is_counted(stored, row, run)
    if url is True and not counted:
        return False
    if url is False and counted and _other_page(stored, row):
        return True
    if title is None:
        return price is False and species is False and url is False
    if title == _EQUAL:
        return False
    if counted and title < _LONGER and stored.first_run == run:
        return True
    if title >= _ALIKE:
        return price is False and (counted or (species is False and url is False))
    return not (price is True and species is not False and url is not False)


def _is_counted(stored: Advertisement, row: Advertisement, run: str) -> bool:
    """Whether the id may have been given by counting, or stands for a page with several lots.

    An id that is a part of the address is the site's own.
    """
    if is_derived(row.ad_id):
        return stored.first_run == run
    in_address = rf"(?<![0-9A-Za-z]){re.escape(row.ad_id)}(?![0-9A-Za-z])"
    return bool(_NUMBERING.fullmatch(row.ad_id)) and not re.search(in_address, row.url)


def _title(stored: Advertisement, row: Advertisement) -> float | None:
    """The similarity of the titles, _EQUAL or less; None if one is missing.

    Titles with different numbers, such as 1号 and 2号, are not similar.
    """
    one, other = (_folded(ad.title) for ad in (stored, row))
    if not one or not other:
        return None
    if one == other or _folded(stored.original_title) == _folded(row.original_title) != "":
        return _EQUAL
    numbers = [set(re.findall(r"[0-9]+", text)) for text in (one, other)]
    if not (numbers[0] <= numbers[1] or numbers[1] <= numbers[0]):
        return 0
    if one in other or other in one:
        return _LONGER
    return min(difflib.SequenceMatcher(None, one, other, autojunk=False).ratio(), 0.89)


def _price(stored: Advertisement, row: Advertisement) -> bool | None:
    if not stored.price or not row.price:
        return None
    if stored.price_amount is not None and row.price_amount is not None:
        return (stored.price_amount, stored.price_currency) == (
            row.price_amount,
            row.price_currency,
        )
    return _folded(stored.price) == _folded(row.price)


def _species(stored: Advertisement, row: Advertisement) -> bool | None:
    if not stored.species or not row.species:
        return None
    return bool({*stored.species} & {*row.species})


def _url(stored: Advertisement, row: Advertisement) -> bool | None:
    addresses = [find_address(ad.url) for ad in (stored, row)]
    if not all(names_one_page(address) for address in addresses):
        return None
    one, other = (canonical_address(address) for address in addresses)
    return one == other


def _other_page(stored: Advertisement, row: Advertisement) -> bool:
    """Whether the addresses are two pages of one host, without a long number in common.

    A site shows one page on several hosts, and under several addresses with its id in each.
    """
    parts = [urlsplit(canonical_address(find_address(ad.url))) for ad in (stored, row)]
    one, other = ({*_LONG.findall(f"{part.path}?{part.query}")} for part in parts)
    return parts[0].netloc == parts[1].netloc and not one & other


def _folded(text: str) -> str:
    plain = nfkc(text).casefold()[:_COMPARED]
    return "".join(character for character in plain if character.isalnum())


def _sentence(stored: Advertisement, row: Advertisement) -> str:
    said = f"'{stored.title[:40]}'" if stored.title else "another advertisement"
    priced = f" at {stored.price[:20]}" if stored.price else ""
    judged = f", judged {stored.verdict}" if stored.verdict not in ("", Verdict.PENDING) else ""
    if is_derived(row.ad_id):
        return (
            f"its address stands for {said}{priced}{judged}; give the address of the "
            "advertisement's own page, or an ad_id"
        )
    return (
        f"ad_id: '{row.ad_id}' of {row.site} belongs to {said}{priced}{judged}; give the site's "
        "own id of this advertisement, or its address in place of the id"
    )
