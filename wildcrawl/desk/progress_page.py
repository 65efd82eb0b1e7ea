"""Progress page: what is done and left of a month, how fast, and how far persons agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from wildcrawl.desk.accounts.people import person
from wildcrawl.desk.home import month_or_404, number_before
from wildcrawl.desk.languages import say
from wildcrawl.desk.request_store import store_of_request
from wildcrawl.desk.team import name_of_request
from wildcrawl.months import month_bounds, previous_month
from wildcrawl.review.agreement import Agreement, Pair, agreement_between, pairs
from wildcrawl.review.progress import COLUMNS, progress_of, rates

if TYPE_CHECKING:
    from wildcrawl.desk.accounts import Access
    from wildcrawl.desk.model import Desk

_ENTRIES = 200
"""Entries of the access log on the page of people."""


def pages(desk: Desk, access: Access) -> Blueprint:
    """Blueprint of the pages on progress and on people."""
    blueprint = Blueprint("team", __name__)

    @blueprint.get("/progress")
    def progress() -> str:
        month = month_or_404(request.args.get("month") or f"{desk.today():%Y-%m}")
        store = store_of_request(desk)
        given = list(pairs(store, month))
        numbers = progress_of(store.frames(*month_bounds(month, month), COLUMNS))
        open_pairs = [pair for pair in given if pair.open]
        disputed = store.get_all([pair.key for pair in open_pairs])
        return render_template(
            "progress.html",
            month=month,
            by=name_of_request(),
            progress=numbers,
            before=previous_month(month),
            earlier=0 if numbers.sites else number_before(store, month),
            verdicts=("valid", "irrelevant", "fake"),
            rates=rates(store, desk.today().isoformat()),
            agreement=agreement_between(given),
            couples=by_persons(given),
            disagreements=open_pairs,
            titles={key: ad.title for key, ad in disputed.items()},
            share=desk.shared_sample,
            is_admin=person().role == "admin" and access.book is not None,
        )

    @blueprint.get("/people")
    def people() -> str:
        if access.book is None:
            abort(404)
        if person().role != "admin":
            abort(403, say("Only admins see who signed in.", "只有管理员可以查看登录记录。"))
        accounts = access.book.accounts()
        sessions = {each.name: access.sessions.number_of(each.name) for each in accounts}
        entries = access.log.latest(_ENTRIES)
        return render_template("people.html", accounts=accounts, sessions=sessions, log=entries)

    return blueprint


def by_persons(given: Sequence[Pair]) -> list[tuple[str, str, Agreement]]:
    """Agreement of each two persons, by their names."""
    grouped: defaultdict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in given:
        first, second = sorted([pair.first.by, pair.second.by])
        grouped[first, second].append(pair)
    return [(*names, agreement_between(both)) for names, both in sorted(grouped.items())]
