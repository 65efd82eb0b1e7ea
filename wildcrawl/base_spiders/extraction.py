"""Extraction of rows from a page: from its HTML, or from data in one of its scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jmespath
from jmespath.exceptions import JMESPathError
from lxml import etree  # type: ignore[import-untyped]
from parsel import css2xpath

from wildcrawl.analysis.answers import NotJson, escaped, parse_answer, script_text, value_at
from wildcrawl.analysis.links import join_address
from wildcrawl.base_spiders.closing_evidence import Check
from wildcrawl.base_spiders.own_words import Words
from wildcrawl.base_spiders.responses import base_of
from wildcrawl.base_spiders.searched import Pages
from wildcrawl.base_spiders.shown_values import (
    UNFETCHED,
    element_address,
    element_text,
    has_highlights,
    has_struck,
    is_highlight,
    is_struck,
    marks_title,
    picture_in,
    picture_of,
    price_of,
    unstruck_text,
    with_highlights,
)

if TYPE_CHECKING:
    from parsel import Selector, SelectorList
    from scrapy.http import TextResponse

    from wildcrawl.analysis.vocabulary import Keyword

Row = dict[str, Any]
"""The fields of one advertisement as a page shows them: texts, and a list for image_urls."""

LISTS = ("image_urls",)


class FilledRow(dict[str, Any]):
    """A row completed from the page's structured data.

    `stood_in` names the fields that selectors left empty and structured data filled; they do not
    count as found, so that a site whose pages have changed is noticed.
    """

    stood_in: frozenset[str] = frozenset()
    hearsay: frozenset[str] = frozenset()
    """Fields that any page has, so that they do not show it to be an advertisement's."""


def says_anything(row: Row) -> bool:
    """Whether a row holds anything that only an advertisement's page has."""
    hearsay = getattr(row, "hearsay", ())
    return any(value for name, value in row.items() if name not in hearsay)


@dataclass(slots=True)
class Find:
    """An advertisement that this run has found."""

    keywords: list[str]
    read: bool = False
    """Whether it has been sent to the pipelines."""


@dataclass
class ResultPage:
    """The content of one page of search results."""

    rows: list[Row]
    next_url: str | None = None
    more: bool = True
    recognised: bool = True
    """False if it shows neither advertisements nor the site's "nothing found"."""
    bare: bool = False
    """Whether it is an answer that holds nothing at all."""
    nothing_found: bool = False
    """Whether it shows, outside of its results, the declared "nothing found"."""
    words: Words = field(default_factory=Words)
    """The page's texts outside of its results."""
    pages: int = 0
    """The number of pages that the page states."""
    total: int | None = None
    """The number of results that the page states."""
    at_least: int | None = None
    """The fewest results that a rounded number of the page stands for."""
    places: int = 0
    """The results that it would show if it were full, by the page size that it states; else 0."""
    promised: bool = False
    """Whether the page itself shows that there is a further one."""
    last: bool = False
    """Whether the site says that it is the last page."""
    body: int = 0
    """The hash of the bytes that the site sent."""
    cursor: str | None = field(default=None, kw_only=True)
    """The value that leads to the next page: "" on the last page, None if the page has no place for
    it."""


@dataclass
class Search:
    """The state of one search for a keyword; `phrase` is the text sent to the site's search."""

    keyword: Keyword
    phrase: str
    page: int
    ad_ids: set[str] = field(default_factory=set)
    pages: Pages = field(default_factory=Pages)
    """The pages read so far."""
    total: int | None = None
    """Number of results that the site states."""
    at_least: int | None = None
    """The fewest results that a rounded number of the site stands for."""
    promised: bool = False
    """Whether the last page with results shows that there is a further one."""
    cursor: str = ""
    """The cursor that the request for this page sent; "" for the first page."""
    earlier: bool = False
    """Whether an earlier run read its pages, so long ago that the site may show other goods now."""
    check: Check | None = None
    """What the search tests at the end of the run; None: it is one of the run's searches."""
    shift: int = 0
    """Results by which a check begins after the first one of its page."""


def absolute(response: TextResponse, row: Row) -> Row:
    """`row` with its addresses made absolute."""
    base = base_of(response)
    if row.get("url"):
        # An address ends at a blank where it is looked for in a text.
        row["url"] = join_address(base, row["url"]).replace(" ", "%20")
    if row.get("image_urls"):
        row["image_urls"] = [join_address(base, url) for url in row["image_urls"]]
    return row


Query = str | tuple[str, ...]
"""How to find a field: a selector (JMESPath in data), or several, of which the first that
finds something is taken."""
Fields = dict[str, Query]

