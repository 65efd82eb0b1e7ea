"""Skips: why a picture, or a page, is not captured."""

from __future__ import annotations

from enum import StrEnum


class Skip(StrEnum):
    """Reason for which a picture is not captured; the stats count by it."""

    ADDRESS = "address"
    """It is not at an http(s) address."""
    HOST = "host"
    """The page does not embed its host."""
    PRIVATE = "private"
    """Its host, or where it redirects to, is not on the public network."""
    ROBOTS = "robots"
    NUMBER = "number"
    """The advertisement has more pictures than are kept."""
    BYTES = "bytes"
    PIXELS = "pixels"
    TYPE = "type"
    """It is not a picture, or of a type that is not kept."""
    DAMAGED = "damaged"
    STATUS = "status"
    UNANSWERED = "unanswered"
    STOPPED = "stopped"
    """The crawl ended, or its host no longer answers."""


class PictureSkipped(Exception):
    """A picture that is not captured; the message is the reason in a phrase.

    `later`: whether another try may succeed.
    """

    def __init__(self, skip: Skip, words: str, *, later: bool = False) -> None:
        super().__init__(words)
        self.skip = skip
        self.words = words
        self.later = later
