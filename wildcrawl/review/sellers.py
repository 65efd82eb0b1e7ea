"""Sellers: groups of accounts that show the same contact, the same photographs or nearly one text.

The links are those that `scrapy look` stored; contacts are keyed hashes, of which only the kind is
read here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from wildcrawl.items import Key
from wildcrawl.review.looking.links import REPOST, SAME_PICTURE, STOCK
from wildcrawl.review.looking.look import CONTACT
from wildcrawl.store import Store
from wildcrawl.store.search import ListQuery, Sort

MOST_ACCOUNTS = 20
"""Accounts of one site that show one contact beyond which it is the platform's own."""

MOST_SHARING = 3
"""Accounts that show one photograph beyond which it is a common one, and joins none of them."""

Account = tuple[str, str]
"""An account: its site, and the seller's id or, without one, the name."""
Joined = tuple[Account, Account, str]
"""Two accounts and what joins them."""
_Joinable = TypeVar("_Joinable", bound=Hashable)


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
class Sellers:
    """Groups of accounts, and the contacts and photographs that too many show to link anybody."""

    groups: tuple[SellerGroup, ...]
    shared_contacts: int = 0
    shared_pictures: int = 0


@dataclass(frozen=True)
class SellerGroup:
    """Accounts that belong together, the first active first, and how often each reason links them.

    The reasons are wechat, qq, phone and other kinds of contacts, same_picture and repost.
    """

    accounts: tuple[Active, ...]
    why: dict[str, int]


def sellers_of(store: Store) -> Sellers:
    """Groups of two accounts or more, those with the most accounts first."""
    known: dict[Key, Account | None] = {}
    of_contacts, shared = _of_contacts(store, known)
    of_pictures, shared_pictures = _of_pictures(store, known)
    of_texts = ((one, other, REPOST) for one, other, _ in _linked(store, REPOST, known))
    links = [*of_pictures, *of_texts, *of_contacts]
    parent: dict[Account, Account] = {}
    for one, other, _ in links:
        parent[_root(parent, one)] = _root(parent, other)
    return Sellers(tuple(_groups(store, links, parent)), shared, shared_pictures)


def _groups(
    store: Store, links: Iterable[Joined], parent: dict[Account, Account]
) -> list[SellerGroup]:
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


def _of_pictures(store: Store, known: dict[Key, Account | None]) -> tuple[list[Joined], int]:
    """Pairs of accounts that share a photograph, and the number of those shared by too many."""
    stock = set(store.documents(STOCK))
    links = [
        (one, other, shas)
        for one, other, shas in _linked(store, SAME_PICTURE, known)
        if stock.isdisjoint(shas)
    ]
    # Files of one photograph, which were linked pair by pair, have one root.
    parent: dict[str, str] = {}
    for _, _, (sha, other_sha) in links:
        parent[_root(parent, sha)] = _root(parent, other_sha)
    showing: dict[str, set[Account]] = defaultdict(set)
    for one, other, (sha, _) in links:
        showing[_root(parent, sha)] |= {one, other}
    common = {root for root, accounts in showing.items() if len(accounts) > MOST_SHARING}
    joined = [
        (one, other, SAME_PICTURE)
        for one, other, (sha, _) in links
        if _root(parent, sha) not in common
    ]
    return joined, len(common)


def _linked(
    store: Store, kind: str, known: dict[Key, Account | None]
) -> Iterator[tuple[Account, Account, tuple[str, str]]]:
    """Pairs of different accounts of sure links of a kind, with the two pictures of each."""
    for _, document in store.each_document(kind):
        if not document.get("sure", 0):
            continue
        keys = ("site", "ad_id"), ("other_site", "other_ad")
        one, other = (
            _account(store, (document[site], document[ad_id]), known) for site, ad_id in keys
        )
        if one and other and one != other:
            yield one, other, (document["sha"], document["other_sha"])


def _of_contacts(store: Store, known: dict[Key, Account | None]) -> tuple[list[Joined], int]:
    """Pairs of accounts that show one contact, and the number of those shown by too many."""
    shown: dict[str, list[Key]] = defaultdict(list)
    for name, document in store.each_document(CONTACT):
        shown[name.partition("\n")[0]].append((document["site"], document["ad_id"]))
    joined: list[Joined] = []
    shared = 0
    for contact, keys in shown.items():
        accounts = _accounts(store, keys, known)
        if accounts is None:
            shared += 1
            continue
        kind = contact.partition(":")[0]
        joined += [(accounts[0], other, kind) for other in accounts[1:]]
    return joined, shared


def _accounts(
    store: Store, keys: Iterable[Key], known: dict[Key, Account | None]
) -> list[Account] | None:
    """The accounts of advertisements, each once; None if too many of one site are among them."""
    found: dict[Account, None] = {}
    of_site: Counter[str] = Counter()
    for key in keys:
        account = _account(store, key, known)
        if account and account not in found:
            found[account] = None
            of_site[account[0]] += 1
            if of_site[account[0]] > MOST_ACCOUNTS:
                return None
    return list(found)


def _account(store: Store, key: Key, known: dict[Key, Account | None]) -> Account | None:
    """The account of an advertisement; None if it is not on record or names no seller."""
    if key not in known:
        ad = store.get(*key)
        name = (ad.seller_id or ad.seller).strip() if ad else ""
        known[key] = (key[0], name) if name else None
    return known[key]


def _root(parent: dict[_Joinable, _Joinable], member: _Joinable) -> _Joinable:
    while parent.get(member, member) != member:
        # Shortens the way for the next time.
        parent[member] = parent.get(parent[member], parent[member])
        member = parent[member]
    return member


def _active(store: Store, account: Account) -> Active:
    site, name = account
    query = ListQuery(seller=name, sites=(site,))
    newest = store.search(query, most=1).ads
    oldest = store.search(ListQuery(seller=name, sites=(site,), sort=Sort.OLDEST), most=1).ads
    last = max((ad.last_seen for ad in newest if ad.last_seen), default=None)
    first = oldest[0].first_seen if oldest else None
    shown = newest[0].seller or name if newest else name
    return Active(account, shown, store.count(query).number, first, last)


def _begun(each: Active) -> tuple[str, Account]:
    return (each.first.isoformat() if each.first else "9", each.account)
