"""Answer forms: answers without results that differ from a site's others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.helpers.searched import Api, Run, Searched, Shown
from wildcrawl.base_spiders.answer_forms import AnswerForms

SIZE = 6
COUNTS = {"象牙": 14, "虎骨": 9, "玳瑁": 6, "犀角": 0, "穿山甲": 0}
Form = Mapping[str, Any]


def listed(keyword: str, number: int) -> list[dict[str, str]]:
    every = [
        {"id": f"{keyword}{each}", "title": f"{keyword}手镯 {each}"}
        for each in range(COUNTS[keyword])
    ]
    return every[(number - 1) * SIZE : number * SIZE]


def searched(run: Run, odd: Form, where: tuple[str, int], usual: Form | None = None) -> Searched:
    """A run in which the page of a keyword at `where` is answered with `odd`."""

    def answer(keyword: str, number: int) -> Shown:
        if (keyword, number) == where:
            return 200, json.dumps(odd)
        shown = {"success": True, "items": listed(keyword, number)}
        return 200, json.dumps({**shown, **(usual or {})})

    return run(Api, answer)


ODD = [
    {},
    {"success": True},
    {"items": None},
    {"success": False},
    {"success": False, "items": []},
    {"ok": False, "items": []},
    {"status": "error", "items": []},
    {"success": True, "degraded": True, "items": []},
    {"data": {"is_partial": True}, "items": []},
    {"success": False, "message": "renew", "items": []},
]


@pytest.mark.parametrize("where", [("虎骨", 1), ("虎骨", 2), ("象牙", 2)])
@pytest.mark.parametrize("odd", ODD, ids=json.dumps)
def test_an_answer_unlike_the_others_without_results_is_not_read(
    run: Run, odd: Form, where: tuple[str, int]
) -> None:
    judgement = searched(run, odd, where).judgement
    assert judgement.health in ("thin", "broken"), judgement.reason
    assert f"'{where[0]}'" in judgement.reason


@pytest.mark.parametrize("odd", [{"success": True, "degraded": True}, {"ok": False}])
def test_results_that_are_marked_as_not_whole_are_said(run: Run, odd: Form) -> None:
    shown = {**odd, "items": listed("虎骨", 1)}
    judgement = searched(run, shown, ("虎骨", 1)).judgement
    assert judgement.health == "thin", judgement.reason
    assert "did not search as usual (searches: 1, '虎骨')" in judgement.reason


@pytest.mark.parametrize(
    "mark", [{"degraded": True}, {"success": False}, {"partial": False}, {"status": "failed"}]
)
def test_a_mark_of_all_answers_says_nothing(run: Run, mark: Form) -> None:
    done = searched(run, {}, ("none", 1), mark)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert len(done.ids) == sum(COUNTS.values())


@pytest.mark.parametrize(
    "odd",
    [
        {"success": False, "message": "没有找到相关商品", "items": []},
        {"success": False, "error": {"message": "No results found"}, "items": []},
        {"status": "failed", "msg": "暂无数据", "items": []},
    ],
)
def test_words_of_an_empty_result_are_believed(run: Run, odd: Form) -> None:
    assert searched(run, odd, ("犀角", 1)).judgement.health == "ok"


@pytest.mark.parametrize("none", [{"success": False, "items": []}, {"success": True}])
def test_one_way_to_answer_all_searches_without_results_is_not_certain(
    run: Run, none: Form
) -> None:
    """The ends of lists have an empty list, so that its lack is only doubtful."""

    def answer(keyword: str, number: int) -> Shown:
        if not COUNTS[keyword] and number == 1:
            return 200, json.dumps(none)
        return 200, json.dumps({"success": True, "items": listed(keyword, number)})

    judgement = run(Api, answer).judgement
    assert judgement.health == "ok"
    assert "(searches: 2, '犀角', '穿山甲'): not certain that nothing was found" in judgement.reason


def test_forms_say_nothing_without_results() -> None:
    forms = AnswerForms()
    forms.add({"items": []}, "a", listed=True, found=False, further=False)
    forms.add({"success": False}, "b", listed=False, found=False, further=False)
    assert (forms.message(), forms.note()) == ("", "")


def test_no_content_past_the_last_page_or_for_a_search_is_an_empty_result(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        shown = listed(keyword, number)
        return (200, json.dumps({"items": shown})) if shown else (204, "")

    done = run(Api, answer)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert len(done.ids) == sum(COUNTS.values())


@pytest.mark.parametrize(("key", "health"), [("fallback_list", "thin"), ("items", "ok")])
def test_results_of_one_search_under_another_key_are_counted(
    run: Run, key: str, health: str
) -> None:
    odd = {"success": True, "items": [], key: listed("虎骨", 1)}
    judgement = searched(run, odd, ("虎骨", 1)).judgement
    assert judgement.health == health, judgement.reason
    assert ("are in another list" in judgement.reason) == (key != "items")


def test_goods_of_other_kinds_beside_an_empty_list_are_no_results(run: Run) -> None:
    goods = [{"id": f"m{each}", "title": f"木手镯 {each}"} for each in range(8)]
    odd = {"success": True, "items": [], "recommended": goods}
    judgement = searched(run, odd, ("犀角", 1)).judgement
    assert (judgement.health, judgement.reason) == ("ok", "")


def test_a_small_share_of_results_under_another_key_is_counted(run: Run) -> None:
    odd = {"success": True, "items": [], "others": listed("虎骨", 1)[:3]}
    judgement = searched(run, odd, ("虎骨", 1)).judgement
    assert judgement.health == "thin", judgement.reason
    assert "3 results with the keyword are in another list" in judgement.reason
