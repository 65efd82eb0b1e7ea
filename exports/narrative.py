"""Narrative of a report: its sentences, and the notes on method, omissions and exchange rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING

import polars as pl

from exports.caveats import (
    named_months,
    named_sites,
    provisional,
    searches,
    unlisted,
    waiting_where,
)
from exports.comparable import fixed_set
from exports.context import Context, events_of
from exports.formats import Formats
from exports.rounding import change, half_up
from exports.summary import MONTHS_OF_YEAR
from exports.tables.social import survey_averages, survey_years
from exports.unmonitored import cautions
from wildcrawl.analysis.contacts import Kind
from wildcrawl.items import PriceKind
from wildcrawl.months import previous_month
from wildcrawl.review.month_counts import UNJUDGED

if TYPE_CHECKING:
    from exports.comparison import Comparison, SameSites
    from exports.dataset import ReportData
    from exports.summary import Leader, Summary
    from exports.tables.table import Table
    from wildcrawl.review.filter_audit import MissRate
    from wildcrawl.review.looking.after_removal import Reposts

WHOLE_YEAR = 12
"""Months of a year that is whole."""
MOST_RATES = 5
"""Maximum number of rates named one by one."""
_LEADING = 3
"""The most species or websites of one number that are named as the leading ones."""


def sentences(summary: Summary, formats: Formats) -> list[str]:
    """All sentences in the order of the page."""
    return [line for paragraph in paragraphs(summary, formats) for line in paragraph]


def paragraphs(summary: Summary, formats: Formats) -> list[list[str]]:
    """Sentences by paragraph: headline, searches, last month, whole period, unusual months.

    A provisional report has no comparison and names no leading species or site.
    """
    texts, months = formats.texts, list(summary.by_month)
    during = texts.during(months[0], months[-1])
    covered = searches(summary, formats)
    if summary.provisional:
        parts = [provisional(summary, formats), waiting_where(summary, formats), covered]
        return [part for part in parts if part]
    if not summary.total:
        surveyed = social_sentences(replace(formats.context, months=months), formats)
        # Without a search there is no number; the sentence on what was searched says so.
        none = [] if summary.searched_nothing else [texts.say("none_counted", during=during)]
        parts = [none, surveyed, covered, _waiting(summary, formats)]
        return [part for part in parts if part]
    first = _total(summary, formats, during)
    # The first sentence has the number of the only month.
    phrase = "compared_here" if len(months) == 1 else "compared"
    compared = [
        *_comparison(summary.comparison, formats, phrase),
        *_not_compared(summary, formats),
    ]
    course = [
        *_moves(summary, formats),
        *_comparison(summary.year_before, formats, "again" if summary.comparison else "compared"),
        *_season(summary, formats),
    ]
    unusual = [*marked(summary, formats), *_waiting(summary, formats)]
    whole = _leading(summary, formats)
    if len(months) == 1:
        # The headline is short: how the searches of the two months differ is below it.
        alike = summary.comparison is not None and not summary.comparison.same.other_sites
        headline, differing = compared[:alike], compared[alike:]
        parts = [[first, *headline], differing, covered, course, whole, unusual]
    else:
        years, shares = _years(summary, formats), _first_year(summary, formats)
        whole = [*_average(summary, formats), *shares, *whole]
        parts = [[first, *years], covered, whole, [*compared, *course], unusual]
    return [part for part in parts if part]


def _total(summary: Summary, formats: Formats, during: str) -> str:
    """How many advertisements were counted, and on how many of the websites."""
    texts, phrase = formats.texts, "total"
    if len(summary.sites) == summary.monitored:
        phrase = "total_everywhere" if summary.monitored > 1 else "total_alone"
    return texts.say(
        texts.numbered(phrase, summary.total),
        site=formats.site(summary.sites[0].name) if summary.sites else "",
        advertisements=texts.advertisements(summary.total),
        during=during,
        carrying=len(summary.sites),
        monitored=texts.websites(summary.monitored),
    )


def _waiting(summary: Summary, formats: Formats) -> list[str]:
    texts, pending = formats.texts, summary.left_out["pending"]
    if not pending:
        return []
    alone = len(summary.by_month) == 1
    phrase = texts.numbered("some_wait_month" if alone else "some_wait", pending)
    waiting = texts.say(phrase, advertisements=texts.advertisements(pending))
    return [waiting] if summary.total else [waiting, texts.say("count_them")]


def _average(summary: Summary, formats: Formats) -> list[str]:
    texts = formats.texts
    by_month = {
        month: number or 0
        for month, number in summary.finished.items()
        if month not in summary.gaps
    }
    if len(by_month) < 3:
        return []
    complete = {month: number for month, number in by_month.items() if month not in summary.missed}
    missed = len(complete) < len(by_month)
    if len(complete) >= 3:
        by_month = complete
    high, low = max(by_month, key=by_month.__getitem__), min(by_month, key=by_month.__getitem__)
    average = half_up(Fraction(sum(by_month.values()), len(by_month)), 1)
    figures = {"most": f"{by_month[high]:,}", "fewest": f"{by_month[low]:,}"}
    names = {"high": texts.month(high), "low": texts.month(low)}
    phrase = "average_searched" if summary.gaps else "average"
    if missed and by_month is complete:
        phrase = "average_complete"
    said = texts.say(phrase, average=f"{average:,}", number=len(by_month), **names, **figures)
    return [said, texts.say("average_low")] if missed and by_month is not complete else [said]


def _years(summary: Summary, formats: Formats) -> list[str]:
    texts = formats.texts
    if summary.compared_years is None:
        return []
    before, last = summary.compared_years
    words = {
        "year": last["year"],
        "number": f"{last['advertisements']:,}",
        "average": f"{last['monthly_average']:,}",
        "before": before["year"],
        "then": f"{before['monthly_average']:,}",
    }
    percent: Decimal = last["change_percent"]
    low_months = summary.missed.keys() & summary.finished.keys()
    missed = sum(month[:4] in (before["year"], last["year"]) for month in low_months)
    low = [texts.say(texts.numbered("years_low", missed), number=missed)] if missed else []
    if percent:
        return [texts.say("years", change=_moved(percent, formats), **words), *low]
    return [texts.say("years_same", **words), *low]


def _first_year(summary: Summary, formats: Formats) -> list[str]:
    """The last year compared with the first, if there is a year in between."""
    if len(summary.years) < 3 or summary.years[-1]["percent_of_first_year"] is None:
        return []
    first, last = summary.years[0], summary.years[-1]
    percent = f"{last['percent_of_first_year']:,}"
    words = {"year": last["year"], "first": first["year"], "percent": percent}
    months = first["months_searched"]
    phrase = "first_year" if months == WHOLE_YEAR else "first_year_part"
    return [formats.texts.say(phrase, months=months, **words)]


def _changed(percent: Decimal | None, formats: Formats) -> str:
    return _moved(percent, formats) if percent else formats.texts.say("equal")


def _moved(percent: Decimal, formats: Formats) -> str:
    return formats.texts.say("more" if percent > 0 else "fewer", percent=f"{abs(percent):,}")


def _comparison(comparison: Comparison | None, formats: Formats, phrase: str) -> list[str]:
    if comparison is None:
        return []
    names = {
        "month": formats.texts.month(comparison.month),
        "before": formats.texts.month(comparison.before),
    }
    # Totals of other sets of sites do not compare; comparisons.csv has both.
    alike = not comparison.same.other_sites
    plain = [_compared(comparison, names, formats, phrase)] if alike else []
    return [*plain, *_differences(comparison, names, formats)]


def _compared(
    numbers: Comparison | SameSites, names: dict[str, str], formats: Formats, phrase: str
) -> str:
    say = formats.texts.say
    words = names | {"now": f"{numbers.now:,}", "then": f"{numbers.then:,}"}
    if numbers.now == numbers.then:
        return say(f"{phrase}_same", **words)
    if numbers.percent is None:
        return say(f"{phrase}_nothing", **words)
    return say(phrase, change=_moved(numbers.percent, formats), **words)


def _differences(comparison: Comparison, names: dict[str, str], formats: Formats) -> list[str]:
    """How the searches of two months differ, and the comparison on the sites of both."""
    texts, same, lines = formats.texts, comparison.same, []
    if same.other_sites:
        only = [
            texts.say("only_in", month=month, sites=named_sites(sites, formats))
            for month, sites in (
                (names["month"], [formats.site(site) for site in same.only_now]),
                (names["before"], [formats.site(site) for site in same.only_before]),
            )
            if sites
        ]
        lines.append(texts.say("sites_differ", only=texts.say("only_and").join(only)))
    if same.other_sites and not same.sites:
        lines.append(texts.say("no_same_sites"))
    elif same.other_sites:
        sites = texts.say(texts.numbered("same_sites_of", len(same.sites)), number=len(same.sites))
        lines.insert(0, _compared(same, names | {"sites": sites}, formats, "on_same"))
    if same.other_keywords:
        numbers = {"now": same.keywords_now, "then": same.keywords_then}
        lines.append(texts.say("keywords_differ", **names, **numbers))
    return lines


def _not_compared(summary: Summary, formats: Formats) -> list[str]:
    """Why the last month is not compared with the one before it, if that was monitored."""
    if summary.unknown not in ("gap", "unjudged"):
        return []
    month = list(summary.by_month)[-1]
    names = {"month": month, "before": previous_month(month)}
    words = {key: formats.texts.month(name) for key, name in names.items()}
    return [formats.texts.say(f"not_compared.{summary.unknown}", **words)]


def _moves(summary: Summary, formats: Formats) -> list[str]:
    texts, rose, fell = formats.texts, summary.rose, summary.fell
    words: dict[str, str] = {}
    compared = summary.comparison
    on_same = compared is not None and compared.same.other_sites
    for key, move in (("rose", rose), ("fell", fell)):
        if move:
            words[key] = texts.inside(formats.species(move.name))
            words |= {f"{key}_then": f"{move.then:,}", f"{key}_now": f"{move.now:,}"}
    if not words:
        return []
    words["between"] = texts.say("between_same" if on_same else "between")
    return [texts.say("moved" if rose and fell else "only_rose" if rose else "only_fell", **words)]


def _season(summary: Summary, formats: Formats) -> list[str]:
    if summary.season is None:
        return []
    phrase = "season_fewest" if summary.season.fewest else "season_most"
    month, since = summary.season.month, summary.season.since
    name = formats.texts.month_name(month)
    return [formats.texts.say(phrase, name=name, year=month[:4], since=since)]


def marked(summary: Summary, formats: Formats) -> list[str]:
    """Sentences on the months above and below their expected band, if there are any."""
    texts, months = formats.texts, summary.marked
    if len(months) == 1:
        ((month, expected),) = months.items()
        phrase = "above" if (summary.by_month[month] or 0) > expected.high else "below"
        band = {"low": f"{expected.low:,}", "high": f"{expected.high:,}"}
        return [texts.say(phrase, month=texts.month(month), **band)]
    lines = []
    for phrase, above in (("above", True), ("below", False)):
        beyond = [
            month
            for month, expected in months.items()
            if ((summary.by_month[month] or 0) > expected.high) == above
        ]
        if beyond:
            phrase = texts.numbered(f"marked_{phrase}", len(beyond))
            lines.append(texts.say(phrase, months=named_months(beyond, formats)))
    return lines


def _leading(summary: Summary, formats: Formats) -> list[str]:
    """Sentences about the first species and the first website; several of one number share it."""
    texts = formats.texts
    lines = []
    species, sites = _first(summary.species), _first_sites(summary)
    if species:
        number, share = f"{species[0].number:,}", species[0].share
        names = [formats.species(each.name) for each in species]
        later = [*names[:1], *map(texts.inside, names[1:])]
        words: dict[str, object] = {"species": texts.series(later)}
        words |= {"share": share, "number": number}
        phrase = "leading_species" if len(species) == 1 else "leading_tie"
        if len(species) == 1 and len(summary.species) > 1:
            second = summary.species[1]
            words["second"] = texts.inside(formats.species(second.name))
            words["second_share"] = second.share
            phrase = "leading_two"
        lines.append(texts.say(phrase, **words))
    if sites:
        phrase = "leading_site" if len(sites) == 1 else "leading_sites"
        named = texts.series([formats.site(each.name) for each in sites])
        number, share = f"{sites[0].number:,}", sites[0].share
        lines.append(texts.say(phrase, site=named, share=share, number=number))
    return lines


def leading_figures(summary: Summary, formats: Formats) -> list[tuple[str, str]]:
    """Key figures of the leading species and website: the share, and whose it is.

    Several of one number share it, as in the summary.
    """
    if summary.provisional:
        return []
    texts, figures = formats.texts, []
    for kind, first in (("species", _first(summary.species)), ("site", _first_sites(summary))):
        if not first:
            continue
        labels = [
            texts.inside(formats.species(each.name))
            if kind == "species"
            else formats.site(each.name)
            for each in first
        ]
        phrase = f"figure_{kind}" if len(first) == 1 else f"figure_{kind}_each"
        figures.append((f"{first[0].share}%", texts.say(phrase, **{kind: texts.series(labels)})))
    return figures


def _first(leaders: Sequence[Leader]) -> list[Leader]:
    """Those that have the most; none if these are more than can be called the leading ones."""
    first = [each for each in leaders if each.number == leaders[0].number]
    return first if len(first) <= _LEADING else []


def _first_sites(summary: Summary) -> list[Leader]:
    """The first websites; none if only one is monitored, which has all there is."""
    return _first(summary.sites) if summary.monitored > 1 else []


def notes(
    data: ReportData, summary: Summary, formats: Formats, *, with_files: bool = True
) -> list[str]:
    """Notes in the order of the page."""
    say, context = formats.texts.say, data.context
    counted = "counted_pending" if context.include_pending else "counted_valid"
    lines = [
        say("notes.counting", counted=say(counted)),
        say("notes.limits"),
        say("notes.species"),
        say("notes.verdict"),
        *_left_out(summary, formats),
    ]
    if summary.provisional:
        lines.append(say("notes.provisional", percent=f"{float(100 * UNJUDGED):g}"))
    if context.not_stored:
        number = f"{context.not_stored:,}"
        note = "notes.not_stored_at_most" if context.unmatched_again else "notes.not_stored"
        lines[-1] = formats.texts.join([lines[-1], say(note, number=number)])
    if data.missed is not None and data.missed.set_aside:
        lines.append(_missed(data.missed, formats))
    if data.second_reader.raised:
        numbers = {name: f"{number:,}" for name, number in asdict(data.second_reader).items()}
        lines.append(say("notes.second_reader", **numbers))
    lines += cautions(data, formats)
    lines.append(_hidden(data, formats))
    rate = _plain(context.rate)
    lines.append(say("notes.rate", rate=rate, day=formats.texts.day(context.rate_date)))
    recorded = _rates(data)
    if recorded not in ([], [(context.rate, context.rate_date)]):
        lines[-1] = formats.texts.join([lines[-1], *_recorded_at(recorded, formats)])
    lines.append(say("notes.rounding"))
    if data.coverage.known:
        lines.append(say("notes.searched"))
    lines += unlisted(summary, formats)
    if summary.bands:
        lines.append(say("notes.band"))
    events = events_of(context)
    if events:
        named = [
            say("notes.event", label=formats.event(event), day=formats.texts.day(event.day))
            for event in events
        ]
        lines.append(say("notes.events", events=formats.texts.enumerate(named)))
    return [*lines, say("notes.same_rows")] if with_files else lines


def _left_out(summary: Summary, formats: Formats) -> list[str]:
    """The note on what is not counted; none if the period has nothing at all."""
    pending = formats.context.include_pending
    numbers = dict(summary.left_out)
    if pending:
        del numbers["pending"]
    if not any(numbers.values()):
        return [formats.texts.say("notes.none_left_out")] if summary.total else []
    phrase = "notes.left_out_counting_pending" if pending else "notes.left_out"
    return [formats.texts.say(phrase, **{name: f"{each:,}" for name, each in numbers.items()})]


def _hidden(data: ReportData, formats: Formats) -> str:
    """How many contacts of sellers are hidden, by kind."""
    texts = formats.texts
    if data.hidden is None:
        return texts.say("notes.contacts_hidden")
    counts = [(kind, number) for kind in Kind if (number := data.hidden[kind])]
    if not counts:
        return texts.say("notes.no_contacts")
    named = [f"{texts.value(f'contact.{kind}')} {number:,}" for kind, number in counts]
    total = f"{data.hidden.total():,}"
    return texts.say("notes.contacts", number=total, kinds=texts.enumerate(named))


def social_sentences(context: Context, formats: Formats) -> list[str]:
    """Sentences on each year with surveys in the period: averages of the year, and their change.

    Those of the period's last year are of its surveys up to the end of the period.
    """
    texts = formats.texts
    averages, lines = survey_averages(context), []
    last, month = context.months[-1].split("-")
    for year in survey_years(context):
        surveys, ads, media = averages[year]
        part = (
            "social_summary.part" if str(year) == last and month != "12" else "social_summary.year"
        )
        named = texts.say(part, year=year, month=texts.month_name(context.months[-1]))
        words = {"named": named, "ads": f"{half_up(ads, 1):,}", "media": f"{half_up(media, 1):,}"}
        text = texts.say(texts.numbered("social_summary.said", surveys), surveys=surveys, **words)
        before = averages.get(year - 1)
        if before and before[1] and before[2]:
            moved = {
                "ads_before": f"{half_up(before[1], 1):,}",
                "media_before": f"{half_up(before[2], 1):,}",
                "ads": _changed(change(ads, before[1]), formats),
                "media": _changed(change(media, before[2]), formats),
            }
            text = texts.join([text, texts.say("social_summary.change", before=year - 1, **moved)])
        lines.append(text)
    return [*lines, *_unfinished_surveys(context, formats)]


def _unfinished_surveys(context: Context, formats: Formats) -> list[str]:
    """A sentence on each survey of the period that lacks accounts, or rows of its file."""
    if context.social is None:
        return []
    sentences = []
    days = dict(context.social.surveys.select("survey", "date").rows())
    for name, day in days.items():
        if name in context.social.unfinished and f"{day:%Y-%m}" in context.months:
            finished, active = context.social.unfinished[name]
            words = {"survey": name, "finished": finished, "active": active}
            sentences.append(formats.texts.say("social_summary.unfinished", **words))
    for name, rows in context.social.rejected.items():
        # The day of a survey that was rejected itself is not known.
        if name not in days or f"{days[name]:%Y-%m}" in context.months:
            words = {"survey": name, "rows": rows}
            sentences.append(formats.texts.say("social_summary.rejected", **words))
    return sentences


def removal_sentences(context: Context, formats: Formats) -> list[str]:
    """Sentence on the state of all advertisements reported to operators."""
    notified = sum(removal.notified for removal in context.removals)
    if not notified:
        return []
    removed = sum(removal.removed for removal in context.removals)
    numbers = {
        "notified": notified,
        "removed": removed,
        "week": sum(removal.removed_within_7_days for removal in context.removals),
        "month": sum(removal.removed_within_30_days for removal in context.removals),
        "up": sum(removal.still_up for removal in context.removals),
        "unknown": sum(removal.unknown for removal in context.removals),
    }
    words = {name: f"{number:,}" for name, number in numbers.items()}
    percent = half_up(Fraction(100 * removed, notified), 1)
    waiting = sum(removal.not_sent for removal in context.removals)
    phrase = "removals.drafted" if waiting == notified else "removals.said"
    if numbers["unknown"] == notified:
        phrase += "_unknown"
    said = [formats.texts.say(phrase, percent=percent, **words)]
    days = [each.days for each in context.outcomes if each.days is not None and each.days >= 0]
    if days:
        middle = half_up(Fraction(str(median(days))), 1)
        said.append(formats.texts.say("removals.median", days=middle))
    if 0 < waiting < notified:
        said.append(formats.texts.say("removals.not_sent", number=f"{waiting:,}"))
    for phrase, week, month in (
        ("removals.not_yet", "not_yet_7_days", "not_yet_30_days"),
        ("removals.unclear", "unclear_7_days", "unclear_30_days"),
    ):
        numbers = {
            name: sum(getattr(removal, field) for removal in context.removals)
            for name, field in (("week", week), ("month", month))
        }
        if any(numbers.values()):
            # A term of which there is nothing to say is not named.
            only = "" if all(numbers.values()) else "_7" if numbers["week"] else "_30"
            words = {name: f"{number:,}" for name, number in numbers.items()}
            said.append(formats.texts.say(f"{phrase}{only}", **words))
    return [formats.texts.join([*said, *_reposts(context.reposts, removed, formats)])]


def _reposts(reposts: Reposts | None, removed: int, formats: Formats) -> list[str]:
    """Sentences on how many of the removed advertisements were reposted; none without any."""
    texts, say = formats.texts, formats.texts.say
    if reposts is None or not removed:
        return []
    if not reposts.known:
        return [say("reposts.unknown")]
    originals = sum(reposts.by_site().values())
    said = [say(texts.numbered("reposts.said", originals) if originals else "reposts.none",
                number=f"{originals:,}")]  # fmt: skip
    if reposts.compared < reposts.checked:
        words = {"compared": f"{reposts.compared:,}", "checked": f"{reposts.checked:,}"}
        said.append(say("reposts.partly", **words))
    return said


def comparable_sentences(data: ReportData, table: Table, formats: Formats) -> list[str]:
    """Sentences on the fixed set of sites and keywords, and on the last years within it.

    `table` is the comparable table; none for a single month.
    """
    texts, say = formats.texts, formats.texts.say
    if not table.rows.height:
        return []
    fixed = fixed_set(data)
    numbers = {"number": len(fixed.sites), "months": len(fixed.months)}
    terms = len(fixed.terms)
    keywords = say(texts.numbered("keywords", terms), number=terms)
    if not fixed.keywords:
        return [say("comparable.none", **numbers)]
    if fixed.same:
        websites = texts.websites(len(fixed.sites))
        return [say("comparable.same", websites=websites, keywords=keywords)]
    sites = named_sites([formats.site(site) for site in fixed.sites], formats)
    monitored = texts.websites(fixed.monitored)
    phrase = "comparable.set_all" if len(fixed.sites) == fixed.monitored > 1 else "comparable.set"
    lines = [say(phrase, monitored=monitored, sites=sites, keywords=keywords, **numbers)]
    without = int(table.rows["without_keyword"].sum())
    if not fixed.searches:
        lines.append(say("comparable.no_keywords"))
    elif not table.rows["fixed_searches"].count():
        lines.append(say("comparable.unattributed"))
    elif without:
        phrase = texts.numbered("comparable.without", without)
        lines.append(say(phrase, number=f"{without:,}"))
    return [*lines, *_comparable_years(data, table, formats)]


def _comparable_years(data: ReportData, table: Table, formats: Formats) -> list[str]:
    """The last year compared with the one before it, on the fixed searches or else sites."""
    if data.provisional:
        return []
    column = "fixed_searches" if table.rows["fixed_searches"].count() else "fixed_sites"
    by_year: dict[str, list[int]] = {}
    for month, number in table.rows.select("month", column).rows():
        if number is not None and not data.context.is_running(month):
            by_year.setdefault(month[:4], []).append(number)
    if len(by_year) < 2:
        return []
    (before, earlier), (year, later) = list(by_year.items())[-2:]
    if min(len(earlier), len(later)) < MONTHS_OF_YEAR:
        return []
    then, now = (Fraction(sum(numbers), len(numbers)) for numbers in (earlier, later))
    percent = change(now, then)
    words = {"year": year, "now": f"{half_up(now, 1):,}", "before": before}
    words["then"] = f"{half_up(then, 1):,}"
    if percent is None or not percent:
        return [formats.texts.say(f"{column}.years_plain", **words)]
    return [formats.texts.say(f"{column}.years", change=_moved(percent, formats), **words)]


def _missed(missed: MissRate, formats: Formats) -> str:
    """Note on the filter's miss rate, estimated from audits."""
    aside = f"{missed.set_aside:,}"
    if missed.rate is None:
        phrase = "notes.not_audited" if missed.sampled else "notes.none_sampled"
        return formats.texts.say(phrase, aside=aside)
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