SINGLE = ("ad_id", "url", "seller_id")
"""Fields with a single value."""
XPATH = re.compile(r"\.?/|\(|[a-z-]+\(")
"""Beginnings of a query that is XPath and not CSS: a path or a function."""


@dataclass(frozen=True)
class Layout:
    """One layout in which a site shows, or has shown, its advertisements."""

    card: str = ""
    """Selects each advertisement; empty: the page is one. Where `data` is set, a JMESPath."""
    fields: Fields = field(default_factory=dict)
    data: str = ""
    """The text before the JSON data in a script of the page; empty: HTML is read."""
    besides: bool = False
    """Whether it is read besides the layout that selects any, for the ids which that one lacks."""


def read_layout(page: TextResponse, layout: Layout) -> list[Row]:
    """The advertisements that `layout` selects in `page`; [] if the page has another layout."""
    return read_cards(cards_in(page, layout), layout)


def cards_in(page: TextResponse, layout: Layout) -> list[Any]:
    """What holds an advertisement each by `layout`: selectors, or values of the page's data."""
    if layout.data:
        data = embedded(page.text, layout.data)
        results = search(layout.card, data) if layout.card else [data]
        return [result for result in results or [] if result is not None]
    return list(select(page.selector, layout.card)) if layout.card else [page.selector]


def read_cards(cards: Iterable[Any], layout: Layout) -> list[Row]:
    """The fields of `cards`, which `cards_in` found by the same layout."""
    read = pick if layout.data else read_fields
    return [read(card, layout.fields) for card in cards]


def embedded(text: str, mark: str) -> Any:
    """The first JSON object or list after `mark` in a page's text; None if there is none.

    It may be in a text that the script parses, or in HTML's own letters, as in an attribute.

    >>> embedded('<script>var config = {"a": [1]}; go();</script>', "config =")
    {'a': [1]}
    """
    first = start = text.find(mark)
    while start >= 0 and not _PARSED.match(text, first + len(mark)):
        opening = _OPENING.search(text, start + len(mark))
        if opening is None:
            break
        try:
            return json.JSONDecoder(strict=False).raw_decode(text, opening.start())[0]
        except ValueError:
            start = text.find(mark, start + len(mark))
    # Data in other forms, which are slower to read, are only looked for after the first mark.
    return _embedded_otherwise(text, first + len(mark)) if first >= 0 else None


def _embedded_otherwise(text: str, begins: int) -> Any:
    """The data from `begins` on with mistakes, in a text, or in HTML's letters; None if none."""
    opening = _OPENING.search(text, begins)
    parsed = _PARSED.match(text, begins)
    with suppress(ValueError):
        if parsed:
            held = script_text(text, parsed.end() - 1)
            return parse_answer(unquote(held) if parsed[1] else held)
        if opening:
            return value_at(text, opening.start())
    with suppress(ValueError):
        if opening:
            rest = text[opening.start() :]
            return parse_answer(escaped(rest) or rest.partition("</script")[0])
    return None


_OPENING = re.compile(r"[{\[]")
_PARSED = re.compile(
    r"""['"\]]{0,2}\s{0,5}=?\s{0,5}JSON\.parse\(\s{0,5}(decodeURIComponent\(\s{0,5})?['"`]"""
)
"""What precedes a text that a script parses as JSON."""


class _Functions(jmespath.functions.Functions):
    """JMESPath functions for sites' data, besides the standard ones."""

    @jmespath.functions.signature({"types": []})
    def _func_data(self, value: Any) -> Any:
        """`data(field)`: parses JSON that an answer holds as text; other values stay."""
        if not isinstance(value, str):
            return value
        try:
            return parse_answer(value)
        except NotJson:
            return value

    @jmespath.functions.signature({"types": []})
    def _func_yuan(self, value: Any) -> Any:
        """`yuan(field)`: a price in fen as one in yuan; what is not a number remains."""
        try:
            return None if value in (None, "") else f"{Decimal(str(value)) / 100:.2f}"
        except InvalidOperation:
            return value


FUNCTIONS = _Functions()
"""The JMESPath functions that a site may use."""
_OPTIONS = jmespath.Options(custom_functions=FUNCTIONS)


def search(query: str, data: Any) -> Any:
    """The result of JMESPath `query` on `data`; None where the data has another form.

    >>> search("data(pics)[0]", {"pics": '["a.jpg", "b.jpg"]'})
    'a.jpg'
    """
    expression = jmespath.compile(query)
    try:
        return expression.search(data, _OPTIONS)
    except JMESPathError:
        return None


