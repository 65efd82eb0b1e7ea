"""Language interface: the texts of a report, and how months, days and counts are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from wildcrawl.analysis.singular import in_number
from wildcrawl.labels import CLOSED, HEALTH, labels_in

_VALUES = ("reason", "verdict", "product_type", "age_claim", "price_kind", "status")
"""Closed values with labels; "other" is that of a product type or an account."""


def values_in(lang: str) -> dict[str, str]:
    """The labels of closed values of records, and of the health of runs with search. before it."""
    values = {
        value: label for kind in _VALUES for value, label in labels_in(lang, CLOSED[kind]).items()
    }
    runs = labels_in(lang, HEALTH)
    return values | {f"search.{health}": label for health, label in runs.items()}


@dataclass(frozen=True)
class Texts:
    """Texts of one language.

    phrases  phrases of the page, with placeholders in braces; also those of the calendar
    columns  headings of columns; TABLE.COLUMN for a heading of one table
    values   labels of closed values of records
    months   the names of the months and their short names for an axis
    between  separator of sentences
    comma    separator of listed names
    last     separator before the last listed name in a sentence
    units    units of short numbers, largest first
    """

    lang: str
    phrases: Mapping[str, str]
    columns: Mapping[str, str]
    values: Mapping[str, str]
    months: Sequence[str]
    short_months: Sequence[str]
    between: str
    comma: str
    last: str
    units: Sequence[tuple[int, str]]

    def say(self, phrase: str, **words: object) -> str:
        """A phrase with its placeholders filled; KeyError if there is no such phrase."""
        text = self.phrases[phrase].format(**words)
        return in_number(text) if self.lang == "en" else text

    def column(self, name: str, table: str = "") -> str:
        """Heading of a column; a table may override it."""
        known = self.columns.get(f"{table}.{name}") or self.columns.get(name)
        return known or name.replace("_", " ").capitalize()

    def value(self, word: str) -> str:
        """Label of a closed value."""
        return self.values.get(word, word)

    def month(self, month: str) -> str:
        """May 2016 for 2016-05."""
        name = self.months[int(month[5:]) - 1]
        return self.say("calendar.month", year=month[:4], month=name)

    def short_month(self, month: str) -> str:
        """Sep 2016 for 2016-09, as in the cells of a table."""
        return self.say("calendar.month", year=month[:4], month=self.month_tick(month))

    def month_name(self, month: str) -> str:
        """Name of a month without its year."""
        return self.months[int(month[5:]) - 1]

    def month_tick(self, month: str) -> str:
        """Short name of a month without its year, for an axis."""
        return self.short_months[int(month[5:]) - 1]

    def day(self, day: date) -> str:
        """A day, such as 14 April 2017."""
        name = self.months[day.month - 1]
        return self.say("calendar.day", year=day.year, month=name, day=day.day)

    def made(self, moment: datetime) -> str:
        """Moment when a report was made; `moment` is in China's time."""
        return self.say("made", day=self.day(moment.date()), time=f"{moment:%H:%M}")

    def period(self, first: str, last: str) -> str:
        """A period: May 2016, or January 2012 to December 2016."""
        if first == last:
            return self.month(first)
        return self.say("calendar.period", first=self.month(first), last=self.month(last))

    def during(self, first: str, last: str) -> str:
        """A period in a sentence: in May 2016, or from January 2012 to December 2016."""
        phrase = "calendar.in" if first == last else "calendar.from"
        return self.say(phrase, period=self.period(first, last))

    def numbered(self, phrase: str, number: int) -> str:
        """Key of the singular or plural form of a phrase."""
        return f"{phrase}.{'one' if number == 1 else 'many'}"

    def advertisements(self, number: int) -> str:
        """A number of new advertisements."""
        return self.say(self.numbered("advertisements", number), number=f"{number:,}")

    def websites(self, number: int) -> str:
        """A number of monitored websites."""
        return self.say(self.numbered("websites", number), number=f"{number:,}")

    def short_number(self, number: float) -> str:
        """Short form of a round number for an axis: 10k, or 1万."""
        for size, unit in self.units:
            if number >= size:
                return f"{number / size:,g}{unit}"
        return f"{number:,g}"

    def inside(self, label: str) -> str:
        """A label as written inside a sentence."""
        return label[:1].lower() + label[1:]

    def join(self, sentences: Sequence[str]) -> str:
        """Sentences joined to a paragraph."""
        return self.between.join(sentences)

    def first(self, names: Sequence[str], most: int, more: str) -> list[str]:
        """At most that many of the names, and then in a phrase how many others there are."""
        others = len(names) - most
        further = [self.say(self.numbered(more, others), number=others)] if others > 0 else []
        return [*names[:most], *further]

    def enumerate(self, names: Sequence[str]) -> str:
        """Names joined to a list."""
        return self.comma.join(names)

    def series(self, names: Sequence[str]) -> str:
        """Names joined to a list within a sentence: A, B and C."""
        return self.last.join(filter(None, (self.enumerate(names[:-1]), *names[-1:])))
