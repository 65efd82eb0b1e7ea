"""Reposts after removal: later advertisements with the text or photograph of a removed one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from wildcrawl.items import Key, Verdict
from wildcrawl.months import CHINA
from wildcrawl.review.looking.links import LOOKED, REPOST, SAME_PICTURE, links_of
from wildcrawl.review.notices.model import State, checks
from wildcrawl.review.notices.removals import RemovalOutcome, latest_checks
from wildcrawl.store import Store

TEXT, PICTURE = "text", "picture"
"""What a repost has in common with the removed advertisement."""
MOST_CHECKED = 20_000
"""Later advertisements of which at most it is checked whether `scrapy look` compared them."""


@dataclass(frozen=True)
class AfterRemoval:
    """A later advertisement that repeats a removed one; days are days in China.

    `how` has TEXT for nearly the same text, PICTURE for the same photograph.
    """

    site: str
    ad_id: str
    url: str
    recorded: date
    verdict: str
    how: tuple[str, ...]
    original_site: str
    original_id: str
    removed: date

    @property
    def counts(self) -> bool:
        """Whether no person judged it to be something else."""
        return self.verdict not in (Verdict.IRRELEVANT, Verdict.FAKE)


@dataclass(frozen=True)
class Reposts:
    """The reposts of removed advertisements, and how much of what came later was compared.

    `compared` is the number of those of the `checked` later advertisements that `scrapy look`
    compared with others; without them a repost is not known.
    """

    found: tuple[AfterRemoval, ...] = ()
    checked: int = 0
    compared: int = 0

    @property
    def known(self) -> bool:
        """Whether anything was compared, so that no reposts means none were found."""
        return not self.checked or self.compared > 0

    def by_site(self) -> dict[str, int]:
        """Number of removed advertisements with a repost that counts, by their site."""
        originals = {(each.original_site, each.original_id) for each in self.found if each.counts}
        sites = [site for site, _ in originals]
        return {site: sites.count(site) for site in sites}


def reposts_of(store: Store, outcomes: Sequence[RemovalOutcome]) -> Reposts:
    """The reposts of those outcomes that are removed, by the site and id of the removed one."""
    wanted = {(each.site, each.ad_id) for each in outcomes if each.state == State.REMOVED}
    current = latest_checks(checks(store)) if wanted else {}
    removed = {key: current[key].at for key in wanted if key in current}
    if not removed:
        return Reposts()
    found = sorted(_found(store, removed), key=lambda each: (each.original_site, each.original_id))
    checked, compared = _compared(store, min(removed.values()))
    return Reposts(tuple(found), checked, compared)


def _found(store: Store, removed: Mapping[Key, datetime]) -> Iterator[AfterRemoval]:
    reasons: dict[tuple[Key, Key], set[str]] = {}
    for original, key in _alike_texts(store, removed):
        reasons.setdefault((original, key), set()).add(TEXT)
    for original in removed:
        for link in links_of(store, original, SAME_PICTURE):
            if link.sure:
                reasons.setdefault((original, link.other), set()).add(PICTURE)
    for (original, key), how in sorted(reasons.items()):
        ad = store.get(*key)
        if ad and ad.first_seen and ad.first_seen > removed[original]:
            yield AfterRemoval(
                *key,
                ad.url,
                _day(ad.first_seen),
                ad.verdict or Verdict.PENDING,
                tuple(each for each in (TEXT, PICTURE) if each in how),
                *original,
                _day(removed[original]),
            )


def _alike_texts(store: Store, removed: Mapping[Key, datetime]) -> Iterator[tuple[Key, Key]]:
    """Pairs of a removed advertisement and one with nearly the same text."""
    for _, link in store.each_document(REPOST):
        original = (str(link["other_site"]), str(link["other_ad"]))
        if original in removed:
            yield original, (str(link["site"]), str(link["ad_id"]))


def _compared(store: Store, since: datetime) -> tuple[int, int]:
    """How many of the advertisements first seen after `since` were checked, and compared."""
    checked = compared = 0
    for names in _batches(store, since):
        checked += len(names)
        compared += len(store.documents(LOOKED, keys=names))
    return checked, compared


def _batches(store: Store, since: datetime) -> Iterator[list[str]]:
    names = iter(_names(store, since))
    while batch := list(islice(names, 1_000)):
        yield batch


def _names(store: Store, since: datetime) -> Iterable[str]:
    rows = (
        f"{site}\n{ad_id}"
        for frame in store.frames(since, None, ("site", "ad_id", "first_seen"))
        for site, ad_id, seen in frame.iter_rows()
        if seen > since
    )
    return islice(rows, MOST_CHECKED)


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
