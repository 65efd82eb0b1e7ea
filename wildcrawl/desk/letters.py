"""Letters page: the notices to operators of a month, marked as sent and answered by forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for

from wildcrawl.desk.home import month_or_404
from wildcrawl.desk.languages import say
from wildcrawl.desk.messages import message
from wildcrawl.desk.request_store import store_of_request
from wildcrawl.desk.team import name_of_request
from wildcrawl.desk.written_files import links_to
from wildcrawl.items import Verdict
from wildcrawl.months import month_bounds
from wildcrawl.review.notices import (
    Letter,
    Removal,
    letter_name,
    letters,
    mark_answered,
    mark_sent,
    removals,
    take_back_sent,
)
from wildcrawl.staging import is_unfinished
from wildcrawl.store.forgotten import is_forgotten

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wildcrawl.desk.model import Desk
    from wildcrawl.store import Store

WRITTEN, SENT, OVERDUE, ANSWERED = "written", "sent", "overdue", "answered"
STATES = {
    WRITTEN: ("not sent", "未发出"),
    SENT: ("sent", "已发出"),
    OVERDUE: ("overdue", "逾期未复"),
    ANSWERED: ("answered", "已答复"),
}
"""States of a letter, in English and Chinese."""


@dataclass(frozen=True)
class LetterLine:
    """A letter's line: its state, and whether it is the last one about the site and month.

    `address` is that of its page, "" if the page is not on the desk's machine. Of the last one,
    `unlisted` counts the valid advertisements that no letter lists, and `withdrawn`, if it was not
    sent, those listed that are not valid any more.
    """

    letter: Letter
    label: str
    state: str
    last: bool
    removal: Removal | None
    address: str
    unlisted: int = 0
    withdrawn: int = 0


def pages(desk: Desk) -> Blueprint:
    """Blueprint of the letters. Forms name the site; they concern the last letter about it."""
    blueprint = Blueprint("letters", __name__)

    @blueprint.get("/letters")
    def index() -> ResponseReturnValue:
        return _page(desk, month_or_404(request.args.get("month") or f"{desk.today():%Y-%m}"))

    @blueprint.post("/letters/<month>/sent")
    def sent(month: str) -> ResponseReturnValue:
        return _changed(desk, month_or_404(month), _send)

    @blueprint.post("/letters/<month>/not-sent")
    def not_sent(month: str) -> ResponseReturnValue:
        return _changed(desk, month_or_404(month), _take_back)

    @blueprint.post("/letters/<month>/answered")
    def answered(month: str) -> ResponseReturnValue:
        return _changed(desk, month_or_404(month), _answer)

    return blueprint


Change = Callable[["Desk", Letter], None]
"""Changes what is noted of a letter, by the form of the request; ValueError says what is wrong."""


def _changed(desk: Desk, month: str, change: Change) -> ResponseReturnValue:
    """Applies a form and shows the letters again; a mistake is shown with status 400."""
    store = store_of_request(desk)
    last = {letter.site: letter for letter in letters(store, month)}
    letter = last.get(request.form.get("site", ""))
    if letter is None:
        abort(404, say("There is no letter to this site.", "没有发给该网站的函件。"))
    try:
        change(desk, letter)
    except ValueError as error:
        return _page(desk, month, f"{letter.reference}: {message(str(error))}"), 400
    return redirect(url_for("letters.index", month=month))


def _send(desk: Desk, letter: Letter) -> None:
    if letter.sent:
        raise ValueError(
            say("it was already marked as sent on {}.", "已于 {} 标记为发出。").format(letter.sent)
        )
    day = _day(desk, letter.written_day)
    store, by = store_of_request(desk), name_of_request()
    if not mark_sent(store, letter.month, day, desk.today(), [letter.site], by):
        raise ValueError(_meanwhile())


def _answer(desk: Desk, letter: Letter) -> None:
    if letter.sent is None:
        raise ValueError(say("note first when it was sent.", "请先标记发出日期。"))
    day, answer = _day(desk, letter.sent), request.form.get("answer", "").strip()
    store, by = store_of_request(desk), name_of_request()
    if not mark_answered(store, letter.month, day, desk.today(), [letter.site], answer, by):
        raise ValueError(_meanwhile())


def _take_back(desk: Desk, letter: Letter) -> None:
    if letter.sent is None or letter.answered:
        raise ValueError(_meanwhile())
    take_back_sent(store_of_request(desk), letter.month, letter.site)


def _meanwhile() -> str:
    return say(
        "it was changed meanwhile; see what is noted now.", "内容已被他人更改，请查看现有记录。"
    )


def _day(desk: Desk, earliest: date) -> date:
    """The day of the form, from `earliest` to today."""
    given = request.form.get("day", "").strip()
    try:
        day = date.fromisoformat(given)
    except ValueError:
        text = say(
            "'{}' is not a day; write it as 2016-06-02.", "“{}”不是日期；请写作 2016-06-02。"
        )
        raise ValueError(text.format(given)) from None
    if not earliest <= day <= desk.today():
        text = say(
            "{} is not from {} to today, which is {} in China.",
            "{} 不在 {} 至今天（中国时间 {}）之间。",
        )
        raise ValueError(text.format(day, earliest, desk.today()))
    return day


def _page(desk: Desk, month: str, problem: str = "") -> str:
    store, today = store_of_request(desk), desk.today()
    found = letters(store, month)
    last = {letter.site: letter.number for letter in found}
    by_site = {row.site: row for row in removals(store, [month], today)} if found else {}
    root = desk.written.get("notices")
    pages = dict(links_to(desk, "notices", str(root / month))) if root else {}
    changed = _changed_since(store, month, found)
    lines = [
        LetterLine(
            letter,
            _label(desk, letter.site),
            _state(letter, today),
            is_last := letter.number == last[letter.site],
            by_site.get(letter.site) if is_last else None,
            pages.pop(f"{letter_name(letter.site, letter.number)}.html", ""),
            *(changed[letter.site] if is_last else ()),
        )
        for letter in found
    ]
    return render_template(
        "letters.html",
        others=pages,
        month=month,
        lines=lines,
        states=STATES,
        problem=problem,
        today=today,
        can_write=desk.write_notices is not None,
        unfinished=root is not None and is_unfinished(root / month),
    )


def _changed_since(store: Store, month: str, found: Sequence[Letter]) -> dict[str, tuple[int, int]]:
    """By site, valid advertisements that no letter lists, and those that the last lists wrongly."""
    listed: dict[str, set[str]] = {}
    for letter in found:
        listed.setdefault(letter.site, set()).update(letter.ad_ids)
    valid: dict[str, set[str]] = {site: set() for site in listed}
    start, end = month_bounds(month, month)
    for frame in store.frames(start, end, ("site", "ad_id", "verdict")) if found else ():
        for site, ad_id, verdict in frame.iter_rows():
            if verdict == Verdict.VALID and site in valid and not is_forgotten(ad_id):
                valid[site].add(ad_id)
    last = {letter.site: letter for letter in found}
    return {
        site: (
            len(own - listed[site]),
            0 if last[site].sent else len({*last[site].ad_ids} - own),
        )
        for site, own in valid.items()
    }


def _state(letter: Letter, today: date) -> str:
    if letter.answered:
        return ANSWERED
    if letter.sent is None:
        return WRITTEN
    return OVERDUE if letter.due < today else SENT


def _label(desk: Desk, site: str) -> str:
    known = desk.site(site)
    return (say(known.site.label, known.site.label_zh) or known.site.label) if known else site
