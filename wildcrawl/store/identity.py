"""Identity of an advertisement: whether a sighting shows another one under the same id."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from wildcrawl.analysis.sold_marks import without_marks
from wildcrawl.analysis.text import normalise
from wildcrawl.items import Advertisement, Change, PriceKind, Relevance, Verdict

FIELD = "identity"
"""Name in the history for the change of an advertisement into another one."""
SIMILAR = 0.8
"""Similarity above which two titles or descriptions are one text with small edits."""
UNLIKE = 0.4
"""Similarity of titles from which on nothing but the price is needed to tell two apart."""
LONGEST = 200_000
"""Characters of a description kept in a state: a fraction of what the history may hold."""
_COMPARED = 200
"""Characters compared, since the time grows with their square."""
_OPEN = ("", Verdict.PENDING)
_NO_PRICE = (PriceKind.ABSENT, PriceKind.PLACEHOLDER, PriceKind.INVALID)
_DESCRIBING = ("description", "original_description", "category")


@dataclass(frozen=True)
class AdState:
    """What an advertisement showed, and what persons said of it, before or after it changed."""

    title: str
    description: str
    price: str
    url: str
    image_urls: list[str]
    species: list[str]
    product_type: str
    age_claim: str
    relevance: str
    by_person: list[str]
    verdict: str
    screened_by: str
    note: str


@dataclass(frozen=True)
class Reuse:
    """The change of an advertisement into another one: when, and both states."""

    at: datetime
    before: AdState
    after: AdState


def open_reuse(history: Sequence[Change]) -> Reuse | None:
    """The latest change into another advertisement, None if the desk gave a verdict since.

    A verdict that was undone counts as not given.
    """
    undone = False
    for change in reversed(history):
        if change.field == FIELD:
            before, after = (AdState(**json.loads(text)) for text in (change.old, change.new))
            return Reuse(change.at, before, after)
        if change.field == "verdict":
            if change.new != Verdict.PENDING and not undone:
                return None
            undone = change.new == Verdict.PENDING
    return None


def last_reuse(history: Sequence[Change]) -> str:
    """The moment of the latest change into another advertisement, as ISO text; "" without one."""
    moments = (change.at.isoformat() for change in reversed(history) if change.field == FIELD)
    return next(moments, "")


def title_of(state: str) -> str:
    """The title in a state as the history has it."""
    return str(json.loads(state)["title"])


def is_another(ad: Advertisement, sighting: Advertisement) -> bool:
    """Whether a later `sighting` shows another advertisement than `ad`: all that it shows is new.

    Title, price and pictures must differ; so must the description, if both have one. Where
    neither pictures nor descriptions can be compared, the titles must have little in common, and
    there must be two prices, or nothing but a title on both sides, of which the later one offers.
    A row in which a person tagged or judged, or that has the same date again, is a correction.
    """
    if sighting.by_person or sighting.verdict not in _OPEN:
        return False
    if sighting.found_at_given and sighting.found_at == ad.last_seen:
        return False
    if sighting.title in ("", ad.title):
        return False
    if any(change.field == FIELD and change.at == sighting.found_at for change in ad.history):
        return False
    alike = _likeness(without_marks(ad.title), without_marks(sighting.title))
    if alike > SIMILAR or not _other_price(ad, sighting):
        return False
    pictures = [{picture_name(url) for url in each.image_urls} for each in (ad, sighting)]
    texts = ad.description, sighting.description
    if all(pictures) and pictures[0] & pictures[1]:
        return False
    if all(texts) and _likeness(*texts) > SIMILAR:
        return False
    if all(pictures) or all(texts):
        return True
    # A title alone may also say that the goods are sold or removed: only an offer replaces one.
    offers = sighting.relevance == Relevance.LIKELY
    only_titles = not any((*pictures, *texts, ad.price, sighting.price)) and offers
    return alike <= UNLIKE and (only_titles or bool(ad.price and sighting.price))


def start_over(ad: Advertisement, sighting: Advertisement, at: datetime) -> None:
    """Ends in `ad` what persons and the page said of the earlier advertisement.

    Both states go to the history; its month, `first_seen`, stays. Texts and pictures that the
    sighting does not show are removed, since they are those of the earlier one. A verdict becomes
    pending, unless it was that the advertisement does not count and the new text does not either.
    """
    before = _state(ad)
    after = AdState(
        **{name: getattr(sighting, name) for name in ("title", "description", "price", "url")},
        **{name: getattr(sighting, name) for name in ("image_urls", "species")},
        product_type=sighting.product_type,
        age_claim=sighting.age_claim,
        relevance=sighting.relevance,
        by_person=[],
        verdict=Verdict.PENDING.value,
        screened_by="",
        note="",
    )
    old, new = _text(before), _text(after)
    ad.history = [*ad.history, Change(at, FIELD, old, new)]
    ad.by_person = []
    ad.picture_text = ""
    for name in _DESCRIBING:
        if not sighting.description:
            setattr(ad, name, "")
    if not sighting.image_urls:
        ad.image_urls, ad.images, ad.videos = [], None, None
    if before.verdict in _OPEN:
        return
    if before.verdict != Verdict.VALID and sighting.relevance in _RULED_OUT:
        return
    ad.history = [*ad.history, Change(at, "verdict", before.verdict, Verdict.PENDING.value)]
    ad.verdict, ad.screened_by, ad.note = Verdict.PENDING.value, "", ""


_RULED_OUT = (Relevance.SET_ASIDE, Relevance.NONE)


def keep_waiting(ad: Advertisement) -> None:
    """Keeps a changed `ad` without a verdict in the screening queue, with the reason.

    Otherwise a new text that the tagger rules out would drop the earlier advertisement from the
    counts of its month without a verdict.
    """
    reuse = open_reuse(ad.history)
    if reuse is None or ad.verdict != Verdict.PENDING:
        return
    judged = reuse.before.verdict not in _OPEN
    if not judged and reuse.before.relevance != Relevance.LIKELY:
        return
    by = f" by {reuse.before.screened_by}" if reuse.before.screened_by else ""
    said = f"judged {reuse.before.verdict}{by} before" if judged else "not judged before"
    why = f"another advertisement under the same id, {said}"
    if not ad.reason.startswith(why):
        ad.reason = f"{why}; {ad.reason}" if ad.reason else why
    ad.relevance, ad.audit = Relevance.LIKELY.value, False


def shows_earlier(history: Sequence[Change], row: Advertisement) -> bool:
    """Whether a record is of the advertisement that had the id before it changed."""
    reuse = open_reuse(history)
    if reuse is None or row.found_at is None:
        return False
    earlier = _likeness(row.title, reuse.before.title) > _likeness(row.title, reuse.after.title)
    # An export is dated by the first sighting, whichever advertisement had the id when it was made.
    dated = not row.returned and row.found_at < reuse.at
    return dated or bool(row.title and earlier)


def _text(state: AdState) -> str:
    """The state for the history; a description that would outgrow it is cut."""
    short = replace(state, description=state.description[:LONGEST])
    return json.dumps(asdict(short), ensure_ascii=False)


def _state(ad: Advertisement) -> AdState:
    return AdState(**{name: getattr(ad, name) for name in AdState.__dataclass_fields__})


def _likeness(first: str, second: str) -> float:
    """Similarity of two texts from 0 to 1; 1 if one is a part of the other, or empty."""
    one, other = sorted((_folded(first), _folded(second)), key=len)
    if one in other:
        return 1.0
    return SequenceMatcher(None, one[:_COMPARED], other[:_COMPARED], autojunk=False).ratio()


def _folded(text: str) -> str:
    return normalise(text).text.replace(" ", "")


def _other_price(ad: Advertisement, sighting: Advertisement) -> bool:
    if not sighting.price or sighting.price_kind in _NO_PRICE:
        # Where no price is ever shown, it cannot tell two apart.
        return not ad.price and not sighting.price
    if ad.price_amount is None or sighting.price_amount is None:
        return ad.price != sighting.price
    same_currency = ad.price_currency == sighting.price_currency
    return not same_currency or ad.price_amount != sighting.price_amount


def picture_name(url: str) -> str:
    """What a picture's address has in common at all sizes and on all hosts."""
    parts = urlsplit(url)
    path = PurePosixPath(unquote(parts.path))
    stem = _stem(path.name)
    if len(stem) >= _SPECIFIC:
        return stem
    return f"{path.parent}/{stem}?{parts.query}"


_SPECIFIC = 8
"""Characters from which on a file's name is not one such as 1.jpg, small.jpg or show.php."""


def _stem(name: str) -> str:
    """A file's name without its ending and what follows it: a.jpg_230x230.jpg, a.jpg!small."""
    for end in _ends(name):
        name = name[:end]
    return name.lower()


def _ends(name: str) -> Iterable[int]:
    places = [place for mark in ("!", "@", ".") if (place := name.find(mark)) > 0]
    return [min(places)] if places else []
