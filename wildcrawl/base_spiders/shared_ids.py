"""Shared ids: results of a crawl that have one id, and are different advertisements."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from wildcrawl.analysis.text import squeezed
from wildcrawl.store.identity import picture_name

if TYPE_CHECKING:
    from wildcrawl.base_spiders.extraction import Row

ENOUGH = 6
"""Results with the id of another from which on this is not an edited title."""
MANY = 0.1
"""Share of all advertisements that they must reach."""
SEVERAL = 3
"""Different titles with one id and one address on a page of results that are not one's variants."""
ALIKE = 0.5
"""Share of the shorter title's pairs of characters beyond which titles are alike."""
MOST_IDS = 0.5
"""Share of the ids whose results must differ where single ones may be variants or edited."""
FEW = 3
"""Results that are certainly another advertisement's from which on the run lacks them."""
FEW_SHARE = 0.01
"""Share of all advertisements that they must reach."""
LONGEST_PLACE = 12
"""Characters of the longest id that may be a place."""
MOST_DIGITS = 4
"""Digits of the largest place: searches read fewer than 10,000 results."""
FALLEN = 0.25
"""Share of the ids with another price from which on so many fell that these are other goods."""
IN_A_ROW = 5
"""Ids of a page, each by one larger than the one before, that may be places however large."""
COUNTER = re.compile(
    "(?:浏览|点击|阅读|人气|围观|回复|收藏|关注|剩余?|还剩|(?:当前|目前|最新|领先)价|出价|叫价)"
    "[^0-9]{0,2}[0-9]+(?:[.,][0-9]+)*|"
    "(?<![0-9])[0-9]+ *(?:秒|分|分钟|个?小时|天|日)(?:之)?前|"
    "(?<![0-9])[0-9]+ *(?:次|人)(?:出价|竞价|叫价|围观|浏览|参拍|报名|想要|关注|收藏|看过)"
)
"""Numbers in a title that grow or run out while a site is searched."""


class _Shown(NamedTuple):
    """What the first result with an id shows."""

    title: str
    url: str
    price: str
    picture: str


