"""Product cards: finds the results on a shop's page by its links to products, in any theme."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from wildcrawl.analysis.text import stream_safe

if TYPE_CHECKING:
    from wildcrawl.base_spiders.extraction import Row

    HtmlElement = Any

_ACTIONS = re.compile(
    r"(?:quick|add|view|shop|buy|choose|select|read|learn|see|more|details?|options?|compare|"
    r"wish ?list|sale|sold|new|save|out of|in stock|reviews?|stars?|rating)\b.{0,24}|"
    r"(?:加入|立即|查看|购买|收藏|详情|对比).{0,8}|"
    r"\W*\d*[\W\d]*",
    re.IGNORECASE,
)
"""Texts of links and labels on a card that are not its title."""
_TITLED = re.compile(r"title|name|heading|caption", re.IGNORECASE)
_NOT_TITLE = re.compile(
    r"vendor|brand|price|badge|review|rating|swatch|option|variant|color|label|button|btn|wishlist|"
    r"subtitle|category",
    re.IGNORECASE,
)
LONGEST = 250
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-echo", "src")


def card_title(card: HtmlElement, url: str) -> str:
    """The product's title on the card, "" if it has none.

    Of several texts the one most similar to the address, which shops derive from the title; else
    a heading, a title, a link's text, a picture's.
    """
    words = _words(
        re.sub(
            r"\.\w{2,5}$", "", unquote(urlsplit(stream_safe(url)).path).rstrip("/").split("/")[-1]
        )
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
    """The similarity of two texts, from 0 to 1."""
    common = len(text & address)
    return 2 * common / (len(text) + len(address)) if common else 0.0


def card_images(card: HtmlElement) -> list[str]:
    """The addresses of all pictures on a card, without the shop's ribbons and badges on them."""
    plain: list[str] = []
    beside: list[str] = []
    for image in card.iter("img"):
        address = next((image.get(name) for name in _LAZY if _is_picture(image.get(name))), None)
        if not address or RIBBON.search(_names(image)):
            continue
        url = address.split(", ")[0].split()[0].replace("{width}", "600")
        around = (_names(node) for node in image.iterancestors() if card in node.iterancestors())
        ribbon = is_ribbon(url) or any(RIBBON.search(names) for names in around)
        (beside if ribbon else plain).append(url)
    # A card whose only picture is in a box named after its badge still shows its product.
    return list(dict.fromkeys(plain or beside))


RIBBON = re.compile(
    r"(?:^|[-_ ])(?:ribbon|badge|sticker|label|flag|icon|rating|star|payment)s?(?=$|[-_ ])",
    re.IGNORECASE,
)
"""Matches the class or id of an element that a shop lays over a picture."""
_RIBBON_FILE = re.compile(
    r"(?:^|[-_.])(?:ribbon|badge|sticker|placeholder|spacer|spinner|blank)s?(?=$|[-_.])",
    re.IGNORECASE,
)


def is_ribbon(url: str) -> bool:
    """Whether the name of a picture's file is that of a ribbon, a badge or a placeholder."""
    return bool(_RIBBON_FILE.search(urlsplit(stream_safe(url)).path.rsplit("/", 1)[-1]))


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _is_picture(address: str | None) -> bool:
    return bool((address or "").strip()) and not (address or "").startswith(("data:", "blob:"))


