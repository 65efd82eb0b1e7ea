"""Group pages: near-duplicates side by side, judged in one decision but each on its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from wildcrawl.desk.languages import say
from wildcrawl.items import Verdict
from wildcrawl.review.near_duplicates import MOST, Difference, differences, near_duplicates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wildcrawl.items import Advertisement, Key
    from wildcrawl.review.gallery import Gallery
    from wildcrawl.store import Store


class Judging(Protocol):
    """What judges an advertisement: the screening pages."""

    @property
    def store(self) -> Store:
        """The request's store."""
        ...

    def gallery(self, key: Key) -> Gallery:
        """The kept pictures of an advertisement."""
        ...

    def name(self) -> str:
        """The name of the person at the desk."""
        ...

    def judge_one(self, key: Key, verdict: Verdict, by: str, note: str, seen: str) -> str:
        """Judges a pending advertisement that was seen as `seen`; returns why not, or ""."""
        ...

    def seen(self, ad: Advertisement) -> str:
        """What a person saw of an advertisement, to compare when it is judged."""
        ...

    def remember(self, answer: str | Response, by: str) -> Response:
        """The answer, with the name kept for the next card."""
        ...


@dataclass(frozen=True)
class Member:
    """An advertisement of a group: why it is in it, what differs, and its first picture.

    `name` identifies it in the form; "" if it cannot be judged here, since it is not pending.
    """

    ad: Advertisement
    why: Sequence[str]
    differences: Sequence[Difference]
    picture: str
    name: str


WHY: Mapping[str, tuple[str, str]] = {
    "same_text": ("same text", "文字相同"),
    "nearly_same_text": ("nearly the same text", "文字几乎相同"),
    "same_photograph": ("same photograph", "同一照片"),
}
"""Why an advertisement is in a group, in English and Chinese."""


def add_group_pages(blueprint: Blueprint, judging: Judging, choices: object) -> None:
    """Adds the group pages to the screening pages."""

    @blueprint.get("/group")
    def group() -> ResponseReturnValue:
        key = (request.args.get("site", ""), request.args.get("ad_id", ""))
        return _page(judging, key, choices)

    @blueprint.post("/group")
    def judge_group() -> ResponseReturnValue:
        key = (request.form.get("site", ""), request.form.get("ad_id", ""))
        by = judging.name()
        verdict = request.form.get("verdict", "")
        if verdict not in (Verdict.VALID, Verdict.IRRELEVANT, Verdict.FAKE):
            abort(404, say("There is no such verdict.", "没有这种判定。"))
        chosen = request.form.getlist("ad")
        problem = ""
        if not by:
            problem = say("Not saved: enter your name under Judged by.", "未保存：请先填写审核人。")
        elif not chosen:
            problem = say("Not saved: choose at least one.", "未保存：请至少选一条。")
        if problem:
            return _page(judging, key, choices, problem), 400
        note = request.form.get("note", "").replace("\r\n", "\n").strip()
        refused = []
        for name in chosen[: MOST + 1]:
            one, seen = _read(name)
            reason = judging.judge_one(one, Verdict(verdict), by, note, seen)
            if reason:
                refused.append(f"{one[0]} {one[1]}: {reason}")
        if refused:
            return judging.remember(_page(judging, key, choices, "; ".join(refused)), by)
        address = url_for("screen.group", site=key[0], ad_id=key[1], judged=len(chosen))
        return judging.remember(redirect(address), by)


def _page(judging: Judging, key: Key, choices: object, problem: str = "") -> str:
    ad = judging.store.get(*key)
    if ad is None:
        abort(404, say("The advertisement does not exist.", "没有这条广告。"))
    others = near_duplicates(judging.store, ad)
    members = [_member(judging, ad, ad, ())]
    members += [_member(judging, each.ad, ad, each.why) for each in others]
    judged = request.args.get("judged", "")
    return render_template(
        "group.html",
        ad=ad,
        members=members,
        why=WHY,
        choices=choices,
        by=judging.name(),
        problem=problem,
        judged=int(judged) if judged.isascii() and judged.isdigit() and len(judged) < 4 else 0,
        most=MOST,
        full=len(others) >= MOST,
    )


def _member(
    judging: Judging, ad: Advertisement, first: Advertisement, why: Sequence[str]
) -> Member:
    pictures = judging.gallery((ad.site, ad.ad_id)).pictures
    pending = ad.verdict == Verdict.PENDING
    name = json.dumps([ad.site, ad.ad_id, judging.seen(ad)], ensure_ascii=False)
    payload = pictures[0].capture.payload if pictures else ""
    return Member(ad, why, differences(first, ad), payload, name if pending else "")


def _read(name: str) -> tuple[Key, str]:
    try:
        site, ad_id, seen = json.loads(name)
    except (ValueError, TypeError):
        abort(400, say("The form is damaged; open the page again.", "表单已损坏，请重新打开页面。"))
    return (str(site), str(ad_id)), str(seen)
