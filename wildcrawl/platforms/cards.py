"""Finds the results on a shop's page by what all themes share: links to the shop's products."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from wildcrawl.platforms.money import shown_price
from wildcrawl.platforms.texts import card_images, card_title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wildcrawl.base_spiders.results import Row

    HtmlElement = Any

AROUND = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|megamenu|mega-menu|submenu|footer|header|"
    r"breadcrumbs?|minicart|mini-cart|cart-drawer|drawer|related|upsells?|up-sells|cross-sells?|recommend\w*|"
    r"recently\w*|also-\w+|similar|you-may\w*|announcement|cookie|search-modal|predictive\w*|"
    r"widget|sidebar)(?=$|[-_ ])",
    re.IGNORECASE,
)
"""In the class or id of what stands around results: menus, carts, recommendations."""
_SWATCH = re.compile(r"swatch|colou?r-|variant-(?:option|picker|list)|siblings?", re.IGNORECASE)
_PICTURED, _PRICED = 1, 2
AROUND_TAGS = ("nav", "header", "footer", "aside", "script", "noscript", "template")


class Card(NamedTuple):
    """A result: the element that shows it, and the address that it leads to."""

    element: HtmlElement
    url: str


def row_of(card: Card) -> Row:
    """What a card shows."""
    return {
        "url": card.url,
        "title": card_title(card.element, card.url),
        "price": shown_price(card.element),
        "image_urls": card_images(card.element),
    }


def linked_cards(root: HtmlElement, key_of: Callable[[str], str]) -> list[Card]:
    """The results that are known by their links; `key_of` gives an address's product, or "".

    A card is the largest element that leads to one product only. Of the cards of one product the
    one that shows most is taken, the first of several. Where most cards have a picture, or else a
    price, what has none is a product mentioned in a text.
    """
    links = [(link, key) for link in root.iter("a") if (key := key_of(link.get("href") or ""))]
    links = [pair for pair in links if not _is_swatch(pair[0])] or links
    keys: dict[HtmlElement, set[str]] = {}
    for link, key in links:
        for element in (link, *link.iterancestors()):
            keys.setdefault(element, set()).add(key)
    found: dict[str, Card] = {}
    shown: dict[str, int] = {}
    for link, key in links:
        if is_around(link):
            continue
        card = Card(_widest(link, keys), link.get("href"))
        shows = _shows(card.element)
        if shows > shown.get(key, -1):
            found[key], shown[key] = card, shows
    for wanted in (_PICTURED, _PRICED):
        chosen = [card for key, card in found.items() if shown[key] & wanted]
        if 2 * len(chosen) > len(found):
            return chosen
    return list(found.values())


def innermost(elements: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Those of `elements` that hold no other of them: what holds cards is no card."""
    listed = list(elements)
    holding = {ancestor for each in listed for ancestor in each.iterancestors()}
    return [each for each in listed if each not in holding]


def is_around(element: HtmlElement) -> bool:
    """Whether an element stands in a menu, a cart, a footer or among recommendations."""
    for each in (element, *element.iterancestors()):
        if each.tag in AROUND_TAGS:
            return True
        if each.tag in ("body", "html", "main"):
            return False
        if AROUND.search(each.get("class") or "") or AROUND.search(each.get("id") or ""):
            return True
    return False


def _widest(link: HtmlElement, keys: dict[HtmlElement, set[str]]) -> HtmlElement:
    widest = link
    for element in link.iterancestors():
        if len(keys[element]) > 1 or element.tag in ("body", "main", "section", "html"):
            break
        widest = element
    return widest


def _shows(element: HtmlElement) -> int:
    pictured = next(element.iter("img", "picture"), None) is not None
    return _PICTURED * pictured + _PRICED * bool(shown_price(element))


def _is_swatch(link: HtmlElement) -> bool:
    """Whether a link leads to another colour of what its card shows."""
    names = (each.get("class") or "" for each in (link, *islice(link.iterancestors(), 3)))
    return any(_SWATCH.search(name) for name in names)
