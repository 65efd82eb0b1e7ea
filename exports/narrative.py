"""The notes under a report: how it counts, what it leaves out, at which rate it converts."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from exports.events import events_of
from exports.formats import signed
from exports.rounding import change, half_up
from exports.tables.social import survey_averages
from wildcrawl.items import PriceKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from exports.context import Context
    from exports.dataset import Ledger
    from exports.formats import Formats
    from exports.summary import Summary
    from wildcrawl.review.filter_audit import MissRate


def notes(
    ledger: Ledger, summary: Summary, formats: Formats, *, with_files: bool = True
) -> list[str]:
    """The notes, in the order in which the page prints them."""
    say, context = formats.texts.say, ledger.context
    pending = context.include_pending
    left_out = "notes.left_out_counting_pending" if pending else "notes.left_out"
    numbers = {name: f"{number:,}" for name, number in summary.left_out.items()}
    if not any(
        number for name, number in summary.left_out.items() if name != "pending" or not pending
    ):
        left_out = "notes.none_left_out"
    said = [
        say("notes.counting", counted=say("counted_pending" if pending else "counted_valid")),
        say("notes.verdict"),
        say(left_out, **numbers),
    ]
    if context.not_stored:
        number = f"{context.not_stored:,}"
        said[-1] = formats.texts.join([said[-1], say("notes.not_stored", number=number)])
    if ledger.missed is not None and ledger.missed.set_aside:
        said.append(_missed(ledger.missed, formats))
    rate = _plain(context.rate)
    said.append(say("notes.rate", rate=rate, day=formats.texts.day(context.rate_date)))
    recorded = _rates(ledger)
    if recorded not in ([], [(context.rate, context.rate_date)]):
        rates = [
            say("notes.rate_of", rate=_plain(each), day=formats.texts.day(day))
            for each, day in recorded
        ]
        recorded_at = say("notes.rates", rates=formats.texts.series(rates))
        said[-1] = formats.texts.join([said[-1], recorded_at])
    said.append(say("notes.rounding"))
    if summary.bands:
        said.append(say("notes.band"))
    events = events_of(context)
    if events:
        named = [
            say("notes.event", label=formats.event(event), day=formats.texts.day(event.day))
            for event in events
        ]
        said.append(say("notes.events", events=formats.texts.enumerate(named)))
    return [*said, say("notes.same_rows")] if with_files else said


def social_sentences(context: Context, formats: Formats) -> list[str]:
    """What the surveys of each year of the period counted, and how that changed."""
    averages, said = survey_averages(context), []
    for year, (surveys, ads, media) in averages.items():
        if not context.months[0][:4] <= str(year) <= context.months[-1][:4]:
            continue
        words = {"ads": f"{half_up(ads, 1):,}", "media": f"{half_up(media, 1):,}"}
        phrase = formats.texts.numbered("social_summary.said", surveys)
        text = formats.texts.say(phrase, year=year, surveys=surveys, **words)
        before = averages.get(year - 1)
        if before and before[1] and before[2]:
            moved = {
                "ads": signed(change(ads, before[1])),
                "media": signed(change(media, before[2])),
            }
            text = formats.texts.join(
                [text, formats.texts.say("social_summary.change", before=year - 1, **moved)]
            )
        said.append(text)
    return said


def removal_sentences(context: Context, formats: Formats) -> list[str]:
    """What became of all that operators were notified of, in one sentence."""
    told = sum(each.notified for each in context.removals)
    if not told:
        return []
    removed = sum(each.removed for each in context.removals)
    numbers = {
        "notified": told,
        "removed": removed,
        "week": sum(each.removed_within_7_days for each in context.removals),
        "month": sum(each.removed_within_30_days for each in context.removals),
        "up": sum(each.still_up for each in context.removals),
        "unknown": sum(each.unknown for each in context.removals),
    }
    words = {name: f"{number:,}" for name, number in numbers.items()}
    percent = half_up(Fraction(100 * removed, told), 1)
    return [formats.texts.say("removals.said", percent=percent, **words)]


def _missed(missed: MissRate, formats: Formats) -> str:
    """How much the filter misses, as far as audits tell."""
    aside = f"{missed.set_aside:,}"
    if missed.rate is None:
        return formats.texts.say("notes.not_audited", aside=aside)
    low, high = missed.interval
    least, most = missed.missed_between
    return formats.texts.say(
        "notes.missed",
        aside=aside,
        judged=f"{missed.judged:,}",
        valid=f"{missed.valid:,}",
        rate=f"{missed.rate:.1%}",
        low=f"{low:.1%}",
        high=f"{high:.1%}",
        missed=f"{missed.missed:,}",
        least=f"{least:,}",
        most=f"{most:,}",
    )


def _rates(ledger: Ledger) -> list[tuple[Decimal, date]]:
    """The rates at which the counted amounts were converted when they were recorded."""
    found = ledger.rows(_converted, "rate", "rate_date")
    return sorted(found, key=lambda each: each[1])


def _converted(ledger: Ledger, columns: Sequence[str]) -> pl.DataFrame:
    amounts = ledger.counted.filter(pl.col("price_kind") == PriceKind.AMOUNT)
    return amounts.select(columns).drop_nulls().unique()


def _plain(rate: Decimal) -> str:
    """6.89 for 6.8900, and 7 for 7.0000.

    >>> from decimal import Decimal
    >>> _plain(Decimal("6.8900"))
    '6.89'
    """
    return f"{rate.normalize():f}"
