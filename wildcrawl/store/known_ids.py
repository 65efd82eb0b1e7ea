"""Known ids: under which id the store has an advertisement that is given with another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from wildcrawl.analysis.ids import (
    canonical_address,
    clean_id,
    derive_ad_id,
    find_address,
    is_derived,
    names_one_page,
    number_in,
)
from wildcrawl.analysis.text import squeezed
from wildcrawl.items import Advertisement
from wildcrawl.store.base import Store


@dataclass
class _Book:
    """The advertisements of one site by what else they are known by."""

    by_address: dict[str, list[str]] = field(default_factory=dict)
    """Canonical address to the ids of the advertisements at it."""
    by_number: dict[str, list[str]] = field(default_factory=dict)
    """A number to the ids that write it in another way: with leading zeros, or a sign."""


class KnownIds:
    """Looks up stored advertisements by address and by earlier forms of their id.

    Each site is read once, when it is first needed; what is kept grows with the site's stored
    advertisements, not with the file or the crawl. Every method may raise StoreError.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._earlier: dict[str, dict[str, str]] = {}
        self._books: dict[str, _Book] = {}

    def derived(self, site: str, url: str, title: str, seller: str) -> str:
        """The id of an advertisement without one: the id it has in the store, or a derived one.

        Earlier versions derived ids from other spellings of an address; such an advertisement
        keeps its id. ValueError if there is neither an address nor a title.
        """
        ad_id = derive_ad_id(url, title, seller)
        return self._earlier_ids(site).get(ad_id, ad_id)

    def given(self, site: str, ad_id: str) -> str:
        """An id as `clean_id` spells it, unless the store knows it in the given spelling."""
        plain = clean_id(ad_id)
        if plain == ad_id or not self._store.known(site, [ad_id]):
            return plain
        return ad_id

    def at_address(self, site: str, url: str) -> str:
        """The id of the one stored advertisement at an address; "" if there is none, or several."""
        address = find_address(url)
        if not names_one_page(address):
            return ""
        ids = self._book(site).by_address.get(canonical_address(address), [])
        return ids[0] if len(ids) == 1 else ""

    def at_same_page(self, ad: Advertisement) -> str:
        """The stored id, given by the site, of an advertisement that a row knows by its address.

        Its title must be that of `ad`, if both have one; "" if there is none.
        """
        ad_id = self.at_address(ad.site, ad.url)
        if ad_id in ("", ad.ad_id) or self._store.known(ad.site, [ad.ad_id]):
            return ""
        stored = self._store.get(ad.site, ad_id)
        return ad_id if stored is not None and _is_alike(stored.title, ad.title) else ""

    def same_number(self, ad: Advertisement) -> str:
        """The stored id that writes the number of `ad` in another way; "" if there is none.

        The store's advertisement must have the address or the title of `ad`, if it has any, and
        none may have the id as `ad` gives it.
        """
        number = number_in(ad.ad_id)
        if not number:
            return ""
        others = [*self._book(ad.site).by_number.get(number, []), *[number][: number != ad.ad_id]]
        known = self._store.known(ad.site, [ad.ad_id, *others]) if others else set()
        if not known or ad.ad_id in known:
            return ""
        fitting = [ad_id for ad_id in others if ad_id in known and self._is_same(ad, ad_id)]
        return fitting[0] if len(fitting) == 1 else ""

    def numbered(self, ad: Advertisement) -> str:
        """The stored id of an advertisement to which a file has given a number of its own.

        The one at its address, with its title and price; "" if there is none.
        """
        ad_id = self.at_address(ad.site, ad.url)
        if ad_id in ("", ad.ad_id) or self._store.known(ad.site, [ad.ad_id]):
            return ""
        stored = self._store.get(ad.site, ad_id)
        if stored is None or not ad.title or not _is_alike(stored.title, ad.title):
            return ""
        priced = bool(stored.price and ad.price)
        return "" if priced and squeezed(stored.price) != squeezed(ad.price) else ad_id

    def _is_same(self, ad: Advertisement, ad_id: str) -> bool:
        if not (ad.url or ad.title) or self.at_address(ad.site, ad.url) == ad_id:
            return True
        stored = self._store.get(ad.site, ad_id)
        return stored is not None and bool(ad.title) and _is_alike(stored.title, ad.title)

    def _earlier_ids(self, site: str) -> dict[str, str]:
        """Ids as they are derived today to those under which the store has them."""
        if site not in self._earlier:
            earlier: dict[str, str] = {}
            for stored in self._store.addresses(site):
                if is_derived(stored.ad_id) and (stored.url or stored.title):
                    today = derive_ad_id(stored.url, stored.title, stored.seller)
                    if today != stored.ad_id:
                        earlier.setdefault(today, stored.ad_id)
            self._earlier[site] = _without(earlier, self._store.known(site, earlier))
        return self._earlier[site]

    def _book(self, site: str) -> _Book:
        if site not in self._books:
            book = _Book()
            for stored in self._store.addresses(site):
                address = find_address(stored.url)
                if names_one_page(address):
                    book.by_address.setdefault(canonical_address(address), []).append(stored.ad_id)
                if (number := number_in(stored.ad_id)) not in ("", stored.ad_id):
                    book.by_number.setdefault(number, []).append(stored.ad_id)
            self._books[site] = book
        return self._books[site]


def _without(ids: dict[str, str], names: Iterable[str]) -> dict[str, str]:
    dropped = {*names}
    return {name: value for name, value in ids.items() if name not in dropped}


def _is_alike(one: str, other: str) -> bool:
    """Whether two titles are the same, or one has words more; an empty one contradicts nothing."""
    first, second = sorted((squeezed(one), squeezed(other)), key=len)
    return first in second
