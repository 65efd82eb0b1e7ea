"""Sentences of a report on removals, reposts, unfinished surveys and the fixed set."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from exports import ReportSite, texts_of
from exports.dataset import read_report_data
from exports.formats import Formats
from exports.narrative import comparable_sentences, removal_sentences, social_sentences
from exports.tables import make_tables
from tests.helpers.exports_data import ad, context, frame, social
from tests.helpers.made_runs import run
from wildcrawl.review.looking.after_removal import AfterRemoval, Reposts
from wildcrawl.review.notices import Removal, RemovalOutcome, State


def on_removals(lang: str = "en", **given: Any) -> str:
    """What a report says of removals; "" for nothing."""
    made = context(**given)
    return "".join(removal_sentences(made, Formats(made, texts_of(lang))))


def outcome(days: int | None) -> RemovalOutcome:
    sent = date(2016, 5, 2)
    return RemovalOutcome("mall", "1", "", "2016-05", sent, sent, State.REMOVED, sent, days)


def repost(ad_id: str, verdict: str = "valid") -> AfterRemoval:
    day = date(2016, 5, 20)
    return AfterRemoval("shop", ad_id, "", day, verdict, ("text",), "mall", "1", day)


def test_removals_are_said_with_their_median_days_and_what_has_no_number_yet() -> None:
    removal = Removal(
        "mall", 1200, 700, 300, 650, 400, 100, not_sent=50,
        not_yet_7_days=3, not_yet_30_days=20, unclear_7_days=1, unclear_30_days=2,
    )  # fmt: skip
    outcomes = [outcome(days) for days in (4, 7, -1, None)]
    said = on_removals(removals=[removal, Removal("shop", 3, 1, 1, 1, 2, 0)], outcomes=outcomes)
    assert "Operators were notified of 1,203: 701 (58.3%) had been removed" in said
    # Neither what was gone before the letter nor what is not removed has days.
    assert "The median was 5.5 days." in said
    assert "Of those notified, 50 are in letters that are not marked as sent" in said
    assert "whose term is not over: 3 for 7 days, 20 for 30." in said
    assert "For 1 it is not clear whether they were removed within 7 days, and for 2" in said
    chinese = on_removals("zh", removals=[removal], outcomes=outcomes)
    assert all(number in chinese for number in ("1,200", "5.5", "50", "20"))


@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [
        (
            Removal("mall", 24, 0, 0, 0, 0, 24, not_sent=24),
            "Letters to operators on 24 were written, but none is marked as sent, and no recheck",
            "已就24条拟函，但没有一份标记为已发出，也没有复查",
        ),
        (
            Removal("mall", 24, 6, 0, 0, 10, 8, not_sent=24),
            "none is marked as sent: 6 (25.0%) had been removed when last rechecked, 10 remained",
            "没有一份标记为已发出；复查发现已删除6条（25.0%）",
        ),
        (
            Removal("mall", 24, 0, 0, 0, 0, 24, not_sent=4),
            "Operators were notified of 24; no recheck shows the status of any yet.",
            "共通知24条；尚无复查",
        ),
    ],
)
def test_letters_not_sent_and_what_was_not_rechecked_are_not_counted_as_answers(
    given: Removal, english: str, chinese: str
) -> None:
    said = on_removals(removals=[given])
    assert english in said
    assert "within 7 days" not in said
    assert ("Of those notified, 4 are" in said) == (given.not_sent == 4)
    assert chinese in on_removals("zh", removals=[given])


def test_removals_of_which_all_is_known_are_one_sentence() -> None:
    assert on_removals() == ""
    assert on_removals(removals=[Removal("mall", 0, 0, 0, 0, 0, 0)]) == ""
    said = on_removals(removals=[Removal("mall", 4, 4, 4, 4, 0, 0)])
    assert said.endswith("the status of 0 is not known.")
    assert "term" not in said


@pytest.mark.parametrize(
    ("reposts", "said"),
    [
        (Reposts(checked=5), "is not known: later advertisements were not compared"),
        (Reposts(checked=5, compared=5), "None of those removed was found posted again"),
        (Reposts((repost("1"),), 5, 5), "Of those removed, 1 was posted again"),
        (Reposts((repost("1"), repost("2", "fake")), 5, 4), "only 4 were compared"),
        (Reposts((repost("2", "fake"),), 5, 5), "None of those removed"),
        (Reposts(), "None of those removed"),
    ],
)
def test_reposts_are_said_to_be_some_or_none_or_not_known(reposts: Reposts, said: str) -> None:
    removed = Removal("mall", 4, 2, 1, 1, 2, 0)
    assert said in on_removals(removals=[removed], reposts=reposts)
    nothing_removed = Removal("mall", 4, 0, 0, 0, 4, 0)
    assert said not in on_removals(removals=[nothing_removed], reposts=reposts)


def test_a_survey_of_which_rows_were_rejected_is_named() -> None:
    surveys = replace(social(), rejected={"2016-05-09": 3, "2015-05-10": 1, "not read": 2})
    given = context("2016-05", social=surveys)
    said = social_sentences(given, Formats(given, texts_of("en")))[1:]
    assert [sentence.partition(" is not")[0] for sentence in said] == [
        "Survey 2016-05-09",
        "Survey not read",
    ]
    assert said[0].endswith("rejected and not read again: 3.")


def test_a_survey_of_this_period_that_is_not_complete_is_named() -> None:
    surveys = replace(social(), unfinished={"2016-05-09": (1, 4), "2015-05-10": (2, 4)})
    made = context("2016-05", social=surveys)
    *_, last = social_sentences(made, Formats(made, texts_of("en")))
    assert last.startswith("Survey 2016-05-09 is not complete: 1 of 4 active accounts")
    assert "2015" not in last


def test_a_fixed_set_without_a_keyword_searched_throughout_says_so() -> None:
    runs = [
        run("mall", "2016-04", keywords=["象牙0"]),
        run("mall", "2016-05", keywords=["象牙1"]),
    ]
    sites = [ReportSite("mall", since="2016-04")]
    given = context("2016-04", "2016-05", sites=sites, runs=runs)
    data = read_report_data(frame(ad("2016-04-05"), ad(ad_id="2")), given)
    table = make_tables(data)["comparable"]
    said = comparable_sentences(data, table, Formats(given, texts_of("en")))
    assert "No keyword was searched on them in all of these months." in said
