"""Selection of advertisements from a page's structured data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from wildcrawl.analysis.links import join_address
from wildcrawl.base_spiders.structured_data.fields import fields_of
from wildcrawl.base_spiders.structured_data.parse import (
    Node,
    find_nodes,
    first,
    nodes_of,
    text_of,
    types,
    walk,
)

if TYPE_CHECKING:
    from parsel import Selector

_PROGRAM = re.compile(r"\.(?:php|asp|aspx|jsp|do|cgi)$")


def main_things(things: list[Node], page: Selector, url: str) -> list[Node]:
    """The descriptions of the main thing of the page at `url`, the fullest first.

    That is the one with the page's own address, else the one in the page's heading. Several
    with neither are recommendations of the site: then none.
    """
    at_home = [each for each in things if is_same_page(fields_of(each).get("url"), page, url)]
    headings = [folded(text) for text in _headings(page)]
    named = [each for each in things if _is_in(folded(_name(each)), headings)]
    if len({folded(name) for each in things if (name := _name(each))}) == 1:
        # Things of one name are descriptions of one thing, whatever the heading.
        named = things
    both = [each for each in named if each in at_home]
    chosen = both or at_home or named
    main = sorted(chosen, key=lambda thing: -len(fields_of(thing)))
    return main + [thing for thing in named if thing not in main and _is_same(thing, main[0])]


def is_same_page(address: str | None, page: Selector, url: str) -> bool:
    """Whether `address` is that of the page at `url`, or its canonical address."""
    own = [url, *page.xpath("//link[@rel='canonical']/@href").getall()]
    return bool(address) and _place(url, address or "") in {_place(url, each) for each in own}


def folded(text: str) -> str:
    """`text` without case, white space and punctuation."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _name(node: Node) -> str:
    return first(node, "name", "headline")


def _is_same(one: Node, other: Node) -> bool:
    names = {folded(name) for each in (one, other) if (name := _name(each))}
    return len(names) <= 1


def _headings(page: Selector) -> Iterator[str]:
    for heading in page.xpath("//h1"):
        yield heading.xpath("string()").get("")
    yield from page.xpath("//meta[@property='og:title']/@content").getall()
    yield from page.xpath("//head/title/text()").getall()


def _is_in(name: str, headings: list[str]) -> bool:
    return bool(name) and any(name in heading for heading in headings)


def _place(base: str, url: str) -> str:
    """An address without the parts that do not distinguish pages: scheme, www, case, fragment.

    The query counts if the path is that of a program: item.php?id=7.
    """
    parts = urlsplit(join_address(base, url))
    path = unquote(parts.path).rstrip("/").casefold()
    query = parts.query if _PROGRAM.search(path) else ""
    return f"{parts.netloc.casefold().removeprefix('www.')}{path}?{query}"


PRODUCTS = frozenset(
    ("Product", "ProductGroup", "IndividualProduct", "ProductModel", "SomeProducts", "Vehicle")
)
POSTINGS = frozenset(
    ("DiscussionForumPosting", "SocialMediaPosting", "BlogPosting", "NewsArticle", "Article")
)
ELSEWHERE = frozenset(
    (
        "isRelatedTo",
        "isSimilarTo",
        "isAccessoryOrSparePartFor",
        "isConsumableFor",
        "hasVariant",
        "isVariantOf",
        "itemReviewed",
        "itemListElement",
        "comment",
    )
)
"""Properties that link a page's main thing to others."""


def things_of(nodes: list[Node], wanted: frozenset[str]) -> list[Node]:
    """The things of the `wanted` types, without those that another only links to."""
    things = []
    for node, path in walk(nodes):
        if not ELSEWHERE.isdisjoint(path) or "itemOffered" in path:
            continue
        thing = offered(node)
        if not wanted.isdisjoint(types(thing)):
            things.append(thing)
    return things


def offered(node: Node) -> Node:
    """The thing that an offer offers, with the offer in it; any other thing unchanged."""
    items = nodes_of(node.get("itemOffered"))
    if not items or {"Offer", "AggregateOffer"}.isdisjoint(types(node)):
        return node
    offer = {name: value for name, value in node.items() if name != "itemOffered"}
    return {"offers": offer, **items[0]}


NO_ADVERTISEMENTS = frozenset(("SiteNavigationElement", "WebPageElement", "Review", "Question"))
"""Types of things in lists that are not advertisements."""


def advertisements(page: Selector, url: str) -> list[dict[str, Any]]:
    """The rows of the page of results at `url`: from its fullest list, or its products.

    A single product without an address gets `url`: a search that finds one thing may show its
    page.
    """
    nodes = find_nodes(page)
    lists = [_entries(node) for node in _lists(nodes)]
    lists.append(things_of(nodes, PRODUCTS))
    rows = max(([fields_of(thing) for thing in one] for one in lists), key=_fullness, default=[])
    if len(rows) == 1:
        rows[0].setdefault("url", url)
    return _each_once([row for row in rows if row.get("url") or row.get("ad_id")], url)


def describes_empty_list(page: Selector) -> bool:
    """Whether the page describes a list without entries."""
    lists = _lists(find_nodes(page))
    return bool(lists) and not any(_entries(node) for node in lists)


def _lists(nodes: list[Node]) -> list[Node]:
    return [node for node, _ in walk(nodes) if "ItemList" in types(node)]


def _entries(node: Node) -> list[Node]:
    """The things in a list; an entry that is only an address becomes a thing too."""
    listed = node.get("itemListElement")
    entries: list[Node] = []
    for each in listed if isinstance(listed, list) else [listed]:
        if isinstance(each, str) and each:
            entries.append({"url": each})
        elif isinstance(each, dict):
            # The entry's own name and address replace missing ones of the thing in it.
            own = {name: each[name] for name in ("name", "url") if each.get(name)}
            items = nodes_of(each.get("item"))
            if items:
                entries.append(own | offered(items[0]))
            elif text := text_of(each.get("item")):
                entries.append(own | {"url": text})
            else:
                entries.append(offered(each))
    return [each for each in entries if NO_ADVERTISEMENTS.isdisjoint(types(each))]


def _fullness(rows: list[dict[str, Any]]) -> tuple[int, int]:
    """Measure of a list: the number of rows with an id or address, then of all their fields."""
    leading = [row for row in rows if row.get("url") or row.get("ad_id")]
    return len(leading), sum(map(len, leading))


def _each_once(rows: list[dict[str, Any]], url: str) -> list[dict[str, Any]]:
    """Rows without repetitions; an ad_id that several rows share is removed from all."""
    owners = Counter(
        ad_id
        for ad_id, _ in {(row.get("ad_id"), join_address(url, row.get("url", ""))) for row in rows}
    )
    once: dict[str, dict[str, Any]] = {}
    for row in rows:
        if owners[row.get("ad_id")] > 1:
            row.pop("ad_id", None)
        once.setdefault(join_address(url, row["url"]) if row.get("url") else row["ad_id"], row)
    return list(once.values())


def advertisement(page: Selector, url: str) -> dict[str, Any]:
    """The fields of the main product, or else posting, of the page at `url`.

    {} if it describes none, or several without a main one.
    """
    nodes = find_nodes(page)
    for wanted in (PRODUCTS, POSTINGS):
        about: dict[str, Any] = {}
        for node in main_things(things_of(nodes, wanted), page, url):
            about = fields_of(node) | about
        if about:
            return about
    return {}
