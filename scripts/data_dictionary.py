"""Data dictionary: the columns of the report's CSV files and of records, as Markdown tables.

Names, order and types come from the code, the meanings from this file. A column without a meaning
is a DictionaryError, so that a new one cannot go undocumented.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from exports.context import Context
from exports.dataset import read_report_data
from exports.tables import make_tables
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.items import ADVERTISEMENT_COLUMNS, RECORD_COLUMNS
from wildcrawl.store.frame import FRAME_SCHEMA
from wildcrawl.tabular.tables import KEY
from wildcrawl.tabular.words import COLUMN_LABELS

if TYPE_CHECKING:
    from exports.tables.table import Table


class DictionaryError(LookupError):
    """Raised for a column that has no meaning here; names the column and its table."""


RECORDS: Mapping[str, str] = {
    "site": "the monitored site; needed, unless the row has a key",
    "ad_id": "the site's own id; if empty, it is derived from url, or from title and seller",
    "url": "address of the advertisement's own page",
    "title": "title as written",
    "description": "text as written",
    "category": "the site's category",
    "price": "price as written, such as ￥1,200 or 面议",
    "seller": "seller's name as shown",
    "seller_id": "the site's id of the seller",
    "location": "place as written",
    "posted_at": "when it was posted, as written",
    "found_at": "when it was seen; decides the month of a new advertisement",
    "found_by": "keywords that found it, with ; between",
    "image_urls": "addresses of its pictures, with ; between",
    "images": "number of pictures",
    "videos": "number of videos",
    "species": "species groups, the main one first, with ; between",
    "product_type": "raw, semi_worked, worked_carved, worked_uncarved or other",
    "age_claim": "old or new, as the seller says; none if a person found no claim",
    "verdict": "a person's decision: valid, irrelevant, fake or pending",
    "screened_by": "who gave the verdict",
    "note": "remark of a person",
    "price_kind": "amount, per_gram, on_request, placeholder, range, foreign, invalid or absent",
    "price_cny": "amount in yuan, if the price is one",
    "price_usd": "the amount in US dollars, at the rate of its day",
    "first_seen": "first sighting, whose month in China counts; read if found_at is empty",
    "last_seen": "latest sighting",
    "relevance": "the tagger's decision: likely, set_aside, none, or raised by the second_reader",
    "terms": "words that the tagger found, with ; between",
    "rate": "yuan for one US dollar at which price_usd was converted",
    "rate_date": "day of that rate",
    KEY: "16 letters that stand for site and ad_id when the row is read back",
}
"""Meanings of the columns of records and of advertisements.csv."""

COLUMNS: Mapping[str, str] = {
    "month": "calendar month in China",
    "year": "calendar year in China",
    "all": "all counted advertisements of the month",
    "species": "species group, by its name in the vocabulary",
    "site": "site, by its name",
    "advertisements": "number of advertisements",
    "share_percent": "share in percent; empty where there is nothing to share",
    "sites_not_searched": "number of monitored sites that were not searched",
    "same_sites": "number on the sites that were searched in every month of the period",
    "comparisons.same_sites": "number of the month on the sites searched in both months",
    "months_not_searched": "number of months in which the site was not searched",
    "monthly_average": "average of a month, over the months counted",
    "change_percent": "change in percent against the year before",
    "comparisons.change_percent": "change in percent, on all sites; only the same sites compare",
    "percent_of_first_year": "monthly average in percent of that of the first year",
    "months_searched": "number of months over which the year is averaged",
    "lowest": "fewest advertisements in a month; months with a site that was not searched are left "
    "out, unless that is so in every month",
    "lowest_month": "the first month with so few",
    "highest": "most advertisements in a month, of the same months",
    "highest_month": "the first month that has this number",
    "claim": "age claimed by the seller: old or new",
    "sample": "number of advertisements behind the figures of the row",
    "channel": "web or social",
    "product_type": "product type; unknown if none is given",
    "age_claim": "age claimed: old, new or none",
    "kind": "how the price is given, see price_kind",
    "min_cny": "lowest price in yuan",
    "median_cny": "median price in yuan",
    "max_cny": "highest price in yuan",
    "min_usd": "lowest price in US dollars",
    "median_usd": "median price in US dollars",
    "max_usd": "highest price in US dollars",
    "sites": "number of monitored sites",
    "keywords": "number of keywords in use",
    "comparisons.keywords": "number of keywords searched in the month",
    "coverage.species": "number of species groups in use",
    "not_searched": "sites that were not searched, each with the reason",
    "before": "the month compared with",
    "advertisements_then": "number of advertisements in that month",
    "sites_in_both": "number of sites searched in both months",
    "same_sites_then": "number of the month before on the sites searched in both",
    "same_sites_change_percent": "change in percent on the sites searched in both months",
    "keywords_then": "number of keywords searched in the month before",
    "only_now": "sites searched in the month alone",
    "only_before": "sites searched in the month before alone",
    "waiting": "number without a verdict",
    "ruled_out.verdict": "irrelevant or fake",
    "reason": "what it was instead, by its code; empty if that was not recorded",
    "survey": "name of the survey",
    "date": "day in China on which the survey began",
    "accounts": "number of accounts",
    "images_and_videos": "number of images and videos",
    "surveys": "number of surveys",
    "average_advertisements": "advertisements of a survey, on average",
    "average_images_and_videos": "images and videos of a survey, on average",
    "images_and_videos_change_percent": "change of the images and videos in percent",
    "average_advertisements_before": "the average of the year before",
    "average_images_and_videos_before": "the average of the year before",
    "status": "status of the accounts: active, suspended, quit, private or other",
    "advertisements_before": "advertisements a day in the year before",
    "advertisements_now": "advertisements a day in the year",
    "advertisements_change_percent": "change in percent",
    "images_and_videos_before": "images and videos a day in the year before",
    "images_and_videos_now": "images and videos a day in the year",
    "notified": "number reported to the site's operator",
    "removed": "of these, found removed",
    "agreement.sample": "number of advertisements that two persons judged independently",
    "agreed": "number on which both gave the same verdict",
    "agreed_percent": "share of the sample on which both agree, in percent",
    "kappa": "Cohen's kappa; empty if every verdict is the same",
    "kappa_low": "lower limit of kappa's 95% interval",
    "kappa_high": "upper limit of kappa's 95% interval",
    "unsettled": "disagreements that nobody has settled",
    "removed_within_7_days": "of these, found removed within 7 days of the day the letter was sent",
    "removed_within_30_days": "of these, found removed within 30 days of that day",
    "not_sent": "of those notified, number in letters that are not marked as sent",
    "median_days": "median days from the letter to the recheck that found it removed",
    "ad_id": "the site's number of the advertisement",
    "url": "its address, contacts hidden",
    "notice": "month of the notice",
    "notified.notified": "day on which the notice was written",
    "sent": "day on which the letter was sent; empty: not marked as sent",
    "state": "state at the recheck that decides: removed, up or unknown",
    "checked": "day of that recheck",
    "days": "days from the letter to the recheck that found it removed; negative: before it",
    "removed_before_sent": "number found removed before the letter was sent, in no number of days",
    "not_yet_7_days": "number not removed whose 7 days are not over",
    "not_yet_30_days": "number not removed whose 30 days are not over",
    "unclear_7_days": "number of which no recheck tells whether they were removed within 7 days",
    "unclear_30_days": "the same for 30 days",
    "reposted": "of those removed, number that appeared again as another advertisement; empty if "
    "nothing later was compared",
    "original_site": "site of the removed advertisement",
    "original_id": "the site's number of the removed advertisement",
    "reposts.removed": "day of the recheck that found it removed",
    "reposts.site": "site of the later advertisement",
    "recorded": "day on which the later advertisement was first recorded",
    "how": "what is the same: text (nearly), picture, or both",
    "reposts.verdict": "verdict on the later advertisement; irrelevant and fake are not counted",
    "fixed_sites": "number on the websites searched in every month of the period with a search",
    "fixed_searches": "of these, number found by a keyword that was searched on the website in "
    "all of these months; empty if keywords were not recorded",
    "without_keyword": "number on the fixed websites whose keyword was not recorded",
    "keyword": "keyword searched on the website in every month; empty if there is none",
    "expected_low": "least number expected from the preceding months; empty with too few months",
    "expected_high": "most that was expected",
    "against_expected": "within, above, below, too_little (history), not_searched, not_judged or "
    "not_over",
    "months_before": "number of preceding months that are known, of 18",
    "season_low": "fewest in the same month of earlier years; empty with fewer than 3 years",
    "season_high": "most in the same month of earlier years",
    "against_season": "highest or lowest of all these years, between, or as against_expected",
    "season_years": "number of earlier years whose same month is known",
    "figure": "old_claims (old among the ages claimed) or missed (valid among those set aside)",
    "number": "number in the sample",
    "out_of": "number that the sample stands for: all of the year, or all that were set aside",
    "low_percent": "lower limit of the share's 95% interval",
    "high_percent": "upper limit of the share's 95% interval",
    "expected.species": "species group, or all",
    "expected.site": "site, or all",
    "still_up": "number that the last recheck found again",
    "unknown": "number that was not rechecked, or of which a recheck proved nothing",
}
"""Meanings of the columns of the other tables; `table.column` where one table's differs."""