def says(*words: str) -> str:
    """XPath for an element with one of `words` in its own text: `empty = says("没有找到")`.

    >>> says("没有找到", "暂无")
    "//body//*[not(self::script)][contains(text(), '没有找到') or contains(text(), '暂无')]"
    """
    texts = " or ".join(f"contains(text(), '{word}')" for word in words)
    return f"//body//*[not(self::script)][{texts}]"


def whole(part: str) -> str:
    """XPath for the text of the first element with `part` in its class, in one piece.

    For texts with a highlighted keyword: joining the pieces with blanks would split Chinese words.

    >>> whole("title")
    "normalize-space(.//*[contains(@class, 'title')])"
    """
    return f"normalize-space(.//*[contains(@class, '{part}')])"


def select(node: Selector, query: str) -> SelectorList[Selector]:
    """The nodes that `query` selects below `node`: XPath if it begins like one, else CSS."""
    if XPATH.match(query):
        return node.xpath(query)
    return node.css(query)


def texts_at(node: Selector, query: str) -> list[str]:
    """The texts that `query` selects below `node`: `select(node, query).getall()`, but faster.

    A selector for each text takes most of the time. What selects elements is left to it.
    """
    if node.type == "html" and hasattr(node.root, "xpath") and (path := _compiled(query)):
        try:
            found = path(node.root)
        except etree.XPathError:
            return select(node, query).getall()
        if isinstance(found, str):
            return [found]
        # Most find one text, for which a generator takes half as long as the query.
        if isinstance(found, list) and (
            (len(found) == 1 and isinstance(found[0], str))
            or all(isinstance(each, str) for each in found)
        ):
            return found
    return select(node, query).getall()


MOST_CARDS = 50_000
"""Elements of a page that are kept at once; each takes 170 bytes, beside the page's own tree."""


class Elements(list[Any]):
    """The first elements that a query selects, and the number of all of them."""

    total = 0


def elements_at(node: Selector, query: str) -> Elements | None:
    """The first MOST_CARDS elements that `query` selects below `node`; None if anything else.

    A selector for each element takes several times the memory of it.
    """
    if node.type != "html" or not hasattr(node.root, "xpath") or not (path := _compiled(query)):
        return None
    try:
        found = path(node.root)
        if not isinstance(found, list) or not all(hasattr(each, "iterancestors") for each in found):
            return None
        elements = Elements(found[:MOST_CARDS])
        elements.total = len(found)
        if len(found) > MOST_CARDS:
            elements.total = int(node.root.xpath(f"count({_as_path(query)})"))
    except etree.XPathError:
        return None
    return elements


def _as_path(query: str) -> str:
    return query if XPATH.match(query) else css2xpath(query)


_PREFIX = re.compile(r"(?<!:):(?!:)")
"""The colon after a prefix, as in re:test(); compiled once, such functions would leak memory."""


_FIRST = f"[position()<={MOST_CARDS + 1}]"


@lru_cache(maxsize=1024)
def _compiled(query: str, *, smart: bool = False) -> etree.XPath | None:
    """`query` compiled, for its first MOST_CARDS; None: the selector reads it, and says why.

    The texts that a `smart` one selects know the element they are in.
    """
    if XPATH.match(query) and _PREFIX.search(query):
        return None
    first = f"({_as_path(query)}){_FIRST}"
    try:
        return etree.XPath(first, smart_strings=smart)
    except etree.XPathError:
        return None


_PROSE = ("title", "description", "category")


def read_fields(node: Selector, queries: Mapping[str, Query]) -> Row:
    """Each field's text below `node`, its pieces joined; "" or [] where nothing is selected.

    Of an id or an address only the first is taken: a card links to its page more than once. A
    selector that ends at an element gives the text that the element shows, for `url` the address
    it leads to, and for `image_urls` that of its picture.
    """
    row: Row = {}
    marked: bool | None = None
    for name, query in queries.items():
        texts: list[str] = []
        for alternative in _alternatives(query):
            found = (pictures_at if name in LISTS else texts_at)(node, alternative)
            selected = found
            if name == "price" and found and hasattr(node.root, "xpath"):
                found = _asked(node, alternative, found)
            if found and found[0].startswith("<"):
                found = _element_texts(node, alternative, name, found)
            elif (
                found
                and found is selected
                and _may_be_marked(name, found)
                and _is_text(alternative)
            ):
                if marked is None:
                    marked = hasattr(node.root, "iter") and has_highlights(node.root)
                found = _with_marked(node, alternative, name) if marked else found
            texts = [text for each in found if (text := each.strip())]
            if texts:
                break
        if name in LISTS:
            row[name] = list(dict.fromkeys(texts))
        elif name == "price":
            row[name] = price_of(texts)
        else:
            row[name] = " ".join(texts[:1] if name in SINGLE else texts)
    return row


