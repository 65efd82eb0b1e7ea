"""Sales: advertisements whose seller marks them as sold keep their last asked price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from wildcrawl.analysis.sold_marks import sold_mark, without_marks
from wildcrawl.items import Advertisement, Change, PriceKind

FIELD = "sold"
"""Name in the history: the last asked price, and the mark; a new offer has the mark first."""
_ASKED = (PriceKind.AMOUNT, PriceKind.PER_GRAM, PriceKind.RANGE, PriceKind.FOREIGN)


def sold_as(history: Sequence[Change]) -> str:
    """The mark by which the advertisement is sold, such as 已售 or 999999; "" if it is not."""
    return next((change.new for change in reversed(history) if change.field == FIELD), "")


def note_sale(ad: Advertisement, sighting: Advertisement, at: datetime) -> tuple[str, ...]:
    """Notes in the history of `ad` that a later `sighting` marks it as sold, or offers it again.

    Returns the fields of the sighting that say only this: a placeholder price after an asked one,
    and a title of marks alone. The stored ones then remain.
    """
    sold, mark = sold_as(ad.history), _mark(ad, sighting)
    if mark and not sold:
        ad.history = [*ad.history, Change(at, FIELD, ad.price, mark)]
    elif sold and not mark and _offered(ad, sighting):
        ad.history = [*ad.history, Change(at, FIELD, sold, "")]
        sold = ""
    if not (mark or sold):
        return ()
    left = [] if sighting.price_kind in _ASKED or not ad.price else ["price"]
    if sighting.title and not without_marks(sighting.title):
        left.append("title")
    return tuple(left)


def _mark(ad: Advertisement, sighting: Advertisement) -> str:
    """The mark of a sale that a sighting shows and the stored advertisement does not."""
    for name in ("title", "price"):
        mark = sold_mark(getattr(sighting, name))
        if mark and not sold_mark(getattr(ad, name)):
            return mark
    mark = sold_mark(sighting.description, running=True)
    if mark and ad.description and not sold_mark(ad.description, running=True):
        return mark
    placeholder = sighting.price_kind == PriceKind.PLACEHOLDER
    return sighting.price if placeholder and ad.price_kind in _ASKED else ""


def _offered(ad: Advertisement, sighting: Advertisement) -> bool:
    """Whether a sighting asks a price, and no text has a mark of a sale."""
    texts = f"{sighting.title} {sighting.price}"
    described = sighting.description or ad.description
    marked = sold_mark(texts) or sold_mark(described, running=True)
    return sighting.price_kind in _ASKED and bool(sighting.title) and not marked
