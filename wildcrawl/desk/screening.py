"""Screening pages: one advertisement at a time, with verdict and corrections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import chain
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, NoReturn, TypeVar

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.desk.card_evidence import READ_AHEAD
from wildcrawl.desk.card_texts import verdict_name, visible_changes
from wildcrawl.desk.group import add_group_pages, reason_saved
from wildcrawl.desk.languages import say
from wildcrawl.desk.marking import distinct, marked
from wildcrawl.desk.messages import message
from wildcrawl.desk.preferences import own_path
from wildcrawl.desk.queue import Queue
from wildcrawl.desk.request_store import store_of_request
from wildcrawl.desk.tag_fields import checked_changes, tag_fields
from wildcrawl.desk.team import Team, as_seen, holder, name_of_request, remember_name
from wildcrawl.desk.trail import DecidedState, Trail, Trails, VerdictStep
from wildcrawl.desk.worksheets import wants_json
from wildcrawl.items import Advertisement, Key, Verdict
from wildcrawl.labels import VERDICTS
from wildcrawl.review.agreement.second_looks import DisagreementError, look, pair_of
from wildcrawl.review.gallery import Gallery
from wildcrawl.review.near_duplicates import near_duplicates
from wildcrawl.review.unsure import all_unsure, put_unsure, remove_unsure
from wildcrawl.review.verdict_reasons import (
    EXPLAINED,
    REASONS,
    ReasonError,
    give_reason,
    reason_of,
)
from wildcrawl.store import UnknownAdvertisementError
from wildcrawl.store.corrections import Corrections, Decision, changes_since_pending
from wildcrawl.store.identity import last_reuse, open_reuse
from wildcrawl.store.sales import sold_as
from wildcrawl.store.search import Count, ListQuery
from wildcrawl.store.verdicts import JudgedMeanwhileError, last_verdict, seen_state, verdict_given

if TYPE_CHECKING:
    from wildcrawl.desk.card_evidence import CardEvidence
    from wildcrawl.desk.model import Desk
    from wildcrawl.review.agreement import Look, Pair
    from wildcrawl.review.queue import Queued
    from wildcrawl.review.unsure import Unsure
    from wildcrawl.store import Store
    from wildcrawl.store.base import Judged

    Form = MultiDict[str, str]


T = TypeVar("T")


CAPTURED = {
    "first_sight": ("at first sight", "首次发现"),
    "changed": ("changed", "有变动"),
    "removed": ("removed", "已下架"),
    "image_only": ("images only", "只有图片"),
}
"""Reasons of captures in English and Chinese."""
_SELLER_ADS = 6
"""A seller's other advertisements on a card."""
_SELLER_COUNTED = 1_000
_NO_CARD: Key = ("", "")
_HOLDERS = 500
"""Browsers of which the card opened last is known."""
_SEARCHES = 4
"""Parts of cards that are searched for at once; the desk has more threads than that."""
LATER = "later"
"""Cookie of a browser whose script fetches the part of a card that needs searches."""
CHOICES = (
    (
        Verdict.VALID,
        *VERDICTS[Verdict.VALID],
        "offers a product of a listed species",
        "确系出售受监测物种制品的广告",
    ),
    (
        Verdict.IRRELEVANT,
        *VERDICTS[Verdict.IRRELEVANT],
        "something else, or no offer",
        "属其他物品，或并非出售信息",
    ),
    (Verdict.FAKE, *VERDICTS[Verdict.FAKE], "not what it claims to be", "实物与所称不符"),
)
"""Verdicts with their names and meanings in English and Chinese."""


def pages(screener: Screener) -> Blueprint:
    """Blueprint of the screening pages."""
    screening = Blueprint("screen", __name__, url_prefix="/screen")
    _add_team(screening, screener)
    _add_more(screening, screener)
    add_group_pages(screening, screener, CHOICES)

    @screening.get("/")
    def first() -> ResponseReturnValue:
        named = (request.args.get("site", ""), request.args.get("ad_id", ""))
        judged = named if all(named) else None
        ad = screener.next(judged)
        key = (ad.site, ad.ad_id) if ad else None
        return screener.page(key, judged, ad=ad)

    @screening.get("/ad")
    def one() -> ResponseReturnValue:
        return screener.page(_key(request.args), None)

    @screening.post("/verdict")
    def verdict() -> ResponseReturnValue:
        return screener.judge(_key(request.form))

    @screening.post("/undo")
    def undo() -> ResponseReturnValue:
        return screener.undo(_key(request.form))

    @screening.post("/redo")
    def redo() -> ResponseReturnValue:
        return screener.redo()

    @screening.post("/reason")
    def explain_reason() -> ResponseReturnValue:
        return screener.explain(_key(request.form))

    @screening.post("/unsure")
    def unsure() -> ResponseReturnValue:
        return screener.leave(_key(request.form))

    @screening.get("/session")
    def session() -> str:
        return render_template("session.html", steps=screener.trail().done[::-1])

    return screening


