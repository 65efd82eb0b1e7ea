"""Exchange rates: yuan for one US dollar by day, read from a YAML file."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

LOWEST, HIGHEST = Decimal(1), Decimal(20)
"""Limits of a rate; since 1980 it has been between 1.4 and 8.8."""
PLACES = 4
"""Decimals of a rate that a store keeps."""
_EXAMPLE = 'write it as "2026-01-05: 7.02" below "rates:"'


class RateError(ValueError):
    """Raised for an exchange rate, or a file of them, that is not valid."""


@dataclass(frozen=True)
class Rate:
    """Yuan for one US dollar, and the day of that rate."""

    cny_per_usd: Decimal
    day: date

    def __str__(self) -> str:
        return f"{self.cny_per_usd.normalize():f} ({self.day})"


@dataclass(frozen=True)
class Rates:
    """Rates by day: `dated` in the order of their days, and `default` for days before them."""

    default: Rate
    dated: tuple[Rate, ...] = ()

    def on(self, day: date) -> Rate:
        """The rate of `day` (in China): the latest dated one up to that day, or the default.

        >>> Rates(Rate(Decimal("6.89"), date(2017, 4, 14))).on(date(2016, 1, 1)).cny_per_usd
        Decimal('6.89')
        """
        place = bisect_right(self.dated, day, key=lambda rate: rate.day)
        return self.dated[place - 1] if place else self.default


def parse_rate(text: str) -> Decimal:
    """Yuan per US dollar from a setting; RateError unless it is a number from 1 to 20.

    >>> parse_rate("6.89")
    Decimal('6.89')
    """
    try:
        # Decimal reads 1_2 as 12.
        rate = Decimal("NaN" if "_" in text else text.strip())
    except InvalidOperation:
        rate = Decimal("NaN")
    if not (rate.is_finite() and LOWEST <= rate <= HIGHEST):
        raise RateError(
            f"'{text}' is not an exchange rate; write the yuan for one US dollar, "
            f"a number from {LOWEST} to {HIGHEST} such as 6.89"
        )
    exponent = rate.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > PLACES:
        raise RateError(f"'{text}' has more than {PLACES} decimals; round the rate")
    return rate


def parse_day(text: str, today: date) -> date:
    """Day of a rate; RateError unless it is YYYY-MM-DD and not after `today` (in China)."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or text != day.isoformat():
        raise RateError(f"'{text}' is not a day; write it as YYYY-MM-DD")
    if day > today:
        raise RateError(f"{text} is a day to come; give the rate of a day up to {today}")
    return day


def _typing_slip(text: str) -> str:
    """The first line with a sign that is not that of YAML, and the fix; "" if there is none.

    >>> _typing_slip("rates:\\n  2016-05-03：6.4")
    "2: has a full-width colon '：'; write a plain colon and a blank"
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if "：" in line.partition("#")[0]:
            return f"{number}: has a full-width colon '：'; write a plain colon and a blank"
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return f"{number}: is indented with a tab; use spaces"
    return ""


def load_rates(path: Path, default: Rate, today: date) -> Rates:
    """The rates of the YAML file `path`, a mapping "rates" from days to rates.

    RateError names the file, the line and the fix of the first fault.
    """
    from wildcrawl.analysis.vocabulary.document import Document, DocumentError

    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RateError(f"{path} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise RateError(f"{path} cannot be read: {error}") from None
    if slip := _typing_slip(text):
        raise RateError(f"{path}, line {slip}")
    try:
        document = Document(text)
    except DocumentError as error:
        raise RateError(f"{path}, line {error.line}: {error}") from None
    for line, fault in document.faults:
        raise RateError(f"{path}, line {line}: {fault}")
    data = document.data
    days = data.get("rates") if isinstance(data, dict) and len(data) == 1 else None
    if not isinstance(days, dict) or not days:
        raise RateError(f"{path}, line 1: the file has no list of rates alone; {_EXAMPLE}")
    rates = []
    for text, value in days.items():
        try:
            if not isinstance(value, str):
                raise RateError(f"'{text}' has no single rate; {_EXAMPLE}")
            rates.append(Rate(parse_rate(value), parse_day(text, today)))
        except RateError as error:
            line = document.line(["rates", text], key=True)
            raise RateError(f"{path}, line {line}: {error}") from None
    return Rates(default, tuple(sorted(rates, key=lambda rate: rate.day)))
