"""Shop platforms: base class of WooCommerce, Magento, PrestaShop and others."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, ClassVar

from wildcrawl.analysis.links import join_address
from wildcrawl.base_spiders.extraction import FilledRow, ResultPage, Row, absolute, select
from wildcrawl.base_spiders.html import (
    HtmlSearchSpider,
    described_rows,
    fill,
    fill_undeclared,
    says_nothing_found,
)
from wildcrawl.base_spiders.responses import base_of
from wildcrawl.platforms.cards import (
    NO_PAGE,
    Card,
    innermost,
    is_around,
    is_ribbon,
    last_part,
    linked_cards,
    priced_cards,
    row_of,
    shown_price,
)
from wildcrawl.platforms.own_page import heading_shown, is_site_name, price_shown, text_shown
from wildcrawl.platforms.site import EngineSite

if TYPE_CHECKING:
    from scrapy.http import TextResponse

    HtmlElement = Any


class ShopSpider(EngineSite, HtmlSearchSpider):
    """A shop on a known program: the site declares its domain and its labels.

    Its pages are read in any theme: results by the classes of the program's own cards or by links
    to products, an own page by its structured data, then by the program's classes. Where the
    program has an API, its answers are read by the same methods.
    """

    kind = "e-commerce"
    queries: ClassVar[tuple[str, ...]] = ("cards", "own_page", "price_in")
    fields: ClassVar = dict.fromkeys(("ad_id", "url", "title", "price"), "")
    """Fields read without selectors; declared so that their share among the results is counted."""
    cards: ClassVar[str] = ""
    """Selects the elements that the program marks as products in a list."""
    product_path: ClassVar[str] = ""
    """Regular expression of a product's address; its group is the part that names the product."""
    card_id: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Places of the product's number in a card: XPath conditions and attributes of an element, each
    with a regular expression whose group is the number."""
    card_link: ClassVar[str] = ""
    """Selects the link to the product in a card, if it is not the first one."""
    own_page: ClassVar[str] = ""
    """Selects an element that only a product's own page has."""
    price_in: ClassVar[tuple[str, ...]] = ()
    """Selectors of the price on a product's own page; the first one that has a price is read."""
    detail_id: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Places of the number on a product's own page: selectors, each with a regular expression."""
    next_page = "a[rel~=next]::attr(href), link[rel~=next]::attr(href), a.next::attr(href)"
    expect: ClassVar[dict[str, float]] = {"title": 0.95, "price": 0.8}

    @property
    def described(self) -> bool:
        return False

    # Results

    def read_results(self, response: TextResponse) -> ResultPage:
        data = json_of(response)
        if data is not None:
            return self.read_api(response, data)
        return super().read_results(response)

    def read_api(self, response: TextResponse, data: Any) -> ResultPage:  # noqa: ARG002
        """Reads an answer of the program's API; not recognised if the program has none."""
        return ResultPage([], more=False, recognised=False)

    def read_rows(self, response: TextResponse) -> list[Row]:
        if self.is_own_page(response):
            shown = FilledRow({"url": response.url, **self.read_details(response)})
            key = self.product_key(shown["url"]) or last_part(shown["url"])
            shown["ad_id"] = shown.get("ad_id") or key
            return [shown]
        described = {absolute(response, row)["url"]: row for row in described_rows(response)}
        rows = [self.read_card(response, card) for card in self.find_cards(response)]
        numbered = [row for row in rows if row["ad_id"]]
        if 2 * len(numbered) > len(rows):
            # Among products with a number, one without is the shop's own advertising.
            rows = numbered
        elif not numbered:
            # The shop has addresses of its own and shows no numbers.
            for row in rows:
                row["ad_id"] = last_part(row["url"])
        if not rows:
            return [absolute(response, row) for row in described.values()]
        return [
            absolute(response, FilledRow(_completed(row, described.get(row["url"]))))
            for row in rows
        ]

    def is_own_page(self, response: TextResponse) -> bool:
        """Whether the response is a product's own page, which a search with one result may show."""
        return bool(self.own_page and select(response.selector, self.own_page))

    def find_cards(self, response: TextResponse) -> list[Card]:
        """The results on a page: the program's marked cards, else those found by their links, or
        by their prices."""
        marked = self.marked_cards(response) if self.cards else []
        root = response.selector.root
        return marked or linked_cards(root, self.product_key) or priced_cards(root)

    def card_elements(self, response: TextResponse) -> list[HtmlElement]:
        return [card.element for card in self.find_cards(response)]

    def marked_cards(self, response: TextResponse) -> list[Card]:
        """The cards that the program marks as results, one per address."""
        cards: dict[str, Card] = {}
        for element in innermost(node.root for node in select(response.selector, self.cards)):
            address = "" if is_around(element) else self.link_of(element)
            if address:
                cards.setdefault(join_address(base_of(response), address), Card(element, address))
        return list(cards.values())

    def link_of(self, element: HtmlElement) -> str:
        """The address that a card links to; "" if none."""
        links = element.xpath(f"descendant-or-self::{self.card_link or 'a'}[@href]/@href")
        addresses = [link.strip() for link in links if not NO_PAGE.match(link.strip())]
        named = [address for address in addresses if self.product_key(address)]
        return str((named or addresses or [""])[0])

    def product_key(self, address: str) -> str:
        """The part of a product's address that names it; "" if the address is not a product's."""
        match = re.search(self.product_path, address) if self.product_path else None
        return match[1] if match else ""

    def read_card(self, response: TextResponse, card: Card) -> Row:
        row = absolute(response, row_of(card))
        row["ad_id"] = self.id_of(card)
        return row

    def id_of(self, card: Card) -> str:
        """A product's number in its card, else the part of its address that names it."""
        for query, pattern in self.card_id:
            for text in card.element.xpath(f"descendant-or-self::*{query}"):
                match = re.search(pattern, text)
                if match:
                    return match[1]
        return self.product_key(card.url)

    def shows_nothing(self, response: TextResponse) -> bool:
        return bool(self.empty and select(response.selector, self.empty)) or says_nothing_found(
            response
        )

    # A product's own page

    def read_details(self, response: TextResponse) -> Row:
        data = json_of(response)
        if data is not None:
            rows = self.read_api(response, data).rows
            return rows[0] if rows else {}
        details = fill({}, response)
        for name, text in self.selected(response).items():
            if text and (name == "ad_id" or not details.get(name)):
                details[name] = text
            elif text and name == "price":
                details[name] = price_shown(text, details[name])
            elif text and name == "title" and not is_site_name(text, response):
                details[name] = text
        return absolute(response, fill_undeclared(details, response, ()))

    def selected(self, response: TextResponse) -> Row:
        details = super().selected(response)
        for name, read in (("title", heading_shown), ("description", text_shown)):
            details[name] = read(response.selector, self.detail.get(name, ""))
        pictures = details.get("image_urls") or []
        details["image_urls"] = [url for url in pictures if not is_ribbon(url)] or pictures
        places = (place for query in self.price_in for place in select(response.selector, query))
        prices = (shown_price(place.root) for place in places if not is_around(place.root))
        details["price"] = next((price for price in prices if price), "")
        matches = (
            re.search(pattern, text)
            for query, pattern in self.detail_id
            for text in select(response.selector, query).getall()
        )
        details["ad_id"] = next((match[1] for match in matches if match), "")
        return details


def json_of(response: TextResponse) -> Any:
    """The data of an API's answer; None if the response is not JSON."""
    if not response.text.lstrip("\ufeff \r\n\t").startswith(("{", "[")):
        return None
    try:
        return json.loads(response.text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None


def _completed(row: Row, described: Row | None) -> Row:
    """A card's row, completed from the structured data of the same product."""
    more = {name: value for name, value in (described or {}).items() if not row.get(name)}
    return row | more
