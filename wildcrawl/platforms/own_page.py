"""Product's own page: its title, price and description as shown, beside those it describes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from wildcrawl.base_spiders.extraction import XPATH, Query, read_fields, select
from wildcrawl.base_spiders.structured_data.fields import plain_number
from wildcrawl.platforms.cards import MONEY, RIBBON, text_in

if TYPE_CHECKING:
    from typing import Any

    from parsel import Selector
    from scrapy.http import TextResponse

    HtmlElement = Any

_CODE = re.compile(r"^([A-Z]{3})\s")
_SHARED_SIGNS = {"$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "MXN"), "¥": ("CNY", "JPY")}
"""Sign to the currencies that shops write with it."""
_NUMBER = re.compile(r"\d[\d.,'’\u00a0\u202f ]*")
_OFFER = re.compile(
    r"\W*(?:(?:all )?orders? (?:over |above |of )?\W?\d[\d.,]*\+? ?(?:or more )?"
    r"(?:ships?|gets?)\b.{0,30}"
    r"|(?:enjoy |get )?free (?:\w+ )?(?:shipping|delivery|returns?|gift)\b.{0,50}"
    r"|(?:sale|new|hot|sold out|in stock|best ?seller|limited|save|up to)\b.{0,20}"
    r"|\d+\s?% off.{0,30}|.{0,20}(?:money.back|satisfaction) guarantee.{0,20}"
    r"|(?:全场|全国|本店|满\s?\d+元?|免费|新品|限时|顺丰)*"
    r"(?:包邮|免运费|免邮|正品保证|假一赔\w|七天无理由|7天无理由|极速发货|现货|热卖|促销)"
    r"(?:退货|退换)?)\W*",
    re.IGNORECASE,
)
"""Matches a text that is a shop's offer for all its goods, and nothing else."""
_PROMISE = re.compile(
    r"(?:^|[-_ ])(?:announcement|promo|promotion|shipping|delivery|returns?|usp|trust|guarantee)s?"
    r"(?=$|[-_ ])",
    re.IGNORECASE,
)


def price_shown(shown: str, described: str) -> str:
    """The price of a page that shows one and describes another.

    The described one, whose currency is certain, if the page shows its amount; else the shown one.

    >>> price_shown("€ 132.34", "EUR 549.56"), price_shown("€17", "EUR 17.0")
    ('€ 132.34', 'EUR 17.0')
    """
    amounts = _amounts(shown)
    if not any(amounts) or amounts & _amounts(described):
        return described
    code = _CODE.match(described)
    if code and len(amounts) == 1:
        for sign, currencies in _SHARED_SIGNS.items():
            bare = re.sub(r"[\d.,'’\s]", "", shown.replace("￥", "¥"))
            if bare == sign and code[1] in currencies:
                return f"{code[1]} {max(amounts)}"
    return shown


def _amounts(text: str) -> set[Decimal]:
    """The amounts in a price's text."""
    pieces = [match[0] for match in MONEY.finditer(text)] or [text]
    numbers = (plain_number(number.strip()) for each in pieces for number in _NUMBER.findall(each))
    return {Decimal(number) for number in numbers if number}


def heading_shown(page: Selector, query: Query) -> str:
    """The text of the first element that a title's queries select; "" if there is none."""
    for alternative in _alternatives(query):
        if XPATH.match(alternative):
            texts = [str(read_fields(page, {"title": alternative})["title"])]
        else:
            texts = [text_in(element) for element in _elements(page, alternative)]
        text = next(filter(None, texts), "")
        if text:
            return text
    return ""


def text_shown(page: Selector, query: Query) -> str:
    """The text that a description's queries select, without the shop's badges and offers."""
    for alternative in _alternatives(query):
        if XPATH.match(alternative):
            joined = str(read_fields(page, {"description": alternative})["description"])
        else:
            elements = _elements(page, alternative)
            within = {inner for each in elements for inner in each.iterdescendants()}
            texts = (
                text_in(each) for each in elements if each not in within and not is_badge(each)
            )
            joined = " ".join(text for text in texts if text)
        if joined:
            return joined
    return ""


def _elements(page: Selector, query: str) -> list[HtmlElement]:
    """The elements whose text a CSS selector selects."""
    return [node.root for node in select(page, query.removesuffix("::text").strip())]


def _alternatives(query: Query) -> tuple[str, ...]:
    return tuple(each for each in (query if isinstance(query, tuple) else (query,)) if each)


def is_badge(element: HtmlElement) -> bool:
    """Whether an element is the shop's badge, offer or promise instead of a seller's text."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if RIBBON.search(names) or _PROMISE.search(names):
        return True
    return bool(_OFFER.fullmatch(text_in(element)))


def is_site_name(title: str, page: TextResponse) -> bool:
    """Whether a title is only the name of the shop, as its OpenGraph data gives it."""
    names = page.selector.xpath("//meta[@property='og:site_name']/@content").getall()
    return title.strip().casefold() in (name.strip().casefold() for name in names)
