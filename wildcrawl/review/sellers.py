"""Sellers: groups of accounts that show the same contact, the same photographs or nearly one text.

Accounts with one contact are one party. Photographs and texts, which sellers also take from each
other, join parties only where each of them shares one with each other; what else they share with
other accounts is named beside the group. The links are those that `scrapy look` stored; contacts
are keyed hashes, of which only the kind is read here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import NamedTuple, TypeVar

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
class Beside:
    """An account that shares something with some of a group, and is not of it."""

    account: Account
    name: str
    why: dict[str, int]


@dataclass(frozen=True)
class SellerGroup:
    """Accounts that belong together, the first active first, and how much of each kind they share.

    The kinds are wechat, qq, phone and other kinds of contacts, same_picture and repost.
    """

    accounts: tuple[Active, ...]
    why: dict[str, int]
    beside: tuple[Beside, ...] = ()


class _Shared(NamedTuple):
    """Something that two accounts or more share: its kind, and the accounts."""

    why: str
    accounts: Sequence[Account]


def sellers_of(store: Store) -> Sellers:
    """Groups of two accounts or more, those with the most accounts first."""
    known = _KnownAccounts(store)
    contacts, common_contacts = _contacts(store, known)
    pictures, common_pictures = _pictures(store, known)
    texts = [_Shared(REPOST, (one, other)) for one, other, _ in _linked(store, REPOST, known)]
    joined = _joined(contacts, [*pictures, *texts])
    groups = _groups(known, [*pictures, *texts, *contacts], joined)
    return Sellers(tuple(groups), common_contacts, common_pictures)


def _joined(contacts: Iterable[_Shared], alike: Iterable[_Shared]) -> dict[Account, int]:
    """The number of each account's group.

    Parties that share the most, with each other and then with the same others, are joined first,
    and two groups only if each party of the one shares something with each of the other.
    """
    parent: dict[Account, Account] = {}
    for _, accounts in contacts:
        for other in accounts[1:]:
            parent[_root(parent, other)] = _root(parent, accounts[0])
    pairs: Counter[tuple[Account, Account]] = Counter()
    for _, accounts in alike:
        parties = sorted({_root(parent, each) for each in accounts})
        pairs.update(combinations(parties, 2))
    near: dict[Account, set[Account]] = defaultdict(set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    group: dict[Account, list[Account]] = {}
    for one, other in sorted(
        pairs, key=lambda pair: (-pairs[pair], -len(near[pair[0]] & near[pair[1]]), pair)
    ):
        own = group.setdefault(one, [one])
        theirs = group.setdefault(other, [other])
        if own is not theirs and all(near[each].issuperset(theirs) for each in own):
            own += theirs
            group |= dict.fromkeys(theirs, own)
    every = {account for _, accounts in (*contacts, *alike) for account in accounts}
    first = {account: _root(parent, account) for account in every}
    numbers = {party: number for number, party in enumerate(sorted({*first.values()}))}
    return {
        account: min(numbers[each] for each in group.get(party, [party]))
        for account, party in first.items()
    }


def _groups(
    known: _KnownAccounts, shared: Iterable[_Shared], joined: dict[Account, int]
) -> list[SellerGroup]:
    members: dict[int, list[Account]] = defaultdict(list)
    for account, number in joined.items():
        members[number].append(account)
    reasons: dict[int, Counter[str]] = defaultdict(Counter)
    beside: dict[int, dict[Account, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for why, accounts in shared:
        within = Counter(joined[account] for account in accounts)
        for number, many in within.items():
            reasons[number][why] += many > 1
            for other in accounts:
                if joined[other] != number:
                    beside[number][other][why] += 1
    groups = [
        SellerGroup(
            tuple(sorted((known.active(each) for each in found), key=_begun)),
            dict((+reasons[number]).most_common()),
            tuple(
                Beside(other, known.names[other], dict(why.most_common()))
                for other, why in sorted(beside[number].items())
            ),
        )
        for number, found in members.items()
        if len(found) > 1
    ]
    return sorted(groups, key=lambda group: (-len(group.accounts), group.accounts[0].account))


def _pictures(store: Store, known: _KnownAccounts) -> tuple[list[_Shared], int]:
    """The photographs that accounts share, and the number of those shared by too many."""
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
    few = [sorted(accounts) for accounts in showing.values() if len(accounts) <= MOST_SHARING]
    return [_Shared(SAME_PICTURE, accounts) for accounts in few], len(showing) - len(few)


def _linked(
    store: Store, kind: str, known: _KnownAccounts
) -> Iterator[tuple[Account, Account, tuple[str, str]]]:
    """Pairs of different accounts of sure links of a kind, with the two pictures of each."""
    for _, document in store.each_document(kind):
        if not document.get("sure", 0):
            continue
        one = known.of((document["site"], document["ad_id"]))
        other = known.of((document["other_site"], document["other_ad"]))
        if one and other and one != other:
            yield one, other, (document["sha"], document["other_sha"])


def _contacts(store: Store, known: _KnownAccounts) -> tuple[list[_Shared], int]:
    """The contacts that accounts share, and the number of those shown by too many."""
    shown: dict[str, list[Key]] = defaultdict(list)
    for name, document in store.each_document(CONTACT):
        shown[name.partition("\n")[0]].append((document["site"], document["ad_id"]))
    found: list[_Shared] = []
    common = 0
    for contact, keys in shown.items():
        accounts = [*dict.fromkeys(account for key in keys if (account := known.of(key)))]
        of_site = Counter(site for site, _ in accounts)
        if of_site and max(of_site.values()) > MOST_ACCOUNTS:
            common += 1
        elif len(accounts) > 1:
            found.append(_Shared(contact.partition(":")[0], accounts))
    return found, common


class _KnownAccounts:
    """The accounts of advertisements, each read once; `names` are those shown."""

    def __init__(self, store: Store) -> None:
        self.names: dict[Account, str] = {}
        self._store = store
        self._of: dict[Key, Account | None] = {}

    def of(self, key: Key) -> Account | None:
        """The account of an advertisement; None if it is not on record or names no seller."""
        if key not in self._of:
            ad = self._store.get(*key)
            name = (ad.seller_id or ad.seller).strip() if ad else ""
            self._of[key] = account = (key[0], name) if name else None
            if ad and account:
                self.names[account] = ad.seller or name
        return self._of[key]

    def active(self, account: Account) -> Active:
        """An account with its advertisements on record."""
        site, name = account
        query = ListQuery(seller=name, sites=(site,))
        newest = self._store.search(query, most=1).ads
        oldest_first = ListQuery(seller=name, sites=(site,), sort=Sort.OLDEST)
        oldest = self._store.search(oldest_first, most=1).ads
        last = max((ad.last_seen for ad in newest if ad.last_seen), default=None)
        first = oldest[0].first_seen if oldest else None
        shown = newest[0].seller or name if newest else name
        return Active(account, shown, self._store.count(query).number, first, last)


def _root(parent: dict[_Joinable, _Joinable], member: _Joinable) -> _Joinable:
    while parent.get(member, member) != member:
        # Shortens the way for the next time.
        parent[member] = parent.get(parent[member], parent[member])
        member = parent[member]
    return member


def _begun(each: Active) -> tuple[str, Account]:
    return (each.first.isoformat() if each.first else "9", each.account)
