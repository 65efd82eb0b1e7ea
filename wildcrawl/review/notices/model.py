"""What is known of an advertisement once its site's operator has been told of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from datetime import datetime

    from wildcrawl.items import Advertisement

_TOO_SHORT = 6
"""A path of so few characters may stand on any page."""


class State(StrEnum):
    """What a recheck found; an error or a block proves nothing."""

    REMOVED = "removed"
    UP = "up"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Notified:
    """An advertisement of a notice: where it stands, the notice's month, and when it was written.

    `mark` is what its page shows of it: the title, or else the beginning of the description or
    the path of a picture. It is told once: a later notice does not move the moment.
    """

    site: str
    ad_id: str
    url: str
    mark: str
    month: str
    at: datetime


@dataclass(frozen=True)
class Check:
    """One visit to a notified advertisement; `reason` says what it showed."""

    site: str
    ad_id: str
    at: datetime
    state: State
    reason: str = ""


def mark_of(ad: Advertisement) -> str:
    """What the page of an advertisement shows as long as it is up; "" if nothing is known of it.

    >>> from wildcrawl.items import Advertisement
    >>> mark_of(Advertisement("mall", "7", image_urls=["http://mall.example/img/7.jpg?w=80"]))
    '/img/7.jpg'
    """
    picture = urlsplit(ad.image_urls[0]).path if ad.image_urls else ""
    return ad.title or ad.description[:60] or (picture if len(picture) > _TOO_SHORT else "")
