"""Keyword suggestions: new code words from advertisements judged valid."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.helpers.crawling import ROOT, scrapy
from tests.helpers.verdicts import fill, labelled
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.items import Advertisement
from wildcrawl.review.keyword_suggestions import Posting, suggest
from wildcrawl.store import Store

NEW_WORD = "奶酪黄"
TEMPLATE = "本店所有宝贝支持复检诚信经营值得信赖"
MONTH = datetime(2016, 9, 1, tzinfo=UTC)
VOCABULARY = load_vocabulary()


def synthetic_months() -> list[Advertisement]:
    """The labelled ones over eight months; in the last a new word in 14 titles of many sellers.

    One shop of that month has a template under each of its forty advertisements, and another
    site lets every seller end with one and the same sentence.
    """
    dice = random.Random(20160901)
    ads = [replace(one, history=[]) for one in labelled()]
    dice.shuffle(ads)
    for number, one in enumerate(ads):
        one.found_at = MONTH - timedelta(days=dice.uniform(1, 210))
        if number % 6 == 0:
            one.found_at = MONTH + timedelta(days=dice.uniform(1, 27))
    latest = [one for one in ads if one.found_at and one.found_at >= MONTH]
    valid = [one for one in latest if one.verdict == "valid" and one.title]
    other = [one for one in latest if one.verdict != "valid" and one.title]
    for one in dice.sample(valid, 14):
        one.title = f"{NEW_WORD} {one.title}" if dice.random() < 0.5 else f"{one.title}{NEW_WORD}"
    dice.choice(other).title += f" {NEW_WORD}"
    for one in dice.sample(valid, 40):
        one.seller = "the shop with a template"
        one.description += f"。{TEMPLATE}，拍下秒发极速到家"
    for one in dice.sample(valid, 60):
        one.site = "fleamarket"
        one.description += "。本站平台担保交易请勿私下转账"
    return ads


def test_a_new_code_word_of_a_month_comes_out_in_the_first_ten(
    store: Store, store_url: str, tmp_path: Path
) -> None:
    ads = synthetic_months()
    fill(store, ads)
    asked = ("keywords", "suggest", "--month", "2016-09", "-n", "10")
    done = scrapy(*asked, folder=tmp_path, WILDCRAWL_STORE=store_url)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    rows = [line.split() for line in lines[1:-1]]
    assert len(rows) <= 10
    words = [row[0] for row in rows]
    assert NEW_WORD in words, done.out
    _, _, sellers, others, count, *examples = rows[words.index(NEW_WORD)]
    assert int(count) == 14
    assert 10 <= int(sellers) <= 14
    assert int(others) == 1
    assert any(NEW_WORD in each for each in examples)
    assert not [word for word in words if word != NEW_WORD and word in NEW_WORD], done.out
    assert not [word for word in words if word in TEMPLATE + "平台担保交易请勿私下转账"], done.out
    assert lines[-1].startswith("From ")


def posting(seller: int, title: str, description: str = "") -> Posting:
    return Posting(f"seller {seller}", title, description)


OTHERS = [posting(100 + number, f"普通 摆件 {number}", "包邮") for number in range(60)]


def test_what_the_vocabulary_has_is_not_suggested() -> None:
    valid = [posting(number, f"老 象牙 亚洲角 月光玉 {number}") for number in range(20)]
    found = suggest(valid, OTHERS, VOCABULARY)
    assert [each.term for each in found] == ["月光玉"]


def test_the_longer_run_stands_for_its_pieces_and_a_shorter_word_for_itself() -> None:
    valid = [posting(number, f"月光玉石 {number}") for number in range(20)]
    valid += [posting(50 + number, f"月光 {number}") for number in range(20)]
    found = suggest(valid, OTHERS, VOCABULARY)
    assert (found[0].term, found[0].advertisements) == ("月光", 40)
    assert "月光玉石" not in [each.term for each in found]
    alone = suggest(valid[:20], OTHERS, VOCABULARY)
    assert [each.term for each in alone] == ["月光玉石"]


def test_disguises_of_one_word_are_one_word() -> None:
    written = ["月光·玉", "月 光 玉", "月光玉", "月★光★玉"]
    valid = [posting(number, f"{written[number % 4]} {number}") for number in range(20)]
    (found,) = suggest(valid, OTHERS, VOCABULARY)
    assert (found.term, found.sellers) == ("月光玉", 20)
    assert len(found.examples) == 3


def test_latin_abbreviations_are_whole_and_figures_are_none() -> None:
    valid = [posting(number, f"qzw 58圈口 {number}g") for number in range(20)]
    assert [each.term for each in suggest(valid, OTHERS, VOCABULARY)] == ["qzw"]


def test_one_sellers_habit_is_no_word() -> None:
    valid = [posting(number % 2, f"月光玉 {number}") for number in range(40)]
    valid += [posting(number, f"别的 {number}") for number in range(10, 40)]
    assert "月光玉" not in [each.term for each in suggest(valid, OTHERS, VOCABULARY)]


@pytest.mark.parametrize("others", [[], OTHERS])
def test_with_nothing_to_compare_there_is_nothing_to_suggest(others: list[Posting]) -> None:
    same = [posting(number, "月光玉") for number in range(20)]
    assert suggest(same, same, VOCABULARY) == []
    assert suggest([], others, VOCABULARY) == []
    assert suggest(same, [], VOCABULARY) == []


def test_the_command_says_what_it_wants(tmp_path: Path) -> None:
    for wrong in ([], ["find"], ["suggest", "mall"], ["suggest", "--from", "2016-05"]):
        assert scrapy("keywords", *wrong, folder=tmp_path).code == 2
    no_month = scrapy("keywords", "suggest", "--month", "May", folder=tmp_path)
    assert no_month.code == 2
    assert "'May' is not a month" in no_month.err
    assert (
        "No suggestion: in 0 advertisements" in scrapy("keywords", "suggest", folder=tmp_path).out
    )


def test_the_synthetic_months_do_not_give_the_word_away() -> None:
    file = ROOT / "tests" / "data" / "labelled_tuning.jsonl"
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert not [row for row in rows if NEW_WORD[:2] in row["title"] + row["description"]]


@pytest.mark.parametrize("word", ["雪糕", "小太阳", "大白兔", "qz", "冷面料", "千层糕"])
def test_a_word_that_five_sellers_use_is_enough(word: str) -> None:
    dice = random.Random(word)
    ads = labelled()
    dice.shuffle(ads)
    valid = [one for one in ads[:190] if one.verdict == "valid"]
    others = [one for one in ads if one not in valid]
    for one in dice.sample(valid, 5):
        one.title = f"{word} {one.title}" if dice.random() < 0.5 else f"{one.title}{word}"
    valid_texts, other_texts = (
        [Posting(one.seller, one.title, one.description) for one in side]
        for side in (valid, others)
    )
    assert word in [each.term for each in suggest(valid_texts, other_texts, VOCABULARY, 10)]
