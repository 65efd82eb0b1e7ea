"""Every word of the page that no record brings along, in English."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

_COLUMNS = {
    "ad_id": "Advertisement",
    "age_claim": "Age claimed",
    "first_seen": "First seen",
    "kind": "Price given as",
    "max_cny": "Highest, RMB",
    "max_usd": "Highest, USD",
    "median_cny": "Median, RMB",
    "median_usd": "Median, USD",
    "min_cny": "Lowest, RMB",
    "min_usd": "Lowest, USD",
    "price": "Price as written",
    "product_type": "Product",
    "share_percent": "Share",
    "sites": "Websites",
    "site": "Website",
    "url": "Address",
    "coverage.species": "Species groups",
}

_VALUES = {
    "amount": "amount",
    "per_gram": "per gram",
    "on_request": "on request",
    "placeholder": "placeholder (999999, 1)",
    "range": "range",
    "foreign": "other currency",
    "invalid": "not readable",
    "absent": "no price",
    "raw": "raw",
    "semi_worked": "semi-worked",
    "worked_carved": "worked, carved",
    "worked_uncarved": "worked, uncarved",
    "other": "other",
    "unknown": "not stated",
    "old": "old",
    "new": "new",
    "none": "none",
}

_PHRASES = {
    "kicker": "Wildlife trade monitoring",
    "heading": "New advertisements",
    "title": "New advertisements, {period}",
    "counted_valid": "valid advertisements",
    "counted_pending": "valid and pending advertisements",
    "pending_mark": " (pending included)",
    "pending_banner": (
        "Provisional: advertisements that no person has judged yet are counted in every figure."
    ),
    "made": "Made on {moment}",
    "csv": "CSV",
    "no_rows": "No rows in this period.",
    "none_counted": "No advertisements were counted {during}.",
    "some_wait": "{advertisements} of the period wait for a verdict.",
    "count_them": "To count them as well, export with --include-pending.",
    "total": "{advertisements} were recorded {during}, on {carrying} of {monitored}.",
    "average": (
        "That is {average} a month; the most were in {high} ({most}), "
        "the fewest in {low} ({fewest})."
    ),
    "compared": "{month} had {now}, {change} than {before} ({then}).",
    "compared_same": "{month} had {now}, as many as {before}.",
    "compared_nothing": "{month} had {now}; {before} had none.",
    "more": "{percent}% more",
    "fewer": "{percent}% fewer",
    "leading_species": "{species} leads with {share}% ({number}).",
    "leading_two": (
        "{species} leads with {share}% ({number}), followed by {second} with {second_share}%."
    ),
    "leading_site": "The leading website, {site}, carries {share}% of all ({number}).",
    "figure_total": "new advertisements",
    "figure_change": "{month} against {before}",
    "figure_species": "of all are {species}",
    "figure_site": "of all are on {site}",
    "all": "All",
    "chart_months": "Advertisements a month",
    "chart_months_alt": "Line chart of advertisements a month, in all and for the leading species.",
    "chart_species": "Advertisements a month by species, each on a scale of its own",
    "chart_species_alt": "Small line charts of advertisements a month, one for each species.",
    "chart_species_total": "{number} in all",
    "chart_one_month": "Advertisements in {period}, by species",
    "chart_one_month_alt": "Bar chart of the advertisements in {period}, in all and by species.",
    "chart_series_alt": "{name}: {low} to {high} a month, {last} in {month}.",
    "chart_bar_alt": "{name}: {number}.",
    "monthly.title": "Advertisements by month",
    "monthly.note": (
        "Each advertisement counts once, in the month it was first recorded, and under one "
        "species; so the species add up to all."
    ),
    "species_share.title": "Share by species",
    "species_share.note": (
        "{general} stands for advertisements that name no species of their own."
    ),
    "site_share.title": "Share by website",
    "site_share.note": "Websites that were monitored and had none are listed with 0.",
    "prices.title": "Prices asked",
    "prices.note": (
        "What sellers ask, not what buyers pay. Product and age are as the seller claims: old "
        "means made before 1949, new means modern."
    ),
    "price_kinds.title": "How prices are given",
    "price_kinds.note": "Only amounts and prices per gram enter the table of prices.",
    "coverage.title": "What was monitored",
    "coverage.note": "Websites, search keywords and species groups in use by each month.",
    "advertisements.title": "The newest advertisements",
    "advertisements.note": (
        "The latest {shown} of {total}; the file has all of them, with every column. "
        "Addresses are printed as text and are not links."
    ),
    "notes.title": "Method and notes",
    "notes.counting": (
        "Counted are {counted}. Each counts once, in the calendar month in China (UTC+8) in "
        "which it was first recorded; when it is seen again it does not count again. "
        "Advertisements are counted, not products."
    ),
    "notes.verdict": (
        "Searches are automated or manual; what they find is screened by a person. A set-aside "
        "advertisement (its own text rules it out: an imitation, a book, a request to buy) "
        "counts only if a person judged it valid."
    ),
    "notes.left_out": (
        "Left out of this period: {pending} pending, {irrelevant} judged irrelevant, "
        "{fake} judged fake, {set_aside} set aside."
    ),
    "notes.left_out_counting_pending": (
        "Left out of this period: {irrelevant} judged irrelevant, {fake} judged fake, "
        "{set_aside} set aside."
    ),
    "notes.not_stored": "Besides, {number} matched no keyword and were not kept.",
    "notes.rate": (
        "USD 1 = RMB {rate} (rate of {day}). Amounts in dollars are those recorded with each "
        "advertisement; prices per gram are converted at this rate. On this page dollars are "
        "rounded to ten cents; the files have cents."
    ),
    "notes.rates": "The amounts of this period were recorded at {rates}.",
    "notes.rate_of": "RMB {rate} ({day})",
    "notes.rounding": (
        "Shares and changes are rounded to one decimal, halves up, so a column may add up to "
        "99.9 or 100.1."
    ),
    "notes.same_rows": (
        "Each table has the rows of its CSV file in the folder csv; of the advertisements the "
        "newest are shown."
    ),
}


@dataclass(frozen=True)
class Texts:
    """The words of one language, and how it writes months, days and counts."""

    lang: str = "en"
    phrases: dict[str, str] = field(default_factory=lambda: _PHRASES)
    columns: dict[str, str] = field(default_factory=lambda: _COLUMNS)
    values: dict[str, str] = field(default_factory=lambda: _VALUES)

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
        return f"{_MONTHS[int(month[5:]) - 1]} {month[:4]}"

    def month_tick(self, month: str) -> str:
        """The month without its year, short, as an axis has room for."""
        return _MONTHS[int(month[5:]) - 1][:3]

    def day(self, day: date) -> str:
        """14 April 2017."""
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def period(self, first: str, last: str) -> str:
        """May 2016, or January 2012 to December 2016."""
        return self.month(first) if first == last else f"{self.month(first)} to {self.month(last)}"

    def during(self, first: str, last: str) -> str:
        """In May 2016, or from January 2012 to December 2016."""
        return f"{'in' if first == last else 'from'} {self.period(first, last)}"

    def advertisements(self, number: int) -> str:
        """So many new advertisements."""
        return f"{number:,} new advertisement{'' if number == 1 else 's'}"

    def inside(self, label: str) -> str:
        """A label as it stands inside a sentence."""
        return label[:1].lower() + label[1:]

    def websites(self, number: int) -> str:
        """So many monitored websites."""
        return f"{number:,} monitored website{'' if number == 1 else 's'}"


ENGLISH = Texts()