def _add_more(screening: Blueprint, screener: Screener) -> None:
    """Adds the part of a card that needs searches, for the card's script."""
    searches = BoundedSemaphore(_SEARCHES)

    @screening.get("/more")
    def more() -> ResponseReturnValue:
        # Searches may be slow: others go on judging meanwhile, and the script asks again. So it
        # does for a person with two cards open; of one who went on, the page is gone.
        later = Response(status=202, headers={"Retry-After": "1"})
        anyway = "again" in request.args
        left = not anyway and screener.went_on(_key(request.args))
        if left or not searches.acquire(blocking=False):
            return later
        try:
            page = screener.more(_key(request.args), anyway=anyway)
            return later if page is None else page
        finally:
            searches.release()


def _add_team(screening: Blueprint, screener: Screener) -> None:
    """Adds what several persons at once need: a new reading, putting back, who comes second."""

    @screening.errorhandler(JudgedMeanwhileError)
    def taken(error: JudgedMeanwhileError) -> ResponseReturnValue:
        return screener.taken(error.ad), 409

    @screening.errorhandler(DisagreementError)
    def disputed(error: DisagreementError) -> ResponseReturnValue:
        return screener.page(error.pair.key, None, _unchanged(error.pair), request.form), 409

    @screening.post("/anew")
    def anew() -> ResponseReturnValue:
        screener.read_anew()
        return redirect(url_for("screen.first"))

    @screening.post("/again")
    def again() -> ResponseReturnValue:
        return screener.page(_key(request.form), None, form=request.form)

    @screening.post("/later")
    def later() -> ResponseReturnValue:
        screener.queue.put_last(_key(request.form))
        screener.team.put_back(screener.store, _key(request.form))
        return redirect(url_for("screen.first"))


