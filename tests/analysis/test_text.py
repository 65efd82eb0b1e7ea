"""Text normalisation: cleaning and folding."""

from __future__ import annotations

import random
import re

import pytest

from wildcrawl.analysis.text import Normaliser, clean_text, normalise


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<b>象牙</b>手镯", "象牙手镯"),
        ("象牙<br/>手镯<p>老", "象牙 手镯 老"),
        ("象&#29273;&nbsp;手镯 &amp; 盒", "象牙 手镯 & 盒"),
        ("５８圈口　ＸＹ", "58圈口 XY"),
        ("象\u200b牙\ufeff\x00\u202e", "象牙"),
        ("a\ud800b", "ab"),
        ("<script>alert('象牙')</script>老<!-- 犀角 -->货", "老 货"),
        ("价格<500元 重>3克", "价格<500元 重>3克"),
        ("&lt;b&gt;", "<b>"),
        ("", ""),
    ],
)
def test_clean_text(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("象 牙·手#镯", "象牙手镯"),
        ("象,牙,雕 手把件", "象牙雕手把件"),
        ("玳 瑁 眼 镜", "玳瑁眼镜"),
        ("老象*牙手镯", "老象牙手镯"),
        ("大象 牙雕造型", "大象 牙雕造型"),
        ("清代，雕山水。好", "清代 雕山水好"),
        ("象牙鐲 鶴頂紅", "象牙镯 鹤顶红"),
        ("ＸＹ　Ⅻ ㎏", "xy xii kg"),
        ("象\u200b牙\u00ad", "象牙"),
        ("XY  12mm - a", "xy 12mm a"),
        ("象🔥牙", "象牙"),
    ],
)
def test_normalise(text: str, folded: str) -> None:
    assert normalise(text).text == folded


def _closed_up(run: re.Match[str]) -> str:
    """What is left of a run of spaces, signs and invisible characters, by the rules in words."""
    text, (start, end) = run.string, run.span()
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    chinese = [letter in "象牙虎" for letter in (*before.rjust(2), *after.ljust(2))]
    if chinese[1] and chinese[2] and ("#" in run[0] or not (chinese[0] and chinese[3])):
        return ""
    return " " if run[0].strip("\u200b") else ""


def test_runs_of_separators_are_closed_up_by_what_is_beside_them() -> None:
    draw = random.Random(4)
    for _ in range(3000):
        text = "".join(draw.choices("象牙虎a1 #\u200b", k=draw.randrange(12)))
        folded = normalise(text)
        assert folded.text == re.sub("[ #\u200b]+", _closed_up, text), repr(text)
        assert [text[at] for at in folded.offsets if text[at] not in " #\u200b"] == [
            letter for letter in text if letter not in " #\u200b"
        ]


def test_offsets_lead_back_to_the_original() -> None:
    text = "出 象·\u200b牙 ＸＹ"
    folded = normalise(text)
    start = folded.text.index("象牙")
    first, last = folded.span(start, start + 2)
    assert text[first:last] == "象·\u200b牙"
    assert folded.has_gap(start, start + 2)
    assert not folded.has_gap(start, start + 1)


def test_readings_of_a_vocabulary() -> None:
    fold = Normaliser({"🐘": "象", "🐢": "海龟"})
    assert fold("🐘牙").text == "象牙"
    shells = fold("🐢壳")
    assert shells.text == "海龟壳"
    assert shells.span(0, 2) == (0, 1)


def test_a_vocabulary_reads_characters_of_any_part_of_the_table() -> None:
    # Readings are made in parts, each when one of its characters is first read.
    fold = Normaliser({"🐘": "象", "龘": "", "ｘ": "yz", "\u3000": "・"})
    assert fold("🐘牙").text == "象牙"
    assert fold("龘ｘ牙\x03\ud800象").text == "yz牙象"
    assert fold("🐘龘象").text == "象象"
    assert normalise("龘ｘ").text == "龘x"
