"""Which of the things that a page describes is the one that it is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from wildcrawl.base_spiders.structured_data.fields import fields_of
from wildcrawl.base_spiders.structured_data.values import first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsel import Selector

    from wildcrawl.base_spiders.structured_data.values import Node

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
