"""Lost characters: damaged copies of a text, and texts that only look like some."""

from __future__ import annotations

import pytest

from wildcrawl.analysis.lost_characters import is_damaged

WHOLE = "🐘牙雕❤️𠮷 ¥3580 电话13800138000"


@pytest.mark.parametrize(
    "text",
    [
        "?牙雕?? ?3580 电话???",
        "??牙雕???? ?3580 电话???",
        "??? ¥3580 ??13800138000",
        "???? ¥3580 ?????",
        "\ufffd牙雕\ufffd \ufffd3580 电话▒▒▒",
    ],
)
def test_a_copy_with_question_marks_is_damaged(text: str) -> None:
    assert is_damaged(text, WHOLE)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (WHOLE, WHOLE),
        ("牙雕 真品?", "牙雕 真品"),
        ("牙雕?", "牙雕手镯"),
        ("￥3?80", "￥3580"),
        ("?牙雕 3480", "🐘牙雕 3580"),
        ("", WHOLE),
        ("????", ""),
    ],
)
def test_another_text_is_none(text: str, whole: str) -> None:
    assert not is_damaged(text, whole)
