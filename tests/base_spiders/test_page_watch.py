"""Watch over a browser's page: what ends a download, and what does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from wildcrawl.base_spiders import page_watch
from wildcrawl.base_spiders.page_watch import PageUnresponsive, watched


class Page:
    """A page that answers as `answer` does."""

    def __init__(self, answer: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        self.answer = answer
        self.asked = 0

    async def evaluate(self, expression: str) -> Any:
        assert expression == "1"
        self.asked += 1
        return await self.answer()


async def never() -> None:
    await asyncio.Event().wait()


async def at_once() -> int:
    return 1


async def failing() -> None:
    raise OSError("it leads on to another page")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_watch, "LOOK_S", 0.001)
    monkeypatch.setattr(page_watch, "SILENT_S", 0.05)


def test_a_page_that_does_not_answer_ends_its_download() -> None:
    ended = []

    async def work() -> None:
        try:
            await never()
        finally:
            ended.append("work")

    with pytest.raises(PageUnresponsive, match=r"its own script blocked the page for 0\.05 s"):
        asyncio.run(watched(work(), Page(never)))  # type: ignore[arg-type]
    assert ended == ["work"]


@pytest.mark.parametrize("answer", [at_once, failing])
def test_a_page_that_answers_is_waited_for(answer: Callable[[], Any]) -> None:
    page = Page(answer)

    async def work() -> str:
        while page.asked < 5:
            await asyncio.sleep(0)
        return "read"

    assert asyncio.run(watched(work(), page)) == "read"  # type: ignore[arg-type]


def test_work_that_ends_while_the_page_is_silent_counts() -> None:
    page = Page(never)

    async def work(error: Exception | None) -> str:
        while not page.asked:
            await asyncio.sleep(0)
        if error:
            raise error
        return "read"

    assert asyncio.run(watched(work(None), page)) == "read"  # type: ignore[arg-type]
    page.asked = 0
    with pytest.raises(OSError, match="closed"):
        asyncio.run(watched(work(OSError("closed")), page))  # type: ignore[arg-type]
