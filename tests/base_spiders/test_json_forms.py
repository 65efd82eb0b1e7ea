"""JSON forms: answers within a text of another one, and results one a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import pytest

from tests.helpers.searched import Api, Searched
from wildcrawl.analysis.answers import unfolded
from wildcrawl.base_spiders.unread_entries import UnreadEntries

SIZE = 6
COUNTS = {"象牙": 14, "虎骨": 3}
Rows = Sequence[Mapping[str, str]]
NESTED: Mapping[str, Any] = {"ad_id": "raw.id", "title": "raw.title"}


def rows(keyword: str, number: int) -> Rows:
    every = [
        {"id": f"{keyword}{each}", "title": f"{keyword}手镯 {each}"}
        for each in range(COUNTS[keyword])
    ]
    return every[(number - 1) * SIZE : number * SIZE]


def written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def lines(shown: Sequence[object]) -> str:
    return "\n".join(map(written, shown))


@pytest.mark.parametrize(
    ("answer", "declared"),
    [
        (lambda shown: written({"data": written({"items": shown})}), {"results": "data.items"}),
        (lambda shown: written(written({"items": shown})), {}),
        (lambda shown: written({"items": written(shown)}), {}),
        (lambda shown: written({"items": [written(each) for each in shown]}), {}),
        (
            lambda shown: written({"items": [{"raw": written(each)} for each in shown]}),
            {"fields": NESTED},
        ),
        (lines, {"results": "@"}),
        (lines, {"results": "[*]"}),
        (lines, {}),
        (lambda shown: lines([{"items": [each]} for each in shown]), {}),
    ],
    ids=[
        *("the list within a text", "the whole as a text", "the list as a text", "rows as texts"),
        *("fields within a text", "lines", "lines of a list", "lines undeclared", "lists a line"),
    ],
)
def test_all_results_are_read(
    sqlite_url: str, answer: Callable[[Rows], str], declared: Mapping[str, Any]
) -> None:
    site = type("Nested", (Api,), dict(declared))
    done = Searched(site, lambda *asked: (200, answer(rows(*asked))), sqlite_url, "象牙,虎骨")
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert len(done.ids) == sum(COUNTS.values())


@pytest.mark.parametrize("results", ["@", "items"])
def test_an_error_in_place_of_the_last_results_is_named(sqlite_url: str, results: str) -> None:
    def answer(keyword: str, number: int) -> tuple[int, str]:
        shown = [*rows(keyword, number)]
        if number == 2 and shown:
            shown[2:] = [{"code": "429", "msg": "too many requests"}]
        return 200, lines(shown) if results == "@" else written({"items": shown})

    done = Searched(type("Lines", (Api,), {"results": results}), answer, sqlite_url, "象牙,虎骨")
    assert done.judgement.health == "thin"
    assert "an error in place of further results ('too many requests')" in done.judgement.reason


def test_banners_among_results_are_no_errors() -> None:
    banners = [
        {"status": "sold", "message": "象牙"},
        {"code": 0, "msg": "advert"},
        {"id": 1, "code": 77, "message": "a", "url": "/", "image": "b", "kind": "c", "at": "d"},
        {"error": 0},
        "text",
    ]
    entries = UnreadEntries()
    entries.add({"items": banners}, banners, [False] * len(banners), "象牙")
    assert entries.message() == ""


def test_lines_of_other_things_are_no_results(sqlite_url: str) -> None:
    log = lines([{"level": "info"}, {"level": "error"}])
    assert Searched(Api, lambda *_: (200, log), sqlite_url, "象牙").judgement.health == "broken"


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ({"a": '{"b": "[1]"}'}, {"a": {"b": [1]}}),
        ({"a": "[象牙] {手镯}"}, {"a": "[象牙] {手镯}"}),
        (["12", "true", '"x"', ""], ["12", "true", '"x"', ""]),
        ('"' * 3, '"' * 3),
    ],
)
def test_texts_that_hold_data_are_unfolded(value: Any, held: Any) -> None:
    assert unfolded(value) == held


def test_texts_within_texts_end() -> None:
    text: object = "[1]"
    for _ in range(8):
        text = [written(text)]
    assert "[1]" in written(unfolded(text))


class Priced(Api):
    fields: ClassVar = Api.fields | {"price": "price"}


@pytest.mark.parametrize(
    ("price", "noted"),
    [
        (lambda place: (place + 38) * 100, True),
        (lambda place: 389_950 + place, False),
        (lambda place: (place + 38) * 100 if place else 58, False),
        (lambda place: f"{place + 38}00.00", False),
        (lambda _: 0, False),
    ],
)
def test_prices_that_may_be_in_fen_are_said(
    sqlite_url: str, price: Callable[[int], object], noted: bool
) -> None:
    def answer(keyword: str, number: int) -> tuple[int, str]:
        shown = [
            {"id": f"{keyword}{each}", "title": f"{keyword}手镯", "price": price(each)}
            for each in range(20)
        ]
        return 200, written({"items": shown if number == 1 else []})

    judgement = Searched(Priced, answer, sqlite_url, "象牙,虎骨").judgement
    assert ("not certain that they are in yuan" in judgement.reason) == noted


REFUSED = {"code": 429, "message": "slow down", "items": []}


@pytest.mark.parametrize(
    ("first", "later", "health"),
    [
        (REFUSED, {}, "thin"),
        ({}, REFUSED, "thin"),
        ({"success": False, "errMsg": "degraded", "items": []}, {}, "thin"),
        ({"items": [], "errors": [{"message": "timeout"}]}, {}, "thin"),
        ({"code": 404, "message": "no results", "items": []}, {}, "ok"),
        ({"code": 3, "message": "查询成功", "items": []}, {}, "ok"),
        ({"code": 20001, "msg": "暂无数据", "items": []}, {}, "ok"),
        ({}, {"code": 1001, "msg": "参数错误", "items": []}, "ok"),
        ({}, {"code": 500, "msg": "page out of range", "items": []}, "ok"),
    ],
)
def test_an_error_beside_an_empty_list_is_no_empty_result(
    sqlite_url: str, first: dict[str, Any], later: dict[str, Any], health: str
) -> None:
    """`first`: the answer to a search, `later`: to a page past the first; {}: as usual."""

    def answer(keyword: str, number: int) -> tuple[int, str]:
        shown = rows(keyword, number)
        if keyword == "虎骨" and (special := first if number == 1 else later):
            return 200, written(special)
        return 200, written({"code": 0, "items": shown})

    judgement = Searched(Api, answer, sqlite_url, "象牙,虎骨").judgement
    assert judgement.health == health, judgement.reason
    assert ("ended with an error in place of" in judgement.reason) == (health == "thin")


@pytest.mark.parametrize("always", [True, False])
def test_an_empty_answer_that_promises_more_is_no_end(sqlite_url: str, always: bool) -> None:
    """An API that `always` says that more follow says nothing by it."""

    def answer(keyword: str, number: int) -> tuple[int, str]:
        shown = rows(keyword, number)
        ended = keyword == "虎骨" and number == 2
        more = always or ended or bool(rows(keyword, number + 1))
        return 200, written({"items": [] if ended else shown, "page": {"has_more": more}})

    judgement = Searched(Api, answer, sqlite_url, "象牙,虎骨").judgement
    assert (judgement.health == "thin") is not always, judgement.reason
    assert ("1 without results that promise more" in judgement.reason) is not always


@pytest.mark.parametrize(
    ("code", "message", "failed"),
    [
        (1004, "未查询到商品", False),
        (1004, "未能找到相关宝贝", False),
        (3, "0 results", False),
        (3, "关键词不存在", False),
        (500, "没有找到相关商品", False),
        (404, "no matching items", False),
        (500, "服务暂时不可用", True),
        (504, "请求超时，无响应", True),
        (401, "没有登录", True),
        (-1, "没有登录", True),
        (403, "没有权限", True),
        (500, "No connection to database", True),
        (500, "page out of range", True),
    ],
)
def test_only_words_of_an_empty_result_excuse_a_code(code: int, message: str, failed: bool) -> None:
    entries = UnreadEntries()
    entries.add_code({"code": 0, "items": [1]}, found=True)
    entries.add_code({"code": code, "msg": message, "items": []}, found=False)
    assert ("ended with an error in place of" in entries.message()) is failed


@pytest.mark.parametrize(
    ("partial", "health"),
    [
        ({"timed_out": True}, "thin"),
        ({"incomplete_results": True}, "thin"),
        ({"errors": [{"message": "backend 2 timed out"}]}, "thin"),
        ({"errors": [], "truncated": False}, "ok"),
        ({"_shards": {"total": 3, "failed": 1}}, "thin"),
        ({"timed_out": False, "_shards": {"total": 3, "failed": 0}}, "ok"),
    ],
)
def test_an_answer_of_a_part_of_the_index_is_not_whole(
    sqlite_url: str, partial: dict[str, Any], health: str
) -> None:
    def answer(keyword: str, number: int) -> tuple[int, str]:
        hits = rows(keyword, number) if keyword == "象牙" else []
        total = COUNTS["象牙"] if hits else 0
        return 200, written(partial | {"hits": {"total": total, "hits": hits}})

    class Index(Api):
        results = "hits.hits"

    judgement = Searched(Index, answer, sqlite_url, "象牙,虎骨").judgement
    assert judgement.health == health, judgement.reason


def test_results_within_a_result_are_counted(sqlite_url: str) -> None:
    def answer(keyword: str, number: int) -> tuple[int, str]:
        shown = rows(keyword, number)
        others = [{"id": f"{each['id']}b", "title": f"{keyword}挂件"} for each in shown]
        folded = [{**each, "same": [other]} for each, other in zip(shown, others, strict=True)]
        return 200, written({"items": folded})

    judgement = Searched(Api, answer, sqlite_url, "象牙,虎骨").judgement
    assert judgement.health == "thin"
    assert "17 results beside those read (17) are in another list" in judgement.reason


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("象牙虎骨", "the filter in 'results' leaves out 17 of 34 entries with the keyword"),
        ("旧书", ""),
    ],
)
def test_what_a_filter_leaves_out_is_counted(sqlite_url: str, left_out: str, said: str) -> None:
    def answer(keyword: str, number: int) -> tuple[int, str]:
        shown = [
            entry
            for each in rows(keyword, number)
            for entry in (
                {**each, "kind": "a]"},
                {"id": each["id"][2:], "title": left_out, "kind": "b"},
            )
        ]
        return 200, written({"items": shown})

    site = type("Filtered", (Api,), {"results": "items[?kind=='a]']"})
    done = Searched(site, answer, sqlite_url, "象牙,虎骨")
    assert (done.judgement.health, len(done.ids)) == ("ok", 17)
    assert said in done.judgement.reason
    assert bool(done.judgement.reason) is bool(said)
