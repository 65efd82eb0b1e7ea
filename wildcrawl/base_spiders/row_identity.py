"""Row identity: the site and the id by which the store knows the advertisement of a file's row."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wildcrawl.analysis.ids import (
    BY_TITLE,
    canonical_address,
    clean_id,
    find_address,
    names_nothing,
    names_one_page,
    number_in,
)
from wildcrawl.analysis.text import nfkc, squeezed
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.store.conflicts import conflict

if TYPE_CHECKING:
    from wildcrawl.analysis.site_names import SiteNames
    from wildcrawl.items import RowOrigin
    from wildcrawl.store import Store
    from wildcrawl.store.known_ids import KnownIds


@dataclass(frozen=True, slots=True)
class _Row:
    """What the first row of an advertisement says that a later one may contradict."""

    line: int
    title: str
    price: str
    date: str
    """As typed; "" if the row gives none."""
    verdict: str


class RowIdentities:
    """Finds the advertisement that a row means, and counts what it had to correct.

    `names` are the declared sites; None: the rows name their site correctly.
    """

    def __init__(self, identities: KnownIds, store: Store, names: SiteNames | None = None) -> None:
        self._identities = identities
        self._store = store
        self._names = names
        self._sites: dict[str, str] = {}
        """Typed name to the site that it means."""
        self._spellings: dict[str, list[str]] = {}
        """Site to the other spellings under which the store has advertisements of it."""
        self._described: set[str] = set()
        """Sites that are stored, or of which a row has had a title or an address."""
        if names:
            for stored in store.first_months():
                self._described.add(stored)
                site = names.find(stored)
                if site and site != stored:
                    self._spellings.setdefault(site, []).append(stored)
        self.unknown: Counter[str] = Counter()
        """Names that are not a declared site, with the number of rows."""
        self.read_as: Counter[tuple[str, str]] = Counter()
        """Typed names and the declared site as which they were read, with the number of rows."""
        self.restored = 0
        """Number of rows whose advertisement was found by more than the id."""
        self._rows: dict[tuple[str, str], _Row] = {}
        """The first row of each advertisement that has a derived id or a verdict."""
        self._numbers: dict[tuple[str, str], list[Advertisement]] = {}
        """Site and address, or number and title, to the id that the first such row has."""
        self.repeated = 0
        """Number of rows without id and address that only repeat an earlier one."""
        self.dropped: Counter[str] = Counter()
        """Words in place of an address, with the number of rows."""

    def identify(self, ad: Advertisement) -> str:
        """Sets site and id of the advertisement that the row means; a sentence if it cannot.

        StoreError if the store is unavailable.
        """
        if self._names:
            ad.site = self._site(ad.site, self._names)
        origin = ad.origin
        if origin is None:
            return ""
        if self._is_of_nothing(ad):
            return (
                f"site '{ad.site[:40]}' is not known, and the row has neither a title nor a url; "
                "write the name of a site, or delete the row if it belongs to another table"
            )
        if origin.derived:
            if reason := self._derive(ad, origin):
                return reason
        elif origin.doubt:
            known = self._identities.at_address(ad.site, ad.url) or origin.restored
            if not known:
                return f"{origin.doubt}; no advertisement in the store has this address"
            ad.ad_id = known
            self.restored += 1
        elif known := (
            self._identities.same_number(ad)
            or self._identities.numbered(ad)
            or self._same_number_there(ad)
        ):
            ad.ad_id = known
            self.restored += 1
        if origin.words:
            self.dropped[origin.words] += 1
        self._take_stored_spelling(ad)
        return self._contradiction(ad, origin)

    def _is_of_nothing(self, ad: Advertisement) -> bool:
        """Whether a row names an unknown site and nothing else, as one of another table does."""
        if ad.url or ad.title:
            self._described.add(ad.site)
        return ad.site in self.unknown and ad.site not in self._described

    def _derive(self, ad: Advertisement, origin: RowOrigin) -> str:
        """Sets the id of a row without one; a sentence if it is of another row's advertisement."""
        ad.ad_id = self._identities.derived(ad.site, ad.url, ad.title, ad.seller)
        row = _row(ad, origin)
        first = self._rows.setdefault((ad.site, ad.ad_id), row)
        if reason := _other_lot(first, row, ad):
            return reason
        if known := self._typed_id(ad, origin) or self._identities.at_same_page(ad):
            ad.ad_id = known
            self.restored += 1
        elif ad.ad_id.startswith(BY_TITLE) and first is not row and first.date == row.date:
            if origin.words and not names_nothing(origin.words):
                return (
                    f"url: '{origin.words[:20]}' is no address, and the row repeats line "
                    f"{first.line}; write the address of each, or delete the row"
                )
            self.repeated += 1
        return ""

    def _typed_id(self, ad: Advertisement, origin: RowOrigin) -> str:
        """An id that is an address or a word, if the store has an advertisement under it."""
        typed = clean_id(origin.row.get("ad_id", ""))
        return typed if typed and self._store.known(ad.site, [typed]) else ""

    def _same_number_there(self, ad: Advertisement) -> str:
        """The id with the same number that the store or an earlier row has at the address.

        Without an address, that which an earlier row has with the same title, and no other seller
        or price.
        """
        address, number = find_address(ad.url), number_in(ad.ad_id)
        if not (number and (names_one_page(address) or ad.title)):
            return ""
        by = canonical_address(address) if names_one_page(address) else f"{number} {ad.title}"
        rows = self._numbers.setdefault((ad.site, by), [])
        same = rows if names_one_page(address) else [row for row in rows if _agree(row, ad)]
        if same:
            # What a further row adds tells the others apart.
            same[0].seller, same[0].price = same[0].seller or ad.seller, same[0].price or ad.price
        else:
            rows.append(replace(ad))
        sure = len(same) == 1 or (same and names_one_page(address))
        earlier = same[0].ad_id if sure else ""
        for known in (self._identities.at_address(ad.site, ad.url), earlier):
            if known != ad.ad_id and number_in(known) == number:
                return known
        return ""

    def _contradiction(self, ad: Advertisement, origin: RowOrigin) -> str:
        """Why a row's verdict cannot be taken beside that of an earlier row; "" if it can."""
        if ad.verdict in ("", Verdict.PENDING):
            return ""
        row = _row(ad, origin)
        first = self._rows.setdefault((ad.site, ad.ad_id), row)
        if not first.verdict:
            self._rows[ad.site, ad.ad_id] = replace(first, verdict=row.verdict, date=row.date)
            return ""
        if first.verdict == row.verdict or first.date != row.date:
            return ""
        return (
            f"verdict: '{row.verdict}' contradicts '{first.verdict}' in line {first.line} for the "
            "same advertisement; keep one of the two rows, or give each its found_at"
        )

    def _site(self, typed: str, names: SiteNames) -> str:
        if typed not in self._sites:
            self._sites[typed] = names.find(typed)
        site = self._sites[typed]
        if not site:
            self.unknown[typed] += 1
        elif site != typed:
            self.read_as[typed, site] += 1
        return site or typed

    def _take_stored_spelling(self, ad: Advertisement) -> None:
        """An advertisement that is stored under another spelling of its site keeps it."""
        for spelling in self._spellings.get(ad.site, ()):
            if self._store.known(spelling, [ad.ad_id]) and not self._store.known(
                ad.site, [ad.ad_id]
            ):
                ad.site = spelling
                return

    def notes(self) -> list[str]:
        """Sentences on what was corrected or taken as given, for the log."""
        found = []
        for (typed, site), rows in self.read_as.items():
            found.append(f"site '{typed}' is read as {site} ({_rows(rows)})")
        if self.restored:
            found.append(
                f"{_rows(self.restored)} with an ad_id that is damaged or a file's own number: the "
                "advertisement was found by its address or title"
            )
        if self.dropped:
            words = ", ".join(f"'{word[:20]}'" for word, _ in self.dropped.most_common(3))
            found.append(
                f"{_rows(self.dropped.total())} with words in place of a url ({words}): known by "
                "ad_id, or by title and seller"
            )
        return found

    def warnings(self) -> list[str]:
        """Sentences on undeclared sites and on repeated rows, for the log and the run."""
        assert self._names or not self.unknown
        found = [
            f"site '{typed}' is not a declared site and is taken as given ({_rows(rows)})"
            + (f"; did you mean '{near}'?" if (near := self._nearest(typed)) else "")
            for typed, rows in self.unknown.items()
        ]
        if self.repeated:
            found.append(
                f"{_rows(self.repeated)} without ad_id and url, of the same title, seller and date "
                "as an earlier row: not counted again; give an ad_id to those that are other "
                "advertisements"
            )
        return found

    def _nearest(self, typed: str) -> str:
        return self._names.nearest(typed) if self._names else ""