def _element_texts(node: Selector, query: str, name: str, markup: list[str]) -> list[str]:
    """The texts of the elements that `query` selects, or for `url` the addresses they lead to."""
    elements = [each.root for each in select(node, query) if hasattr(each.root, "tag")]
    if not elements:
        return markup
    if name == "url":
        return [element_address(element) for element in elements]
    return [element_text(text) for text in markup]


def _asked(node: Selector, query: str, found: list[str]) -> list[str]:
    """What `query` selects for a price, without prices that are struck out beside another one."""
    if (len(found) < 2 and not found[0].startswith("<")) or not has_struck(node.root):
        return found
    if found[0].startswith("<"):
        elements = [each.root for each in select(node, query) if hasattr(each.root, "iter")]
        kept = [text for each in elements if (text := unstruck_text(each))]
    else:
        path = _compiled(query, smart=True)
        kept = [str(each) for each in (path(node.root) if path else ()) if not is_struck(each)]
    return kept if kept and _tells_price(price_of(kept)) else found


_HIDDEN_PRICE = re.compile(r"[¥￥$€£]\s*[^\s¥￥$€£]|[0-9][?？*]|[?？*]\s?元|[0-9]\s*[元块万]")
"""Matches a price that cannot be read, such as ¥??? or ￥登录可见."""


def _tells_price(text: str) -> bool:
    """Whether a text names a price, if only one on request, unlike 已售3件 or 8折."""
    from wildcrawl.analysis.prices import gives_price

    return gives_price(text) or bool(_HIDDEN_PRICE.search(text))


def _with_marked(node: Selector, query: str, name: str) -> list[str]:
    """The texts that `query` selects, with the highlighted parts in them."""
    path = _compiled(query, smart=True)
    marks = marks_title if name == "title" else is_highlight
    pieces = with_highlights(path(node.root), node.root, marks) if path else []
    # Two figures side by side may be two prices.
    return list(chain(*pieces)) if name == "price" else ["".join(piece) for piece in pieces]


def _may_be_marked(name: str, found: Sequence[str]) -> bool:
    """Whether a field is one in which sites highlight keywords, or a price without its figure."""
    return name in _PROSE or (name == "price" and not any(map(str.isdigit, "".join(found))))


@lru_cache(maxsize=1024)
def _is_text(query: str) -> bool:
    """Whether a CSS selector selects texts, and leaves none out on purpose."""
    return query.endswith("::text") and ":not(" not in query and not XPATH.match(query)


_ATTRIBUTE = re.compile(r"(?:::attr\([^()]*\)|/@[\w:-]+)$")
"""The end of a query, by which it selects an attribute of an element."""


def pictures_at(node: Selector, query: str) -> list[str]:
    """The addresses of pictures that `query` selects below `node`.

    Where it selects the picture that a page shows until the real one is loaded, or the element, the
    address is taken from the attributes in which sites keep it.
    """
    texts = texts_at(node, query)
    addresses = [picture_in(text) for text in texts]
    if all(addresses) or not hasattr(node.root, "iter"):
        return addresses
    elements = [each.root for each in select(node, _ATTRIBUTE.sub("", query))]
    found = [url for each in elements if hasattr(each, "iter") for url in picture_of(each)]
    # What cannot be fetched is kept, since its reason is recorded.
    return found or [text for text in texts if text.strip().startswith(UNFETCHED)]


def pick(result: Any, queries: Mapping[str, Query]) -> Row:
    """Each field's value in `result` as text; "" or [] where there is none."""
    row: Row = {}
    for name, query in queries.items():
        values = (search(alternative, result) for alternative in _alternatives(query))
        filled = (item for item in values if item is not False and item not in (None, "", []))
        value = next(filled, None)
        if name in LISTS:
            listed = value if isinstance(value, list) else [value]
            row[name] = [str(item) for item in listed if item]
        else:
            row[name] = "" if value is None else str(value)
    return row


def apply_patterns(row: Row, patterns: Mapping[str, str]) -> Row:
    """Replaces each field by the group that its pattern matches; no match leaves it unchanged.

    An empty ad_id is taken from the address.

    >>> apply_patterns({"url": "/item/77.html"}, {"ad_id": r"/item/(\\d+)"})["ad_id"]
    '77'
    """
    for name, pattern in patterns.items():
        text = row.get(name, "")
        match = re.search(pattern, text or (row.get("url", "") if name == "ad_id" else ""))
        row[name] = match[1] if match else text
    return row


def _alternatives(query: Query) -> tuple[str, ...]:
    return query if isinstance(query, tuple) else (query,)
