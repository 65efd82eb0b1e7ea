"""Briefing surveys: the generated surveys have its figures, also after storing them."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from tests.briefing import facts, social

Row = dict[str, str | int]


def of_year(year: str) -> list[Row]:
    return [row for row in social.posts() if str(row["survey"]).startswith(year)]


def shown(rows: list[Row]) -> int:
    return sum(int(row["images"]) + int(row["videos"]) for row in rows)


def whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def active_in_2016() -> set[str]:
    return {
        str(row["account"])
        for row in social.accounts()
        if row["year"] == 2016 and row["status"] == "active"
    }


def test_the_five_surveys_of_2016() -> None:
    rows = of_year("2016")
    surveys = [f"2016-{number}" for number in range(1, 6)]
    by_survey = [[row for row in rows if row["survey"] == survey] for survey in surveys]
    assert [(len(some), shown(some)) for some in by_survey] == facts.SURVEYS_2016
    assert (len(rows), shown(rows)) == (673, 3521)
    assert (whole(Decimal(673) / 5), whole(Decimal(3521) / 5)) == (135, 704)


def test_the_averages_of_2015() -> None:
    rows = of_year("2015")
    assert (Decimal(len(rows)) / 5, Decimal(shown(rows)) / 5) == facts.SURVEYS_2015


def test_accounts_gone_and_active() -> None:
    listed = social.accounts()
    assert Counter(row["status"] for row in listed if row["year"] == 2015) == {"active": 58}
    assert Counter(row["status"] for row in listed if row["year"] == 2016) == facts.ACCOUNTS


def test_accounts_active_in_both_years_rose() -> None:
    active = active_in_2016()
    before = [row for row in of_year("2015") if row["account"] in active]
    after = [row for row in of_year("2016") if row["account"] in active]
    assert (Decimal(len(before)) / 5, Decimal(shown(before)) / 5) == facts.ACTIVE_2015
    rounded = whole(Decimal(len(after)) / 5), whole(Decimal(shown(after)) / 5)
    assert rounded == facts.ACTIVE_2016
    assert whole(100 * Decimal(len(after)) / len(before)) == 117
    assert whole(100 * Decimal(shown(after)) / shown(before)) == 118


def test_ivory_by_product_type() -> None:
    types = Counter(row["product_type"] for row in social.posts() if row["species"] == "ivory")
    shares = {name: Decimal(100 * types[name]) / types.total() for name in types}
    assert shares == facts.IVORY_SOCIAL_TYPES


def test_posts_are_each_known_by_survey_account_and_number() -> None:
    rows = social.posts()
    assert len({(row["survey"], row["account"], row["post"]) for row in rows}) == len(rows)
