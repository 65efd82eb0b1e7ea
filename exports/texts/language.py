"""Language interface: the texts of a report, and how months, days and counts are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Texts:
    """The words of one language.

    phrases  what the page says, with gaps in braces; the calendar's phrases among them
    columns  the headings of columns; TABLE.COLUMN where a table has its own
    values   the closed words of records
    months   the names of the months and their short names for an axis
    between  what stands between two sentences
    comma    what stands between two names of a row
    last     what stands before the last name of a row in a sentence
    units    what short numbers are counted in, the largest first
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
        """A phrase with its gaps filled; KeyError if there is no such phrase."""
        return self.phrases[phrase].format(**words)

    def column(self, name: str, table: str = "") -> str:
        """The heading of a column; a table may have its own for a name that others use too."""
        known = self.columns.get(f"{table}.{name}") or self.columns.get(name)
        return known or name.replace("_", " ").capitalize()

    def value(self, word: str) -> str:
        """How the page writes one of the closed words."""
        return self.values.get(word, word)

    def month(self, month: str) -> str:
        """2016-05 as May 2016."""
        name = self.months[int(month[5:]) - 1]
        return self.say("calendar.month", year=month[:4], month=name)

    def month_name(self, month: str) -> str:
        """The month without its year."""
        return self.months[int(month[5:]) - 1]

    def month_tick(self, month: str) -> str:
        """The month without its year, short, as an axis has room for."""
        return self.short_months[int(month[5:]) - 1]

    def day(self, day: date) -> str:
        """14 April 2017."""
        name = self.months[day.month - 1]
        return self.say("calendar.day", year=day.year, month=name, day=day.day)

    def made(self, moment: datetime) -> str:
        """When a report was made; `moment` is in China's time."""
        return self.say("made", day=self.day(moment.date()), time=f"{moment:%H:%M}")

    def period(self, first: str, last: str) -> str:
        """May 2016, or January 2012 to December 2016."""
        if first == last:
            return self.month(first)
        return self.say("calendar.period", first=self.month(first), last=self.month(last))

    def during(self, first: str, last: str) -> str:
        """In May 2016, or from January 2012 to December 2016."""
        phrase = "calendar.in" if first == last else "calendar.from"
        return self.say(phrase, period=self.period(first, last))

    def numbered(self, phrase: str, number: int) -> str:
        """The phrase that speaks of one, or of many."""
        return f"{phrase}.{'one' if number == 1 else 'many'}"

    def advertisements(self, number: int) -> str:
        """So many new advertisements."""
        return self.say(self.numbered("advertisements", number), number=f"{number:,}")

    def websites(self, number: int) -> str:
        """So many monitored websites."""
        return self.say(self.numbered("websites", number), number=f"{number:,}")

    def short_number(self, number: float) -> str:
        """A round number as an axis has room for: 10k, or 1万."""
        for size, unit in self.units:
            if number >= size:
                return f"{number / size:,g}{unit}"
        return f"{number:,g}"

    def inside(self, label: str) -> str:
        """A label as it is inside a sentence."""
        return label[:1].lower() + label[1:]

    def join(self, sentences: Sequence[str]) -> str:
        """Sentences one after the other."""
        return self.between.join(sentences)

    def enumerate(self, names: Sequence[str]) -> str:
        """Names in a row."""
        return self.comma.join(names)

    def series(self, names: Sequence[str]) -> str:
        """Names in a row as a sentence has them: A, B and C."""
        return self.last.join(filter(None, (self.enumerate(names[:-1]), *names[-1:])))
