"""Card shots: the parts of a page's screenshot that show one advertisement each."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

if TYPE_CHECKING:
    from PIL import Image

    from wildcrawl.crawl.page_snapshot import PagePicture
    from wildcrawl.items import Advertisement

MOST_CARDS = 200
"""Cards of a page that are noted."""
_SMALLEST = 16
"""Pixels of a card's side below which it shows nothing."""


@dataclass(frozen=True)
class CardBox:
    """A card on a page: its box (left, top, right, bottom) in pixels, its HTML and its links."""

    box: tuple[int, int, int, int]
    html: str
    links: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shot:
    """A screenshot of a page from its top (PNG, one pixel per CSS pixel), and its cards.

    `pictures` are the addresses of pictures that it lacks; `redraw` makes it anew with some.
    """

    image: bytes = b""
    cards: tuple[CardBox, ...] = ()
    pictures: tuple[str, ...] = ()
    redraw: Callable[[Mapping[str, PagePicture]], Awaitable[Shot]] | None = None


@dataclass
class TakenShot:
    """A screenshot to keep, with its cards cut out, and a sentence on which pictures it shows.

    `record` is the SHA-256 of its record once it is kept.
    """

    shot: Shot
    card_images: tuple[bytes, ...] = ()
    shows: str = "the browser of the crawl loads no pictures"
    record: str = ""


def read_cards(found: Iterable[Mapping[str, Any]], width: int, height: int) -> tuple[CardBox, ...]:
    """The cards that lie whole on a screenshot of `width` x `height` pixels.

    `found` are mappings of left, top, width and height (numbers), html and links, as the page's
    own script engine gave them; what is not of that form is left out.
    """
    cards = []
    for each in found:
        try:
            left, top = float(each["left"]), float(each["top"])
            right, bottom = left + float(each["width"]), top + float(each["height"])
            box = (max(0, int(left)), max(0, int(top)), min(width, round(right)), round(bottom))
            links = frozenset(urldefrag(str(link)).url for link in each["links"])
            card = CardBox(box, str(each["html"]), links)
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
        sides = (box[2] - box[0], box[3] - box[1])
        if min(sides) >= _SMALLEST and box[3] <= height and top >= 0:
            cards.append(card)
    return tuple(cards[:MOST_CARDS])


def card_of(ad: Advertisement, cards: Sequence[CardBox]) -> int | None:
    """The place of the only card that shows an advertisement; None if none or several may.

    A card shows it if it links to its address, or else if its HTML has its id as a whole word.
    """
    url = urldefrag(ad.url).url
    linked = [place for place, card in enumerate(cards) if url and url in card.links]
    if linked:
        return _only(linked, cards)
    if not ad.ad_id:
        return None
    word = re.compile(rf"(?<![\w-]){re.escape(ad.ad_id)}(?![\w-])")
    return _only([place for place, card in enumerate(cards) if word.search(card.html)], cards)


def cut(shot: Shot) -> tuple[bytes, ...]:
    """A PNG of each card, in their order; b"" for all if the screenshot cannot be read."""
    # Imported here: every spider loads this module, and few take screenshots.
    from PIL import Image

    try:
        with Image.open(BytesIO(shot.image), formats=("PNG",)) as image:
            image.load()
            return tuple(_png(image.crop(card.box)) for card in shot.cards)
    except (OSError, ValueError, SyntaxError):
        return (b"",) * len(shot.cards)


def _only(places: Sequence[int], cards: Sequence[CardBox]) -> int | None:
    """The one place, also where selectors take the same element several times."""
    boxes = {cards[place].box for place in places}
    return places[0] if len(boxes) == 1 else None


def _png(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
