"""Copies: advertisements of a crawl that equal another one under another id, as sponsored cards.

Many sites repeat some of a search's own results as sponsored cards, with an id or an address that
counts clicks. Sellers also offer equal goods several times, each with a number of its own: these
are several advertisements.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from wildcrawl.analysis.text import squeezed
from wildcrawl.store.identity import picture_name
from wildcrawl.utils import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from wildcrawl.base_spiders.extraction import Row

LEAST = 3
"""Copies from which on they are not chance."""
MANY = 0.05
"""Share of the run's advertisements that they must reach."""
MOST = 0.5
"""Share of the advertisements without an id that must be equal to one with an id."""
VARIED = 0.6
"""Share of different titles and prices from which on equal ones are an exception."""
SOME_TITLES = 10
NEARLY_ALL = 0.8
"""Share of SOME_TITLES or more that come several times, which is no seller's habit."""
_SPEAKING = 6
"""Characters of a title without a price from which on two equal ones are hardly chance."""
_KEPT = 50
"""Advertisements of one title and price that are compared with each other."""
_NUMBERED = lazy_pattern(r"(?:[a-z]{0,12}[-_]?)?([0-9]+)(?:\.[a-z]{1,5})?", re.IGNORECASE)
"""A part of a path that is a number, such as 5015, item-5015 or 5015.html."""
_VARIANT = lazy_pattern(
    r"sku|varia|attrib|option|spec|size|colou?r|model|style|规格|尺寸|颜色", re.IGNORECASE
)
"""A parameter of an address that selects a variant of the goods."""


@dataclass(eq=False)
class _Shown:
    ad_id: str
    url: str
    seller: str
    derived: bool

    @cached_property
    def numbers(self) -> set[str]:
        """Its id, if the site shows one, and the numbers in its address."""
        return {*_numbers(self.url), *([] if self.derived else [self.ad_id])}

    @cached_property
    def query(self) -> set[tuple[str, str]]:
        """Names and values of its address's query."""
        return set(parse_qsl(urlsplit(self.url).query))

    picture_url: str = ""

    @cached_property
    def picture(self) -> str:
        """What its picture's address has in common at all sizes; "" without one."""
        return picture_name(self.picture_url) if self.picture_url else ""

    @cached_property
    def kind(self) -> tuple[str, str]:
        """Host and folder of its address, which tell a list's own pages from links that count."""
        parts = urlsplit(self.url)
        return parts.netloc, re.sub("[0-9]+", "0", parts.path.rpartition("/")[0])

    @cached_property
    def place(self) -> str:
        """Its address without the query."""
        return self.url.partition("?")[0]


