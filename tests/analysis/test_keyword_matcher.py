"""Keyword matching of boards: which threads are fetched, and under which keywords."""

from __future__ import annotations

import pytest

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.keyword_matcher import KeywordMatcher
from wildcrawl.analysis.vocabulary import load_vocabulary

TAGGER = Tagger(load_vocabulary())
ALL = KeywordMatcher(TAGGER, TAGGER.vocabulary.keywords)


def found(title: str, matcher: KeywordMatcher = ALL, text: str = "") -> list[str] | None:
    keywords = matcher.read(title, text)
    return None if keywords is None else [keyword.term for keyword in keywords]


def test_a_thread_is_read_under_the_keywords_of_its_title() -> None:
    assert found("出一只象牙手镯") == ["象牙", "象牙手镯"]
    assert set(found("犀角杯 配象牙座") or ()) >= {"犀角", "象牙"}
    assert found("求购 连衣裙") is None


def test_a_disguised_keyword_is_recognised_as_the_tagger_does() -> None:
    assert "象牙" in (found("出 象.牙 手镯") or ())


@pytest.mark.parametrize(("text", "expected"), [("", None), ("圈口56 手镯", ["果冻"])])
def test_a_word_that_is_mostly_harmless_needs_support(
    text: str, expected: list[str] | None
) -> None:
    assert found("果冻", text=text) == expected


def test_another_word_of_the_vocabulary_counts_only_if_all_keywords_are_searched() -> None:
    title = "老牙章一枚 包浆"
    few = KeywordMatcher(
        TAGGER, [word for word in TAGGER.vocabulary.keywords if word.term == "犀角"]
    )
    assert found(title) == []
    assert found(title, few) is None
    assert found("犀角杯", few) == ["犀角"]
