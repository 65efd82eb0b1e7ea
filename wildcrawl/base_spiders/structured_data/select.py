"""The advertisements that a page lists, as it describes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

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
    """The descriptions of the thing that the page at `url` is about, the fullest first.

    The one with the page's own address, else the one that the page is headed by. Of several
    with neither none: they are what the site recommends.
    """
    at_home = [each for each in things if is_same_page(fields_of(each).get("url"), page, url)]
    headings = [folded(text) for text in _headings(page)]
    named = [each for each in things if _is_in(folded(_name(each)), headings)]
    if len({folded(name) for each in things if (name := _name(each))}) == 1:
        # However they are headed, they are descriptions of one thing.
        named = things
    both = [each for each in named if each in at_home]
    chosen = both or at_home or named
    told = sorted(chosen, key=lambda each: -len(fields_of(each)))
    return told + [each for each in named if each not in told and _is_same(each, told[0])]


def is_same_page(address: str | None, page: Selector, url: str) -> bool:
    """Whether `address` leads to the page at `url`, by the address that the page calls its own."""
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
    """An address without what does not tell pages apart: scheme, www, case, fragment.

    The query counts where the path alone is a program: item.php?id=7.
    """
    parts = urlsplit(urljoin(base, url))
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
"""Properties that lead from a page's own thing to others."""


def things_of(nodes: list[Node], wanted: frozenset[str]) -> list[Node]:
    """The things of the `wanted` types, without those that another only leads to."""
    found = []
    for node, path in walk(nodes):
        if not ELSEWHERE.isdisjoint(path) or "itemOffered" in path:
            continue
        thing = offered(node)
        if not wanted.isdisjoint(types(thing)):
            found.append(thing)
    return found


def offered(node: Node) -> Node:
    """What an offer offers, with the offer in it; any other thing as it is."""
    items = nodes_of(node.get("itemOffered"))
    if not items or {"Offer", "AggregateOffer"}.isdisjoint(types(node)):
        return node
    offer = {name: value for name, value in node.items() if name != "itemOffered"}
    return {"offers": offer, **items[0]}


NO_ADVERTISEMENTS = frozenset(("SiteNavigationElement", "WebPageElement", "Review", "Question"))
"""What lists hold besides."""


def advertisements(page: Selector, url: str) -> list[dict[str, Any]]:
    """The rows of the page of results at `url`: of its fullest list, or of its products.

    A product without an address stands at `url` if it is the only one: a search that finds one
    thing may show its page.
    """
    nodes = find_nodes(page)
    found = [_entries(node) for node in _lists(nodes)]
    found.append(things_of(nodes, PRODUCTS))
    rows = max(([fields_of(node) for node in each] for each in found), key=_telling, default=[])
    if len(rows) == 1:
        rows[0].setdefault("url", url)
    return _each_once([row for row in rows if row.get("url") or row.get("ad_id")], url)


def describes_empty_list(page: Selector) -> bool:
    """Whether the page describes a list, and nothing in it."""
    lists = _lists(find_nodes(page))
    return bool(lists) and not any(_entries(node) for node in lists)


def _lists(nodes: list[Node]) -> list[Node]:
    return [node for node, _ in walk(nodes) if "ItemList" in types(node)]


def _entries(node: Node) -> list[Node]:
    """The things in a list; an entry that is only an address is one too."""
    listed = node.get("itemListElement")
    entries: list[Node] = []
    for each in listed if isinstance(listed, list) else [listed]:
        if isinstance(each, str) and each:
            entries.append({"url": each})
        elif isinstance(each, dict):
            # The entry's own name and address stand where the thing in it has none.
            own = {name: each[name] for name in ("name", "url") if each.get(name)}
            items = nodes_of(each.get("item"))
            if items:
                entries.append(own | offered(items[0]))
            elif text := text_of(each.get("item")):
                entries.append(own | {"url": text})
            else:
                entries.append(offered(each))
    return [each for each in entries if NO_ADVERTISEMENTS.isdisjoint(types(each))]


def _telling(rows: list[dict[str, Any]]) -> tuple[int, int]:
    """How much a list says: its rows that lead somewhere, then all their fields."""
    leading = [row for row in rows if row.get("url") or row.get("ad_id")]
    return len(leading), sum(map(len, leading))


def _each_once(rows: list[dict[str, Any]], url: str) -> list[dict[str, Any]]:
    """Rows without repetitions; a number that several bear is the number of none."""
    bearers = Counter(
        ad_id for ad_id, _ in {(row.get("ad_id"), urljoin(url, row.get("url", ""))) for row in rows}
    )
    once: dict[str, dict[str, Any]] = {}
    for row in rows:
        if bearers[row.get("ad_id")] > 1:
            row.pop("ad_id", None)
        once.setdefault(urljoin(url, row["url"]) if row.get("url") else row["ad_id"], row)
    return list(once.values())


def advertisement(page: Selector, url: str) -> dict[str, Any]:
    """The fields of the product, or else the posting, that the page at `url` is about.

    {} if it describes none, or several and no telling which.
    """
    nodes = find_nodes(page)
    for wanted in (PRODUCTS, POSTINGS):
        about: dict[str, Any] = {}
        for node in main_things(things_of(nodes, wanted), page, url):
            about = fields_of(node) | about
        if about:
            return about
    return {}
