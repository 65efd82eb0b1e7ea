"""Further pages: a search that ends too early, although others were paged, is reported."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

import pytest

from tests.helpers.searched import KEYWORDS, NONE, Answer, Api, Linked, Market, Run, Shown

SIZE = 6
COUNTS = {"象牙": 40, "虎骨": 27, "玳瑁": 21, "犀角": 9, "穿山甲": 6}
TOTAL = sum(COUNTS.values())
Ending = Callable[[str], Shown]


def some(keyword: str, number: int) -> list[str]:
    titles = [f"{keyword}手镯 {each}" for each in range(COUNTS.get(keyword, 0))]
    return titles[(number - 1) * SIZE : number * SIZE]


def page(titles: Sequence[str], under: str = "") -> str:
    shown = "".join(
        f'<li class="item" data-id="{title}"><a href="/i">{title}</a></li>' for title in titles
    )
    return f"<html><body><ul>{shown}</ul>{under or ('' if titles else NONE)}</body></html>"


def link(keyword: str, number: int) -> str:
    return f'<a class="following" href="/search?q={keyword}&page={number + 1}">下一页</a>'


def link_if_more(keyword: str, number: int) -> str:
    return link(keyword, number) if number * SIZE < COUNTS[keyword] else ""


def link_if_full(keyword: str, number: int) -> str:
    return link(keyword, number) if len(some(keyword, number)) == SIZE else ""


def link_if_several(keyword: str, number: int) -> str:
    return link(keyword, number) if COUNTS[keyword] > SIZE else ""


ENDS: dict[str, Ending] = {
    "nothing found": lambda _: (200, page([])),
    "the same again": lambda keyword: (200, page(some(keyword, 2))),
    "missing": lambda _: (404, ""),
    "led back": lambda keyword: (200, page(some(keyword, 1)), f"/search?q={keyword}&page=1"),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("leads", [link_if_more, lambda *_: ""])
def test_searches_that_end_early_at_the_same_page_are_reported(
    run: Run, end: Ending, leads: Callable[[str, int], str]
) -> None:
    def capped(keyword: str, number: int) -> Shown:
        titles = some(keyword, number)
        return (
            (200, page(titles, leads(keyword, number))) if number < 3 and titles else end(keyword)
        )

    judgement = run(Market, capped).judgement
    assert judgement.health == "thin", judgement.reason
    assert "3" in judgement.reason
    assert "'象牙': 12" in judgement.reason


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_single_search_that_ends_before_a_linked_page_is_reported(run: Run, end: Ending) -> None:
    """Another full page links no further one, so that a link means that there is one."""

    def early(keyword: str, number: int) -> Shown:
        titles = some(keyword, number)
        if (keyword == "虎骨" and number == 3) or not titles:
            return end(keyword)
        return 200, page(titles, link_if_more(keyword, number))

    for site in (Market, Linked):
        judgement = run(site, early).judgement
        assert judgement.health == "thin", judgement.reason
        assert "1 of 5 searches ended at a page that brought nothing" in judgement.reason
        assert "'虎骨': 12" in judgement.reason


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("lost", [True, False])
def test_numbers_of_a_pager_show_what_follows_the_longest_list(
    run: Run, end: Ending, lost: bool
) -> None:
    """A site that shows three pages of any list, of which one is longer."""

    def capped(keyword: str, number: int) -> Shown:
        titles = some(keyword, number)
        last = -(-COUNTS[keyword] // SIZE) if lost else number + 1
        links = (f'<a href="/search?q={keyword}&page={n}">{n}</a>' for n in range(1, last + 1))
        if number > 3 or not titles:
            return end(keyword)
        is_short = len(titles) < SIZE and not lost
        return 200, page(titles, "" if is_short else f'<p class="pages">{"".join(links)}</p>')

    judgement = run(Market, capped, "象牙,犀角,穿山甲").judgement
    said = "1 of 3 searches ended at a page that brought nothing, although the page before leads on"
    assert (f"{said} ('象牙': 18)" in judgement.reason) is lost, judgement.reason
    assert (judgement.health == "thin") is lost


def test_further_pages_that_lose_the_keyword_count_as_unread(run: Run) -> None:
    def forgetful(keyword: str, number: int) -> Shown:
        shown = some(keyword, 1) if number == 1 else [f"新品 {each}" for each in range(SIZE)]
        return 200, page(shown, link_if_more(keyword, number) if number == 1 else "")

    judgement = run(Market, forgetful).judgement
    assert judgement.health == "thin", judgement.reason
    assert "5 searches ended after a first page of 6 results" in judgement.reason


def test_pages_that_are_sorted_anew_are_reported(run: Run) -> None:
    dice = random.Random(1)

    def shuffled(keyword: str, number: int) -> Shown:
        titles = [f"{keyword}手镯 {each}" for each in range(COUNTS.get(keyword, 0))]
        dice.shuffle(titles)
        return 200, page(titles[(number - 1) * SIZE : number * SIZE])

    done = run(Market, shuffled)
    assert len(done.ids) < TOTAL
    assert done.judgement.health == "thin", done.judgement.reason
    assert "sorted anew" in done.judgement.reason


@pytest.mark.parametrize("status", [500, 404])
def test_a_search_that_a_failed_page_cuts_off_is_named(run: Run, status: int) -> None:
    def failing(keyword: str, number: int) -> Shown:
        if keyword == "象牙" and number == 2:
            return status, ""
        titles = some(keyword, number)
        return 200, page(titles, link_if_more(keyword, number))

    reason = run(Market, failing).judgement.reason
    assert "1 search was cut off by a page that could not be read ('象牙': 6)" in reason


def test_a_site_that_denies_further_pages_below_full_ones_is_thin(run: Run) -> None:
    class Declared(Api):
        more = "more"

    def denying(keyword: str, number: int) -> Shown:
        items = [{"id": title, "title": title} for title in some(keyword, number)]
        return 200, json.dumps({"items": items, "more": 0})

    judgement = run(Declared, denying).judgement
    assert judgement.health == "thin", judgement.reason
    assert "check next_page, more, or" in judgement.reason


# Ordinary sites


def past_the_end(ends: Ending, leads: Callable[[str, int], str]) -> Answer:
    def answer(keyword: str, number: int) -> Shown:
        titles = some(keyword, number)
        return (200, page(titles, leads(keyword, number))) if titles else ends(keyword)

    return answer


@pytest.mark.parametrize("end", [ENDS["nothing found"], ENDS["led back"], ENDS["missing"]])
@pytest.mark.parametrize("leads", [link, link_if_more, link_if_full, link_if_several])
def test_a_next_link_of_any_kind_raises_no_alarm(
    run: Run, end: Ending, leads: Callable[[str, int], str]
) -> None:
    for site in (Market, Linked):
        done = run(site, past_the_end(end, leads))
        assert (done.judgement.health, done.judgement.reason) == ("ok", "")
        assert len(done.ids) == TOTAL


def test_goods_that_every_page_or_the_page_past_the_end_shows_raise_no_alarm(run: Run) -> None:
    dice = random.Random(1)
    promoted = [f"推广沉香 {each}" for each in range(5)]

    def sticky(keyword: str, number: int) -> Shown:
        return 200, page([*promoted[:2], *some(keyword, number)])

    def changing(keyword: str, number: int) -> Shown:
        titles = some(keyword, number)
        return 200, page([*dice.sample(promoted, 2), *titles] if titles else [])

    def beyond(keyword: str, number: int) -> Shown:
        return 200, page(some(keyword, number) or promoted)

    for answer in (sticky, changing, beyond):
        done = run(Market, answer)
        assert (done.judgement.health, done.judgement.reason) == ("ok", "")
        assert len(done.ids - set(promoted)) == TOTAL


def test_a_last_page_that_is_filled_up_and_lists_that_move_on_raise_no_alarm(run: Run) -> None:
    def filled(keyword: str, number: int) -> Shown:
        titles = [title for each in range(1, 10) for title in some(keyword, each)]
        last = -(-len(titles) // SIZE)
        return 200, page(titles[-SIZE:] if number == last else some(keyword, number))

    def moving(keyword: str, number: int) -> Shown:
        before = some(keyword, number - 1)[-1:] if number > 1 else []
        titles = some(keyword, number)
        return 200, page([*before, *titles] if titles else [])

    for answer in (filled, moving):
        done = run(Market, answer)
        assert (done.judgement.health, done.judgement.reason) == ("ok", "")
        assert len(done.ids) == TOTAL


def test_a_number_of_pages_that_is_the_same_below_any_list_is_not_the_searches(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always(keyword: str, number: int) -> Shown:
        titles = some(keyword, number)
        return 200, page(titles, f"<p>第{number}/100页</p>" if titles else "")

    monkeypatch.setitem(COUNTS, "穿山甲", 2)
    done = run(Market, always)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


def test_the_same_number_of_pages_for_full_lists_is_believed(run: Run) -> None:
    def first_only(keyword: str, _: int) -> Shown:
        return 200, page(some(keyword, 1), "<p>共 4 页</p>")

    assert run(Market, first_only, ",".join(KEYWORDS[:3])).judgement.health == "broken"


def test_a_bare_number_of_pages_is_read(run: Run) -> None:
    def cut(keyword: str, number: int) -> Shown:
        titles = some(keyword, number) if number < 3 else []
        pages = -(-COUNTS[keyword] // SIZE)
        return 200, page(titles, f"<div>{number}/{pages}</div>" if titles else NONE)

    judgement = run(Market, cut).judgement
    assert judgement.health == "thin", judgement.reason
    assert "'象牙': 2 of 7 pages" in judgement.reason


def test_a_keyword_that_leads_to_a_category_is_not_read_to_its_end(run: Run) -> None:
    """Its address drops the page, where other lists end with a page without results."""

    def category(keyword: str, number: int) -> Shown:
        if keyword == "象牙":
            return 200, page(some(keyword, 1)), "/c/ivory"
        return 200, page(some(keyword, number))

    judgement = run(Market, category).judgement
    assert judgement.health == "thin", judgement.reason
    assert "('象牙': 6)" in judgement.reason


@pytest.mark.parametrize("keywords", ["象牙", "象牙,虎骨"])
def test_the_counter_of_a_banner_is_no_number_of_pages(run: Run, keywords: str) -> None:
    def banner(keyword: str, number: int) -> Shown:
        titles = some(keyword, 1) if number == 1 else []
        return 200, page(titles, "<div>1/9</div>" if titles else NONE)

    judgement = run(Market, banner, keywords).judgement
    assert judgement.health == "ok", judgement.reason
