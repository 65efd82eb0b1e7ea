"""What a page says of itself for machines: JSON-LD, microdata and OpenGraph."""

from wildcrawl.base_spiders.structured_data.fields import FIELDS
from wildcrawl.base_spiders.structured_data.lists import advertisements, describes_empty_list
from wildcrawl.base_spiders.structured_data.opengraph import opengraph
from wildcrawl.base_spiders.structured_data.page import advertisement

__all__ = [
    "FIELDS",
    "advertisement",
    "advertisements",
    "describes_empty_list",
    "opengraph",
]