class SharedIdsDetector:
    """Compares the titles of results with the same id.

    Sites shorten a title around the keyword, so titles that are alike are one advertisement's.
    """

    def __init__(self) -> None:
        self._first: dict[str, _Shown] = {}
        self._others: set[tuple[str, str]] = set()
        """Ids and titles of other advertisements."""
        self._certain: set[tuple[str, ...]] = set()
        """Those of them in which nothing is as in the first result."""
        self._differing: dict[str, set[tuple[str, str]]] = {}
        """Id to titles and prices that are variants of one, or another place's."""
        self._unlike: dict[str, list[str]] = {}
        """Id to up to SEVERAL titles without likeness at one address."""
        self._on_page: dict[str, list[str]] = {}
        """Id to its different titles on the current page of results."""
        self._titles: dict[str, set[str]] = {}
        """Id to all its titles on the current page of results, also those that are alike."""
        self._pages = 0
        """Pages of results with several titles."""
        self._one_id = 0
        """Those of them on which most titles have one id."""
        self._mostly: set[tuple[str, str]] = set()
        """Ids and titles of such pages that have many."""
        self._paths: dict[str, set[str]] = {}
        """Id to the paths of its addresses on the current page that do not name it."""
        self._wordings: dict[str, set[str]] = {}
        """Titles without their numbers, to up to two ids of results that have them."""
        self._counted: set[str] = set()
        """Ids of pages on which they count up."""
        self._repriced: dict[str, set[tuple[str, str]]] = {}
        """Id to titles and prices where large ids count up and only the price is another."""
        self._fell: set[str] = set()
        """Those of these ids of which a price fell, as no bid does."""
        self._elsewhere: set[tuple[str, str]] = set()
        """Ids and paths of pages on which one id leads to several places, however titles read."""

    def new_page(self) -> None:
        """Ends a page of results and begins another."""
        total = sum(map(len, self._titles.values()))
        ad_id, titles = max(
            self._titles.items(), key=lambda item: len(item[1]), default=("", set())
        )
        self._pages += total > 1
        if total > 1 and len(titles) > total / 2:
            self._one_id += 1
            if len(titles) >= ENOUGH:
                self._mostly |= {(ad_id, title) for title in titles}
        for ad_id, paths in self._paths.items():
            if len(paths) >= SEVERAL:
                self._elsewhere |= {(ad_id, path) for path in sorted(paths)[1:]}
        if _count_up(list(self._titles)):
            self._counted |= self._titles.keys()
        self._on_page.clear()
        self._titles.clear()
        self._paths.clear()

    def add(self, row: Row, *, derived: bool) -> None:
        """Records a result; `derived`: its id comes from its address or title."""
        title, url = squeezed(str(row.get("title", ""))), str(row.get("url") or "")
        if (
            not derived
            and not _names(row["ad_id"], url)
            and (path := urlsplit(url).path).strip("/")
        ):
            self._paths.setdefault(row["ad_id"], set()).add(path)
        if not title:
            return
        worded = self._wordings.setdefault(_wording(title), set())
        if len(worded) < 2:
            worded.add(row["ad_id"])
        pictures = row.get("image_urls") or [""]
        shown = _Shown(title, url, str(row.get("price") or ""), str(pictures[0]))
        first = self._first.setdefault(row["ad_id"], shown)
        if first != shown:
            self._compare(row["ad_id"], first, shown, derived=derived)
        self._titles.setdefault(row["ad_id"], set()).add(title)
        titles = self._on_page.setdefault(row["ad_id"], [])
        if len(titles) < SEVERAL and not any(_are_alike(title, other) for other in titles):
            titles.append(title)
            if len(titles) == SEVERAL:
                self._others |= {(row["ad_id"], other) for other in titles[1:]}

    def _compare(self, ad_id: str, first: _Shown, shown: _Shown, *, derived: bool) -> None:
        """Compares a result with the first one that has its id."""
        prices = squeezed(first.price), squeezed(shown.price)
        facts = [prices[0] != prices[1]] if all(prices) else []
        if first.picture and shown.picture:
            facts.append(picture_name(first.picture) != picture_name(shown.picture))
        elsewhere = _leads_elsewhere(ad_id, first.url, shown.url)
        new = bool(facts) and all(facts)
        unlike = first.title != shown.title and not _are_alike(first.title, shown.title)
        one_page = shown.url and shown.url == first.url and not derived
        if unlike and (not one_page or new):
            self._others.add((ad_id, shown.title))
        place = _may_be_place(ad_id)
        if (unlike and (new or elsewhere)) or (new and elsewhere and place):
            self._certain.add((ad_id, shown.title, shown.price, shown.picture))
        numbered = not _have_same_numbers(first.title, shown.title) and not self._is_own_wording(
            ad_id, first.title, shown.title
        )
        if unlike and one_page:
            titles = self._unlike.setdefault(ad_id, [first.title])
            if len(titles) < SEVERAL and not any(_are_alike(shown.title, each) for each in titles):
                titles.append(shown.title)
        # Links made for a search change for numbers that a site pads; places show other goods.
        elif (
            not (unlike or place or numbered)
            and (new and len(facts) == 1)
            and ad_id in self._counted
        ):
            self._reprice(ad_id, first, shown)
        elif not unlike and (
            ((numbered or (new and len(facts) > 1)) and ad_id in self._counted)
            or (place and (numbered or new or (elsewhere and not _is_padded(ad_id))))
        ):
            self._differing.setdefault(ad_id, set()).add((shown.title, shown.price))

    def _reprice(self, ad_id: str, first: _Shown, shown: _Shown) -> None:
        """Records a result that differs in its price or picture alone."""
        from wildcrawl.analysis.prices import read_price

        self._repriced.setdefault(ad_id, set()).add((shown.title, shown.price))
        one, other = (read_price(each.price).amount for each in (first, shown))
        if one is not None and other is not None and other < one:
            self._fell.add(ad_id)

    def _is_own_wording(self, ad_id: str, one: str, other: str) -> bool:
        """Whether two titles differ in numbers only, and no other id has their wording."""
        wording = _wording(one)
        return wording == _wording(other) and self._wordings.get(wording) == {ad_id}

    def _places(self) -> set[tuple[str, ...]]:
        """The results whose ids are places: most ids have several that differ; else none."""
        unlike = [ad_id for ad_id, titles in self._unlike.items() if len(titles) == SEVERAL]
        differing = dict(self._differing)
        # Where bids raise prices none falls; of two goods each may be the dearer one.
        if len(self._fell) >= FALLEN * len(self._repriced):
            for ad_id, others in self._repriced.items():
                differing[ad_id] = differing.get(ad_id, set()) | others
        ids = differing.keys() | set(unlike)
        if len(ids) < max(ENOUGH, MOST_IDS * len(self._first)):
            return set()
        found: set[tuple[str, ...]] = {
            (ad_id, *each) for ad_id, others in differing.items() for each in others
        }
        return found | {(ad_id, title) for ad_id in unlike for title in self._unlike[ad_id][1:]}

    def message(self) -> str:
        """A sentence if many results have the id of another advertisement, else ""."""
        self.new_page()
        # Variants of one advertisement may fill a page, but not most pages.
        others: set[tuple[str, ...]] = set(self._others)
        others |= self._mostly if 2 * self._one_id >= self._pages else set()
        if len(self._elsewhere) >= max(ENOUGH, len(others)):
            others = set(self._elsewhere)
        elif len(others) < ENOUGH or len(others) < MANY * len(self._first):
            others = self._places()
        return _sentence(others) if others else ""

    def few(self) -> str:
        """A sentence if a few results certainly have the id of another one, else ""."""
        if len(self._certain) < max(FEW, FEW_SHARE * len(self._first)):
            return ""
        return _sentence(self._certain)

    def note(self) -> str:
        """A sentence about single results with the id of another one, else ""."""
        others = {each[:2] for each in self._certain}
        others |= self._others if len(self._others) >= FEW else set()
        if not others:
            return ""
        return (
            f"{len(others)} results have the id of another advertisement, with another title: not "
            "certain whether edited, or left out"
        )