_SIGN = (
    r"(?:(?:US|HK|NT|AU|CA|NZ|SG|MX|[ACSR])?\s?\$|[€£¥￥₹₩₽₫฿₺₴₪₦₱₮₭]|Rs\.?|RM|Rp|Tk|kr\.?|"
    r"zł|Kč|Ft|lei|лв\.?|руб\.?|CHF|Fr\.|元|円|원|đ|RMB|CNY|USD|EUR|GBP|AUD|CAD|NZD|SGD|HKD|TWD|JPY|"
    r"KRW|INR|MYR|THB|IDR|PHP|VND|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|ZAR|BRL|MXN|AED|SAR|ILS)"
)
_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
MONEY = re.compile(
    rf"(?:(?<![A-Za-z\d])|(?=[$€£¥￥])){_SIGN}\s?(?:{_NUMBER})(?:\s?(?:USD|AUD|CAD|NZD|HKD|SGD|EUR|GBP)\b)?"
    rf"|(?<![\d.,])(?:{_NUMBER})\s?{_SIGN}(?![A-Za-z])"
)
"""An amount of money as a shop shows it."""
_RANGE = re.compile(rf"(?:{MONEY.pattern})\s*[-–—~至]\s*(?:{MONEY.pattern})")
_STRUCK = re.compile(
    r"(?:^|[-_ ])market(?:$|[-_ ]|price)|(?:^|[-_ ])price-tax(?:$|[-_ ])|"
    r"compare|(?:^|[-_ ])was(?:$|[-_ ])|(?:^|[-_ ])(?:old|rrp|msrp|srp)(?:$|[-_ ])|old-?price|"
    r"original|strike|crossed|list-?price|market-?price|before|retail|install|afterpay|klarna|"
    r"shop-?pay|unit-?price|per-?unit|sav(?:e|ing)|off(?:$|[-_ ])|badge|shipping|"
    r"discount-(?:amount|per)|cart-total|subtotal|review|rating|filter|facet",
    re.IGNORECASE,
)
"""Matches the class of an element with a price that is not the asking price."""
_NOW = re.compile(
    r"sale|special|current|final|now(?:$|[-_ ])|reduced|offer|discount|actual|highlight",
    re.IGNORECASE,
)
_USUAL = re.compile(r"regular", re.IGNORECASE)
_STRUCK_TAGS = ("del", "s", "strike")
_UNREAD = ("script", "style", "noscript", "template", "select", "svg")
_SAID_WAS = re.compile(r"(?:was|original price|rrp|原价|市场价)\W{0,8}$", re.IGNORECASE)
_SAID_USUAL = re.compile(r"regular price\W{0,8}$", re.IGNORECASE)


class RankedAmount(NamedTuple):
    """An amount on a page, with its rank as the asking price: lowest is best."""

    rank: int
    text: str


def shown_price(card: HtmlElement) -> str:
    """The asking price on `card`, as it is shown; "" if it shows no amount of money."""
    amounts = list(_amounts(card, card))
    least = min((rank for rank, _ in amounts), default=0)
    return next((text for rank, text in amounts if rank == least), "")


def text_in(element: HtmlElement) -> str:
    """The visible text of an element, with a decimal point before superscript cents."""
    pieces: list[str] = []
    _collect(element, pieces)
    return " ".join("".join(pieces).split())


def _collect(element: HtmlElement, pieces: list[str]) -> None:
    if not isinstance(element.tag, str) or element.tag in _UNREAD:
        return
    small = element.tag == "sup" and re.fullmatch(r"\d\d", (element.text or "").strip())
    if small and "".join(pieces)[-1:].isdigit():
        pieces.append(".")
    pieces.append(element.text or "")
    for child in element:
        _collect(child, pieces)
        pieces.append(child.tail or "")
    if element.tag in ("div", "p", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "td", "dd", "a"):
        pieces.append(" ")


def _amounts(element: HtmlElement, card: HtmlElement) -> Iterator[RankedAmount]:
    """The amounts below an element, each with the smallest element that holds all of it."""
    if not isinstance(element.tag, str) or element.tag in (*_UNREAD, *_STRUCK_TAGS):
        return
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element is not card and _STRUCK.search(name) and not _NOW.search(name):
        return
    text = text_in(element)
    found = MONEY.search(text)
    if not found:
        return
    whole = _RANGE.search(text)
    inner = [] if whole else [each for child in element for each in _amounts(child, card)]
    if inner:
        yield from inner
        return
    if any(_holds_money(child) for child in element) and not whole:
        # An element around it is struck out.
        return
    if _SAID_WAS.search(text[: found.start()]):
        return
    usual = _SAID_USUAL.search(text[: found.start()])
    yield RankedAmount(
        2 if usual else _rank(element, card), whole[0] if whole else found[0].strip()
    )


def _holds_money(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and bool(MONEY.search(text_in(element)))


def _rank(element: HtmlElement, card: HtmlElement) -> int:
    """0 for a current price by its class, 1 for a price, 2 for a usual price, 3 for any amount."""
    names = ""
    while element is not None and element is not card:
        names += f" {element.get('class') or ''} {element.get('itemprop') or ''}"
        element = element.getparent()
    if _USUAL.search(names):
        return 2
    if "price" not in names.lower() and "amount" not in names.lower() and "money" not in names:
        return 3
    return 0 if _NOW.search(names) else 1


AROUND = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|megamenu|mega-menu|submenu|footer|header|"
    r"breadcrumbs?|minicart|mini-cart|cart-drawer|drawer|related|upsells?|up-sells|cross-sells?|recommend\w*|"
    r"recently\w*|also-\w+|similar|you-may\w*|announcement|cookie|search-modal|predictive\w*|"
    r"(?<!elementor[-_ ])widget|sidebar)(?=$|[-_ ])",
    re.IGNORECASE,
)
"""Matches the class or id of elements around results: menus, carts, recommendations."""
_SWATCH = re.compile(r"swatch|colou?r-|variant-(?:option|picker|list)|siblings?", re.IGNORECASE)
_PICTURED, _PRICED = 1, 2
AROUND_TAGS = ("nav", "header", "footer", "aside", "script", "noscript", "template")