KINDS = ((pl.Decimal, "decimal"), (pl.Int64, "number"), (pl.Int32, "number"), (pl.String, "text"))
"""Types of columns, as a reader of the file sees them."""


def record_rows() -> list[tuple[str, str, str]]:
    """Column, Chinese label and meaning of all columns of advertisements.csv, in their order."""
    names = [*ADVERTISEMENT_COLUMNS, KEY]
    missing = [name for name in names if name not in RECORDS]
    if missing:
        raise DictionaryError(f"column '{missing[0]}' of advertisements.csv has no meaning here")
    return [
        (
            f"`{name}`" if name in (*RECORD_COLUMNS, KEY) else f"`{name}` (export only)",
            COLUMN_LABELS.get(name, ""),
            RECORDS[name],
        )
        for name in names
    ]


def table_rows() -> dict[str, list[tuple[str, str, str]]]:
    """Column, type and meaning of every other CSV file of a report, by the file's name.

    The columns named after the species groups are one row.
    """
    groups = load_vocabulary().groups
    context = Context(
        months=["2016-05"],
        groups=list(groups.values()),
        sites=[],
        rate=Decimal("6.89"),
        rate_date=date(2016, 5, 1),
        made_at=datetime(2016, 6, 1, tzinfo=UTC),
    )
    tables = make_tables(read_report_data(pl.DataFrame(schema=FRAME_SCHEMA), context))
    return {
        name: _rows(table, set(groups))
        for name, table in tables.items()
        if name != "advertisements"
    }


def _rows(table: Table, groups: set[str]) -> list[tuple[str, str, str]]:
    rows, grouped = [], False
    for name, kind in table.rows.schema.items():
        if name in groups:
            if not grouped:
                rows.append(("a column for each species group", "number", "its advertisements"))
            grouped = True
            continue
        meaning = COLUMNS.get(f"{table.name}.{name}") or COLUMNS.get(name)
        if not meaning:
            raise DictionaryError(f"column '{name}' of {table.name}.csv has no meaning here")
        said = next(word for each, word in KINDS if isinstance(kind, each))
        rows.append((f"`{name}`", said, meaning))
    return rows
