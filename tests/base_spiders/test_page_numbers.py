"""Page numbers: a wrong first_page or page_step is found by the site's own pager."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from parsel import Selector

from tests.helpers.searched import NONE, Market, Run, Shown
from wildcrawl.base_spiders.pager_numbers import Pager, page_place, read_pager

COUNTS = {"象牙": 47, "虎骨": 31, "玳瑁": 21, "犀角": 14, "穿山甲": 9}
SIZE = 10
Pages = Callable[[str, int, int], str]
"""The pager for a keyword, the current page from 1, and the number of pages."""


def listing(titles: Sequence[str], pager: str) -> str:
    shown = "".join(
        f'<li class="item" data-id="{title}"><a href="/i">{title}</a></li>' for title in titles
    )
    return f"<html><body><ul>{shown}</ul>{pager if titles else NONE}</body></html>"


def site(value: Callable[[int], int], pages: Pages) -> Callable[[str, int], Shown]:
    """A site that has page `number` at the address with `value(number)`."""

    def answer(keyword: str, asked: int) -> Shown:
        titles = [f"{keyword}手镯 {each}" for each in range(COUNTS[keyword])]
        last = -(-len(titles) // SIZE)
        step = value(2) - value(1)
        start = (asked - value(1)) * SIZE // step
        shown = titles[max(start, 0) : max(start, 0) + SIZE]
        return 200, listing(shown, pages(keyword, start // SIZE + 1, last) if last > 1 else "")

    return answer


def zero(number: int) -> int:
    return number - 1


def one(number: int) -> int:
    return number


def offset(number: int) -> int:
    return (number - 1) * SIZE


def marked(mark: str) -> Callable[[Callable[[int], int]], Pages]:
    """A pager whose other numbers are links by a script, so that only its mark tells."""

    def made(_: Callable[[int], int]) -> Pages:
        return lambda _, current, last: (
            '<div class="pages">'
            + "".join(
                mark.format(n=each)
                if each == current
                else f'<a href="javascript:go({each})">{each}</a>'
                for each in range(1, last + 1)
            )
            + "</div>"
        )

    return made


def linked(value: Callable[[int], int]) -> Pages:
    """A pager without a mark, of which the links tell."""
    return lambda keyword, current, last: "".join(
        f'<a href="/search?q={keyword}&amp;page={value(each)}">{each}</a>'
        for each in range(1, last + 1)
        if each != current
    )


def next_only(value: Callable[[int], int]) -> Pages:
    return lambda keyword, current, last: (
        f'<a href="?q={keyword}&amp;page={value(current + 1)}">下一页</a>' if current < last else ""
    )


def stated(_: Callable[[int], int]) -> Pages:
    return lambda _, current, last: f"<p>第{current}/{last}页</p>"


MARKS = [
    '<a class="current" href="#">{n}</a>',
    "<strong>{n}</strong>",
    '<span class="on">{n}</span>',
    "<b>{n}</b>",
    '<a aria-current="page" href="#">{n}</a>',
    '<li class="page-item active"><a href="#">{n}</a></li>',
]


@pytest.mark.parametrize("pages", [*map(marked, MARKS), linked, stated])
def test_a_first_page_declared_too_late_breaks_the_run(run: Run, pages: Any) -> None:
    judgement = run(Market, site(zero, pages(zero))).judgement
    assert judgement.health == "broken", judgement.reason
    assert "first_page = 0" in judgement.reason


class Zero(Market):
    first_page = 0


class Twenty(Market):
    first_page = 0
    page_step = 20


class Ten(Market):
    first_page = 0
    page_step = 10


class Five(Market):
    first_page = 0
    page_step = 5


def test_a_first_page_declared_too_early_breaks_the_run(run: Run) -> None:
    judgement = run(Zero, site(one, linked(one))).judgement
    assert judgement.health == "broken", judgement.reason
    assert "declare first_page = 1" in judgement.reason


@pytest.mark.parametrize("pages", [*map(marked, MARKS), linked, next_only, stated])
def test_a_step_that_leaves_pages_out_breaks_the_run(run: Run, pages: Any) -> None:
    done = run(Twenty, site(offset, pages(offset)))
    assert done.judgement.health == "broken", done.judgement.reason
    assert "page_step = 10" in done.judgement.reason
    assert len(done.ids) < sum(COUNTS.values())


def test_a_step_above_the_length_of_all_pages_breaks_the_run(run: Run) -> None:
    judgement = run(Twenty, site(offset, lambda *_: "")).judgement
    assert judgement.health == "broken", judgement.reason
    assert "a page shows at most 10 results, but page_step is 20" in judgement.reason


@pytest.mark.parametrize("pages", [linked(offset), next_only(offset), lambda *_: ""])
def test_a_step_that_is_too_small_loses_nothing_and_is_said(run: Run, pages: Pages) -> None:
    done = run(Five, site(offset, pages))
    assert len(done.ids) == sum(COUNTS.values())
    assert done.judgement.health == "ok", done.judgement.reason
    assert "page_step" in done.judgement.reason
    assert "sorted anew" not in done.judgement.reason


@pytest.mark.parametrize("pages", [*map(marked, MARKS), linked, next_only, stated])
@pytest.mark.parametrize(("declared", "value"), [(Market, one), (Zero, zero), (Ten, offset)])
def test_pages_declared_as_the_site_counts_them_raise_no_alarm(
    run: Run, pages: Any, declared: type[Market], value: Callable[[int], int]
) -> None:
    done = run(declared, site(value, pages(value)))
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert len(done.ids) == sum(COUNTS.values())


BESIDE = {
    "slides": '<ul class="slide"><li><a href="#1">1</a></li><li class="on">2</li></ul>',
    "a calendar": '<td><a href="/d/1">1</a></td><td class="current">2</td><a href="/d/3">3</a>',
    "steps": '<span class="current">2</span><a href="/step/1">1</a>',
    "page sizes": '<div class="pagesize"><a href="?n=10">10</a><b>20</b></div>',
    "floors": '<a href="#f1">1</a><a class="on" href="#f2">2</a><a href="#f3">3</a>',
    "another list": '<div class="pages"><a href="/news?page=0">1</a></div>',
}


@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("pages", [marked(MARKS[0]), linked])
def test_other_numbers_of_a_page_raise_no_alarm(run: Run, beside: str, pages: Any) -> None:
    own = pages(one)
    done = run(Market, site(one, lambda *rest: beside + own(*rest)))
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")


def test_a_next_page_that_selects_the_last_one_breaks_the_run(run: Run) -> None:
    class Last(Market):
        next_page = "a.last::attr(href)"

    def pages(keyword: str, current: int, last: int) -> str:
        end = f'<a class="last" href="?q={keyword}&amp;page={last}">末页</a>'
        return marked(MARKS[0])(one)(keyword, current, last) + (end if current < last else "")

    judgement = run(Last, site(one, pages)).judgement
    assert judgement.health == "broken", judgement.reason
    assert "check next_page" in judgement.reason


@pytest.mark.parametrize(
    ("template", "address", "number"),
    [
        ("https://m.example/s?q={keyword}&page={page}", "https://m.example/s?page=3&q=x", 3),
        ("https://m.example/s?q={keyword}&page={page}", "https://m.example/s?q=x", None),
        ("https://m.example/s?q={keyword}&page={page}", "https://m.example/t?page=3", None),
        ("https://m.example/s?n=50&p={page}", "https://m.example/s?p=2&n=50", 2),
        ("https://m.example/s?n=50&p={page}", "https://m.example/s?p=2", None),
        ("https://m.example/{keyword}/p{page}/", "https://m.example/%E8%B1%A1/p7/", 7),
        ("https://m.example/s?q={keyword}&p=p_{page}", "https://m.example/s?p=p_4", 4),
        ("https://m.example/{board}-{page}.html", "https://m.example/2-9.html", 9),
    ],
)
def test_the_page_of_an_address_is_read_where_the_declaration_has_it(
    template: str, address: str, number: int | None
) -> None:
    place = page_place(template)
    assert place is not None
    assert place.number(address) == number


def test_an_address_without_a_page_has_no_place_for_it() -> None:
    assert page_place("https://m.example/s?q={keyword}") is None


def test_a_pager_is_read() -> None:
    text = '<div class="pager"><a href="?p=1">1</a><b>2</b><a href="?p=3">3</a></div>'
    found = read_pager(
        Selector(text), "https://m.example/s?p=2", page_place("https://m.example/s?p={page}")
    )
    assert found == Pager(2, {1: 1, 3: 3}, None)