def _recorded_at(rates: list[tuple[Decimal, date]], formats: Formats) -> list[str]:
    """Sentences on the rates at which amounts were recorded, by name if they are few."""
    say = formats.texts.say

    def named(some: list[tuple[Decimal, date]]) -> str:
        return formats.texts.series(
            [
                say("notes.rate_of", rate=_plain(rate), day=formats.texts.day(day))
                for rate, day in some
            ]
        )

    if len(rates) <= MOST_RATES:
        sentences = [say("notes.rates", rates=named(rates))]
    else:
        ends = [min(rates), max(rates)]
        sentences = [say("notes.many_rates", number=len(rates), rates=named(ends))]
    return sentences if len(rates) == 1 else [*sentences, say("notes.several_rates")]


def _rates(data: ReportData) -> list[tuple[Decimal, date]]:
    """Exchange rates used when the counted amounts were recorded, by day."""
    rates = data.rows(_converted, "rate", "rate_date")
    return sorted(rates, key=lambda rate: rate[1])


def _converted(data: ReportData, columns: Sequence[str]) -> pl.DataFrame:
    amounts = data.counted.filter(pl.col("price_kind") == PriceKind.AMOUNT)
    return amounts.select(columns).drop_nulls().unique()


def _plain(rate: Decimal) -> str:
    """6.89 for 6.8900, and 7.00 for 7.0000: at least two decimals.

    >>> from decimal import Decimal
    >>> _plain(Decimal("6.8900"))
    '6.89'
    >>> _plain(Decimal("7")), _plain(Decimal("7.12340"))
    ('7.00', '7.1234')
    """
    text = f"{rate.normalize():f}"
    return text if len(text.partition(".")[2]) > 2 else f"{rate:.2f}"
