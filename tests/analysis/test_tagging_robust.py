"""Robustness of the tagger and of text folding: any text, in bounded time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.patterns import Role, entries
from wildcrawl.analysis.text import clean_text, normalise
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.items import Relevance

TAGGER = Tagger(load_vocabulary())
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
PIECES = st.lists(
    st.sampled_from(
        [
            "象牙",
            "犀角",
            "仿",
            "白",
            " ",
            "·",
            "\u200b",
            "\u202e",
            "🐘",
            "🦷",
            "xiangya",
            "牙雕",
            "出的是",
            "\ud800",
            "网纹",
            "XY",
            "1985年",
            "老",
            "，",
            "不是",
            "猛犸",
            "\x1e",
            "㎏",
            "é",
            "ไทย",
        ]
    ),
    max_size=25,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT | PIECES, ANY_TEXT | PIECES, ANY_TEXT | PIECES)
def test_any_text_is_tagged_and_every_match_is_at_its_place(
    title: str, description: str, category: str
) -> None:
    tagging = TAGGER.tag(title, description, category)
    assert tagging.relevance in Relevance
    fields = {"title": title, "description": description, "category": category}
    for match in tagging.matches:
        original = fields[match.field]
        assert 0 <= match.start < match.end <= len(original)
        assert original[match.start : match.end].replace("\x1e", " ") == match.text


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT | PIECES)
def test_folding_keeps_positions(text: str) -> None:
    folded = normalise(text)
    assert len(folded.offsets) == len(folded.text)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= offset < len(text) for offset in folded.offsets)
    assert normalise(folded.text).text == folded.text


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT | PIECES)
def test_cleaning_leaves_one_clean_line(text: str) -> None:
    cleaned = clean_text(text)
    assert cleaned == " ".join(cleaned.split())
    assert not any("\ud800" <= character <= "\udfff" for character in cleaned)
    cleaned.encode("utf-8")


@pytest.mark.parametrize("plane", range(17))
def test_every_plane_of_unicode(plane: int) -> None:
    start = plane * 0x10000
    text = "".join(map(chr, range(start, start + 0x10000)))
    TAGGER.tag("象牙手镯", text)
    normalise(text)
    clean_text(text)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    [
        "象牙白",
        "果冻料网纹",
        "1999年",
        "xiangya ",
        "象 ",
        "象\u200b牙",
        "仿",
        "。",
        "㎏",
        "🐘🦷",
        "XY手串",
        "出的是",
        "牛骨 ",
        "老",
        "<!--",
        "<a ",
        "&amp",
        "a",
    ],
)
def test_a_long_text_takes_seconds_not_minutes(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    assert TAGGER.tag("象牙", text).relevance in Relevance
    assert isinstance(clean_text(text), str)


@pytest.mark.parametrize(
    "text",
    [
        "Hand carved wooden elephant statue, free shipping",
        "ช้างไม้แกะสลัก ของเก่า",
        "\u202e镯手牙象\u202c",
        "مرحبا بالعالم",
    ],
)
def test_other_languages_and_directions(text: str) -> None:
    assert TAGGER.tag(text, text).relevance is Relevance.NONE


def test_the_quick_look_for_terms_passes_over_none() -> None:
    patterns = TAGGER.patterns
    terms = [word for word, role, _ in entries(TAGGER.vocabulary) if role == Role.TERM]
    assert terms
    assert not [term for term in terms if not patterns.terms_in(patterns.normaliser(term).text)]
    ordinary = patterns.normaliser("本人收藏多年，喜欢的朋友可以联系，包邮").text
    assert patterns.find(ordinary, True)
    assert not patterns.terms_in(ordinary)
