"""The advertisement that a page is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wildcrawl.base_spiders.structured_data.fields import fields_of
from wildcrawl.base_spiders.structured_data.main import main_things
from wildcrawl.base_spiders.structured_data.nodes import find_nodes
from wildcrawl.base_spiders.structured_data.things import POSTINGS, PRODUCTS, things_of

if TYPE_CHECKING:
    from parsel import Selector


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
