"""Caveats of a report: sentences on what waits for a verdict, and on what was not searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exports.formats import Formats
    from exports.summary import Summary

_NAMED = 8
"""Maximum number of months, sites or species named; further ones are only counted."""


def banners(summary: Summary, formats: Formats) -> list[str]:
    """Sentences of the banner: why a report is provisional, and that it counts pending ones."""
    say, why = formats.texts.say, summary.provisional
    reasons = [say("banner_waiting")] if why else []
    if not formats.context.final:
        reasons += _unsearched(summary, formats)
    lines = [say("pending_banner")] if formats.context.include_pending else []
    if reasons:
        lines.append(say("provisional_banner", reasons=say("banner_and").join(reasons)))
    return lines


def titled_provisional(summary: Summary, formats: Formats) -> bool:
    """Whether the title says that the report is provisional, as its banner does."""
    unsearched = bool(summary.missed or summary.gaps) and not formats.context.final
    return summary.provisional is not None or unsearched


def marks(summary: Summary, formats: Formats) -> str:
    """What titles say of a report that is provisional, or that counts pending advertisements."""
    say = formats.texts.say
    pending = say("pending_mark") if formats.context.include_pending else ""
    provisional = titled_provisional(summary, formats)
    return (say("provisional_mark") if provisional else "") + pending


def title(summary: Summary, formats: Formats) -> str:
    """Title of the report, with its period and marks."""
    months = formats.context.months
    period = formats.texts.period(months[0], months[-1])
    return formats.texts.say("title", period=period) + marks(summary, formats)


def _unsearched(summary: Summary, formats: Formats) -> list[str]:
    """Clauses on the months in which no website, or not every one, was searched."""
    texts, clauses = formats.texts, []

    if summary.gaps:
        clauses.append(texts.say("banner_gaps", months=named_months(summary.gaps, formats)))
    missed = {month: sites for month, sites in summary.missed.items() if month not in summary.gaps}
    if not missed:
        return clauses
    sites = sorted({site for each in missed.values() for site in each})
    # Of several sites in several months, each may have been missed in some of them only.
    phrase = "banner_missed"
    if len(sites) == 1 or len(missed) == 1:
        partly = not _with_finds(summary).isdisjoint(sites)
        phrase = texts.numbered("banner_site_part" if partly else "banner_site", len(sites))
    labels = named_sites([formats.site(site) for site in sites], formats)
    return [*clauses, texts.say(phrase, months=named_months(missed, formats), sites=labels)]


def steps(summary: Summary, formats: Formats) -> list[str]:
    """What to do about what a report lacks, for its makers; none of it is on the page."""
    say, context = formats.texts.say, formats.context
    lines = [say("judge_them")] if summary.provisional else []
    if context.other_rules.open:
        lines.append(say("retag_them"))
    if context.reposts is not None and context.reposts.compared < context.reposts.checked:
        lines.append(say("compare_them"))
    return lines


def provisional(summary: Summary, formats: Formats) -> list[str]:
    """Sentences on an unfinished period: how much waits, and what was counted so far."""
    texts, why = formats.texts, summary.provisional
    if why is None:
        return []
    share, months = why.share, list(why.months)
    found = {"all": f"{share.total:,}", "waiting": f"{share.waiting:,}"}
    names = named_months(months, formats)
    phrase = texts.numbered("provisional", share.waiting)
    lines = [texts.say(phrase, months=names, percent=share.waiting_percent, **found)]
    if share.raised:
        phrase = texts.numbered("provisional_raised", share.raised)
        lines.append(texts.say(phrase, number=f"{share.raised:,}"))
    if not summary.total:
        during = texts.during(*(list(summary.by_month)[place] for place in (0, -1)))
        return [*lines, texts.say("none_counted", during=during)]
    phrase = "provisional_pending" if formats.context.include_pending else "provisional_total"
    if 1 < summary.monitored == len(summary.sites):
        phrase += "_everywhere"
    counted = texts.say(
        texts.numbered(phrase, summary.total),
        advertisements=texts.advertisements(summary.total),
        carrying=len(summary.sites),
        monitored=texts.websites(summary.monitored),
    )
    return [*lines, counted]


def waiting_where(summary: Summary, formats: Formats) -> list[str]:
    """Sentences on what waits by site and species, and what is left out until then."""
    texts, (sites, species) = formats.texts, summary.waiting
    numbered = [
        [texts.say("named_number", name=name, number=f"{number:,}") for name, number in names]
        for names in (
            [(formats.site(name), number) for name, number in sites],
            [(texts.inside(formats.species(name)), number) for name, number in species],
        )
    ]
    where = [
        texts.series([*names[:_NAMED], *_further(rest[_NAMED:], phrase, formats)])
        for names, rest, phrase in zip(
            numbered, (sites, species), ("more_sites", "more_species"), strict=True
        )
    ]
    number = sum(number for _, number in sites)
    lines = [
        texts.say(
            texts.numbered("waiting_where", number),
            number=f"{number:,}",
            sites=where[0],
            species=where[1],
        ),
        texts.say("provisional_until"),
    ]
    if not summary.total:
        lines.append(texts.say("count_them"))
    return lines


def _further(rest: Sequence[tuple[str, int]], phrase: str, formats: Formats) -> list[str]:
    """What is said of the sites or species that are not named: how many, and their sum."""
    if not rest:
        return []
    total = sum(number for _, number in rest)
    name = formats.texts.say(formats.texts.numbered(phrase, len(rest)), number=len(rest))
    return [formats.texts.say("named_number", name=name, number=f"{total:,}")]


def searches(summary: Summary, formats: Formats) -> list[str]:
    """Sentences on the months without a search, the sites not searched, and an unfinished month."""
    texts, months, lines = formats.texts, list(summary.by_month), []
    if summary.gaps:
        names = named_months(summary.gaps, formats)
        lines.append(texts.say("gaps", months=names))
    if summary.missed and len(months) == 1:
        (missed,) = summary.missed.values()
        lines += _missed(missed, summary, formats)
    elif summary.missed:
        times = Counter(site for missed in summary.missed.values() for site in missed)
        ordered = sorted(times, key=lambda name: (-times[name], name))
        lines.append(
            texts.say(
                "missed_months",
                months=named_months(summary.missed, formats),
                sites=named_sites([formats.site(name) for name in ordered], formats),
            )
        )
    if summary.keywords and len(months) == 1:
        ((searched, in_use),) = summary.keywords.values()
        lines.append(texts.say("keywords_missed", number=searched, all=in_use))
    elif summary.keywords:
        names = named_months(summary.keywords, formats)
        lines.append(texts.say("keywords_missed_months", months=names))
    if summary.running:
        lines.append(texts.say("running", month=texts.month(months[-1])))
    return lines


def _missed(missed: Mapping[str, str], summary: Summary, formats: Formats) -> list[str]:
    """Sentences on the sites not searched in a single month, apart from those with finds."""
    found, lines = _with_finds(summary), []
    for key, partly in (("missed_part", True), ("missed", False)):
        named = [formats.missed(*each) for each in missed.items() if (each[0] in found) == partly]
        if named:
            phrase = formats.texts.numbered(key, len(named))
            sites = named_sites(named, formats)
            lines.append(formats.texts.say(phrase, number=len(named), sites=sites))
    return lines


def _with_finds(summary: Summary) -> set[str]:
    """The sites with advertisements in the period, counted or waiting for a verdict.

    A site of these whose search did not end well was searched, but not completely.
    """
    return {site.name for site in summary.sites} | {name for name, _ in summary.waiting[0]}


def unlisted(summary: Summary, formats: Formats) -> list[str]:
    """Note on the species groups that the vocabulary lacks, if there are any."""
    if not summary.unlisted:
        return []
    texts = formats.texts
    named = [
        texts.say("named_number", name=name, number=f"{number:,}")
        for name, number in summary.unlisted
    ]
    return [texts.say("notes.unlisted", groups=texts.series(named))]


def named_sites(names: Sequence[str], formats: Formats) -> str:
    """The first names of websites as a list within a sentence; the others are counted."""
    return formats.texts.series(formats.texts.first(names, _NAMED, "more_sites"))


def named_months(months: Iterable[str], formats: Formats) -> str:
    """The first months as a list within a sentence; the others are counted."""
    texts = formats.texts
    names = [texts.month(month) for month in months]
    return texts.series(texts.first(names, _NAMED, "more_months"))
