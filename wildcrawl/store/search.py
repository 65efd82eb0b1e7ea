"""List query: one query for advertisements, its sort orders, and pages by key.

    query = ListQuery(text="象牙 手镯", sites=("fair",), verdicts=("pending",), month="2026-11")
    page = store.search(query)                       # the first 50, as advertisements
    page = store.search(query, after=page.after)     # the next 50; `after` is "" at the end
    count = store.count(query)                       # Count(number=1234, more=False)
    for ad in every(store, query): ...               # all of them, for a file

The URL of a list is `query.to_parameters()`, and `ListQuery.from_parameters(request.args)` is the
query of a URL; it raises ValueError for a value that is not valid, in a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, Self

from wildcrawl.items import Advertisement, AgeClaim, Health, Relevance, Verdict
from wildcrawl.months import check_month, month_bounds
from wildcrawl.store.listing import STATUSES, fold

PAGE = 50
"""Advertisements of a page, unless another number is asked for."""
COUNTED = 10_000
"""Advertisements that are counted, unless another limit is asked for."""
LONGEST = 200
"""Characters of a text that is searched."""


class Sort(StrEnum):
    """Order of a list; ties are in order of site and ad_id, in the same direction."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DEAREST = "dearest"
    CHEAPEST = "cheapest"
    """By price in USD; those without a price come last in both orders."""
    LIKELIEST = "likeliest"
    """By the tagger's score, without the learned ranking."""


class Count(NamedTuple):
    """Number of advertisements found; `more` if there are more than were counted."""

    number: int
    more: bool = False


@dataclass(frozen=True)
class Page:
    """Advertisements of one page, and where the next one begins: "" if there is none."""

    ads: tuple[Advertisement, ...]
    after: str = ""


class Place(NamedTuple):
    """Place of an advertisement in a sort order: the sorted value, then its key."""

    value: float
    site: str
    ad_id: str

    def to_text(self) -> str:
        """The place as text for a URL."""
        return json.dumps(self, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Place:
        """The place in a text; ValueError if it is not one."""
        try:
            value, site, ad_id = json.loads(text)
        except (ValueError, TypeError):
            value = None
        if not isinstance(value, int | float) or not isinstance(site, str):
            raise ValueError(f"'{text[:50]}' is not a valid place in a list; open its first page")
        return cls(value, site, str(ad_id))


@dataclass(frozen=True)
class ListQuery:
    """Filters of a list, all of which an advertisement must meet, and its sort order.

    An empty filter is met by all. `text`: words with spaces between, each of which must be in the
    title, the description or the seller's name, as any substring, in any case; a word of one
    character is found too. `seller` is a whole name or id. `species` and `keyword` are one group
    and one keyword that found it. `month` is the one of first_seen in China, or with `until` the
    first of several. `leading` is the species group named first, by which reports count, or
    `general` for none; `statuses` are those of the report (STATUSES). Prices are in USD, bounds
    included; with a bound, those without a price are left out. `removed`: whether it was found
    removed by a recheck, and not seen by a search since. `health` is that of the run that found it
    first.
    """

    text: str = ""
    sites: tuple[str, ...] = ()
    species: str = ""
    keyword: str = ""
    month: str = ""
    seller: str = ""
    verdicts: tuple[str, ...] = ()
    relevance: str = ""
    age_claim: str = ""
    least_usd: Decimal | None = None
    most_usd: Decimal | None = None
    removed: bool | None = None
    health: str = ""
    until: str = ""
    leading: str = ""
    statuses: tuple[str, ...] = ()
    sort: Sort = Sort.NEWEST

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST:
            raise ValueError(f"the text to search has more than {LONGEST} characters; shorten it")
        if self.month:
            check_month(self.month)
        if self.until:
            check_month(self.until)
            if not self.month or self.until < self.month:
                raise ValueError(
                    f"'{self.until}' is not a valid last month; choose one after the first"
                )
        for name, given, words in (
            ("verdict", self.verdicts, Verdict),
            ("relevance", (self.relevance,), Relevance),
            ("age claim", (self.age_claim,), AgeClaim),
            ("health", (self.health,), Health),
            ("status", self.statuses, STATUSES),
            ("sort", (self.sort,), Sort),
        ):
            for word in given:
                if word and word not in [*words]:
                    raise ValueError(
                        f"'{word}' is not a valid {name}; choose one of {', '.join(words)}"
                    )

    @property
    def words(self) -> list[str]:
        """The folded words of the text, each once."""
        return list(dict.fromkeys(fold(self.text).split()))

    @property
    def bounds(self) -> tuple[datetime, datetime] | None:
        """Start and end of the months; None for all months."""
        if not self.month:
            return None
        start, end = month_bounds(self.month, self.until or self.month)
        return start, end

    def to_parameters(self) -> dict[str, str | list[str]]:
        """The filters as parameters of a URL; those that are empty are left out."""
        result: dict[str, str | list[str]] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value == field.default:
                continue
            if isinstance(value, bool):
                result[field.name] = "yes" if value else "no"
            else:
                result[field.name] = list(value) if isinstance(value, tuple) else str(value)
        return result

    @classmethod
    def from_parameters(cls, given: Mapping[str, Any]) -> Self:
        """The query of a URL's parameters, a MultiDict or a mapping; others are ignored.

        ValueError, as a sentence, for a value that is not valid.
        """
        values: dict[str, Any] = {}
        for field in fields(cls):
            several = _all(given, field.name)
            if not any(several):
                continue
            text = several[0].strip()
            if field.name in ("sites", "verdicts", "statuses"):
                values[field.name] = tuple(dict.fromkeys(filter(None, several)))
            elif field.name in ("least_usd", "most_usd"):
                values[field.name] = _price(text)
            elif field.name == "removed":
                values[field.name] = _flag(text)
            elif field.name == "sort":
                values[field.name] = _sort(text)
            else:
                values[field.name] = text
        return cls(**values)


class SearchableStore(Protocol):
    """A store that can be searched."""

    def search(self, query: ListQuery, *, after: str = "", most: int = PAGE) -> Page:
        """One page of what `query` finds."""
        ...


def every(store: SearchableStore, query: ListQuery, most: int = 500) -> Iterator[Advertisement]:
    """Streams all that `query` finds, in its order, `most` at a time."""
    after = ""
    while True:
        page = store.search(query, after=after, most=most)
        yield from page.ads
        after = page.after
        if not after:
            return


def _all(given: Mapping[str, Any], name: str) -> list[str]:
    if hasattr(given, "getlist"):
        return [str(value) for value in given.getlist(name)]
    value = given.get(name, "")
    return list(map(str, value)) if isinstance(value, list | tuple) else [str(value)]


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text.replace(",", ""))
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0:
        raise ValueError(f"'{text}' is not a valid price in USD; write for example 250")
    return price


def _flag(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"'{text}' is not a valid value of removed; choose one of yes, no")
    return text == "yes"


def _sort(text: str) -> Sort:
    if text not in [*Sort]:
        raise ValueError(f"'{text}' is not a valid sort; choose one of {', '.join(Sort)}")
    return Sort(text)
