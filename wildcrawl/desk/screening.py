"""Screening pages: one advertisement at a time, with verdict and corrections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from wildcrawl.desk.queue import Key, Queue
from wildcrawl.desk.request_store import store_of_request
from wildcrawl.desk.team import Team, as_seen, name_of_request
from wildcrawl.desk.views import Option
from wildcrawl.items import Advertisement, Change, Verdict
from wildcrawl.months import CHINA
from wildcrawl.review.gallery import Gallery
from wildcrawl.store.corrections import Corrections, changes_since_pending, check_species
from wildcrawl.store.identity import FIELD as IDENTITY
from wildcrawl.store.identity import last_reuse, open_reuse, title_of
from wildcrawl.store.sales import FIELD as SOLD
from wildcrawl.store.sales import sold_as
from wildcrawl.store.tags import FIELD as TAGS
from wildcrawl.store.verdicts import JudgedMeanwhileError, last_verdict, seen_state
from wildcrawl.tabular.words import CLOSED, shown
from wildcrawl.tabular.worksheet.guide import COLUMNS, Explained

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Group
    from wildcrawl.desk.card_evidence import CardEvidence
    from wildcrawl.desk.model import Desk
    from wildcrawl.review.queue import Queued
    from wildcrawl.store import Store

    Form = MultiDict[str, str]


@dataclass(frozen=True)
class TagField:
    """A tagged field in the form: its labels, its keyboard key and its options.

    `further` are the species groups besides the primary one; `was` is the value when the page was
    rendered, so that only a person's changes count, even if a crawl retagged it meanwhile.
    """

    name: str
    label: str
    label_zh: str
    key: str
    was: str
    by_person: bool
    options: tuple[Option, ...]
    further: tuple[Option, ...] = ()


def tag_fields(ad: Advertisement, groups: Mapping[str, Group], form: Form) -> list[TagField]:
    """The form's fields for `ad`; a page rendered again keeps the changes in `form`."""
    changed = changes(form)
    species = _names(ad.species)
    chosen = species if changed.species is None else list(changed.species)
    labels = {name: f"{group.label} {group.label_zh}" for name, group in groups.items()}
    # Groups that were removed from the vocabulary remain as options.
    labels |= {name: name for name in species if name not in labels}
    result = [
        TagField(
            "species", "Species", "物种", "s", ";".join(species), "species" in ad.by_person,
            _options(labels, chosen[:1]), _options(labels, chosen[1:])[1:],
        )
    ]  # fmt: skip
    for name, label, label_zh, key, now in (
        ("product_type", "Product", "产品类型", "p", changed.product_type),
        ("age_claim", "Age claim", "新旧", "a", changed.age_claim),
    ):
        was = getattr(ad, name)
        words = {str(word): shown(word, chinese) for word, chinese in CLOSED[name].items()}
        words |= {was: words.get(was, was)} if was else {}
        options = _options(words, [was if now is None else now])
        result.append(TagField(name, label, label_zh, key, was, name in ad.by_person, options))
    return result


def changes(form: Form) -> Corrections:
    """Corrections in a form; ValueError for a product type or an age claim that is not valid."""
    species = _changed_species(form)
    return Corrections(
        None if species is None else tuple(species),
        _changed_word(form, "product_type"),
        _changed_word(form, "age_claim"),
    )


def checked_changes(form: Form, groups: Mapping[str, Group]) -> Corrections:
    """Corrections in a form; ValueError also for a species group that is not in `groups`."""
    result = changes(form)
    was = form.get("was_species", "").split(";")
    check_species([name for name in result.species or () if name not in was], groups)
    return result


def _changed_species(form: Form) -> list[str] | None:
    """Species groups: primary, then the earlier ones in their order, then the added ones."""
    if not {"species", "was_species"} <= {*form}:
        return None
    was, now = _names(form["was_species"].split(";")), _names(form.getlist("species"))
    if now[:1] == was[:1] and {*now} == {*was}:
        return None
    return now[:1] + sorted(now[1:], key=lambda name: was.index(name) if name in was else len(was))


def _changed_word(form: Form, name: str) -> str | None:
    was, now = form.get(f"was_{name}"), form.get(name)
    return None if was is None or now == was else now


def _names(given: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for name in given if name))


def _options(labels: Mapping[str, str], chosen: Sequence[str]) -> tuple[Option, ...]:
    none = Option("", "none 无", not any(chosen))
    return (none, *(Option(name, label, name in chosen) for name, label in labels.items()))


