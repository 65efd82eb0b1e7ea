"""Pages of boards: threads that a walk never saw make the run thin or broken, and move no mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request

from tests.helpers.answered_run import Given, answered_run
from wildcrawl.base_spiders import BoardSpider
from wildcrawl.base_spiders.board import KIND, BoardPage, Walk

SIZE = 20
COUNTS = {"1": 65, "2": 45, "3": 25}


class Forum(BoardSpider):
    name = "forum"
    label = "Forum"
    kind = "forum"
    home = "https://forum.example/"
    boards: ClassVar = {"1": "交易", "2": "鉴赏", "3": "茶座"}
    board_path = "/list?id={board}&page={page}"
    card = "tr.thread"
    empty = "p.none"
    fields: ClassVar = {"ad_id": "::attr(data-id)", "title": "a::text", "url": "a::attr(href)"}


Board = Callable[[str, int], Given]


def listing(ids: Sequence[str], around: str = "") -> Given:
    rows = "".join(
        f'<tr class="thread" data-id="{each}"><td><a href="/t/{each}">老象牙 {each}</a></td></tr>'
        for each in ids
    )
    none = "" if ids else '<p class="none">暂无主题</p>'
    return Given(f"<html><body>{around}<table>{rows}</table>{none}</body></html>")


def threads(board: str, number: int) -> list[str]:
    ids = [f"{board}{1000 - each}" for each in range(COUNTS[board])]
    return ids[(number - 1) * SIZE : number * SIZE]


def pager(board: str, number: int, first: int = 1) -> str:
    last = -(-COUNTS[board] // SIZE)
    numbers = "".join(
        f"<strong>{each}</strong>"
        if each == number
        else f'<a href="/list?id={board}&amp;page={each - 1 + first}">{each}</a>'
        for each in range(1, last + 1)
    )
    return f'<div class="pages">{numbers}</div>'


def walked(board: Board, site: type[BoardSpider] = Forum) -> tuple[str, str, int, int]:
    """Health, reason, threads found, and the number of boards whose mark moved."""

    def answer(request: Request) -> Given:
        query = parse_qs(urlsplit(request.url).query)
        if "id" not in query:
            return Given("<p>老象牙</p>")
        return board(query["id"][0], int(query["page"][0]))

    with answered_run(site, answer) as run:
        judgement = run.judgement()
        run.spider.ended(run.reason)
        marks = len(run.spider.session.store.documents(KIND, prefix="forum "))
        return judgement.health.value, judgement.reason, len(run.found), marks


def by_end(end: Callable[[str, int], Given]) -> Board:
    return lambda board, number: (
        listing(threads(board, number)) if threads(board, number) else end(board, number)
    )


ORDINARY: dict[str, Board] = {
    "an empty page": by_end(lambda *_: listing([])),
    "missing": by_end(lambda *_: Given("", 404)),
    "the last page again": lambda board, number: listing(
        threads(board, min(number, -(-COUNTS[board] // SIZE)))
    ),
    "a pager": lambda board, number: listing(threads(board, number), pager(board, number)),
    "a next link always": lambda board, number: listing(
        threads(board, number), f'<a href="/list?id={board}&amp;page={number + 1}">下一页</a>'
    ),
    "pinned threads": lambda board, number: listing(
        ["9001", "9002", *threads(board, number)] if threads(board, number) else []
    ),
    "a total": lambda board, number: listing(
        threads(board, number), f"<p>共 {COUNTS[board]} 个主题</p>"
    ),
    "short boards": lambda board, number: listing(
        threads(board, 1)[: 4 + int(board)] if number == 1 else []
    ),
}


@pytest.mark.parametrize("board", ORDINARY.values(), ids=ORDINARY)
def test_boards_that_are_read_to_their_end_are_ok_and_marked(board: Board) -> None:
    health, reason, found, marks = walked(board)
    assert (health, reason) == ("ok", "")
    assert found in (sum(COUNTS.values()), sum(COUNTS.values()) + 2, 18)
    assert marks == 3


def test_an_error_past_the_last_page_of_a_board_is_its_end() -> None:
    health, reason, found, marks = walked(by_end(lambda *_: Given("", 500)))
    assert health == "ok"
    assert reason == "the page after the last one was answered with status 500 in 3 boards"
    assert (found, marks) == (sum(COUNTS.values()), 3)


def second(end: Given) -> Board:
    return lambda board, number: listing(threads(board, number)) if number == 1 else end


HOSTILE: dict[str, tuple[Board, str, str]] = {
    "a page number that is ignored": (
        lambda board, _: listing(threads(board, 1)),
        "thin",
        "3 boards ended after a first page of 20 threads",
    ),
    "a second page that is missing": (second(Given("", 404)), "thin", "first page of 20 threads"),
    "a second page that is empty": (second(listing([])), "thin", "first page of 20 threads"),
    "an error below full pages": (
        second(Given("", 500)),
        "broken",
        "3 pages that could not be fetched",
    ),
    "pages that count from zero": (
        lambda board, number: listing(
            threads(board, number + 1), pager(board, number + 1, 0) if number < 3 else ""
        ),
        "broken",
        "declare first_page = 0",
    ),
    "a board number that is ignored": (
        lambda _, number: listing(threads("1", number)),
        "broken",
        "3 boards show the same threads; check {board} in board_path",
    ),
}


@pytest.mark.parametrize(("board", "health", "words"), HOSTILE.values(), ids=HOSTILE)
def test_threads_that_were_not_read_are_reported_and_move_no_mark(
    board: Board, health: str, words: str
) -> None:
    found, reason, _, marks = walked(board)
    assert found == health, reason
    assert words in reason
    assert not marks


def test_short_boards_that_are_repeated_past_their_end_are_ok_whatever_the_step() -> None:
    class Fifty(Forum):
        first_page = 0
        page_step = 50

    health, reason, _, marks = walked(
        lambda board, _: listing(threads(board, 1)[: 4 + int(board)]), Fifty
    )
    assert (health, reason, marks) == ("ok", "", 3)


def test_a_step_that_leaves_pages_of_a_board_out_breaks_the_run() -> None:
    class Twice(Forum):
        page_step = 2

    health, reason, _, marks = walked(ORDINARY["a pager"], Twice)
    assert health == "broken"
    assert "declare page_step = 1" in reason
    assert not marks


def test_what_is_on_every_page_is_no_checkpoint(sqlite_url: str) -> None:
    """A `card` that selects the navigation below the threads too."""
    newest: list[str] = []
    navigation = [f"n{number}" for number in range(6)]
    asked: list[int] = []

    def answer(request: Request) -> Given:
        query = parse_qs(urlsplit(request.url).query)
        if "id" not in query:
            return Given("<p>老象牙</p>")
        number = int(query["page"][0])
        asked.append(number)
        shown = [*reversed(newest), *threads("2", 1)]
        return listing([*shown[(number - 1) * SIZE : number * SIZE], *navigation])

    class OneBoard(Forum):
        boards: ClassVar = {"2": "鉴赏"}

    found: set[str] = set()
    for more, pages in ((0, [1, 2]), (30, [1, 2, 3]), (0, [1])):
        newest += [f"3{len(newest) + each}" for each in range(more)]
        asked.clear()
        with answered_run(OneBoard, answer, sqlite_url) as run:
            assert run.judgement().health == "ok", run.judgement().reason
            run.spider.ended(run.reason)
            found |= run.found
        assert asked == pages
    assert found == {*newest, *threads("2", 1), *navigation}


@pytest.mark.parametrize(("deleted", "reached"), [(0, True), (6, True), (12, False)])
def test_a_few_deleted_threads_do_not_hide_a_checkpoint(deleted: int, reached: bool) -> None:
    ids = [str(each) for each in range(SIZE)]
    walk = Walk("1", known=dict.fromkeys(ids, ""))
    page = BoardPage([], states=dict.fromkeys(["new", *ids[deleted:]], ""))
    walk.take(page)
    assert walk.reached(page) is reached
