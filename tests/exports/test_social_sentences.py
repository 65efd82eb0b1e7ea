"""Sentences on surveys: a report speaks of those years that have surveys in its months."""

from __future__ import annotations

from exports import texts_of
from exports.formats import Formats
from exports.narrative import social_sentences
from tests.helpers.exports_data import context, social
from wildcrawl.months import months_between


def said(first: str, last: str, lang: str = "en") -> list[str]:
    given = context(*months_between(first, last), social=social())
    return social_sentences(given, Formats(given, texts_of(lang)))


def test_a_month_without_a_survey_has_no_sentence_on_surveys() -> None:
    assert said("2016-07", "2016-07") == []
    assert said("2016-01", "2016-04") == []


def test_a_part_of_a_year_is_named_with_its_end() -> None:
    (sentence,) = said("2016-05", "2016-05")
    assert sentence.startswith("The 2 surveys of 2016 up to May counted 3.5 advertisements")
    assert said("2016-05", "2016-05", "zh")[0].startswith("2016年截至5月的2次调查，")


def test_whole_years_are_named_by_their_number() -> None:
    first, second = said("2015-01", "2016-12")
    assert first.startswith("The 2 surveys of 2015 counted")
    assert second.startswith("The 2 surveys of 2016 counted")