_FURTHER = {
    IDENTITY: Explained("换了广告", "Another advertisement under the id.", "编号下换了广告。"),
    SOLD: Explained("售出", "The last asked price, and the mark.", "最后要价和售出标记。"),
    TAGS: Explained("标签", "Tags by other rules.", "旧规则的标签。"),
}
"""Fields of the history that are no columns."""
REASONS = {
    "first_sight": "at first sight 首次发现",
    "changed": "changed 有变动",
    "removed": "removed 已下架",
    "image_only": "images only 只有图片",
}
"""Labels of the reasons of captures."""
_YEAR = 365 * 24 * 3600
CHOICES = (
    (
        Verdict.VALID,
        "Valid",
        "有效",
        "v",
        "offers a product of a listed species",
        "确为物种制品的广告",
    ),
    (
        Verdict.IRRELEVANT,
        "Irrelevant",
        "无关",
        "i",
        "something else, or no offer",
        "别的东西，或不是出售",
    ),
    (Verdict.FAKE, "Fake", "虚假", "f", "not what it claims to be", "实物与所称不符"),
)
"""Verdicts with their English and Chinese names, keyboard key, and meaning in both languages."""


def pages(desk: Desk, evidence: CardEvidence, team: Team) -> Blueprint:
    """Blueprint of the screening pages."""
    screening = Blueprint("screen", __name__, url_prefix="/screen")
    screener = _Screener(desk, evidence, team)

    @screening.get("/")
    def first() -> ResponseReturnValue:
        key = screener.next()
        judged = (request.args.get("site", ""), request.args.get("ad_id", ""))
        return screener.page(key, judged if all(judged) else None)

    @screening.get("/ad")
    def one() -> ResponseReturnValue:
        return screener.page(_key(request.args), None)

    @screening.post("/anew")
    def anew() -> ResponseReturnValue:
        screener.queue.keys(anew=True)
        return redirect(url_for("screen.first"))

    @screening.post("/again")
    def again() -> ResponseReturnValue:
        return screener.page(_key(request.form), None, form=request.form)

    @screening.post("/verdict")
    def verdict() -> ResponseReturnValue:
        return screener.judge(_key(request.form))

    @screening.post("/undo")
    def undo() -> ResponseReturnValue:
        return screener.undo(_key(request.form))

    @screening.post("/later")
    def later() -> ResponseReturnValue:
        screener.queue.put_last(_key(request.form))
        team.put_back(screener.store, _key(request.form))
        return redirect(url_for("screen.first"))

    return screening


