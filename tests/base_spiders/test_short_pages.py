"""Short pages: sites that leave results out of some answers, and sites whose pages vary."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import pytest

from tests.helpers.searched import NONE, Api, Linked, Market, Run, Searched, Shown
from wildcrawl.base_spiders.closing_evidence import Shown as Answered
from wildcrawl.base_spiders.extraction import Search
from wildcrawl.base_spiders.searched import Pages
from wildcrawl.base_spiders.short_pages import ReadPage, ShortPages

SIZE = 10
COUNTS = {"象牙": 47, "虎骨": 21, "玳瑁": 12, "犀角": 9, "穿山甲": 0}
FULL = tuple("abcdefghij")


def goods(keyword: str, number: int) -> list[str]:
    all_of_it = [f"{keyword}手镯 {n}" for n in range(COUNTS.get(keyword, 0))]
    return all_of_it[(number - 1) * SIZE : number * SIZE] if number else []


def listing(titles: Iterable[str], under: str = "") -> str:
    cards = "".join(
        f'<li class="item" data-id="{title}"><a href="/i/{title}">{title}</a></li>'
        for title in titles
    )
    return f"<ul>{cards}</ul>{under}" if cards else '<p class="none">没有找到</p>'


def run(
    store: str, cut: Collection[tuple[str, int]], site: type[Any] = Market, *, always: bool = False
) -> Searched:
    """A run on a site that leaves all but 3 results out of pages, once or `always`."""
    asked: list[tuple[str, int]] = []

    def answer(keyword: str, number: int) -> Shown:
        asked.append((keyword, number))
        is_cut = (keyword, number) in cut and (always or asked.count((keyword, number)) == 1)
        shown = goods(keyword, number)
        link = f'<a class="following" href="/search?q={keyword}&page={number + 1}">下一页</a>'
        return 200, listing(shown[:3] if is_cut else shown, link if shown[SIZE - 1 :] else "")

    return Searched(site, answer, store)


@pytest.mark.parametrize(
    ("site", "page"),
    [(Market, ("玳瑁", 1)), (Market, ("犀角", 1)), (Linked, ("象牙", 2))],
    ids=["between others", "at the end", "by a link"],
)
def test_a_page_that_was_cut_once_is_thin_and_read_again(
    sqlite_url: str, site: type[Any], page: tuple[str, int]
) -> None:
    done = run(sqlite_url, [page], site)
    assert done.judgement.health == "thin", done.judgement.reason
    assert f"'{page[0]}': 3 of {len(goods(*page))}" in done.judgement.reason
    assert len(done.ids) == sum(COUNTS.values())


def test_pages_that_stay_short_are_said_and_no_alarm(sqlite_url: str) -> None:
    done = run(sqlite_url, [("象牙", 2), ("虎骨", 1)], always=True)
    assert done.judgement.health == "ok", done.judgement.reason
    assert "2 pages before the last of a search showed less than half" in done.judgement.reason
    assert "'象牙' page 2: 3" in done.judgement.reason
    assert done.spider.checks_made <= 7


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (6, "show 16 results less than full ones with 10 (such as '象牙' page 2: 6)"),
        (9, ""),
    ],
    ids=["10, 6, 6", "a sold one each"],
)
def test_further_pages_that_are_shorter_than_the_first_are_said(
    sqlite_url: str, left: int, said: str
) -> None:
    def answer(keyword: str, number: int) -> Shown:
        shown = goods(keyword, number) if keyword in ("象牙", "虎骨") else []
        return 200, listing(shown if number == 1 else shown[:left])

    judgement = Searched(Market, answer, sqlite_url).judgement
    assert judgement.health == "ok", judgement.reason
    assert said in judgement.reason
    assert ("less than full ones" in judgement.reason) is bool(said)


@pytest.mark.parametrize(
    ("left", "more", "health", "said"),
    [
        (6, {"pageSize": SIZE}, "thin", "'象牙' page 1: 6 of 10): it left them out"),
        (9, {"pageSize": SIZE}, "ok", "'象牙' page 1: 9 of 10): it left them out"),
        (SIZE, {"pageSize": SIZE}, "ok", ""),
        (SIZE, {"pageSize": 2 * SIZE, "total": 0}, "ok", ""),
        (8, {"filteredCount": 2}, "ok", "that it left 18 results out of them"),
        (8, {"filteredCount": 47}, "ok", ""),
    ],
    ids=["many", "sold ones", "full", "all that are stated", "said", "the filtered ones"],
)
def test_pages_shorter_than_the_answers_say_are_said(
    sqlite_url: str, left: int, more: dict[str, int], health: str, said: str
) -> None:
    def answer(keyword: str, number: int) -> Shown:
        shown = [{"id": each, "title": each} for each in goods(keyword, number)[:left]]
        total = {"total": COUNTS.get(keyword, 0)} if "total" in more else {}
        return 200, json.dumps({"items": shown, **more, **total})

    judgement = Searched(Api, answer, sqlite_url).judgement
    assert judgement.health == health, judgement.reason
    assert said in judgement.reason
    assert bool(judgement.reason) is bool(said)


@pytest.mark.parametrize("varied", [False, True])
@pytest.mark.parametrize("in_words", [False, True])
def test_a_size_that_was_asked_for_or_is_in_words_may_be_more_than_is_shown(
    sqlite_url: str, in_words: bool, varied: bool
) -> None:
    class Sized(Api):
        search_url = f"/api?q={{keyword}}&page={{page}}&size={2 * SIZE}"

    def answer(keyword: str, number: int) -> Shown:
        shown = goods(keyword, number)[: 6 if varied and number == 2 else SIZE]
        if in_words:
            return 200, f"<p>每页显示{2 * SIZE}条</p>{listing(shown)}"
        items = [{"id": each, "title": each} for each in shown]
        return 200, json.dumps({"items": items, "pageSize": 2 * SIZE})

    judgement = Searched(Market if in_words else Sized, answer, sqlite_url).judgement
    assert judgement.health == ("thin" if varied else "ok"), judgement.reason
    page = f"page 2: 6 of {2 * SIZE}" if varied else f"page 1: {SIZE} of {2 * SIZE}"
    assert f"{page}): it left them out" in judgement.reason


def read(ids: Iterable[str], *, length: int = SIZE) -> tuple[ShortPages, ReadPage]:
    """The pages of a run: one with `ids`, and a full one."""
    from wildcrawl.analysis.vocabulary import Keyword

    keyword = Keyword("象牙", "ivory", "", ambiguous=False, since="")
    search = Search(keyword, "象牙", 1, ad_ids=set(ids), pages=Pages(sizes=[1, 1]))
    page = ReadPage(search, 1, tuple(ids))
    full = ReadPage(search, 2, tuple(f"f{n}" for n in range(length)))
    return ShortPages([page, full]), page


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("abc", "abcdefgh", (3, 8)),
        ("acdfgh", "abcdefgh", (6, 8)),
        ("acdfi", "abcdefgh", (5, 9)),
        ("abcdefgh", "abc", (3, 8)),
        ("abcdefgh", "", (0, 8)),
        ("acdefghij", "abcdegij", None),
        ("abXcdYe", "abVcdWe", None),
        ("abcdefgh", "xabcdefgh", None),
        ("abcdefgh", "xyabcdefgh", None),
        ("abcdefgh", "abcdxyefgh", None),
        ("abcdefgh", "abcdefg", None),
        ("abcdefgh", "hgfedcba", None),
        ("abcdexyz", "abcdeuvw", None),
    ],
)
def test_only_a_page_that_was_cut_shows_much_more(
    before: str, now: str, found: tuple[int, int] | None
) -> None:
    pages, page = read(before)
    assert pages.compare(page, Answered("象牙", list(now), frozenset(now))) is bool(found)
    assert pages.grown.get("象牙") == found


def mixed(others: str, off_topic: str = "") -> tuple[ShortPages, ReadPage]:
    """A page "acdfgijlmo", and pages of another search with `others`."""
    _, page = read("acdfgijlmo")
    page = replace(page, off_topic=frozenset(off_topic))
    other = replace(page.search, phrase="手镯")
    added = [ReadPage(other, number, tuple(ids)) for number, ids in enumerate(others.split())]
    return ShortPages([page, *added]), page


LESS = Answered("象牙", list("abcfglo"), frozenset("abcfglo"))


@pytest.mark.parametrize(
    ("others", "off_topic", "mentions", "found"),
    [
        ("bdikm", "", "abcfngjklo", False),
        ("bkndim", "", "abcfngjklo", True),
        ("bkndim", "", "acfngjlo", False),
        ("bkndim", "dm", "abcfngjklo", False),
        ("bkndim bkndim", "", "abcfngjklo", False),
    ],
    ids=["some", "three each", "one without the keyword", "others without it", "promoted"],
)
def test_two_cut_answers_show_by_what_other_searches_found(
    others: str, off_topic: str, mentions: str, found: bool
) -> None:
    pages, page = mixed(others, off_topic)
    shown = Answered("象牙", list("abcfngjklo"), frozenset(mentions))
    assert pages.compare(page, shown) is found


@pytest.mark.parametrize(("third", "found"), [("acdfgijlmo", True), ("abcdfglo", False)])
def test_goods_that_a_third_answer_shows_again_were_left_out(third: str, found: bool) -> None:
    pages, page = mixed("")
    assert not pages.compare(page, LESS)
    assert pages.unclear is page
    assert pages.compare(page, Answered("象牙", list(third), frozenset(third))) is found
    assert pages.unclear is None


def test_goods_without_the_keyword_prove_nothing() -> None:
    pages, page = read("abc")
    assert not pages.compare(page, Answered("象牙", list("abcdefgh"), frozenset("abc")))


def test_searches_that_usually_find_far_more_are_tried_first() -> None:
    pages, page = read("abc")
    page.search.pages.sizes = [1]
    other = ReadPage(page.search, 1, tuple("ab"))
    pages.pages += [other, ReadPage(page.search, 1, tuple("abcd"))]
    assert pages.doubtful(lambda _: 0) == [page]
    assert pages.doubtful(lambda _: 30) == [other, page]


def test_a_stated_total_that_was_reached_leaves_no_doubt() -> None:
    pages, page = read("abc")
    page.search.total = 3
    assert pages.doubtful(lambda _: 0) == []


def test_lists_of_a_few_results_are_no_pages_to_compare() -> None:
    pages, _ = read("abc", length=4)
    assert pages.doubtful(lambda _: 0) == []


@pytest.mark.parametrize(("lacks", "said"), [(3, True), (0, False)])
def test_first_pages_that_show_fewer_than_the_next_are_said(
    run: Run, lacks: int, said: bool
) -> None:
    def answer(keyword: str, number: int) -> Shown:
        titles = [f"{keyword}{n}号挂件" for n in range(34)]
        part = titles[(number - 1) * 10 : number * 10] if number else []
        shown = part[lacks:] if number == 1 else part
        cards = "".join(f'<li class="item" data-id="{each}"><a>{each}</a></li>' for each in shown)
        return 200, f"<ul>{cards}</ul>" if shown else NONE

    reason = run(Market, answer).judgement.reason
    assert ("first pages of 5 searches show fewer results than the next ones" in reason) is said
