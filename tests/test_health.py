"""The verdict on a run: a site that changed or shut us out is never 'zero advertisements'."""

from typing import Any

import pytest

from wildcrawl.health import judge
from wildcrawl.items import Health

EXPECT = {"advertisements": 50, "title": 1.0, "price": 0.8}
GOOD: dict[str, Any] = {
    "finish_reason": "finished",
    "wildcrawl/pages": 120,
    "wildcrawl/found": 60,
    "wildcrawl/field_base/title": 60,
    "wildcrawl/filled/title": 60,
    "wildcrawl/field_base/price": 60,
    "wildcrawl/filled/price": 50,
}


def health(changes: dict[str, Any], *, complete: bool = True, searched: bool = True) -> Health:
    return judge(GOOD | changes, EXPECT, complete=complete, searched=searched).health


def test_a_run_as_expected_is_ok() -> None:
    assert health({}) == Health.OK


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"wildcrawl/found": 20}, Health.THIN),
        ({"wildcrawl/found": 0}, Health.BROKEN),
        ({"wildcrawl/filled/price": 10}, Health.BROKEN),
        ({"wildcrawl/errors": 1}, Health.BROKEN),
        ({"wildcrawl/pages_unrecognised": 60}, Health.BROKEN),
        ({"wildcrawl/pages_failed": 20}, Health.BROKEN),
        ({"wildcrawl/pages_blocked": 1}, Health.BLOCKED),
        ({"wildcrawl/pages_blocked": 1, "wildcrawl/found": 0}, Health.BLOCKED),
        ({"finish_reason": "shutdown"}, Health.THIN),
        ({"wildcrawl/pages_failed": 1}, Health.OK),
    ],
)
def test_what_went_wrong_shows(changes: dict[str, Any], verdict: Health) -> None:
    assert health(changes) == verdict


def test_a_search_for_some_keywords_need_not_find_as_much() -> None:
    assert health({"wildcrawl/found": 3}, complete=False) == Health.OK


def test_a_worksheet_without_advertisements_is_a_result() -> None:
    assert health({"wildcrawl/found": 0}, searched=False) == Health.OK


def test_the_reason_names_what_is_missing_and_what_was_expected() -> None:
    changed = GOOD | {"wildcrawl/filled/price": 10, "wildcrawl/found": 60}
    judgement = judge(changed, EXPECT, complete=True, searched=True)
    assert judgement.reason == "price on 10 of 60 advertisements, expected 80%"
    nothing = GOOD | {"wildcrawl/found": 0}
    judgement = judge(nothing, EXPECT, complete=True, searched=True)
    assert judgement.reason == "no advertisements, expected at least 50"
