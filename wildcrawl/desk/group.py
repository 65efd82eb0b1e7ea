"""Group pages: near-duplicates side by side, judged in one decision but each on its own."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from flask import Blueprint, abort, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from wildcrawl.desk.languages import language, say
from wildcrawl.desk.team import name_of_request, remember_name
from wildcrawl.desk.trail import decision_on, steps_of
from wildcrawl.desk.worksheets import wants_json
from wildcrawl.items import Verdict
from wildcrawl.labels import label_of
from wildcrawl.review.near_duplicates import MOST, Difference, Near, differences, near_duplicates
from wildcrawl.review.verdict_reasons import EXPLAINED, REASONS
from wildcrawl.store.corrections import Decision
from wildcrawl.store.verdicts import seen_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from wildcrawl.desk.trail import Trail, VerdictStep
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

    def judge_one(self, key: Key, decision: Decision, group: str) -> str:
        """Judges a pending one of a `group`; returns why not, or ""."""
        ...

    def trail(self) -> Trail:
        """The verdicts of the request's session."""
        ...

    def undo_step(self, step: VerdictStep) -> str:
        """Brings back the state before a step of this session; returns why not, or ""."""
        ...

    def redo_step(self, step: VerdictStep) -> str:
        """Repeats an undone step; returns why not, or ""."""
        ...

    def explain_step(self, key: Key, reason: str) -> None:
        """Stores the reason of a verdict; aborts if there can be none."""
        ...


@dataclass(frozen=True)
class Member:
    """An advertisement of a group: why it is in it, what differs, and its picture that matches.

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
        by = name_of_request()
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
        refused, group = [], secrets.token_hex(8)
        for name in chosen[: MOST + 1]:
            one, seen = _read(name)
            given = Decision(Verdict(verdict), by, note, datetime.now(UTC), seen=seen)
            reason = judging.judge_one(one, given, group)
            if reason:
                refused.append(f"{one[0]} {one[1]}: {reason}")
        return remember_name(make_response(_answer(judging, key, choices, refused)), by)

    _add_correcting_pages(blueprint, judging, choices)


def _add_correcting_pages(blueprint: Blueprint, judging: Judging, choices: object) -> None:
    """Adds undo, redo and the reason of the decision on a group that the form names."""

    def key_of_form() -> Key:
        return request.form.get("site", ""), request.form.get("ad_id", "")

    def named(steps: Sequence[VerdictStep]) -> list[VerdictStep]:
        return steps_of(steps, request.form.get("decision", ""))

    def corrected(
        steps: Iterable[VerdictStep], correct: Callable[[VerdictStep], str]
    ) -> ResponseReturnValue:
        problems = [(step, correct(step)) for step in steps]
        refused = [f"{step.key[0]} {step.key[1]}: {text}" for step, text in problems if text]
        if not problems:
            refused = [
                say("Nothing was changed: this was done before.", "未更改：之前已经处理过。")
            ]
        return _answer(judging, key_of_form(), choices, refused)

    @blueprint.post("/group/undo")
    def undo_group() -> ResponseReturnValue:
        return corrected(named(judging.trail().done)[::-1], judging.undo_step)

    @blueprint.post("/group/redo")
    def redo_group() -> ResponseReturnValue:
        return corrected(named(judging.trail().undone)[::-1], judging.redo_step)

    @blueprint.post("/group/reason")
    def explain_group() -> ResponseReturnValue:
        reason, trail = request.form.get("reason", ""), judging.trail()
        # Not where a later verdict replaced this decision's.
        steps = [step for step in named(trail.done) if trail.step_of(step.key) == step]
        for step in steps:
            judging.explain_step(step.key, reason)
        if not steps:
            return corrected((), judging.undo_step)
        return reason_saved(reason) if wants_json() else _answer(judging, key_of_form(), choices)


def reason_saved(reason: str) -> Response:
    """The answer for a page's script: the reason, and its name in the request's language."""
    return jsonify(reason=reason, name=label_of("reason", reason, language()) if reason else "")


def _answer(
    judging: Judging, key: Key, choices: object, refused: Sequence[str] = ()
) -> str | Response:
    """The way back to a group's page, or the page with what was refused."""
    if refused:
        return _page(judging, key, choices, "; ".join(refused))
    return redirect(url_for("screen.group", site=key[0], ad_id=key[1]))


def _page(judging: Judging, key: Key, choices: object, problem: str = "") -> str:
    ad = judging.store.get(*key)
    if ad is None:
        abort(404, say("The advertisement does not exist.", "没有这条广告。"))
    others = near_duplicates(judging.store, ad)
    own = next((each.own for each in others if each.own), "")
    members = [_member(judging, Near(ad, (), other=own), ad)]
    members += [_member(judging, each, ad) for each in others]
    trail = judging.trail()
    keys = {(each.ad.site, each.ad.ad_id) for each in members}
    decided, undone = decision_on(trail.done, keys), decision_on(trail.undone, keys)
    explained = [step for step in decided if step.after.verdict in EXPLAINED]
    return render_template(
        "group.html",
        ad=ad,
        members=members,
        why=WHY,
        choices=choices,
        by=name_of_request(),
        problem=problem,
        decided=decided,
        undone=undone,
        reasons=REASONS if explained else {},
        reason=explained[0].reason if explained else "",
        pending=any(each.name for each in members),
        most=MOST,
        full=len(others) >= MOST,
    )


def _member(judging: Judging, near: Near, first: Advertisement) -> Member:
    ad = near.ad
    kept = [each.capture.payload for each in judging.gallery((ad.site, ad.ad_id)).pictures]
    pending = ad.verdict == Verdict.PENDING
    name = json.dumps([ad.site, ad.ad_id, seen_state(ad)], ensure_ascii=False)
    # The first picture, if none matches or the one that does is not kept.
    payload = next((sha for sha in (near.other, *kept) if sha in kept), "")
    return Member(ad, near.why, differences(first, ad), payload, name if pending else "")


def _read(name: str) -> tuple[Key, str]:
    try:
        site, ad_id, seen = json.loads(name)
    except (ValueError, TypeError):
        abort(400, say("The form is damaged; open the page again.", "表单已损坏，请重新打开页面。"))
    return (str(site), str(ad_id)), str(seen)
