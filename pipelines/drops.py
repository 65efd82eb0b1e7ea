"""Why an item leaves the chain early; Scrapy counts each class by its name."""

from scrapy.exceptions import DropItem


class Duplicate(DropItem):
    """Seen before in this run, and nothing about it is new."""


class Unmatched(DropItem):
    """Nothing in it matches the vocabulary."""
