"""Keyword mentions: sites that show whatever they have, and sites whose results say little."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.searched import KEYWORDS, Market, Searched, Shown
from wildcrawl.analysis.vocabulary import Keyword
from wildcrawl.base_spiders.keyword_mentions import NONSENSE, KeywordMentions, distinct_words

COUNTS = {"象牙": 17, "虎骨": 12, "玳瑁": 14, "犀角": 9, "穿山甲": 5}
MIXED = [f"{keyword}手镯 {n}" for keyword in KEYWORDS for n in range(COUNTS[keyword])]
JADE = [f"和田玉 {n}" for n in range(60)]


def goods(keyword: str) -> list[str]:
    return [f"{keyword}手镯 {n}" for n in range(COUNTS.get(keyword, 0))]


def unnamed(keyword: str) -> list[str]:
    return [f"老料手镯 {COUNTS[keyword]} {n}" for n in range(COUNTS.get(keyword, 0))]


def whatever(shown: list[str]) -> Callable[[str], list[str]]:
    """A site that shows some of the same goods for each word, whatever it is."""

    def of(keyword: str) -> list[str]:
        start = 5 * KEYWORDS.index(keyword) if keyword in KEYWORDS else 0
        return shown[start : start + 20 - len(keyword)]

    return of


def run(store: str, shown: Callable[[str], list[str]]) -> Searched:
    def answer(keyword: str, number: int) -> Shown:
        cards = "".join(
            f'<li class="item" data-id="{title}"><a href="/i/{title}">{title}</a></li>'
            for title in (shown(keyword) if number == 1 else [])
        )
        return 200, f"<ul>{cards}</ul>" if cards else '<p class="none">没有找到</p>'

    return Searched(Market, answer, store)


def test_goods_of_other_keywords_break_the_run(sqlite_url: str) -> None:
    done = run(sqlite_url, whatever(MIXED))
    assert done.judgement.health == "broken", done.judgement.reason
    assert "the site ignores the keyword: 3 of 5 searches" in done.judgement.reason
    assert not {"玳瑁", "犀角", "穿山甲"} & done.spider.answered


def test_goods_without_any_keyword_are_told_from_results_by_a_nonsense_word(
    sqlite_url: str,
) -> None:
    done = run(sqlite_url, whatever(JADE))
    assert done.judgement.health == "thin", done.judgement.reason
    assert "results for a word that does not exist" in done.judgement.reason


def test_a_site_that_searches_texts_that_it_does_not_show_is_no_alarm(sqlite_url: str) -> None:
    asked: list[str] = []

    def shown(keyword: str) -> list[str]:
        asked.append(keyword)
        return unnamed(keyword)

    done = run(sqlite_url, shown)
    assert done.judgement.health == "ok", done.judgement.reason
    assert "none of the 57 results on first pages mentions its keyword" in done.judgement.reason
    assert asked.count(NONSENSE) == 1


def test_ordinary_results_cost_no_further_request(sqlite_url: str) -> None:
    asked: list[str] = []

    def shown(keyword: str) -> list[str]:
        asked.append(keyword)
        return goods(keyword)

    done = run(sqlite_url, shown)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert NONSENSE not in asked


GROUPS = {"象牙": "elephant", "虎骨": "tiger", "玳瑁": "turtle", "犀角": "rhino"}


def judged(pages: dict[str, list[str]]) -> KeywordMentions:
    mentions = KeywordMentions(GROUPS)
    for term, texts in pages.items():
        keyword = Keyword(term, GROUPS[term], "", ambiguous=False, since="")
        mentions.add(keyword, term, texts)
    return mentions


OWN = {term: [f"{term}手镯"] * 6 for term in GROUPS}


@pytest.mark.parametrize(
    ("pages", "noted"),
    [
        (OWN, ""),
        (OWN | {"犀角": ["和田玉"] * 6}, "1 search mention their keyword ('犀角': 0 of 6)"),
        (OWN | {"犀角": ["象牙"] * 6}, "1 search mention their keyword ('犀角': 0 of 6)"),
        (OWN | {"犀角": ["象牙"] * 4}, ""),
        (OWN | {"犀角": [""] * 6}, ""),
        ({"象牙": [""] * 6}, ""),
        ({"象牙": ["雕件"] * 6}, "none of the 6 results on first pages mentions its keyword"),
        ({term: ["象牙 虎骨 玳瑁 犀角"] * 6 for term in GROUPS}, ""),
    ],
)
def test_what_is_not_certain_is_noted(pages: dict[str, list[str]], noted: str) -> None:
    mentions = judged(pages)
    assert noted in mentions.note()
    assert bool(mentions.note()) is bool(noted)
    assert not mentions.broken()


def test_a_keyword_that_is_in_many_texts_tells_no_goods_apart() -> None:
    keywords = [
        Keyword("象牙", "elephant", "", ambiguous=False, since=""),
        Keyword("果", "elephant", "", ambiguous=False, since=""),
        Keyword("血料", "hornbill", "", ambiguous=True, since=""),
    ]
    assert distinct_words(keywords) == {"象牙": "elephant"}