class CopiesDetector:
    """Compares the advertisements of a run that have one title and one price.

    One is a copy if it has all numbers of another in its address and id, or the same address with
    a longer query, and if no advertisement of another title has these.
    """

    def __init__(self) -> None:
        self.found = 0
        self._derived = 0
        self._shown: dict[tuple[str, str], list[_Shown]] = {}
        """Title and price to the advertisements that have them."""

    def add(self, row: Row, *, derived: bool) -> None:
        """Records an advertisement that is new to this run; `derived`: the site shows no id."""
        goods = _goods(row)
        if goods is None:
            self.found += 1
            return
        shown = self._shown.setdefault(goods, [])
        if any(each.ad_id == row["ad_id"] for each in shown):
            return
        self.found += 1
        self._derived += derived
        if len(shown) < _KEPT:
            seller = row.get("seller_id") or squeezed(row.get("seller", ""))
            pictures = row.get("image_urls") or [""]
            url, picture = str(row.get("url") or ""), str(pictures[0] or "")
            shown.append(_Shown(row["ad_id"], url, seller, derived, picture))

    def is_copy_of_any(self, row: Row, ad_ids: Collection[str]) -> bool:
        """Whether a row equals one of the advertisements `ad_ids`, where this is an exception."""
        goods = _goods(row)
        if goods is None or not self._varied():
            return False
        return any(each.ad_id in ad_ids for each in self._shown.get(goods, ()))

    def proven(self) -> str:
        """A sentence if advertisements are counted twice, else ""."""
        if not self._enough([each for shown in self._shown.values() for each in shown[1:]]):
            return ""
        if same := self._enough(list(self._of_one_address())):
            return self._message(same, with_id=True)
        without = self._enough(list(self._without_id()))
        if without and len(without) >= MOST * self._derived and self._varied():
            return self._message(without, with_id=False)
        linked = self._enough(list(self._of_another_kind()))
        return _linked_message(linked, self.found) if linked and self._varied() else ""

    def possible(self) -> str:
        """A sentence if advertisements may be counted twice, else ""."""
        equal = [
            (each, first)
            for first, *others in self._shown.values()
            for each in others
            if not (each.seller and first.seller) or each.seller == first.seller
        ]
        if not self._enough([each for each, _ in equal]):
            return ""
        if not (self._varied() or self._doubled()):
            return ""
        # Sponsored cards are shown first as well as last, so that either may be the copy.
        one, other = (each.url or each.ad_id for each in equal[0])
        return (
            f"{len(equal)} of {self.found} advertisements equal another in title and price, under "
            f"another id (such as {one} and {other}): not certain that they are no copies, as of "
            "sponsored cards"
        )

    def _of_one_address(self) -> Iterator[_Shown]:
        """Advertisements that have the numbers or the address of another with their title."""
        common = self._common_parts()
        for shown in self._shown.values():
            originals: list[_Shown] = []
            for each in sorted(shown, key=lambda each: (len(each.numbers), len(each.url))):
                if any(_is_copy(each, first, common) for first in originals):
                    yield each
                else:
                    originals.append(each)

    def _common_parts(self) -> set[str]:
        """Numbers and addresses that advertisements with different titles have."""
        common: set[str] = set()
        first: dict[str, tuple[str, str]] = {}
        for goods, shown in self._shown.items():
            for part in {part for each in shown for part in (*each.numbers, each.place)}:
                if first.setdefault(part, goods) != goods:
                    common.add(part)
        return common

    def _without_id(self) -> Iterator[_Shown]:
        """Advertisements without an id that equal one with an id."""
        for shown in self._shown.values():
            if any(not each.derived for each in shown):
                yield from (each for each in shown if each.derived)

    def _of_another_kind(self) -> Iterator[_Shown]:
        """Advertisements at addresses of a kind where most equal one at an address of the usual."""
        kinds = Counter(each.kind for shown in self._shown.values() for each in shown)
        usual, number = kinds.most_common(1)[0]
        if 2 * number <= kinds.total():
            return
        equal: dict[tuple[str, str], list[_Shown]] = {}
        for shown in self._shown.values():
            originals = [each for each in shown if each.kind == usual]
            for each in shown:
                if each.kind != usual and any(_may_be_same(each, other) for other in originals):
                    equal.setdefault(each.kind, []).append(each)
        for kind, copies in equal.items():
            if kind != ("", "") and len(copies) >= MOST * kinds[kind]:
                yield from copies

    def _varied(self) -> bool:
        """Whether most advertisements differ in title or price."""
        return len(self._shown) >= VARIED * self.found

    def _doubled(self) -> bool:
        """Whether nearly all titles and prices come several times, as of cards shown twice."""
        several = sum(len(shown) > 1 for shown in self._shown.values())
        return len(self._shown) >= SOME_TITLES and several >= NEARLY_ALL * len(self._shown)

    def _enough(self, copies: list[_Shown]) -> list[_Shown]:
        """The copies, if they are not chance; else []."""
        return copies if len(copies) >= max(LEAST, MANY * self.found) else []

    def _message(self, copies: list[_Shown], *, with_id: bool) -> str:
        number, example = len(copies), copies[0].url or copies[0].ad_id
        if with_id:
            return (
                f"{number} of {self.found} advertisements equal another in title and price, and "
                f"have its number or its address (such as {example}): the site shows copies of its "
                "results, as of sponsored cards, and they are counted again; leave them out of "
                "'card', or read ad_id from what both have"
            )
        return (
            f"{number} of {self.found} advertisements equal another in title and price, which "
            f"shows an id, and show none (such as {example}): the site shows copies of its "
            "results, as of sponsored cards, and they are counted again; leave them out of "
            "'card', or read ad_id from what both have"
        )


def _linked_message(copies: list[_Shown], found: int) -> str:
    return (
        f"{len(copies)} of {found} advertisements equal another in title and price, and are at "
        f"addresses of another kind, as most there do (such as {copies[0].url}): the site shows "
        "copies of its results, as of sponsored cards, and they are counted again; leave them out "
        "of 'card', or read ad_id from what both have"
    )


def _may_be_same(one: _Shown, other: _Shown) -> bool:
    """Whether neither seller nor picture tells two advertisements of one title apart."""
    sellers, pictures = {one.seller, other.seller} - {""}, {one.picture, other.picture} - {""}
    return len(sellers) < 2 and len(pictures) < 2


def _goods(row: Row) -> tuple[str, str] | None:
    """Title and price of a row; None if they say too little."""
    title, price = squeezed(row.get("title", "")), squeezed(row.get("price", ""))
    return (title, price) if title and (price or len(title) >= _SPEAKING) else None


def _numbers(url: str) -> Iterator[str]:
    """The numbers that are a part of an address's path or a value of its query.

    >>> sorted(_numbers("https://m.example/promo/5015/x?ad=3")), list(_numbers("/item-5015.html"))
    (['3', '5015'], ['5015'])
    """
    parts = urlsplit(url)
    for part in parts.path.split("/"):
        if match := _NUMBERED.fullmatch(part):
            yield match[1]
    yield from (value for _, value in parse_qsl(parts.query) if value.isdecimal())


def _is_copy(one: _Shown, original: _Shown, common: Collection[str]) -> bool:
    """Whether an advertisement has what tells another from those with other titles.

    A variant of the goods, such as a size, is an advertisement of its own.
    """
    within = one.place.startswith(f"{original.place}/") or "#" in one.url
    if within or any(_VARIANT.search(name) for name, _ in one.query):
        return False
    numbers = {each for each in original.numbers if each not in common}
    if numbers and numbers <= one.numbers:
        return True
    return one.place == original.place not in common and original.query < one.query
