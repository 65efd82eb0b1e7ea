"""Sellers: groups of accounts that show the same contact, the same photographs or nearly one text.

The links are those that `scrapy look` stored; contacts are keyed hashes, of which only the kind is
read here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from wildcrawl.review.looking.links import REPOST, SAME_PICTURE, STOCK
from wildcrawl.review.looking.look import CONTACT
from wildcrawl.store.search import Search, Sort

if TYPE_CHECKING:
    from wildcrawl.items import Key
    from wildcrawl.store import Store

MOST_OF_CONTACT = 200
"""Advertisements with one contact beyond which it is a platform's own, and links nobody."""

Account = tuple[str, str]
"""An account: its site, and the seller's id or, without one, the name."""


@dataclass(frozen=True)
class Active:
    """An account of a group: its name as shown, and its advertisements on record.

    `number` counts up to 10,000. The moments are its first and its last sighting, None if none of
    its advertisements is on record any more.
    """

    account: Account
    name: str
    number: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class SellerGroup:
    """Accounts that belong together, the first active first, and how often each reason links them.

    The reasons are wechat, qq, phone and other kinds of contacts, same_picture and repost.
    """

    accounts: tuple[Active, ...]
    why: dict[str, int]

    @property
    def backups(self) -> tuple[Active, ...]:
        """Accounts that began after the group's first one."""
        return self.accounts[1:]


def seller_groups(store: Store) -> list[SellerGroup]:
    """Groups of two accounts or more, those with the most accounts first."""
    accounts: dict[Key, Account | None] = {}
    parent: dict[Account, Account] = {}
    links: list[tuple[Account, Account, str]] = []
    for first, second, why in _links(store):
        pair = [_account(store, key, accounts) for key in (first, second)]
        if pair[0] and pair[1] and pair[0] != pair[1]:
            links.append((pair[0], pair[1], why))
            parent[_root(parent, pair[0])] = _root(parent, pair[1])
    members: dict[Account, set[Account]] = defaultdict(set)
    reasons: dict[Account, Counter[str]] = defaultdict(Counter)
    for one, other, why in links:
        root = _root(parent, one)
        members[root] |= {one, other}
        reasons[root][why] += 1
    groups = [
        SellerGroup(tuple(sorted((_active(store, each) for each in found), key=_begun)),
                    dict(reasons[root].most_common()))
        for root, found in members.items()
    ]  # fmt: skip
    return sorted(groups, key=lambda group: (-len(group.accounts), group.accounts[0].account))


def _links(store: Store) -> Iterator[tuple[Key, Key, str]]:
    """Pairs of advertisements that something links, with the reason."""
    stock = set(store.documents(STOCK))
    for kind in (SAME_PICTURE, REPOST):
        for _, document in store.each_document(kind):
            if {document["sha"], document["other_sha"]} & stock or not document.get("sure", 0):
                continue
            own = (document["site"], document["ad_id"])
            yield own, (document["other_site"], document["other_ad"]), kind
    shown: dict[str, list[Key]] = defaultdict(list)
    for name, document in store.each_document(CONTACT):
        shown[name.partition("\n")[0]].append((document["site"], document["ad_id"]))
    for contact, keys in shown.items():
        if len(keys) <= MOST_OF_CONTACT:
            for key in keys[1:]:
                yield keys[0], key, contact.partition(":")[0]


def _account(store: Store, key: Key, known: dict[Key, Account | None]) -> Account | None:
    """The account of an advertisement; None if it is not on record or names no seller."""
    if key not in known:
        ad = store.get(*key)
        name = (ad.seller_id or ad.seller).strip() if ad else ""
        known[key] = (key[0], name) if name else None
    return known[key]


def _root(parent: dict[Account, Account], account: Account) -> Account:
    while parent.get(account, account) != account:
        # Shortens the way for the next time.
        parent[account] = parent.get(parent[account], parent[account])
        account = parent[account]
    return account


def _active(store: Store, account: Account) -> Active:
    site, name = account
    query = Search(seller=name, sites=(site,))
    newest = store.search(query, most=1).ads
    oldest = store.search(Search(seller=name, sites=(site,), sort=Sort.OLDEST), most=1).ads
    last = max((ad.last_seen for ad in newest if ad.last_seen), default=None)
    first = oldest[0].first_seen if oldest else None
    shown = newest[0].seller or name if newest else name
    return Active(account, shown, store.count(query).number, first, last)


def _begun(each: Active) -> tuple[str, Account]:
    return (each.first.isoformat() if each.first else "9", each.account)
