"""Selection: the stored advertisements that a person names for a bundle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wildcrawl.analysis.return_keys import read_key, return_key
from wildcrawl.evidence.bundle.survey_posts import SURVEY, posts_named
from wildcrawl.items import Advertisement, Key, Relevance, Verdict
from wildcrawl.months import month_bounds
from wildcrawl.store.base import Store
from wildcrawl.utils import did_you_mean

_COLUMNS = ("site", "ad_id", "url")


class Selection:
    """Advertisements named in several ways, each once, by site and id.

    Of a month or seller it takes those judged valid; with `include_pending` also likely ones
    without a verdict.
    """

    def __init__(self, store: Store, *, include_pending: bool = False) -> None:
        self._store = store
        self._include_pending = include_pending
        self._ads: dict[Key, Advertisement] = {}
        self._places: dict[Key, Key] = {}
        self._of_sellers: list[Advertisement] = []

    def add_named(self, names: Sequence[str]) -> None:
        """Adds advertisements by `site:ad_id`, the key of an export, or address.

        An address adds all advertisements on it, `survey:NAME` the posts of a survey.
        ValueError for a name that none has.
        """
        others = []
        for name in names:
            site, mark, ad_id = name.strip().partition(":")
            ad = self._store.get(site, ad_id) if mark else None
            if ad:
                self._ads[site, ad_id] = ad
            elif mark and site == SURVEY:
                for post, place in posts_named(self._store, ad_id):
                    self._ads[post.site, post.ad_id] = post
                    self._places[post.site, post.ad_id] = place
            else:
                others.append(name.strip())
        if others:
            self._add_found(others)

    def add_month(self, month: str) -> None:
        """Adds the advertisements that were new in `month`; MonthError if it is none."""
        self._add(self._store.advertisements(*month_bounds(month, month)))

    def add_seller(self, seller: str) -> None:
        """Adds the advertisements of a seller, by name or id; ValueError if there is none."""
        found = [ad for ad in self._store.advertisements() if seller in (ad.seller, ad.seller_id)]
        if not found:
            names = {ad.seller for ad in self._store.advertisements() if ad.seller}
            raise ValueError(
                f"no stored advertisement has the seller '{seller}'{did_you_mean(seller, names)}; "
                "give the name or id as the desk shows it"
            )
        self._of_sellers += found
        self._add(iter(found))

    def left_out(self) -> list[Advertisement]:
        """The advertisements of named sellers that are not selected, by site and id."""
        others = {(ad.site, ad.ad_id): ad for ad in self._of_sellers}
        return [others[key] for key in sorted(others.keys() - self._ads.keys())]

    def advertisements(self) -> list[Advertisement]:
        """The selected advertisements, by site and id."""
        return [self._ads[key] for key in sorted(self._ads)]

    def place(self, ad: Advertisement) -> Key:
        """The key under which the captures of a selected advertisement are kept."""
        return self._places.get((ad.site, ad.ad_id), (ad.site, ad.ad_id))

    def _add(self, ads: Iterator[Advertisement]) -> None:
        for ad in ads:
            waits = ad.verdict in ("", Verdict.PENDING) and ad.relevance == Relevance.LIKELY
            if ad.verdict == Verdict.VALID or (self._include_pending and waits):
                self._ads[ad.site, ad.ad_id] = ad

    def _add_found(self, names: Sequence[str]) -> None:
        """Adds advertisements by key or address, in one pass through the store."""
        by_key = {key: name for name in names if (key := read_key(name))}
        by_url = {_plain(name): name for name in names if "://" in name}
        found: dict[str, list[Key]] = {}
        for frame in self._store.frames(columns=_COLUMNS):
            for site, ad_id, url in frame.select(_COLUMNS).iter_rows():
                if by_key and (name := by_key.get(return_key(site, ad_id))):
                    found.setdefault(name, []).append((site, ad_id))
                if by_url and (name := by_url.get(_plain(url or ""))):
                    found.setdefault(name, []).append((site, ad_id))
        for name in names:
            if name not in found:
                raise ValueError(
                    f"'{name}' is not a stored advertisement; name it as site:ad_id, by its "
                    "address, or by the key of an export; posts of a survey as survey:NAME"
                )
        for keys in found.values():
            for site, ad_id in keys:
                ad = self._store.get(site, ad_id)
                if ad:
                    self._ads[site, ad_id] = ad


def _plain(url: str) -> str:
    """An address without what makes no difference to a person: the last slash, the scheme."""
    return url.strip().rstrip("/").removeprefix("https://").removeprefix("http://")
