"""The advertisements that a page lists, as it describes them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from wildcrawl.base_spiders.structured_data.fields import fields_of
from wildcrawl.base_spiders.structured_data.nodes import find_nodes, types, walk
from wildcrawl.base_spiders.structured_data.things import PRODUCTS, offered, things_of
from wildcrawl.base_spiders.structured_data.values import nodes_of, text_of

if TYPE_CHECKING:
    from parsel import Selector

    from wildcrawl.base_spiders.structured_data.values import Node

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
