"""Decisions at a card: verdicts with corrections, reasons, second looks, undo and redo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from flask import Blueprint, abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from wildcrawl.desk.card_texts import disagreement_sentence, verdict_name
from wildcrawl.desk.group import add_group_pages, reason_saved
from wildcrawl.desk.languages import say
from wildcrawl.desk.messages import message
from wildcrawl.desk.preferences import own_path
from wildcrawl.desk.screening import CHOICES, Screener, key_in
from wildcrawl.desk.tag_fields import checked_changes
from wildcrawl.desk.team import as_seen, name_of_request, remember_name
from wildcrawl.desk.trail import DecidedState, VerdictStep
from wildcrawl.desk.worksheets import wants_json
from wildcrawl.items import Advertisement, Key, Verdict
from wildcrawl.review.agreement.second_looks import DisagreementError, look
from wildcrawl.review.unsure import put_unsure, remove_unsure
from wildcrawl.review.verdict_reasons import EXPLAINED, ReasonError, give_reason
from wildcrawl.store import UnknownAdvertisementError
from wildcrawl.store.corrections import Corrections, Decision
from wildcrawl.store.identity import last_reuse
from wildcrawl.store.verdicts import JudgedMeanwhileError, seen_state

if TYPE_CHECKING:
    from wildcrawl.desk.trail import Trail
    from wildcrawl.review.agreement import Look, Pair
    from wildcrawl.review.gallery import Gallery
    from wildcrawl.store import Store
    from wildcrawl.store.base import Judged


def add_decisions(screening: Blueprint, cards: Screener) -> None:
    """Adds the forms of a card and of a group, and the answers to who comes second."""
    decider = Decider(cards)
    add_group_pages(screening, decider, CHOICES)

    @screening.post("/verdict")
    def verdict() -> ResponseReturnValue:
        return decider.judge(key_in(request.form))

    @screening.post("/undo")
    def undo() -> ResponseReturnValue:
        return decider.undo(key_in(request.form))

    @screening.post("/redo")
    def redo() -> ResponseReturnValue:
        return decider.redo()

    @screening.post("/reason")
    def explain_reason() -> ResponseReturnValue:
        return decider.explain(key_in(request.form))

    @screening.post("/unsure")
    def unsure() -> ResponseReturnValue:
        return decider.leave(key_in(request.form))

    @screening.errorhandler(JudgedMeanwhileError)
    def taken(error: JudgedMeanwhileError) -> ResponseReturnValue:
        return cards.taken(error.ad), 409

    @screening.errorhandler(DisagreementError)
    def disputed(error: DisagreementError) -> ResponseReturnValue:
        return cards.page(error.pair.key, None, _unchanged(error.pair), request.form), 409


class Decider:
    """Handlers of the forms of a card; `cards` shows what comes of them."""

    def __init__(self, cards: Screener) -> None:
        self._cards = cards
        self._evidence, self._team, self._queue = cards.evidence, cards.team, cards.queue

    @property
    def store(self) -> Store:
        """The request's store."""
        return self._cards.store

    def trail(self) -> Trail:
        """The verdicts of the request's session."""
        return self._cards.trail()

    def gallery(self, key: Key) -> Gallery:
        """The kept pictures of an advertisement."""
        return self._evidence.gallery(self.store, key)

    def judge(self, key: Key) -> ResponseReturnValue:
        """Saves a verdict, unless another one was given while this page was open."""
        verdict, by = request.form.get("verdict", ""), name_of_request()
        if verdict not in [choice[0] for choice in CHOICES]:
            _nothing_to_judge()
        try:
            corrections = checked_changes(request.form, self._cards.desk.vocabulary.groups)
        except ValueError as error:
            return self._cards.page(
                key, None, say("Not saved: {}.", "未保存：{}。").format(message(str(error)))
            ), 400
        if not by:
            problem = say("Not saved: enter your name under Judged by.", "未保存：请先填写审核人。")
            return self._cards.page(key, None, problem, request.form), 400
        note = request.form.get("note", "").replace("\r\n", "\n").strip()
        # What is still searched for this card would keep the next one waiting.
        self._cards.close()
        if request.form.get("second"):
            return self._look_again(key, Verdict(verdict), by, note)
        try:
            now, seen = datetime.now(UTC), self._seen_of(key)
            judged = self._save(key, Decision(Verdict(verdict), by, note, now, corrections, seen))
        except UnknownAdvertisementError:
            _nothing_to_judge()
        except JudgedMeanwhileError as error:
            return self._refused(key, error.ad), 409
        self._add_step(judged, corrections)
        self._cards.note_judged(judged.after)
        back = own_path(request.form.get("back", ""), "")
        return remember_name(make_response(redirect(_next_address(key, back))), by)

    def _seen_of(self, key: Key) -> str:
        """The state that the submitted form shows; a form without one has the verdict it shows."""
        seen = request.form.get("state", "")
        if seen:
            return seen
        ad = self._cards.get(key)
        if ad is None:
            _nothing_to_judge()
        if ad.verdict != request.form.get("was", ""):
            raise JudgedMeanwhileError(ad)
        if last_reuse(ad.history) != request.form.get("reuse", last_reuse(ad.history)):
            raise JudgedMeanwhileError(ad)
        return seen_state(ad)

    def _refused(self, key: Key, ad: Advertisement) -> str:
        """The page for a verdict on `ad` that shows another state than the form."""
        reuse = last_reuse(ad.history)
        if reuse == request.form.get("reuse", reuse):
            return self._cards.taken(ad)
        problem = say(
            "Not saved: a crawl found another advertisement under this id meanwhile; it is "
            "shown now.",
            "未保存：同一编号下换了广告，现在显示的是新广告。",
        )
        return self._cards.page(key, None, problem)

    def _add_step(
        self, judged: Judged, corrections: Corrections | None = None, group: str = ""
    ) -> None:
        """Adds a verdict to the session's trail."""
        ad = judged.before
        states = DecidedState.of(ad), DecidedState.of(judged.after)
        key, title = (ad.site, ad.ad_id), ad.title or ad.ad_id
        self.trail().add(
            VerdictStep(key, title, *states, corrections or Corrections(), group=group)
        )

    def judge_one(self, key: Key, decision: Decision, group: str) -> str:
        """Judges one of a `group`; returns why not, or ""."""
        try:
            judged = self._save(key, decision, by_group=True)
            self._add_step(judged, group=group)
        except UnknownAdvertisementError:
            return say("not stored any more", "已不在数据库中")
        except JudgedMeanwhileError as error:
            name = error.ad.screened_by or say("somebody", "他人")
            return say("{} decided on it meanwhile", "{}已作判定").format(name)
        except DisagreementError as error:
            return _unchanged(error.pair)
        return ""

    def _save(self, key: Key, decision: Decision, *, by_group: bool = False) -> Judged:
        """Records a verdict in the store, the custody log and the queue.

        JudgedMeanwhileError if the stored state is not the one that was seen.
        """
        given = (decision.by, key, decision.verdict, decision.at)
        due = self._evidence.due(self.store, *given, by_group=by_group)
        judged = self._team.save(self.store, key, decision, due)
        self._evidence.judged(due)
        if decision.verdict == Verdict.PENDING:
            self._queue.put_first(key)
        else:
            remove_unsure(self.store, key)
            self._queue.drop(key)
        return judged

    def _look_again(self, key: Key, verdict: Verdict, by: str, note: str) -> ResponseReturnValue:
        """Saves a blind second look, which leaves the advertisement as it is."""
        second = look(by, verdict, note)
        if not self._save_second(key, second):
            problem = say(
                "Not saved: its first verdict was taken back, or it has two already.",
                "未保存：第一个判定已撤销，或已有两个判定。",
            )
            return self._cards.page(key, None, problem), 409
        self._add_second(key, second)
        return remember_name(make_response(redirect(url_for("screen.first"))), by)

    def _save_second(self, key: Key, second: Look) -> bool:
        """Records a second look in the store and the custody log; False if it is not wanted."""
        at = datetime.fromisoformat(second.at)
        due = self._evidence.due(self.store, second.by, key, second.verdict, at, second=True)
        saved = self._team.look_again(self.store, key, second, due)
        if saved:
            self._evidence.judged(due)
        return saved

    def _add_second(self, key: Key, second: Look) -> None:
        ad = self._cards.get(key)
        if ad:
            blind = DecidedState.of(as_seen(ad, second=True))
            after = replace(blind, verdict=second.verdict, by=second.by, note=second.note)
            self.trail().add(VerdictStep(key, ad.title or ad.ad_id, blind, after, second=second))

    def undo(self, key: Key) -> ResponseReturnValue:
        """Brings back the state before the session's last verdict on an advertisement.

        One that this session did not judge is pending again. Corrections are undone, and the
        note of a pending advertisement is kept.
        """
        ad = self._cards.get(key)
        if ad is None:
            abort(404, say("The advertisement does not exist.", "没有这条广告。"))
        step = self.trail().step_of(key)
        if step and step.second:
            return self._undo_second(step, step.second)
        if step is None:
            self._take_back(ad)
        elif problem := self.undo_step(step):
            return self._cards.page(key, None, problem), 409
        return redirect(url_for("screen.one", site=key[0], ad_id=key[1]))

    def undo_step(self, step: VerdictStep) -> str:
        """Brings back the state before a step of this session; returns why not, or ""."""
        ad = self._cards.get(step.key)
        if ad is None:
            return say("It is not stored.", "已不在数据库中。")
        if not step.after.decided_as(DecidedState.of(ad)):
            return _meanwhile(ad)
        try:
            if step.before.pending:
                self._take_back(ad)
            else:
                self._restore(ad, step.before)
        except JudgedMeanwhileError as error:
            return _meanwhile(error.ad)
        except DisagreementError as error:
            return _unchanged(error.pair)
        self.trail().undo(step)
        return ""

    def _take_back(self, ad: Advertisement) -> None:
        by, now = name_of_request(), datetime.now(UTC)
        undone = Decision(Verdict.PENDING, by, ad.note, now, seen=seen_state(ad))
        self._save((ad.site, ad.ad_id), undone)

    def _restore(self, ad: Advertisement, before: DecidedState) -> None:
        """Restores another verdict than pending, in its own name."""
        key, by = (ad.site, ad.ad_id), name_of_request()
        decision = before.restored(seen_state(ad), by)
        due = self._evidence.due(self.store, by, key, before.verdict, decision.at)
        self._team.restore(self.store, key, before, decision, due)
        self._evidence.judged(due)

    def _undo_second(self, step: VerdictStep, second: Look) -> ResponseReturnValue:
        if not self._team.take_back_second(self.store, step.key, second):
            problem = say(
                "Nothing was changed: a third person has decided meanwhile.",
                "未改动：第三人已作出判定。",
            )
            return self._cards.page(None, None, problem), 409
        self.trail().undo(step)
        return redirect(url_for("screen.one", site=step.key[0], ad_id=step.key[1]))

    def redo(self) -> ResponseReturnValue:
        """Repeats the session's verdict that was undone last, with its corrections and reason."""
        trail = self.trail()
        step = trail.next()
        if step is None:
            return redirect(url_for("screen.first"))
        if step.second:
            return self._redo_second(step, step.second)
        if problem := self.redo_step(step):
            there = self._cards.get(step.key)
            return self._cards.page(step.key if there else None, None, problem), 409
        return redirect(url_for("screen.first", site=step.key[0], ad_id=step.key[1]))

    def redo_step(self, step: VerdictStep) -> str:
        """Repeats an undone step, with corrections and reason; returns why not, or ""."""
        trail = self.trail()
        ad = self._cards.get(step.key)
        if ad is None or not step.before.decided_as(DecidedState.of(ad)):
            trail.undone.remove(step)
            return _meanwhile(ad) if ad else say("It is not stored.", "已不在数据库中。")
        after, now = step.after, datetime.now(UTC)
        given = (Verdict(after.verdict), after.by, after.note, now, step.corrections)
        try:
            judged = self._save(step.key, Decision(*given, seen_state(ad))).after
        except JudgedMeanwhileError as error:
            trail.undone.remove(step)
            return _meanwhile(error.ad)
        except DisagreementError as error:
            return _unchanged(error.pair)
        if step.reason and judged.verdict in EXPLAINED:
            give_reason(self.store, judged, step.reason, after.by, now)
        trail.redo(step)
        return ""

    def _redo_second(self, step: VerdictStep, second: Look) -> ResponseReturnValue:
        again = look(second.by, second.verdict, second.note)
        trail = self.trail()
        if not self._save_second(step.key, again):
            trail.undone.remove(step)
            problem = say("Nothing was changed: it is not wanted any more.", "未改动：已不需要。")
            return self._cards.page(None, None, problem), 409
        trail.redo(step)
        return redirect(url_for("screen.first"))

    def explain_step(self, key: Key, reason: str) -> None:
        """Stores the reason of a verdict; aborts if there can be none."""
        ad = self._cards.get(key)
        if ad is None:
            abort(404, say("The advertisement does not exist.", "没有这条广告。"))
        try:
            give_reason(self.store, ad, reason, name_of_request(), datetime.now(UTC))
        except ReasonError as error:
            abort(400, message(str(error)))
        self.trail().explain(key, reason)

    def explain(self, key: Key) -> ResponseReturnValue:
        """Stores the reason of a verdict, and answers the page or its script."""
        reason = request.form.get("reason", "")
        self.explain_step(key, reason)
        if wants_json():
            return reason_saved(reason)
        if request.form.get("back") == "one":
            return redirect(url_for("screen.one", site=key[0], ad_id=key[1]))
        return redirect(url_for("screen.first", site=key[0], ad_id=key[1]))

    def leave(self, key: Key) -> ResponseReturnValue:
        """Leaves an advertisement to a second person: it stays pending, with a note."""
        by = name_of_request()
        ad = self._cards.get(key)
        if ad is None:
            abort(404, say("The advertisement does not exist.", "没有这条广告。"))
        if not by:
            problem = say("Not saved: enter your name under Judged by.", "未保存：请先填写审核人。")
            return self._cards.page(key, None, problem, request.form), 400
        if ad.verdict != Verdict.PENDING:
            return self._cards.page(key, None, _meanwhile(ad), request.form), 409
        note = request.form.get("note", "").replace("\r\n", "\n").strip()
        put_unsure(self.store, key, by, note, datetime.now(UTC))
        self._team.put_back(self.store, key)
        return remember_name(make_response(redirect(url_for("screen.first"))), by)


def _nothing_to_judge() -> NoReturn:
    abort(404, say("The advertisement or the verdict does not exist.", "没有这条广告或这种判定。"))


def _next_address(key: Key, back: str) -> str:
    """Where a verdict leads: to the next card, or to the card again if it was opened in a list."""
    if back:
        return url_for("screen.one", site=key[0], ad_id=key[1], back=back)
    return url_for("screen.first", site=key[0], ad_id=key[1])


def _meanwhile(ad: Advertisement) -> str:
    """The sentence for a verdict that is another one than this session knows."""
    return say("Nothing was changed: {} judged it {} meanwhile.", "未改动：{}已判定为{}。").format(
        ad.screened_by or say("somebody", "他人"), verdict_name(ad.verdict)
    )


def _unchanged(pair: Pair) -> str:
    """The sentence for a verdict that would end a disagreement which it may not settle."""
    return say("Nothing was changed: {}", "未改动：{}").format(disagreement_sentence(pair))
