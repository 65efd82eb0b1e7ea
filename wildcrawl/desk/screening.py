"""Screening pages: one advertisement at a time, handed out from the queue, with what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, TypeVar

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.desk.card_evidence import READ_AHEAD
from wildcrawl.desk.card_texts import disagreement_sentence, visible_changes
from wildcrawl.desk.languages import say
from wildcrawl.desk.marking import distinct, marked
from wildcrawl.desk.preferences import own_path
from wildcrawl.desk.queue import Queue
from wildcrawl.desk.request_store import store_of_request
from wildcrawl.desk.tag_fields import tag_fields
from wildcrawl.desk.team import Team, as_seen, holder, name_of_request
from wildcrawl.desk.trail import Trail, Trails, VerdictStep
from wildcrawl.items import Advertisement, Key, Verdict
from wildcrawl.labels import VERDICTS
from wildcrawl.review.agreement.second_looks import pair_of
from wildcrawl.review.gallery import Gallery
from wildcrawl.review.near_duplicates import near_duplicates
from wildcrawl.review.unsure import all_unsure
from wildcrawl.review.verdict_reasons import (
    EXPLAINED,
    REASONS,
    reason_of,
)
from wildcrawl.store.corrections import changes_since_pending
from wildcrawl.store.identity import last_reuse, open_reuse
from wildcrawl.store.sales import sold_as
from wildcrawl.store.search import Count, ListQuery
from wildcrawl.store.verdicts import last_verdict, seen_state, verdict_given

if TYPE_CHECKING:
    from wildcrawl.desk.card_evidence import CardEvidence
    from wildcrawl.desk.model import Desk
    from wildcrawl.review.queue import Queued
    from wildcrawl.review.unsure import Unsure
    from wildcrawl.store import Store

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
    """Blueprint of the pages that show cards; `deciding` adds those that decide."""
    screening = Blueprint("screen", __name__, url_prefix="/screen")
    _add_team(screening, screener)
    _add_more(screening, screener)

    @screening.get("/")
    def first() -> ResponseReturnValue:
        named = (request.args.get("site", ""), request.args.get("ad_id", ""))
        judged = named if all(named) else None
        ad = screener.next(judged)
        key = (ad.site, ad.ad_id) if ad else None
        return screener.page(key, judged, ad=ad)

    @screening.get("/ad")
    def one() -> ResponseReturnValue:
        return screener.page(key_in(request.args), None)

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
        left = not anyway and screener.went_on(key_in(request.args))
        if left or not searches.acquire(blocking=False):
            return later
        try:
            page = screener.more(key_in(request.args), anyway=anyway)
            return later if page is None else page
        finally:
            searches.release()


def _add_team(screening: Blueprint, screener: Screener) -> None:
    """Adds what several persons at once need: a new reading, and putting back."""

    @screening.post("/anew")
    def anew() -> ResponseReturnValue:
        screener.read_anew()
        return redirect(url_for("screen.first"))

    @screening.post("/again")
    def again() -> ResponseReturnValue:
        return screener.page(key_in(request.form), None, form=request.form)

    @screening.post("/later")
    def later() -> ResponseReturnValue:
        screener.queue.put_last(key_in(request.form))
        screener.team.put_back(screener.store, key_in(request.form))
        return redirect(url_for("screen.first"))


class Screener:
    """Cards of the pages, with the queue and the store."""

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
            "disagreement": disagreement_sentence(pair) if pair and pair.open else "",
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

    def close(self) -> None:
        """Notes that the person has left the card, for which searches are at an end then."""
        self._show(_NO_CARD)

    def note_judged(self, ad: Advertisement) -> None:
        """Notes what the person just judged, for the page that the verdict leads to."""
        with self._lock:
            _note(self._judged, ad)

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


def _note(known: dict[str, T], what: T) -> None:
    """Notes something of the request's holder, of which those who came last are known."""
    known.pop(holder(), None)
    known[holder()] = what
    while len(known) > _HOLDERS:
        del known[next(iter(known))]


def _comes_later(ad: Advertisement | None) -> bool:
    """Whether the browser's script fetches what needs searches, after the card is shown."""
    return ad is not None and LATER in request.cookies and "whole" not in request.args


def key_in(values: dict[str, str]) -> Key:
    """The key of an advertisement in a query or a form."""
    return values.get("site", ""), values.get("ad_id", "")
