"""How the page prints what a table holds: names for keys, thousands, the briefing's dollars."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from exports.rounding import half_up

if TYPE_CHECKING:
    from exports.context import Context
    from exports.texts import Texts

_WORDS = {"product_type", "age_claim", "kind", "price_kind"}
_MOMENTS = {"found_at", "first_seen", "last_seen"}
NOTHING = "–"


@dataclass(frozen=True)
class Formats:
    """The names of species and sites, and the cells of all tables, in one language."""

    context: Context
    texts: Texts

    def species(self, name: str) -> str:
        """The label of a species group, or of `all`; the name itself if there is none."""
        if name == "all":
            return self.texts.say("all")
        labels = {group.name: group.label for group in self.context.groups}
        return labels.get(name) or name

    def site(self, name: str) -> str:
        """The label of a site, or the name that its records carry."""
        labels = {site.name: site.label for site in self.context.sites}
        return labels.get(name) or name

    def heading(self, column: str, table: str = "") -> str:
        """What stands above a column."""
        if column in ("all", *self.context.species):
            return self.species(column)
        return self.texts.column(column, table)

    def cell(self, column: str, value: object) -> str:
        """A value as it stands in the column of that name."""
        if value is None or value == "":
            return NOTHING
        if isinstance(value, Decimal):
            return _decimal(column, value)
        if isinstance(value, int):
            return f"{value:,}"
        text = str(value)
        if column in _WORDS:
            return self.texts.value(text)
        if column == "species":
            return ", ".join(self.species(name.strip()) for name in text.split(";"))
        if column in _MOMENTS:
            return text[:16].replace("T", " ")
        return self.site(text) if column == "site" else text


def _decimal(column: str, value: Decimal) -> str:
    if column.endswith("_cny"):
        return yuan(value)
    if column.endswith("_usd"):
        return us_dollars(value)
    return f"{value:,}%" if column.endswith("percent") else f"{value:,}"


def yuan(value: Decimal) -> str:
    """RMB with thousands, and with fen only if there are any.

    >>> yuan(Decimal("4900.00"))
    '4,900'
    """
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def us_dollars(value: Decimal) -> str:
    """Dollars as the briefing prints them: to one decimal, padded to two.

    >>> us_dollars(Decimal("82.73"))
    '82.70'
    """
    return f"{half_up(value, 1):,.2f}"
