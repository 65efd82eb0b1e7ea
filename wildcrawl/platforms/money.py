"""The price that a piece of a page shows: of several the one that is asked now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    # lxml comes without types.
    HtmlElement = Any

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
"""In an element's class: it is not what is asked."""
_NOW = re.compile(
    r"sale|special|current|final|now(?:$|[-_ ])|reduced|offer|discount|actual|highlight",
    re.IGNORECASE,
)
_USUAL = re.compile(r"regular", re.IGNORECASE)
_STRUCK_TAGS = ("del", "s", "strike")
_UNREAD = ("script", "style", "noscript", "template", "select", "svg")
_SAID_WAS = re.compile(r"(?:was|original price|rrp|原价|市场价)\W{0,8}$", re.IGNORECASE)
_SAID_USUAL = re.compile(r"regular price\W{0,8}$", re.IGNORECASE)


class Shown(NamedTuple):
    """An amount on a page, and how surely it is the one that is asked: the least is."""

    rank: int
    text: str


def shown_price(card: HtmlElement) -> str:
    """What `card` asks, as it shows it; "" if it shows no amount of money."""
    amounts = list(_amounts(card, card))
    least = min((rank for rank, _ in amounts), default=0)
    return next((text for rank, text in amounts if rank == least), "")


def text_in(element: HtmlElement) -> str:
    """The text that a person reads in an element; cents written small are cents."""
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


def _amounts(element: HtmlElement, card: HtmlElement) -> Iterator[Shown]:
    """The amounts below an element, each in the smallest element that holds the whole of it."""
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
        # What holds it was struck out.
        return
    if _SAID_WAS.search(text[: found.start()]):
        return
    usual = _SAID_USUAL.search(text[: found.start()])
    yield Shown(2 if usual else _rank(element, card), whole[0] if whole else found[0].strip())


def _holds_money(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and bool(MONEY.search(text_in(element)))


def _rank(element: HtmlElement, card: HtmlElement) -> int:
    """0 for what is called the price now, 1 for a price, 2 for the usual one, 3 for any amount."""
    names = ""
    while element is not None and element is not card:
        names += f" {element.get('class') or ''} {element.get('itemprop') or ''}"
        element = element.getparent()
    if _USUAL.search(names):
        return 2
    if "price" not in names.lower() and "amount" not in names.lower() and "money" not in names:
        return 3
    return 0 if _NOW.search(names) else 1
