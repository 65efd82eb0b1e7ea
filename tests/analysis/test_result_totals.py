"""Totals that sites state above their results."""

from __future__ import annotations

import time
from typing import Any

import pytest

from wildcrawl.analysis.result_totals import (
    answered_at_least,
    answered_total,
    declared_at_least,
    declared_total,
    stated_at_least,
    stated_pages,
    stated_total,
)


@pytest.mark.parametrize(
    ("text", "shown", "total"),
    [
        ("共 16 件商品", 12, 16),
        ("共找到1,234个结果", 20, 1234),
        ("搜索到 相关 30 条 记录", 4, 30),
        ("为您找到 28 件宝贝", 28, 28),
        ("共有：57 篇帖子", 10, 57),
        ("16 results for ivory", 3, 16),
        ("Showing 1–20 of 345 results", 20, 345),
        ("1-12 of 16", 12, 16),
        ("全站共 9000 件商品 共 16 件商品", 12, 16),
    ],
)
def test_a_total_is_read_in_the_usual_wordings(text: str, shown: int, total: int) -> None:
    assert stated_total(text, shown) == total


@pytest.mark.parametrize(
    "text",
    [
        "约 1000 个结果",
        "找到约1000条",
        "1000+ results",
        "共 2万 件",
        "about 1,000 results",
        "已售 300 件",
        "库存 300 件",
        "共 3 件",
        "共 12 个月",
        "第 300 页",
        "共300人付款",
    ],
)
def test_other_and_rounded_numbers_are_not_totals(text: str) -> None:
    assert stated_total(text, 10) is None


@pytest.mark.parametrize(
    ("answer", "total"),
    [
        ({"total": 16, "items": []}, 16),
        ({"data": {"total_count": "16"}}, 16),
        ({"response": {"numFound": 16}}, 16),
        ({"items": [{"total": 99}]}, None),
        ({"total": 3}, None),
        ({"total": True}, None),
        ({"total": "many"}, None),
        ({"totalPage": 99, "pageCount": 99}, None),
        ([1, 2], None),
    ],
)
def test_a_json_answer_gives_its_total_outside_of_its_lists(answer: Any, total: int | None) -> None:
    assert answered_total(answer, 12) == total


@pytest.mark.parametrize(
    ("text", "total", "at_least", "pages"),
    [
        ("共十六件", 16, None, 0),
        ("共找到一百二十三条结果", 123, None, 0),
        ("共三页", None, None, 3),
        ("共两百多件", None, 200, 0),
        ("共三万件", None, 30_000, 0),
        ("共 1.2万件", None, 11_500, 0),
        ("1-20 of 3k results", None, 2_500, 0),
        ("约 3,000 条结果", None, 2_700, 0),
        ("找到近500个结果", None, 450, 0),
        ("共999+件", None, 999, 0),
        ("over 300 results", None, 300, 0),
        ("全站共 1.2万件 已售999+件", None, None, 0),
        ("共16件，月销 1.2万", 16, 16, 0),
        ("公共一间", None, None, 0),
        ("1/5", None, None, 0),
    ],
)
def test_totals_in_chinese_writing_and_rounded_ones(
    text: str, total: int | None, at_least: int | None, pages: int
) -> None:
    assert (stated_total(text, 1), stated_at_least(text, 1), stated_pages(text)) == (
        *(total, at_least),
        pages,
    )


@pytest.mark.parametrize(
    ("value", "total", "at_least"),
    [("1.2万", None, 11_500), ("999+", None, 999), ("[1,234]", 1234, None), (7, 7, None)],
)
def test_a_declared_or_answered_total_may_be_rounded(
    value: Any, total: int | None, at_least: int | None
) -> None:
    assert (declared_total(value), declared_at_least(value)) == (total, at_least)
    assert answered_at_least({"data": {"total": value}}, 5) == at_least


@pytest.mark.parametrize(
    "unit", ["共", "1万", "共一", "约1", "1,", "共 ", "of ", "1 ", "找到有计到了为"]
)
def test_reading_takes_time_in_proportion_to_the_text(unit: str) -> None:
    def seconds(times: int) -> float:
        started = time.process_time()
        stated_total(unit * times, 1)
        stated_at_least(unit * times, 1)
        return time.process_time() - started

    assert seconds(80_000) < 40 * seconds(8_000) + 0.5