class _Screener:
    """Handlers of the pages, with the queue and the store."""

    def __init__(self, desk: Desk, evidence: CardEvidence, team: Team) -> None:
        self.desk = desk
        self.team = team
        self.evidence = evidence
        self.queue = Queue(self._read)
        self.rules_note = ""
        """The note on other rules, as of the last reading of the queue."""

    def _read(self) -> Sequence[Queued]:
        self.rules_note = self.desk.rules_note(self.store)
        return self.desk.queue(self.store)

    @property
    def store(self) -> Store:
        return store_of_request(self.desk)

    def get(self, key: Key) -> Advertisement | None:
        """The stored advertisement; None if there is none."""
        return self.store.get(*key)

    def next(self) -> Key | None:
        """Key of the person's next advertisement that is still pending, if there is one."""

        def is_pending(key: Key) -> bool:
            ad = self.get(key)
            pending = ad is not None and ad.verdict == Verdict.PENDING
            if not pending:
                self.queue.drop(key)
            return pending

        handed = self.team.next(self.store, self.queue.keys(), is_pending)
        return handed.key if handed else None

    def page(
        self, key: Key | None, judged: Key | None, problem: str = "", form: Form | None = None
    ) -> str:
        """The page of one advertisement, or the page of an empty queue.

        `form` is the submitted form that could not be saved, for the reason `problem`.
        """
        ad = self.get(key) if key else None
        if key and ad is None:
            abort(404, f"There is no advertisement '{key[1]}' of site '{key[0]}' in the store.")
        form = form or MultiDict()
        state = seen_state(ad) if ad else ""
        second = key is not None and self.team.is_second(key)
        ad = as_seen(ad, second=second) if ad else None
        last = self.get(judged) if judged else None
        by = name_of_request()
        gallery = self.evidence.gallery(self.store, key) if key else Gallery()
        page = render_template(
            "screen.html",
            ad=ad,
            gallery=gallery,
            reposts=self.evidence.reposts(self.store, key) if key else [],
            chosen=gallery.chosen(request.args.get("picture", "")),
            reasons=REASONS,
            log_problem=self.evidence.log.problem,
            fields=tag_fields(ad, self.desk.vocabulary.groups, form) if ad else [],
            why=self.queue.why(key) if key else "",
            waiting=len(self.queue.keys()),
            rules_note=self.rules_note,
            last_reuse=last_reuse(ad.history) if ad else "",
            reuse=open_reuse(ad.history) if ad and ad.verdict == Verdict.PENDING else None,
            sold=sold_as(ad.history) if ad else "",
            choices=CHOICES,
            by=by,
            state=state,
            second=second,
            note=form.get("note", ad.note if ad else ""),
            last=last,
            corrected=_visible(changes_since_pending(last.history)) if last else [],
            history=_visible(ad.history) if ad else [],
            problem=problem,
            columns=COLUMNS | _FURTHER,
            in_china=_in_china,
        )
        if key:
            self.evidence.opened(by, key, gallery)
            self._prepare_next(key)
        return page

    def _prepare_next(self, key: Key) -> None:
        """Has the picture of the card after `key` ready before it is asked for."""
        following = (each for each in self.queue.first(2) if each != key)
        for next_key in islice(following, 1):
            self.evidence.prepare(self.store, next_key)

    def judge(self, key: Key) -> ResponseReturnValue:
        """Saves a verdict, unless another one was given while this page was open."""
        verdict, by = request.form.get("verdict", ""), name_of_request()
        ad = self.get(key)
        if ad is None or verdict not in [choice[0] for choice in CHOICES]:
            abort(404, "The advertisement or the verdict does not exist.")
        try:
            corrections = checked_changes(request.form, self.desk.vocabulary.groups)
        except ValueError as error:
            return self.page(key, None, f"Not saved: {error}."), 400
        if not by:
            problem = "Not saved: enter your name under Judged by. 请填写判定人。"
            return self.page(key, None, problem, request.form), 400
        note = request.form.get("note", "").replace("\r\n", "\n").strip()
        if request.form.get("second"):
            return self._look_again(key, Verdict(verdict), by, note)
        if ad.verdict != request.form.get("was", ""):
            return self._taken(ad), 409
        if last_reuse(ad.history) != request.form.get("reuse", last_reuse(ad.history)):
            problem = (
                "Not saved: a crawl found another advertisement under this id meanwhile; it is "
                "shown now. 同一编号下换了广告，未保存。"
            )
            return self.page(key, None, problem), 409
        seen = request.form.get("state") or seen_state(ad)
        try:
            self.team.save(self.store, key, Verdict(verdict), by, note, corrections, seen)
        except JudgedMeanwhileError as error:
            return self._taken(error.ad), 409
        self.evidence.judged(self.store, by, key, verdict)
        self.queue.drop(key)
        answer = make_response(redirect(url_for("screen.first", site=key[0], ad_id=key[1])))
        return _remember(answer, by)

    def _taken(self, ad: Advertisement) -> str:
        """The page for who comes second: the other's verdict, without keys that judge."""
        change = last_verdict(ad.history)
        kept = [each for each in request.form.items(multi=True) if each[0] not in ("state", "was")]
        return render_template(
            "taken.html",
            ad=ad,
            at=change.at if change else None,
            verdict=request.form.get("verdict", ""),
            kept=kept,
            in_china=_in_china,
        )

    def _look_again(self, key: Key, verdict: Verdict, by: str, note: str) -> ResponseReturnValue:
        """Saves a blind second look, which leaves the advertisement as it is."""
        if not self.team.look_again(self.store, key, verdict, by, note):
            problem = "Not saved: its first verdict was taken back, or it has two already."
            return self.page(key, None, problem), 409
        self.evidence.judged(self.store, by, key, verdict)
        return _remember(make_response(redirect(url_for("screen.first"))), by)

    def undo(self, key: Key) -> ResponseReturnValue:
        """Sets an advertisement to pending again; undoes its corrections and keeps its note."""
        ad = self.get(key)
        if ad is None:
            abort(404, "The advertisement does not exist.")
        by = name_of_request()
        self.team.save(self.store, key, Verdict.PENDING, by, ad.note)
        self.evidence.judged(self.store, by, key, Verdict.PENDING)
        self.queue.put_first(key)
        return redirect(url_for("screen.one", site=key[0], ad_id=key[1]))


def _key(values: dict[str, str]) -> Key:
    return values.get("site", ""), values.get("ad_id", "")


def _remember(answer: Response, by: str) -> Response:
    """Remembers the judging person's name in a cookie."""
    answer.set_cookie("by", by, max_age=_YEAR, httponly=True, samesite="Strict", path="/screen")
    return answer


def _visible(history: Sequence[Change]) -> list[Change]:
    """Changes shown on the page; changes of `by_person` are shown beside the fields.

    A change of identity is shown by both titles.
    """
    return [
        replace(change, old=title_of(change.old), new=title_of(change.new))
        if change.field == IDENTITY
        else change
        for change in history
        if change.field != "by_person"
    ]


def _in_china(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment else ""