def _rows(number: int) -> str:
    return f"{number} row" if number == 1 else f"{number} rows"


def _row(ad: Advertisement, origin: RowOrigin) -> _Row:
    date = ad.found_at.isoformat() if ad.found_at_given and ad.found_at else ""
    verdict = "" if ad.verdict == Verdict.PENDING else ad.verdict
    return _Row(origin.line, ad.title, _figures(ad.price), date, verdict)


def _agree(row: Advertisement, other: Advertisement) -> bool:
    """Whether two rows name the same seller and price, as far as both name one.

    A seller may ask another price on another day.
    """
    sellers = {squeezed(each) for each in (row.seller, other.seller) if each}
    prices = {_figures(each) for each in (row.price, other.price) if each}
    later = row.found_at != other.found_at and row.found_at_given and other.found_at_given
    same_seller = bool(row.seller and other.seller) and len(sellers) == 1
    return len(sellers) < 2 and (len(prices) < 2 or (later and same_seller))


def _other_lot(first: _Row, row: _Row, ad: Advertisement) -> str:
    """Why a row is another advertisement than the first one with its derived id; "" if it is not.

    `ad` is that of the row. A row of another date may have another price.
    """
    if ad.ad_id.startswith(BY_TITLE):
        prices = {first.price, row.price} - {""}
        if len(prices) < 2 or first.date != row.date:
            return ""
        return (
            f"it has the title and the seller of line {first.line}, but another price; give both "
            "rows an ad_id or a url, or the date on which each was found in found_at"
        )
    one, other = (
        Advertisement(ad.site, ad.ad_id, ad.url, said.title, price=said.price)
        for said in (first, row)
    )
    reason = conflict(one, other, one.first_run)
    return f"{reason} (read from line {first.line})" if reason else ""


def _figures(price: str) -> str:
    """The digits and multipliers of a price, without its currency; the text if it has none."""
    plain = nfkc(price).lower().replace(",", "")
    plain = re.sub(r"(\.[0-9]*?)0+(?![0-9])", r"\1", plain)
    digits = re.findall(r"[0-9]+(?:\.[0-9]+)?|[万千百k]", plain)
    return " ".join(digits) or plain.strip()
