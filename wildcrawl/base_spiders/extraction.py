"""How a page shows advertisements: in HTML, or as data that a script of the page holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import jmespath
from jmespath.exceptions import JMESPathError

if TYPE_CHECKING:
    from parsel import Selector, SelectorList
    from scrapy.http import TextResponse
    from tldextract import TLDExtract

    from wildcrawl.analysis.vocabulary import Keyword

Row = dict[str, Any]
"""The fields of one advertisement as a page shows them: texts, and a list for image_urls."""

LISTS = ("image_urls",)


class FilledRow(dict[str, Any]):
    """A row that a page's own description has completed.

    `stood_in` names the fields whose selectors found nothing there: they are filled, but a site
    whose pages have changed is noticed all the same.
    """

    stood_in: frozenset[str] = frozenset()
    hearsay: frozenset[str] = frozenset()
    """Fields that say nothing of whether the page is an advertisement's: any page has them."""


def says_anything(row: Row) -> bool:
    """Whether a page showed anything of an advertisement."""
    hearsay = getattr(row, "hearsay", ())
    return any(value for name, value in row.items() if name not in hearsay)


@dataclass
class Find:
    """An advertisement that this run has come upon."""

    keywords: list[str]
    read: bool = False
    """Whether it has gone into the pipelines."""


@dataclass
class ResultPage:
    """What one page of search results shows."""

    rows: list[Row]
    next_url: str | None = None
    more: bool = True
    recognised: bool = True
    """False if neither advertisements nor the site's word for "nothing found" stand on it."""


@dataclass
class Search:
    """Where one search for a keyword stands; `phrase` is what is typed into the site's search."""

    keyword: Keyword
    phrase: str
    page: int
    ad_ids: set[str] = field(default_factory=set)


def absolute(response: TextResponse, row: Row) -> Row:
    """`row` with its addresses made whole."""
    if row.get("url"):
        row["url"] = response.urljoin(row["url"])
    if row.get("image_urls"):
        row["image_urls"] = [response.urljoin(url) for url in row["image_urls"]]
    return row


@cache
def _domains() -> TLDExtract:
    from tldextract import TLDExtract

    # The list of suffixes that comes with the library: none is fetched.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def registered_domain(url: str) -> str:
    """The domain that a site has registered, under which all its hosts are.

    >>> registered_domain("https://s.mall.example.com/search?q=1"), registered_domain("http://127.0.0.1:8765/")
    ('example.com', '127.0.0.1')
    """
    parts = _domains()(url)
    return parts.top_domain_under_public_suffix or parts.fqdn or parts.domain


Query = str | tuple[str, ...]
"""Where a field stands: a selector (or JMESPath in data), or several, of which the first that
finds something is taken."""
Fields = dict[str, Query]

SINGLE = ("ad_id", "url", "seller_id")
"""Fields of which there is but one."""
XPATH = re.compile(r"\.?/|\(|[a-z-]+\(")
"""By such beginnings an XPath is told from CSS: a path, a function."""


@dataclass(frozen=True)
class Layout:
    """One of the ways in which a site shows, or has shown, its advertisements."""

    card: str = ""
    """Selects each advertisement; empty: the page is one. Where `data` is set, a JMESPath."""
    fields: Fields = field(default_factory=dict)
    data: str = ""
    """The text after which the page's own script holds its data as JSON; empty: HTML is read."""


def read_layout(page: TextResponse, layout: Layout) -> list[Row]:
    """The advertisements of `page` as `layout` finds them; none if it shows another layout."""
    if layout.data:
        held = embedded(page.text, layout.data)
        found = search(layout.card, held) if layout.card else [held]
        return [pick(each, layout.fields) for each in found or [] if each is not None]
    if not layout.card:
        return [read_fields(page.selector, layout.fields)]
    return [read_fields(card, layout.fields) for card in select(page.selector, layout.card)]


def embedded(text: str, mark: str) -> Any:
    """The first JSON object or list after `mark` in a page's text; None if there is none.

    >>> embedded('<script>var config = {"a": [1]}; go();</script>', "config =")
    {'a': [1]}
    """
    start = text.find(mark)
    while start >= 0:
        opening = re.compile(r"[{\[]").search(text, start + len(mark))
        if opening is None:
            return None
        try:
            return json.JSONDecoder(strict=False).raw_decode(text, opening.start())[0]
        except ValueError:
            start = text.find(mark, start + len(mark))
    return None


class _Functions(jmespath.functions.Functions):
    """What sites' data needs beside JMESPath's own functions."""

    @jmespath.functions.signature({"types": []})
    def _func_data(self, value: Any) -> Any:
        """`data(field)`: JSON that an answer holds as text; anything else as it is."""
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            return value


_OPTIONS = jmespath.Options(custom_functions=_Functions())


def search(query: str, data: Any) -> Any:
    """What JMESPath `query` finds in `data`; None where the data has not the form it expects.

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

    Where a keyword is set off inside a Chinese text, its pieces must not be parted by blanks.

    >>> whole("title")
    "normalize-space(.//*[contains(@class, 'title')])"
    """
    return f"normalize-space(.//*[contains(@class, '{part}')])"


def select(node: Selector, query: str) -> SelectorList[Selector]:
    """What `query` selects below `node`: XPath if it begins like one, else CSS."""
    if XPATH.match(query):
        return node.xpath(query)
    return node.css(query)


def read_fields(node: Selector, queries: Mapping[str, Query]) -> Row:
    """Each field's text below `node`, its pieces joined; "" or [] where nothing is selected.

    Of an id or an address the first is taken, for a card links to its page more than once.
    """
    row: Row = {}
    for name, query in queries.items():
        found: list[str] = []
        for each in _alternatives(query):
            texts = (text.strip() for text in select(node, each).getall())
            found = [text for text in texts if text]
            if found:
                break
        if name in LISTS:
            row[name] = list(dict.fromkeys(found))
        else:
            row[name] = " ".join(found[:1] if name in SINGLE else found)
    return row


def pick(result: Any, queries: Mapping[str, Query]) -> Row:
    """Each field's value in `result` as text; "" or [] where there is none."""
    row: Row = {}
    for name, query in queries.items():
        values = (search(each, result) for each in _alternatives(query))
        found = (each for each in values if each is not False and each not in (None, "", []))
        value = next(found, None)
        if name in LISTS:
            listed = value if isinstance(value, list) else [value]
            row[name] = [str(each) for each in listed if each]
        else:
            row[name] = "" if value is None else str(value)
    return row


def apply_patterns(row: Row, patterns: Mapping[str, str]) -> Row:
    """Keeps of each field what the group of its pattern matches, all of it if nothing matches.

    An ad_id that is not shown by itself is looked for in the address.

    >>> apply_patterns({"url": "/item/77.html"}, {"ad_id": r"/item/(\\d+)"})["ad_id"]
    '77'
    """
    for name, pattern in patterns.items():
        text = row.get(name, "")
        found = re.search(pattern, text or (row.get("url", "") if name == "ad_id" else ""))
        row[name] = found[1] if found else text
    return row


def _alternatives(query: Query) -> tuple[str, ...]:
    return query if isinstance(query, tuple) else (query,)
