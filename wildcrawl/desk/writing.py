"""Writing of a month's report and letters, in the background: nobody waits for a page or loses it.

The page of a writing says what is written, since when and how far each letter is, and then what
came of it; the month's pages lead back to it. A second press joins the writing that goes on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Lock
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, url_for

from wildcrawl.desk.home import month_or_404
from wildcrawl.desk.languages import language, say
from wildcrawl.desk.worker import Worker
from wildcrawl.desk.written_files import links_to

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wildcrawl.desk.model import Desk, ReadIn

NOTICES, REPORTS = "notices", "reports"
QUICK = 1.0
"""Seconds for which the first page waits, so that what is quick is shown at once."""

_log = logging.getLogger(__name__)


@dataclass
class Work:
    """A writing of a month: when it was asked for, how far its letters are, and its result.

    `letters` are the advertisements done and all, by site. It is `begun` once those asked for
    before it have ended. Without a result it goes on, or ended
    by a `fault` of the program.
    """

    month: str
    what: str
    asked: datetime
    clock: float
    letters: dict[str, tuple[int, int]] = field(default_factory=dict)
    begun: bool = False
    result: ReadIn | None = None
    fault: str = ""
    ended: Event = field(default_factory=Event)

    @property
    def kind(self) -> str:
        """NOTICES or REPORTS."""
        return self.what.partition("-")[0]

    @property
    def seconds(self) -> int:
        """Whole seconds since it was asked for."""
        return int(time.monotonic() - self.clock)

    def tell(self, site: str, done: int, number: int) -> None:
        """Notes how far the letter to the operator of a site is."""
        self.letters[site] = (done, number)


class Writer:
    """Writes one report or month of letters after another; keeps the last of each. For threads."""

    def __init__(self) -> None:
        self._worker = Worker()
        self._lock = Lock()
        self._works: dict[tuple[str, str], Work] = {}

    def get(self, month: str, what: str) -> Work | None:
        """The last writing of it; None if there was none since the desk began."""
        return self._works.get((month, what))

    def begin(self, month: str, what: str, write: Callable[[Work], ReadIn]) -> Work:
        """Begins a writing, or returns the one that goes on."""
        with self._lock:
            work = self._works.get((month, what))
            if work is None or work.ended.is_set():
                work = Work(month, what, datetime.now(UTC), time.monotonic())
                self._works[month, what] = work
                begun = work
                self._worker.after(0, lambda: _write(begun, write))
            return work

    def going_on(self, month: str) -> list[Work]:
        """The writings of a month that go on."""
        with self._lock:
            works = [*self._works.values()]
        return [work for work in works if work.month == month and not work.ended.is_set()]

    def close(self) -> None:
        """Drops what has not begun, and waits some seconds for what goes on; says so."""
        with self._lock:
            works = [work for work in self._works.values() if not work.ended.is_set()]
        for work in works:
            text = "is brought to its end first" if work.begun else "had not begun and is dropped"
            _log.warning("The writing of %s of %s %s", work.kind, work.month, text)
        self._worker.close()
        for work in works:
            if work.begun and not work.ended.is_set():
                _log.warning("The writing of %s of %s was broken off", work.kind, work.month)


def _write(work: Work, write: Callable[[Work], ReadIn]) -> None:
    work.begun = True
    try:
        work.result = write(work)
    except Exception as error:
        _log.exception("Writing failed")
        work.fault = f"{type(error).__name__}: {error}"
    finally:
        work.ended.set()


def pages(desk: Desk, writer: Writer) -> Blueprint:
    """Blueprint of the buttons that write, and of the page of a writing."""
    writing = Blueprint("writing", __name__)

    @writing.post("/months/<month>/report")
    def report(month: str) -> ResponseReturnValue:
        write, lang = desk.write_report, language()
        if write is None:
            abort(404)
        return _to_page(
            writer.begin(
                month_or_404(month), f"{REPORTS}-{lang}", lambda work: write(work.month, lang)
            )
        )

    @writing.post("/months/<month>/notices")
    def notices(month: str) -> ResponseReturnValue:
        write = desk.write_notices
        if write is None:
            abort(404)
        return _to_page(
            writer.begin(month_or_404(month), NOTICES, lambda work: write(work.month, work.tell))
        )

    @writing.get("/months/<month>/writing/<what>")
    def show(month: str, what: str) -> ResponseReturnValue:
        work = writer.get(month_or_404(month), what)
        if work is None:
            return redirect(url_for("home.index", month=month))
        work.ended.wait(max(0.0, QUICK - (time.monotonic() - work.clock)))
        return _page(desk, work)

    return writing


def _to_page(work: Work) -> ResponseReturnValue:
    return redirect(url_for("writing.show", month=work.month, what=work.what))


def _page(desk: Desk, work: Work) -> tuple[str, int]:
    done, ended = work.result, work.ended.is_set()
    ok = bool(done and done.ok)
    if not ended:
        title = say("Writing the report", "正在写报告")
        if work.kind == NOTICES:
            title = say("Writing the notices", "正在写通知")
    elif not ok:
        title = say("Nothing was written", "未能写出")
    elif work.kind == NOTICES:
        title = say("The notices are written; nothing was sent", "通知已写好，尚未发送")
    else:
        title = say("The report is written", "报告已写好")
    page = render_template(
        "written.html",
        work=work,
        ended=ended,
        month=work.month,
        done=done,
        heading=title,
        links=links_to(desk, work.kind, done.line) if done and ok else [],
    )
    return page, 200 if ok or not ended else 500
