"""Exceptions for dropped items; Scrapy counts each class by its name."""

from scrapy.exceptions import DropItem


class Duplicate(DropItem):
    """Raised for an item seen before in this run that adds nothing new."""


class Unmatched(DropItem):
    """Raised for an advertisement in which nothing matches the vocabulary."""
