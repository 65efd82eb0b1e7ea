"""Raising: some of what the rules passed over, the best-scored each month, goes to the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappush, heappushpop
from typing import TYPE_CHECKING, NamedTuple

from wildcrawl.items import Advertisement, Relevance, Strength, Verdict
from wildcrawl.months import month_bounds, month_of

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Vocabulary
    from wildcrawl.items import Key
    from wildcrawl.review.second_reader.model import SecondReader
    from wildcrawl.store import Store
    from wildcrawl.store.documents import Document

KIND = "second_reader"
"""Kind of the documents that keep what was raised, by month in China."""
FINAL = (
    *("mammoth", "plant_ivory", "other_animal", "wanted", "not_for_sale", "publication"),
    *("plaything", "medicine", "food", "plant", "pet", "mineral", "brand", "textile"),
)
"""Reasons of the vocabulary that the second reader leaves alone: the text itself says that another
thing is offered, or that nothing is. It doubts imitations, news, look-alikes and silence."""
DENIALS = ("不是", "并非", "非")
"""Beginnings of what a text itself denies to be, which the second reader leaves alone."""
_RECENT = timedelta(days=45)
"""A site whose last run is longer ago is not expected to run again this month."""


class Candidate(NamedTuple):
    """An advertisement that may be raised; `order` sorts ties."""

    score: float
    order: tuple[str, str]
    ad: Advertisement

    @property
    def key(self) -> Key:
        """The key of the advertisement."""
        return self.ad.site, self.ad.ad_id


class Candidates:
    """The best-scored of the advertisements that were added, at most `most` of them.

    Those for whose key `is_settled` holds are left out, such as those that were raised before.
    """

    def __init__(
        self,
        reader: SecondReader,
        vocabulary: Vocabulary,
        most: int,
        is_settled: Callable[[Key], bool] = lambda _: False,
    ) -> None:
        self._is_settled = is_settled
        self.above = 0
        """Number of those added that reach the threshold."""
        self._reader = reader
        self._most = most
        reasons = vocabulary.rules.reasons
        self._final = (
            *(f"{reason.label}: " for reason in reasons if reason.name in FINAL),
            *(f"{reason.label}: {word}" for reason in reasons for word in DENIALS),
        )
        self._best: list[Candidate] = []
        self._seen: set[Key] = set()

    def add(self, ad: Advertisement) -> None:
        """Scores an advertisement that the rules set aside, or in which nothing matched."""
        score = self.score(ad)
        if score is None or self._is_settled((ad.site, ad.ad_id)):
            return
        self.above += 1
        self._seen.add((ad.site, ad.ad_id))
        # Of equal scores, the first in the order of site and id is raised, whenever it was added.
        order = tuple(_reversed(text) for text in (ad.site, ad.ad_id))
        candidate = Candidate(score, (order[0], order[1]), ad)
        if len(self._best) < self._most:
            heappush(self._best, candidate)
        elif self._most:
            heappushpop(self._best, candidate)

    def score(self, ad: Advertisement) -> float | None:
        """The score of an advertisement that may be raised; None for another, or one added."""
        if ad.reason.startswith(self._final) or (ad.site, ad.ad_id) in self._seen:
            return None
        score = self._reader.score(ad.title, ad.description)
        return score if score > self._reader.threshold else None

    def best(self) -> list[Candidate]:
        """The candidates, the best first."""
        return sorted(self._best, reverse=True)


def _reversed(text: str) -> str:
    """A text that sorts in the opposite order of `text`."""
    return "".join(chr(0x10FFFF - ord(character)) for character in text) + "\U0010ffff"


@dataclass(frozen=True)
class MonthOfReading:
    """What the second reader did in a month: raised, and left although above the threshold."""

    raised: int = 0
    left: int = 0


def month_of_reading(store: Store, month: str) -> MonthOfReading:
    """What the second reader did in `month`."""
    document = store.documents(KIND, keys=[month]).get(month, {})
    return MonthOfReading(document.get("raised", 0), document.get("left", 0))


def share_of_run(store: Store, site: str, now: datetime, most: int) -> int:
    """How many a run of `site` may raise: its share of what remains of the month's number.

    What remains is divided among this site and those that ran within 45 days, and not yet this
    month, so that the first site of a month does not use it up.
    """
    month = month_of(now)
    remaining = most - month_of_reading(store, month).raised
    start, _ = month_bounds(month, month)
    due = sum(
        name != site and start - _RECENT <= last.started < start
        for name, (_, last) in store.run_bounds().items()
    )
    return max(0, -(-remaining // (1 + due)))


def reserve(
    store: Store, now: datetime, wanted: int, above: int, most: int, *, all_of_them: bool = False
) -> int:
    """Takes up to `wanted` of the month's number `most`; returns how many were left of it.

    `above` is the number of candidates above the threshold; those that cannot be raised are
    counted, in place of those counted before if they are `all_of_them` in the store. Two runs that
    end at once share what is left.
    """
    month = month_of(now)
    # A document that exists can be revised by both stores.
    store.put_documents(KIND, {month: {"raised": 0, "left": 0}}, replace=False)
    taken = 0

    def change(documents: dict[str, Document]) -> None:
        nonlocal taken
        before = documents[month]
        taken = max(0, min(wanted, most - before["raised"]))
        documents[month] = {
            "raised": before["raised"] + taken,
            "left": (0 if all_of_them else before["left"]) + above - taken,
        }

    store.revise_documents(KIND, [month], change)
    return taken


def give_back(store: Store, now: datetime, number: int) -> None:
    """Gives back what was taken of the month's number, and not raised after all."""

    def change(documents: dict[str, Document]) -> None:
        before = documents[month]
        documents[month] = {**before, "raised": before["raised"] - number}

    month = month_of(now)
    if number:
        store.revise_documents(KIND, [month], change)


def is_settled(store: Store, key: Key) -> bool:
    """Whether a stored advertisement has a verdict, or waits for one already."""
    stored = store.get(*key)
    return stored is not None and (
        stored.relevance != Relevance.SET_ASIDE or stored.verdict not in ("", Verdict.PENDING)
    )


def mark(ad: Advertisement, reader: SecondReader) -> None:
    """Marks an advertisement as raised, with its score, its n-grams and what the rules said."""
    score = reader.score(ad.title, ad.description)
    said = ad.reason or "nothing matched"
    words = " ".join(reader.reasons(ad.title, ad.description))
    ad.reason = f"second reader {score:.2f}: {words}; the rules: {said}"
    ad.relevance = Relevance.SECOND_READER.value
    ad.strength, ad.supports, ad.audit = Strength.SECOND_READER.value, 0, False


def raise_stored(store: Store, keys: Iterable[Key], reader: SecondReader) -> int:
    """Raises stored advertisements that are set aside and have no verdict; returns how many."""
    raised: set[Key] = set()

    def change(ad: Advertisement) -> None:
        if ad.relevance == Relevance.SET_ASIDE and ad.verdict in ("", Verdict.PENDING):
            mark(ad, reader)
            raised.add((ad.site, ad.ad_id))

    store.revise(list(keys), change)
    return len(raised)
