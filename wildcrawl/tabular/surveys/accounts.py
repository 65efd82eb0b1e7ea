"""Account names: spellings, former names, and the dealer to whom several accounts belong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Protocol

from wildcrawl.analysis.text import nfkc


class Named(Protocol):
    """What is read here of an account in one year."""

    @property
    def account(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def formerly(self) -> str: ...
    @property
    def dealer(self) -> str: ...


def fold_name(name: str) -> str:
    """The form in which names are compared: A7, a7 and ａ7 are one account.

    >>> fold_name(" Ａ7 ")
    'a7'
    """
    plain = nfkc(name)
    visible = "".join(char for char in plain if unicodedata.category(char) not in ("Cf", "Mn"))
    return " ".join(visible.split()).casefold()


def names_in(text: str) -> list[str]:
    """The names in a cell, which are separated by semicolons."""
    return [name for part in text.replace("；", ";").split(";") if (name := part.strip())]


def fold_number(text: str) -> str:
    """The form in which numbers of posts are compared: 7, 7.0 and 007 are one.

    >>> fold_number("007"), fold_number("7.0"), fold_number("A-7")
    ('7', '7', 'a-7')
    """
    folded = fold_name(text)
    match = re.fullmatch(r"0*([0-9]+)(?:\.0+)?", folded)
    return match[1] if match else folded


class Owners:
    """Groups of names that stand for one: an account's own, and with `dealers` its dealer's."""

    def __init__(self, accounts: Iterable[Named] = (), *, dealers: bool = False) -> None:
        self._dealers = dealers
        self._parent: dict[str, str] = {}
        self._spelled: dict[str, tuple[tuple[bool, int], str]] = {}
        for account in accounts:
            self.add(account)

    def add(self, account: Named) -> None:
        """Adds an account with its former names, and its dealer."""
        self._spell(account.account, (False, account.year))
        for name in names_in(account.formerly):
            self._join(account.account, name)
        if self._dealers and account.dealer:
            self._spell(account.dealer, (True, account.year))
            self._join(account.account, account.dealer)

    def root(self, name: str) -> str:
        """The same text for all names of one group."""
        root = fold_name(name)
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        return root

    def name_of(self, name: str) -> str:
        """Name of the group as written: its dealer's, else that of its latest account."""
        known = self._spelled.get(self.root(name))
        return known[1] if known else name

    def _join(self, name: str, other: str) -> None:
        root, joined = self.root(name), self.root(other)
        if root != joined:
            self._parent[joined] = root
            spelled = self._spelled.pop(joined, None)
            if spelled:
                self._keep(root, spelled)

    def _spell(self, name: str, rank: tuple[bool, int]) -> None:
        self._keep(self.root(name), (rank, name))

    def _keep(self, root: str, spelled: tuple[tuple[bool, int], str]) -> None:
        held = self._spelled.get(root)
        if held is None or spelled[0] > held[0]:
            self._spelled[root] = spelled
