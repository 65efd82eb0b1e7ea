"""The title and the pictures of a card, whatever the shop's theme calls them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from wildcrawl.platforms.money import MONEY, text_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    HtmlElement = Any

_ACTIONS = re.compile(
    r"(?:quick|add|view|shop|buy|choose|select|read|learn|see|more|details?|options?|compare|"
    r"wish ?list|sale|sold|new|save|out of|in stock|reviews?|stars?|rating)\b.{0,24}|"
    r"(?:加入|立即|查看|购买|收藏|详情|对比).{0,8}|"
    r"\W*\d*[\W\d]*",
    re.IGNORECASE,
)
"""What links and labels on a card say besides the title."""
_TITLED = re.compile(r"title|name|heading|caption", re.IGNORECASE)
_NOT_TITLE = re.compile(
    r"vendor|brand|price|badge|review|rating|swatch|option|variant|color|label|button|btn|wishlist|"
    r"subtitle|category",
    re.IGNORECASE,
)
LONGEST = 250
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-echo", "src")


def card_title(card: HtmlElement, url: str) -> str:
    """What the card says the thing is called, "" if nothing.

    Of several texts the one most like the address, which shops make of the title; else a heading,
    a title, a link's text, a picture's.
    """
    words = _words(
        re.sub(r"\.\w{2,5}$", "", unquote(urlsplit(url).path).rstrip("/").split("/")[-1])
    )
    best, most = "", -1.0
    for text in _candidates(card):
        likeness = _likeness(_words(text), words)
        if likeness > most:
            best, most = text, likeness
    return best


def _candidates(card: HtmlElement) -> Iterator[str]:
    for element in card.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        yield from _usable(text_in(element))
    for element in card.iter():
        name = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        if _TITLED.search(name) and not _NOT_TITLE.search(name):
            yield from _usable(text_in(element))
            yield from _usable(element.get("content") or "")
    for link in card.iter("a"):
        if link.get("href"):
            yield from _usable(text_in(link))
            yield from _usable(link.get("title") or "")
            yield from _usable(link.get("aria-label") or "")
    for element in card.iter("img"):
        yield from _usable(element.get("alt") or "")
    for element in card.iter():
        for name in ("data-product-title", "data-product-name", "data-name", "data-title"):
            yield from _usable(element.get(name) or "")


def _usable(text: str) -> Iterator[str]:
    plain = " ".join(text.split())
    addressed = plain.startswith(("http://", "https://", "/"))
    said = not (addressed or _ACTIONS.fullmatch(plain) or MONEY.search(plain))
    if 1 < len(plain) <= LONGEST and said:
        yield plain


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+|[^\W\da-z_]", text.casefold()))


def _likeness(text: set[str], address: set[str]) -> float:
    """How much two texts have in common, from 0 to 1."""
    common = len(text & address)
    return 2 * common / (len(text) + len(address)) if common else 0.0


def card_images(card: HtmlElement) -> list[str]:
    """The addresses of a card's pictures, as many as it shows."""
    found = []
    for image in card.iter("img"):
        address = next((image.get(name) for name in _LAZY if _is_picture(image.get(name))), None)
        if address:
            found.append(address.split(", ")[0].split()[0].replace("{width}", "600"))
    return list(dict.fromkeys(found))


def _is_picture(address: str | None) -> bool:
    return bool((address or "").strip()) and not (address or "").startswith(("data:", "blob:"))
