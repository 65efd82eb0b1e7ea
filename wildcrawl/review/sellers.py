"""Sellers: groups of accounts that show the same contact, the same photographs or nearly one text.

Accounts with one contact are one party. Photographs and texts, which sellers also take from each
other, join parties only where nearly every two of them share one, and none shares as much with one
outside; what else they share with other accounts is named beside the group. A party that shares
as much with several others, which do not belong together, is shown with these beside it. The links
are those that `scrapy look` stored; contacts are keyed hashes, of which only the kind is read here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, combinations, groupby
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
_Party = int
"""The number of a party, which is one account or several with one contact."""
_MANY = 64
"""Parties near another one from which they are counted as bits."""
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
    """Groups, those with the most accounts first; one account is one that may join several."""
    known = _KnownAccounts(store)
    contacts, common_contacts = _contacts(store, known)
    pictures, common_pictures = _pictures(store, known)
    texts = [_Shared(REPOST, (one, other)) for one, other, _ in _linked(store, REPOST, known)]
    joined, torn = _joined(contacts, [*pictures, *texts])
    groups = _groups(known, [*pictures, *texts, *contacts], joined, torn)
    return Sellers(tuple(groups), common_contacts, common_pictures)


def _joined(
    contacts: Sequence[_Shared], alike: Sequence[_Shared]
) -> tuple[dict[Account, int], set[int]]:
    """The number of each account's group, and those that might join several others.

    Parties that share the most, with each other and then with the same others, are joined first,
    and groups only if their parties belong together.
    """
    parent: dict[Account, Account] = {}
    for _, accounts in contacts:
        for other in accounts[1:]:
            parent[_root(parent, other)] = _root(parent, accounts[0])
    every = {account for _, accounts in (*contacts, *alike) for account in accounts}
    first = {account: _root(parent, account) for account in every}
    numbers = {party: number for number, party in enumerate(sorted({*first.values()}))}
    party_of = {account: numbers[party] for account, party in first.items()}
    pairs: Counter[tuple[_Party, _Party]] = Counter()
    for _, accounts in alike:
        pairs.update(combinations(sorted({party_of[each] for each in accounts}), 2))
    near: dict[_Party, set[_Party]] = defaultdict(set)
    for pair in pairs:
        for party in pair:
            near[party].update(pair)
    group = {party: frozenset([party]) for party in near}
    torn: set[_Party] = set()
    common = _common(near)
    strength = {pair: (number, common(*pair)) for pair, number in pairs.items()}
    for _, equal in groupby(sorted(pairs, key=strength.__getitem__, reverse=True), strength.get):
        torn |= _join(group, near, equal)
    lowest = {each: min(each) for each in {*group.values()}}
    number_of = {party: lowest[each] for party, each in group.items()}
    joined = {account: number_of.get(party, party) for account, party in party_of.items()}
    return joined, {number_of[party] for party in torn}


def _join(
    group: dict[_Party, frozenset[_Party]],
    near: Mapping[_Party, set[_Party]],
    pairs: Iterable[tuple[_Party, _Party]],
) -> set[_Party]:
    """Joins the groups of equally near pairs; the parties that may join several, and join none."""
    beside: dict[frozenset[_Party], set[frozenset[_Party]]] = defaultdict(set)
    for own, theirs in {(group[one], group[other]) for one, other in pairs}:
        if own != theirs and _belong_together((own, theirs), near):
            beside[own].add(theirs)
            beside[theirs].add(own)
    torn: set[_Party] = set()
    left = set(beside)
    while left:
        linked, new = set[frozenset[_Party]](), {left.pop()}
        while new:
            linked |= new
            new = set().union(*(beside[each] for each in new)) - linked
        left -= linked
        if _belong_together(linked, near):
            whole = frozenset().union(*linked)
            group |= dict.fromkeys(whole, whole)
        else:
            torn.update(*(each for each in linked if len(beside[each]) > 1))
    return torn


def _belong_together(
    groups: Collection[frozenset[_Party]], near: Mapping[_Party, set[_Party]]
) -> bool:
    """Whether nine in ten pairs of all parties share something, and none lacks it with many.

    All pairs of up to four parties must; of five, all but one.
    """
    others, missing = sum(map(len, groups)) - 1, 0
    for each in chain.from_iterable(groups):
        lacking = sum(len(group - near[each]) for group in groups)
        if 4 * lacking > others:
            return False
        missing += lacking
    return 10 * missing <= others * (others + 1)


def _common(near: Mapping[_Party, set[_Party]]) -> Callable[[_Party, _Party], int]:
    """A function that counts the parties near both of two."""
    order = {party: number for number, party in enumerate(near)}
    bits = {
        party: sum(1 << order[each] for each in others)
        for party, others in near.items()
        if len(others) > _MANY
    }

    def common(one: _Party, other: _Party) -> int:
        if one in bits and other in bits:
            return (bits[one] & bits[other]).bit_count()
        return len(near[one] & near[other])

    return common


def _groups(
    known: _KnownAccounts, shared: Iterable[_Shared], joined: dict[Account, int], torn: set[int]
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
        if len(found) > 1 or number in torn
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
