"""What a page says of itself for machines: JSON-LD, microdata and OpenGraph."""

from wildcrawl.structured.fields import FIELDS
from wildcrawl.structured.lists import advertisements, describes_empty_list
from wildcrawl.structured.opengraph import opengraph
from wildcrawl.structured.page import advertisement

__all__ = [
    "FIELDS",
    "advertisement",
    "advertisements",
    "describes_empty_list",
    "opengraph",
]
