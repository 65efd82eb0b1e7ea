"""Singular: sentences written for several agree where there is one, and others are left alone."""

from __future__ import annotations

import pytest

from wildcrawl.analysis.singular import in_number


@pytest.mark.parametrize(
    ("several", "one"),
    [
        ("1 pages that could not be fetched", "1 page that could not be fetched"),
        ("1 keywords got no answer", "1 keyword got no answer"),
        (
            "1 keywords of the worksheet were not searched",
            "1 keyword of the worksheet was not searched",
        ),
        (
            "1 advertisements are stored as the search shows them and wait for their own page",
            "1 advertisement is stored as the search shows it and waits for its own page",
        ),
        (
            "1 pages without results showed some when they were requested again",
            "1 page without results showed some when it was requested again",
        ),
        ("1 search pages, 1 requests: ok", "1 search page, 1 request: ok"),
        ("2 groups, 1 errors in the code", "2 groups, 1 error in the code"),
    ],
)
def test_nouns_and_verbs_agree_with_one(several: str, one: str) -> None:
    assert in_number(several) == one
    assert in_number(one) == one


@pytest.mark.parametrize(
    "text",
    [
        "11 pages that show nothing",
        "0.1 pages",
        "21 results have another id, so that each run counts them again",
        "2 of 31 searches were not read",
        "'1 results' is no number",
        "page 3: 1 of them are new",
        "",
    ],
)
def test_other_sentences_are_left_alone(text: str) -> None:
    assert in_number(text) == text
