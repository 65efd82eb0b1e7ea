"""Structured data of a page: JSON-LD, microdata and OpenGraph."""

from wildcrawl.base_spiders.structured_data.fields import FIELDS, opengraph
from wildcrawl.base_spiders.structured_data.select import (
    advertisement,
    advertisements,
    describes_empty_list,
)

__all__ = [
    "FIELDS",
    "advertisement",
    "advertisements",
    "describes_empty_list",
    "opengraph",
]
