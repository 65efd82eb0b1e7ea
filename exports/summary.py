"""What a report says first: the figures that matter, and the same in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exports.rounding import change, half_up
from wildcrawl.months import previous_month

if TYPE_CHECKING:
    from decimal import Decimal

    from exports.formats import Formats
    from exports.ledger import Ledger
    from exports.tables.table import Table


@dataclass(frozen=True)
class Leader:
    """Who has the most: its name, how many, and what share of all in percent."""

    name: str
    number: int
    share: Decimal


@dataclass(frozen=True)
class Comparison:
    """A month against the month before it; `percent` is None if that one had nothing."""

    month: str
    now: int
    before: str
    then: int
    percent: Decimal | None


@dataclass(frozen=True)
class Summary:
    """The headline figures of a report."""

    total: int
    by_month: dict[str, int]
    comparison: Comparison | None
    species: list[Leader]
    sites: list[Leader]
    monitored: int
    left_out: dict[str, int]


def summarise(ledger: Ledger, tables: dict[str, Table]) -> Summary:
    """The headline figures, taken from the tables so that they cannot differ."""
    by_month = dict(tables["monthly"].rows.select("month", "all").rows())
    return Summary(
        total=ledger.total,
        by_month=by_month,
        comparison=_compare(ledger, by_month),
        species=_leaders(tables["species_share"]),
        sites=_leaders(tables["site_share"]),
        monitored=tables["site_share"].rows.height,
        left_out={
            name: ledger.left_out[name] for name in ("pending", "irrelevant", "fake", "set_aside")
        },
    )


def _leaders(table: Table) -> list[Leader]:
    """Those that have any, the largest first; equals stay in the table's order."""
    rows = [Leader(*row) for row in table.rows.rows() if row[1]]
    return sorted(rows, key=lambda leader: -leader.number)


def _compare(ledger: Ledger, by_month: dict[str, int]) -> Comparison | None:
    months = list(by_month)
    month, now = months[-1], by_month[months[-1]]
    if len(months) > 1:
        before, then = months[-2], by_month[months[-2]]
    elif ledger.month_before is not None:
        before, then = previous_month(month), ledger.month_before
    else:
        return None
    return Comparison(month, now, before, then, change(now, then))


def sentences(summary: Summary, formats: Formats) -> list[str]:
    """The summary as a person would say it; never a number that the tables do not give."""
    texts, months = formats.texts, list(summary.by_month)
    during = texts.during(months[0], months[-1])
    if not summary.total:
        return [texts.say("none_counted", during=during), *_waiting(summary, formats)]
    first = texts.say(
        "total",
        advertisements=texts.advertisements(summary.total),
        during=during,
        carrying=len(summary.sites),
        monitored=texts.websites(summary.monitored),
    )
    return [
        first,
        *_average(summary, formats),
        *_comparison(summary.comparison, formats),
        *_leading(summary, formats),
        *_waiting(summary, formats),
    ]


def _waiting(summary: Summary, formats: Formats) -> list[str]:
    texts, pending = formats.texts, summary.left_out["pending"]
    if not pending:
        return []
    waiting = texts.say("some_wait", advertisements=texts.advertisements(pending))
    return [waiting] if summary.total else [waiting, texts.say("count_them")]


def _average(summary: Summary, formats: Formats) -> list[str]:
    by_month, texts = summary.by_month, formats.texts
    if len(by_month) < 3:
        return []
    high, low = max(by_month, key=by_month.__getitem__), min(by_month, key=by_month.__getitem__)
    average = half_up(Fraction(summary.total, len(by_month)), 1)
    figures = {"most": f"{by_month[high]:,}", "fewest": f"{by_month[low]:,}"}
    names = {"high": texts.month(high), "low": texts.month(low)}
    return [texts.say("average", average=f"{average:,}", **names, **figures)]


def _comparison(comparison: Comparison | None, formats: Formats) -> list[str]:
    if comparison is None:
        return []
    texts = formats.texts
    words = {
        "month": texts.month(comparison.month),
        "before": texts.month(comparison.before),
        "now": f"{comparison.now:,}",
        "then": f"{comparison.then:,}",
    }
    if comparison.now == comparison.then:
        return [texts.say("compared_same", **words)]
    if comparison.percent is None:
        return [texts.say("compared_nothing", **words)]
    direction = "more" if comparison.now > comparison.then else "fewer"
    moved = texts.say(direction, percent=f"{abs(comparison.percent):,}")
    return [texts.say("compared", change=moved, **words)]


def _leading(summary: Summary, formats: Formats) -> list[str]:
    texts, first = formats.texts, summary.species[0]
    words: dict[str, object] = {
        "species": formats.species(first.name),
        "share": first.share,
        "number": f"{first.number:,}",
    }
    if len(summary.species) > 1:
        second = summary.species[1]
        words["second"] = texts.inside(formats.species(second.name))
        words["second_share"] = second.share
        said = texts.say("leading_two", **words)
    else:
        said = texts.say("leading_species", **words)
    site = summary.sites[0]
    leading = texts.say(
        "leading_site", site=formats.site(site.name), share=site.share, number=f"{site.number:,}"
    )
    return [said, leading]