def _sentence(others: set[tuple[str, ...]]) -> str:
    ids = len({ad_id for ad_id, *_ in others})
    return (
        f"{len(others)} results have the id of another advertisement, with another title or "
        f"address ({ids} ids), and are not counted; ad_id may be a place on the page, and the url "
        f"another page's: fix ad_id"
    )


def _names(ad_id: object, url: str) -> bool:
    """Whether an address has an id as a part of its own, not within a longer number.

    >>> _names("12", "/item/12.html"), _names("12", "/item/7123.html")
    (True, False)
    """
    text = str(ad_id)
    start = url.find(text) if text else -1
    while start >= 0:
        end = start + len(text)
        if not (_goes_on(url[start - 1 : start]) or _goes_on(url[end : end + 1])):
            return True
        start = url.find(text, start + 1)
    return False


def _goes_on(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _leads_elsewhere(ad_id: str, one: str, other: str) -> bool:
    """Whether two addresses are of different pages that the id does not name."""
    paths = [urlsplit(each).path.strip("/") for each in (one, other)]
    if not all(paths) or paths[0] == paths[1]:
        return False
    return not (_names(ad_id, one) or _names(ad_id, other))


def _may_be_place(ad_id: str) -> bool:
    """Whether an id may be a place on a page or in a list; large numbers are a site's own.

    >>> [_may_be_place(each) for each in ("3", "item-00012", "90001", "3f9a21c07be4d8")]
    [True, True, False, False]
    """
    digits = [each.lstrip("0") for each in re.findall("[0-9]+", ad_id)]
    return len(ad_id) <= LONGEST_PLACE and max(map(len, digits), default=0) <= MOST_DIGITS


def _count_up(ids: list[str]) -> bool:
    """Whether the ids of a page are numbers that count up one by one.

    >>> _count_up([f"n{number}" for number in range(10001, 10007)]), _count_up(["7", "8"])
    (True, False)
    """
    numbers = [re.findall("[0-9]+", each) for each in ids]
    if len(ids) < IN_A_ROW or not all(numbers):
        return False
    last = [int(each[-1]) for each in numbers]
    return all(other - one == 1 for one, other in pairwise(last))


def _is_padded(ad_id: str) -> bool:
    """Whether an id has a number with zeros in front, of more digits than a place needs."""
    return any(len(each) > MOST_DIGITS for each in re.findall("[0-9]+", ad_id))


def _wording(title: str) -> str:
    """A title without its numbers.

    >>> _wording("玉盒甲款 12次出价") == _wording("玉盒甲款 3次出价")
    True
    """
    return re.sub("[0-9]+", "0", title)


def _have_same_numbers(one: str, other: str) -> bool:
    """Whether the numbers of one title are in the other; the last one may be cut.

    Counters in titles, which grow between two searches, are left out.
    """
    titles = (COUNTER.sub("", each) for each in (one, other))
    shorter, longer = sorted((re.findall("[0-9]+", each) for each in titles), key=len)
    longer.sort()
    places = ((number, bisect_left(longer, number)) for number in shorter)
    return all(place < len(longer) and longer[place].startswith(number) for number, place in places)


def _are_alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    pairs = {shorter[index : index + 2] for index in range(len(shorter) - 1)} or {shorter}
    return sum(pair in longer for pair in pairs) > ALIKE * len(pairs)
