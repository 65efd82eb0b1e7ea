"""Ends of lists: errors past the last page, bare answers, and totals above what is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import pytest

from tests.helpers.searched import KEYWORDS, NONE, Api, Linked, Market, Run, Shown
from wildcrawl.base_spiders.bare_answers import is_bare

SIZE = 10
COUNTS = {"象牙": 27, "虎骨": 20, "玳瑁": 14, "犀角": 8, "穿山甲": 3}


def titles(keyword: str, number: int, counts: dict[str, int] = COUNTS) -> list[str]:
    all_of_it = [f"{keyword}手镯 {each}" for each in range(counts.get(keyword, 0))]
    return all_of_it[(number - 1) * SIZE : number * SIZE]


def listing(shown: Sequence[str], around: str = "") -> str:
    cards = "".join(
        f'<li class="item" data-id="{title}"><a href="/i">{title}</a></li>' for title in shown
    )
    return f"<html><body>{around}<ul>{cards}</ul>{'' if shown else NONE}</body></html>"


# Errors past the last page


def test_an_error_past_the_last_page_is_the_end_and_is_said(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        shown = titles(keyword, number)
        return (200, listing(shown)) if shown else (500, "")

    done = run(Market, answer)
    assert len(done.ids) == sum(COUNTS.values())
    assert done.judgement.health == "ok", done.judgement.reason
    assert "answered with status 500 in 5 searches" in done.judgement.reason
    assert done.spider.answered == set(KEYWORDS)


def test_an_error_below_full_pages_is_a_fault(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        return (200, listing(titles(keyword, 1))) if number == 1 else (500, "")

    judgement = run(Market, answer).judgement
    assert judgement.health == "broken", judgement.reason
    assert "3 pages that could not be fetched" in judgement.reason
    assert "'象牙': 10" in judgement.reason


def test_an_error_at_a_page_that_the_page_before_links_is_a_fault(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        link = (
            f'<a href="?page={number + 1}">下一页</a>' if len(titles(keyword, number + 1)) else ""
        )
        if number == 2 and keyword == "象牙":
            return 500, ""
        return 200, listing(titles(keyword, number), link)

    judgement = run(Market, answer).judgement
    assert "1 search was cut off by a page that could not be read" in judgement.reason
    assert judgement.health != "ok" or "'象牙': 10" in judgement.reason


def test_an_error_before_the_stated_end_is_thin(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        shown = titles(keyword, number) if number < 3 else []
        stated = f"<p>共 {COUNTS[keyword]} 件</p>"
        return (200, listing(shown, stated)) if shown else (500, "")

    judgement = run(Market, answer).judgement
    assert judgement.health in ("thin", "broken"), judgement.reason
    assert "'象牙': 20 of 27" in judgement.reason


# Bare answers


def api(bare: str, of: Callable[[str], bool]) -> Callable[[str, int], Shown]:
    """An API that answers with `bare` for keywords that `of` selects, and past the last page."""

    def answer(keyword: str, number: int) -> Shown:
        shown = titles(keyword, number)
        if of(keyword) or not shown:
            return 200, bare
        items = [{"id": title, "title": title} for title in shown]
        return 200, json.dumps({"data": {"items": items}})

    return answer


class Nested(Api):
    results = "data.items"


BARE = ["null", "{}", "[]", '""', '{"data": null}', '{"data": {}}', '{"data": []}', '{"data": ""}']
BARE += ['{"code": 0, "msg": "success", "data": null}', '{"status": 200, "data": {"items": null}}']


@pytest.mark.parametrize("bare", BARE)
def test_a_bare_answer_for_some_keywords_is_an_empty_result(run: Run, bare: str) -> None:
    done = run(Nested, api(bare, lambda keyword: keyword in ("玳瑁", "穿山甲")))
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert done.spider.answered == set(KEYWORDS)
    assert len(done.ids) == 27 + 20 + 8


@pytest.mark.parametrize("bare", BARE)
def test_bare_answers_alone_break_the_run(run: Run, bare: str) -> None:
    judgement = run(Nested, api(bare, lambda _: True)).judgement
    assert judgement.health == "broken", judgement.reason
    assert "5 pages that show neither results nor 'nothing found'" in judgement.reason


def test_bare_answers_to_the_end_are_checked_by_a_search_that_had_results(run: Run) -> None:
    asked: list[str] = []

    def tired(keyword: str, number: int) -> Shown:
        asked.append(keyword)
        return api("{}", lambda _: len(asked) > 2)(keyword, number)

    done = run(Nested, tired)
    assert done.judgement.health == "thin", done.judgement.reason
    assert "the site stopped answering" in done.judgement.reason
    assert done.spider.answered == {"象牙", "虎骨"}


def test_bare_answers_to_the_end_of_a_site_that_still_answers_are_empty(run: Run) -> None:
    done = run(Nested, api("{}", lambda keyword: keyword not in ("象牙", "虎骨")))
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert done.spider.answered == set(KEYWORDS)


@pytest.mark.parametrize(
    ("answer", "bare"),
    [
        (None, True),
        ({"code": 0, "list": None}, True),
        ({"ret": 500}, False),
        ({"msg": "请先登录"}, False),
        ({"data": [1]}, False),
        ({"total": 3, "data": None}, False),
        ({"code": -1, "data": None}, False),
    ],
)
def test_an_answer_with_any_content_is_not_bare(answer: Any, bare: bool) -> None:
    assert is_bare(answer) is bare


# Totals above what is shown

SOLD = {"象牙": 47, "虎骨": 30, "玳瑁": 24, "犀角": 18, "穿山甲": 5}


def stating(share: float, last: int = 99) -> Callable[[str, int], Shown]:
    """A site that states `share` times as many as it shows, up to page `last`."""

    def answer(keyword: str, number: int) -> Shown:
        shown = titles(keyword, number, SOLD) if number <= last else []
        return 200, listing(shown, f"<p>共 {round(share * SOLD[keyword])} 件</p>" if shown else "")

    return answer


@pytest.mark.parametrize("share", [1.1, 1.2, 1.3])
def test_totals_that_are_too_high_for_all_alike_are_said_and_ok(run: Run, share: float) -> None:
    done = run(Market, stating(share))
    assert len(done.ids) == sum(SOLD.values())
    assert done.judgement.health == "ok", done.judgement.reason
    assert f"{share - 1:.0%}"[:1] in done.judgement.reason
    assert "more results than its pages show, for all searches alike" in done.judgement.reason


@pytest.mark.parametrize("share", [1.4, 1.6, 2.0])
def test_totals_of_which_more_than_a_quarter_is_not_shown_are_thin(run: Run, share: float) -> None:
    judgement = run(Market, stating(share)).judgement
    assert judgement.health == "thin", judgement.reason
    assert "the site states more results than it showed" in judgement.reason


@pytest.mark.parametrize("share", [1.0, 1.2])
def test_searches_that_are_cut_short_beside_them_are_thin(run: Run, share: float) -> None:
    judgement = run(Market, stating(share, last=2)).judgement
    assert judgement.health == "thin", judgement.reason
    assert "'象牙': 20 of" in judgement.reason


def test_a_cap_of_ten_with_totals_is_no_proportion(run: Run) -> None:
    judgement = run(Market, stating(1.0, last=1)).judgement
    assert judgement.health == "broken", judgement.reason


# The same number of results for every keyword


def ten(keyword: str, number: int) -> Shown:
    """A shop that shows its ten best matches, whatever page is asked for."""
    return 200, listing([f"{keyword}手镯 {each}" for each in range(10)])


def test_ten_results_for_every_keyword_are_reported_precisely(run: Run) -> None:
    judgement = run(Market, ten).judgement
    assert judgement.health == "thin", judgement.reason
    assert "5 searches ended after a first page of 10 results" in judgement.reason
    assert "shows the 10 best results only, declare max_pages = 1" in judgement.reason


def test_a_shop_that_shows_its_best_results_is_declared_with_one_page(run: Run) -> None:
    class Best(Market):
        max_pages: ClassVar[int] = 1

    done = run(Best, ten)
    assert done.judgement.health == "ok"
    assert "5 searches met the page limit, beyond which more may be" in done.judgement.reason
    assert len(done.ids) == 50


# Searches that end with "nothing found"


def stopping(after: int, *, again: bool) -> Callable[[str, int], Shown]:
    """A site that says "nothing found" after some requests; `again`: it answers the last one."""
    requests: list[str] = []
    few = {"象牙": 7, "虎骨": 6, "玳瑁": 5, "犀角": 8, "穿山甲": 3}

    def answer(keyword: str, number: int) -> Shown:
        requests.append(keyword)
        repeated = requests.count(keyword) > 2 and again
        shown = number == 1 and (len(requests) <= after or repeated)
        return 200, listing(titles(keyword, number, few) if shown else [])

    return answer


def test_a_site_that_finds_nothing_after_some_searches_has_stopped_answering(run: Run) -> None:
    done = run(Market, stopping(2, again=False))
    assert done.judgement.health == "thin"
    assert "the last 3 searches were answered with nothing, and so was '虎骨'" in (
        done.judgement.reason
    )
    assert done.spider.answered == {"象牙", "虎骨"}


def test_keywords_without_results_at_the_end_are_ordinary(run: Run) -> None:
    done = run(Market, stopping(2, again=True))
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert done.spider.answered == set(KEYWORDS)


# Links that are switched off


@pytest.mark.parametrize(
    "off", ["javascript:;", "javascript:void(0)", "#", "", " ", "mailto:a@b.c"]
)
def test_a_next_link_that_is_switched_off_ends_the_search(run: Run, off: str) -> None:
    def answer(keyword: str, number: int) -> Shown:
        last = number * SIZE >= COUNTS[keyword]
        href = off if last else f"/search?q={keyword}&page={number + 1}"
        link = f'<a class="following disabled" href="{href}">下一页</a>'
        return 200, listing(titles(keyword, number), link)

    done = run(Linked, answer)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert len(done.ids) == sum(COUNTS.values())


# Rounded totals


def test_a_rounded_total_above_what_full_pages_show_is_thin(run: Run) -> None:
    def answer(keyword: str, number: int) -> Shown:
        shown = titles(keyword, number) if number <= 2 else []
        return 200, listing(shown, "<p>约 1,200 条结果</p>" if keyword == "象牙" else "")

    judgement = run(Market, answer).judgement
    assert judgement.health == "thin"
    assert "1 of 5 searches were not read to their end" in judgement.reason
    assert "'象牙': 20 of 1080+" in judgement.reason


def test_a_rounded_total_above_a_list_that_ends_by_itself_is_said(run: Run) -> None:
    stated = {"象牙": "共 1.2千件", "玳瑁": "共找到十四件"}

    def answer(keyword: str, number: int) -> Shown:
        return 200, listing(titles(keyword, number), f"<p>{stated.get(keyword, '')}</p>")

    judgement = run(Market, answer).judgement
    assert judgement.health == "ok"
    assert "1 search showed far fewer ('象牙': 27 of 1150+)" in judgement.reason


@pytest.mark.parametrize(("most", "said"), [(10, True), (9, False)])
def test_one_list_of_the_length_of_a_page_without_a_further_page_is_said(
    run: Run, most: int, said: bool
) -> None:
    counts = {"象牙": most, "虎骨": 4, "犀角": 2}
    judgement = run(Linked, lambda term, page: (200, listing(titles(term, page, counts)))).judgement
    assert judgement.health == "ok"
    assert ("1 search showed exactly 10 results" in judgement.reason) is said


def test_two_lists_that_end_with_a_full_last_page_are_said(run: Run) -> None:
    counts = {"象牙": 47, "虎骨": 38, "玳瑁": 29, "犀角": 25, "穿山甲": 15}

    def answer(keyword: str, number: int) -> Shown:
        return 200, listing(titles(keyword, min(number, 3), counts))

    done = run(Market, answer)
    assert len(done.ids) == 154 - 17 - 8
    assert "2 searches ended with a full page 3, further than which none got" in (
        done.judgement.reason
    )


def capped(cap: int, size: int, lists: int, *, promoted: bool) -> Callable[[str, int], Shown]:
    """A site that shows at most `cap` results of `lists` long lists, and one of seven."""

    def answer(keyword: str, number: int) -> Shown:
        place = KEYWORDS.index(keyword)
        count = cap if place < lists else 7 * (place == lists)
        shown = [f"{keyword}挂件 {each}" for each in range(count)]
        part = shown[(number - 1) * size : number * size] if number else []
        part = [*(["象牙虎骨推广"] if promoted and part else []), *part]
        cards = "".join(f'<li class="item" data-id="{each}"><a>{each}</a></li>' for each in part)
        return 200, f"<ul>{cards}</ul>" if part else NONE

    return answer


@pytest.mark.parametrize(("count", "size"), [(10, 8), (20, 15)])
def test_short_lists_of_one_round_length_are_not_thin(run: Run, count: int, size: int) -> None:
    judgement = run(Market, capped(count, size, 3, promoted=False)).judgement
    assert judgement.health == "ok", judgement.reason
    assert f"3 searches ended at exactly {count} results" in judgement.reason
    assert "not certain" in judgement.reason


@pytest.mark.parametrize("promoted", [False, True])
@pytest.mark.parametrize(
    ("cap", "lists", "health", "said"),
    [
        (100, 3, "thin", "3 searches ended at exactly 100 results, more than which none has"),
        (100, 2, "thin", "2 searches ended at exactly 100 results, more than which none has"),
        (70, 3, "thin", "3 searches ended at exactly 70 results, more than which none has"),
        (100, 1, "ok", "the longest list, of '象牙', ends at exactly 100 results: not certain"),
        (50, 2, "ok", "2 searches ended at exactly 50 results, more than which none has"),
        (50, 3, "thin", "3 searches ended at exactly 50 results, more than which none has"),
        (40, 3, "ok", "not certain that these are all; search more narrowly"),
        (70, 2, "ok", ""),
        (73, 3, "ok", ""),
    ],
)
def test_a_limit_that_does_not_fill_its_last_page_is_noticed(
    run: Run, cap: int, lists: int, health: str, said: str, promoted: bool
) -> None:
    judgement = run(Market, capped(cap, 30, lists, promoted=promoted)).judgement
    assert judgement.health == health, judgement.reason
    assert said in judgement.reason
    assert said or "ends at exactly" not in judgement.reason


@pytest.mark.parametrize("promoted", [False, True])
def test_a_limit_that_fills_its_last_page_is_noticed_beside_a_promoted_card(
    run: Run, promoted: bool
) -> None:
    judgement = run(Market, capped(100, 50, 1, promoted=promoted)).judgement
    assert judgement.health == "thin", judgement.reason


@pytest.mark.parametrize(("goods", "health"), [(60, "thin"), (SIZE, "ok")])
def test_a_list_cut_after_its_full_first_page_where_another_goes_on(
    run: Run, goods: int, health: str
) -> None:
    """The site shows one page for 虎骨 however many it has; a further word finds the others."""
    words = ("手镯", "手串", "挂件", "吊坠")

    def answer(phrase: str, number: int) -> Shown:
        keyword, *further = phrase.split(" ")
        counts = {"象牙": 47, "虎骨": goods, "玳瑁": 3}
        every = [f"{keyword}{words[each % 4]} {each}" for each in range(counts.get(keyword, 0))]
        shown = [title for title in every if all(word in title for word in further)]
        if keyword == "虎骨" and not further:
            shown = shown[:SIZE]
        return 200, listing(shown[(number - 1) * SIZE : number * SIZE] if number else [])

    judgement = run(Market, answer, "象牙,虎骨,玳瑁").judgement
    assert judgement.health == health, judgement.reason
    assert ("the list of '虎骨' ends with a full page" in judgement.reason) is (health == "thin")
