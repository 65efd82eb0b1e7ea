"""Number and label formats of the page: thousands, names for codes, the briefing's dollars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from exports.rounding import half_up
from wildcrawl.analysis.vocabulary.goods import goods
from wildcrawl.months import shown_moment
from wildcrawl.tabular.tables import LABEL

if TYPE_CHECKING:
    from exports.context import Context, Event
    from exports.texts import Texts

_WORDS = {
    "product_type",
    "age_claim",
    "kind",
    "price_kind",
    "claim",
    "channel",
    "status",
    "state",
    "verdict",
    "reason",
    "figure",
    "against_expected",
    "against_season",
}
_MOMENTS = {"found_at", "first_seen", "last_seen"}
_MONTHS = {"month", "before", "lowest_month", "highest_month"}
_LISTS = {"species", "only_now", "only_before", "not_searched"}
"""Columns of several names, with semicolons between."""
NOTHING = "–"


@dataclass(frozen=True)
class Formats:
    """Names of species and sites, and cells of all tables, in one language."""

    context: Context
    texts: Texts

    def species(self, name: str) -> str:
        """Label of a species group, or of `all`; the name itself if it has no label."""
        if name == "all":
            return self.texts.say("all")
        return self._species.get(name) or name

    def site(self, name: str) -> str:
        """Label of a site, or its name in records if it has no label."""
        if name == "all":
            return self.texts.say("all")
        return self._sites.get(name) or name

    def missed(self, site: str, reason: str) -> str:
        """A site that was not searched, with the reason."""
        return self.texts.say(
            "missed_site", site=self.site(site), reason=self.texts.value(f"search.{reason}")
        )

    def event(self, event: Event) -> str:
        """Label of an event."""
        return event.label_zh if self._chinese else event.label

    @property
    def _chinese(self) -> bool:
        return self.texts.lang == "zh"

    @cached_property
    def _species(self) -> dict[str, str]:
        groups = self.context.groups
        named = {group.name: group.label_zh if self._chinese else group.label for group in groups}
        return {name: goods(label) for name, label in named.items()}

    @cached_property
    def _sites(self) -> dict[str, str]:
        return {
            site.name: (site.label_zh if self._chinese else "") or site.label
            for site in self.context.sites
        }

    def _missed(self, part: str) -> str:
        """A cell's `site (reason)` in words."""
        site, _, reason = part.rpartition(" (")
        return self.missed(site, reason.removesuffix(")"))

    def _list(self, column: str, text: str) -> str:
        """The names of a cell in words."""
        named = {"species": self.species, "not_searched": self._missed}.get(column, self.site)
        return self.texts.enumerate([named(name.strip()) for name in text.split(";")])

    def heading(self, column: str, table: str = "") -> str:
        """Heading of a column."""
        if column in ("all", *self.context.species):
            return self.species(column)
        if column.endswith(LABEL):
            of = self.heading(column.removesuffix(LABEL), table)
            return self.texts.say("label_of", column=of)
        return self.texts.column(column, table)

    def cell(self, column: str, value: object) -> str:
        """Text of a value in the column of that name."""
        if column == "reason" and value == "":
            return self.texts.value("reason.none")
        if value is None or value == "":
            return NOTHING
        if isinstance(value, Decimal):
            return _decimal(column, value)
        if isinstance(value, int):
            return f"{value:,}"
        text = str(value)
        if column in _WORDS:
            return self.texts.value(f"state.{text}" if column == "state" else text)
        if column in _LISTS:
            return self._list(column, text)
        if column in _MONTHS:
            return self.texts.short_month(text)
        if column in _MOMENTS:
            return shown_moment(datetime.fromisoformat(text)) if text else ""
        if column == "how":
            return self.texts.enumerate([self.texts.value(part) for part in text.split("; ")])
        return self.site(text) if column in ("site", "original_site") else text


def signed(percent: Decimal | None) -> str:
    """A change with its sign, with a typographic minus; 0 has none.

    >>> signed(Decimal("-40.7")), signed(Decimal("17.0")), signed(Decimal("0.0"))
    ('−40.7', '+17.0', '0.0')
    """
    if percent is None:
        return NOTHING
    return f"{percent:+,}".replace("-", "−") if percent else f"{percent:,}"


def _decimal(column: str, value: Decimal) -> str:
    if column.endswith("change_percent"):
        return f"{signed(value)}%"
    if column.endswith("_cny"):
        return yuan(value)
    if column.endswith("_usd"):
        return us_dollars(value)
    number = f"{value:,}".replace("-", "−")
    return f"{number}%" if "percent" in column else number


def yuan(value: Decimal) -> str:
    """RMB with thousands separators, and with fen only if they are not 0.

    >>> yuan(Decimal("4900.00"))
    '4,900'
    """
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def us_dollars(value: Decimal) -> str:
    """Dollars as in the briefing: rounded to one decimal, padded to two.

    >>> us_dollars(Decimal("82.73"))
    '82.70'
    """
    return f"{half_up(value, 1):,.2f}"