class Screener:
    """Handlers of the pages, with the queue and the store."""

    def __init__(self, desk: Desk, evidence: CardEvidence, team: Team) -> None:
        self.desk = desk
        self.team = team
        self.evidence = evidence
        self.queue = Queue(self._read, lambda: sum(self.store.waiting_numbers()))
        self.trails = Trails()
        self._shown: dict[str, Key] = {}
        self._judged: dict[str, Advertisement] = {}
        """What each holder judged last, for the page that a verdict leads to."""
        self._lock = Lock()
        self.rules_note = ""
        """The note on other rules, as of the last reading of the queue."""

    @cached_property
    def tagger(self) -> Tagger:
        """The tagger that explains the matched terms; made for the first card."""
        return Tagger(self.desk.vocabulary)

    def warm(self) -> None:
        """Prepares what the first card would wait for: the tagger, the queue, its pictures."""
        self.tagger.tag("", "", "", [], "")
        self.evidence.prepare(self._keys())

    def trail(self) -> Trail:
        """The verdicts of the request's session."""
        return self.trails.of(holder())

    def _count_apart(self) -> int:
        """The number pending, for a thread without a request."""
        with self.desk.store() as store:
            return sum(store.waiting_numbers())

    def read_anew(self) -> None:
        """Reads the queue anew."""
        self._keys(anew=True)

    def _keys(self, *, anew: bool = False) -> list[Key]:
        """The keys of the queue, read from the store if need be."""
        with self.store.queue_scan():
            return self.queue.keys(anew=anew)

    def _read(self) -> Iterable[Queued]:
        self.rules_note = self.desk.rules_note(self.store)
        return self.desk.queue(self.store)

    @property
    def store(self) -> Store:
        return store_of_request(self.desk)

    def get(self, key: Key) -> Advertisement | None:
        """The stored advertisement; None if there is none."""
        return self.store.get(*key)

    def next(self, judged: Key | None = None) -> Advertisement | None:
        """The person's next advertisement that is still pending, if there is one.

        The one that undo takes back, after `judged`, is read with it and kept for the request,
        unless it is as the verdict that led here just stored it.
        """
        read: dict[Key, Advertisement] = {}
        step = self._step_to_undo(judged)
        stored = self._just_judged(judged)
        last = {step.key} if step and stored is None else set()
        known: dict[Key, Advertisement | None] = (
            {(stored.site, stored.ad_id): stored} if stored else {}
        )
        g.judged_ads = known

        def is_pending(key: Key) -> bool:
            read.pop(key, None)
            read.update(self.store.get_all({key, *last}))
            g.judged_ads = {each: read.get(each) for each in last} | known
            ad = read.get(key)
            pending = ad is not None and ad.verdict == Verdict.PENDING
            if not pending:
                self.queue.drop(key)
            return pending

        handed = self.team.next(self.store, self._candidates(), is_pending)
        if handed is None:
            return None
        return read.get(handed.key) or self.get(handed.key)

    def unsure(self) -> Mapping[Key, Unsure]:
        """The advertisements left to a second person, read once for a request."""
        if "unsure" not in g:
            g.unsure = all_unsure(self.store)
        found: Mapping[Key, Unsure] = g.unsure
        return found

    def _candidates(self) -> Iterator[Key]:
        """The queue's keys, without those that the person left to another one."""
        by = name_of_request()
        left = {key for key, each in self.unsure().items() if by and each.by == by}
        seen: set[Key] = set()
        while not seen.issuperset(keys := self._keys()):
            for key in keys:
                if key in seen:
                    continue
                seen.add(key)
                if key in left:
                    self.queue.put_last(key)
                else:
                    yield key

    def page(
        self,
        key: Key | None,
        judged: Key | None,
        problem: str = "",
        form: Form | None = None,
        ad: Advertisement | None = None,
    ) -> str:
        """The page of one advertisement, or the page of an empty queue.

        `form` is the submitted form that could not be saved, for the reason `problem`. `ad` is the
        advertisement, if it was just read.
        """
        ad = ad or (self._stored(key) if key else None)
        second = key is not None and self.team.is_second(key)
        by = name_of_request()
        later = _comes_later(ad)
        gallery = self.evidence.gallery(self.store, key) if key else Gallery()
        shown = as_seen(ad, second=second) if ad else None
        page = render_template(
            "screen.html",
            gallery=gallery,
            chosen=gallery.chosen(request.args.get("picture", "")),
            captured=CAPTURED,
            log_problem=self.evidence.log.problem,
            choices=CHOICES,
            reasons=REASONS,
            by=by,
            state=seen_state(ad) if ad else "",
            second=second,
            problem=problem,
            later=later,
            back=own_path(request.values.get("back", ""), ""),
            foreign=request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"),
            **self._of_queue(key),
            **self._card(shown, form or MultiDict(), second=second),
            **self._explained(shown),
            **self._last_judged(judged),
            **({} if later else self._around(shown)),
        )
        if key:
            self._show(key)
            self.evidence.opened(by, key, gallery)
            self._prepare_next(key)
        return page

    def _stored(self, key: Key) -> Advertisement:
        """The advertisement of a URL; aborts with 404 if the store does not have it."""
        ad = self.get(key)
        if ad is None:
            text = say(
                "There is no advertisement '{}' of site '{}' in the store.",
                "数据库中没有网站“{1}”的广告“{0}”。",
            )
            abort(404, text.format(*reversed(key)))
        return ad

    def _of_queue(self, key: Key | None) -> dict[str, object]:
        """What waits, why this card is next, and what was left as unsure."""
        left = self.unsure()
        return {
            "waiting": self.queue.number,
            "why": self.queue.why(key) if key else "",
            "rules_note": self.rules_note,
            "unsure": left.get(key) if key else None,
            "left": list(left.values()),
        }

    def _card(self, ad: Advertisement | None, form: Form, *, second: bool) -> dict[str, object]:
        """The advertisement on the page, with what was entered in `form`."""
        history = ad.history if ad else []
        pending = ad is not None and ad.verdict == Verdict.PENDING
        # Only judged ones have a pair: those of the queue ask nothing.
        pair = pair_of(self.store, (ad.site, ad.ad_id)) if ad and not (pending or second) else None
        return {
            "ad": ad,
            "disagreement": _disagreement(pair) if pair and pair.open else "",
            "fields": tag_fields(ad, self.desk.vocabulary.groups, form) if ad else [],
            "last_reuse": last_reuse(history),
            "reuse": open_reuse(history) if pending else None,
            "sold": sold_as(history),
            "reason": reason_of(self.store, ad) if ad and not second else "",
            "note": form.get("note", ad.note if ad else ""),
            "history": visible_changes(history),
        }

    def _last_judged(self, judged: Key | None) -> dict[str, object]:
        """The advertisement judged last, and the steps that can be redone.

        Nothing of the first verdict is shown after a blind second look.
        """
        trail = self.trail()
        last = self._last(judged)
        step = trail.step_of((last.site, last.ad_id)) if last else None
        blind = bool(step and step.second)
        corrected = changes_since_pending(last.history) if last and judged else []
        return {
            "last": last,
            "last_reason": reason_of(self.store, last) if last and not blind else "",
            "explained": bool(last and last.verdict in EXPLAINED and not blind),
            "redo": trail.next(),
            "steps": len(trail.done),
            "corrected": visible_changes(corrected),
        }

    def more(self, key: Key, *, anyway: bool) -> str | None:
        """The part of a card that its script asks for once the card is on the screen.

        None if the person goes on to another card meanwhile, unless it is wanted `anyway`.
        """
        ad = self.get(key)
        if ad is None:
            abort(404, say("The advertisement does not exist.", "没有这条广告。"))
        parts: dict[str, object] = {}
        for search in (self._seller, self._reposts, self._near):
            if self.went_on(key) and not anyway:
                return None
            parts |= search(ad)
        return render_template("more.html", ad=ad, **parts)

    def went_on(self, key: Key) -> bool:
        """Whether the person has opened another card since `key`, or judged it."""
        with self._lock:
            return self._shown.get(holder(), key) != key

    def _show(self, key: Key) -> None:
        """Notes the card that the person has opened last."""
        with self._lock:
            _note(self._shown, key)

    def _just_judged(self, key: Key | None) -> Advertisement | None:
        """The advertisement of that key as the person's verdict stored it, once after this."""
        with self._lock:
            ad = self._judged.pop(holder(), None)
        return ad if ad and (ad.site, ad.ad_id) == key else None

    def _around(self, ad: Advertisement | None) -> dict[str, object]:
        """What other advertisements say of `ad`: its seller's, reposts, near-duplicates."""
        if ad is None:
            return {}
        return {**self._seller(ad), **self._reposts(ad), **self._near(ad)}

    def _reposts(self, ad: Advertisement) -> dict[str, object]:
        return {"reposts": self.evidence.reposts(self.store, (ad.site, ad.ad_id))}

    def _near(self, ad: Advertisement) -> dict[str, object]:
        return {"near": len(near_duplicates(self.store, ad))}

    def _step_to_undo(self, judged: Key | None) -> VerdictStep | None:
        trail = self.trail()
        return trail.step_of(judged) if judged else trail.last()

    def _last(self, judged: Key | None) -> Advertisement | None:
        """The advertisement that undo takes back: the one just judged, or the session's last.

        Never one that the session did not judge, since a link may name any advertisement.
        """
        step = self._step_to_undo(judged)
        read: Mapping[Key, Advertisement | None] = g.get("judged_ads", {})
        ad = None
        if step:
            ad = read[step.key] if step.key in read else self.get(step.key)
        if ad and step and step.second:
            shown = as_seen(ad, second=True)
            shown.verdict, shown.screened_by = step.second.verdict, step.second.by
            return shown
        return ad if ad and ad.verdict != Verdict.PENDING else None

    def _explained(self, ad: Advertisement | None) -> dict[str, object]:
        """The texts of `ad` with the matched terms, and the reasons of these."""
        if ad is None:
            return {"title": [], "description": [], "matches": []}
        tagging = self.tagger.tag(
            ad.title, ad.description, ad.category, ad.found_by, ad.picture_text, ad.price
        )
        return {
            "title": marked(ad.title, tagging.matches, "title"),
            "description": marked(ad.description, tagging.matches, "description"),
            "matches": distinct(tagging.matches),
        }

    def _seller(self, ad: Advertisement) -> dict[str, object]:
        """The seller's other advertisements on the same site, the newest first, and their number.

        By the seller's id if it is known, else by the name.
        """
        name = (ad.seller_id or ad.seller).strip()
        if not name:
            return {"seller_name": "", "seller_ads": [], "seller_number": 0}
        query = ListQuery(seller=name, sites=(ad.site,))
        page = self.store.search(query, most=_SELLER_ADS + 1)
        others = [each for each in page.ads if each.ad_id != ad.ad_id][:_SELLER_ADS]
        number = Count(len(page.ads))
        if page.after:
            number = self.store.count(query, most=_SELLER_COUNTED)
        return {
            "seller_name": name,
            "seller_ads": others,
            "seller_number": number.number - 1,
            "seller_more": number.more,
        }

    def _prepare_next(self, key: Key) -> None:
        """Has the pictures of the card after `key` ready before it is asked for."""
        taken = {key, *self.team.at_hand()}
        first = self.queue.first(len(taken) + READ_AHEAD)
        following = [each for each in first if each not in taken]
        self.evidence.prepare(following, partial(self.queue.recount, self._count_apart))

    def judge(self, key: Key) -> ResponseReturnValue:
        """Saves a verdict, unless another one was given while this page was open."""
        verdict, by = request.form.get("verdict", ""), name_of_request()
        if verdict not in [choice[0] for choice in CHOICES]:
            _nothing_to_judge()
        try:
            corrections = checked_changes(request.form, self.desk.vocabulary.groups)
        except ValueError as error:
            return self.page(
                key, None, say("Not saved: {}.", "未保存：{}。").format(message(str(error)))
            ), 400
        if not by:
            problem = say("Not saved: enter your name under Judged by.", "未保存：请先填写审核人。")
            return self.page(key, None, problem, request.form), 400
        note = request.form.get("note", "").replace("\r\n", "\n").strip()
        # What is still searched for this card would keep the next one waiting.
        self._show(_NO_CARD)
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
        with self._lock:
            _note(self._judged, judged.after)
        back = own_path(request.form.get("back", ""), "")
        return remember_name(make_response(redirect(_next_address(key, back))), by)

    def _seen_of(self, key: Key) -> str:
        """The state that the submitted form shows; a form without one has the verdict it shows."""
        seen = request.form.get("state", "")
        if seen:
            return seen
        ad = self.get(key)
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
            return self.taken(ad)
        problem = say(
            "Not saved: a crawl found another advertisement under this id meanwhile; it is "
            "shown now.",
            "未保存：同一编号下换了广告，现在显示的是新广告。",
        )
        return self.page(key, None, problem)

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

    def gallery(self, key: Key) -> Gallery:
        """The kept pictures of an advertisement."""
        return self.evidence.gallery(self.store, key)

    def _save(self, key: Key, decision: Decision, *, by_group: bool = False) -> Judged:
        """Records a verdict in the store, the custody log and the queue.

        JudgedMeanwhileError if the stored state is not the one that was seen.
        """
        given = (decision.by, key, decision.verdict, decision.at)
        due = self.evidence.due(self.store, *given, by_group=by_group)
        judged = self.team.save(self.store, key, decision, due)
        self.evidence.judged(due)
        if decision.verdict == Verdict.PENDING:
            self.queue.put_first(key)
        else:
            remove_unsure(self.store, key)
            self.queue.drop(key)
        return judged

    def taken(self, ad: Advertisement) -> str:
        """The page for who comes second: the other's verdict, without keys that judge."""
        change = verdict_given(ad) or last_verdict(ad.history)
        kept = [each for each in request.form.items(multi=True) if each[0] not in ("state", "was")]
        return render_template(
            "taken.html",
            ad=ad,
            at=change.at if change else None,
            verdict=request.form.get("verdict", ""),
            kept=kept,
        )

    def _look_again(self, key: Key, verdict: Verdict, by: str, note: str) -> ResponseReturnValue:
        """Saves a blind second look, which leaves the advertisement as it is."""
        second = look(by, verdict, note)
        if not self._save_second(key, second):
            problem = say(
                "Not saved: its first verdict was taken back, or it has two already.",
                "未保存：第一个判定已撤销，或已有两个判定。",
            )
            return self.page(key, None, problem), 409
        self._add_second(key, second)
        return remember_name(make_response(redirect(url_for("screen.first"))), by)

    def _save_second(self, key: Key, second: Look) -> bool:
        """Records a second look in the store and the custody log; False if it is not wanted."""
        at = datetime.fromisoformat(second.at)
        due = self.evidence.due(self.store, second.by, key, second.verdict, at, second=True)
        saved = self.team.look_again(self.store, key, second, due)
        if saved:
            self.evidence.judged(due)
        return saved

    def _add_second(self, key: Key, second: Look) -> None:
        ad = self.get(key)
        if ad:
            blind = DecidedState.of(as_seen(ad, second=True))
            after = replace(blind, verdict=second.verdict, by=second.by, note=second.note)
            self.trail().add(VerdictStep(key, ad.title or ad.ad_id, blind, after, second=second))

    def undo(self, key: Key) -> ResponseReturnValue:
        """Brings back the state before the session's last verdict on an advertisement.

        One that this session did not judge is pending again. Corrections are undone, and the
        note of a pending advertisement is kept.
        """
        ad = self.get(key)
        if ad is None:
            abort(404, say("The advertisement does not exist.", "没有这条广告。"))
        step = self.trail().step_of(key)
        if step and step.second:
            return self._undo_second(step, step.second)
        if step is None:
            self._take_back(ad)
        elif problem := self.undo_step(step):
            return self.page(key, None, problem), 409
        return redirect(url_for("screen.one", site=key[0], ad_id=key[1]))

    def undo_step(self, step: VerdictStep) -> str:
        """Brings back the state before a step of this session; returns why not, or ""."""
        ad = self.get(step.key)
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
        due = self.evidence.due(self.store, by, key, before.verdict, decision.at)
        self.team.restore(self.store, key, before, decision, due)
        self.evidence.judged(due)

    def _undo_second(self, step: VerdictStep, second: Look) -> ResponseReturnValue:
        if not self.team.take_back_second(self.store, step.key, second):
            problem = say(
                "Nothing was changed: a third person has decided meanwhile.",
                "未改动：第三人已作出判定。",
            )
            return self.page(None, None, problem), 409
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
            there = self.get(step.key)
            return self.page(step.key if there else None, None, problem), 409
        return redirect(url_for("screen.first", site=step.key[0], ad_id=step.key[1]))

    def redo_step(self, step: VerdictStep) -> str:
        """Repeats an undone step, with corrections and reason; returns why not, or ""."""
        trail = self.trail()
        ad = self.get(step.key)
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
            return self.page(None, None, problem), 409
        trail.redo(step)
        return redirect(url_for("screen.first"))

    def explain_step(self, key: Key, reason: str) -> None:
        """Stores the reason of a verdict; aborts if there can be none."""
        ad = self.get(key)
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
        ad = self.get(key)
        if ad is None:
            abort(404, say("The advertisement does not exist.", "没有这条广告。"))
        if not by:
            problem = say("Not saved: enter your name under Judged by.", "未保存：请先填写审核人。")
            return self.page(key, None, problem, request.form), 400
        if ad.verdict != Verdict.PENDING:
            return self.page(key, None, _meanwhile(ad), request.form), 409
        note = request.form.get("note", "").replace("\r\n", "\n").strip()
        put_unsure(self.store, key, by, note, datetime.now(UTC))
        self.team.put_back(self.store, key)
        return remember_name(make_response(redirect(url_for("screen.first"))), by)


def _note(known: dict[str, T], what: T) -> None:
    """Notes something of the request's holder, of which those who came last are known."""
    known.pop(holder(), None)
    known[holder()] = what
    while len(known) > _HOLDERS:
        del known[next(iter(known))]


def _nothing_to_judge() -> NoReturn:
    abort(404, say("The advertisement or the verdict does not exist.", "没有这条广告或这种判定。"))


def _comes_later(ad: Advertisement | None) -> bool:
    """Whether the browser's script fetches what needs searches, after the card is shown."""
    return ad is not None and LATER in request.cookies and "whole" not in request.args


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
    return say("Nothing was changed: {}", "未改动：{}").format(_disagreement(pair))


def _disagreement(pair: Pair) -> str:
    """The sentence on two verdicts that differ."""
    looks = (pair.first, pair.second)
    return say(
        "{} judged it {}, and {} {}. A third person decides, or one of the two gives the other's "
        "verdict.",
        "{}判为{}，{}判为{}。请第三人判定，或由其中一人改为对方的判定。",
    ).format(*chain.from_iterable((each.by, verdict_name(each.verdict)) for each in looks))


def _key(values: dict[str, str]) -> Key:
    return values.get("site", ""), values.get("ad_id", "")