class Card(NamedTuple):
    """A result: the element that shows it, and the address that it links to."""

    element: HtmlElement
    url: str


def row_of(card: Card) -> Row:
    """The row of a card: address, title, price and pictures."""
    return {
        "url": card.url,
        "title": card_title(card.element, card.url),
        "price": shown_price(card.element),
        "image_urls": card_images(card.element),
    }


def linked_cards(root: HtmlElement, key_of: Callable[[str], str]) -> list[Card]:
    """The results found by their links; `key_of` returns the product in an address, or "".

    A card is the largest element that links to one product only. Of several cards of one product
    the one that shows most is taken, or the first. Where most cards have a picture, or else a
    price, one without it is a product mentioned in a text.
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


def priced_cards(root: HtmlElement) -> list[Card]:
    """The results found by their prices, for a shop whose addresses have a path of its own.

    A price belongs to the one address that the elements around it link to; most prices of a list
    lead to addresses in the same folder, and only those are products. Where some have a picture,
    one without it is a text.
    """
    priced = [
        each
        for each in root.iter()
        if isinstance(each.tag, str) and _is_price(each) and not is_around(each)
    ]
    found = [linked for each in priced if (linked := _linked(each))[0]]
    pictured = [url for url, picture in found if picture]
    addresses = pictured or [url for url, _ in found]
    folders = Counter(folder for url in addresses if (folder := _folder(url)))
    if not folders:
        return []
    folder = max(folders, key=lambda each: folders[each])
    if 2 * folders[folder] <= len(addresses):
        return []
    return linked_cards(root, lambda url: last_part(url) if _folder(url) == folder else "")


def last_part(url: str) -> str:
    """The last part of an address's path; "" for a home page.

    >>> last_part("https://shop.example/shop/teal-car/?x=1")
    'teal-car'
    """
    return urlsplit(stream_safe(url)).path.rstrip("/").rsplit("/", 1)[-1]


def _folder(url: str) -> str:
    """The path of an address up to its last part; "" for one that is not a page of the shop."""
    if NO_PAGE.match(url.strip()):
        return ""
    path = urlsplit(stream_safe(url.strip())).path.rstrip("/")
    return path.rpartition("/")[0] + "/" if path else ""


def _is_price(element: HtmlElement) -> bool:
    """Whether an element is one of the innermost that hold an amount of money."""
    if not MONEY.search(text_in(element)):
        return False
    return not any(_holds_money(child) for child in element)


def _linked(element: HtmlElement) -> tuple[str, bool]:
    """The one address that the elements around a price link to, and whether they show a picture.

    "" if the smallest element with links leads to several.
    """
    url, picture = "", False
    for around in (element, *element.iterancestors()):
        links = (link.get("href") or "" for link in around.iter("a"))
        found = {each.strip() for each in links if _folder(each)}
        if len(found) > 1:
            break
        url = next(iter(found), url)
        picture = next(around.iter("img", "picture"), None) is not None
    return url, picture


NO_PAGE = re.compile(r"#|javascript:|mailto:|tel:|$|.*[?&](?:add-to-cart|add_to_wishlist|compare)=")


def innermost(elements: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Those of `elements` that hold none of the others: a container of cards is not a card."""
    listed = list(elements)
    holding = {ancestor for element in listed for ancestor in element.iterancestors()}
    return [element for element in listed if element not in holding]


def is_around(element: HtmlElement) -> bool:
    """Whether an element is in a menu, a cart, a footer or among recommendations."""
    for node in (element, *element.iterancestors()):
        if node.tag in AROUND_TAGS:
            return True
        if node.tag in ("body", "html", "main"):
            return False
        if AROUND.search(node.get("class") or "") or AROUND.search(node.get("id") or ""):
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
    """Whether a link leads to another colour of its card's product."""
    names = (node.get("class") or "" for node in (link, *islice(link.iterancestors(), 3)))
    return any(_SWATCH.search(name) for name in names)
